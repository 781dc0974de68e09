"""SQLite: one writer thread with group commit, and reader threads with connections of their own."""

import asyncio
import re
import sqlite3
import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from bot.storage.database import Conflict, DatabaseError, Row, Statement

READERS = 2
GROUP_AT_MOST = 256

_PARAMETER = re.compile(r"\$(\d+)")


@lru_cache(maxsize=512)
def _native(text: str) -> str:
    return _PARAMETER.sub(r"?\1", text)


def open_connection(path: str, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection with the house's pragmas. `synchronous=FULL`: an acknowledged write survives a power failure."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA busy_timeout=5000")
    connection.execute("PRAGMA foreign_keys=ON")
    if read_only:
        connection.execute("PRAGMA query_only=ON")
    else:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        # What savepoints set aside stays out of temporary files.
        connection.execute("PRAGMA temp_store=MEMORY")
    return connection


class _Job:
    """Something a caller waits for; settled from the worker thread, whatever became of the caller."""

    __slots__ = ("error", "future", "loop", "payload", "result")

    def __init__(self, payload: Any) -> None:
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[Any] = self.loop.create_future()
        self.payload = payload
        self.result: Any = None
        self.error: BaseException | None = None

    def settle(self) -> None:
        if self.future.done():  # the caller was cancelled meanwhile; what was committed stays committed
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


def _settle(jobs: Sequence[_Job]) -> None:
    for job in jobs:
        job.settle()


class _Worker:
    """A thread with a connection that takes jobs in groups: up to `group` of those that wait, in order."""

    def __init__(
        self,
        name: str,
        connection: sqlite3.Connection,
        run: Callable[[sqlite3.Connection, list[_Job]], None],
        queue: SimpleQueue[_Job | None],
        group: int,
    ) -> None:
        self.queue = queue
        self._connection = connection
        self._run = run
        self._group = group
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)
        self._thread.start()

    def _loop(self) -> None:
        while (job := self.queue.get()) is not None:
            group, stop = [job], False
            while len(group) < self._group:
                try:
                    job = self.queue.get_nowait()
                except Empty:
                    break
                if job is None:
                    stop = True
                    break
                group.append(job)
            self._run(self._connection, group)
            by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
            for job in group:
                by_loop.setdefault(job.loop, []).append(job)
            for loop, jobs in by_loop.items():
                if not loop.is_closed():
                    loop.call_soon_threadsafe(_settle, jobs)
            if stop:
                break
        self._connection.close()

    def join(self) -> None:
        self._thread.join()


def _run_reads(connection: sqlite3.Connection, group: list[_Job]) -> None:
    for job in group:
        statement: Statement = job.payload
        try:
            job.result = connection.execute(_native(statement.sql), statement.args).fetchall()
        except Exception as error:  # whatever it is, it must not end the thread that all others wait for
            job.error = DatabaseError(str(error))


def _run_writes(connection: sqlite3.Connection, group: list[_Job]) -> None:
    """One transaction for the whole group. Where a statement of one caller fails, all is run once more, each caller under
    a savepoint: one's fault is not another's."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            for job in group:
                job.result = _rows(connection, job)
        except Exception:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            connection.execute("BEGIN IMMEDIATE")
            for job in group:
                _run_apart(connection, job)
        connection.execute("COMMIT")
    except Exception as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        for job in group:
            job.error = job.error or DatabaseError(str(error))


def _rows(connection: sqlite3.Connection, job: _Job) -> list[Sequence[Row]]:
    return [connection.execute(_native(statement.sql), statement.args).fetchall() for statement in job.payload]


def _run_apart(connection: sqlite3.Connection, job: _Job) -> None:
    connection.execute("SAVEPOINT caller")
    try:
        job.result = _rows(connection, job)
    except Exception as error:
        if not connection.in_transaction:  # disk full or the like ended the transaction of the whole group
            raise
        connection.execute("ROLLBACK TO caller")
        job.error = (Conflict if isinstance(error, sqlite3.IntegrityError) else DatabaseError)(str(error))
    connection.execute("RELEASE caller")


class SQLite:
    """A `Database` on one SQLite file."""

    skip_locked = for_share = ""

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            reads: SimpleQueue[_Job | None] = SimpleQueue()
            self._writer = _Worker("sqlite-writer", open_connection(path), _run_writes, SimpleQueue(), GROUP_AT_MOST)
            self._readers = [
                _Worker(f"sqlite-reader-{i}", open_connection(path, read_only=True), _run_reads, reads, 1)
                for i in range(READERS)
            ]
            self._here = open_connection(path, read_only=True)
        except (OSError, sqlite3.Error) as error:
            raise DatabaseError(f"The database file {path} can't be opened: {error}.") from error
        self._closed = False

    async def write(self, *statements: Statement) -> list[Sequence[Row]]:
        return await self._submit(self._writer, statements)

    async def read(self, text: str, *args: Any) -> Sequence[Row]:
        return await self._submit(self._readers[0], Statement(text, args))

    async def look_up(self, text: str, *args: Any) -> Sequence[Row]:
        """On the caller's thread: some 20 microseconds, where waiting for another thread costs 100 and more."""
        if self._closed:
            raise DatabaseError("the database is closed")
        try:
            return self._here.execute(_native(text), args).fetchall()
        except Exception as error:
            raise DatabaseError(str(error)) from error

    async def _submit(self, worker: _Worker, payload: Any) -> Any:
        if self._closed:
            raise DatabaseError("the database is closed")
        job = _Job(payload)
        worker.queue.put(job)
        return await job.future

    async def close(self) -> None:
        """Finish what was handed in, then close the file."""
        if self._closed:
            return
        self._closed = True
        self._here.close()
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        # The writer last: the last connection to close folds the write-ahead log in, which readers may not.
        for worker in self._readers:
            worker.queue.put(None)
        for worker in self._readers:
            worker.join()
        self._writer.queue.put(None)
        self._writer.join()
