"""The way to a person: their direct messages, or a word in a server without what is private."""

from collections.abc import Callable

import discord
from discord import ui

from bot.client import StudyBot
from bot.client.permissions import own_permissions
from bot.core.deliveries import DMS_CLOSED, Delivery, Undeliverable
from cogs.ui.layout import GREY, button, footer, layout, row


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


async def send_to_learner(
    bot: StudyBot,
    user_id: int,
    guild_id: int,
    channel_id: int | None,
    delivery: Delivery,
    *,
    public: Callable[[], ui.LayoutView],
    private: Callable[[], ui.LayoutView],
) -> int:
    """What is a learner's own: a word in a server's channel, where there is one and it is open, or else a direct message."""
    if channel_id is not None:
        try:
            return await send_naming(bot, guild_id, channel_id, user_id, public(), delivery)
        except (discord.Forbidden, discord.NotFound):
            pass  # the channel is gone or closed to the bot: then as others get it
    return await send_privately(bot, user_id, private(), delivery)


async def send_naming(
    bot: StudyBot, guild_id: int, channel_id: int, user_id: int, view: ui.LayoutView, delivery: Delivery
) -> int:
    """A message in a server's channel that pings the one person it is for."""
    await bot.pace()
    place = bot.get_partial_messageable(channel_id, guild_id=guild_id)
    naming = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(user_id)])
    return (await place.send(view=view, nonce=delivery.nonce, allowed_mentions=naming)).id


async def places_of(bot: StudyBot, guild_id: int, channel_id: int | None, user_id: int) -> list[int]:
    """Where an earlier attempt's message would be: in the server's channel, if it goes there, or in direct messages.
    Raises Undeliverable where that can't be seen."""
    own = await private_places(bot, user_id)
    if channel_id is None:
        return own
    permissions = await own_permissions(bot, guild_id, channel_id)
    if not permissions.read_message_history:
        raise Undeliverable("can't read the history to see if it was sent")
    return [channel_id, *own]


def in_server(user_id: int, custom_id: str) -> ui.LayoutView:
    """In a channel: that there is a reminder, and nothing of what it says. The button opens it to the learner alone."""
    return layout(
        f"<@{user_id}>, a reminder of yours is due.",
        row(button("Show it to me", custom_id)),
        footer("Only the person named can open it", "/remind settings changes where reminders go"),
        accent=GREY,
    )
