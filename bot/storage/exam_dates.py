"""Dates of exams as learners gave them."""

from datetime import date

from bot.core.deliveries import Kind, State
from bot.core.exam_dates import ExamDate, ExamState, Moment
from bot.core.reminders import Reminder
from bot.storage import deliveries
from bot.storage.database import Database, Row, Statement, sql


def exam_date_of(row: Row) -> ExamDate:
    return ExamDate(
        id=row["id"],
        user_id=row["user_id"],
        guild_id=row["guild_id"],
        exam=row["exam"],
        moment=Moment(date.fromisoformat(row["day"]), row["minute"], row["zone"]),
        state=ExamState(row["state"]),
        revision=row["revision"],
        fault=row["fault"],
        created_at=row["created_at"],
        changed_at=row["changed_at"],
    )


# -- reading ---------------------------------------------------------------------------------------------------


async def get(db: Database, date_id: int) -> ExamDate | None:
    rows = await db.look_up("SELECT * FROM exam_dates WHERE id = $1", date_id)
    return exam_date_of(rows[0]) if rows else None


async def of_user(db: Database, user_id: int) -> list[ExamDate]:
    """All of a learner's, whatever became of them: the planned ones first, by day."""
    rows = await db.read("SELECT * FROM exam_dates WHERE user_id = $1 ORDER BY state <> 1, day, id", user_id)
    return [exam_date_of(row) for row in rows]


async def planned(db: Database, user_id: int) -> list[ExamDate]:
    """Those that a learner has planned, also those whose day went by without a word, by day."""
    rows = await db.read("SELECT * FROM exam_dates WHERE user_id = $1 AND state = 1 ORDER BY day, id", user_id)
    return [exam_date_of(row) for row in rows]


async def planned_from(db: Database, day: date, after: int, limit: int) -> list[ExamDate]:
    """Everybody's planned ones on or after a day with a greater id than `after`, by id."""
    rows = await db.read(
        "SELECT * FROM exam_dates WHERE id > $1 AND state = 1 AND day >= $2 ORDER BY id LIMIT $3",
        after,
        day.isoformat(),
        limit,
    )
    return [exam_date_of(row) for row in rows]


# -- writing ---------------------------------------------------------------------------------------------------
# Whoever writes here writes `reminders.turn` first, in the same transaction.


def add(user_id: int, guild_id: int, exam: str, moment: Moment, now: int) -> Statement:
    """Plan an exam; returns the id. One that is planned already makes the write a Conflict."""
    return sql(
        "INSERT INTO exam_dates (user_id, guild_id, exam, day, minute, zone, state, revision, created_at, changed_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, 1, 1, $7, $7) RETURNING id",
        user_id,
        guild_id,
        exam,
        moment.day.isoformat(),
        moment.minute,
        moment.zone,
        now,
    )


def move(found: ExamDate, exam: str, moment: Moment, now: int) -> Statement:
    """Give a planned one another day, or exam."""
    return sql(
        "UPDATE exam_dates SET exam = $3, day = $4, minute = $5, zone = $6, revision = $2 + 1, fault = '', changed_at = $7"
        " WHERE id = $1 AND revision = $2 AND state = 1 RETURNING id",
        found.id,
        found.revision,
        exam,
        moment.day.isoformat(),
        moment.minute,
        moment.zone,
        now,
    )


def settle(found: ExamDate, state: ExamState, now: int) -> Statement:
    """Say what became of a planned one; returns a row if this did."""
    return sql(
        "UPDATE exam_dates SET state = $3, revision = $2 + 1, fault = '', changed_at = $4"
        " WHERE id = $1 AND revision = $2 AND state = 1 RETURNING id",
        found.id,
        found.revision,
        state.value,
        now,
    )


def set_fault(date_id: int, fault: str) -> Statement:
    """Remember why the last reminder did not arrive; the empty text clears it."""
    return sql("UPDATE exam_dates SET fault = $2 WHERE id = $1 AND fault <> $2", date_id, fault)


# -- reminders -------------------------------------------------------------------------------------------------
# One is named by its date's id and revision and by its offset; one that was put off has a plus before the offset, and
# after it the id of the delivery that was pressed.


def owe(user_id: int, exam: str, reminder: Reminder) -> Statement:
    """Owe a reminder of the planned date that a learner has for an exam by then, moving one that has not gone out."""
    return sql(
        deliveries.OWE
        + "SELECT CAST($3 AS TEXT), e.guild_id, e.user_id, CAST(e.id AS TEXT) || '.' || CAST(e.revision AS TEXT) || $4,"
        " CAST($3 AS TEXT) || ':0:' || CAST(e.id AS TEXT) || '.' || CAST(e.revision AS TEXT) || $4,"
        " CAST($5 AS BIGINT), CAST($6 AS BIGINT), 0, CAST($5 AS BIGINT) FROM exam_dates e"
        " WHERE e.user_id = $1 AND e.exam = $2 AND e.state = 1" + deliveries.MOVE,
        user_id,
        exam,
        Kind.EXAM_REMINDER.value,
        f".{reminder.offset}",
        reminder.due_at,
        reminder.useful_until,
    )


def owe_again(db: Database, found: ExamDate, offset: int, pressed_id: int, due_at: int, useful_until: int) -> Statement:
    """Owe a reminder that was put off; returns a row if it is owed: not when the date was changed, nor when it came again
    already. Putting it off once more moves it."""
    subject = f"{again_prefix(found.id, found.revision, offset)}{pressed_id}"
    return sql(
        deliveries.OWE
        + "SELECT CAST($3 AS TEXT), e.guild_id, e.user_id, CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS BIGINT),"
        " CAST($7 AS BIGINT), 0, CAST($6 AS BIGINT) FROM exam_dates e"
        f" WHERE e.id = $1 AND e.revision = $2 AND e.state = 1 {db.for_share}" + deliveries.MOVE + " RETURNING id",
        found.id,
        found.revision,
        Kind.EXAM_REMINDER.value,
        subject,
        f"{Kind.EXAM_REMINDER}:0:{subject}",
        due_at,
        useful_until,
    )


def bring_forward(found: ExamDate, reminder: Reminder, now: int) -> Statement:
    """Let a reminder that waits for a later hour fall due now."""
    return sql(
        "UPDATE deliveries SET due_at = $2, wake_at = $2, useful_until = $3 WHERE dedupe_key = $1 AND state = 0 AND due_at > $2",
        f"{Kind.EXAM_REMINDER}:0:{found.id}.{found.revision}.{reminder.offset}",
        now,
        reminder.useful_until,
    )


def again_prefix(date_id: int, revision: int, offset: int) -> str:
    return f"{date_id}.{revision}+{offset}."


async def next_due(db: Database, user_id: int) -> dict[int, int]:
    """When a learner is reminded next of each date (id), in UTC seconds."""
    found: dict[int, int] = {}
    for row in await db.read(
        "SELECT subject, due_at FROM deliveries WHERE target_user_id = $1 AND kind = $2 AND state < 2"
        " AND useful_until >= 0 ORDER BY due_at DESC",
        user_id,
        Kind.EXAM_REMINDER.value,
    ):
        found[int(row["subject"].partition(".")[0])] = row["due_at"]
    return found


async def named_from(db: Database, after: int, until: int) -> dict[str, tuple[State, int]]:
    """The reminders of the planned dates with ids above `after` up to `until`: what became of each name, and its due."""
    rows = await db.read(
        "SELECT d.subject, d.state, d.due_at FROM exam_dates e JOIN deliveries d ON d.target_user_id = e.user_id"
        " AND d.kind = $3 WHERE e.id > $1 AND e.id <= $2 AND e.state = 1",
        after,
        until,
        Kind.EXAM_REMINDER.value,
    )
    return {row["subject"]: (State(row["state"]), row["due_at"]) for row in rows}


# -- a person's own --------------------------------------------------------------------------------------------


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    return [
        {
            "guild": str(found.guild_id),
            "exam": found.exam,
            "day": found.moment.day.isoformat(),
            "time": None if found.moment.minute is None else "{:02}:{:02}".format(*divmod(found.moment.minute, 60)),
            "zone": found.moment.zone,
            "state": found.state.name.lower(),
            "created_at": found.created_at,
            "changed_at": found.changed_at,
        }
        for found in await of_user(db, user_id)
    ]


def erase(user_id: int) -> list[Statement]:
    return [sql("DELETE FROM exam_dates WHERE user_id = $1", user_id)]
