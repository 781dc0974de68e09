"""Study sessions of a group, called meetings in code: when they are, as people type it, and who may say that they are there."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from bot.core.days import WEEKDAYS, name_of, parse_day
from bot.core.errors import DayUnreadable, TimeUnreadable
from bot.core.meeting_errors import WhenPast, WhenUnreadable
from bot.core.schedule import instant_at, local_date, parse_time

REMIND_BEFORE = 30 * 60
"""Seconds before the start at which the reminder goes out."""

HERE_BEFORE = 15 * 60
"""Seconds before the start from which people can say that they are there."""

AHEAD_AT_MOST = 366 * 86_400
"""How far ahead a meeting can be planned, in seconds."""

MINUTES_AT_LEAST, MINUTES_AT_MOST, MINUTES = 10, 480, 60
TITLE_AT_MOST = 80
UPCOMING_AT_MOST = 10
"""Meetings that a group may have planned at once."""


class MeetingState(IntEnum):
    """A DRAFT waits for its host's yes."""

    DRAFT = 0
    PLANNED = 1
    CANCELLED = 2
    OVER = 3


@dataclass(frozen=True, slots=True)
class Meeting:
    """A study session. `where_id` is the voice or text channel, None for the group's own place; instants are UTC seconds."""

    id: int
    guild_id: int
    group_id: int
    host_id: int
    title: str
    starts_at: int
    ends_at: int
    where_id: int | None
    voice: bool
    state: MeetingState
    event_id: int | None
    channel_id: int | None
    message_id: int | None
    delivery_id: int | None
    fault: str = ""

    @property
    def minutes(self) -> int:
        return (self.ends_at - self.starts_at) // 60

    def is_over(self, now: int) -> bool:
        return self.state is MeetingState.OVER or self.ends_at <= now


@dataclass(frozen=True, slots=True)
class Attendance:
    """Those who come, or came: the ones who may be named, and how many prefer not to be."""

    named: tuple[int, ...] = ()
    unnamed: int = 0

    @property
    def total(self) -> int:
        return len(self.named) + self.unnamed


def parse_when(text: str, zone: ZoneInfo, now: int) -> int:
    """The instant (UTC seconds) that somebody in `zone` means: 2026-12-01 19:00, tomorrow 7 pm, Fri 19:30, 7 pm.

    A time alone is the next time the clock shows it. An hour that is skipped gives the instant of the jump, one that
    is repeated its first passage. Raises WhenUnreadable, and WhenPast for what is over or more than a year ahead.
    """
    today = local_date(now, zone)
    words = text.lower().replace(",", " ").split()
    words = [word for word in words if word not in ("at", "@", "on")]
    if len(words) == 1 and re.fullmatch(r"\d{4}-\d{2}-\d{2}t\d{2}:\d{2}", words[0]):
        words = words[0].split("t")
    for cut in range(len(words)):
        day_text, time_text = " ".join(words[:cut]), " ".join(words[cut:])
        try:
            minute = parse_time(time_text)
            day = parse_day(day_text, today) if day_text else today
        except (TimeUnreadable, DayUnreadable):
            continue
        if day_text == "tonight" and minute < 12 * 60 and "a" not in time_text:
            minute += 12 * 60
        return _ahead(instant_at(day, minute, zone), day_text, today, minute, zone, now)
    raise WhenUnreadable(text=text.strip()[:40])


def _ahead(instant: int, day_text: str, today: date, minute: int, zone: ZoneInfo, now: int) -> int:
    """Move what names no date to its next occurrence, and refuse what is past."""
    if instant <= now and not day_text:
        instant = instant_at(today + timedelta(days=1), minute, zone)
    elif instant <= now and name_of(day_text.rstrip("."), WEEKDAYS) is not None:
        instant = instant_at(today + timedelta(days=7), minute, zone)
    if not now < instant <= now + AHEAD_AT_MOST:
        raise WhenPast
    return instant


def reads_as(instant: int, zone: ZoneInfo) -> str:
    """How an instant is called in `zone`, for those who want to see what was understood."""
    local = datetime.fromtimestamp(instant, zone)
    return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M} ({zone.key})"
