"""Starting a live round, and the host's panel."""

import logging

import discord
from discord import app_commands

from bot.client import StudyBot
from bot.client.courier import FAULTS, fault_of
from bot.core.deliveries import Undeliverable
from bot.core.live_errors import LiveCantPost, LiveNotHere, LiveRunning
from bot.log import fields
from bot.services.live_hosting import Control, leads
from bot.services.live_starting import Started, Wish
from cogs.live import render
from cogs.ui.press import Interaction, by_person, person_of

log = logging.getLogger(__name__)


async def start(interaction: Interaction, wish: Wish) -> None:
    """Start a round where the command was typed; where one runs, its host gets the panel again."""
    if interaction.guild_id is None:
        raise app_commands.NoPrivateMessage
    if by_person(interaction):
        raise LiveCantPost(reason="it was not added to this server")
    live = interaction.client.services.live
    running = await live.running(wish.channel_id)
    if running is not None:
        if not leads(person_of(interaction), running):
            raise LiveRunning(link=await live.starting.link(wish.guild_id, wish.channel_id))
        shown = await live.hosting.control(running.id, person_of(interaction), Control.LOOK)
        await interaction.response.send_message(view=render.panel(shown), ephemeral=True)
        return
    if not _may_write(interaction):
        raise LiveNotHere
    await interaction.response.defer(ephemeral=True, thinking=True)
    started = await live.starting.start(wish)
    await _announce(interaction.client, started)
    shown = await live.hosting.control(started.round.id, person_of(interaction), Control.LOOK)
    await interaction.followup.send(view=render.panel(shown), ephemeral=True)


def _may_write(interaction: Interaction) -> bool:
    allowed = interaction.permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    return allowed.send_messages_in_threads if in_thread else allowed.send_messages


async def _announce(bot: StudyBot, started: Started) -> None:
    """Tell the channel; that shows as well whether the bot may write there. Raises LiveCantPost, the round called off."""
    round_ = started.round
    channel = bot.get_partial_messageable(round_.channel_id, guild_id=round_.guild_id)
    await bot.pace()
    try:
        await channel.send(view=render.announcement(started))
    except FAULTS as error:
        fault = fault_of(error)
        log.info("live round not announced", extra=fields(guild=round_.guild_id, live=round_.id, reason=fault.reason))
        if isinstance(fault, Undeliverable):
            await bot.services.live.hosting.call_off(round_.id, fault.reason)
            raise LiveCantPost(reason=fault.reason) from None
        # A passing fault: the first question is owed, and comes all the same.
