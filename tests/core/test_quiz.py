"""A session of practice as a state machine: whatever is pressed in whatever order, it stays sound."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.quiz import IDLE_AT_MOST, Impossible, Phase, Put, Reason, Session, State, Wishes, Worth, worth

NOW = 1_000_000


def session(length: int = 3, **changes: Any) -> Session:
    items = tuple(Put(i, f"item-{i}", f"digest-{i}", i) for i in range(1, length + 1))
    fields: dict[str, Any] = {
        "id": 1,
        "user_id": 7,
        "guild_id": 10,
        "state": State.RUNNING,
        "wishes": Wishes("cpc", length=length),
        "redo_of": None,
        "position": 1,
        "items": items,
        "touched_at": NOW,
    }
    return Session(**{**fields, **changes})


def answered(length: int = 3) -> Session:
    return session(length).answer(1, "A", correct=False, now=NOW)


def stopped(session: Session, now: int) -> Session:
    """As the storage leaves a session that its learner ended."""
    return replace(session, state=State.CLOSED, ended_at=now, touched_at=now)


# -- by hand -------------------------------------------------------------------------------------------------


def test_a_session_from_the_first_question_to_the_end():
    now = session(2)
    assert now.phase is Phase.QUESTION
    now = now.answer(1, "B", correct=True, now=NOW + 1)
    assert (now.phase, now.right, now.position) == (Phase.EXPLAINED, 1, 1)
    now = now.go_on(1, (), NOW + 2)
    assert (now.phase, now.position, now.touched_at) == (Phase.QUESTION, 2, NOW + 2)
    now = now.answer(2, "A", correct=False, now=NOW + 3)
    assert (now.state, now.phase, now.ended_at) == (State.FINISHED, Phase.OVER, NOW + 3)
    assert [put.item_id for put in now.misses] == ["item-2"]


@pytest.mark.parametrize(
    "step",
    [
        lambda s: s.go_on(1, (), NOW),
        lambda s: s.answer(2, "A", correct=True, now=NOW),
        lambda s: s.note(1, Reason.RULE),
        lambda s: s.note(9, Reason.RULE),
        lambda s: s.share(NOW),
        lambda s: s.expire(NOW),
    ],
)
def test_steps_that_do_not_lead_on_from_a_question_are_refused(step: Any):
    with pytest.raises(Impossible):
        step(session())


@pytest.mark.parametrize(
    "step",
    [
        lambda s: s.answer(1, "B", correct=True, now=NOW),
        lambda s: s.answer(2, "B", correct=True, now=NOW),
        lambda s: s.go_on(2, (), NOW),
        lambda s: s.share(NOW),
    ],
)
def test_steps_that_do_not_lead_on_from_an_explanation_are_refused(step: Any):
    with pytest.raises(Impossible):
        step(answered())


def test_nothing_but_a_word_about_an_answer_and_sharing_is_possible_after_the_end():
    over = stopped(answered(), NOW + 9)
    for step in (
        lambda: over.answer(1, "A", correct=True, now=NOW),
        lambda: over.go_on(1, (), NOW),
    ):
        with pytest.raises(Impossible):
            step()
    assert over.note(1, Reason.MISREAD).items[0].reason is Reason.MISREAD
    shared = over.share(NOW + 10)
    assert shared.shared_at == NOW + 10
    with pytest.raises(Impossible):
        shared.share(NOW + 11)


def test_a_session_without_an_answer_has_nothing_to_share():
    with pytest.raises(Impossible):
        stopped(session(), NOW).share(NOW)


def test_a_hit_can_only_have_been_guessed():
    hit = session().answer(1, "A", correct=True, now=NOW)
    assert hit.note(1, Reason.GUESSED).items[0].reason is Reason.GUESSED
    with pytest.raises(Impossible):
        hit.note(1, Reason.MISREAD)


def test_a_later_word_about_an_answer_replaces_the_first():
    twice = answered().note(1, Reason.MISREAD).note(1, Reason.RULE)
    assert twice.items[0].reason is Reason.RULE


def test_a_question_that_may_not_be_asked_any_more_is_passed_over():
    after = answered(4).go_on(1, {"item-2", "item-3"}, NOW)
    assert (after.position, after.phase) == (4, Phase.QUESTION)


def test_it_is_over_when_none_of_those_that_follow_may_be_asked():
    after = answered().go_on(1, {"item-2", "item-3"}, NOW)
    assert (after.state, after.phase) == (State.FINISHED, Phase.OVER)


def test_a_question_that_went_out_of_use_unanswered_is_left_out():
    after = session().pass_over({"item-1", "item-2"}, NOW + 1)
    assert (after.position, after.phase, after.answered) == (3, Phase.QUESTION, ())
    for now, barred in ((session(), {"item-2"}), (answered(), {"item-1"})):
        with pytest.raises(Impossible):
            now.pass_over(barred, NOW)


def test_a_week_without_a_press_closes_it_as_of_then():
    idle = session()
    assert not idle.overdue(NOW + IDLE_AT_MOST - 1)
    assert idle.overdue(NOW + IDLE_AT_MOST)
    closed = idle.expire(NOW + 3 * IDLE_AT_MOST)
    assert (closed.state, closed.ended_at, closed.expired) == (State.CLOSED, NOW + IDLE_AT_MOST, True)
    assert not stopped(idle, NOW + IDLE_AT_MOST).expired


@pytest.mark.parametrize(
    ("guild", "correct", "counted", "points", "expected"),
    [
        (10, True, True, 15, Worth.FULL),
        (10, True, True, 5, Worth.CAPPED),
        (10, True, True, 0, Worth.CAPPED),
        (10, True, False, 0, Worth.REPEATED),
        (10, False, True, 0, Worth.WRONG),
        (10, False, False, 0, Worth.WRONG),
        (0, True, False, 0, Worth.NOWHERE),
    ],
)
def test_why_an_answer_brought_what_it_brought(guild: int, correct: bool, counted: bool, points: int, expected: Worth):
    put = Put(1, "item", "digest", 1, "A", correct, points)
    assert worth(put, 15, guild, counted=counted) is expected


# -- by any order of presses ---------------------------------------------------------------------------------

PRESSES = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.integers(0, 5), st.sampled_from("AB")),
        st.tuples(st.just("next"), st.integers(0, 5), st.sets(st.integers(1, 4))),
        st.tuples(st.just("out of use"), st.just(0), st.sets(st.integers(1, 4))),
        st.tuples(st.just("note"), st.integers(0, 5), st.sampled_from(Reason)),
        st.tuples(st.just("stop"), st.just(0), st.just(0)),
        st.tuples(st.just("share"), st.just(0), st.just(0)),
        st.tuples(st.just("wait"), st.integers(0, IDLE_AT_MOST), st.just(0)),
    ),
    max_size=25,
)


@given(presses=PRESSES)
def test_any_presses_leave_a_sound_session(presses: list[tuple[str, int, Any]]):
    """A is right everywhere. What was answered once stays so, and only the question before the learner changes."""
    now, clock = session(4), NOW
    for kind, number, what in presses:
        before = now
        try:
            match kind:
                case "answer":
                    now = now.answer(number, what, correct=what == "A", now=clock)
                    assert before.phase is Phase.QUESTION
                    assert before.position == number
                case "next":
                    now = now.go_on(number, {f"item-{i}" for i in what}, clock)
                    assert before.position == number
                    assert now.position > before.position or now.state is State.FINISHED
                case "out of use":
                    now = now.pass_over({f"item-{i}" for i in what}, clock)
                    assert before.phase is Phase.QUESTION
                    assert before.position in what
                    assert now.position > before.position or now.state is State.FINISHED
                case "note":
                    now = now.note(number, what)
                case "stop":
                    now = stopped(now, clock) if now.state is State.RUNNING else now
                case "share":
                    now = now.share(clock)
                case _:
                    clock += number
                    now = now.expire(clock) if now.overdue(clock) else now
        except Impossible:
            assert now is before
        changed = [one.position for one, other in zip(before.items, now.items, strict=True) if one != other]
        assert len(changed) <= 1
        for one, other in zip(before.items, now.items, strict=True):
            if one.chosen is not None:
                assert (other.chosen, other.correct, other.answered_at) == (one.chosen, one.correct, one.answered_at)
        assert before.phase is not Phase.OVER or now.phase is Phase.OVER
        assert before.shared_at in (None, now.shared_at)
        assert (now.ended_at is None) == (now.state is State.RUNNING)
        assert now.position >= before.position
        assert all(put.chosen is None for put in now.items[now.position :])
        assert all(put.correct == (put.chosen == "A") for put in now.items)
