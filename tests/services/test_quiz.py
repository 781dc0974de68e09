"""Sessions of practice from their start to their summary; what is chosen for them: test_quiz_choice.py."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from random import Random

import pytest

from bot.app import Services, build_services
from bot.core.content import Content
from bot.core.errors import ChoiceUnknown
from bot.core.quiz import IDLE_AT_MOST, Reason, State, Worth
from bot.core.quiz_errors import NoSession, SessionUnknown
from bot.core.scores import PRACTICE_AT_MOST
from bot.services.quiz_pages import Busy, Explained, Page, Question
from bot.services.quiz_summary import Summary
from bot.storage import flags
from tests.samples import Clock, nearly
from tests.services.guild import GUILD, LEARNER, ORGANISER
from tests.services.practising import answer, asked, begin, go_on, play

OTHER = LEARNER + 1


async def attempts(services: Services) -> int:
    [row] = await services.db.read("SELECT COUNT(*) AS n FROM attempts")
    return row["n"]


async def sound(services: Services) -> None:
    """The scores kept are what the answers come to."""
    assert (await services.scores.check()).differences == []


# -- a session -----------------------------------------------------------------------------------------------


async def test_a_session_is_asked_explained_counted_and_summed_up(services: Services):
    page = await begin(services)
    session = page.session
    assert (page.about, session.state, len(session.items)) == ("CPC", State.RUNNING, 5)
    missed = await answer(services, page, right=False)
    assert (missed.worth, missed.put.points, missed.put.correct) == (Worth.WRONG, 0, False)
    second = await go_on(services, missed)
    assert isinstance(second, Question)
    hit = await answer(services, second)
    assert (hit.worth, hit.put.points) == (Worth.FULL, hit.full)
    result = await play(services, await go_on(services, hit))
    assert (result.session.state, result.session.right, len(result.session.misses)) == (State.FINISHED, 4, 1)
    assert [concept.id for concept in result.study] == [missed.asked.item.concept]
    assert sum(area.answered for area in result.areas) == 5
    assert result.areas[0].right == result.areas[0].answered - 1
    assert (result.seen, result.questions, result.before) == (5, 15, (0, 0))
    assert await attempts(services) == 5
    await sound(services)


async def test_practice_brings_so_much_a_day_and_the_same_item_nothing_again_this_month(
    services: Services, clock: Clock
):
    result = await play(services, await begin(services, length=10))
    assert result.session.points == PRACTICE_AT_MOST
    worths = [put.points for put in result.session.items]
    assert worths == sorted(worths, reverse=True)
    clock.advance(days=1)
    fresh = await begin(services, length=5)
    assert not set(asked(fresh.session)) & set(asked(result.session))
    last = await play(services, fresh)
    assert 0 < last.session.points <= PRACTICE_AT_MOST
    # All fifteen have been seen within the week: the oldest come again.
    clock.advance(days=1)
    again = await answer(services, await begin(services))
    assert (again.worth, again.put.points) == (Worth.REPEATED, 0)
    await sound(services)


async def test_the_answer_that_reaches_the_most_of_a_day_says_so(services: Services):
    page = await begin(services, length=10)
    worths: list[Worth] = []
    while isinstance(page, Question):
        explained = await answer(services, page)
        worths.append(explained.worth)
        following = await go_on(services, explained)
        if isinstance(following, Summary):
            break
        assert isinstance(following, Question)
        page = following
    assert worths[0] is Worth.FULL
    assert worths[-1] is Worth.CAPPED


async def test_in_direct_messages_nothing_counts_on_a_board(services: Services):
    explained = await answer(services, await begin(services, guild=0))
    assert (explained.worth, explained.put.points) == (Worth.NOWHERE, 0)
    assert await attempts(services) == 0


async def test_a_double_click_and_two_devices_count_once(services: Services):
    page = await begin(services)
    session = page.session
    presses = [
        services.quiz.answer(LEARNER, session.id, 1, letters) for letters in [page.asked.key, nearly(page.asked)] * 5
    ]
    pages = await asyncio.gather(*presses)
    assert all(isinstance(page, Explained) for page in pages)
    standing = {page.put.chosen for page in pages if isinstance(page, Explained)}
    assert len(standing) == 1
    assert sum(not page.again for page in pages if isinstance(page, Explained)) == 1
    assert await attempts(services) == 1
    again = await asyncio.gather(*(services.quiz.go_on(LEARNER, session.id, 1) for _ in range(5)))
    assert {page.session.position for page in again} == {2}
    await sound(services)


async def test_a_button_of_an_earlier_question_answers_nothing_else(services: Services):
    first = await begin(services)
    second = await go_on(services, await answer(services, first))
    assert isinstance(second, Question)
    late = await services.quiz.answer(LEARNER, first.session.id, 1, nearly(first.asked))
    assert isinstance(late, Question)
    assert (late.left, late.session.position, late.session.items[0].correct) == (True, 2, True)
    # Nor does one of a question that has not come yet.
    early = await services.quiz.answer(LEARNER, first.session.id, 5, "A")
    assert isinstance(early, Question)
    assert early.session.answered == late.session.answered
    beyond = await services.quiz.answer(LEARNER, first.session.id, 50, "A")
    assert beyond.session.position == 2


async def test_letters_that_are_not_shown_are_refused(services: Services):
    page = await begin(services)
    with pytest.raises(ChoiceUnknown):
        await services.quiz.answer(LEARNER, page.session.id, 1, "F")


async def test_what_was_edited_since_is_judged_as_it_was_put(services: Services, content: Content, clock: Clock):
    page = await begin(services)
    item = page.asked.item
    options = tuple(replace(option, correct=not option.correct) for option in item.options)
    edited = replace(content, items={**content.items, item.id: replace(item, options=options, stem="New?")})
    services = build_services(services.db, edited, clock, Random(1))
    standing = await services.quiz.resume(LEARNER)
    assert isinstance(standing, Question)
    assert standing.asked.item.stem == item.stem
    assert (await answer(services, page)).put.correct


async def test_a_stop_ends_it_with_the_summary(services: Services):
    explained = await answer(services, await begin(services))
    page = await services.quiz.stop(LEARNER, explained.session.id)
    assert isinstance(page, Summary)
    assert (page.session.state, len(page.session.answered)) == (State.CLOSED, 1)
    again = await services.quiz.stop(LEARNER, explained.session.id)
    assert again.session == page.session
    assert isinstance(await go_on(services, explained), Summary)


async def test_a_question_that_went_out_of_use_meanwhile_is_passed_over(services: Services):
    page = await begin(services)
    second = page.session.items[1].item_id
    await services.db.write(*flags.decide(GUILD, second, ORGANISER, keep=False, now=1))
    third = await go_on(services, await answer(services, page))
    assert isinstance(third, Question)
    assert third.session.position == 3
    result = await play(services, third)
    assert (result.session.state, len(result.session.answered)) == (State.FINISHED, 4)


async def test_a_question_that_went_out_of_use_before_its_answer_is_not_shown_again(services: Services):
    page = await begin(services)
    await services.db.write(*flags.decide(GUILD, page.asked.item.id, ORGANISER, keep=False, now=1))
    pages = await asyncio.gather(*(services.quiz.resume(LEARNER) for _ in range(3)))
    assert {page.session.position for page in pages} == {2}
    late = await services.quiz.answer(LEARNER, page.session.id, 1, "A")
    assert isinstance(late, Question)
    assert (late.left, late.session.answered) == (True, ())


# -- one at a time -------------------------------------------------------------------------------------------


async def test_while_one_is_running_another_waits_for_a_word(services: Services):
    running = (await begin(services)).session
    busy = await services.quiz.start(LEARNER, GUILD, area="beta", length=7)
    assert isinstance(busy, Busy)
    assert (busy.session.id, busy.about_wished, busy.redo) == (running.id, "CPC · Beta", False)
    standing = await services.quiz.resume(LEARNER)
    assert standing.session == running
    page = await services.quiz.replace(LEARNER, busy.wished, running.id)
    assert isinstance(page, Question)
    assert (page.session.id, page.session.wishes.area, page.session.wishes.length) == (busy.wished, "beta", 7)
    ended = await services.quiz.standing(LEARNER, running.id)
    assert ended.session.state is State.CLOSED
    # A second press shows the one that began with the first.
    again = await services.quiz.replace(LEARNER, busy.wished, running.id)
    assert again.session == page.session


async def test_what_waits_is_asked_for_again_when_yet_another_one_is_running(services: Services):
    running = (await begin(services)).session
    first = await services.quiz.start(LEARNER, GUILD, length=6)
    second = await services.quiz.start(LEARNER, GUILD, length=7)
    assert isinstance(first, Busy)
    assert isinstance(second, Busy)
    page = await services.quiz.replace(LEARNER, first.wished, running.id)
    late = await services.quiz.replace(LEARNER, second.wished, running.id)
    assert isinstance(late, Busy)
    assert late.session.id == page.session.id == first.wished


async def test_of_sessions_started_at_once_one_is_running(services: Services):
    pages = await asyncio.gather(*(services.quiz.start(LEARNER, GUILD, length=5) for _ in range(8)))
    assert sum(isinstance(page, Question) for page in pages) >= 1
    rows = await services.db.read(
        "SELECT s.id, COUNT(*) AS n FROM sessions s JOIN session_items i ON i.session_id = s.id GROUP BY s.id"
    )
    assert [row["n"] for row in rows] == [5]
    assert {page.session.id for page in pages} == {rows[0]["id"]}


async def test_of_presses_to_replace_at_once_one_begins_it(services: Services):
    running = (await begin(services)).session
    busy = await services.quiz.start(LEARNER, GUILD, length=10)
    assert isinstance(busy, Busy)
    pages = await asyncio.gather(*(services.quiz.replace(LEARNER, busy.wished, running.id) for _ in range(6)))
    assert {page.session.id for page in pages} == {busy.wished}
    page = await services.quiz.resume(LEARNER)
    assert len(page.session.items) == 10


async def test_a_session_is_its_learners_own(services: Services):
    page = await begin(services)
    for attempt in (
        services.quiz.standing(OTHER, page.session.id),
        services.quiz.answer(OTHER, page.session.id, 1, "A"),
        services.quiz.stop(OTHER, page.session.id),
        services.quiz.share(OTHER, page.session.id),
        services.quiz.item(OTHER, page.session.id, 1),
        services.quiz.redo(OTHER, GUILD, page.session.id),
    ):
        with pytest.raises(SessionUnknown):
            await attempt
    with pytest.raises(NoSession):
        await services.quiz.resume(OTHER)


# -- left alone ----------------------------------------------------------------------------------------------


async def test_a_week_without_a_press_closes_a_session_even_before_it_is_swept(services: Services, clock: Clock):
    page = await begin(services)
    clock.advance(seconds=IDLE_AT_MOST)
    late = await services.quiz.answer(LEARNER, page.session.id, 1, page.asked.key)
    assert isinstance(late, Summary)
    assert late.session.expired
    assert not late.session.answered
    assert await services.quiz.close_idle() == 0
    await begin(services)


async def test_sessions_left_alone_are_swept(services: Services, clock: Clock):
    page = await begin(services)
    await services.quiz.start(LEARNER, GUILD)
    clock.advance(seconds=IDLE_AT_MOST - 1)
    assert await services.quiz.close_idle() == 0
    await begin(services, OTHER)
    clock.advance(seconds=1)
    assert await services.quiz.close_idle() == 1
    rows = await services.db.read("SELECT user_id, state, ended_at FROM sessions ORDER BY id")
    assert [(row["user_id"], row["state"]) for row in rows] == [(LEARNER, 3), (OTHER, 1)]
    assert rows[0]["ended_at"] == page.session.touched_at + IDLE_AT_MOST


async def test_a_session_that_closed_itself_is_no_obstacle(services: Services, clock: Clock):
    await begin(services)
    clock.advance(days=8)
    last = await services.quiz.resume(LEARNER)
    assert isinstance(last, Summary)
    assert last.session.expired
    await begin(services)


# -- everything at once ------------------------------------------------------------------------------------


async def test_any_presses_at_once_keep_session_and_scores_sound(services: Services):
    """What the state machine promises, on a database, with several devices at once."""
    rng = Random(3)
    quiz = services.quiz
    after = (await begin(services, length=6)).session
    for _ in range(25):
        before = after

        def press() -> Awaitable[Page]:
            position = max(1, before.position + rng.choice((-1, 0, 0, 0, 1)))  # noqa: B023  (pressed at once)
            match rng.choice(("answer", "answer", "next", "note", "resume")):
                case "answer":
                    return quiz.answer(LEARNER, before.id, position, rng.choice("ABCD"))  # noqa: B023
                case "next":
                    return quiz.go_on(LEARNER, before.id, position)  # noqa: B023
                case "note":
                    return quiz.note(LEARNER, before.id, position, rng.choice(list(Reason)))  # noqa: B023
                case _:
                    return quiz.resume(LEARNER)

        await asyncio.gather(*(press() for _ in range(4)))
        after = (await quiz.standing(LEARNER, before.id)).session
        assert before.position <= after.position
        assert all(put.chosen is None for put in after.items[after.position :])
        for one, other in zip(before.items, after.items, strict=True):
            assert one.chosen in (None, other.chosen)
    assert after.state is State.FINISHED
    assert await attempts(services) == len(after.answered) == 6
    [row] = await services.db.read("SELECT SUM(points) AS points FROM attempts")
    assert row["points"] == after.points
    await sound(services)
