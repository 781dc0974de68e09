"""The way to a person's direct messages."""

import discord

from bot.client import StudyBot


async def private_channel(bot: StudyBot, user_id: int | None) -> int | None:
    """The channel of direct messages with somebody; None where there is nobody, or Discord opens none."""
    if not user_id:
        return None
    await bot.pace()
    try:
        channel = await bot.create_dm(discord.Object(user_id))
    except (discord.Forbidden, discord.NotFound):
        return None
    return channel.id
