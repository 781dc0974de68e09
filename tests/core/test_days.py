"""Arithmetic of days as people type them."""

from datetime import date

import pytest

from bot.core.days import add_months, parse_day
from bot.core.errors import DayUnreadable


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2024-02-29", 24, "2026-02-28"), ("2024-02-29", 48, "2028-02-29"), ("2026-08-31", -6, "2026-02-28"),
        ("2026-01-31", 1, "2026-02-28"), ("2028-01-31", 1, "2028-02-29"), ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-15", -1, "2025-12-15"), ("2026-03-31", -1, "2026-02-28"), ("2026-05-31", 1, "2026-06-30"),
    ],
)  # fmt: skip
def test_months_end_with_the_month(day: str, months: int, then: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(then)


@pytest.mark.parametrize("text", ["in 200 years", "in 9999 years", "in 9999 months"])
def test_what_lies_too_far_ahead_is_no_day(text: str) -> None:
    with pytest.raises(DayUnreadable):
        parse_day(text, date(2026, 3, 2))
