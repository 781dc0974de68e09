"""Dates of exams: what a learner plans, how it is counted down to, and what may be typed."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from bot.core.days import parse_day
from bot.core.exam_errors import ExamDayFar, ExamDayPast
from bot.core.schedule import first_instant, instant_at, local_date, parse_time

PLANNED_AT_MOST = 10
"""Exams that a learner may have a date for at once."""

AHEAD_AT_MOST = 3 * 366
"""Days ahead that a date may be."""


class ExamState(IntEnum):
    PLANNED = 1
    CANCELLED = 2
    PASSED = 3
    NOT_PASSED = 4


@dataclass(frozen=True, slots=True)
class Moment:
    """A day on the calendar of `zone` (IANA name), with the minutes after midnight where they are known."""

    day: date
    minute: int | None
    zone: str

    @property
    def place(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def starts_at(self) -> int:
        """When it begins (UTC seconds); the day itself where the time is not known."""
        return instant_at(self.day, self.minute or 0, self.place)

    @property
    def over_at(self) -> int:
        """From when on it is past (UTC seconds): its beginning, or the end of the day where that is not known."""
        if self.minute is None:
            return first_instant(self.day + timedelta(days=1), time.min, self.place)
        return self.starts_at

    def seen_from(self, zone: ZoneInfo) -> date:
        """The day that it is on the calendar of a reader. Without a time it is the day that was typed."""
        return self.day if self.minute is None else local_date(self.starts_at, zone)


@dataclass(frozen=True, slots=True)
class ExamDate:
    """A date that a learner has given to an exam (id). `guild_id` is where, 0 in direct messages; `revision` counts
    changes; `fault` says why the last reminder did not arrive. Instants are UTC seconds."""

    id: int
    user_id: int
    guild_id: int
    exam: str
    moment: Moment
    state: ExamState
    revision: int
    fault: str
    created_at: int
    changed_at: int


def parse_moment(day: str, at: str, zone: str, now: int) -> Moment:
    """A moment from what people type; an empty time is not known. Raises DayUnreadable, TimeUnreadable, ExamDayPast,
    ExamDayFar."""
    minute = parse_time(at) if at.strip() else None
    moment = Moment(parse_day(day, local_date(now, ZoneInfo(zone))), minute, zone)
    check(moment, now)
    return moment


def check(moment: Moment, now: int) -> None:
    """Raises ExamDayPast, ExamDayFar."""
    if moment.over_at <= now:
        raise ExamDayPast
    if moment.day > local_date(now, moment.place) + timedelta(days=AHEAD_AT_MOST):
        raise ExamDayFar
