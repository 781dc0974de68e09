"""Reporting a question, wherever it is asked: the form and what it says afterwards."""

import discord
from discord import ui

from bot.services.flags import REASONS, Reported
from cogs.ui.layout import RED, layout, note, row
from cogs.ui.press import Interaction, Press, show


def report_form(title: str, custom_id: str) -> ui.LayoutView:
    """Asks what is wrong; the values of the select are positions in REASONS."""
    select: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=custom_id,
        placeholder="What is wrong with it?",
        options=[discord.SelectOption(label=reason, value=str(i)) for i, reason in enumerate(REASONS)],
    )
    return layout(
        f"### {title}",
        "The organisers of this server are told. Three reports from different people take the question out of use here until they decide.",
        row(select),
        accent=RED,
    )


async def report(press: Press, interaction: Interaction, guild_id: int, item_id: str) -> None:
    """Keep a report for the reason that was selected in the form, and say what became of it."""
    reason = REASONS[int(press.values[0])]
    await show(
        interaction,
        reported(await interaction.client.services.flags.report(guild_id, item_id, interaction.user.id, reason)),
    )


def reported(result: Reported) -> ui.LayoutView:
    """The reply to a report."""
    if not result.new:
        return note("You have reported this question before; your report counts.")
    if result.withdrawn:
        return note("Thank you. The question is out of use in this server until an organiser has looked at it.")
    return note("Thank you. The organisers of this server are told.")
