"""A learner's own data: export, erase, and being seen."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

from bot.core.errors import PseudonymNotChosen
from bot.core.privacy import Visibility
from bot.core.pseudonyms import pseudonym
from bot.services.group_access import leaving
from bot.storage import groups, learners, scores
from bot.storage import privacy as registry
from bot.storage.database import Database, Statement, retrying

PSEUDONYM_TRIES = 8


class Privacy:
    """Use cases of /privacy."""

    def __init__(self, db: Database, clock: Callable[[], float], rng: Random, wake: Callable[[], None]) -> None:
        self._db = db
        self._clock = clock
        self._rng = rng
        self._wake = wake

    async def export(self, user_id: int) -> bytes:
        """Everything stored about a person, as indented JSON."""
        data = {
            "user": str(user_id),
            "exported_at": datetime.fromtimestamp(int(self._clock()), UTC).isoformat(),
            "stored": await registry.export(self._db, user_id),
        }
        return json.dumps(data, indent=2, ensure_ascii=False).encode()

    async def erase(self, user_id: int) -> None:
        """Delete everything stored about a person, at once and for good. They leave their groups first, so that what follows
        from that follows here too."""
        now = int(self._clock())
        mine = await groups.of_person(self._db, user_id)
        left = [step for guild_id, group_id in mine for step in leaving(group_id, guild_id, user_id, now)]
        await registry.erase(self._db, user_id, *left)
        self._wake()

    async def visibility(self, user_id: int) -> Visibility:
        return await learners.visibility(self._db, user_id)

    async def seen_as(self, user_id: int) -> tuple[Visibility, str]:
        """The choice, and the pseudonym if one was ever made."""
        return await learners.seen_as(self._db, user_id)

    async def set_visibility(self, user_id: int, choice: Visibility) -> None:
        """Take a learner off all boards, or put them on, in one transaction. The first pseudonym stays until another
        one is asked for."""
        chosen = [
            learners.set_visibility(user_id, choice),
            *scores.show(user_id, shown=choice is not Visibility.HIDDEN),
        ]
        if choice is Visibility.PSEUDONYM:
            await self._call(user_id, *chosen)
        else:
            await self._db.write(*chosen)

    async def another_pseudonym(self, user_id: int) -> None:
        """Make another pseudonym for somebody who is shown by one. Raises PseudonymNotChosen."""
        choice, current = await learners.seen_as(self._db, user_id)
        if choice is not Visibility.PSEUDONYM:
            raise PseudonymNotChosen
        await self._call(user_id, instead_of=current)

    async def _call(self, user_id: int, *chosen: Statement, instead_of: str = "") -> None:
        async def attempt() -> None:
            name = pseudonym(self._rng)
            # Where somebody else is called so, this is a Conflict.
            await self._db.write(*chosen, learners.set_pseudonym(user_id, name, instead_of=instead_of))

        await retrying(attempt, PSEUDONYM_TRIES)
