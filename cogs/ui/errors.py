"""Errors into replies: the one place where an exception becomes a sentence for a person."""

import logging
import secrets
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.client import StudyBot
from bot.core.errors import UserError
from bot.log import fields
from bot.storage.database import DatabaseError
from cogs.ui.layout import RED, layout

log = logging.getLogger(__name__)

INTERACTION_GONE = 10062
ALREADY_ANSWERED = 40060


def sentence(error: BaseException) -> str | None:
    """What to tell the person, or None for a fault of ours that needs an id."""
    match error:
        case UserError():
            return str(error)
        case app_commands.MissingPermissions():
            return "This is for people who may manage this server (the permission Manage Server)."
        case app_commands.NoPrivateMessage():
            return "This works in a server, not in direct messages."
        case app_commands.TransformerError():
            return f"“{str(error.value)[:60]}” is not a valid value there."
        case DatabaseError():
            return "That could not be confirmed as stored. Please press again in a moment; nothing is counted twice."
        case discord.DiscordServerError() | aiohttp.ClientError() | OSError():
            return "The connection to Discord broke off. What you did may be stored already: press again to see. Nothing counts twice."
        case discord.Forbidden():
            return "Discord did not allow that here: a permission is missing. An organiser sees in /setup which one."
        case _:
            return None


async def reply_to_error(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Tell the person what went wrong, privately; what is our fault is logged with an id that the reply shows."""
    if isinstance(error, app_commands.CommandInvokeError):
        error = error.original
    if isinstance(error, discord.HTTPException) and error.code in (INTERACTION_GONE, ALREADY_ANSWERED):
        # Too late, so that Discord has told the person already; or another process on the same token was first.
        log.warning("interaction expired", extra=fields(interaction=interaction.id))
        return
    text = sentence(error)
    if isinstance(error, discord.DiscordServerError | aiohttp.ClientError | OSError):
        log.warning("reply not delivered", extra=fields(interaction=interaction.id, reason=type(error).__name__))
    if text is None or isinstance(error, DatabaseError):
        number = secrets.token_hex(4)
        log.error(
            "interaction failed",
            exc_info=error,
            extra=fields(error_id=number, guild=interaction.guild_id, interaction=interaction.id),
        )
        text = text or "Something went wrong on our side; nothing you did is lost. Please try again."
        text += f"\n-# If it stays so, tell the bot's operator this number: {number}"
    view = layout(text, accent=RED)
    try:
        if interaction.response.is_done():
            await interaction.followup.send(view=view, ephemeral=True)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as failed:
        log.warning("error reply not delivered", extra=fields(interaction=interaction.id, reason=type(failed).__name__))


async def setup(bot: StudyBot) -> None:
    @bot.tree.error
    async def on_error(interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:  # pyright: ignore[reportUnusedFunction]
        await reply_to_error(interaction, error)
