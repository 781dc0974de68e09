"""/group: study groups, their goals and their sessions."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import StudyBot
from bot.core.deliveries import Kind
from bot.core.errors import UserError
from bot.core.groups import NAME_AT_LEAST, NAME_AT_MOST, Group, Joining
from bot.core.meetings import MINUTES, MINUTES_AT_LEAST, MINUTES_AT_MOST, TITLE_AT_MOST, parse_when, reads_as
from cogs.group import door, joining, managing, meeting_render, render, sending, session
from cogs.group.joining import finish, working
from cogs.group.progress import Progress
from cogs.ui.choices import Choices, exams
from cogs.ui.press import Interaction, person_of, presses_of

Name = app_commands.Range[str, 1, NAME_AT_MOST]
WHEN_EXAMPLES = ("tonight 8 pm", "tomorrow 7 pm", "Sat 10:00")
NO_EVENT = (
    "There will be no event in the server's calendar: the bot needs the permission Create Events (Server Settings, Roles). "
    "Everything else works."
)


class MeetingPlace(app_commands.Transformer):
    """A voice or text channel: its id, and whether it is one to speak in."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        return [discord.ChannelType.voice, discord.ChannelType.text, discord.ChannelType.public_thread]

    async def transform(self, interaction: discord.Interaction[Any], value: Any, /) -> tuple[int, bool]:
        return value.id, value.type is discord.ChannelType.voice


@app_commands.guild_only()
@app_commands.allowed_installs(guilds=True, users=False)
class GroupCog(commands.GroupCog, group_name="group", group_description="Study groups of this server"):
    """Study groups."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self.progress = Progress(bot)

    async def cog_load(self) -> None:
        courier = self.bot.courier
        courier.register(Kind.GROUP_NOTICE, sending.GroupNoticeSender(self.bot))
        courier.register(Kind.GROUP_WEEK, sending.WeekSender(self.bot))
        courier.register(Kind.GROUP_DATE, sending.DateSender(self.bot))
        courier.register(Kind.MEETING, sending.MeetingSender(self.bot))
        courier.register(Kind.MEETING_REMINDER, sending.ReminderSender(self.bot))
        courier.register(Kind.MEETING_END, sending.EndSender(self.bot))
        presses_of(self.bot).watch(self.seen)
        presses_of(self.bot).add(self, *joining.PRESSES, *managing.PRESSES, *session.PRESSES)
        await self.progress.catch_up()

    async def cog_unload(self) -> None:
        self.progress.close()

    def seen(self, interaction: Interaction) -> None:
        """Whatever people do in a server may count for its groups."""
        if interaction.guild_id is not None:
            self.progress.answered(interaction.guild_id)

    async def _meant(self, interaction: Interaction, name: str | None) -> Group:
        return await self.bot.services.groups.meant(
            interaction.guild_id or 0, interaction.channel_id or 0, interaction.user.id, name or ""
        )

    @app_commands.command(name="create", description="Open a study group; all it needs is a name")
    @app_commands.describe(
        name="What it is called",
        exam="Which exam it studies for",
        target_date="When its members sit the exam: 2026-12-01, Dec 1",
        joining="How people come in (open to everybody unless you say otherwise)",
        thread="Give it a private thread in this channel",
        role="A role that its members get (for people with Manage Roles)",
        goal="What all members together want to do in a week: 60 answers, 12 days",
    )
    @app_commands.choices(
        joining=[
            app_commands.Choice(name="Open: everybody may join", value=Joining.OPEN.value),
            app_commands.Choice(name="On request: you decide", value=Joining.REQUEST.value),
            app_commands.Choice(name="By invitation only", value=Joining.INVITATION.value),
        ]
    )
    @app_commands.autocomplete(exam=exams)
    async def create(
        self,
        interaction: Interaction,
        name: app_commands.Range[str, NAME_AT_LEAST, NAME_AT_MOST],
        exam: str = "",
        target_date: str = "",
        joining: str = Joining.OPEN.value,
        thread: bool = False,
        role: discord.Role | None = None,
        goal: str = "",
    ) -> None:
        if role is not None:
            managing.check_role(interaction, role.permissions, special=role.managed or role.is_default())
        group = await self.bot.services.groups.create(
            interaction.guild_id or 0,
            person_of(interaction),
            interaction.channel_id or 0,
            name,
            exam=exam,
            target=target_date,
            joining=Joining(joining),
            role_id=role.id if role else None,
            goal=goal,
            threaded=thread,
        )
        await working(interaction)
        missing: list[str] = []
        if thread:
            group, missing = await door.open_thread(self.bot, group)
            self.bot.services.deliveries.wake()
        missing += await door.give_role(self.bot, group, interaction.user.id)
        await finish(interaction, render.created(group, await door.noted(self.bot, group, missing)))

    @app_commands.command(name="join", description="Join a study group, or ask to")
    @app_commands.describe(group="Which one")
    async def join(self, interaction: Interaction, group: Name) -> None:
        found = await self.bot.services.groups.find(interaction.guild_id or 0, group)
        await joining.join(interaction, found.id)

    @app_commands.command(name="leave", description="Leave a study group")
    @app_commands.describe(group="Which one, if you are in several")
    async def leave(self, interaction: Interaction, group: Name | None = None) -> None:
        await joining.leave(interaction, (await self._meant(interaction, group)).id)

    @app_commands.command(name="list", description="The study groups of this server, and how to join them")
    async def list_groups(self, interaction: Interaction) -> None:
        await joining.show_list(interaction)

    @app_commands.command(name="info", description="One study group: members, goal, streak, sessions")
    @app_commands.describe(group="Which one, if you are in several")
    async def info(self, interaction: Interaction, group: Name | None = None) -> None:
        await joining.show_info(interaction, (await self._meant(interaction, group)).id)

    @app_commands.command(name="manage", description="Run your study group: name, goal, members, requests, close")
    @app_commands.describe(group="Which one, if you are in several")
    async def manage(self, interaction: Interaction, group: Name | None = None) -> None:
        await managing.show_manage(interaction, (await self._meant(interaction, group)).id)

    @app_commands.command(name="invite", description="Post an invitation to your study group here")
    @app_commands.describe(group="Which one, if you are in several", person="For this person alone")
    async def invite(
        self, interaction: Interaction, group: Name | None = None, person: discord.Member | None = None
    ) -> None:
        found = await self._meant(interaction, group)
        found, until = await self.bot.services.groups.invite(found.id, person_of(interaction))
        await interaction.response.send_message(view=render.invitation(found, until, person.id if person else None))

    @app_commands.command(name="session", description="Plan a study session of your group")
    @app_commands.describe(
        when="Day and time in this server's zone: tomorrow 7 pm, Fri 19:30, 2026-12-01 19:00",
        group="Which group, if you are in several",
        minutes="How long it lasts (60 unless you say otherwise)",
        title="What it is about",
        place="A voice or text channel; the group's own place unless you say otherwise",
    )
    async def session(
        self,
        interaction: Interaction,
        when: app_commands.Range[str, 1, 60],
        group: Name | None = None,
        minutes: app_commands.Range[int, MINUTES_AT_LEAST, MINUTES_AT_MOST] = MINUTES,
        title: app_commands.Range[str, 1, TITLE_AT_MOST] | None = None,
        place: app_commands.Transform[tuple[int, bool], MeetingPlace] | None = None,
    ) -> None:
        where_id, voice = place or (None, False)
        found = await self.bot.services.meetings.draft(
            await self._meant(interaction, group),
            interaction.user.id,
            when,
            minutes=minutes,
            title=title or "",
            where_id=where_id,
            voice=voice,
        )
        may = interaction.app_permissions
        missing = [] if may.create_events or may.manage_events else [NO_EVENT]
        await interaction.response.send_message(view=meeting_render.draft(found, missing), ephemeral=True)

    @app_commands.command(name="limits", description="For organisers: how many groups, members, and who may create one")
    async def limits(self, interaction: Interaction) -> None:
        await managing.show_limits(interaction)

    # -- what fields suggest -----------------------------------------------------------------------------------

    @join.autocomplete("group")
    async def others(self, interaction: Interaction, current: str) -> Choices:
        return await self._names(interaction, current, own=False)

    @info.autocomplete("group")
    async def all(self, interaction: Interaction, current: str) -> Choices:
        return await self._names(interaction, current)

    @leave.autocomplete("group")
    @invite.autocomplete("group")
    @session.autocomplete("group")
    async def own(self, interaction: Interaction, current: str) -> Choices:
        return await self._names(interaction, current, own=True)

    @manage.autocomplete("group")
    async def managed(self, interaction: Interaction, current: str) -> Choices:
        own = None if interaction.permissions.manage_guild else True
        return await self._names(interaction, current, own=own)

    async def _names(self, interaction: Interaction, current: str, *, own: bool | None = None) -> Choices:
        groups, guild_id = self.bot.services.groups, interaction.guild_id or 0
        found = await groups.suggest(guild_id, interaction.user.id, current, own=own)
        return [app_commands.Choice(name=group.name, value=group.name) for group in found]

    @session.autocomplete("when")
    async def times(self, interaction: Interaction, current: str) -> Choices:
        """What was typed so far, as it would be read."""
        zone = await self.bot.services.groups.zone(interaction.guild_id or 0)
        now, found = int(self.bot.services.clock()), Choices()
        for text in (current,) if current.strip() else WHEN_EXAMPLES:
            try:
                found.append(
                    app_commands.Choice(name=f"{text}: {reads_as(parse_when(text, zone, now), zone)}"[:100], value=text)
                )
            except UserError:
                continue
        return found


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(GroupCog(bot))
