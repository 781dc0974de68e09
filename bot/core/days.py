"""Days as people type them."""

import re
from calendar import monthrange
from datetime import date, timedelta

from bot.core.errors import DayUnreadable

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})(?:\2(\d{4}|\d{2}))?")
_WORD_FIRST = re.compile(r"([a-z]{3,9})\.? (?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?")
_DAY_FIRST = re.compile(r"(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: of)? ([a-z]{3,9})\.?(?: (\d{4}))?")
_AHEAD = re.compile(r"(?:in )?(\d{1,4}|an?|[a-z]{3,6}) (day|week|month|year)s?(?: from (?:now|today))?")
_RELATIVE = {"today": 0, "tonight": 0, "tomorrow": 1}
_DAYS = {"day": 1, "week": 7}
_MONTHS_IN = {"month": 1, "year": 12}
_YEARS = range(1971, 2200)


def parse_day(text: str, today: date) -> date:
    """A local date from what people type: 2026-12-01, 12/1, 12/1/2026, Dec 1, 1 December 2026, tomorrow, Fri, in 6 weeks.

    Numbers are month and day, in this order. Without a year it is the next such day; a weekday is the next one, today
    included. Raises DayUnreadable.
    """
    typed = " ".join(text.lower().replace(",", " ").split())
    found = _day(typed, today)
    if found is None and " " in typed:
        # “Sunday March 14”, as it stands in a confirmation: the weekday has to be that day's.
        first, rest = typed.split(" ", 1)
        weekday = name_of(first.rstrip("."), WEEKDAYS)
        found = _day(rest, today) if weekday is not None else None
        if found is not None and found.weekday() != weekday:
            found = None
    if found is None:
        raise DayUnreadable(text=text.strip()[:40])
    return found


def _day(typed: str, today: date) -> date | None:
    if typed in _RELATIVE:
        return today + timedelta(days=_RELATIVE[typed])
    weekday = name_of(typed.removeprefix("next ").removeprefix("on ").rstrip("."), WEEKDAYS)
    if weekday is not None:
        ahead = (weekday - today.weekday()) % 7
        return today + timedelta(days=ahead or (7 if typed.startswith("next ") else 0))
    if match := _YEAR_FIRST.fullmatch(typed):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.fullmatch(typed):
        year = f"20{match[4]}" if match[4] and len(match[4]) == 2 else match[4]
        return _upcoming(year, int(match[1]), int(match[3]), today)
    if (match := _WORD_FIRST.fullmatch(typed)) and (month := name_of(match[1], MONTHS)) is not None:
        return _upcoming(match[3], month + 1, int(match[2]), today)
    if (match := _DAY_FIRST.fullmatch(typed)) and (month := name_of(match[2], MONTHS)) is not None:
        return _upcoming(match[3], month + 1, int(match[1]), today)
    if match := _AHEAD.fullmatch(typed):
        return _ahead(match[1], match[2], today)
    return None


def _ahead(count: str, unit: str, today: date) -> date | None:
    if count.isdecimal():
        number = int(count)
    elif count in ("a", "an"):
        number = 1
    elif count in _NUMBERS:
        number = _NUMBERS.index(count) + 1
    else:
        return None
    if unit in _DAYS:
        return today + timedelta(days=number * _DAYS[unit])
    try:
        found = add_months(today, number * _MONTHS_IN[unit])
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def add_months(day: date, months: int) -> date:
    """The same day of another month, or the last day of a month that lacks it. Raises ValueError where there is no such
    year."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def name_of(text: str, names: tuple[str, ...]) -> int | None:
    """The place among `names` of the one that `text` begins, from three letters on."""
    return next((i for i, name in enumerate(names) if len(text) >= 3 and name.startswith(text)), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def _upcoming(year: str | None, month: int, day: int, today: date) -> date | None:
    if year:
        return _date(int(year), month, day)
    # The 29th of February may be some years away.
    candidates = (_date(today.year + ahead, month, day) for ahead in range(9))
    return next((found for found in candidates if found is not None and found >= today), None)
