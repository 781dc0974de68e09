"""Dates of exams as people type them, when they are past, and which books are in force on them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.book_years import BookChange, Books, books_on
from bot.core.days import parse_day
from bot.core.errors import DayUnreadable, TimeUnreadable
from bot.core.exam_dates import Moment, parse_moment
from bot.core.exam_errors import ExamDayFar, ExamDayPast
from tests.samples import START

TODAY = date(2026, 3, 2)
NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("in 6 weeks", date(2026, 4, 13)),
        ("six weeks", date(2026, 4, 13)),
        ("In a week", date(2026, 3, 9)),
        ("10 days from now", date(2026, 3, 12)),
        ("in two months", date(2026, 5, 2)),
        ("in 1 year", date(2027, 3, 2)),
        ("14 March", date(2026, 3, 14)),
        ("the 14th of March", date(2026, 3, 14)),
        ("Sunday, March 14, 2027", date(2027, 3, 14)),
        ("Sun 14 Mar 2027", date(2027, 3, 14)),
        ("3/14/27", date(2027, 3, 14)),
        ("3-14-2027", date(2027, 3, 14)),
        ("2027/3/14", date(2027, 3, 14)),
        ("1 March", date(2027, 3, 1)),
        ("29 Feb", date(2028, 2, 29)),
    ],
)
def test_days_are_read_as_people_type_them(typed: str, day: date) -> None:
    assert parse_day(typed, TODAY) == day


@pytest.mark.parametrize(
    "typed",
    ["", "Monday, March 14, 2027", "in some weeks", "14/3/2027", "2027-02-29", "in 9999 years", "weeks", "3/14-27"],
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(DayUnreadable):
        parse_day(typed, TODAY)


def test_months_end_where_the_month_does() -> None:
    assert parse_day("in 1 month", date(2026, 1, 31)) == date(2026, 2, 28)
    assert parse_day("in 13 months", date(2027, 1, 31)) == date(2028, 2, 29)


@given(st.text(max_size=40))
def test_whatever_is_typed_gives_a_day_or_a_sentence(typed: str) -> None:
    with suppress(DayUnreadable, TimeUnreadable, ExamDayPast, ExamDayFar):
        assert parse_moment(typed, typed, NEW_YORK, START).over_at > START


def test_today_is_taken_until_its_time_and_without_one_until_midnight() -> None:
    # It is seven in the morning in New York.
    assert parse_moment("today", "", NEW_YORK, START).minute is None
    assert parse_moment("today", "7:01", NEW_YORK, START).minute == 7 * 60 + 1
    with pytest.raises(ExamDayPast):
        parse_moment("today", "7:00", NEW_YORK, START)
    assert Moment(date(2026, 3, 2), None, NEW_YORK).over_at - START == 17 * 3600


AAPC = BookChange(1, 15, exact=False, previous_too=True)
AHIMA = BookChange(5, 1, exact=True, previous_too=False)


@pytest.mark.parametrize(
    ("change", "day", "books"),
    [
        (AAPC, date(2027, 1, 14), Books((2026, 2025), close=True)),
        (AAPC, date(2027, 1, 15), Books((2027, 2026), close=True)),
        (AAPC, date(2026, 12, 30), Books((2026, 2025), close=True)),
        (AAPC, date(2027, 3, 14), Books((2027, 2026), close=False)),
        (AHIMA, date(2027, 4, 30), Books((2026,), close=False)),
        (AHIMA, date(2027, 5, 1), Books((2027,), close=False)),
    ],
)
def test_the_books_in_force(change: BookChange, day: date, books: Books) -> None:
    assert books_on(change, day) == books
