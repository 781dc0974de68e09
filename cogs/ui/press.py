"""Buttons, selects and forms that carry ids and nothing else, and so work after any restart."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.client import StudyBot
from cogs.ui.errors import reply_to_error

Interaction = discord.Interaction[StudyBot]

MARK = r"(?:@\d+)?"
"""The end of a template whose messages are sent by a delivery."""


class Press(ui.DynamicItem[Any], template=r"(?!)"):
    """A press on a component whose custom_id matches the template; `ids` holds the template's groups."""

    def __init__(self, item: ui.Item[Any], match: re.Match[str]) -> None:
        super().__init__(item)
        self.ids = match.groupdict()

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item, match)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        try:
            await self.pressed(interaction)
        except Exception as error:
            await reply_to_error(interaction, error)

    async def pressed(self, interaction: Interaction) -> None:
        """What the press does. Errors become replies."""
        raise NotImplementedError

    def number(self, name: str) -> int:
        return int(self.ids[name])

    @property
    def values(self) -> list[Any]:
        """What was selected, for a select."""
        return list(getattr(self.item, "values", ()))


async def show(interaction: Interaction, view: ui.LayoutView, **options: Any) -> None:
    """Reply privately; a press on a private message replaces that message instead of adding another."""
    message = interaction.message
    if message is not None and message.flags.ephemeral:
        await interaction.response.edit_message(view=view)
    else:
        await interaction.response.send_message(view=view, ephemeral=True, **options)


async def open_form(interaction: Interaction, form: ui.Modal) -> None:
    """Show a form. Its answer is handled by the cog's listener, by custom_id, so that a restart in between is harmless."""
    form.stop()
    await interaction.response.send_modal(form)


def form_values(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """The text inputs of a submitted form, by custom_id."""
    found: dict[str, str] = {}
    data: Any = interaction.data or {}
    for component in data.get("components", ()):
        inner = component.get("component") or {}
        if "custom_id" in inner and "value" in inner:
            found[inner["custom_id"]] = inner["value"] or ""
    return found
