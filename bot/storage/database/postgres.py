"""PostgreSQL: each write is one transaction on a pooled connection."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg

from bot.storage.database import Conflict, DatabaseError, Row, Statement

TRIES = 4

FAULTS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What asyncpg raises for a database that is away or refuses."""


class Postgres:
    """A `Database` on a PostgreSQL server."""

    skip_locked = "FOR UPDATE SKIP LOCKED"
    for_share = "FOR SHARE"

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self.pool = pool

    async def write(self, *statements: Statement) -> list[Sequence[Row]]:
        # Shielded: a caller that is cancelled must not leave a transaction open or half a connection in the pool.
        return await asyncio.shield(self._write(statements))

    async def _write(self, statements: Sequence[Statement]) -> list[Sequence[Row]]:
        for attempt in range(1, TRIES + 1):
            try:
                if len(statements) == 1:  # one statement is a transaction by itself, without two more round trips
                    return [await self.pool.fetch(statements[0].sql, *statements[0].args)]
                async with self.pool.acquire() as connection, connection.transaction():
                    return [await connection.fetch(statement.sql, *statement.args) for statement in statements]
            except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError) as error:
                if attempt == TRIES:
                    raise DatabaseError(str(error)) from error
                await asyncio.sleep(0.01 * 2**attempt)
            except asyncpg.IntegrityConstraintViolationError as error:
                raise Conflict(str(error)) from error
            except FAULTS as error:
                raise DatabaseError(str(error)) from error
        raise AssertionError("unreachable")

    async def read(self, text: str, *args: Any) -> Sequence[Row]:
        try:
            return await self.pool.fetch(text, *args)
        except FAULTS as error:
            raise DatabaseError(str(error)) from error

    async def look_up(self, text: str, *args: Any) -> Sequence[Row]:
        return await self.read(text, *args)

    async def close(self) -> None:
        await self.pool.close()


async def _as_it_is(connection: object) -> None:
    """What is done to a connection that comes back to the pool: nothing beyond what asyncpg always does, which is to
    roll back a transaction left open. Sessions hold nothing else here, and to reset them would cost each read as much
    time as the read."""


async def open_postgres(url: str) -> Postgres:
    """Connect a pool. Raises DatabaseError without the password that `url` may hold."""
    try:
        pool = await asyncpg.create_pool(url, min_size=1, max_size=10, command_timeout=30, reset=_as_it_is)
    except (asyncpg.PostgresError, OSError, ValueError) as error:
        raise DatabaseError(f"PostgreSQL can't be reached: {error}") from None
    return Postgres(pool)
