"""Kills the bot at random points, with a faulty Discord around it, and proves that nothing is lost or doubled.

python -m tests.e2e.torture --kills 500 --seed 1
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random

from bot.core.deliveries import Kind
from bot.storage import deliveries
from bot.storage.database import Database, sql
from tests.e2e.child import NONCE_REMEMBERED
from tests.e2e.faults import Plan
from tests.e2e.learners import Learners
from tests.e2e.loopback import Loopback
from tests.e2e.process import BotProcess, prepare
from tests.e2e.proof import Outcome, prove

GUILDS = [(number << 22) * 1000 for number in range(1, 9)]
FIRST_DAY = date(2020, 1, 1)

RATES = {
    "message.create": 0.3,
    "message.edit": 0.15,
    "message.list": 0.15,
    "thread.create": 0.3,
    "channel.get": 0.15,
    "callback": 0.2,
}

MOMENTS = [
    (route, moment)
    for route in ("message.create", "callback", "message.edit", "thread.create")
    for moment in ("arrived", "done")
]

LONGEST_LIFE = 3.0
"""Seconds after which a run is killed though the moment that was waited for has not come."""


class Torture:
    """One database, one loopback Discord, and as many runs of the bot as there are kills, and one more."""

    def __init__(self, kills: int, seed: int, folder: Path) -> None:
        self._kills = kills
        self._rng = Random(seed)
        self._folder = folder
        self._day = dict.fromkeys(GUILDS, FIRST_DAY)
        self.moments: Counter[str] = Counter()
        plan = Plan(Random(seed + 1), RATES)
        self.discord = Loopback(plan=plan, nonce_seconds=NONCE_REMEMBERED)
        self.learners = Learners(self.discord, Random(seed + 2))
        self._armed: tuple[str, str] | None = None
        self._left = 0
        self.seconds = 0.0

    async def run(self) -> Outcome:
        started = time.monotonic()
        async with self.discord:
            self.bot = BotProcess(self.discord, self._folder, module="tests.e2e.child")
            db = await prepare(self.bot.database_url, self.discord, GUILDS)
            self.discord.on_message = self.learners.see
            self.discord.observe = self._observe
            try:
                for _ in range(self._kills):
                    await self._owe(db)
                    await self._live_and_die()
                await self._drain(db)
            finally:
                await self.bot.close()
                await self.learners.close()
                await db.close()
        self.seconds = time.monotonic() - started
        return prove(self.discord, self._folder / "torture.db", self.learners.acks, time.time())

    # -- what is owed ----------------------------------------------------------------------------------------

    async def _owe(self, db: Database) -> None:
        """Some rounds due now, and reveals of some that are out."""
        now = int(time.time())
        statements = []
        for guild_id in self._rng.sample(GUILDS, 3):
            self._day[guild_id] += timedelta(days=1)
            statements.append(deliveries.owe(Kind.DAILY_POST, guild_id, self._day[guild_id].isoformat(), now))
        await db.write(*statements)
        await self._reveal(db, share=0.5)

    async def _reveal(self, db: Database, share: float) -> None:
        now = int(time.time())
        rows = await db.read(
            "SELECT id, guild_id FROM rounds WHERE state = 1 AND message_id IS NOT NULL AND reveal_at > $1", now
        )
        for row in rows:
            if self._rng.random() < share:
                await db.write(
                    sql("UPDATE rounds SET reveal_at = $2 WHERE id = $1 AND state = 1", row["id"], now),
                    deliveries.owe(Kind.REVEAL, row["guild_id"], str(row["id"]), now),
                )

    # -- killing ---------------------------------------------------------------------------------------------

    async def _live_and_die(self) -> None:
        """One run, killed either at a moment of the exchange with Discord or after a random time."""
        # A random delay after the moment reaches what the bot does with the answer.
        self._delay = self._rng.choice([0.0, 0.0, self._rng.uniform(0, 0.05)])
        life = LONGEST_LIFE
        if self._rng.random() < 0.8:
            self._armed, self._left = self._rng.choice(MOMENTS), self._rng.randint(1, 3)
        else:
            self._armed, life = None, self._rng.uniform(0.3, 3)
        await self.bot.start()
        try:
            await self.bot.ended(life)
        except TimeoutError:
            self.moments["after a time"] += 1
            self.bot.kill()
            await self.bot.ended()

    def _observe(self, route: str, moment: str) -> None:
        if self._armed != (route, moment):
            return
        self._left -= 1
        if self._left == 0:
            self._armed = None
            self.moments[f"{route} {moment}"] += 1
            if self._delay:
                asyncio.get_running_loop().call_later(self._delay, self.bot.kill)
            else:
                self.bot.kill()

    # -- the end ---------------------------------------------------------------------------------------------

    async def _drain(self, db: Database) -> None:
        """One undisturbed run until nothing is owed any more."""
        self._armed = None
        self.discord.plan.rates = {}
        await self.bot.start()
        await self.learners.done()
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            await self._reveal(db, share=1)
            rows = await db.read(
                "SELECT (SELECT COUNT(*) FROM deliveries WHERE state < 2 AND due_at <= $1)"
                " + (SELECT COUNT(*) FROM rounds WHERE state = 1 AND message_id IS NOT NULL) AS open",
                int(time.time()),
            )
            if rows[0]["open"] == 0:
                break
            await asyncio.sleep(0.2)
        # Counts of answers are edited into posts with a delay; none may cover a reveal.
        await asyncio.sleep(1.5)
        self.bot.terminate()
        await self.bot.ended()


def table(torture: Torture, outcome: Outcome, kills: int) -> str:
    """The figures of a run."""
    output = torture.bot.output
    faults = torture.discord.plan.injected
    rows = {
        "kills": kills,
        "rounds": outcome.rounds,
        "posts": outcome.posts,
        "doubled": outcome.doubled,
        "missed": outcome.missed,
        "reveals": outcome.reveals,
        "threads, opening messages": f"{outcome.threads}, {outcome.openings}",
        "threads recorded wrongly": outcome.misrecorded,
        "acknowledged answers": outcome.acknowledged,
        "lost": outcome.lost,
        "stored, never acknowledged": outcome.answers - outcome.acknowledged,
        "repeats caught by the nonce": torture.discord.repeated_nonces,
        "looks: found, nothing": f"{output.count('looked: found')}, {output.count('looked: nothing')}",
        "faults injected": sum(faults.values()),
        "killed at": ", ".join(f"{moment} {count}" for moment, count in sorted(torture.moments.items())),
        "integrity_check": outcome.integrity,
        "violations": len(outcome.violations),
        "seconds": round(torture.seconds),
    }
    return "\n".join(f"{name:<28}{value}" for name, value in rows.items())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder to keep the database and the bot's output in")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        torture = Torture(options.kills, options.seed, folder)
        outcome = asyncio.run(torture.run())
        print(table(torture, outcome, options.kills))
        for violation in outcome.violations:
            print(f"VIOLATION {violation}")
    sys.exit(1 if outcome.violations else 0)


if __name__ == "__main__":
    main()
