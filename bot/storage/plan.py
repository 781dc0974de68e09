"""Study plans as they were made, and what was answered while they were followed."""

from collections.abc import Mapping
from datetime import date

from bot.core.deliveries import Kind, State
from bot.core.exam_dates import ExamDate
from bot.core.plan import Cause, Kept, Plan
from bot.core.plan_nudges import Nudge
from bot.storage import deliveries
from bot.storage.database import Database, Row, Statement, sql
from bot.storage.exam_dates import exam_date_of
from bot.storage.quiz_history import ANSWERED

DROPPED = 2


def _kept(row: Row) -> Kept:
    return Kept(
        date_id=row["exam_date_id"],
        user_id=row["user_id"],
        exam=row["exam"],
        plan=Plan.from_body(row["body"]),
        cause=Cause(row["cause"]),
        dropped=row["state"] == DROPPED,
        nudges=row["nudges"] == 1,
        fault=row["fault"],
        reach=date.fromisoformat(row["reach"]),
        revision=row["revision"],
        made_at=row["made_at"],
        changed_at=row["changed_at"],
    )


# -- reading ---------------------------------------------------------------------------------------------------


async def get(db: Database, date_id: int) -> Kept | None:
    rows = await db.look_up("SELECT * FROM study_plans WHERE exam_date_id = $1", date_id)
    return _kept(rows[0]) if rows else None


async def of_user(db: Database, user_id: int) -> list[Kept]:
    """All of a learner's, the last one changed first."""
    rows = await db.read(
        "SELECT * FROM study_plans WHERE user_id = $1 ORDER BY changed_at DESC, exam_date_id DESC", user_id
    )
    return [_kept(row) for row in rows]


async def nudged_from(db: Database, day: date, after: int, limit: int) -> list[ExamDate]:
    """The planned dates on or after a day with a greater id than `after` whose plans are followed with a message each
    week, by id."""
    rows = await db.read(
        "SELECT e.* FROM study_plans p JOIN exam_dates e ON e.id = p.exam_date_id"
        " WHERE e.id > $1 AND p.state = 1 AND p.nudges = 1 AND e.state = 1 AND e.day >= $2 ORDER BY e.id LIMIT $3",
        after,
        day.isoformat(),
        limit,
    )
    return [exam_date_of(row) for row in rows]


async def answered(db: Database, user_id: int, begin: int, end: int) -> Mapping[str, int]:
    """How often a learner answered each item from one instant until before another, in whatever mode."""
    rows = await db.read(
        # Both databases look for the time within each mode.
        f"SELECT item_id, COUNT(*) AS n FROM ({ANSWERED}) answered WHERE answered_at >= $2 AND answered_at < $3"
        " GROUP BY item_id",
        user_id,
        begin,
        end,
    )
    return {row["item_id"]: row["n"] for row in rows}


async def longest_run(db: Database, user_id: int, exam: str, begin: int, end: int) -> int:
    """The most answers that a learner gave within that time in one session over a whole exam."""
    rows = await db.read(
        "SELECT COUNT(*) AS n FROM sessions s JOIN session_items i ON i.session_id = s.id WHERE s.user_id = $1"
        " AND s.exam = $2 AND s.area = '' AND s.topic = '' AND s.redo_of IS NULL"
        " AND i.answered_at >= $3 AND i.answered_at < $4 GROUP BY s.id ORDER BY n DESC LIMIT 1",
        user_id,
        exam,
        begin,
        end,
    )
    return rows[0]["n"] if rows else 0


# -- writing ---------------------------------------------------------------------------------------------------


def save(db: Database, found: ExamDate, plan: Plan, cause: Cause, before: Kept | None, now: int) -> Statement:
    """Follow a plan for a date that is still planned, in the place of the one `before`; returns a row if this did."""
    reach = plan.weeks[-1].monday
    return sql(
        "INSERT INTO study_plans (exam_date_id, user_id, exam, body, cause, state, nudges, fault, reach, revision,"
        " made_at, changed_at) SELECT e.id, e.user_id, CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), 1, 1, '',"
        " CAST($6 AS TEXT), 1, CAST($7 AS BIGINT), CAST($7 AS BIGINT) FROM exam_dates e"
        f" WHERE e.id = $1 AND e.user_id = $2 AND e.state = 1 {db.for_share}"
        " ON CONFLICT (exam_date_id) DO UPDATE SET exam = excluded.exam, body = excluded.body, cause = excluded.cause,"
        " state = 1, reach = excluded.reach, revision = study_plans.revision + 1, made_at = excluded.made_at,"
        " changed_at = excluded.changed_at WHERE study_plans.revision = $8 RETURNING exam_date_id",
        found.id,
        found.user_id,
        found.exam,
        plan.body,
        cause.value,
        max(reach, before.reach if before else reach).isoformat(),
        now,
        before.revision if before else 0,
    )


def drop(date_id: int, user_id: int, now: int) -> list[Statement]:
    """Stop following a plan, with its messages. It stays stored, so that a calendar can be told."""
    return [
        sql(
            "UPDATE study_plans SET state = 2, fault = '', revision = revision + 1, changed_at = $3"
            " WHERE exam_date_id = $1 AND user_id = $2 AND state = 1",
            date_id,
            user_id,
            now,
        ),
        silence(date_id, user_id),
    ]


def set_nudges(date_id: int, user_id: int, *, on: bool) -> Statement:
    """Have a message each week, or none; returns a row where there is such a plan."""
    return sql(
        "UPDATE study_plans SET nudges = $3, fault = '' WHERE exam_date_id = $1 AND user_id = $2 AND state = 1"
        " RETURNING exam_date_id",
        date_id,
        user_id,
        int(on),
    )


def set_fault(date_id: int, fault: str) -> Statement:
    """Remember why the last message did not arrive; the empty text clears it."""
    return sql("UPDATE study_plans SET fault = $2 WHERE exam_date_id = $1 AND fault <> $2", date_id, fault)


# -- messages of the week --------------------------------------------------------------------------------------


def subject(date_id: int, monday: date) -> str:
    return f"{date_id}.{monday.isoformat()}"


def owe(date_id: int, nudge: Nudge) -> Statement:
    """Owe the message of a week, or move it where it has not gone out."""
    name = subject(date_id, nudge.monday)
    return sql(
        deliveries.OWE + "SELECT CAST($2 AS TEXT), e.guild_id, e.user_id, CAST($3 AS TEXT), CAST($4 AS TEXT),"
        " CAST($5 AS BIGINT), CAST($6 AS BIGINT), 0, CAST($5 AS BIGINT) FROM exam_dates e WHERE e.id = $1"
        + deliveries.MOVE,
        date_id,
        Kind.PLAN_WEEK.value,
        name,
        f"{Kind.PLAN_WEEK}:0:{name}",
        nudge.due_at,
        nudge.useful_until,
    )


def silence(date_id: int, user_id: int) -> Statement:
    """Call the messages of a plan off."""
    return deliveries.cancel_of(user_id, Kind.PLAN_WEEK, f"{date_id}.")


def move(date_id: int, nudge: Nudge) -> Statement:
    """Bring the message of a week that waits to another hour; where none waits, none comes."""
    return sql(
        "UPDATE deliveries SET due_at = $2, useful_until = $3, wake_at = $2 WHERE dedupe_key = $1 AND state = 0",
        f"{Kind.PLAN_WEEK}:0:{subject(date_id, nudge.monday)}",
        nudge.due_at,
        nudge.useful_until,
    )


async def owed(db: Database, date_id: int, monday: date) -> tuple[State, int] | None:
    """What became of the message of a week, and when it is due."""
    rows = await db.look_up(
        "SELECT state, due_at FROM deliveries WHERE dedupe_key = $1", f"{Kind.PLAN_WEEK}:0:{subject(date_id, monday)}"
    )
    return (State(rows[0]["state"]), rows[0]["due_at"]) if rows else None


# -- a person's own --------------------------------------------------------------------------------------------


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    return [
        {
            "exam": kept.exam,
            "day": kept.plan.day.isoformat(),
            "hours_a_week": kept.plan.hours,
            "followed": not kept.dropped,
            "weekly_message": kept.nudges,
            "made_at": kept.made_at,
            "weeks": [
                {
                    "from": week.first.isoformat(),
                    "to": week.last.isoformat(),
                    "kind": week.kind.value,
                    "mock_questions": week.mock,
                    "areas": {task.area: task.quarters / 4 for task in week.tasks},
                }
                for week in kept.plan.weeks
            ],
        }
        for kept in await of_user(db, user_id)
    ]


def erase(user_id: int) -> list[Statement]:
    return [sql("DELETE FROM study_plans WHERE user_id = $1", user_id)]
