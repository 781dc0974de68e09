"""What an operator or an organiser asks for is found by an index, past all that was sent and all that is owed elsewhere."""

import re
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest

from bot.core.deliveries import Kind
from bot.core.failures import OF_SERVERS
from bot.storage import delivery_desk
from bot.storage.database import Database, Row, connect
from bot.storage.database.migrate import migrate
from tests.samples import START
from tests.storage.rounds import GUILD

FILL = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)"
    " INSERT INTO deliveries (kind, guild_id, subject, dedupe_key, due_at, useful_until, state, wake_at, settled_at, fault)"
    " SELECT 'meeting', ?1, i, ?3 || i, i, i, ?3, i, ?4, 'channel gone' FROM n"
)


class Recorded:
    """A database that keeps the last query."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.asked: tuple[str, tuple[Any, ...]] = ("", ())

    async def read(self, text: str, *args: Any) -> Sequence[Row]:
        self.asked = (text, args)
        return await self._db.read(text, *args)

    def searches(self, connection: sqlite3.Connection) -> list[str]:
        """How SQLite finds the deliveries that the last query asks for."""
        text, args = self.asked
        plan = connection.execute("EXPLAIN QUERY PLAN " + re.sub(r"\$(\d+)", r"?\1", text), args)
        return [step for *_, step in plan if "deliveries" in step]


@pytest.fixture
async def recorded(sqlite_url: str) -> AsyncIterator[Any]:
    db = await connect(sqlite_url)
    await migrate(db)
    yield Recorded(db)
    await db.close()


@pytest.fixture
def connection(recorded: Any, sqlite_url: str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        yield connection


async def test_what_failed_is_found_by_server_kind_and_state(recorded: Any, connection: sqlite3.Connection) -> None:
    for guild_id, count, state, settled_at in (
        (0, 9, 0, None),
        (GUILD, 9, 2, START),
        (GUILD, 3, 3, START),
        (GUILD, 2, 4, START),
    ):
        connection.execute(FILL, (guild_id, count, state, settled_at))
    connection.commit()
    [found] = await delivery_desk.failed(recorded, GUILD, OF_SERVERS, START)
    assert (found.kind, found.reason, found.count, found.last) == (Kind.MEETING, "channel gone", 5, START)
    assert recorded.searches(connection) == [
        "SEARCH deliveries USING INDEX deliveries_failed (guild_id=? AND settled_at>?)"
    ]


async def test_what_is_open_and_what_is_due_are_found_past_all_that_was_sent(
    recorded: Any, connection: sqlite3.Connection
) -> None:
    for count, state, settled_at in ((7, 0, None), (9, 2, START)):
        connection.execute(FILL, (GUILD, count, state, settled_at))
    connection.execute("UPDATE deliveries SET target_user_id = id WHERE id % 2 = 0")
    connection.commit()
    assert [entry.wake_at for entry in await delivery_desk.open_ones(recorded, None, None, None, 5)] == [1, 2, 3, 4, 5]
    assert recorded.searches(connection) == [
        "SCAN deliveries USING INDEX deliveries_open_servers",
        "SCAN deliveries USING INDEX deliveries_open_persons",
    ]
    assert await delivery_desk.overdue(recorded, 4) == {Kind.MEETING: (4, 0)}
    assert recorded.searches(connection) == [
        "SEARCH deliveries USING INDEX deliveries_open_servers (wake_at<?)",
        "SEARCH deliveries USING INDEX deliveries_open_persons (wake_at<?)",
    ]
