"""The rules of study groups: names, weekly goals, and the streak of weeks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.group_errors import GoalUnreadable, GroupNameUnfit
from bot.core.groups import GOAL_AT_MOST, NAME_AT_MOST, Goal, GoalKind, Week, clean_name, name_key, parse_goal, streak


@pytest.mark.parametrize(
    ("typed", "goal"),
    [
        ("60", Goal(GoalKind.ANSWERS, 60)),
        ("60 answers", Goal(GoalKind.ANSWERS, 60)),
        ("1 Answer a week", Goal(GoalKind.ANSWERS, 1)),
        ("40 questions per week", Goal(GoalKind.ANSWERS, 40)),
        (" 12 days ", Goal(GoalKind.DAYS, 12)),
        ("1 active day", Goal(GoalKind.DAYS, 1)),
        ("12 days/week", Goal(GoalKind.DAYS, 12)),
        ("", None),
        ("none", None),
        ("0", None),
    ],
)
def test_goals_are_read_as_people_type_them(typed: str, goal: Goal | None) -> None:
    assert parse_goal(typed) == goal


@pytest.mark.parametrize("typed", ["many", "-5", "5001 answers", "701 days", "12 weeks", "1.5", "00 answers"])
def test_what_is_no_goal_is_refused(typed: str) -> None:
    with pytest.raises(GoalUnreadable, match="is not a weekly goal"):
        parse_goal(typed)


@given(st.sampled_from(GoalKind), st.data())
@settings(max_examples=30)
def test_a_goal_as_it_is_shown_reads_as_itself(kind: GoalKind, data: st.DataObject) -> None:
    number = data.draw(st.integers(1, GOAL_AT_MOST[kind]))
    assert parse_goal(f"{number} {kind.value}") == Goal(kind, number)


@given(st.text(max_size=80))
@settings(max_examples=150)
def test_a_name_is_cleaned_once_and_for_all_or_refused(text: str) -> None:
    try:
        name = clean_name(text)
    except GroupNameUnfit:
        return
    assert clean_name(name) == name
    assert 2 <= len(name) <= NAME_AT_MOST
    assert "\n" not in name
    assert name_key(name) == name_key(name.upper().lower()) or not name.isascii()


def test_names_that_look_alike_have_one_key() -> None:
    assert name_key("Night Owls") == name_key("night  OWLS") == name_key("ｎｉｇｈｔowls")


def week(key: int, goal: int, reached: int) -> Week:
    return Week(1, key, Goal(GoalKind.ANSWERS, goal) if goal else None, reached, settled=True)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=12))
@settings(max_examples=100)
def test_the_streak_counts_met_weeks_since_the_last_missed_one(weeks: list[tuple[int, int]]) -> None:
    newest_first = [week(100 - i, goal, reached) for i, (goal, reached) in enumerate(weeks)]
    expected = 0
    for goal, reached in reversed(weeks):
        if goal:
            expected = expected + 1 if reached >= goal else 0
    assert streak(newest_first) == expected


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3)), max_size=8), st.integers(0, 8))
@settings(max_examples=50)
def test_a_week_without_a_goal_neither_counts_nor_breaks(weeks: list[tuple[int, int]], place: int) -> None:
    with_goal = [week(100 - i, goal, reached) for i, (goal, reached) in enumerate(weeks)]
    among = [*with_goal[:place], week(50, 0, 9), *with_goal[place:]]
    assert streak(among) == streak(with_goal)
