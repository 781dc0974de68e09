"""What operators do to the database: migrate, back up, restore."""

import contextlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.config import Settings
from bot.storage.database import connect
from bot.storage.database.migrate import known, migrate


class MaintenanceFault(Exception):
    """It was not done; the text says why and what to do."""


async def migrate_database(settings: Settings) -> str:
    """Apply the missing migrations; returns what was done. Raises DatabaseError."""
    db = await connect(settings.database_url)
    try:
        applied = await migrate(db)
    finally:
        await db.close()
    if not applied:
        return f"The database is up to date (schema {len(known())})."
    return "Applied: " + ", ".join(f"{migration.number:04} {migration.name}" for migration in applied)


def backup_database(settings: Settings, target: Path) -> str:
    """SQLite's online backup into a new file, which is then opened and checked. Raises MaintenanceFault."""
    source = _sqlite(settings, "pg_dump --format=custom")
    if not source.exists():
        raise MaintenanceFault(f"There is no database at {source} yet.")
    if target.exists():
        raise MaintenanceFault(f"{target} exists already; name a file that does not.")
    partial = target.with_name(target.name + ".partial")
    try:
        _copy(source, partial)
        schema = _verify(partial)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.rename(target)
    except (sqlite3.Error, OSError) as error:
        raise MaintenanceFault(f"The backup was not made: {error}.") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return f"{target}: {target.stat().st_size:,} bytes, schema {schema}, opened and checked."


def restore_database(settings: Settings, source: Path, *, overwrite: bool) -> str:
    """Put a checked copy of a backup in the database's place. Raises MaintenanceFault."""
    target = _sqlite(settings, "pg_restore")
    if not source.exists():
        raise MaintenanceFault(f"There is no file {source}.")
    if target.exists() and not overwrite:
        raise MaintenanceFault(f"{target} exists. Stop the bot, and give --overwrite to replace it (a copy is kept).")
    partial = target.with_name(target.name + ".restoring")
    try:
        schema = _verify(source)
        _copy(source, partial)
        kept = _set_aside(target) if target.exists() else ""
        # A log left behind by a database that is gone would be applied to the restored one.
        for suffix in ("-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        partial.rename(target)
    except (sqlite3.Error, OSError) as error:
        raise MaintenanceFault(f"Nothing was restored: {error}.") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return f"{target} restored from {source} (schema {schema}).{kept}"


def _copy(source: Path, target: Path) -> None:
    """SQLite's online backup, into one file: with a write-ahead log, opening it would leave -wal and -shm beside it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")


def _set_aside(target: Path) -> str:
    # The write-ahead log belongs to the old file: it is folded in before, or it would be applied to the new one.
    with closing(sqlite3.connect(target)) as old:
        old.execute("PRAGMA busy_timeout=1000")
        old.execute("PRAGMA journal_mode=DELETE")
    aside = target.with_name(target.name + ".before-restore")
    number = 1
    while aside.exists():  # what an earlier restore set aside may be the real data
        number += 1
        aside = target.with_name(f"{target.name}.before-restore-{number}")
    target.rename(aside)
    return f" The former one is {aside}."


def _sqlite(settings: Settings, instead: str) -> Path:
    path = settings.sqlite_path
    if path is None:
        raise MaintenanceFault(f"The database is PostgreSQL: use its own tools, {instead}.")
    return path


def _verify(path: Path) -> int:
    """The schema number of a database file. Raises MaintenanceFault if it is damaged or something else."""
    try:
        with closing(sqlite3.connect(path.resolve().as_uri() + "?mode=ro", uri=True)) as connection:
            [(verdict,)] = connection.execute("PRAGMA integrity_check(1)").fetchall()
            if verdict != "ok":
                raise MaintenanceFault(f"{path} is damaged: {verdict}.")
            [(schema,)] = connection.execute("SELECT COALESCE(MAX(number), 0) FROM migrations").fetchall()
    except sqlite3.Error as error:
        raise MaintenanceFault(f"{path} is no CodeRounds database: {error}.") from error
    if schema > len(known()):
        raise MaintenanceFault(
            f"{path} has schema {schema}, this version knows {len(known())}: use a newer CodeRounds."
        )
    return schema
