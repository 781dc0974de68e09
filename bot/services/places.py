"""Where in a server what is a learner's own is told, without what is private."""

from bot.core.reminders import ReminderSettings, WhereTo
from bot.storage import group_members, guilds
from bot.storage.database import Database


async def public_place(db: Database, settings: ReminderSettings, guild_id: int, user_id: int, exam: str) -> int | None:
    """The thread of a study group that the learner is in, or else the channel of the daily question; None where it goes to
    them alone."""
    if settings.where_to is not WhereTo.SERVER or not guild_id:
        return None
    server = await guilds.get(db, guild_id)
    if server is None or not server.active:
        return None
    return await group_members.thread_of(db, guild_id, user_id, exam) or server.channel_id
