"""When the reminders of the target dates of study groups are owed."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.core.deliveries import is_off
from bot.core.exam_dates import Moment
from bot.core.reminders import Reminder, ReminderSettings, reminders
from bot.core.schedule import local_date
from bot.storage import group_dates as store
from bot.storage.database import Database, Statement


def coming(day: date, zone: ZoneInfo, now: int) -> list[Reminder]:
    """What is still to come before a target date, by the clock of the group's guild."""
    return reminders(Moment(day, None, zone.key), ReminderSettings(), now)


async def replan(db: Database, guild_id: int, zone: ZoneInfo, now: int) -> list[Statement]:
    """What moves the reminders to come of a guild's groups to a zone, and owes those that are missing."""
    found: list[Statement] = []
    for dated in await store.dated(db, earliest(now), guild_id):
        found += await mending(db, dated, zone, now)
    return found


async def mending(db: Database, dated: store.Dated, zone: ZoneInfo, now: int) -> list[Statement]:
    """What mends the reminders of one group; nothing where they are as they should be. What is due by now, went out, or
    was given up stays."""
    about = f"{dated.group_id}.{dated.day.isoformat()}."
    named = await store.named(db, dated.guild_id, about)
    return [
        store.owe(dated.guild_id, dated.key, dated.day, due)
        for due in coming(dated.day, zone, now)
        if is_off(due.due_at, named.get(f"{about}{due.offset}"), now)
    ]


def earliest(now: int) -> date:
    """The first target date of which something may be to come, in whatever zone."""
    return local_date(now, ZoneInfo("UTC")) - timedelta(days=1)
