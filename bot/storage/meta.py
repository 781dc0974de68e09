"""Small facts of the installation itself."""

from bot.storage.database import Database, sql


async def get(db: Database, name: str) -> str | None:
    rows = await db.read("SELECT value FROM meta WHERE name = $1", name)
    return rows[0]["value"] if rows else None


async def put(db: Database, name: str, value: str) -> None:
    await db.write(
        sql(
            "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name,
            value,
        )
    )
