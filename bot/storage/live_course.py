"""How a live round moves from one state to the next, and what each step makes owed in the same transaction.

What is owed follows from the state alone, so that any step may be repeated, and a delivery that finds the state moved
on is dropped and owed anew where it is still needed. Steps of a round take turns on its row.
"""

from collections.abc import Sequence

from bot.core.deliveries import USEFUL_FOR, Kind
from bot.core.live import AGAIN_IN, BETWEEN, FORGOTTEN, OUTAGE, PAUSED_AT_MOST, RESULT_IN
from bot.storage import deliveries
from bot.storage.database import Statement, sql

_CURRENT = "FROM live_rounds r JOIN live_questions q ON q.live_id = r.id AND q.position = r.position"
_SUBJECT = "CAST(r.id AS TEXT) || ':' || CAST(r.position AS TEXT) AS subject"
_STILL_OPEN = "state = 1 AND (closes_at IS NULL OR closes_at > $2)"


def _turn(live_id: int) -> Statement:
    return sql("UPDATE live_rounds SET fault = fault WHERE id = $1", live_id)


def _owe(kind: Kind, source: str, *args: object) -> Statement:
    """Owe what `source` selects as guild_id, subject and due, or move it; what is being sent or was sent stays."""
    return sql(
        f"{deliveries.OWE}SELECT '{kind}', o.guild_id, CAST(NULL AS BIGINT), o.subject,"
        f" '{kind}:' || CAST(o.guild_id AS TEXT) || ':' || o.subject,"
        f" o.due, o.due + {USEFUL_FOR[kind]}, 0, o.due FROM ({source}) o WHERE o.due IS NOT NULL"
        " ON CONFLICT (dedupe_key) DO UPDATE SET due_at = excluded.due_at, wake_at = excluded.wake_at,"
        " useful_until = excluded.useful_until, state = 0, attempts = 0, settled_at = NULL, fault = ''"
        " WHERE deliveries.state NOT IN (1, 2)",
        *args,
    )


def owe_question(which: str, key: int, due_at: int) -> Statement:
    """Owe the next question of the round that `which` names by `key` ($1)."""
    return _owe(
        Kind.LIVE_QUESTION,
        f"SELECT r.guild_id, {_SUBJECT}, CAST($2 AS BIGINT) AS due {_CURRENT} WHERE {which} AND q.state = 0",
        key,
        due_at,
    )


def _owe_close(live_id: int, now: int) -> Statement:
    """Owe the close of the question that is out: at its time, or now if it is void."""
    return _owe(
        Kind.LIVE_CLOSE,
        f"SELECT r.guild_id, {_SUBJECT}, CASE WHEN q.state = 1 THEN q.closes_at ELSE CAST($2 AS BIGINT) END AS due"
        f" {_CURRENT} WHERE r.id = $1 AND q.message_id IS NOT NULL AND q.state IN (1, 3)",
        live_id,
        now,
    )


def _owe_result(live_id: int, due_at: int) -> Statement:
    """Owe the result of a round that is over and could be told; or of a paused one, for when it was forgotten."""
    return _owe(
        Kind.LIVE_RESULT,
        "SELECT r.guild_id, CAST(r.id AS TEXT) AS subject, CASE WHEN r.state = 3 THEN CAST($2 AS BIGINT)"
        f" ELSE r.paused_at + {PAUSED_AT_MOST} END AS due FROM live_rounds r WHERE r.id = $1"
        f" AND (r.state = 2 OR (r.state = 3 AND r.fault IN ('', '{OUTAGE}', '{FORGOTTEN}')))",
        live_id,
        due_at,
    )


def mend(live_id: int, now: int) -> list[Statement]:
    """Owe anew what a dropped delivery was about, if the state asks for it by now."""
    return [
        _turn(live_id),
        owe_question("r.id = $1 AND r.state = 1", live_id, now),
        _owe_close(live_id, now),
        _owe_result(live_id, now),
    ]


def open_question(live_id: int, position: int, delivery_id: int) -> list[Statement]:
    """Take answers from before the message is sent: it may be seen before anybody knows that it arrived."""
    return [
        _turn(live_id),
        sql(
            "UPDATE live_questions SET state = 1, delivery_id = $3 WHERE live_id = $1 AND position = $2 AND state = 0"
            " AND EXISTS (SELECT 1 FROM live_rounds r WHERE r.id = $1 AND r.position = $2 AND r.state = 1)",
            live_id,
            position,
            delivery_id,
        ),
    ]


def asked(live_id: int, position: int, message_id: int, now: int) -> list[Statement]:
    """The question is out, and its clock runs unless the round was paused meanwhile."""
    return [
        _turn(live_id),
        sql(
            "UPDATE live_questions SET message_id = $3,"
            " closes_at = (SELECT CASE WHEN r.state = 1 THEN $4 + r.seconds END FROM live_rounds r WHERE r.id = $1),"
            " remaining = (SELECT CASE WHEN r.state = 2 THEN r.seconds END FROM live_rounds r WHERE r.id = $1),"
            " shown_closing = (SELECT $4 + r.seconds FROM live_rounds r WHERE r.id = $1)"
            " WHERE live_id = $1 AND position = $2 AND message_id IS NULL",
            live_id,
            position,
            message_id,
            now,
        ),
        _owe_close(live_id, now),
    ]


def close(live_id: int, position: int, key: str, now: int, attempts: Sequence[Statement]) -> list[Statement]:
    """Judge the answers to a question whose time is over, and count them; nothing happens before, or a second time."""
    return [
        _turn(live_id),
        sql(
            "UPDATE live_questions SET state = 2 WHERE live_id = $1 AND position = $2 AND state = 1 AND closes_at <= $3",
            live_id,
            position,
            now,
        ),
        sql(
            "UPDATE live_answers SET correct = CASE WHEN chosen = $3 THEN 1 ELSE 0 END WHERE live_id = $1 AND position = $2"
            " AND correct IS NULL AND EXISTS (SELECT 1 FROM live_questions q WHERE q.live_id = $1 AND q.position = $2"
            " AND q.state = 2)",
            live_id,
            position,
            key,
        ),
        *attempts,
    ]


def advance(live_id: int, position: int, now: int) -> list[Statement]:
    """After a question was closed and shown: the next one, or the result."""
    return [
        _turn(live_id),
        sql(
            "UPDATE live_rounds SET state = 3, ended_at = $3 WHERE id = $1 AND position = $2 AND position = length"
            " AND state < 3",
            live_id,
            position,
            now,
        ),
        sql(
            "UPDATE live_rounds SET position = position + 1 WHERE id = $1 AND position = $2 AND state < 3",
            live_id,
            position,
        ),
        owe_question("r.id = $1 AND r.state = 1", live_id, now + BETWEEN),
        _owe_result(live_id, now + RESULT_IN),
    ]


def end(live_id: int, now: int, fault: str = "") -> list[Statement]:
    """End a round: a question whose time is not over is void. A `fault` that no message can tell owes no result."""
    return [
        _turn(live_id),
        sql(f"UPDATE live_questions SET state = 3 WHERE live_id = $1 AND {_STILL_OPEN}", live_id, now),
        sql(
            "UPDATE live_rounds SET state = 3, ended_at = $2, fault = $3, paused_at = NULL WHERE id = $1 AND state < 3",
            live_id,
            now,
            fault,
        ),
        _owe_close(live_id, now),
        _owe_result(live_id, now + RESULT_IN),
    ]


def end_unless_last(live_id: int, position: int, now: int, fault: str) -> list[Statement]:
    """End a round before its next question, if one was still to come."""
    return [
        _turn(live_id),
        sql(
            "UPDATE live_rounds SET state = 3, ended_at = $3, fault = $4, paused_at = NULL"
            " WHERE id = $1 AND position = $2 AND position < length AND state < 3",
            live_id,
            position,
            now,
            fault,
        ),
    ]


def forget(live_id: int, now: int) -> list[Statement]:
    """End a round that has been paused for too long."""
    due = (
        f"EXISTS (SELECT 1 FROM live_rounds r WHERE r.id = $1 AND r.state = 2 AND r.paused_at + {PAUSED_AT_MOST} <= $2)"
    )
    return [
        _turn(live_id),
        sql(f"UPDATE live_questions SET state = 3 WHERE live_id = $1 AND {_STILL_OPEN} AND {due}", live_id, now),
        sql(
            f"UPDATE live_rounds SET state = 3, ended_at = $2, fault = '{FORGOTTEN}', paused_at = NULL"
            f" WHERE id = $1 AND {due}",
            live_id,
            now,
        ),
        _owe_close(live_id, now),
    ]


def untold(live_id: int, reason: str) -> Statement:
    """Remember why the result never went out."""
    return sql("UPDATE live_rounds SET fault = $2 WHERE id = $1 AND fault = ''", live_id, reason)


# -- what a host does --------------------------------------------------------------------------------------------


def pause(live_id: int, now: int) -> list[Statement]:
    """Stop the clock and keep the seconds left; a question whose time is over is closed all the same."""
    return [
        _turn(live_id),
        sql(
            "UPDATE live_questions SET remaining = closes_at - $2, closes_at = NULL WHERE live_id = $1 AND state = 1"
            " AND closes_at > $2 AND EXISTS (SELECT 1 FROM live_rounds r WHERE r.id = $1 AND r.state = 1)",
            live_id,
            now,
        ),
        sql("UPDATE live_rounds SET state = 2, paused_at = $2 WHERE id = $1 AND state = 1", live_id, now),
        _owe_result(live_id, now),
    ]


def go_on(live_id: int, now: int) -> list[Statement]:
    """Let the clock run on with the seconds that were left, or the next question come."""
    return [
        _turn(live_id),
        sql(
            "UPDATE live_questions SET closes_at = $2 + remaining, remaining = NULL WHERE live_id = $1 AND state = 1"
            " AND remaining IS NOT NULL AND EXISTS (SELECT 1 FROM live_rounds r WHERE r.id = $1 AND r.state = 2)",
            live_id,
            now,
        ),
        owe_question("r.id = $1 AND r.state = 2", live_id, now + AGAIN_IN),
        sql("UPDATE live_rounds SET state = 1, paused_at = NULL WHERE id = $1 AND state = 2", live_id),
        _owe_close(live_id, now),
    ]


def close_now(live_id: int, now: int) -> list[Statement]:
    """Let the time of the question that is out be over."""
    return [
        _turn(live_id),
        sql(
            "UPDATE live_questions SET closes_at = $2, remaining = NULL WHERE live_id = $1 AND message_id IS NOT NULL"
            f" AND {_STILL_OPEN}",
            live_id,
            now,
        ),
        _owe_close(live_id, now),
    ]


def skip(live_id: int, now: int) -> list[Statement]:
    """Make the question that is out void, unless its time is over."""
    return [
        _turn(live_id),
        sql(
            f"UPDATE live_questions SET state = 3 WHERE live_id = $1 AND message_id IS NOT NULL AND {_STILL_OPEN}",
            live_id,
            now,
        ),
        _owe_close(live_id, now),
    ]
