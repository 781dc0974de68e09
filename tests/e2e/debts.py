"""What is owed while the bot is killed: rounds, their reveals, and reminders of exams that are called off and moved."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from bot.core.deliveries import Kind
from bot.core.exam_dates import ExamDate, ExamState, Moment
from bot.storage import deliveries, exam_dates
from bot.storage.database import Database, Statement, sql
from tests.e2e.loopback import Loopback

FIRST_DAY = date(2020, 1, 1)
EXAM, DAYS_BEFORE, USEFUL = "cpc", 14, 6 * 3600
FIRST_LEARNER = 50_000_000
CLOSED = 0.15
"""How many learners take no direct messages."""


class Debts:
    """Owes a little more in each round."""

    def __init__(self, db: Database, discord: Loopback, guild_ids: Sequence[int], rng: Random) -> None:
        self._db = db
        self._discord = discord
        self._guild_ids = guild_ids
        self._rng = rng
        self._day = dict.fromkeys(guild_ids, FIRST_DAY)
        self._learners = self._pressed = 0

    async def owe(self) -> None:
        """Some rounds due now, reveals of some that are out, some reminders; and a change of mind about others."""
        now = int(time.time())
        statements: list[Statement] = []
        for guild_id in self._rng.sample(self._guild_ids, 3):
            self._day[guild_id] += timedelta(days=1)
            statements.append(deliveries.owe(Kind.DAILY_POST, guild_id, self._day[guild_id].isoformat(), now))
        await self._db.write(*statements)
        await self.reveal(share=0.5)
        for _ in range(3):
            await self._remind()

    async def reveal(self, share: float) -> None:
        now = int(time.time())
        rows = await self._db.read(
            "SELECT id, guild_id FROM rounds WHERE state = 1 AND message_id IS NOT NULL AND reveal_at > $1", now
        )
        for row in rows:
            if self._rng.random() < share:
                await self._db.write(
                    sql("UPDATE rounds SET reveal_at = $2 WHERE id = $1 AND state = 1", row["id"], now),
                    deliveries.owe(Kind.REVEAL, row["guild_id"], str(row["id"]), now),
                )

    async def _remind(self) -> None:
        """A learner with an exam in two weeks, and a reminder of it that was put off until now."""
        self._learners += 1
        user_id = FIRST_LEARNER + 10 * self._learners
        if self._rng.random() < CLOSED:
            self._discord.closed.add(user_id + 1)
        now = int(time.time())
        guild_id = self._rng.choice(self._guild_ids)
        [[added]] = await self._db.write(exam_dates.add(user_id, guild_id, EXAM, _moment(DAYS_BEFORE), now))
        found = await exam_dates.get(self._db, added["id"])
        assert found is not None
        await self._db.write(self._owe_again(found, now))

    def _owe_again(self, found: ExamDate, now: int) -> Statement:
        """One of the usual hours would be owed anew at each start of the bot, at the hour that it belongs to."""
        self._pressed += 1
        return exam_dates.owe_again(self._db, found, DAYS_BEFORE, self._pressed, now, now + USEFUL)

    async def change_minds(self, share: float) -> None:
        """Call off or move some exams whose reminders have not gone out, also while they are being sent."""
        now = int(time.time())
        rows = await self._db.read(
            "SELECT subject FROM deliveries WHERE kind = $1 AND state < 2 AND useful_until >= 0 ORDER BY id",
            Kind.EXAM_REMINDER.value,
        )
        for row in rows:
            if "+" not in row["subject"] or self._rng.random() >= share:
                continue
            found = await exam_dates.get(self._db, int(row["subject"].partition(".")[0]))
            assert found is not None
            silence = deliveries.cancel_of(found.user_id, Kind.EXAM_REMINDER, f"{found.id}.")
            if self._rng.random() < 0.5:
                await self._db.write(silence, exam_dates.settle(found, ExamState.CANCELLED, now))
            else:
                moved = exam_dates.move(found, EXAM, _moment(DAYS_BEFORE + 1), now)
                again = self._owe_again(replace(found, revision=found.revision + 1), now)
                await self._db.write(silence, moved, again)

    async def open(self) -> int:
        """How much of what is due has not come to an end."""
        [row] = await self._db.read(
            "SELECT (SELECT COUNT(*) FROM deliveries WHERE state < 2 AND due_at <= $1)"
            " + (SELECT COUNT(*) FROM rounds WHERE state = 1 AND message_id IS NOT NULL) AS n",
            int(time.time()),
        )
        return row["n"]


def _moment(days: int) -> Moment:
    return Moment(datetime.now(UTC).date() + timedelta(days=days), None, "UTC")
