"""Kills the bot at random points, with a faulty Discord around it, and proves that nothing is lost or doubled.

python -m tests.e2e.torture --kills 1000 --seed 1
python -m tests.e2e.torture --kills 1000 --seed 1 --processes 2
"""

import argparse
import asyncio
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random

from bot.storage.database import Database
from tests import postgres
from tests.e2e.child import NONCE_REMEMBERED
from tests.e2e.debts import Debts
from tests.e2e.faults import Plan
from tests.e2e.learners import Learners
from tests.e2e.loopback import Loopback
from tests.e2e.process import BotProcess, prepare
from tests.e2e.proof import Outcome, covered_reveals, prove

GUILDS = [(number << 22) * 1000 for number in range(1, 9)]

RATES = {
    "message.create": 0.3,
    "message.edit": 0.15,
    "message.list": 0.15,
    "thread.create": 0.3,
    "channel.get": 0.15,
    "dm.create": 0.15,
    "callback": 0.2,
}

MOMENTS = [
    (route, moment)
    for route in ("message.create", "callback", "message.edit", "thread.create", "dm.create")
    for moment in ("arrived", "done")
]

LONGEST_LIFE = 5.0
"""Seconds after which a run is killed though the moment that was waited for has not come."""

DROPS = 0.1
"""In how many rounds the connections to Discord's gateway break, and in how many those to PostgreSQL."""

OURS = "torture"


class Torture:
    """One database, one loopback Discord, and one or two processes of the bot that are killed once a round.

    `url` is a PostgreSQL database, empty for one of SQLite. Every `outage_every` rounds Discord is down for
    `outage` seconds.
    """

    def __init__(
        self,
        kills: int,
        seed: int,
        folder: Path,
        *,
        url: str = "",
        processes: int = 1,
        outage: float = 2.5,
        outage_every: int = 8,
    ) -> None:
        self._kills = kills
        self._rng = Random(seed)
        self._seed = seed
        self._folder = folder
        self._url = url
        self._processes = processes
        self._outage = outage
        self._outage_every = outage_every
        self.moments: Counter[str] = Counter()
        plan = Plan(Random(seed + 1), RATES)
        self.discord = Loopback(plan=plan, nonce_seconds=NONCE_REMEMBERED)
        self.learners = Learners(self.discord, Random(seed + 2))
        self.outages = self.dropped = self.broken = self.covered = 0
        self.seconds = 0.0
        self._armed: tuple[str, str] | None = None
        self._left = 0
        self._victims: list[BotProcess] = []

    @property
    def output(self) -> str:
        return self.bots[0].output

    async def run(self) -> Outcome:
        started = time.monotonic()
        async with self.discord:
            self.bots = [
                BotProcess(self.discord, self._folder, module="tests.e2e.child", database_url=self._url)
                for _ in range(self._processes)
            ]
            url = self.bots[0].database_url
            db = await prepare(f"{url}?application_name={OURS}" if self._url else url, self.discord, GUILDS)
            self.debts = Debts(db, self.discord, GUILDS, Random(self._seed + 3))
            self.discord.on_message = self.learners.see
            self.discord.observe = self._observe
            try:
                for number in range(1, self._kills + 1):
                    await self.debts.owe()
                    await self._live_and_die(db, outage=number % self._outage_every == 0)
                await self._drain(db)
                outcome = await prove(self.discord, db, self.learners.acks, time.time())
            finally:
                for bot in self.bots:
                    await bot.close()
                await self.learners.close()
                await db.close()
        if self.covered > 1 + self._kills // 200:
            outcome.violations.append(f"{self.covered} reveals were covered by a count until a press")
        self.seconds = time.monotonic() - started
        if not self._url:
            _check_integrity(outcome, self._folder / "torture.db")
        return outcome

    # -- killing ---------------------------------------------------------------------------------------------

    async def _live_and_die(self, db: Database, *, outage: bool) -> None:
        """One round: whoever is not up is started, and one or all are killed, either at a moment of the exchange with
        Discord or after a random time."""
        # A random delay after the moment reaches what the bot does with the answer.
        self._delay = self._rng.choice([0.0, 0.0, self._rng.uniform(0, 0.05)])
        life = LONGEST_LIFE
        everybody = self._rng.random() < 0.3
        self._victims = self.bots if everybody else [self._rng.choice(self.bots)]
        if self._rng.random() < 0.8:
            armed, self._left = self._rng.choice(MOMENTS), self._rng.randint(1, 3)
        else:
            armed, life = None, self._rng.uniform(0.3, 3)
        await self._start()
        if outage:
            await self._suffer()
        self._armed = armed
        mind = asyncio.create_task(self._meanwhile(db, life))
        try:
            await self._victims[0].ended(life)
        except TimeoutError:
            self.moments["after a time"] += 1
            self._armed = None
            self._kill()
        for bot in self._victims:
            await bot.ended()
        await mind

    async def _start(self) -> None:
        for bot in self.bots:
            if not bot.running:
                await bot.start()

    async def _suffer(self) -> None:
        """An outage of Discord, in half of which the bot is killed as well, and started while nobody answers."""
        self.outages += 1
        failing = asyncio.create_task(self.discord.fail(self._outage))
        if self._rng.random() < 0.5:
            await asyncio.sleep(self._rng.uniform(0, self._outage / 2))
            self.moments["in an outage"] += 1
            self._kill()
            for bot in self._victims:
                await bot.ended()
            await self._start()
        await failing

    async def _meanwhile(self, db: Database, life: float) -> None:
        """Learners change their minds, connections break."""
        drop, broken = self._rng.random() < DROPS, self._rng.random() < DROPS
        await asyncio.sleep(self._rng.uniform(0, life / 2))
        await self.debts.change_minds(share=0.1)
        if drop:
            self.dropped += 1
            self.discord.gateway.drop()
        if broken and self._url:
            self.broken += 1
            await db.read(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                " AND application_name <> $1 AND backend_type = 'client backend'",
                OURS,
            )

    def _observe(self, route: str, moment: str) -> None:
        if self._armed != (route, moment):
            return
        self._left -= 1
        if self._left == 0:
            self._armed = None
            self.moments[f"{route} {moment}"] += 1
            if self._delay:
                asyncio.get_running_loop().call_later(self._delay, self._kill)
            else:
                self._kill()

    def _kill(self) -> None:
        for bot in self._victims:
            bot.kill()

    # -- the end ---------------------------------------------------------------------------------------------

    async def _drain(self, db: Database) -> None:
        """One undisturbed run until nothing is owed any more."""
        self._armed = None
        self.discord.plan.rates = {}
        await self._start()
        await self.learners.done()
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            await self.debts.reveal(share=1)
            if await self.debts.open() == 0:
                break
            await asyncio.sleep(0.2)
        # Counts of answers are edited into posts with a delay; none may cover a reveal for longer than until a press.
        await asyncio.sleep(1.5)
        self.covered = await self.learners.press(await covered_reveals(self.discord, db))
        await asyncio.sleep(3 if self.covered else 0)
        for bot in self.bots:
            bot.terminate()
        for bot in self.bots:
            await bot.ended()


def _check_integrity(outcome: Outcome, database: Path) -> None:
    with closing(sqlite3.connect(database)) as db:
        [(outcome.integrity,)] = db.execute("PRAGMA integrity_check").fetchall()
    if outcome.integrity != "ok":
        outcome.violations.append(f"integrity_check: {outcome.integrity}")


def table(torture: Torture, outcome: Outcome, kills: int) -> str:
    """The figures of a run."""
    output = torture.output
    faults = torture.discord.plan.injected
    waits = sorted(outcome.waits)
    rows = {
        "kills": kills,
        "outages, dropped connections": f"{torture.outages}, {torture.dropped} of the gateway, {torture.broken} of PostgreSQL",
        "rounds": outcome.rounds,
        "posts": outcome.posts,
        "reveals": outcome.reveals,
        "threads, opening messages": f"{outcome.threads}, {outcome.openings}",
        "reveals covered until a press": torture.covered,
        "threads recorded wrongly": outcome.misrecorded,
        "reminders": outcome.reminders,
        "arrived, called off": f"{outcome.reminded}, {outcome.called_off}",
        "closed, told in the server": outcome.told_in_server,
        "doubled": outcome.doubled,
        "missed": outcome.missed,
        "sent too late": outcome.late,
        "seconds from due to sent": f"median {waits[len(waits) // 2]:.1f}, longest {waits[-1]:.1f}",
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
    return "\n".join(f"{name:<30}{value}" for name, value in rows.items())


async def _run(options: argparse.Namespace, folder: Path, url: str) -> int:
    torture = Torture(
        options.kills,
        options.seed,
        folder,
        url=url,
        processes=options.processes,
        outage=options.outage,
        outage_every=options.outage_every,
    )
    outcome = await torture.run()
    print(table(torture, outcome, options.kills))
    for violation in outcome.violations:
        print(f"VIOLATION {violation}")
    return len(outcome.violations)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1, choices=(1, 2), help="two run on one PostgreSQL database")
    parser.add_argument("--outage", type=float, default=30, help="seconds of an outage of Discord")
    parser.add_argument("--outage-every", type=int, default=100, help="rounds")
    parser.add_argument("--keep", type=Path, help="a folder to keep the database and the bot's output in")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if options.processes == 1:
            violations = asyncio.run(_run(options, folder, ""))
        else:
            binaries = postgres.find_binaries()
            if binaries is None:
                raise SystemExit("PostgreSQL is not installed (Debian: apt-get install postgresql)")
            with postgres.server(binaries) as server:
                # The maintenance database, which nobody else uses.
                violations = asyncio.run(_run(options, folder, server))
    sys.exit(1 if violations else 0)


if __name__ == "__main__":
    main()
