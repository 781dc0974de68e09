"""Continuing education units as a learner notes them: what is kept of an entry, and how what they type is read.

Units are counted in quarters, as whole numbers.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.ceu_errors import CeusUnreadable, EarnedAhead, EarnedLongAgo
from bot.core.days import add_months, parse_day
from bot.core.errors import DayUnreadable

QUARTERS_AT_MOST = 4 * 200
"""In one entry, and in a cycle of one's own number."""

TITLE_AT_MOST, PROVIDER_AT_MOST, LINK_AT_MOST, ENTRIES_AT_MOST = 80, 60, 800, 1000

EARNED_AT_MOST = 10
"""Years ago that units may have been earned."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Units that a learner earned. `categories` are ids of minimums, `issuer` the name of the one issuer that accepts them,
    empty for all; `link` is where the certificate lies."""

    id: int
    user_id: int
    day: date
    quarters: int
    title: str
    provider: str
    categories: tuple[str, ...]
    issuer: str
    link: str


_NUMBER = re.compile(r"(\d{1,4}(?:[.,]\d{1,3})?|[.,]\d{1,3})\s*(?:ceus?|h|hrs?|hours?)?", re.IGNORECASE)


def parse_ceus(text: str) -> int:
    """Quarters of a unit from what people type: 1, 1.5, 0,75, 2 CEUs. Raises CeusUnreadable."""
    match = _NUMBER.fullmatch(text.strip())
    quarters = float(match[1].replace(",", ".")) * 4 if match else 0.5
    if quarters != int(quarters) or not 1 <= quarters <= QUARTERS_AT_MOST:
        raise CeusUnreadable(text=text.strip()[:40], most=QUARTERS_AT_MOST // 4)
    return int(quarters)


def ceus(quarters: int) -> str:
    """A number of units as it is read: 1, 1.5, 0.75."""
    return f"{quarters / 4:.2f}".rstrip("0").rstrip(".")


def parse_earned(text: str, today: date) -> date:
    """The day on which units were earned, from what people type. What names no year is the last such day, a weekday the
    last one. Raises DayUnreadable, EarnedAhead, EarnedLongAgo."""
    typed = " ".join(text.lower().split())
    found = today - timedelta(days=1) if typed == "yesterday" else parse_day(text, today)
    if found > today and not _AHEAD.search(typed):
        found = _last(text, typed, found, today)
    if found > today:
        raise EarnedAhead(day=found.isoformat())
    if found < add_months(today, -12 * EARNED_AT_MOST):
        raise EarnedLongAgo(day=found.isoformat())
    return found


_AHEAD = re.compile(r"^(in|next|tomorrow)\b|\b(day|week|month|year)s?\b")


def _last(text: str, typed: str, found: date, today: date) -> date:
    """The last such day before today, where what was typed means another one when it is read on another day."""
    if not re.search(r"\d", typed):
        return parse_day(text, today - timedelta(days=6))
    for back in range(1, 9):  # the 29th of February may be some years back
        try:
            earlier = parse_day(text, add_months(today, -12 * back) + timedelta(days=1))
        except DayUnreadable:
            continue
        if earlier <= today:
            return earlier
    return found


def parse_start(text: str, today: date) -> date:
    """The first day of a cycle: what names no year is the last such day, but a year may lie ahead. Raises DayUnreadable."""
    try:
        return parse_earned(text, today)
    except (EarnedAhead, EarnedLongAgo):
        return parse_day(text, today)
