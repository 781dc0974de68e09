"""The periods of boards, by a guild's local calendar: a week from Monday, a month called a season, and all time."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FIRST_WEEK = 1_000_000
"""The key of the first week there is: no week and no season share one."""


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
                return FIRST_WEEK + (self.first.toordinal() - 1) // 7
            case Span.SEASON:
                return self.first.year * 12 + self.first.month - 1
            case Span.ALL:
                return 0

    @property
    def previous(self) -> "Period | None":
        """The period before; None for all time, and where the calendar begins."""
        if self.first == date.min:
            return None
        return period(self.span, self.first - timedelta(days=1))

    def before(self, count: int) -> "Period":
        """The period that many before; all time stays what it is."""
        match self.span:
            case Span.WEEK:
                return Period(self.span, self.first - timedelta(weeks=count))
            case Span.SEASON:
                year, month = divmod(self.key - count, 12)
                return Period(self.span, date(year, month + 1, 1))
            case Span.ALL:
                return self

    @property
    def following(self) -> "Period":
        """The period after. Raises OverflowError for all time."""
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
