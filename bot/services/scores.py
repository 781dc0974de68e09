"""Proving that the scores kept are what the answers come to, and making them anew."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.core import tally
from bot.storage import audit, flags, meta
from bot.storage import scores as store
from bot.storage.database import Database

COUNTED = "scores counted"
"""The fact in `meta` that answers from before there were scores have been counted."""


@dataclass(slots=True)
class Audit:
    """What was looked at, and what differs, as lines for an operator."""

    guilds: int = 0
    attempts: int = 0
    scores: int = 0
    added: int = 0
    """Answers that had not been counted and now are."""
    differences: list[str] = field(default_factory=list[str])


class Scores:
    """Use cases of `python -m bot scores`."""

    def __init__(self, db: Database, clock: Callable[[], float]) -> None:
        self._db = db
        self._clock = clock

    async def check(self) -> Audit:
        """Compare every guild's scores with its answers."""
        found = Audit()
        hidden = await audit.hidden(self._db)
        for guild_id in await audit.guilds(self._db):
            found.guilds += 1
            await self._check(guild_id, hidden, found)
        return found

    async def _check(self, guild_id: int, hidden: set[int], found: Audit) -> None:
        attempts = await audit.attempts(self._db, guild_id)
        kept = await audit.scores(self._db, guild_id)
        withdrawn = await flags.withdrawn(self._db, guild_id)
        due = tally.recount(attempts, await audit.members(self._db, guild_id), withdrawn)
        found.attempts += len(attempts)
        found.scores += len(kept)
        for key in sorted(due.keys() | kept.keys()):
            wanted = (due[key], due[key].accuracy, key[2] not in hidden) if key in due else None
            if kept.get(key) != wanted:
                found.differences.append(f"server {guild_id}, {_name(key)}: kept {kept.get(key)}, answers say {wanted}")
        steps, counted = await audit.steps(self._db, guild_id), await audit.steps_of_scores(self._db, guild_id)
        for step in sorted(steps.keys() | counted.keys()):
            if steps.get(step, 0) != counted.get(step, 0):
                found.differences.append(
                    f"server {guild_id}, step {step}: kept {steps.get(step, 0)}, scores say {counted.get(step, 0)}"
                )
        for missing in await audit.uncounted(self._db, guild_id):
            found.differences.append(
                f"server {guild_id}, daily round {missing.round_id}: {missing.answers} answers are not counted"
            )

    async def rebuild(self) -> Audit:
        """Count every guild anew from its answers, and then compare. Answers given meanwhile are counted too."""
        added = 0
        for guild_id in await audit.guilds(self._db):
            added += await self._count_daily(guild_id)
            await self._db.write(*store.recount_guild(guild_id))
        found = await self.check()
        found.added = added
        return found

    async def ensure(self) -> int:
        """Count, once, the answers that were given before there were scores; returns how many."""
        if await meta.get(self._db, COUNTED):
            return 0
        added = 0
        for guild_id in await audit.guilds(self._db):
            added += await self._count_daily(guild_id)
        await meta.put(self._db, COUNTED, "yes")
        return added

    async def _count_daily(self, guild_id: int) -> int:
        """Count what was answered in time and is not counted, round by round from the oldest."""
        missing = await audit.uncounted(self._db, guild_id)
        for round_ in missing:
            when = store.When(round_.day, secrets.randbits(62), int(self._clock()))
            await self._db.write(*store.daily_attempts(guild_id, round_.item_id, round_.round_id, when))
        return sum(round_.answers for round_ in missing)


def _name(key: tally.Key) -> str:
    group, period, user_id = key
    return f"{f'group {group}' if group else 'all'}, period {period}, learner {user_id}"
