"""Backup and restore: whole, checked, and never over something that is still wanted."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.config import Settings
from bot.maintenance import MaintenanceFault, backup_database, migrate_database, restore_database
from bot.storage import meta
from bot.storage.database import connect
from bot.storage.database.migrate import known, migrate


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return at(tmp_path / "live" / "bot.db")


def at(path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{path}", _env_file=None)  # pyright: ignore[reportCallIssue]


def path_of(settings: Settings) -> Path:
    assert settings.sqlite_path is not None
    return settings.sqlite_path


async def fill(settings: Settings, value: str) -> None:
    """A database of this version that holds `value`."""
    db = await connect(settings.database_url)
    await migrate(db)
    await meta.put(db, "value", value)
    await db.close()


def value_in(path: Path) -> str | None:
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute("SELECT value FROM meta WHERE name = 'value'").fetchone()
        return row[0] if row else None


def leave_wal(path: Path, value: str) -> None:
    """Write `value` and stop like a killed process: it stands in the write-ahead log alone."""
    copies = {}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("UPDATE meta SET value = ? WHERE name = 'value'", (value,))
        for name in (path.name, path.name + "-wal"):
            copies[path.with_name(name)] = path.with_name(name).read_bytes()
    for file, data in copies.items():
        file.write_bytes(data)
    assert path.with_name(path.name + "-wal").stat().st_size > 0


def siblings(path: Path) -> set[str]:
    return {file.name for file in path.parent.iterdir()}


async def test_migrate_says_what_it_applied_and_then_that_there_is_nothing_to_do(settings: Settings):
    assert await migrate_database(settings) == "Applied: " + ", ".join(f"{m.number:04} {m.name}" for m in known())
    assert await migrate_database(settings) == f"The database is up to date (schema {len(known())})."


async def test_a_backup_holds_what_the_database_holds(settings: Settings, tmp_path: Path):
    await fill(settings, "kept")
    target = tmp_path / "new" / "folder" / "copy.db"
    told = backup_database(settings, target)
    assert value_in(target) == "kept"
    assert f"{target.stat().st_size:,} bytes, schema {len(known())}, opened and checked" in told
    assert siblings(target) == {"copy.db"}


async def test_a_backup_taken_while_the_bot_writes_is_whole_and_holds_what_was_acknowledged(
    settings: Settings, tmp_path: Path
):
    await fill(settings, "start")
    db = await connect(settings.database_url)
    stop = asyncio.Event()
    acknowledged = 0
    enough = asyncio.Event()

    async def write() -> None:
        nonlocal acknowledged
        while not stop.is_set():
            await meta.put(db, f"name-{acknowledged}", "x" * 2_000)
            acknowledged += 1
            if acknowledged == 100:
                enough.set()

    writer = asyncio.create_task(write())
    await enough.wait()
    before = acknowledged
    told = await asyncio.to_thread(backup_database, settings, tmp_path / "copy.db")
    stop.set()
    await writer
    await db.close()
    assert "opened and checked" in told
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        names = {name for (name,) in copy.execute("SELECT name FROM meta WHERE name LIKE 'name-%'")}
    assert {f"name-{i}" for i in range(before)} <= names
    # What was written later is there or not, but never with a gap.
    assert names == {f"name-{i}" for i in range(len(names))}


async def test_a_backup_includes_the_write_ahead_log_of_a_killed_process(settings: Settings, tmp_path: Path):
    await fill(settings, "old")
    leave_wal(path_of(settings), "newest")
    backup_database(settings, tmp_path / "copy.db")
    assert value_in(tmp_path / "copy.db") == "newest"


async def test_a_backup_never_overwrites(settings: Settings, tmp_path: Path):
    await fill(settings, "kept")
    target = tmp_path / "copy.db"
    target.write_text("something dear")
    with pytest.raises(MaintenanceFault, match="exists already"):
        backup_database(settings, target)
    assert target.read_text() == "something dear"


async def test_a_backup_replaces_the_remains_of_one_that_was_cut_off(settings: Settings, tmp_path: Path):
    await fill(settings, "kept")
    (tmp_path / "copy.db.partial").write_bytes(b"half a page")
    backup_database(settings, tmp_path / "copy.db")
    assert value_in(tmp_path / "copy.db") == "kept"
    assert not (tmp_path / "copy.db.partial").exists()


def test_a_backup_of_nothing_is_refused_and_makes_no_database(settings: Settings, tmp_path: Path):
    with pytest.raises(MaintenanceFault, match="There is no database at"):
        backup_database(settings, tmp_path / "copy.db")
    assert not path_of(settings).exists()
    assert not (tmp_path / "copy.db").exists()


async def test_a_backup_of_a_damaged_database_leaves_nothing_behind(settings: Settings, tmp_path: Path):
    await fill(settings, "kept")
    damage(path_of(settings))
    with pytest.raises(MaintenanceFault):
        backup_database(settings, tmp_path / "copy.db")
    assert siblings(tmp_path / "copy.db") == {"live"}


def test_a_backup_of_a_foreign_database_leaves_nothing_behind(settings: Settings, tmp_path: Path):
    path_of(settings).parent.mkdir()
    with closing(sqlite3.connect(path_of(settings))) as connection:
        connection.execute("CREATE TABLE other (a)")
    with pytest.raises(MaintenanceFault, match="is no CodeRounds database"):
        backup_database(settings, tmp_path / "copy.db")
    assert siblings(tmp_path / "copy.db") == {"live"}


async def test_a_backup_into_a_place_that_can_not_be_written_is_a_sentence(settings: Settings, tmp_path: Path):
    await fill(settings, "kept")
    (tmp_path / "file").write_text("")
    with pytest.raises(MaintenanceFault, match="The backup was not made"):
        backup_database(settings, tmp_path / "file" / "copy.db")


def damage(path: Path) -> None:
    """Overwrite the middle of a file, beyond its first page."""
    data = bytearray(path.read_bytes())
    assert len(data) > 8_192
    data[4_096:] = b"\xa5" * (len(data) - 4_096)
    path.write_bytes(bytes(data))


async def backup_of(tmp_path: Path, value: str) -> Path:
    other = at(tmp_path / "other" / "bot.db")
    await fill(other, value)
    backup_database(other, tmp_path / "backup.db")
    return tmp_path / "backup.db"


async def test_a_backup_is_restored_where_no_database_is(settings: Settings, tmp_path: Path):
    source = await backup_of(tmp_path, "restored")
    told = restore_database(settings, source, overwrite=False)
    assert value_in(path_of(settings)) == "restored"
    assert f"(schema {len(known())})." in told
    assert siblings(path_of(settings)) == {"bot.db"}
    assert value_in(source) == "restored"


async def test_a_database_is_not_replaced_without_overwrite(settings: Settings, tmp_path: Path):
    await fill(settings, "present")
    with pytest.raises(MaintenanceFault, match="Stop the bot, and give --overwrite"):
        restore_database(settings, await backup_of(tmp_path, "restored"), overwrite=False)
    assert value_in(path_of(settings)) == "present"
    assert siblings(path_of(settings)) == {"bot.db"}


async def test_overwriting_keeps_the_former_database_beside(settings: Settings, tmp_path: Path):
    await fill(settings, "former")
    told = restore_database(settings, await backup_of(tmp_path, "restored"), overwrite=True)
    aside = path_of(settings).with_name("bot.db.before-restore")
    assert value_in(path_of(settings)) == "restored"
    assert value_in(aside) == "former"
    assert str(aside) in told


async def test_restoring_twice_keeps_the_first_former_database_too(settings: Settings, tmp_path: Path):
    await fill(settings, "precious")
    source = await backup_of(tmp_path, "restored")
    restore_database(settings, source, overwrite=True)
    restore_database(settings, source, overwrite=True)
    folder = path_of(settings).parent
    assert "precious" in [value_in(path) for path in folder.iterdir() if not path.name.endswith(("-wal", "-shm"))]


async def test_a_leftover_write_ahead_log_goes_with_the_former_and_not_into_the_restored(
    settings: Settings, tmp_path: Path
):
    await fill(settings, "former")
    leave_wal(path_of(settings), "newest")
    restore_database(settings, await backup_of(tmp_path, "restored"), overwrite=True)
    assert value_in(path_of(settings)) == "restored"
    assert value_in(path_of(settings).with_name("bot.db.before-restore")) == "newest"
    assert siblings(path_of(settings)) == {"bot.db", "bot.db.before-restore"}


async def test_a_log_without_its_database_is_not_applied_to_the_restored_one(settings: Settings, tmp_path: Path):
    source = await backup_of(tmp_path, "restored")
    other = at(tmp_path / "third" / "bot.db")
    await fill(other, "x")
    leave_wal(path_of(other), "stray")
    path_of(settings).parent.mkdir()
    wal = path_of(settings).with_name("bot.db-wal")
    wal.write_bytes(path_of(other).with_name("bot.db-wal").read_bytes())
    restore_database(settings, source, overwrite=False)
    assert value_in(path_of(settings)) == "restored"


async def test_a_restored_database_can_be_used_at_once(settings: Settings, tmp_path: Path):
    restore_database(settings, await backup_of(tmp_path, "restored"), overwrite=False)
    db = await connect(settings.database_url)
    assert await migrate(db) == []
    assert await meta.get(db, "value") == "restored"
    await db.close()


async def test_a_damaged_backup_is_refused_and_the_present_database_stays(settings: Settings, tmp_path: Path):
    await fill(settings, "present")
    source = await backup_of(tmp_path, "restored")
    damage(source)
    with pytest.raises(MaintenanceFault, match=r"is damaged|is no CodeRounds database"):
        restore_database(settings, source, overwrite=True)
    assert value_in(path_of(settings)) == "present"
    assert siblings(path_of(settings)) == {"bot.db"}


async def test_damage_that_no_query_stumbles_over_is_found_too(settings: Settings, tmp_path: Path):
    source = await backup_of(tmp_path, "restored")
    with closing(sqlite3.connect(source)) as connection:
        connection.executemany("INSERT INTO meta VALUES (?, ?)", [(f"name-{i}", "x" * 2_000) for i in range(200)])
        connection.commit()
    data = source.read_bytes()
    source.write_bytes(data[:-4_096] + b"\xa5" * 4_096)
    assert value_in(source) == "restored"
    with pytest.raises(MaintenanceFault, match="is damaged"):
        restore_database(settings, source, overwrite=False)
    assert not path_of(settings).exists()


@pytest.mark.parametrize("kind", ["text", "empty", "foreign", "folder"])
async def test_what_is_no_coderounds_database_is_refused(settings: Settings, tmp_path: Path, kind: str):
    await fill(settings, "present")
    source = tmp_path / "source"
    match kind:
        case "text":
            source.write_text("not a database at all, " * 500)
        case "empty":
            source.write_bytes(b"")
        case "foreign":
            with closing(sqlite3.connect(source)) as connection:
                connection.execute("CREATE TABLE other (a)")
        case _:
            source.mkdir()
    with pytest.raises(MaintenanceFault, match="is no CodeRounds database"):
        restore_database(settings, source, overwrite=True)
    assert value_in(path_of(settings)) == "present"


async def test_a_backup_of_a_newer_schema_is_refused(settings: Settings, tmp_path: Path):
    source = await backup_of(tmp_path, "newer")
    newer = len(known()) + 1
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("INSERT INTO migrations VALUES (?, 'later', 'digest')", (newer,))
        connection.commit()
    with pytest.raises(MaintenanceFault, match=f"has schema {newer}, this version knows {len(known())}"):
        restore_database(settings, source, overwrite=False)
    assert not path_of(settings).exists()


def test_a_file_that_is_not_there_is_a_sentence(settings: Settings, tmp_path: Path):
    with pytest.raises(MaintenanceFault, match=r"There is no file .*nothing\.db"):
        restore_database(settings, tmp_path / "nothing.db", overwrite=True)


async def test_a_database_that_is_being_written_is_not_replaced(settings: Settings, tmp_path: Path):
    await fill(settings, "present")
    source = await backup_of(tmp_path, "restored")
    with closing(sqlite3.connect(path_of(settings), isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        with pytest.raises(MaintenanceFault, match="Nothing was restored: database is locked"):
            restore_database(settings, source, overwrite=True)
        busy.execute("ROLLBACK")
    assert value_in(path_of(settings)) == "present"
    assert not path_of(settings).with_name("bot.db.restoring").exists()


async def test_a_database_that_a_bot_has_open_is_not_replaced(settings: Settings, tmp_path: Path):
    source = await backup_of(tmp_path, "restored")
    await fill(settings, "present")
    db = await connect(settings.database_url)
    with pytest.raises(MaintenanceFault, match="Nothing was restored"):
        restore_database(settings, source, overwrite=True)
    await meta.put(db, "value", "still written")
    await db.close()
    assert value_in(path_of(settings)) == "still written"


@pytest.mark.parametrize("source", ["x", "x?mode=rwc#a b%20c"])
def test_postgresql_is_left_to_its_own_tools(tmp_path: Path, source: str):
    settings = Settings(database_url="postgresql://u:hunter2@h/db", _env_file=None)  # pyright: ignore[reportCallIssue]
    with pytest.raises(MaintenanceFault, match="use its own tools, pg_dump") as backup:
        backup_database(settings, tmp_path / source)
    with pytest.raises(MaintenanceFault, match="use its own tools, pg_restore") as restore:
        restore_database(settings, tmp_path / source, overwrite=True)
    assert "hunter2" not in f"{backup.value} {restore.value}"


@pytest.mark.parametrize(
    "name",
    [
        "with space.db",
        "café.db",
        "per%20cent.db",
        "what?.db",
        "hash#1.db",
    ],
)
async def test_any_file_name_will_do(settings: Settings, tmp_path: Path, name: str):
    await fill(settings, "kept")
    target = tmp_path / name
    assert "opened and checked" in backup_database(settings, target)
    restore_database(settings, target, overwrite=True)
    assert value_in(path_of(settings)) == "kept"
