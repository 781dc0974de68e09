"""What a learner chose about being seen by others."""

from bot.core.privacy import Visibility
from bot.storage.database import Database, Statement, sql


async def visibility(db: Database, user_id: int) -> Visibility:
    rows = await db.read("SELECT visibility FROM learners WHERE user_id = $1", user_id)
    return Visibility(rows[0]["visibility"]) if rows else Visibility.SHOWN


def set_visibility(user_id: int, choice: Visibility) -> Statement:
    return sql(
        "INSERT INTO learners (user_id, visibility) VALUES ($1, $2)"
        " ON CONFLICT (user_id) DO UPDATE SET visibility = excluded.visibility",
        user_id,
        choice.value,
    )


def remember_name(guild_id: int, user_id: int, name: str) -> Statement:
    """Keep what a learner is called in a guild, for boards."""
    return sql(
        "INSERT INTO learner_names (guild_id, user_id, name) VALUES ($1, $2, $3)"
        " ON CONFLICT (guild_id, user_id) DO UPDATE SET name = excluded.name",
        guild_id,
        user_id,
        name,
    )


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    chosen = await db.read("SELECT visibility, pseudonym FROM learners WHERE user_id = $1", user_id)
    names = await db.read("SELECT guild_id, name FROM learner_names WHERE user_id = $1 ORDER BY guild_id", user_id)
    return [
        *({"visibility": row["visibility"], "pseudonym": row["pseudonym"]} for row in chosen),
        *({"guild": str(row["guild_id"]), "name": row["name"]} for row in names),
    ]


def erase(user_id: int) -> list[Statement]:
    return [
        sql("DELETE FROM learners WHERE user_id = $1", user_id),
        sql("DELETE FROM learner_names WHERE user_id = $1", user_id),
    ]
