"""Remembering what people are called in a server, for boards: from what they press, since the client keeps no members."""

from collections import OrderedDict
from typing import Any

from discord.ext import commands

from bot.client import StudyBot
from cogs.ui.press import Interaction

KNOWN_AT_MOST = 20_000
"""Names kept in memory, so that one that stayed the same costs nothing."""


class Names(commands.Cog):
    """One listener for all features, beside what answers the interaction: it delays no reply and fails none."""

    def __init__(self, bot: StudyBot) -> None:
        self.bot = bot
        self._known: OrderedDict[tuple[int, int], str] = OrderedDict()

    @commands.Cog.listener()
    async def on_interaction(self, interaction: Interaction) -> None:
        guild_id, user = interaction.guild_id, interaction.user
        data: Any = interaction.data or {}
        if data.get("name") == "privacy" or str(data.get("custom_id", "")).startswith("erase:"):
            # Who looks after their data, or has it deleted, is not written down by that; and is news again afterwards.
            for key in [key for key in self._known if key[1] == user.id]:
                del self._known[key]
            return
        if guild_id is None or self._known.get((guild_id, user.id)) == user.display_name:
            return
        if await self.bot.services.board.remember_name(guild_id, user.id, user.display_name):
            self._known[guild_id, user.id] = user.display_name
            if len(self._known) > KNOWN_AT_MOST:
                self._known.popitem(last=False)
