"""The processes that work on one database."""

from bot.storage.database import Database, sql


async def seen(db: Database, name: str, now: int, gone: int) -> int:
    """Say that a process is there, forget those that said so last before `gone` (UTC seconds), and count the rest. A file
    has one process."""
    if not db.skip_locked:
        return 1
    *_, [row] = await db.write(
        sql(
            "INSERT INTO processes (name, seen_at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET seen_at = $2",
            name,
            now,
        ),
        sql("DELETE FROM processes WHERE seen_at < $1", gone),
        sql("SELECT COUNT(*) AS n FROM processes"),
    )
    return row["n"]


async def leave(db: Database, name: str) -> None:
    if db.skip_locked:
        await db.write(sql("DELETE FROM processes WHERE name = $1", name))
