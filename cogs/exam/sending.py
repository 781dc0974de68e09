"""Carrying reminders of exams: a direct message, or a word in the server's channel without what is private."""

import discord
from discord import ui

from bot.client import StudyBot
from bot.client.permissions import own_permissions
from bot.core.deliveries import Delivery, Undeliverable
from cogs.exam import reminding


async def private_channel(bot: StudyBot, user_id: int) -> int:
    """The channel of direct messages with somebody. discord.py's errors pass through."""
    await bot.pace()
    return (await bot.create_dm(discord.Object(user_id))).id


async def send_privately(bot: StudyBot, user_id: int, view: ui.LayoutView, delivery: Delivery) -> int:
    """A direct message; discord.py's errors pass through."""
    channel_id = await private_channel(bot, user_id)
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
        private = await private_channel(self._bot, due.date.user_id)
        if due.channel_id is None:
            return [private]
        permissions = await own_permissions(self._bot, due.guild_id, due.channel_id)
        if not permissions.read_message_history:
            raise Undeliverable("can't read the history to see if it was sent")
        return [due.channel_id, private]


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
