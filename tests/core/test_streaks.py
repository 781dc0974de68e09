"""Streaks against a slow model that reads a guild's whole list of rounds."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.streaks import FREEZES_AT_MOST, MISSES_THAT_MATTER, Streak, answered, missed

# A round is answered or not, in a guild that allowed freezes at the time or not.
ROUNDS = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=60)
RUNS = st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(1, 24)), max_size=8)
STEADY = RUNS.map(lambda runs: [(was, allowed) for was, allowed, length in runs for _ in range(length)])


NEW = Streak()


def model(rounds: list[tuple[bool, bool]]) -> tuple[int, int, int]:
    """Current, longest and freezes, told one round after another from the rules as the help states them."""
    current = longest = freezes = 0
    for was_answered, freezes_allowed in rounds:
        if was_answered:
            current += 1
            longest = max(longest, current)
            if current in range(7, 1000, 7):
                freezes = 2 if freezes >= 1 else 1
        elif current and freezes and freezes_allowed:
            freezes -= 1
        else:
            current = freezes = 0
    return current, longest, freezes


def replay(rounds: list[tuple[bool, bool]], start: Streak = NEW, first: int = 1) -> Streak:
    """The streak as the bot keeps it: written at an answer, misses worked out from what lies between."""
    streak, since = start, []
    for number, (was_answered, allowed) in enumerate(rounds, first):
        if was_answered:
            streak, since = answered(streak, number, since), []
        else:
            since.append(allowed)
    return missed(streak, since)


@given(ROUNDS | STEADY)
@example([(True, True)] * 14 + [(False, True)] * 2 + [(True, True)])
@example([(True, True)] * 7 + [(False, False), (True, True)])
def test_a_streak_is_what_the_whole_list_of_rounds_says(rounds: list[tuple[bool, bool]]) -> None:
    streak = replay(rounds)
    assert (streak.current, streak.longest, streak.freezes) == model(rounds)


@given(rounds=ROUNDS | STEADY, data=st.data())
def test_a_checkpoint_anywhere_changes_nothing(rounds: list[tuple[bool, bool]], data: st.DataObject) -> None:
    split = data.draw(st.integers(0, len(rounds)))
    halfway = replay(rounds[:split])
    assert replay(rounds[split:], halfway, first=split + 1) == replay(rounds)


@given(ROUNDS | STEADY)
@example([(True, True)] * 28)
def test_nobody_ever_holds_more_than_two_freezes(rounds: list[tuple[bool, bool]]) -> None:
    for end in range(len(rounds) + 1):
        streak = replay(rounds[:end])
        assert 0 <= streak.freezes <= FREEZES_AT_MOST == 2
        assert 0 <= streak.current <= streak.longest


@given(
    streak=st.builds(Streak, st.just(9), st.integers(0, 50), st.integers(50, 60), st.integers(0, 2)),
    misses=st.lists(st.booleans(), min_size=MISSES_THAT_MATTER, max_size=12),
)
def test_misses_beyond_those_that_matter_change_nothing(streak: Streak, misses: list[bool]) -> None:
    assert missed(streak, misses) == missed(streak, misses[:MISSES_THAT_MATTER])


@pytest.mark.parametrize("days", range(7))
def test_a_freeze_protects_a_missed_round_and_does_not_count_it(days: int) -> None:
    rounds = [(True, True)] * (7 + days)
    held = replay(rounds)
    assert (held.current, held.freezes) == (7 + days, 1)
    after = replay([*rounds, (False, True)])
    assert (after.current, after.freezes) == (7 + days, 0)
    assert replay([*rounds, (False, True), (True, True)]).current == 8 + days
    assert replay([*rounds, (False, True), (False, True)]).current == 0


def test_where_freezes_are_off_a_miss_ends_the_streak_and_the_freezes_with_it() -> None:
    held = replay([(True, True)] * 14)
    assert held == Streak(14, 14, 14, 2)
    assert missed(held, [False]) == replace(held, current=0, freezes=0)


def test_the_first_answer_starts_a_streak_of_one_whatever_went_by_before() -> None:
    assert answered(Streak(), 40, [False, True, True]) == Streak(40, 1, 1, 0)
