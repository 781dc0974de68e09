"""Private messages to the organiser who set a server up, falling back to its channel without what is private."""

import discord

from bot.client import StudyBot
from bot.core.deliveries import DMS_CLOSED, Delivery, Undeliverable
from cogs.setup import render
from cogs.ui.direct import private_channel


class NoticeSender:
    """Handler of notices."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        entry = await self._bot.services.flags.prepare_notice(delivery)
        channel_id = await private_channel(self._bot, delivery.user_id)
        if channel_id is not None:
            guild = self._bot.get_guild(entry.guild_id)
            view = render.notice(entry, (guild.name if guild else "") or "your server", delivery.id)
            await self._bot.pace()
            try:
                message = await self._bot.get_partial_messageable(channel_id).send(view=view, nonce=delivery.nonce)
            except discord.Forbidden:
                pass
            else:
                return message.id
        if entry.flagged is None:
            # The channel itself is what failed; /setup shows it.
            raise Undeliverable(DMS_CLOSED)
        await self._bot.pace()
        channel = self._bot.get_partial_messageable(entry.channel_id, guild_id=entry.guild_id)
        message = await channel.send(view=render.fallback_notice(delivery.id), nonce=delivery.nonce)
        return message.id

    async def places(self, delivery: Delivery) -> list[int]:
        # An earlier attempt may have fallen back to the channel.
        fallback = (await self._bot.services.flags.prepare_notice(delivery)).channel_id
        private = await private_channel(self._bot, delivery.user_id)
        return [fallback] if private is None else [private, fallback]
