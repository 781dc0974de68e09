"""The periods of boards, by a guild's local calendar: a week from Monday, a month called a season, and all time."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_WEEKS = 1_000_000
"""What is added to a week's number, so that no week and no season share one."""


class Span(StrEnum):
    WEEK = "week"
    SEASON = "season"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Period:
    """A week, a season or all time. `key` is how storage names it, one number for all three kinds."""

    span: Span
    first: date
    """The first day; for all time the first day there is."""

    @property
    def last(self) -> date:
        match self.span:
            case Span.WEEK:
                return self.first + timedelta(days=6)
            case Span.SEASON:
                return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])
            case Span.ALL:
                return date.max

    @property
    def key(self) -> int:
        match self.span:
            case Span.WEEK:
                return _WEEKS + (self.first.toordinal() - 1) // 7
            case Span.SEASON:
                return self.first.year * 12 + self.first.month - 1
            case Span.ALL:
                return 0

    @property
    def previous(self) -> "Period | None":
        """The period before; None for all time."""
        if self.span is Span.ALL:
            return None
        return period(self.span, self.first - timedelta(days=1))

    @property
    def following(self) -> "Period | None":
        """The period after; None for all time."""
        if self.span is Span.ALL:
            return None
        return period(self.span, self.last + timedelta(days=1))


def period(span: Span, day: date) -> Period:
    """The period of that kind that holds the local date `day`."""
    match span:
        case Span.WEEK:
            return Period(span, day - timedelta(days=day.weekday()))
        case Span.SEASON:
            return Period(span, day.replace(day=1))
        case Span.ALL:
            return Period(span, date.min)
