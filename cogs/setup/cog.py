"""/setup: one panel for organisers, and the notices that lead to it."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import StudyBot
from bot.core.daily import DailySettings
from bot.core.deliveries import Kind
from bot.core.schedule import parse_time
from cogs.setup import actions, failed, render
from cogs.setup.notices import NoticeSender
from cogs.ui.choices import zones
from cogs.ui.layout import note
from cogs.ui.press import MARK, Interaction, Press, open_form, presses_of, require_manager, show


class PostingChannel(app_commands.Transformer):
    """A channel that can be posted in, by its id: the client keeps no channels."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return [discord.ChannelType.text, discord.ChannelType.news]

    async def transform(self, interaction: discord.Interaction[Any], value: Any, /) -> int:
        return value.id


class SetupCog(commands.Cog):
    """Setting up a server."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot

    async def cog_load(self) -> None:
        self.bot.courier.register(Kind.NOTICE, NoticeSender(self.bot))
        presses_of(self.bot).add(
            self, ChannelChosen, Chosen, RoleChosen, Pressed, TimeAndZone, FlagChosen, Decision, WhatFailed, SetupHelp
        )

    @app_commands.command(name="setup", description="The daily question of this server: channel, time, exam and more")
    @app_commands.describe(
        channel="Where to post",
        time="When to post: 09:00, 9 am, 17:30",
        zone="Time zone: start typing a city",
        exam="Which exam",
    )
    @app_commands.autocomplete(zone=zones)
    @app_commands.guild_only()
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.checks.has_permissions(manage_guild=True)
    async def setup(
        self,
        interaction: Interaction,
        channel: app_commands.Transform[int, PostingChannel] | None = None,
        time: str | None = None,
        zone: str | None = None,
        exam: str | None = None,
    ) -> None:
        await actions.apply_options(interaction, channel, time, zone, exam)
        await actions.show_panel(interaction)

    @setup.autocomplete("exam")
    async def exam_choices(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        exams = self.bot.services.setup.exams()
        wanted = current.strip().lower()
        return [
            app_commands.Choice(name=f"{exam.name} ({count} questions)", value=exam.id)
            for exam, count in exams
            if wanted in exam.name.lower()
        ][:25]


class ChannelChosen(Press, template=r"setup:channel"):
    async def pressed(self, interaction: Interaction) -> None:
        require_manager(interaction)
        if self.values:
            setup = interaction.client.services.setup
            await setup.start(interaction.guild_id or 0, int(self.values[0]), interaction.user.id)
        await actions.show_panel(interaction)


class Chosen(Press, template=r"setup:(?P<field>time|zone|exam|reveal)"):
    async def pressed(self, interaction: Interaction) -> None:
        require_manager(interaction)
        value = self.values[0]
        match self.ids["field"]:
            case "time":
                await actions.change(interaction, minute=int(value))
            case "reveal":
                await actions.change(interaction, reveal_hours=int(value) or None)
            case field:
                await actions.change(interaction, **{field: value})


class RoleChosen(Press, template=r"setup:role"):
    async def pressed(self, interaction: Interaction) -> None:
        require_manager(interaction)
        await actions.change(interaction, role_id=int(self.values[0]) if self.values else None)


class Pressed(Press, template=r"setup:(?P<what>preview|test|form|freezes|pause|start)"):
    async def pressed(self, interaction: Interaction) -> None:
        require_manager(interaction)
        setup = interaction.client.services.setup
        settings: DailySettings = await setup.settings(interaction.guild_id or 0)
        match self.ids["what"]:
            case "preview":
                await interaction.response.send_message(
                    view=await actions.sample(interaction, settings, "### Preview"), ephemeral=True
                )
            case "test":
                await actions.post_test(interaction, settings)
            case "form":
                await open_form(interaction, render.form(settings))
            case "freezes":
                await actions.change(interaction, freezes=not settings.freezes)
            case "pause":
                await setup.pause(settings.guild_id)
                await actions.show_panel(interaction)
            case _:
                await actions.change(interaction, active=True)


class TimeAndZone(Press, template=r"setup:form:save"):
    """The answer to the form "Other time or zone"."""

    async def pressed(self, interaction: Interaction) -> None:
        require_manager(interaction)
        typed = self.inputs
        await actions.change(interaction, minute=parse_time(typed["time"]), zone=typed["zone"].strip())


class FlagChosen(Press, template=r"setup:flag"):
    async def pressed(self, interaction: Interaction) -> None:
        require_manager(interaction)
        guild_id, item_id = interaction.guild_id or 0, str(self.values[0])
        for flagged, item in await interaction.client.services.flags.undecided(guild_id):
            if flagged.item_id == item_id:
                view = render.decision(item_id, item, flagged, guild_id)
                await interaction.response.send_message(view=view, ephemeral=True)
                return
        await interaction.response.send_message(view=note("Somebody has decided about it meanwhile."), ephemeral=True)


class Decision(Press, template=r"flag:(?P<what>keep|drop):(?P<guild>\d{1,20}):(?P<item>[a-z0-9-]{1,48})" + MARK):
    async def pressed(self, interaction: Interaction) -> None:
        flags = interaction.client.services.flags
        guild_id, keep = self.number("guild"), self.ids["what"] == "keep"
        if interaction.guild_id == guild_id:
            require_manager(interaction)
        elif not await flags.may_decide_privately(guild_id, interaction.user.id):
            raise app_commands.MissingPermissions(["manage_guild"])
        await flags.decide(guild_id, self.ids["item"], interaction.user.id, keep=keep)
        text = "Kept: it may be asked again." if keep else "Withdrawn: it will not be asked in your server again."
        if interaction.guild_id is None:
            await interaction.response.edit_message(view=note(f"Reported question {self.ids['item']}. {text}"))
        else:
            await show(interaction, note(text))


class WhatFailed(Press, template=r"setup:(?:panel|failed:(?P<page>\d{1,3}))"):
    """What did not go out, and the way back."""

    async def pressed(self, interaction: Interaction) -> None:
        require_manager(interaction)
        if self.ids["page"] is None:
            await actions.show_panel(interaction)
            return
        failures = await interaction.client.services.setup.failures.listed(interaction.guild_id or 0)
        await show(interaction, failed.page(failures, self.number("page")))


class SetupHelp(Press, template=r"setup:help" + MARK):
    async def pressed(self, interaction: Interaction) -> None:
        text = (
            "Type /setup in the server. People with the permission Manage Server see the panel: the channel and time of the daily "
            "question, what is missing for it, and questions that learners reported."
        )
        await interaction.response.send_message(view=note(text), ephemeral=True)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(SetupCog(bot))
