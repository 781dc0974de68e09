"""Remembering what people are called in a server, for boards: from what they press, since the client keeps no members."""

import asyncio
from collections import OrderedDict
from typing import Any

from bot.client import StudyBot
from cogs.ui.press import Interaction

KNOWN_AT_MOST = 20_000
"""Names kept in memory, so that one that stayed the same costs nothing."""

TOGETHER = 0.5
"""Seconds for which new names wait for one another, to be stored in one write."""


class Names:
    """Watches interactions: it delays no reply and fails none."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot
        self._known: OrderedDict[tuple[int, int], str] = OrderedDict()
        self._new: dict[tuple[int, int], str] = {}
        self._storing: asyncio.Task[None] | None = None

    def seen(self, interaction: Interaction) -> None:
        guild_id, user = interaction.guild_id, interaction.user
        data: Any = interaction.data or {}
        if data.get("name") == "privacy" or str(data.get("custom_id", "")).startswith("erase:"):
            # Who looks after their data, or has it deleted, is not written down by that; and is news again afterwards.
            for names in (self._known, self._new):
                for key in [key for key in names if key[1] == user.id]:
                    del names[key]
            return
        if guild_id is None or self._known.get((guild_id, user.id)) == user.display_name:
            return
        self._new[guild_id, user.id] = user.display_name
        if self._storing is None:
            self._storing = asyncio.create_task(self._store(), name="names")

    async def _store(self) -> None:
        await asyncio.sleep(TOGETHER)
        self._storing = None
        names, self._new = self._new, {}
        if not names or not await self._bot.services.board.remember_names(names):
            return
        self._known.update(names)
        while len(self._known) > KNOWN_AT_MOST:
            self._known.popitem(last=False)

    def close(self) -> None:
        if self._storing is not None:
            self._storing.cancel()
