"""Posting the result of a season."""

import logging

import discord
from discord import ui

from bot.client import StudyBot
from bot.client.courier import mark
from bot.core.board import Asked, Metric, Place, Scope
from bot.core.deliveries import Delivery
from bot.core.phrases import first_of, listed
from bot.log import fields
from bot.services.seasons import Result
from cogs.board import render
from cogs.board.ids import What, id_of
from cogs.board.picture import board_file
from cogs.board.role import hand_on
from cogs.board.words import period_name, value
from cogs.ui.layout import AMBER, button, footer, layout, line, plural, row
from cogs.ui.names import person
from cogs.ui.pictures import gallery

log = logging.getLogger(__name__)

NAMED_AT_MOST = 5


class SeasonSender:
    """Handler of results of seasons."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        services = self._bot.services
        guild = self._bot.get_guild(delivery.guild_id)
        result = await services.seasons.prepare(delivery, (guild.name if guild else "") or "")
        # Before the result, which can't be posted again to make up for a role that was forgotten in a crash.
        without_role = await hand_on(self._bot, delivery.guild_id, result)
        message_id = await self._post(delivery, result, without_role)
        log.info("season result posted", extra=fields(guild=delivery.guild_id, season=delivery.subject))
        return message_id

    async def _post(self, delivery: Delivery, result: Result, without_role: str) -> int:
        channel = self._bot.get_partial_messageable(result.channel_id, guild_id=delivery.guild_id)
        picture = await board_file(result.board)
        await self._bot.pace()
        try:
            view = ended(result, delivery, without_role, picture)
            message = await channel.send(view=view, file=picture, nonce=delivery.nonce)
        except discord.Forbidden:
            # Without Attach Files the text alone says it all; without more it fails again.
            await self._bot.pace()
            view = ended(result, delivery, without_role, None)
            message = await channel.send(view=view, nonce=delivery.nonce)
        return message.id

    async def places(self, delivery: Delivery) -> list[int]:
        return [await self._bot.services.seasons.place(delivery)]


def ended(result: Result, delivery: Delivery, without_role: str, picture: discord.File | None) -> ui.LayoutView:
    """The result of a season, for everybody."""
    month = f"{result.season.first:%B}"
    place = id_of(Asked(first=result.season.first), What.SHOW)
    return layout(
        f"### {period_name(result.season)} is over",
        _winners(result),
        _best_groups(result.groups),
        line(),
        render.lines(result.board),
        gallery(picture),
        footer(
            f"{plural(result.board.ranked, 'learner')} had points in {month}",
            "posted late" if result.late else "",
        ),
        footer(f"The winners' role was not given: {without_role}") if without_role else "",
        footer(
            "A new season has begun: everybody starts at 0. `/privacy visibility` takes you off boards or gives you a pseudonym"
        ),
        row(button("Your place", mark(place, delivery.id))),
        accent=AMBER,
    )


def _winners(result: Result) -> str:
    names = listed(first_of([person(place.name) for place in result.winners], NAMED_AT_MOST))
    points = plural(result.winners[0].value, "point")
    role = f" <@&{result.role_id}>" if result.role_id and result.role_for else ""
    if len(result.winners) == 1:
        return f"**{names}** wins with **{points}**.{role}"
    return f"**{names}** win together with **{points}** each.{role}"


def _best_groups(groups: tuple[Place, ...]) -> str:
    if not groups:
        return ""
    names = listed(first_of([person(place.name) for place in groups], NAMED_AT_MOST))
    won = value(next(iter(groups)), Scope.GROUPS, Metric.POINTS)
    return f"Best study group{'s' if len(groups) > 1 else ''}: **{names}**, {won}."
