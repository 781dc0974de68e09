"""A whole board for a random learner (top ten, own rank, neighbours, movement), by number of learners: ms a read."""

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from bench.measure import in_child, quantile, scratch, table
from bench.writes import new_database
from bot.core.board import Asked, Metric
from bot.core.periods import Span, period
from bot.core.scores import ANSWERS_AT_LEAST, accuracy
from bot.services.board import Boards
from bot.storage.database import Database, connect
from bot.storage.database.migrate import migrate
from bot.storage.database.postgres import Postgres
from bot.storage.scores import ACCURACY_STEP, BY_ACCURACY, BY_POINTS, POINTS_STEP
from tests import postgres

GUILD = 10**17
FIRST = 10**18
LEARNERS = (100, 10_000, 100_000, 1_000_000)
READS = 300
NOW = 1_795_000_000
ROUNDS = 100

Rows = Iterator[tuple[object, ...]]


def scores(season: int, count: int, rng: Random, steps: Counter[tuple[int, int]]) -> Rows:
    """A month of learners: most answer little, some every day and much besides."""
    for user_id in range(FIRST, FIRST + count):
        answers = min(1 + int(rng.expovariate(1 / 25)), 400)
        skill = rng.uniform(0.3, 0.97)
        correct = sum(rng.random() < skill for _ in range(answers)) if answers < 40 else round(answers * skill)
        points = sum(rng.choice((10, 15, 20)) for _ in range(min(correct, 40))) + 15 * max(correct - 40, 0)
        bound = accuracy(correct, answers)
        steps[BY_POINTS, points // POINTS_STEP] += 1
        if answers >= ANSWERS_AT_LEAST[Span.SEASON]:
            steps[BY_ACCURACY, bound // ACCURACY_STEP] += 1
        yield GUILD, 0, season, user_id, points, answers, correct, bound, 1


def streaks(count: int, rng: Random) -> Rows:
    """A third of the learners have a streak that is alive."""
    for user_id in range(FIRST, FIRST + count):
        current = 1 + int(rng.expovariate(1 / 12))
        number = ROUNDS if rng.random() < 1 / 3 else rng.randint(1, ROUNDS - 4)
        yield GUILD, user_id, number, min(current, number), current, rng.randint(0, 2), 1


async def fill(db: Database, url: str, count: int) -> None:
    """Two seasons, names and streaks, written as fast as each database takes them."""
    rng = Random(7)
    now = period(Span.SEASON, date.fromtimestamp(NOW)).key
    tables: list[tuple[str, int, Rows]] = []
    steps = {season: Counter[tuple[int, int]]() for season in (now, now - 1)}
    for season, counted in steps.items():
        tables.append(("scores", 9, scores(season, count, rng, counted)))
    tables.append(("learner_names", 3, ((GUILD, FIRST + i, f"Learner {i}") for i in range(count))))
    tables.append(("streaks", 7, streaks(count, rng)))
    tables.append(
        (
            "score_steps",
            6,
            (
                (GUILD, 0, season, metric, step, learners)
                for season, counted in steps.items()
                for (metric, step), learners in counted.items()
            ),
        )
    )
    first = date.fromtimestamp(NOW) - timedelta(days=ROUNDS + 1)
    days = ((number, (first + timedelta(days=number)).isoformat()) for number in range(1, ROUNDS + 1))
    rounds = ((n, GUILD, day, n, "x", "x", 1, 2, 1, 20, n, n, None, 0, 0, 1) for n, day in days)
    tables.append(("items_shown", 3, iter([("x", "x", "{}")])))
    tables.append(("rounds", 16, rounds))
    for name, columns, rows in tables:
        if isinstance(db, Postgres):
            async with db.pool.acquire() as connection:
                await connection.copy_records_to_table(name, records=rows, timeout=600)
        else:
            with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
                connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * columns)})", rows)
            connection.close()
    if isinstance(db, Postgres):
        async with db.pool.acquire() as connection:
            await connection.execute("VACUUM ANALYZE", timeout=600)


async def measure(url: str, count: int) -> dict[str, list[float]]:
    """Milliseconds of each read, by metric."""
    with scratch() as folder:
        url = url or f"sqlite:///{folder}/board.db"
        db = await connect(url)
        await migrate(db)
        await fill(db, url, count)
        boards = Boards(db, lambda: NOW)
        rng = Random(11)
        found: dict[str, list[float]] = {}
        for metric in Metric:
            took: list[float] = []
            for _ in range(READS):
                user_id = FIRST + rng.randrange(count)
                started = time.perf_counter()
                board = (await boards.page(GUILD, user_id, Asked(metric=metric))).board
                took.append((time.perf_counter() - started) * 1000)
                assert len(board.top) == 10
            found[metric.value] = took
        await db.close()
    return found


async def _rows(name: str, server: str = "") -> list[list[str]]:
    rows: list[list[str]] = []
    for count in LEARNERS:
        url = await new_database(server) if server else ""
        found = await in_child("board:measure", url, count)
        cells = [f"{quantile(took, 0.5):.2f} / {quantile(took, 0.99):.2f}" for took in found.values()]
        rows.append([name, f"{count:,}", *cells])
    return rows


async def run() -> str:
    rows = await _rows("SQLite")
    binaries = postgres.find_binaries()
    if binaries is not None:
        with postgres.server(binaries) as server:
            rows += await _rows("PostgreSQL", server)
    return table(["database", "learners", *(f"{metric}, p50 / p99" for metric in Metric)], rows)
