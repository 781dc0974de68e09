"""Answers to the rounds of the daily question, and the streaks that follow from them."""

from collections.abc import Sequence

from bot.core.asked import Distribution
from bot.core.asked import distribution as summed
from bot.core.daily import Answer, Round
from bot.core.streaks import MISSES_THAT_MATTER, Streak
from bot.storage.database import Database, Row, Statement, sql


def _answer(row: Row) -> Answer:
    return Answer(
        round_id=row["round_id"],
        user_id=row["user_id"],
        chosen=row["chosen"],
        correct=bool(row["correct"]),
        late=bool(row["late"]),
        points=row["points"],
        guessed=bool(row["guessed"]),
        answered_at=row["answered_at"],
    )


async def answer(
    db: Database,
    round_: Round,
    user_id: int,
    chosen: str,
    *,
    correct: bool,
    points: int,
    streak: Streak,
    now: int,
    also: Sequence[Statement] = (),
) -> tuple[Answer | None, bool]:
    """Record a learner's one attempt, the streak that follows and what `also` follows from it; returns the attempt that
    stands, and if it is new.

    Whether it is late is settled here, in the same transaction: after the reveal it scores nothing and leaves the
    streak alone. None when the round takes no answers.
    """
    recorded, *_ = await db.write(
        sql(
            "INSERT INTO answers (round_id, user_id, guild_id, chosen, correct, late, points, answered_at)"
            " SELECT r.id, CAST($2 AS BIGINT), r.guild_id, CAST($3 AS TEXT), CAST($4 AS BIGINT),"
            " CASE WHEN r.state = 2 OR COALESCE(r.reveal_at <= $6, FALSE) THEN 1 ELSE 0 END,"
            " CASE WHEN r.state = 2 OR COALESCE(r.reveal_at <= $6, FALSE) THEN 0 ELSE CAST($5 AS BIGINT) END,"
            " CAST($6 AS BIGINT) FROM rounds r WHERE r.id = $1 AND r.state IN (1, 2)"
            " ON CONFLICT DO NOTHING RETURNING *",
            round_.id,
            user_id,
            chosen,
            int(correct),
            points,
            now,
        ),
        # Not a count but a state, and only ever a newer one: a repeat of the same write changes nothing.
        sql(
            "INSERT INTO streaks (guild_id, user_id, number, current, longest, freezes, shown)"
            " SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT),"
            " CAST($5 AS BIGINT), CAST($6 AS BIGINT), CASE WHEN EXISTS"
            " (SELECT 1 FROM learners WHERE user_id = $2 AND visibility = 'hidden') THEN 0 ELSE 1 END"
            " WHERE EXISTS (SELECT 1 FROM answers WHERE round_id = $7 AND user_id = $2 AND late = 0)"
            " ON CONFLICT (guild_id, user_id) DO UPDATE SET number = excluded.number, current = excluded.current,"
            " longest = excluded.longest, freezes = excluded.freezes WHERE streaks.number < excluded.number",
            round_.guild_id,
            user_id,
            streak.number,
            streak.current,
            streak.longest,
            streak.freezes,
            round_.id,
        ),
        *also,
    )
    if recorded:
        return _answer(recorded[0]), True
    return await answer_of(db, round_.id, user_id), False


async def answer_of(db: Database, round_id: int, user_id: int) -> Answer | None:
    rows = await db.look_up("SELECT * FROM answers WHERE round_id = $1 AND user_id = $2", round_id, user_id)
    return _answer(rows[0]) if rows else None


async def answers_of(db: Database, round_ids: Sequence[int], user_id: int) -> dict[int, Answer]:
    """The learner's answers to the given rounds, by round."""
    if not round_ids:
        return {}
    rows = await db.read(
        "SELECT * FROM answers WHERE user_id = $1 AND round_id >= $2 AND round_id <= $3",
        user_id,
        min(round_ids),
        max(round_ids),
    )
    return {row["round_id"]: _answer(row) for row in rows}


def mark_guessed(round_id: int, user_id: int) -> Statement:
    return sql(
        "UPDATE answers SET guessed = 1 WHERE round_id = $1 AND user_id = $2 RETURNING round_id", round_id, user_id
    )


async def distribution(db: Database, round_: Round) -> Distribution:
    """First answers given in time, by what was chosen."""
    rows = await db.read(
        "SELECT chosen, COUNT(*) AS n FROM answers WHERE round_id = $1 AND late = 0 GROUP BY chosen", round_.id
    )
    return summed(round_.asked, ((row["chosen"], row["n"]) for row in rows))


async def answer_count(db: Database, round_id: int) -> int:
    rows = await db.read("SELECT COUNT(*) AS n FROM answers WHERE round_id = $1 AND late = 0", round_id)
    return rows[0]["n"]


async def totals(db: Database, guild_id: int, user_id: int) -> tuple[int, int, int]:
    """Points, answers and right answers of a learner in a guild, late ones left out."""
    rows = await db.read(
        "SELECT COALESCE(SUM(points), 0) AS points, COUNT(*) AS n, COALESCE(SUM(correct), 0) AS right_ones"
        " FROM answers WHERE user_id = $1 AND guild_id = $2 AND late = 0",
        user_id,
        guild_id,
    )
    return int(rows[0]["points"]), rows[0]["n"], int(rows[0]["right_ones"])


async def streak(db: Database, guild_id: int, user_id: int) -> Streak:
    """The streak as stored: as of the last round that the learner answered in time."""
    rows = await db.look_up("SELECT * FROM streaks WHERE guild_id = $1 AND user_id = $2", guild_id, user_id)
    if not rows:
        return Streak()
    row = rows[0]
    return Streak(row["number"], row["current"], row["longest"], row["freezes"])


async def missed_since(db: Database, guild_id: int, after: int, before: int | None, now: int) -> list[bool]:
    """For each round over after number `after` (and below `before`), oldest first: whether a freeze was allowed.

    No more than matter are returned. Without `before`, rounds that still take answers in time are left out.
    """
    rows = await db.read(
        "SELECT freezes FROM rounds WHERE guild_id = $1 AND number > $2 AND state <> 3"
        " AND (number < CAST($3 AS BIGINT) OR ($3 IS NULL AND (state = 2 OR COALESCE(reveal_at <= $4, FALSE))))"
        " ORDER BY number LIMIT $5",
        guild_id,
        after,
        before,
        now,
        MISSES_THAT_MATTER,
    )
    return [bool(row["freezes"]) for row in rows]


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    answers = await db.read(
        "SELECT a.*, r.local_date, r.item_id FROM answers a JOIN rounds r ON r.id = a.round_id"
        " WHERE a.user_id = $1 ORDER BY a.answered_at, a.round_id",
        user_id,
    )
    streaks = await db.read("SELECT * FROM streaks WHERE user_id = $1 ORDER BY guild_id", user_id)
    return [
        *(
            {
                "guild": str(row["guild_id"]),
                "date": row["local_date"],
                "item": row["item_id"],
                "chosen": row["chosen"],
                "correct": bool(row["correct"]),
                "late": bool(row["late"]),
                "points": row["points"],
                "guessed": bool(row["guessed"]),
                "answered_at": row["answered_at"],
            }
            for row in answers
        ),
        *(
            {
                "guild": str(row["guild_id"]),
                "streak": row["current"],
                "longest_streak": row["longest"],
                "freezes": row["freezes"],
            }
            for row in streaks
        ),
    ]


def erase(user_id: int) -> list[Statement]:
    return [
        sql("DELETE FROM answers WHERE user_id = $1", user_id),
        sql("DELETE FROM streaks WHERE user_id = $1", user_id),
    ]
