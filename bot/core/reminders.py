"""When a learner is reminded of an exam: days before it, in the reader's own zone, never in their quiet hours."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.deliveries import HOUR, Delivery, Retry
from bot.core.errors import UserError
from bot.core.exam_dates import Moment
from bot.core.exam_errors import OffsetsUnreadable, QuietUnreadable
from bot.core.schedule import instant_at, local_date, parse_time

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


_SPAN = re.compile(r"\s*(.+?)\s*(?:-|–|to|until|till)\s*(.+?)\s*", re.IGNORECASE)


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
    return [each for each in _all(moment, settings) if each.due_at > now]


def present(moment: Moment, settings: ReminderSettings, now: int) -> Reminder | None:
    """The last reminder that is due by now, while it is useful."""
    due = [each for each in _all(moment, settings) if each.due_at <= now]
    return due[-1] if due and now < due[-1].useful_until else None


def _all(moment: Moment, settings: ReminderSettings) -> list[Reminder]:
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
        if found and moved < found[-1].useful_until:
            found[-1] = replace(found[-1], useful_until=moved)
        found.append(Reminder(offset, moved, until))
    return found


def ends_at(moment: Moment, zone: ZoneInfo) -> int:
    """Until when a reminder of it is worth sending (UTC seconds)."""
    if moment.minute is None:
        return instant_at(moment.day, MORNING, zone) + MORNING_USEFUL
    return moment.starts_at


def _due(moment: Moment, offset: int, zone: ZoneInfo) -> int:
    day = moment.seen_from(zone)
    if offset:
        return instant_at(day - timedelta(days=offset), AT, zone)
    morning = instant_at(day, MORNING, zone)
    return morning if moment.minute is None else min(morning, moment.starts_at - BEFORE_START)


def outside(quiet: Quiet | None, instant: int, zone: ZoneInfo) -> int:
    """The instant itself, or the end of the quiet hours that it falls into."""
    if quiet is None or _minute(instant, zone) not in quiet:
        return instant
    day = local_date(instant, zone)
    for ahead in (0, 1):
        end = instant_at(day + timedelta(days=ahead), quiet.end, zone)
        if end > instant:
            return end
    return instant


def keep_quiet(delivery: Delivery, settings: ReminderSettings, zone: ZoneInfo, now: int) -> None:
    """Raises Retry in a learner's quiet hours, which a message that is late may meet, if it is still of use after them."""
    later = outside(settings.quiet, now, zone)
    if delivery.unsure_since is None and now < later < delivery.useful_until:
        raise Retry("quiet hours", unsure=False, after=later - now)


def _before(quiet: Quiet | None, instant: int, zone: ZoneInfo) -> int:
    """A minute before the quiet hours that an instant falls into begin."""
    if quiet is None:
        return instant
    day = local_date(instant, zone)
    starts = (instant_at(day - timedelta(days=back), quiet.start, zone) for back in (0, 1))
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
            due = instant_at(today, EVENING, zone)
            if due <= now:
                due = instant_at(today + timedelta(days=1), EVENING, zone)
        case Snooze.TOMORROW:
            due = instant_at(today + timedelta(days=1), NEXT_MORNING, zone)
    return outside(settings.quiet, due, zone)


def days_left(moment: Moment, zone: ZoneInfo, now: int) -> int:
    """Whole days on the reader's calendar."""
    return (moment.seen_from(zone) - local_date(now, zone)).days


def write_offsets(offsets: Iterable[int]) -> str:
    return " ".join(map(str, sorted(set(offsets), reverse=True)))


def read_offsets(text: str) -> tuple[int, ...]:
    return tuple(int(word) for word in text.split())


def parse_offsets(text: str) -> tuple[int, ...]:
    """Days before an exam as people type them; “none” stops all, the empty text is the usual. Raises OffsetsUnreadable."""
    typed = text.strip().lower()
    if not typed:
        return OFFSETS
    if typed in ("none", "never", "off"):
        return ()
    words = re.split(r"[\s,;]+(?:and\s+)?", typed)
    sound = all(re.fullmatch(r"[0-9]{1,4}", word) for word in words)
    numbers = sorted({int(word) for word in words}, reverse=True) if sound else []
    if not 0 < len(numbers) <= OFFSETS_AT_MOST or numbers[0] > OFFSET_AT_MOST:
        raise OffsetsUnreadable(text=text.strip()[:40], most=OFFSETS_AT_MOST, longest=OFFSET_AT_MOST)
    return tuple(numbers)


def parse_quiet(text: str) -> Quiet | None:
    """A span of hours as people type it; nothing, or “none”, is no quiet hours. Raises QuietUnreadable."""
    typed = text.strip()
    if typed.lower() in ("", "none", "off", "no"):
        return None
    match = _SPAN.fullmatch(typed)
    try:
        quiet = Quiet(parse_time(match[1]), parse_time(match[2])) if match else None
    except UserError:
        quiet = None
    if quiet is None or quiet.start == quiet.end:
        raise QuietUnreadable(text=typed[:40])
    return quiet


def _minute(instant: int, zone: ZoneInfo) -> int:
    local = datetime.fromtimestamp(instant, zone)
    return local.hour * 60 + local.minute
