"""Migrations: applied once, in order, by whoever comes first, and never to a database of another release."""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.database import Database, DatabaseError, connect, sql
from bot.storage.database import migrate as migrations
from bot.storage.database.migrate import MigrationFault, migrate, pending

ROOT = Path(__file__).parents[2]
COUNT = len(list((ROOT / "bot/storage/migrations").glob("*.sql")))

PROCESS = """
import asyncio, sys
from bot.storage.database import connect
from bot.storage.database.migrate import migrate

async def main():
    sys.stdin.readline()
    database = await connect(sys.argv[1])
    print(len(await migrate(database)))
    await database.close()

asyncio.run(main())
"""


@pytest.fixture
async def empty(blank_database_url: str) -> AsyncIterator[Database]:
    database = await connect(blank_database_url)
    yield database
    await database.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of migrations of our own in place of the shipped ones."""
    place = tmp_path / "migrations"
    place.mkdir()
    monkeypatch.setattr(migrations, "FOLDER", place)
    return place


async def test_a_fresh_database_gets_all_and_a_migrated_one_nothing(empty: Database) -> None:
    assert [migration.number for migration in await pending(empty)] == list(range(1, COUNT + 1))
    assert len(await migrate(empty)) == COUNT
    assert await pending(empty) == await migrate(empty) == []
    rows = await empty.read("SELECT number FROM migrations ORDER BY number")
    assert [row["number"] for row in rows] == list(range(1, COUNT + 1))


async def test_a_later_migration_keeps_what_is_stored(empty: Database, folder: Path) -> None:
    (folder / "0001_things.sql").write_text("CREATE TABLE things (id $IDENTITY, name TEXT NOT NULL);\n")
    await migrate(empty)
    await empty.write(sql("INSERT INTO things (name) VALUES ($1)", "kept"))
    (folder / "0002_sizes.sql").write_text(
        "-- A comment; with a semicolon.\nALTER TABLE things ADD size BIGINT;\nUPDATE things SET size = 3;\n-- The end.\n"
    )
    assert [migration.name for migration in await migrate(empty)] == ["sizes"]
    rows = await empty.read("SELECT id, name, size FROM things")
    assert [tuple(row[key] for key in ("id", "name", "size")) for row in rows] == [(1, "kept", 3)]


async def test_a_newer_database_is_refused_in_one_clear_sentence(empty: Database) -> None:
    await migrate(empty)
    await empty.write(sql("INSERT INTO migrations VALUES ($1, $2, $3)", COUNT + 1, "future", "d"))
    with pytest.raises(
        MigrationFault, match=f"is at schema {COUNT + 1}, this version of CodeRounds knows {COUNT}. Start the newer"
    ):
        await migrate(empty)


async def test_an_altered_migration_is_refused_by_its_name(empty: Database) -> None:
    await migrate(empty)
    await empty.write(sql("UPDATE migrations SET digest = $1, name = $2 WHERE number = 1", "other", "before"))
    with pytest.raises(MigrationFault, match="Migration 0001 was applied as 'before' with other text"):
        await pending(empty)


async def test_a_gap_in_the_numbers_is_refused(empty: Database, folder: Path) -> None:
    (folder / "0002_second.sql").write_text("CREATE TABLE second (id BIGINT);\n")
    with pytest.raises(MigrationFault, match="without gaps"):
        await migrate(empty)


@pytest.fixture
def failing(folder: Path) -> None:
    (folder / "0001_good.sql").write_text("CREATE TABLE good (id BIGINT);\n")
    (folder / "0002_bad.sql").write_text("CREATE TABLE half (id BIGINT);\nINSERT INTO nowhere VALUES (1);\n")


@pytest.mark.usefixtures("failing")
async def test_a_failing_migration_leaves_the_schema_at_the_one_before(empty: Database) -> None:
    with pytest.raises(Exception, match="nowhere"):
        await migrate(empty)
    assert [migration.number for migration in await pending(empty)] == [2]
    await empty.read("SELECT * FROM good")
    with pytest.raises(DatabaseError, match="half"):
        await empty.read("SELECT * FROM half")


@pytest.mark.usefixtures("failing")
async def test_a_failing_migration_says_which_one_it_was(empty: Database) -> None:
    with pytest.raises(MigrationFault, match="Migration 0002 failed and was rolled back"):
        await migrate(empty)


async def test_a_script_that_ends_in_the_middle_is_refused_whole(sqlite_url: str, folder: Path) -> None:
    (folder / "0001_cut.sql").write_text("CREATE TABLE good (id BIGINT);\nCREATE TABLE cut (id")
    database = await connect(sqlite_url)
    with pytest.raises(MigrationFault, match="in the middle of a statement"):
        await migrate(database)
    assert await database.read("SELECT name FROM sqlite_master WHERE name = 'good'") == []
    await database.close()


async def test_processes_that_start_at_once_all_come_up_and_each_migration_is_applied_once(
    blank_database_url: str,
) -> None:
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROCESS, blank_database_url, cwd=ROOT,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(3)
    ]  # fmt: skip
    ended = await asyncio.gather(*(process.communicate(b"go\n") for process in started))
    assert [process.returncode for process in started] == [0, 0, 0], [error.decode()[-600:] for _, error in ended]
    database = await connect(blank_database_url)
    assert await pending(database) == []
    assert len(await database.read("SELECT number FROM migrations")) == COUNT
    await database.close()


async def test_the_house_pragmas_hold_on_the_file(sqlite_url: str) -> None:
    database = await connect(sqlite_url)
    await migrate(database)
    await database.close()
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
