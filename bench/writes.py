"""Durable answer transactions a second and their CPU: one caller after another, and fifty at once in group commits."""

import asyncio
import time
import uuid

from bench.learners import open_services, posted_rounds
from bench.measure import in_child, scratch, spread, table
from bot.core.streaks import Streak
from bot.storage import daily_answers
from tests import postgres

CALLERS = (1, 50)
TRANSACTIONS = {1: 2_000, 50: 10_000}
REPEATS = 5


async def measure(url: str, callers: int) -> dict[str, float]:
    """Transactions a second, and ms of CPU each in this process."""
    with scratch() as folder:
        services = await open_services(url or f"sqlite:///{folder}/writes.db")
        [posted] = await posted_rounds(services, 1)
        round_, share = posted.round, TRANSACTIONS[callers] // callers

        async def answer(first: int, count: int) -> None:
            for user_id in range(first, first + count):
                _, new = await daily_answers.answer(
                    services.db, round_, user_id, "A", correct=True, points=10, streak=Streak(1, 1, 1, 0), now=1
                )
                assert new

        await answer(10**15, 100)
        started, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(answer(10**16 + caller * 10**9, share) for caller in range(callers)))
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        await services.close()
    return {"rate": callers * share / seconds, "ms": cpu / (callers * share) * 1000}


async def _rows(name: str, server: str = "") -> list[list[str]]:
    rows: list[list[str]] = []
    for callers in CALLERS:
        found = []
        for _ in range(REPEATS):
            url = await new_database(server) if server else ""
            found.append(await in_child("writes:measure", url, callers))
        rates, cpu = [one["rate"] for one in found], [one["ms"] for one in found]
        rows.append([name, str(callers), spread(rates, ".0f"), spread(cpu, ".3f")])
    return rows


async def new_database(server: str) -> str:
    """The address of a new, empty database."""
    import asyncpg

    name = f"bench_{uuid.uuid4().hex}"
    admin = await asyncpg.connect(server)
    await admin.execute(f"CREATE DATABASE {name}")
    await admin.close()
    return f"{server.rpartition('/')[0]}/{name}"


async def run() -> str:
    rows = await _rows("SQLite, synchronous=FULL")
    binaries = postgres.find_binaries()
    if binaries is not None:
        with postgres.server(binaries) as server:
            # The tests' server writes without fsync: what these rows show is the way there and back, not the disk.
            rows += await _rows("PostgreSQL, fsync off", server)
    return table(["Database", "Callers", "Transactions a second", "CPU each, ms"], rows)
