"""Live rounds as they are stored: rounds, their questions, and the answers of players."""

from bot.core.asked import Asked
from bot.core.live import LiveAnswer, LiveQuestion, LiveRound, LiveState, QuestionState
from bot.storage.database import Database, Row, Statement, sql
from bot.storage.items import kept

_ROUND = (
    "r.id, r.guild_id, r.channel_id, r.host_user_id, r.exam, r.area, r.length, r.seconds,"
    " r.state AS round_state, r.position AS round_position, r.fault"
)
_QUESTIONS = (
    f"SELECT q.*, i.body, {_ROUND} FROM live_questions q JOIN live_rounds r ON r.id = q.live_id"
    " JOIN items_shown i ON i.digest = q.digest WHERE "
)


def _round(row: Row) -> LiveRound:
    return LiveRound(
        id=row["id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        host_id=row["host_user_id"],
        exam=row["exam"],
        area=row["area"],
        length=row["length"],
        seconds=row["seconds"],
        state=LiveState(row["round_state"]),
        position=row["round_position"],
        fault=row["fault"],
    )


def _question(row: Row) -> LiveQuestion:
    return LiveQuestion(
        round=_round(row),
        position=row["position"],
        asked=Asked(kept(row["digest"], row["body"]), row["seed"]),
        state=QuestionState(row["state"]),
        delivery_id=row["delivery_id"],
        message_id=row["message_id"],
        closes_at=row["closes_at"],
        remaining=row["remaining"],
    )


def _answer(row: Row) -> LiveAnswer:
    correct = row["correct"]
    return LiveAnswer(row["position"], row["chosen"], None if correct is None else bool(correct), row["points"])


# -- rounds and questions ----------------------------------------------------------------------------------------


async def running(db: Database, channel_id: int) -> LiveRound | None:
    """The round that is not over in a channel."""
    rows = await db.read(f"SELECT {_ROUND} FROM live_rounds r WHERE r.channel_id = $1 AND r.state < 3", channel_id)
    return _round(rows[0]) if rows else None


async def round_by_id(db: Database, live_id: int) -> LiveRound | None:
    rows = await db.look_up(f"SELECT {_ROUND} FROM live_rounds r WHERE r.id = $1", live_id)
    return _round(rows[0]) if rows else None


async def question(db: Database, live_id: int, position: int) -> LiveQuestion | None:
    rows = await db.look_up(_QUESTIONS + "q.live_id = $1 AND q.position = $2", live_id, position)
    return _question(rows[0]) if rows else None


async def current(db: Database, live_id: int) -> LiveQuestion | None:
    """The question of a round that is asked now, comes next or was asked last."""
    rows = await db.look_up(_QUESTIONS + "q.live_id = $1 AND q.position = r.position", live_id)
    return _question(rows[0]) if rows else None


async def questions(db: Database, live_id: int) -> list[LiveQuestion]:
    """All questions of a round, in order."""
    rows = await db.read(_QUESTIONS + "q.live_id = $1 ORDER BY q.position", live_id)
    return [_question(row) for row in rows]


async def message_before(db: Database, live_id: int) -> int | None:
    """The newest question message of a round."""
    rows = await db.read(
        "SELECT message_id FROM live_questions WHERE live_id = $1 AND message_id IS NOT NULL ORDER BY position DESC LIMIT 1",
        live_id,
    )
    return rows[0]["message_id"] if rows else None


# -- answers -----------------------------------------------------------------------------------------------------


def answering(db: Database, live_id: int, position: int, user_id: int, chosen: str, now: int) -> Statement:
    """Store what a player chose, instead of what they chose before, unless the question takes no answers.

    Whether it is open is settled here. A close waits until this is committed, and then judges it.
    """
    return sql(
        "INSERT INTO live_answers (live_id, position, user_id, chosen, answered_at)"
        " SELECT q.live_id, q.position, CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS BIGINT)"
        " FROM live_questions q WHERE q.live_id = $1 AND q.position = $2 AND q.state = 1"
        f" AND (q.closes_at IS NULL OR q.closes_at > $5) {db.for_share}"
        " ON CONFLICT (live_id, position, user_id)"
        " DO UPDATE SET chosen = excluded.chosen, answered_at = excluded.answered_at RETURNING user_id",
        live_id,
        position,
        user_id,
        chosen,
        now,
    )


async def answer(db: Database, live_id: int, position: int, user_id: int, chosen: str, now: int) -> bool:
    """Store a choice; False when the question takes no answers."""
    [stored] = await db.write(answering(db, live_id, position, user_id, chosen, now))
    return bool(stored)


async def answer_of(db: Database, live_id: int, position: int, user_id: int) -> LiveAnswer | None:
    rows = await db.look_up(
        "SELECT * FROM live_answers WHERE live_id = $1 AND position = $2 AND user_id = $3", live_id, position, user_id
    )
    return _answer(rows[0]) if rows else None


async def answers_of(db: Database, live_id: int, user_id: int) -> dict[int, LiveAnswer]:
    """A player's answers in a round, by position."""
    rows = await db.read("SELECT * FROM live_answers WHERE live_id = $1 AND user_id = $2", live_id, user_id)
    return {row["position"]: _answer(row) for row in rows}


async def chosen(db: Database, live_id: int, position: int) -> list[tuple[str, int]]:
    """What was chosen, and by how many."""
    rows = await db.read(
        "SELECT chosen, COUNT(*) AS n FROM live_answers WHERE live_id = $1 AND position = $2 GROUP BY chosen",
        live_id,
        position,
    )
    return [(row["chosen"], row["n"]) for row in rows]


async def answer_count(db: Database, live_id: int, position: int) -> int:
    rows = await db.read(
        "SELECT COUNT(*) AS n FROM live_answers WHERE live_id = $1 AND position = $2", live_id, position
    )
    return rows[0]["n"]


async def scoreboard(db: Database, live_id: int) -> list[tuple[int, int, int]]:
    """Each player with right answers and points, over the questions judged so far."""
    rows = await db.read(
        "SELECT user_id, SUM(correct) AS right_ones, SUM(points) AS points FROM live_answers"
        " WHERE live_id = $1 AND correct IS NOT NULL GROUP BY user_id",
        live_id,
    )
    return [(row["user_id"], int(row["right_ones"]), int(row["points"])) for row in rows]


async def turnout(db: Database, live_id: int) -> dict[int, tuple[int, int]]:
    """How many answered each judged question, and how many of them wrong, by its position."""
    rows = await db.read(
        "SELECT position, COUNT(*) AS n, SUM(1 - correct) AS wrong FROM live_answers"
        " WHERE live_id = $1 AND correct IS NOT NULL GROUP BY position",
        live_id,
    )
    return {row["position"]: (row["n"], int(row["wrong"])) for row in rows}


# -- what the messages show ----------------------------------------------------------------------------------------


async def outdated(db: Database) -> list[int]:
    """Rounds whose open question shows another count or closing time than it has: after a crash, messages to edit."""
    rows = await db.read(
        "SELECT q.live_id FROM live_questions q WHERE q.state = 1 AND q.message_id IS NOT NULL"
        " AND (COALESCE(q.shown_closing, 0) <> COALESCE(q.closes_at, 0) OR q.shown_count <>"
        " (SELECT COUNT(*) FROM live_answers a WHERE a.live_id = q.live_id AND a.position = q.position))"
    )
    return [row["live_id"] for row in rows]


async def shown(db: Database, live_id: int, position: int) -> tuple[int, int | None]:
    """The count and the closing time that a question's message shows."""
    [row] = await db.look_up(
        "SELECT shown_count, shown_closing FROM live_questions WHERE live_id = $1 AND position = $2", live_id, position
    )
    return row["shown_count"], row["shown_closing"]


def show(live_id: int, position: int, count: int, closing: int | None) -> Statement:
    return sql(
        "UPDATE live_questions SET shown_count = $3, shown_closing = $4 WHERE live_id = $1 AND position = $2",
        live_id,
        position,
        count,
        closing,
    )


# -- a person's own ------------------------------------------------------------------------------------------------


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    hosted = await db.read("SELECT guild_id, started_at FROM live_rounds WHERE host_user_id = $1 ORDER BY id", user_id)
    answers = await db.read(
        "SELECT a.*, r.guild_id, q.item_id FROM live_answers a JOIN live_rounds r ON r.id = a.live_id"
        " JOIN live_questions q ON q.live_id = a.live_id AND q.position = a.position"
        " WHERE a.user_id = $1 ORDER BY a.answered_at, a.live_id, a.position",
        user_id,
    )
    return [
        *({"hosted_live_in": str(row["guild_id"]), "started_at": row["started_at"]} for row in hosted),
        *(
            {
                "guild": str(row["guild_id"]),
                "item": row["item_id"],
                "chosen": row["chosen"],
                "correct": None if row["correct"] is None else bool(row["correct"]),
                "points": row["points"],
                "answered_at": row["answered_at"],
            }
            for row in answers
        ),
    ]


def erase(user_id: int) -> list[Statement]:
    """Their answers go; a round that they host goes on without a host."""
    return [
        sql("DELETE FROM live_answers WHERE user_id = $1", user_id),
        sql("UPDATE live_rounds SET host_user_id = 0 WHERE host_user_id = $1", user_id),
    ]
