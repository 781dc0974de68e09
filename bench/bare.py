"""The yardstick: a discord.py client with one dynamic button that always gives the same private reply."""

import re
from typing import Any, Self

import discord
from discord import ui


class Letter(ui.DynamicItem[Any], template=r"answer:\d{1,18}:[A-F](?:@\d+)?"):
    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        view = ui.LayoutView(timeout=None)
        view.add_item(ui.TextDisplay("Thank you, your answer has been seen."))
        view.stop()
        await interaction.response.send_message(view=view, ephemeral=True)


def bare_client() -> discord.Client:
    client = discord.Client(intents=discord.Intents(guilds=True))
    client.add_dynamic_items(Letter)
    return client
