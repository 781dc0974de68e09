"""What learners saved for review."""

from bot.core.cards import CardKind
from bot.storage.database import Database, Statement, sql


async def save(db: Database, user_id: int, kind: CardKind, subject: str, now: int) -> bool:
    """Keep a card for the learner; False when it was kept already."""
    [rows] = await db.write(
        sql(
            "INSERT INTO cards (user_id, kind, subject, saved_at) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT DO NOTHING RETURNING subject",
            user_id,
            kind.value,
            subject,
            now,
        )
    )
    return bool(rows)


async def count(db: Database, user_id: int) -> int:
    rows = await db.read("SELECT COUNT(*) AS n FROM cards WHERE user_id = $1", user_id)
    return rows[0]["n"]


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    rows = await db.read("SELECT * FROM cards WHERE user_id = $1 ORDER BY saved_at, kind, subject", user_id)
    return [{"kind": row["kind"], "subject": row["subject"], "saved_at": row["saved_at"]} for row in rows]


def erase(user_id: int) -> list[Statement]:
    return [sql("DELETE FROM cards WHERE user_id = $1", user_id)]
