"""How learners want to be reminded."""

from bot.core.reminders import Quiet, ReminderSettings, WhereTo, read_offsets, write_offsets
from bot.storage.database import Database, Row, Statement, sql


def _settings(row: Row) -> ReminderSettings:
    return ReminderSettings(
        zone=row["zone"],
        offsets=read_offsets(row["offsets"]),
        quiet=None if row["quiet_from"] is None else Quiet(row["quiet_from"], row["quiet_until"]),
        where_to=WhereTo(row["where_to"]),
        revision=row["revision"],
    )


async def settings(db: Database, user_id: int) -> ReminderSettings:
    """What a learner chose, or the defaults."""
    rows = await db.look_up("SELECT * FROM reminder_settings WHERE user_id = $1", user_id)
    return _settings(rows[0]) if rows else ReminderSettings()


async def settings_from(db: Database, after: int, until: int) -> dict[int, ReminderSettings]:
    """Those of the learners with planned dates of ids above `after` up to `until`."""
    rows = await db.read(
        "SELECT s.* FROM exam_dates e JOIN reminder_settings s ON s.user_id = e.user_id"
        " WHERE e.id > $1 AND e.id <= $2 AND e.state = 1",
        after,
        until,
    )
    return {row["user_id"]: _settings(row) for row in rows}


def turn(user_id: int, settings: ReminderSettings) -> Statement:
    """Store the settings, read with this revision, which each change of them or of the learner's dates counts up.

    What was written, or erased, meanwhile makes the whole write a Conflict: the revision may not be null. So what is
    owed is always worked out from the dates and the settings that there are.
    """
    return sql(
        "INSERT INTO reminder_settings (user_id, zone, offsets, quiet_from, quiet_until, where_to, revision)"
        " VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN CAST($7 AS BIGINT) = 0 OR EXISTS"
        " (SELECT 1 FROM reminder_settings s WHERE s.user_id = $1) THEN CAST($7 AS BIGINT) + 1 END)"
        " ON CONFLICT (user_id) DO UPDATE SET zone = excluded.zone, offsets = excluded.offsets,"
        " quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, where_to = excluded.where_to,"
        " revision = CASE WHEN reminder_settings.revision = $7 THEN reminder_settings.revision + 1 END",
        user_id,
        settings.zone,
        write_offsets(settings.offsets),
        settings.quiet.start if settings.quiet else None,
        settings.quiet.end if settings.quiet else None,
        settings.where_to.value,
        settings.revision,
    )


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    rows = await db.read("SELECT * FROM reminder_settings WHERE user_id = $1", user_id)
    return [
        {
            "zone": row["zone"],
            "days_before": list(read_offsets(row["offsets"])),
            "quiet_from": row["quiet_from"],
            "quiet_until": row["quiet_until"],
            "where_to": row["where_to"],
        }
        for row in rows
    ]


def erase(user_id: int) -> list[Statement]:
    return [sql("DELETE FROM reminder_settings WHERE user_id = $1", user_id)]
