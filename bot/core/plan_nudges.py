"""When the message of a plan's week comes: on Monday morning in the learner's zone, until the exam."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.exam_dates import Moment
from bot.core.plan import WEEK, monday
from bot.core.reminders import Quiet, ReminderSettings, outside
from bot.core.schedule import first_instant, local_date

AT = time(9)

USEFUL_DAYS = 2
"""On Wednesday the week is half over."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """The message of the week that begins on `monday`; due and useful until in UTC seconds."""

    monday: date
    due_at: int
    useful_until: int


def next_nudge(moment: Moment, settings: ReminderSettings, now: int, after: date | None = None) -> Nudge | None:
    """The message of the week after that of a day, today if none is given, for an exam at that moment; on the reader's
    clock."""
    zone = settings.zone_for(moment)
    return nudge_after(after or local_date(now, zone), moment.seen_from(zone), zone, settings.quiet, now)


def nudge_after(day: date, exam_day: date, zone: ZoneInfo, quiet: Quiet | None, now: int) -> Nudge | None:
    """The first one of a week after that of `day` that is still worth sending; None where the exam comes first."""
    week = monday(day) + timedelta(days=WEEK)
    while week < exam_day:
        due_at = outside(quiet, first_instant(week, AT, zone), zone)
        useful_until = first_instant(min(week + timedelta(days=USEFUL_DAYS), exam_day), time.min, zone)
        if useful_until > max(now, due_at):
            return Nudge(week, due_at, useful_until)
        week += timedelta(days=WEEK)
    return None
