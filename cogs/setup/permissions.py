"""What the bot needs in the channel of the daily question, in the words of Discord's own settings."""

from dataclasses import dataclass

import aiohttp
import discord

from bot.client import StudyBot
from bot.client.permissions import look_at

# Name in discord.py, name in Discord's settings, and what fails without it.
NEEDED = (
    ("view_channel", "View Channel", "the bot can't see the channel"),
    ("send_messages", "Send Messages", "nothing can be posted"),
    ("read_message_history", "Read Message History", "after a crash the bot can't see whether it has posted already"),
)
WANTED = (
    ("attach_files", "Attach Files", "the reveal comes without its chart"),
    ("create_public_threads", "Create Public Threads", "reveals get no discussion thread"),
    ("send_messages_in_threads", "Send Messages in Threads", "the thread stays empty"),
    ("create_private_threads", "Create Private Threads", "study groups get no thread of their own"),
    ("create_events", "Create Events", "study sessions are not in the server's calendar"),
)

INVITE = discord.Permissions(**{name: True for name, _, _ in (*NEEDED, *WANTED)})
"""The permissions to ask for in the invite link."""


@dataclass(frozen=True, slots=True)
class Check:
    """Sentences on what is missing: `blocking` stops the daily question, `limiting` takes something away."""

    blocking: tuple[str, ...]
    limiting: tuple[str, ...]


def check(permissions: discord.Permissions, role: discord.Role | None = None) -> Check:
    """Compare the bot's permissions in a channel with what it needs; `role` is the one to ping, if any."""
    blocking = [
        f"**{title}** is missing: {effect}." for name, title, effect in NEEDED if not getattr(permissions, name)
    ]
    limiting = [
        f"**{title}** is missing: {effect}." for name, title, effect in WANTED if not getattr(permissions, name)
    ]
    if role is not None and not role.mentionable and not permissions.mention_everyone:
        limiting.append(f"The role {role.mention} can't be pinged: make it mentionable in its settings.")
    return Check(tuple(blocking), tuple(limiting))


async def check_channel(bot: StudyBot, guild_id: int, channel_id: int, role_id: int | None) -> Check:
    """The check for a guild's chosen channel, asked of Discord."""
    try:
        place = await look_at(bot, guild_id, channel_id, role_id)
    except (discord.NotFound, discord.Forbidden, discord.InvalidData):
        return Check((f"The channel <#{channel_id}> is gone, or the bot can't see it. Choose another.",), ())
    except (discord.HTTPException, aiohttp.ClientError, OSError):
        return Check((), ("The permissions could not be looked at just now. Open /setup again in a minute.",))
    found = check(place.permissions, place.role)
    if role_id is not None and place.role is None:
        return Check(found.blocking, (*found.limiting, "The role to ping is gone: choose another, or none."))
    return found
