"""The way to a person's direct messages."""

import discord
from discord import ui

from bot.client import StudyBot
from bot.core.deliveries import DMS_CLOSED, Delivery, Undeliverable


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


async def send_privately(bot: StudyBot, user_id: int | None, view: ui.LayoutView, delivery: Delivery) -> int:
    """A direct message. Raises Undeliverable; discord.py's errors pass through."""
    channel_id = await private_channel(bot, user_id)
    if channel_id is None:
        raise Undeliverable(DMS_CLOSED)
    await bot.pace()
    return (await bot.get_partial_messageable(channel_id).send(view=view, nonce=delivery.nonce)).id


async def private_places(bot: StudyBot, user_id: int | None) -> list[int]:
    """Where an earlier attempt's direct message would be."""
    channel_id = await private_channel(bot, user_id)
    return [] if channel_id is None else [channel_id]
