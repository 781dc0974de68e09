"""Sending what a live round owes: questions, their keys, the result; and keeping the count under an open question."""

import logging

import discord

from bot.client import StudyBot
from bot.core.deliveries import Delivery, Retry
from bot.core.live import LiveQuestion
from bot.log import fields
from bot.services.live import Closed
from cogs.live import render, results

log = logging.getLogger(__name__)

COUNT_EVERY = 5.0
"""Seconds between edits of a question's count of answers."""


class QuestionSender:
    """Handler of questions."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        live = self._bot.services.live
        question = await live.prepare_question(delivery)
        channel = self._bot.get_partial_messageable(question.round.channel_id, guild_id=delivery.guild_id)
        await self._bot.pace()
        closes_at = None if question.paused else live.now + question.round.seconds
        view = render.question(question, self._bot.services.study.areas(question.asked.item), closes_at)
        return (await channel.send(view=view, nonce=delivery.nonce)).id

    async def places(self, delivery: Delivery) -> list[int]:
        return [await self._bot.services.live.channel_of(delivery)]


class CloseSender:
    """Handler of closes: the answers are judged, then the message is edited, which may be repeated."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        await show_closed(self._bot, await self._bot.services.live.prepare_close(delivery))
        return None

    async def places(self, delivery: Delivery) -> list[int]:
        return []


class ResultSender:
    """Handler of results."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        result = await self._bot.services.live.prepare_result(delivery)
        channel = self._bot.get_partial_messageable(result.round.channel_id, guild_id=delivery.guild_id)
        await self._bot.pace()
        message = await channel.send(view=results.result(result, delivery.id), nonce=delivery.nonce)
        log.info("live round over", extra=fields(guild=delivery.guild_id, live=result.round.id, asked=result.asked))
        return message.id

    async def places(self, delivery: Delivery) -> list[int]:
        return [await self._bot.services.live.channel_of(delivery)]


async def show_closed(bot: StudyBot, closed: Closed) -> None:
    """Turn a question's message into its key."""
    await bot.pace()
    await _message(bot, closed.question).edit(
        view=render.closed(closed, bot.services.study.areas(closed.question.asked.item)),
        allowed_mentions=discord.AllowedMentions.none(),
    )


def _message(bot: StudyBot, question: LiveQuestion) -> discord.PartialMessage:
    channel = bot.get_partial_messageable(question.round.channel_id, guild_id=question.round.guild_id)
    return channel.get_partial_message(question.message_id or 0)


async def show_count(bot: StudyBot, live_id: int) -> None:
    """Bring the count and the closing time on the open question of a round up to date. Raises Retry."""
    live = bot.services.live
    tallied = await live.tally(live_id)
    if tallied is None or not tallied.outdated:
        return
    question = tallied.question
    if question.message_id is None:
        raise Retry("answered before anybody knew that it arrived", unsure=False)
    areas = bot.services.study.areas(question.asked.item)
    await _message(bot, question).edit(
        view=render.question(question, areas, question.closes_at, count=tallied.count),
        allowed_mentions=discord.AllowedMentions.none(),
    )
    await live.tally_shown(tallied)
    # Closed while this edit was on its way: it may have covered the key, so that is shown once more.
    now = await live.question(question.round.id, question.position)
    if now.state is not question.state:
        await show_closed(bot, await live.closed(question.round.id, question.position))
