"""Carrying reminders of exams: a direct message, or a word in the server's channel without what is private."""

from collections.abc import Callable

import discord
from discord import ui

from bot.client import StudyBot
from bot.client.courier import mark
from bot.client.permissions import own_permissions
from bot.core.deliveries import Delivery, Undeliverable
from cogs.exam import reminding
from cogs.exam.ids import write_occurrence
from cogs.ui.direct import private_places, send_privately


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


class ReminderSender:
    """Handler of reminders."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        due = await self._bot.services.reminders.prepare(delivery)
        user_id, see = due.date.user_id, mark(f"exam:see:{write_occurrence(due.occurrence)}", delivery.id)
        return await send_to_learner(
            self._bot, user_id, due.guild_id, due.channel_id, delivery,
            public=lambda: reminding.in_server(user_id, see),
            private=lambda: reminding.reminder(due, delivery.id),
        )  # fmt: skip

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
