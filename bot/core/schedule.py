"""Local calendars: when a time of day happens on a local date, in any IANA zone."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.errors import TimeUnreadable


@dataclass(frozen=True, slots=True)
class Schedule:
    """Once per local date at a time of day, `minute` minutes after midnight, in `zone`."""

    minute: int
    zone: ZoneInfo

    @property
    def time(self) -> time:
        return time(*divmod(self.minute, 60))


def local_date(instant: int, zone: ZoneInfo) -> date:
    """The calendar day in `zone` at `instant` (UTC seconds)."""
    return datetime.fromtimestamp(instant, zone).date()


def first_instant(day: date, at: time, zone: ZoneInfo) -> int:
    """The first instant (UTC seconds) at which a wall clock in `zone` has reached `at` on `day`.

    A repeated hour gives its first passage; a skipped one the instant of the jump.
    """
    wanted = datetime.combine(day, at)
    late, early = (int(wanted.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1))
    if datetime.fromtimestamp(late, zone).replace(tzinfo=None) == wanted:
        return late
    # Skipped: PEP 495 puts the two readings on either side of the jump, so the jump lies between.
    while early < late:
        middle = (early + late) // 2
        if datetime.fromtimestamp(middle, zone).replace(tzinfo=None) >= wanted:
            late = middle
        else:
            early = middle + 1
    return late


def instant_at(day: date, minute: int, zone: ZoneInfo) -> int:
    """The same for a time in minutes after midnight."""
    return first_instant(day, time(*divmod(minute, 60)), zone)


def occurrence(schedule: Schedule, day: date) -> int | None:
    """When `schedule` happens on `day` (UTC seconds); None where the zone never had that day (Apia, 30 December 2011)."""
    if local_date(first_instant(day, time.min, schedule.zone), schedule.zone) != day:
        return None
    return first_instant(day, schedule.time, schedule.zone)


def next_occurrence(schedule: Schedule, after: int) -> tuple[date, int]:
    """The first occurrence later than the instant `after`, with the local date it belongs to."""
    day = local_date(after, schedule.zone) - timedelta(days=1)
    while True:
        instant = occurrence(schedule, day)
        if instant is not None and instant > after:
            return day, instant
        day += timedelta(days=1)


def latest_occurrence(schedule: Schedule, now: int) -> tuple[date, int]:
    """The last occurrence at or before `now`: what a bot that was down still owes, once."""
    day = local_date(now, schedule.zone) + timedelta(days=1)
    while True:
        instant = occurrence(schedule, day)
        if instant is not None and instant <= now:
            return day, instant
        day -= timedelta(days=1)


_CLOCK = re.compile(r"^\s*(\d{1,2})(?:[:.h](\d{2}))?\s*([ap])?\.?(?:m\.?)?\s*$", re.IGNORECASE)


def parse_time(text: str) -> int:
    """Minutes after midnight from what people type: 9, 09:00, 9.30, 9 am, 5:30pm, noon. Raises TimeUnreadable."""
    words = {"noon": 720, "midday": 720, "midnight": 0}
    if (word := text.strip().lower()) in words:
        return words[word]
    match = _CLOCK.match(text)
    if match is None:
        raise TimeUnreadable(text=text.strip()[:40])
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half and not 1 <= hour <= 12:
        raise TimeUnreadable(text=text.strip()[:40])
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        raise TimeUnreadable(text=text.strip()[:40])
    return hour * 60 + minute
