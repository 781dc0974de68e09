"""How many processes share the bot's requests to Discord, whose limits hold for the bot as a whole."""

import logging
import secrets
import time
from collections.abc import Callable

from bot.log import fields
from bot.storage import processes as store
from bot.storage.database import Database, DatabaseError

log = logging.getLogger(__name__)

SEEN_EVERY = 15
GONE_AFTER = 60
"""Seconds after which a process that sends nothing is left out."""


class Processes:
    """This process among those that send from the same database. Their clocks may differ by less than GONE_AFTER."""

    def __init__(
        self, db: Database, clock: Callable[[], float], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """`monotonic` is a clock in seconds that nobody sets."""
        self._db = db
        self._clock = clock
        self._monotonic = monotonic
        self._name = secrets.token_hex(8)
        self._count = 1
        self._again_at = monotonic()

    async def sending(self) -> int:
        """Say that this one sends, at most every SEEN_EVERY seconds; returns how many do. While the database is away,
        whoever was there is taken to be there still."""
        if self._monotonic() < self._again_at:
            return self._count
        self._again_at = self._monotonic() + SEEN_EVERY
        now, before = int(self._clock()), self._count
        try:
            self._count = await store.seen(self._db, self._name, now, now - GONE_AFTER)
        except DatabaseError:
            return self._count
        if self._count != before:
            log.info("requests to Discord are shared", extra=fields(processes=self._count))
        return self._count

    async def leave(self) -> None:
        await store.leave(self._db, self._name)
