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


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    rows = await db.read("SELECT visibility FROM learners WHERE user_id = $1", user_id)
    return [{"visibility": row["visibility"]} for row in rows]


def erase(user_id: int) -> list[Statement]:
    return [sql("DELETE FROM learners WHERE user_id = $1", user_id)]
