"""The role that the winners of a season wear: choosing it, checking it, and handing it on."""

import logging
from collections.abc import Sequence
from typing import Any

import aiohttp
import discord
from discord import ui

from bot.client import StudyBot
from bot.core.errors import SeasonRoleUnfit
from bot.log import fields
from bot.services.seasons import Result
from cogs.ui.layout import GREY, footer, layout, row
from cogs.ui.press import Interaction, Press, require_manager, show

log = logging.getLogger(__name__)

REASON = "Winners of the season"


async def obstacle(bot: StudyBot, guild_id: int, role_id: int) -> str:
    """Why the bot can't give a role, asked of Discord; the empty text when it can. Raises discord.HTTPException."""
    assert bot.user is not None
    guild = await bot.fetch_guild(guild_id, with_counts=False)
    own, role = await guild.fetch_member(bot.user.id), guild.get_role(role_id)
    if role is None:
        return "it is gone"
    if role.is_default() or role.managed:
        return "Discord or another application gives it by itself"
    if not own.guild_permissions.manage_roles:
        return "the bot needs the permission Manage Roles for that"
    if role >= own.top_role:
        return "in the list of roles it must stand below the bot's own"
    return ""


def panel(role_id: int | None, obstacle: str = "") -> ui.LayoutView:
    chosen = [discord.SelectDefaultValue(id=role_id, type=discord.SelectDefaultValueType.role)] if role_id else []
    select: ui.RoleSelect[Any] = ui.RoleSelect(
        custom_id="board:role:set", placeholder="No role", min_values=0, max_values=1, default_values=chosen
    )
    now = f"Now: <@&{role_id}>." if role_id else "Now: no role."
    return layout(
        "### Winners' role",
        "Who is first at the end of a month gets this role with the result, and wears it for a month. Ties all get it. "
        f"Choose one that allows nothing.\n{now}",
        f"It can't be given at the moment: {obstacle}." if obstacle else "",
        row(select),
        footer("The bot needs Manage Roles, and its own role above this one"),
        accent=GREY,
    )


class ShowRole(Press, template=r"board:role"):
    async def pressed(self, interaction: Interaction) -> None:
        require_manager(interaction)
        guild_id = interaction.guild_id or 0
        role_id = await interaction.client.services.seasons.role(guild_id)
        await interaction.response.defer(ephemeral=True, thinking=True)
        reason = await obstacle(interaction.client, guild_id, role_id) if role_id else ""
        await interaction.edit_original_response(view=panel(role_id, reason))


class ChooseRole(Press, template=r"board:role:set"):
    async def pressed(self, interaction: Interaction) -> None:
        require_manager(interaction)
        guild_id = interaction.guild_id or 0
        role_id = int(self.values[0]) if self.values else None
        if role_id is not None:
            if reason := await obstacle(interaction.client, guild_id, role_id):
                raise SeasonRoleUnfit(reason=reason)
        await interaction.client.services.seasons.set_role(guild_id, role_id)
        await show(interaction, panel(role_id))


async def hand_on(bot: StudyBot, guild_id: int, result: Result) -> str:
    """Give the role to the winners and take it from those before; returns why not, or the empty text.

    Both may be repeated. A fault here is told and never holds up the result itself.
    """
    if result.role_id is None:
        return ""
    if not result.role_for:
        return "too many share the first place"
    try:
        reason = await obstacle(bot, guild_id, result.role_id)
        if reason:
            return reason
        await _each(bot, bot.http.remove_role, guild_id, result.role_from, result.role_id)
        await _each(bot, bot.http.add_role, guild_id, result.role_for, result.role_id)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.warning("winners' role not given", extra=fields(guild=guild_id, error=str(error)))
        return "Discord did not take it"
    return ""


async def _each(bot: StudyBot, change: Any, guild_id: int, user_ids: Sequence[int], role_id: int) -> None:
    for user_id in user_ids:
        await bot.pace()
        try:
            await change(guild_id, user_id, role_id, reason=REASON)
        except discord.NotFound:
            continue  # left the server
