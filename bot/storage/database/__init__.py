"""The seam to the database: writes are lists of statements, committed as one and acknowledged when durable."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Row(Protocol):
    """A result row, read by column name."""

    def __getitem__(self, column: str, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL text for both databases, with `$1`, `$2`, ... for `args`."""

    sql: str
    args: tuple[Any, ...]


def sql(text: str, *args: Any) -> Statement:
    return Statement(text, args)


class DatabaseError(Exception):
    """The database could not be reached or refused a statement. If it broke off while committing, nobody knows."""


class Conflict(DatabaseError):
    """A constraint refused the write, because of what somebody else wrote before; nothing of it was kept."""


class Database(Protocol):
    """What storage modules are given.

    `write` runs its statements in order in one transaction and returns the rows of each once the commit is
    durable; on an error none of them happened. A later statement is gated in SQL on what an earlier one did.
    `look_up` is for the few rows behind a key: it may be answered on the spot, so nothing else belongs there.
    """

    skip_locked: str
    """What a subquery that claims work adds to pass over rows that another process is claiming."""

    for_share: str
    """What an INSERT ... SELECT adds so that the rows it depends on stay as they are until it is committed."""

    async def write(self, *statements: Statement) -> list[Sequence[Row]]: ...
    async def read(self, text: str, *args: Any) -> Sequence[Row]: ...
    async def look_up(self, text: str, *args: Any) -> Sequence[Row]: ...
    async def close(self) -> None: ...


async def retrying(attempt: Callable[[], Awaitable[T]], tries: int = 5) -> T:
    """What `attempt` gives, which reads, and writes by what it read; made again, up to so many `tries`, when somebody else
    wrote in between. Raises the last Conflict."""
    for _ in range(tries - 1):
        with suppress(Conflict):
            return await attempt()
    return await attempt()


async def connect(url: str) -> Database:
    """Open the database behind a `sqlite:///` or `postgresql://` address. Raises DatabaseError."""
    if url.startswith("sqlite:///"):
        from bot.storage.database.sqlite import SQLite

        return SQLite(url.removeprefix("sqlite:///"))
    try:
        from bot.storage.database.postgres import open_postgres
    except ImportError:
        raise DatabaseError("PostgreSQL needs the asyncpg package: pip install asyncpg") from None
    return await open_postgres(url)
