"""Sending what the daily question owes: the post, the reveal with its thread, and the count of answers."""

import logging

import discord

from bot.client import StudyBot
from bot.core.daily import Round
from bot.core.deliveries import Delivery, Retry
from bot.log import fields
from bot.services.daily import Reveal
from cogs.daily import render
from cogs.ui.pictures import distribution_file

log = logging.getLogger(__name__)

THREAD_EXISTS = 160004
TALLY_EVERY = 20.0
"""Seconds between edits of a post's count of answers."""
AGAIN_IN = 3.0
"""Seconds from a press on a post that should show its reveal to that reveal."""


class PostSender:
    """Handler of daily posts."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        post = await self._bot.services.daily.prepare_post(delivery)
        channel = self._bot.get_partial_messageable(post.round.channel_id, guild_id=delivery.guild_id)
        pinged = [discord.Object(post.role_id)] if post.role_id else False
        await self._bot.pace()
        message = await channel.send(
            view=render.question(post, self._bot.services.study.areas(post.round.item)),
            nonce=delivery.nonce,
            allowed_mentions=discord.AllowedMentions(everyone=False, users=False, roles=pinged),
        )
        log.info(
            "daily posted", extra=fields(guild=delivery.guild_id, round=post.round.id, late=post.round.late or None)
        )
        return message.id

    async def places(self, delivery: Delivery) -> list[int]:
        return [(await self._bot.services.daily.prepare_post(delivery)).round.channel_id]


class RevealSender:
    """Handler of reveals: an edit that may be repeated, then a thread, then one message in it."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        reveal = await self._bot.services.daily.prepare_reveal(delivery)
        await show_reveal(self._bot, reveal)
        return await self._discuss(reveal.round, delivery)

    async def places(self, delivery: Delivery) -> list[int]:
        # A thread started from a message has the message's id.
        thread_id = (await self._bot.services.daily.prepare_reveal(delivery)).round.message_id or 0
        await self._bot.pace()
        try:
            await self._bot.http.get_channel(thread_id)
        except discord.NotFound:
            return []
        return [thread_id]

    async def _discuss(self, round_: Round, delivery: Delivery) -> int | None:
        message = _message(self._bot, round_)
        if self._bot.get_guild(round_.guild_id) is None:
            raise Retry("server not available", unsure=False)
        await self._bot.pace()
        try:
            await message.create_thread(name=f"Question {round_.number}: discussion", auto_archive_duration=1440)
        except discord.Forbidden:
            # Without the permission to open threads the reveal itself still stands; /setup names what is missing.
            return None
        except discord.HTTPException as error:
            if error.code != THREAD_EXISTS:
                raise
        await self._bot.pace()
        thread = self._bot.get_partial_messageable(message.id, guild_id=round_.guild_id)
        try:
            await thread.send(view=render.discussion(round_, delivery.id), nonce=delivery.nonce)
        except discord.Forbidden:
            return message.id
        return message.id


async def show_reveal(bot: StudyBot, reveal: Reveal) -> None:
    """Turn the post into its reveal; without Attach Files the text alone says it all."""
    round_ = reveal.round
    areas = bot.services.study.areas(round_.item)
    picture = await distribution_file(reveal.outcome, round_.key) if reveal.outcome.total else None
    await bot.pace()
    try:
        await _message(bot, round_).edit(
            view=render.revealed(round_, reveal.outcome, areas, picture.filename if picture else ""),
            attachments=[picture] if picture else [],
        )
    except discord.Forbidden:
        if picture is None:
            raise
        await bot.pace()
        await _message(bot, round_).edit(view=render.revealed(round_, reveal.outcome, areas, ""), attachments=[])


def _message(bot: StudyBot, round_: Round) -> discord.PartialMessage:
    channel = bot.get_partial_messageable(round_.channel_id, guild_id=round_.guild_id)
    return channel.get_partial_message(round_.message_id or 0)


async def show_count(bot: StudyBot, round_id: int) -> None:
    """Bring the count of answers under an open post up to date."""
    daily = bot.services.daily
    post, count = await daily.tally(round_id)
    if post.round.message_id is None or daily.closed(post.round):
        return
    await _message(bot, post.round).edit(
        view=render.question(post, bot.services.study.areas(post.round.item), count=count),
        allowed_mentions=discord.AllowedMentions.none(),
    )
    await daily.tally_shown(round_id, count)
    # Closed while this edit was on its way: it may have covered the reveal, so that is shown once more.
    if daily.closed(await daily.round(round_id)):
        await show_reveal(bot, await daily.reveal_of(round_id))


async def show_again(bot: StudyBot, round_id: int) -> None:
    """Show a reveal that something covered; one that never went out stays as it is."""
    if await bot.services.daily.revealed(round_id):
        await show_reveal(bot, await bot.services.daily.reveal_of(round_id))
