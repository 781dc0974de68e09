"""The buttons by which people see, join and leave groups, and by which owners decide about requests."""

import discord
from discord import ui

from cogs.group import render
from cogs.group.door import admit, see_off
from cogs.ui.press import MARK, Interaction, Press, person_of, privately, show

GROUP = r"(?P<group>\d{1,18})"


async def working(interaction: Interaction) -> None:
    """Acknowledge before something that takes Discord's time; `finish` gives the reply."""
    if interaction.type is discord.InteractionType.application_command or not privately(interaction):
        await interaction.response.defer(ephemeral=True, thinking=True)
    else:
        await interaction.response.defer()


async def finish(interaction: Interaction, view: ui.LayoutView) -> None:
    await interaction.edit_original_response(view=view)


async def show_list(interaction: Interaction, page: int = 0) -> None:
    found = await interaction.client.services.groups.listing(interaction.guild_id or 0, interaction.user.id)
    await show(interaction, render.listing(found, page))


async def show_info(interaction: Interaction, group_id: int) -> None:
    who = person_of(interaction)
    page = await interaction.client.services.groups.info(group_id, who)
    await show(interaction, render.info(page, organiser=who.organiser))


async def join(interaction: Interaction, group_id: int) -> None:
    group, came = await interaction.client.services.groups.join(group_id, interaction.user.id)
    await working(interaction)
    inside = came in (render.Outcome.JOINED, render.Outcome.ALREADY)
    missing = await admit(interaction.client, group, interaction.user.id) if inside else []
    await finish(interaction, render.outcome(group, came, missing))


async def leave(interaction: Interaction, group_id: int) -> None:
    """Leave; an owner is asked first."""
    group = await interaction.client.services.groups.get(group_id)
    if group.owner_id == interaction.user.id:
        await show(interaction, render.leaving(group))
    else:
        await leave_now(interaction, group_id)


async def leave_now(interaction: Interaction, group_id: int) -> None:
    group, _ = await interaction.client.services.groups.leave(group_id, interaction.user.id)
    await working(interaction)
    await finish(interaction, render.left(group, await see_off(interaction.client, group, interaction.user.id)))


class ListPage(Press, template=r"group:list:(?P<page>\d{1,3})"):
    async def pressed(self, interaction: Interaction) -> None:
        await show_list(interaction, self.number("page"))


class InfoPressed(Press, template=rf"group:info:{GROUP}" + MARK):
    async def pressed(self, interaction: Interaction) -> None:
        await show_info(interaction, self.number("group"))


class InfoChosen(Press, template=r"group:info"):
    async def pressed(self, interaction: Interaction) -> None:
        await show_info(interaction, int(self.values[0]))


class JoinPressed(Press, template=rf"group:join:{GROUP}"):
    async def pressed(self, interaction: Interaction) -> None:
        await join(interaction, self.number("group"))


class JoinChosen(Press, template=r"group:join"):
    async def pressed(self, interaction: Interaction) -> None:
        await join(interaction, int(self.values[0]))


class Invited(Press, template=rf"group:invited:{GROUP}:(?P<until>\d{{1,12}}):(?P<person>\d{{1,20}})"):
    async def pressed(self, interaction: Interaction) -> None:
        group, came = await interaction.client.services.groups.accept_invitation(
            self.number("group"), interaction.user.id, self.number("until"), self.number("person") or None
        )
        await working(interaction)
        missing = await admit(interaction.client, group, interaction.user.id)
        await finish(interaction, render.outcome(group, came, missing))


class TakeBack(Press, template=rf"group:back:{GROUP}"):
    async def pressed(self, interaction: Interaction) -> None:
        await interaction.client.services.groups.take_back(self.number("group"), interaction.user.id)
        await show(interaction, render.took_back())


class Leave(Press, template=rf"group:leave:(?P<sure>yes:)?{GROUP}"):
    async def pressed(self, interaction: Interaction) -> None:
        await (leave_now if self.ids["sure"] else leave)(interaction, self.number("group"))


PRESSES = (ListPage, InfoPressed, InfoChosen, JoinPressed, JoinChosen, Invited, TakeBack, Leave)
