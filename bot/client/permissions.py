"""What the bot may do in a channel, asked of Discord: the client keeps neither channels nor roles."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

if TYPE_CHECKING:
    from bot.client.studybot import StudyBot


@dataclass(frozen=True, slots=True)
class Place:
    """A channel as the bot finds it. `role` is the one asked for, None where it is gone."""

    permissions: discord.Permissions
    role: discord.Role | None


async def own_permissions(bot: "StudyBot", guild_id: int, channel_id: int) -> discord.Permissions:
    """Raises discord.HTTPException; NotFound and Forbidden mean that the channel is gone or hidden."""
    return (await look_at(bot, guild_id, channel_id)).permissions


async def look_at(bot: "StudyBot", guild_id: int, channel_id: int, role_id: int | None = None) -> Place:
    """The bot's permissions in a channel, and a role. Raises discord.HTTPException like `own_permissions`."""
    assert bot.user is not None
    guild = await bot.fetch_guild(guild_id, with_counts=False)
    member, channel = await asyncio.gather(guild.fetch_member(bot.user.id), guild.fetch_channel(channel_id))
    if isinstance(channel, discord.Thread):
        channel = await guild.fetch_channel(channel.parent_id)
    return Place(channel.permissions_for(member), guild.get_role(role_id) if role_id else None)
