"""Sessions of private practice and their items, each step a conditional update: what is stored is where it stands."""

from collections.abc import Sequence

from bot.core.content import Difficulty, Item
from bot.core.quiz import IDLE_AT_MOST, Put, Reason, Session, State, Wishes
from bot.storage.database import Database, Row, Statement, sql
from bot.storage.items import keep, kept

_MINE = "id = $1 AND user_id = $2"


def _put(row: Row) -> Put:
    return Put(
        position=row["position"],
        item_id=row["item_id"],
        digest=row["digest"],
        seed=row["seed"],
        chosen=row["chosen"],
        correct=bool(row["correct"]),
        points=row["points"],
        reason=Reason(row["reason"]) if row["reason"] else None,
        answered_at=row["answered_at"],
    )


def _session(row: Row, items: Sequence[Row]) -> Session:
    return Session(
        id=row["id"],
        user_id=row["user_id"],
        guild_id=row["guild_id"],
        state=State(row["state"]),
        wishes=Wishes(
            exam=row["exam"],
            area=row["area"],
            topic=row["topic"],
            difficulty=Difficulty(row["difficulty"]) if row["difficulty"] else None,
            length=row["length"],
        ),
        redo_of=row["redo_of"],
        position=row["position"],
        items=tuple(_put(item) for item in items),
        touched_at=row["touched_at"],
        ended_at=row["ended_at"],
        shared_at=row["shared_at"],
    )


# -- reading -------------------------------------------------------------------------------------------------------


async def session(db: Database, session_id: int, user_id: int) -> Session | None:
    """A learner's own session."""
    return await _first(db, await db.look_up(f"SELECT * FROM sessions WHERE {_MINE}", session_id, user_id))


async def running(db: Database, user_id: int) -> Session | None:
    return await _first(db, await db.look_up("SELECT * FROM sessions WHERE user_id = $1 AND state = 1", user_id))


async def latest(db: Database, user_id: int) -> Session | None:
    """The learner's last session that was begun."""
    return await _first(
        db,
        await db.look_up("SELECT * FROM sessions WHERE user_id = $1 AND state > 0 ORDER BY id DESC LIMIT 1", user_id),
    )


async def latest_exam(db: Database, user_id: int) -> str:
    """The exam of that session, as an id; empty when there is none."""
    rows = await db.look_up(
        "SELECT exam FROM sessions WHERE user_id = $1 AND state > 0 ORDER BY id DESC LIMIT 1", user_id
    )
    return rows[0]["exam"] if rows else ""


async def _first(db: Database, rows: Sequence[Row]) -> Session | None:
    if not rows:
        return None
    items = await db.look_up("SELECT * FROM session_items WHERE session_id = $1 ORDER BY position", rows[0]["id"])
    return _session(rows[0], items)


async def items(db: Database, session_id: int) -> dict[str, Item]:
    """All items of a session as they were put, by digest."""
    rows = await db.read(
        "SELECT i.digest, i.body FROM session_items s JOIN items_shown i ON i.digest = s.digest WHERE s.session_id = $1",
        session_id,
    )
    return {row["digest"]: kept(row["digest"], row["body"]) for row in rows}


async def before(db: Database, session_: Session) -> tuple[int, int]:
    """Answers and right ones in the learner's earlier sessions for the same exam, repeats of misses left out."""
    rows = await db.read(
        "SELECT COUNT(*) AS n, COALESCE(SUM(i.correct), 0) AS right_ones FROM sessions s JOIN session_items i"
        " ON i.session_id = s.id WHERE s.user_id = $1 AND s.exam = $2 AND s.id < $3 AND s.redo_of IS NULL"
        " AND i.answered_at IS NOT NULL",
        session_.user_id,
        session_.wishes.exam,
        session_.id,
    )
    return rows[0]["n"], int(rows[0]["right_ones"])


async def counted(db: Database, session_: Session, item_id: str) -> bool:
    """Whether the answer in this session was the learner's first to the item in the guild and season."""
    rows = await db.look_up(
        "SELECT 1 AS one FROM attempts WHERE guild_id = $1 AND user_id = $2 AND item_id = $3 AND mode = 'quiz'"
        " AND source = $4",
        session_.guild_id,
        session_.user_id,
        item_id,
        session_.id,
    )
    return bool(rows)


# -- beginning and ending ------------------------------------------------------------------------------------------


def wish(user_id: int, guild_id: int, wishes: Wishes, redo_of: int | None, now: int) -> Statement:
    """Keep what a learner asks for; returns the id of the session that may come of it."""
    return sql(
        "INSERT INTO sessions (user_id, guild_id, state, exam, area, topic, difficulty, length, redo_of, started_at,"
        " touched_at) VALUES ($1, $2, 0, $3, $4, $5, $6, $7, $8, $9, $9) RETURNING id",
        user_id,
        guild_id,
        wishes.exam,
        wishes.area,
        wishes.topic,
        wishes.difficulty.value if wishes.difficulty else "",
        wishes.length,
        redo_of,
        now,
    )


def begin(session_id: int, user_id: int, chosen: Sequence[tuple[Item, int]], now: int) -> list[Statement]:
    """Begin a session that was asked for, with the items and the seeds of their options. Nothing happens while another
    one is running; where this one was begun before, or another in the same moment, the write is a Conflict."""
    return [
        sql(
            f"UPDATE sessions SET state = 1, started_at = $3, touched_at = $3 WHERE {_MINE} AND state = 0"
            " AND NOT EXISTS (SELECT 1 FROM sessions r WHERE r.user_id = $2 AND r.state = 1)",
            session_id,
            user_id,
            now,
        ),
        *(keep(item_) for item_, _ in chosen),
        *(
            sql(
                "INSERT INTO session_items (session_id, position, user_id, item_id, digest, seed)"
                " SELECT id, CAST($2 AS BIGINT), user_id, CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS BIGINT)"
                " FROM sessions WHERE id = $1 AND state = 1",
                session_id,
                position,
                item_.id,
                item_.digest,
                seed,
            )
            for position, (item_, seed) in enumerate(chosen, 1)
        ),
    ]


def stop(session_id: int, user_id: int, now: int) -> Statement:
    """End a running session unfinished."""
    return sql(
        f"UPDATE sessions SET state = 3, ended_at = $3, touched_at = $3 WHERE {_MINE} AND state = 1",
        session_id,
        user_id,
        now,
    )


def expire(now: int) -> list[Statement]:
    """Close sessions that nobody has touched for so long, and forget what was asked for and not begun."""
    return [
        sql(
            "UPDATE sessions SET state = 3, ended_at = touched_at + $2 WHERE state = 1 AND touched_at <= $1 RETURNING id",
            now - IDLE_AT_MOST,
            IDLE_AT_MOST,
        ),
        sql("DELETE FROM sessions WHERE state = 0 AND touched_at <= $1", now - IDLE_AT_MOST),
    ]


def expire_one(session_id: int, now: int) -> Statement:
    """The same for one session that somebody looks at before all are gone through."""
    return sql(
        "UPDATE sessions SET state = 3, ended_at = touched_at + $3 WHERE id = $1 AND state = 1 AND touched_at <= $2",
        session_id,
        now - IDLE_AT_MOST,
        IDLE_AT_MOST,
    )


# -- steps ---------------------------------------------------------------------------------------------------------


def answer(session_: Session, put: Put) -> list[Statement]:
    """Store the answer to the item before the learner, if it has none; the last one finishes the session."""
    return [
        sql(
            "UPDATE session_items SET chosen = $4, correct = $5, answered_at = $6 WHERE session_id = $1 AND user_id = $2"
            " AND position = $3 AND chosen IS NULL AND EXISTS (SELECT 1 FROM sessions WHERE id = $1 AND state = 1"
            " AND position = $3) RETURNING position",
            session_.id,
            session_.user_id,
            put.position,
            put.chosen,
            int(put.correct),
            put.answered_at,
        ),
        sql(
            "UPDATE sessions SET touched_at = $4, state = CASE WHEN CAST($3 AS BIGINT) = CAST($5 AS BIGINT) THEN 2 ELSE state END,"
            f" ended_at = CASE WHEN CAST($3 AS BIGINT) = CAST($5 AS BIGINT) THEN CAST($4 AS BIGINT) ELSE ended_at END WHERE {_MINE} AND state = 1"
            " AND position = $3 AND EXISTS (SELECT 1 FROM session_items WHERE session_id = $1 AND position = $3"
            " AND answered_at = $4)",
            session_.id,
            session_.user_id,
            put.position,
            put.answered_at,
            len(session_.items),
        ),
    ]


def move(session_: Session, to: int | None, now: int) -> Statement:
    """Put the item at position `to` before the learner, if the present one still has an answer or still has none, as
    here; None finishes the session."""
    answered = "IS NULL" if session_.current.chosen is None else "IS NOT NULL"
    return sql(
        "UPDATE sessions SET position = COALESCE($4, position), touched_at = $5,"
        " state = CASE WHEN $4 IS NULL THEN 2 ELSE state END,"
        " ended_at = CASE WHEN $4 IS NULL THEN CAST($5 AS BIGINT) ELSE ended_at END"
        f" WHERE {_MINE} AND state = 1 AND position = $3 AND EXISTS (SELECT 1 FROM session_items i"
        f" WHERE i.session_id = $1 AND i.position = $3 AND i.chosen {answered})",
        session_.id,
        session_.user_id,
        session_.position,
        to,
        now,
    )


def note(session_: Session, position: int, reason: Reason) -> Statement:
    """Keep how an answer came about."""
    return sql(
        "UPDATE session_items SET reason = $4 WHERE session_id = $1 AND user_id = $2 AND position = $3"
        " AND chosen IS NOT NULL",
        session_.id,
        session_.user_id,
        position,
        reason.value,
    )


def share(session_: Session, now: int) -> Statement:
    """Take the one right to show a result; returns a row if nobody had."""
    return sql(
        f"UPDATE sessions SET shared_at = $3 WHERE {_MINE} AND state > 1 AND shared_at IS NULL RETURNING id",
        session_.id,
        session_.user_id,
        now,
    )


# -- privacy -------------------------------------------------------------------------------------------------------


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    sessions = await db.read("SELECT * FROM sessions WHERE user_id = $1 ORDER BY id", user_id)
    answers = await db.read("SELECT * FROM session_items WHERE user_id = $1 ORDER BY session_id, position", user_id)
    return [
        *(
            {
                "session": row["id"],
                "guild": str(row["guild_id"]) if row["guild_id"] else None,
                "state": State(row["state"]).name.lower(),
                "exam": row["exam"],
                "area": row["area"],
                "topic": row["topic"],
                "difficulty": row["difficulty"],
                "length": row["length"],
                "repeats_misses_of": row["redo_of"],
                "started_at": row["started_at"],
                "ended_at": row["ended_at"],
                "shared_at": row["shared_at"],
            }
            for row in sessions
        ),
        *(
            {
                "session": row["session_id"],
                "question": row["position"],
                "item": row["item_id"],
                "chosen": row["chosen"],
                "correct": None if row["correct"] is None else bool(row["correct"]),
                "points": row["points"],
                "reason": row["reason"],
                "answered_at": row["answered_at"],
            }
            for row in answers
        ),
    ]


def erase(user_id: int) -> list[Statement]:
    return [
        sql("DELETE FROM session_items WHERE user_id = $1", user_id),
        sql("DELETE FROM sessions WHERE user_id = $1", user_id),
    ]
