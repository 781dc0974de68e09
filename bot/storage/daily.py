"""Rounds, the answers to them, and the streaks that follow."""

from collections.abc import Sequence
from datetime import date

from bot.core.content import LETTERS, Item
from bot.core.daily import Answer, Distribution, Round, RoundState
from bot.core.streaks import MISSES_THAT_MATTER, Streak
from bot.storage.database import Database, Row, Statement, sql
from bot.storage.items import keep, kept

# A round that somebody answered did go out, though nobody recorded it: that one is over, not void.
_VOID = (
    "UPDATE rounds SET state = CASE WHEN EXISTS (SELECT 1 FROM answers a WHERE a.round_id = rounds.id)"
    " THEN 2 ELSE 3 END WHERE guild_id = $1 AND state = 1 AND message_id IS NULL"
)
_ROUND = "SELECT r.*, i.body FROM rounds r JOIN items_shown i ON i.digest = r.digest "


def _round(row: Row) -> Round:
    return Round(
        id=row["id"],
        guild_id=row["guild_id"],
        local_date=date.fromisoformat(row["local_date"]),
        number=row["number"],
        item=kept(row["digest"], row["body"]),
        seed=row["seed"],
        state=RoundState(row["state"]),
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        thread_id=row["thread_id"],
        reveal_at=row["reveal_at"],
        delivery_id=row["delivery_id"],
        late=bool(row["late"]),
    )


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


async def round_by_id(db: Database, round_id: int) -> Round | None:
    rows = await db.look_up(_ROUND + "WHERE r.id = $1", round_id)
    return _round(rows[0]) if rows else None


async def round_by_date(db: Database, guild_id: int, day: date) -> Round | None:
    rows = await db.read(_ROUND + "WHERE r.guild_id = $1 AND r.local_date = $2", guild_id, day.isoformat())
    return _round(rows[0]) if rows else None


async def latest_rounds(db: Database, guild_id: int, limit: int) -> list[Round]:
    """The guild's last rounds that took place, newest first."""
    rows = await db.read(
        _ROUND + "WHERE r.guild_id = $1 AND r.state <> 3 ORDER BY r.number DESC LIMIT $2", guild_id, limit
    )
    return [_round(row) for row in rows]


async def round_before(db: Database, round_: Round) -> Round | None:
    """The guild's last round before this one that took place."""
    rows = await db.read(
        _ROUND + "WHERE r.guild_id = $1 AND r.number < $2 AND r.state <> 3 ORDER BY r.number DESC LIMIT 1",
        round_.guild_id,
        round_.number,
    )
    return _round(rows[0]) if rows else None


async def untallied(db: Database) -> list[int]:
    """Open rounds whose post shows another number of answers than were given: after a crash, the posts to edit."""
    rows = await db.read(
        "SELECT r.id FROM rounds r WHERE r.state = 1 AND r.message_id IS NOT NULL AND r.shown_count <>"
        " (SELECT COUNT(*) FROM answers a WHERE a.round_id = r.id AND a.late = 0)"
    )
    return [row["id"] for row in rows]


async def history(db: Database, guild_id: int) -> list[str]:
    """The ids of the items of the guild's rounds that took place, oldest first."""
    rows = await db.read("SELECT item_id FROM rounds WHERE guild_id = $1 AND state <> 3 ORDER BY number", guild_id)
    return [row["item_id"] for row in rows]


async def still_to_answer(db: Database, user_id: int, guild_id: int | None, now: int) -> set[str]:
    """The ids of items of open rounds that the learner has not answered: of this guild, and of those with a streak."""
    rows = await db.read(
        "SELECT r.item_id FROM rounds r WHERE r.state = 1 AND COALESCE(r.reveal_at > $3, TRUE) AND r.guild_id IN"
        " (SELECT guild_id FROM streaks WHERE user_id = $1 UNION ALL SELECT CAST($2 AS BIGINT))"
        " AND NOT EXISTS (SELECT 1 FROM answers a WHERE a.round_id = r.id AND a.user_id = $1)",
        user_id,
        guild_id or 0,
        now,
    )
    return {row["item_id"] for row in rows}


def open_round(
    guild_id: int, day: date, item: Item, seed: int, *, channel_id: int, freezes: bool, delivery_id: int
) -> tuple[Statement, Statement]:
    """Keep the item as it is now and open a round on it; nothing happens when that day has its round already."""
    return (
        keep(item),
        sql(
            "INSERT INTO rounds (guild_id, local_date, number, item_id, digest, seed, state, freezes, channel_id, delivery_id)"
            " SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), COALESCE(MAX(number), 0) + 1, CAST($3 AS TEXT),"
            " CAST($4 AS TEXT), CAST($5 AS BIGINT), 1, CAST($6 AS BIGINT), CAST($7 AS BIGINT), CAST($8 AS BIGINT)"
            " FROM rounds WHERE guild_id = $1 ON CONFLICT DO NOTHING",
            guild_id,
            day.isoformat(),
            item.id,
            item.digest,
            seed,
            int(freezes),
            channel_id,
            delivery_id,
        ),
    )


def reopen(round_id: int, channel_id: int, delivery_id: int) -> Statement:
    """Use a round that was taken back after all, or move one that has not been posted to the channel chosen since."""
    return sql(
        "UPDATE rounds SET state = 1, channel_id = $2, delivery_id = $3 WHERE id = $1 AND message_id IS NULL",
        round_id,
        channel_id,
        delivery_id,
    )


def posted(round_id: int, message_id: int, reveal_at: int, *, late: bool = False) -> Statement:
    return sql(
        "UPDATE rounds SET message_id = $2, reveal_at = $3, late = $4 WHERE id = $1 AND state = 1",
        round_id,
        message_id,
        reveal_at,
        int(late),
    )


def move_reveal(round_id: int, reveal_at: int) -> Statement:
    """Move the reveal of an open round, after its guild's schedule changed."""
    return sql("UPDATE rounds SET reveal_at = $2 WHERE id = $1 AND state = 1", round_id, reveal_at)


def revealed(round_id: int, *, threaded: bool) -> Statement:
    """Close a round. A thread started from a message has the message's id."""
    return sql(
        "UPDATE rounds SET state = 2, thread_id = CASE WHEN $2 = 1 THEN message_id ELSE thread_id END"
        " WHERE id = $1 AND state < 3",
        round_id,
        int(threaded),
    )


def void(guild_id: int, day: date) -> Statement:
    """Take back a round whose post never went out."""
    return sql(f"{_VOID} AND local_date = $2", guild_id, day.isoformat())


def void_unposted(guild_id: int) -> Statement:
    """Take back what was opened for posts that are no longer owed."""
    return sql(
        f"{_VOID} AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.id = rounds.delivery_id AND d.state < 2)", guild_id
    )


def shown(round_id: int, count: int) -> Statement:
    return sql("UPDATE rounds SET shown_count = $2 WHERE id = $1", round_id, count)


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
    recorded, _, standing, *_ = await db.write(
        sql(
            "INSERT INTO answers (round_id, user_id, guild_id, chosen, correct, late, points, answered_at)"
            " SELECT r.id, CAST($2 AS BIGINT), r.guild_id, CAST($3 AS TEXT), CAST($4 AS BIGINT),"
            " CASE WHEN r.state = 2 OR COALESCE(r.reveal_at <= $6, FALSE) THEN 1 ELSE 0 END,"
            " CASE WHEN r.state = 2 OR COALESCE(r.reveal_at <= $6, FALSE) THEN 0 ELSE CAST($5 AS BIGINT) END,"
            " CAST($6 AS BIGINT) FROM rounds r WHERE r.id = $1 AND r.state IN (1, 2)"
            " ON CONFLICT DO NOTHING RETURNING round_id",
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
        sql("SELECT * FROM answers WHERE round_id = $1 AND user_id = $2", round_.id, user_id),
        *also,
    )
    return (_answer(standing[0]) if standing else None), bool(recorded)


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
    rows = await db.read(
        "SELECT chosen, COUNT(*) AS n, SUM(correct) AS right_ones FROM answers WHERE round_id = $1 AND late = 0 GROUP BY chosen",
        round_.id,
    )
    choices = dict.fromkeys(LETTERS[: len(round_.item.options)], 0)
    for row in rows:
        for letter in row["chosen"]:
            choices[letter] += row["n"]
    return Distribution(choices, sum(row["n"] for row in rows), int(sum(row["right_ones"] for row in rows)))


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
