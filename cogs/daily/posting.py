"""Sending what the daily question owes: the post, the reveal with its thread, and the count of answers."""

import asyncio
import logging

import discord

from bot.client import StudyBot
from bot.client.courier import fault_of
from bot.core.daily import Round, RoundState
from bot.core.deliveries import Delivery, Retry
from bot.log import fields
from bot.services.daily import Reveal
from cogs.daily import render
from cogs.ui.pictures import distribution_file

log = logging.getLogger(__name__)

THREAD_EXISTS = 160004
TALLY_EVERY = 20.0
"""Seconds between edits of a post's count of answers."""


class Posts:
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
        log.info("daily posted", extra=fields(guild=delivery.guild_id, round=post.round.id, late=post.late or None))
        return message.id

    async def place(self, delivery: Delivery) -> int | None:
        return (await self._bot.services.daily.prepare_post(delivery)).round.channel_id


class Reveals:
    """Handler of reveals: an edit that may be repeated, then a thread, then one message in it."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        reveal = await self._bot.services.daily.prepare_reveal(delivery)
        await show_reveal(self._bot, reveal)
        return await self._discuss(reveal.round, delivery)

    async def place(self, delivery: Delivery) -> int | None:
        # A thread started from a message has the message's id.
        reveal = await self._bot.services.daily.prepare_reveal(delivery)
        return reveal.round.message_id if await self._thread_exists(reveal.round) else None

    async def _thread_exists(self, round_: Round) -> bool:
        await self._bot.pace()
        try:
            await self._bot.fetch_channel(round_.message_id or 0)
        except discord.NotFound:
            return False
        return True

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


class Tally:
    """Keeps the counts of answers under open posts up to date, each post edited once in a while at most."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot
        self._due: dict[int, asyncio.Task[None]] = {}

    def touch(self, round_id: int) -> None:
        """The round has a new answer: its post will be edited soon."""
        if round_id not in self._due:
            self._due[round_id] = asyncio.create_task(self._edit_later(round_id), name=f"tally-{round_id}")

    def close(self) -> None:
        for task in self._due.values():
            task.cancel()

    async def _edit_later(self, round_id: int) -> None:
        try:
            await asyncio.sleep(TALLY_EVERY)
        finally:
            # From here on a new answer starts a new wait: none is left uncounted.
            del self._due[round_id]
        try:
            await self._edit(round_id)
        except Exception as error:
            fault = fault_of(error) if isinstance(error, discord.DiscordException | OSError) else None
            reason = fault.reason if fault else type(error).__name__
            log.info("answer count not shown", extra=fields(round=round_id, reason=reason))
            if isinstance(fault, Retry):
                self.touch(round_id)

    async def _edit(self, round_id: int) -> None:
        daily = self._bot.services.daily
        post, count = await daily.tally(round_id)
        if post.round.message_id is None or daily.closed(post.round):
            return
        await self._bot.pace()
        await _message(self._bot, post.round).edit(
            view=render.question(post, self._bot.services.study.areas(post.round.item), count=count),
            allowed_mentions=discord.AllowedMentions.none(),
        )
        await daily.tally_shown(round_id, count)
        # Revealed while this edit was on its way: it may have covered the reveal, so that is shown once more.
        if (await daily.round(round_id)).state is RoundState.REVEALED:
            await show_reveal(self._bot, await daily.reveal_of(round_id))
