"""How many processes share the bot's requests to Discord, whose limits hold for the bot as a whole."""

import secrets
from collections.abc import Callable

from bot.storage import processes as store
from bot.storage.database import Database

SEEN_EVERY = 15
GONE_AFTER = 60
"""Seconds after which a process that says nothing is taken for dead."""


class Processes:
    """This process among those on the same database. Their clocks may differ by less than GONE_AFTER."""

    def __init__(self, db: Database, clock: Callable[[], float]) -> None:
        self._db = db
        self._clock = clock
        self._name = secrets.token_hex(8)

    async def seen(self) -> int:
        """Say that this one is there; returns how many there are."""
        now = int(self._clock())
        return await store.seen(self._db, self._name, now, now - GONE_AFTER)

    async def leave(self) -> None:
        await store.leave(self._db, self._name)
