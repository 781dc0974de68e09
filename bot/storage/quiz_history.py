"""What a learner has answered so far and what runs elsewhere: what the choice of items for practice looks at."""

from bot.core.quiz_choice import Past
from bot.storage.database import Database

ANSWERED = (
    "SELECT r.item_id, a.answered_at, a.correct FROM answers a JOIN rounds r ON r.id = a.round_id"
    " WHERE a.user_id = $1 UNION ALL"
    " SELECT q.item_id, a.answered_at, a.correct FROM live_answers a JOIN live_questions q"
    " ON q.live_id = a.live_id AND q.position = a.position WHERE a.user_id = $1 AND a.correct IS NOT NULL UNION ALL"
    " SELECT item_id, answered_at, correct FROM session_items WHERE user_id = $1 AND answered_at IS NOT NULL"
)
"""A learner's answers: to daily questions, in live rounds and in practice."""


async def history(db: Database, user_id: int) -> dict[str, Past]:
    """A learner's last answer to each item, in whatever mode."""
    rows = await db.read(
        # The last one and whether it was right in one number, which needs no second look at the rows.
        f"SELECT item_id, MAX(2 * answered_at + correct) AS last FROM ({ANSWERED}) answered GROUP BY item_id",
        user_id,
    )
    return {row["item_id"]: Past(row["last"] // 2, row["last"] % 2 == 1) for row in rows}


async def recent(db: Database, user_id: int, limit: int) -> list[str]:
    """The ids of the items that the learner practised last."""
    rows = await db.read(
        "SELECT item_id FROM session_items WHERE user_id = $1 AND answered_at IS NOT NULL"
        " ORDER BY answered_at DESC, session_id DESC, position DESC LIMIT $2",
        user_id,
        limit,
    )
    return [row["item_id"] for row in rows]


async def in_live_rounds(db: Database, guild_id: int) -> set[str]:
    """The ids of the items of live rounds that are under way in a guild."""
    rows = await db.read(
        "SELECT q.item_id FROM live_rounds l JOIN live_questions q ON q.live_id = l.id"
        " WHERE l.guild_id = $1 AND l.state < 3",
        guild_id,
    )
    return {row["item_id"] for row in rows}
