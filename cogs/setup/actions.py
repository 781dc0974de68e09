"""What the controls of the panel do."""

from typing import Any

import discord
from discord import ui

from bot.client.courier import fault_of
from bot.core.content import LETTERS
from bot.core.daily import DailySettings
from bot.core.deliveries import Undeliverable
from bot.core.errors import ChannelFirst, SetupMissing
from bot.core.schedule import parse_time
from cogs.setup import render
from cogs.setup.permissions import check_channel
from cogs.ui.layout import button, footer, note, row
from cogs.ui.press import Interaction
from cogs.ui.question import choice_select, paper


async def show_panel(interaction: Interaction) -> None:
    """Show the panel as things are now. Looking at the channel takes Discord's time, so this acknowledges first."""
    if interaction.type is discord.InteractionType.application_command:
        await interaction.response.defer(ephemeral=True, thinking=True)
    else:
        await interaction.response.defer()
    state = await interaction.client.services.setup.panel(interaction.guild_id or 0)
    settings = state.settings
    check = None
    if settings is not None:
        check = await check_channel(interaction.client, settings.guild_id, settings.channel_id, settings.role_id)
        # Somebody may have changed more while Discord was asked; what is shown last must be what is stored.
        state = await interaction.client.services.setup.panel(settings.guild_id)
    await interaction.edit_original_response(view=render.panel(state, check))


async def change(interaction: Interaction, **changes: Any) -> None:
    """Save a change of settings and show the panel. Raises SetupMissing, ZoneUnknown, PoolEmpty."""
    await interaction.client.services.setup.change(interaction.guild_id or 0, interaction.user.id, **changes)
    await show_panel(interaction)


async def apply_options(
    interaction: Interaction, channel_id: int | None, time: str | None, zone: str | None, exam: str | None
) -> None:
    """Apply what was given with the command itself. Raises ChannelFirst where no channel was chosen so far."""
    setup = interaction.client.services.setup
    guild_id = interaction.guild_id or 0
    changes: dict[str, Any] = {}
    if time:
        changes["minute"] = parse_time(time)
    if zone:
        changes["zone"] = zone.strip()
    if exam:
        changes["exam"] = exam.strip().lower()
    if channel_id is not None:
        await setup.start(guild_id, channel_id, interaction.user.id, **changes)
    elif changes:
        try:
            await setup.change(guild_id, interaction.user.id, **changes)
        except SetupMissing:
            raise ChannelFirst from None


async def sample(interaction: Interaction, settings: DailySettings, heading: str) -> ui.LayoutView:
    """A question as learners will see it, with its controls switched off."""
    services = interaction.client.services
    item = await services.setup.sample(settings.guild_id)
    order = range(len(item.options))
    controls = row(*(button(LETTERS[i], f"sample:{i}", discord.ButtonStyle.primary, disabled=True) for i in order))
    if item.multiple:
        select = choice_select(item, order, "sample")
        select.disabled = True
        controls = row(select)
    return paper(
        item,
        order,
        services.study.areas(item),
        controls,
        heading=heading,
        small=[footer("A sample: it takes no answers")],
        above=f"<@&{settings.role_id}>" if settings.role_id else "",
    )


async def post_test(interaction: Interaction, settings: DailySettings) -> None:
    """Post a sample where the daily question will stand, without pinging anybody, and say whether it worked."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    setup = interaction.client.services.setup
    channel = interaction.client.get_partial_messageable(settings.channel_id, guild_id=settings.guild_id)
    view = await sample(interaction, settings, "### Test of the daily question")
    try:
        message = await channel.send(
            view=view, nonce=str(interaction.id), allowed_mentions=discord.AllowedMentions.none()
        )
    except (TimeoutError, discord.HTTPException, OSError) as error:
        fault = fault_of(error)
        if isinstance(fault, Undeliverable):
            await setup.note_fault(settings.guild_id, fault.reason)
        text = f"It did not work: {fault.reason}. Channel: <#{settings.channel_id}>. Mend it there, or choose another channel with /setup."
        await interaction.edit_original_response(view=note(text))
        return
    await setup.note_fault(settings.guild_id, "")
    text = f"It works: {message.jump_url}\nYou can delete the test. The daily question comes by itself at its time."
    await interaction.edit_original_response(view=note(text))
