"""Which year's code books an exam follows on a day."""

from dataclasses import dataclass
from datetime import date

CLOSE = 21
"""Days on either side of a change within which a day is close to it, where the issuer moves it from year to year."""


@dataclass(frozen=True, slots=True)
class BookChange:
    """When an issuer goes over to the books of the year. `exact` where it is the same day each year; `previous_too`
    where books of the year before are admitted as well."""

    month: int
    day: int
    exact: bool
    previous_too: bool


@dataclass(frozen=True, slots=True)
class Books:
    """The years that are admitted, the one that the exam follows first. `close` where the change may fall on another
    side of the day than was reckoned."""

    years: tuple[int, ...]
    close: bool


def books_on(change: BookChange, day: date) -> Books:
    """What an exam on `day` follows."""
    turns = date(day.year, change.month, change.day)
    year = day.year if day >= turns else day.year - 1
    nearest = min(abs((day - date(other, change.month, change.day)).days) for other in (day.year, day.year + 1))
    return Books((year, year - 1) if change.previous_too else (year,), not change.exact and nearest <= CLOSE)
