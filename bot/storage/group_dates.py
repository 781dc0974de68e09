"""Reminders of the target dates of study groups, named by group, day and offset."""

from dataclasses import dataclass
from datetime import date

from bot.core.deliveries import Kind, State
from bot.core.reminders import Reminder
from bot.storage import deliveries
from bot.storage.database import Database, Statement, sql


@dataclass(frozen=True, slots=True)
class Dated:
    """An open group with a target date; `key` is its name as it is compared."""

    group_id: int
    guild_id: int
    key: str
    day: date


def owe(guild_id: int, key: str, day: date, reminder: Reminder) -> Statement:
    """Owe a reminder to the open group of that name, if this is its target date by then."""
    subject = "CAST(g.id AS TEXT) || CAST($4 AS TEXT)"
    return sql(
        f"{deliveries.OWE}SELECT CAST($5 AS TEXT), g.guild_id, CAST(NULL AS BIGINT), {subject},"
        f" CAST($5 AS TEXT) || ':' || CAST(g.guild_id AS TEXT) || ':' || {subject},"
        " CAST($6 AS BIGINT), CAST($7 AS BIGINT), 0, CAST($6 AS BIGINT) FROM study_groups g"
        " WHERE g.guild_id = $1 AND g.name_key = $2 AND g.state = 1 AND g.target_date = $3" + deliveries.MOVE,
        guild_id,
        key,
        day.isoformat(),
        f".{day.isoformat()}.{reminder.offset}",
        Kind.GROUP_DATE.value,
        reminder.due_at,
        reminder.useful_until,
    )


def call_off(guild_id: int, key: str, day: date | None) -> Statement:
    """Call off what the open group of that name is owed for another target date than this, if this is its date by then."""
    return sql(
        f"{deliveries.CALL_OFF} WHERE guild_id = $1 AND kind = $4 AND state < 2 AND EXISTS (SELECT 1 FROM study_groups g"
        " WHERE g.guild_id = $1 AND g.name_key = $2 AND g.state = 1 AND COALESCE(g.target_date, '') = $3"
        " AND SUBSTR(deliveries.subject, 1, LENGTH(CAST(g.id AS TEXT)) + 1) = CAST(g.id AS TEXT) || '.'"
        " AND deliveries.subject NOT LIKE '%.' || $3 || '.%')",
        guild_id,
        key,
        day.isoformat() if day else "",
        Kind.GROUP_DATE.value,
    )


def call_off_closed(group_id: int, guild_id: int) -> Statement:
    """Call off what a group is owed that is closed by then."""
    return sql(
        f"{deliveries.CALL_OFF} WHERE guild_id = $2 AND kind = $3 AND state < 2"
        " AND SUBSTR(subject, 1, LENGTH(CAST($4 AS TEXT))) = CAST($4 AS TEXT)"
        " AND EXISTS (SELECT 1 FROM study_groups g WHERE g.id = $1 AND g.state = 2)",
        group_id,
        guild_id,
        Kind.GROUP_DATE.value,
        f"{group_id}.",
    )


async def dated(db: Database, day: date, guild_id: int = 0) -> list[Dated]:
    """The open groups with a target date on or after a day, of one guild or of all."""
    text = "SELECT id, guild_id, name_key, target_date FROM study_groups WHERE state = 1 AND target_date >= $1"
    ids = [guild_id] if guild_id else []
    rows = await db.read(f"{text}{' AND guild_id = $2' if ids else ''} ORDER BY id", day.isoformat(), *ids)
    return [Dated(row["id"], row["guild_id"], row["name_key"], date.fromisoformat(row["target_date"])) for row in rows]


async def named(db: Database, guild_id: int, prefix: str) -> dict[str, tuple[State, int]]:
    """The reminders in a guild whose subject begins so: what became of each, and its due."""
    rows = await db.read(
        "SELECT subject, state, due_at FROM deliveries WHERE guild_id = $1 AND kind = $2"
        " AND SUBSTR(subject, 1, LENGTH(CAST($3 AS TEXT))) = CAST($3 AS TEXT)",
        guild_id,
        Kind.GROUP_DATE.value,
        prefix,
    )
    return {row["subject"]: (State(row["state"]), row["due_at"]) for row in rows}
