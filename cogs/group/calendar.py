"""Study sessions in the server's own calendar: Discord's scheduled events."""

from datetime import UTC, datetime

import discord

from bot.client import StudyBot
from bot.core.meetings import Meeting

EXTERNAL, VOICE, GUILD_ONLY = 3, 2, 2


async def make_event(bot: StudyBot, meeting: Meeting, place_id: int, *, again: bool) -> tuple[int | None, str]:
    """Put a session into the server's own calendar; returns the event's id, or why there is none.

    `again` after an attempt whose end is unknown: the event may be there. Raises what may pass by itself.
    """
    try:
        if again and (found := await _find_event(bot, meeting)) is not None:
            return found, ""
        await bot.pace()
        where = f"https://discord.com/channels/{meeting.guild_id}/{meeting.where_id or place_id}"
        place = (
            {"entity_type": VOICE, "channel_id": meeting.where_id}
            if meeting.voice
            else {"entity_type": EXTERNAL, "entity_metadata": {"location": where}}
        )
        event = await bot.http.create_guild_scheduled_event(
            meeting.guild_id,
            name=meeting.title,
            privacy_level=GUILD_ONLY,
            scheduled_start_time=_iso(meeting.starts_at),
            scheduled_end_time=_iso(meeting.ends_at),
            **place,
        )
    except discord.Forbidden:
        return None, "No event in the server's calendar: the bot needs the permission Create Events"
    except discord.HTTPException as error:
        if error.status >= 500 or error.status in (408, 429):
            raise
        return None, "No event in the server's calendar: Discord did not take it"
    return int(event["id"]), ""


async def _find_event(bot: StudyBot, meeting: Meeting) -> int | None:
    await bot.pace()
    for event in await bot.http.get_scheduled_events(meeting.guild_id, False):
        own = bot.user is not None and str(event.get("creator_id")) == str(bot.user.id)
        if own and event["name"] == meeting.title and _starts(event["scheduled_start_time"]) == meeting.starts_at:
            return int(event["id"])
    return None


async def drop_event(bot: StudyBot, meeting: Meeting) -> None:
    """Take a cancelled session out of the calendar."""
    if meeting.event_id is None:
        return
    await bot.pace()
    try:
        await bot.http.delete_scheduled_event(meeting.guild_id, meeting.event_id)
    except (discord.NotFound, discord.Forbidden):
        return


def _iso(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).isoformat()


def _starts(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
