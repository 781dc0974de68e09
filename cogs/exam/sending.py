"""Carrying reminders of exams: a direct message, or a word in the server's channel without what is private."""

import discord
from discord import ui

from bot.client import StudyBot
from bot.client.permissions import own_permissions
from bot.core.deliveries import DMS_CLOSED, Delivery, Undeliverable
from cogs.exam import reminding
from cogs.ui.direct import private_channel


async def send_privately(bot: StudyBot, user_id: int, view: ui.LayoutView, delivery: Delivery) -> int:
    """A direct message. Raises Undeliverable; discord.py's errors pass through."""
    channel_id = await private_channel(bot, user_id)
    if channel_id is None:
        raise Undeliverable(DMS_CLOSED)
    await bot.pace()
    return (await bot.get_partial_messageable(channel_id).send(view=view, nonce=delivery.nonce)).id


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
    private = await private_channel(bot, user_id)
    own = [] if private is None else [private]
    if channel_id is None:
        return own
    permissions = await own_permissions(bot, guild_id, channel_id)
    if not permissions.read_message_history:
        raise Undeliverable("can't read the history to see if it was sent")
    return [channel_id, *own]


class ReminderSender:
    """Handler of reminders."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        due = await self._bot.services.reminders.prepare(delivery)
        user_id = due.date.user_id
        if due.channel_id is not None:
            view = reminding.in_server(due, delivery.id)
            try:
                return await send_naming(self._bot, due.guild_id, due.channel_id, user_id, view, delivery)
            except (discord.Forbidden, discord.NotFound):
                pass  # the channel is gone or closed to the bot: then as others get it
        return await send_privately(self._bot, user_id, reminding.reminder(due, delivery.id), delivery)

    async def places(self, delivery: Delivery) -> list[int]:
        due = await self._bot.services.reminders.prepare(delivery)
        return await places_of(self._bot, due.guild_id, due.channel_id, due.date.user_id)


class UnreachedSender:
    """Handler of words to those whose direct messages are closed."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        post = await self._bot.services.unreached.prepare(delivery)
        view = reminding.unreached(post, delivery.id)
        return await send_naming(self._bot, post.guild_id, post.channel_id, post.user_id, view, delivery)

    async def places(self, delivery: Delivery) -> list[int]:
        return [(await self._bot.services.unreached.prepare(delivery)).channel_id]
