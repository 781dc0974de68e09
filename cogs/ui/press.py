"""Buttons, selects and forms that carry ids and nothing else, and so work after any restart."""

import re
from collections.abc import Callable
from typing import Any, ClassVar, cast

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.client import StudyBot
from bot.core.people import Person
from cogs.ui.errors import reply_to_error

Interaction = discord.Interaction[StudyBot]

MARK = r"(?:@\d+)?"
"""The end of a template whose messages are sent by a delivery."""


class Press:
    """A press on a component, or the answer to a form, whose custom_id matches the template of the subclass.

    Unlike discord.py's DynamicItem nothing of the pressed message is built again, which costs as much as the reply
    to it; and forms are answered the same way.
    """

    template: ClassVar[re.Pattern[str]]

    def __init_subclass__(cls, *, template: str) -> None:
        cls.template = re.compile(template)

    def __init__(self, cog: Any, ids: dict[str, str], data: dict[str, Any]) -> None:
        self.cog = cog
        self.ids = ids
        """The groups of the template."""
        self.data = data

    async def pressed(self, interaction: Interaction) -> None:
        """What the press does. Errors become replies."""
        raise NotImplementedError

    def number(self, name: str) -> int:
        return int(self.ids[name])

    def pair(self, first: str, second: str) -> tuple[int, int]:
        """Two numbers that together name one thing: a session and the position in it."""
        return self.number(first), self.number(second)

    @property
    def values(self) -> list[str]:
        """What was selected: values of options, or ids of channels and roles."""
        return list(self.data.get("values", ()))

    @property
    def inputs(self) -> dict[str, str]:
        """What was typed into a form, by custom_id."""
        labels: list[dict[str, Any]] = self.data.get("components", [])
        inner = (label.get("component") or {} for label in labels)
        return {field["custom_id"]: field.get("value") or "" for field in inner if "custom_id" in field}


class Presses(commands.Cog):
    """Finds the `Press` for each component and form that people use: one listener for all features."""

    def __init__(self) -> None:
        self._kinds: list[tuple[commands.Cog, type[Press]]] = []
        self._watchers: list[Callable[[Interaction], None]] = []

    def add(self, cog: commands.Cog, *kinds: type[Press]) -> None:
        self._kinds += [(cog, kind) for kind in kinds]

    def watch(self, seen: Callable[[Interaction], None]) -> None:
        """Be told of every interaction but autocomplete, once a press was answered. A listener of one's own would cost
        each of them a task."""
        self._watchers.append(seen)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        if interaction.type is discord.InteractionType.autocomplete:
            return
        await self._pressed(interaction)
        for seen in self._watchers:
            seen(interaction)

    async def _pressed(self, interaction: Interaction) -> None:
        """What no template matches is somebody else's."""
        data: Any = interaction.data or {}
        custom_id = data.get("custom_id")
        if custom_id is None:
            return
        for cog, kind in self._kinds:
            if match := kind.template.fullmatch(custom_id):
                try:
                    await kind(cog, match.groupdict(), data).pressed(interaction)
                except Exception as error:
                    await reply_to_error(interaction, error)
                return


def presses_of(bot: StudyBot) -> Presses:
    """Where a cog adds its presses when it is loaded."""
    cog = bot.get_cog("Presses")
    if cog is None:
        raise TypeError("cogs.ui.press is loaded before the features")
    # Loading it again, as a new client does, makes the class anew, so that it need not be the one that was imported.
    return cast(Presses, cog)


async def setup(bot: StudyBot) -> None:
    await bot.add_cog(Presses())


def person_of(interaction: Interaction) -> Person:
    """Who acts. In direct messages Discord tells nothing of what somebody may do in a server."""
    return Person(interaction.user.id, interaction.guild_id is not None and interaction.permissions.manage_guild)


def by_person(interaction: Interaction) -> bool:
    """Whether the command came with the person alone: then the bot need not be in the server it was used in."""
    return interaction.is_user_integration() and not interaction.is_guild_integration()


def home(interaction: Interaction) -> int:
    """The server that what is done counts for; 0 in direct messages and where the bot came with the person."""
    return 0 if by_person(interaction) else interaction.guild_id or 0


def require_manager(interaction: Interaction) -> None:
    """Raises MissingPermissions: a private panel stays clickable after somebody lost the permission."""
    if not interaction.permissions.manage_guild:
        raise app_commands.MissingPermissions(["manage_guild"])


def privately(interaction: Interaction) -> bool:
    """Whether what was pressed is on a message that only this person sees."""
    return interaction.message is not None and interaction.message.flags.ephemeral


async def show(interaction: Interaction, view: ui.LayoutView) -> None:
    """Reply privately; a press on a private message replaces that message instead of adding another."""
    if privately(interaction):
        await interaction.response.edit_message(view=view)
    else:
        await interaction.response.send_message(view=view, ephemeral=True)


async def open_form(interaction: Interaction, form: ui.Modal) -> None:
    """Show a form, without anything waiting in memory for its answer."""
    form.stop()
    await interaction.response.send_modal(form)
