"""No board is read past more rows than it shows: what SQLite says of its plans."""

import re
import sqlite3
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from bot.app import build_services
from bot.core.board import Asked, Metric, Scope
from bot.core.periods import Span
from bot.storage import seasons
from bot.storage.database import Database, Row, Statement, connect
from bot.storage.database.migrate import migrate
from bot.storage.database.sqlite import SQLite
from tests.samples import START, Clock, sample_content
from tests.storage.scored import FEBRUARY, GUILD, Score, fill, found

SCAN = re.compile(r"^SCAN (?!t\b|o\b|c\b|above\b|own\b|below\b|CONSTANT ROW)")
"""A step over a whole table. The letters are the few rows picked before, of which names are then read."""


class Recorded:
    """A database that keeps what it was asked."""

    def __init__(self, db: SQLite) -> None:
        self._db = db
        self.skip_locked, self.for_share = db.skip_locked, db.for_share
        self.asked: list[Statement] = []

    async def write(self, *statements: Statement) -> list[Sequence[Row]]:
        return await self._db.write(*statements)

    async def read(self, text: str, *args: Any) -> Sequence[Row]:
        self.asked.append(Statement(text, args))
        return await self._db.read(text, *args)

    async def look_up(self, text: str, *args: Any) -> Sequence[Row]:
        self.asked.append(Statement(text, args))
        return await self._db.look_up(text, *args)

    async def close(self) -> None:
        await self._db.close()

    def instructions(self, statement: Statement) -> int:
        """How much SQLite had to do for it, in hundreds of instructions."""
        connection = sqlite3.connect(self._db.path)
        counted = 0

        def count() -> int:
            nonlocal counted
            counted += 1
            return 0

        connection.set_progress_handler(count, 100)
        connection.execute(re.sub(r"\$(\d+)", r"?\1", statement.sql), statement.args).fetchall()
        connection.close()
        return counted

    def plan(self, statement: Statement) -> list[str]:
        connection = sqlite3.connect(self._db.path)
        text = "EXPLAIN QUERY PLAN " + re.sub(r"\$(\d+)", r"?\1", statement.sql)
        try:
            return [row[3] for row in connection.execute(text, statement.args)]
        finally:
            connection.close()


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("metric", list(Metric))
@pytest.mark.parametrize("span", list(Span))
async def test_every_query_of_a_board_is_led_by_an_index(
    sqlite_url: str, scope: Scope, metric: Metric, span: Span
) -> None:
    db = await connect(sqlite_url)
    await migrate(db)
    assert isinstance(db, SQLite)
    recorded = Recorded(db)
    when = await build_services(recorded, sample_content(), Clock(START), Random(1)).board.period(GUILD, span)
    await found(db, 1, "Owls", [501, 502])
    await fill(
        db,
        [Score(501 + i, 300 - i, 30, 30 - i % 9, period=when.key, group=group) for i in range(25) for group in (0, 1)],
    )
    recorded.asked.clear()
    board = build_services(recorded, sample_content(), Clock(START), Random(1)).board
    await board.page(GUILD, 522, Asked(scope, metric, span, group=1))
    assert recorded.asked
    for statement in recorded.asked:
        steps = recorded.plan(statement)
        assert not [step for step in steps if SCAN.match(step)], (statement.sql, steps)
        # Nor is all of a server read for what a group needs.
        assert not [step for step in steps if re.match(r"SEARCH [spq] USING .*\(guild_id=\?\)", step)], steps
        if scope is not Scope.SERVER:
            assert not [step for step in steps if "streaks_by" in step], (statement.sql, steps)
        # Sorting would read the whole board first; a group's streaks and the list of groups are short.
        if "FROM scores s WHERE" in statement.sql or ("FROM streaks" in statement.sql and scope is Scope.SERVER):
            assert not [step for step in steps if "ORDER BY" in step], (statement.sql, steps)
    await db.close()


@pytest.mark.parametrize("metric", [Metric.POINTS, Metric.ACCURACY])
async def test_a_board_of_many_costs_hardly_more_than_one_of_few(sqlite_url: str, metric: Metric) -> None:
    db = await connect(sqlite_url)
    await migrate(db)
    assert isinstance(db, SQLite)
    recorded = Recorded(db)
    board = build_services(recorded, sample_content(), Clock(START), Random(1)).board
    costs: list[int] = []
    for count in (100, 3000):
        rng = Random(3)
        now = [Score(1000 + i, rng.randrange(1, 3000), 40, rng.randrange(41)) for i in range(count)]
        await fill(db, [*now, *(score.again(period=FEBRUARY.key) for score in now)])
        recorded.asked.clear()
        await board.page(GUILD, 1000 + count // 2, Asked(metric=metric))
        costs.append(sum(recorded.instructions(statement) for statement in recorded.asked))
    # The number of steps grows to what is there of them, and that of learners on one by what more there are.
    assert costs[1] < 4 * costs[0], costs
    await db.close()


async def test_the_end_of_a_season_is_kept_once_and_forgets_who_is_erased(db: Database) -> None:
    def winners(first: int) -> list[seasons.Winner]:
        return [seasons.Winner(first, 1, 90), seasons.Winner(503, 2, 80)]

    await db.write(*seasons.ended(GUILD, FEBRUARY.key, START, winners(501)))
    await db.write(*seasons.ended(GUILD, FEBRUARY.key - 1, START, winners(502)))
    await db.write(*seasons.ended(GUILD, FEBRUARY.key, START + 5, []))
    assert await seasons.first_of_last(db, GUILD, FEBRUARY.key + 1) == [501]
    assert await seasons.first_of_last(db, GUILD, FEBRUARY.key) == [502]
    assert await seasons.first_of_last(db, GUILD + 1, FEBRUARY.key) == []
    assert (await seasons.export(db, 503))[-1] == {"guild": "10", "season": "2026-02", "rank": 2, "points": 80}
    await db.write(*seasons.erase(501))
    assert await seasons.first_of_last(db, GUILD, FEBRUARY.key + 1) == []
    [row] = await db.read("SELECT posted_at FROM seasons WHERE season = $1", FEBRUARY.key)
    assert row["posted_at"] == START
