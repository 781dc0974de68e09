"""The ledger of deliveries with 1,000,000 pending rows: the next due one, and claims of 100 with their commit."""

import sqlite3
import time

from bench.measure import in_child, quantile, scratch, table
from bench.writes import new_database
from bot.core.deliveries import Kind, Lane
from bot.storage import deliveries
from bot.storage.database import Database, connect
from bot.storage.database.migrate import migrate
from bot.storage.database.postgres import Postgres
from tests import postgres

PENDING, CLAIMS, AT_ONCE = 1_000_000, 300, 100
NOW = 1_795_000_000

COLUMNS = "kind, guild_id, target_user_id, subject, dedupe_key, due_at, useful_until, state, wake_at"


async def measure(url: str) -> dict[str, list[float]]:
    """Milliseconds of each look-up and of each claim."""
    with scratch() as folder:
        url = url or f"sqlite:///{folder}/claims.db"
        db = await connect(url)
        await migrate(db)
        await fill(db, url)
        looked: list[float] = []
        claimed: list[float] = []
        for number in range(CLAIMS):
            begun = time.perf_counter()
            due = (await deliveries.next_wakes(db))[Lane.PERSONS]
            looked.append((time.perf_counter() - begun) * 1000)
            assert due is not None
            begun = time.perf_counter()
            found = await deliveries.claim(db, Lane.PERSONS, NOW, AT_ONCE, f"lease{number}")
            claimed.append((time.perf_counter() - begun) * 1000)
            assert len(found) == AT_ONCE
        await db.close()
    return {"looked": looked, "claimed": claimed}


def _rows():
    """What is due stands among what is not, in no order."""
    due = CLAIMS * AT_ONCE
    step = PENDING // due
    for number in range(PENDING):
        at = NOW - 1 - number % 3600 if number % step == 0 else NOW + 60 + number * 7919 % 30_000_000
        yield Kind.NOTICE.value, number % 5000, number, f"plain:{number}", f"bench:{number}", at, at + 10**6, 0, at


async def fill(db: Database, url: str) -> None:
    if isinstance(db, Postgres):
        async with db.pool.acquire() as connection:
            await connection.copy_records_to_table(
                "deliveries", records=_rows(), columns=COLUMNS.split(", "), timeout=600
            )
            await connection.execute("ANALYZE deliveries", timeout=600)
        return
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.executemany(f"INSERT INTO deliveries ({COLUMNS}) VALUES ({', '.join('?' * 9)})", _rows())
    connection.commit()
    connection.close()


async def run() -> str:
    binaries = postgres.find_binaries()
    rows = [await _row("SQLite", "")]
    if binaries is not None:
        with postgres.server(binaries) as server:
            rows.append(await _row("PostgreSQL", await new_database(server)))
    return table(["Database", "next due, p50 / p99, ms", f"claim of {AT_ONCE}, p50 / p99, ms"], rows)


async def _row(name: str, url: str) -> list[str]:
    found = await in_child("claims:measure", url)
    return [
        name,
        *(f"{quantile(found[what], 0.5):.2f} / {quantile(found[what], 0.99):.2f}" for what in ("looked", "claimed")),
    ]
