"""What failed in a server is found by an index, past all that was sent there and all that is owed elsewhere."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from bot.core.deliveries import Kind
from bot.core.failures import OF_SERVERS
from bot.storage import delivery_desk
from bot.storage.database import Database, Row, connect
from bot.storage.database.migrate import migrate
from bot.storage.database.sqlite import SQLite
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


async def test_what_failed_is_found_by_server_kind_and_state(sqlite_url: str) -> None:
    db = await connect(sqlite_url)
    await migrate(db)
    assert isinstance(db, SQLite)
    connection = sqlite3.connect(db.path)
    for guild_id, count, state, settled_at in (
        (0, 9, 0, None),
        (GUILD, 9, 2, START),
        (GUILD, 3, 3, START),
        (GUILD, 2, 4, START),
    ):
        connection.execute(FILL, (guild_id, count, state, settled_at))
    connection.commit()
    recorded: Any = Recorded(db)
    [found] = await delivery_desk.failed(recorded, GUILD, OF_SERVERS, START)
    assert (found.kind, found.reason, found.count, found.last) == (Kind.MEETING, "channel gone", 5, START)
    text, args = recorded.asked
    plan = [row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + text.replace("$", "?"), args)]
    connection.close()
    await db.close()
    searches = [step for step in plan if "deliveries" in step]
    assert searches == ["SEARCH deliveries USING INDEX deliveries_by_guild (guild_id=? AND kind=? AND state=?)"]
