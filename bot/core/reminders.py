"""When a learner is reminded of an exam: days before it, in the reader's own zone, never in their quiet hours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.deliveries import HOUR
from bot.core.exam_dates import Moment
from bot.core.schedule import first_instant, local_date

OFFSETS = (30, 14, 7, 3, 1, 0)
"""Days before the exam; 0 is its morning."""

OFFSETS_AT_MOST = 12
OFFSET_AT_MOST = 365

AT = 9 * 60
MORNING = 7 * 60
BEFORE_START = 2 * HOUR
"""The last reminder comes in the morning, or this long before an exam that begins early."""

MORNING_USEFUL = 5 * HOUR
"""For how long the last reminder is worth sending where the time of the exam is not known."""


class WhereTo(StrEnum):
    DM = "dm"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours without messages, in minutes after midnight; they may go over midnight."""

    start: int
    end: int

    def __contains__(self, minute: int) -> bool:
        if self.start <= self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


@dataclass(frozen=True, slots=True)
class ReminderSettings:
    """What a learner chose. `zone` is empty where they chose none; `revision` counts changes of these and of their dates."""

    zone: str = ""
    offsets: tuple[int, ...] = OFFSETS
    quiet: Quiet | None = None
    where_to: WhereTo = WhereTo.DM
    revision: int = 0

    def zone_for(self, moment: Moment) -> ZoneInfo:
        """The reader's zone, as far as is known."""
        return ZoneInfo(self.zone) if self.zone else moment.place


@dataclass(frozen=True, slots=True)
class Reminder:
    """One occurrence. `offset` in days; due and useful until in UTC seconds."""

    offset: int
    due_at: int
    useful_until: int


def reminders(moment: Moment, settings: ReminderSettings, now: int) -> list[Reminder]:
    """What is still to come of the reminders of an exam, the first one first. Each is useful until the next, or until
    the exam."""
    zone = settings.zone_for(moment)
    last = ends_at(moment, zone)
    wished = [(_due(moment, offset, zone), offset) for offset in sorted(set(settings.offsets), reverse=True)]
    planned = [(due, offset) for due, offset in wished if due < last]
    found: list[Reminder] = []
    for place, (due, offset) in enumerate(planned):
        until = planned[place + 1][0] if place + 1 < len(planned) else last
        moved = outside(settings.quiet, due, zone)
        if moved >= until:
            # At the end of the quiet hours it would come too late, so it comes before they begin.
            moved = _before(settings.quiet, due, zone)
        if moved > now:
            found.append(Reminder(offset, moved, until))
    return found


def ends_at(moment: Moment, zone: ZoneInfo) -> int:
    """Until when a reminder of it is worth sending (UTC seconds)."""
    if moment.minute is None:
        return first_instant(moment.day, _clock(MORNING), zone) + MORNING_USEFUL
    return moment.starts_at


def _due(moment: Moment, offset: int, zone: ZoneInfo) -> int:
    day = moment.seen_from(zone)
    if offset:
        return first_instant(day - timedelta(days=offset), _clock(AT), zone)
    morning = first_instant(day, _clock(MORNING), zone)
    return morning if moment.minute is None else min(morning, moment.starts_at - BEFORE_START)


def outside(quiet: Quiet | None, instant: int, zone: ZoneInfo) -> int:
    """The instant itself, or the end of the quiet hours that it falls into."""
    if quiet is None or _minute(instant, zone) not in quiet:
        return instant
    day = local_date(instant, zone)
    for ahead in (0, 1):
        end = first_instant(day + timedelta(days=ahead), _clock(quiet.end), zone)
        if end > instant:
            return end
    return instant


def _before(quiet: Quiet | None, instant: int, zone: ZoneInfo) -> int:
    """A minute before the quiet hours that an instant falls into begin."""
    if quiet is None:
        return instant
    day = local_date(instant, zone)
    starts = (first_instant(day - timedelta(days=back), _clock(quiet.start), zone) for back in (0, 1))
    return next(start for start in starts if start <= instant) - 60


class Snooze(StrEnum):
    HOUR = "hour"
    EVENING = "evening"
    TOMORROW = "tomorrow"


EVENING, NEXT_MORNING = 19 * 60, 9 * 60


def snoozed(choice: Snooze, settings: ReminderSettings, zone: ZoneInfo, now: int) -> int:
    """When a reminder that was put off comes again (UTC seconds). An evening that has begun is tomorrow's."""
    today = local_date(now, zone)
    match choice:
        case Snooze.HOUR:
            due = now + HOUR
        case Snooze.EVENING:
            due = first_instant(today, _clock(EVENING), zone)
            if due <= now:
                due = first_instant(today + timedelta(days=1), _clock(EVENING), zone)
        case Snooze.TOMORROW:
            due = first_instant(today + timedelta(days=1), _clock(NEXT_MORNING), zone)
    return outside(settings.quiet, due, zone)


def days_left(moment: Moment, zone: ZoneInfo, now: int) -> int:
    """Whole days on the reader's calendar."""
    return (moment.seen_from(zone) - local_date(now, zone)).days


def write_offsets(offsets: Iterable[int]) -> str:
    return " ".join(map(str, sorted(set(offsets), reverse=True)))


def read_offsets(text: str) -> tuple[int, ...]:
    return tuple(int(word) for word in text.split())


def _minute(instant: int, zone: ZoneInfo) -> int:
    local = datetime.fromtimestamp(instant, zone)
    return local.hour * 60 + local.minute


def _clock(minute: int) -> time:
    return time(*divmod(minute, 60))
