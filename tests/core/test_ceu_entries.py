"""What people type about the units they earned."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.ceu_entries import ceus, parse_ceus, parse_earned, parse_start
from bot.core.ceu_errors import CeusUnreadable, EarnedAhead, EarnedLongAgo
from bot.core.days import add_months
from bot.core.errors import DayUnreadable

TODAY = date(2026, 3, 2)  # a Monday


@pytest.mark.parametrize(
    ("text", "quarters"),
    [("1", 4), ("1.5", 6), ("0,75", 3), (".25", 1), ("2 CEUs", 8), ("1 h", 4), ("1.50", 6), (" 3 hours ", 12), ("200", 800)],
)  # fmt: skip
def test_units_are_read_in_quarters(text: str, quarters: int) -> None:
    assert parse_ceus(text) == quarters
    assert parse_ceus(ceus(quarters)) == quarters


@pytest.mark.parametrize("text", ["", "0", "0.1", "1.3", "-1", "201", "one", "1 2", "1.2.3"])
def test_other_numbers_are_refused(text: str) -> None:
    with pytest.raises(CeusUnreadable):
        parse_ceus(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-03-02"), ("yesterday", "2026-03-01"), ("Mon", "2026-03-02"), ("Friday", "2026-02-27"),
        ("March 1", "2026-03-01"), ("3 March", "2025-03-03"), ("12/31", "2025-12-31"), ("29 Feb", "2024-02-29"),
        ("2025-11-05", "2025-11-05"), ("Feb 28 2026", "2026-02-28"),
    ],
)  # fmt: skip
def test_a_day_without_a_year_is_the_last_one(text: str, day: str) -> None:
    assert parse_earned(text, TODAY).isoformat() == day


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("2026-03-03", EarnedAhead), ("tomorrow", EarnedAhead), ("in 6 weeks", EarnedAhead), ("6 weeks", EarnedAhead),
        ("2016-03-01", EarnedLongAgo), ("the day of days", DayUnreadable),
    ],
)  # fmt: skip
def test_days_on_which_nothing_can_have_been_earned(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        parse_earned(text, TODAY)


@given(day=st.dates(date(2017, 1, 1), TODAY))
@settings(max_examples=60)
def test_a_day_of_the_past_is_read_as_it_was_written(day: date) -> None:
    assert parse_earned(day.isoformat(), TODAY) == day
    named = parse_earned(f"{day:%B} {day.day}", TODAY)
    assert (named.month, named.day) == (day.month, day.day)
    assert add_months(TODAY, -12 * 5) < named <= TODAY


def test_a_cycle_may_begin_on_a_day_to_come_or_long_ago() -> None:
    assert parse_start("2026-07-01", TODAY) == date(2026, 7, 1)
    assert parse_start("July 1", TODAY) == date(2025, 7, 1)
    assert parse_start("2008-07-01", TODAY) == date(2008, 7, 1)
