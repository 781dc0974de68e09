"""A guild's settings for the daily question."""

from bot.core.daily import DailySettings
from bot.core.deliveries import Kind
from bot.storage.database import Database, Row, Statement, sql
from bot.storage.deliveries import OPEN_IN_SERVERS


def _settings(row: Row) -> DailySettings:
    return DailySettings(
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        minute=row["minute"],
        zone=row["zone"],
        exam=row["exam"],
        organiser_id=row["organiser_user_id"],
        role_id=row["role_id"],
        reveal_hours=row["reveal_hours"],
        freezes=bool(row["freezes"]),
        active=bool(row["active"]),
        fault=row["fault"],
        revision=row["revision"],
    )


async def get(db: Database, guild_id: int) -> DailySettings | None:
    rows = await db.look_up("SELECT * FROM guilds WHERE guild_id = $1", guild_id)
    return _settings(rows[0]) if rows else None


async def unscheduled(db: Database, kind: Kind = Kind.DAILY_POST) -> list[DailySettings]:
    """Active guilds for which nothing of a kind is owed: none should be left so; start-up mends them."""
    rows = await db.read(
        "SELECT * FROM guilds WHERE active = 1"
        f" AND guild_id NOT IN (SELECT guild_id FROM deliveries WHERE kind = $1 AND {OPEN_IN_SERVERS})",
        kind.value,
    )
    return [_settings(row) for row in rows]


def save(settings: DailySettings) -> Statement:
    """Insert, or replace what was read with the same revision, which each save counts up.

    Settings that somebody else saved meanwhile make the whole write a Conflict: the revision may not be null. What a
    failed post left as `fault` goes with the channel that it was about.
    """
    return sql(
        "INSERT INTO guilds (guild_id, channel_id, minute, zone, exam, organiser_user_id, role_id, reveal_hours,"
        " freezes, active) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " ON CONFLICT (guild_id) DO UPDATE SET minute = excluded.minute,"
        " fault = CASE WHEN guilds.channel_id = excluded.channel_id THEN guilds.fault ELSE '' END,"
        " channel_id = excluded.channel_id, zone = excluded.zone, exam = excluded.exam,"
        " organiser_user_id = excluded.organiser_user_id, role_id = excluded.role_id,"
        " reveal_hours = excluded.reveal_hours, freezes = excluded.freezes, active = excluded.active,"
        " revision = CASE WHEN guilds.revision = $11 THEN guilds.revision + 1 END",
        settings.guild_id,
        settings.channel_id,
        settings.minute,
        settings.zone,
        settings.exam,
        settings.organiser_id,
        settings.role_id,
        settings.reveal_hours,
        int(settings.freezes),
        int(settings.active),
        settings.revision or 0,
    )


def deactivate(guild_id: int) -> Statement:
    return sql("UPDATE guilds SET active = 0, revision = revision + 1 WHERE guild_id = $1", guild_id)


def set_fault(guild_id: int, fault: str) -> Statement:
    """Remember why the last post failed, for the organiser's panel; the empty text clears it."""
    return sql("UPDATE guilds SET fault = $2 WHERE guild_id = $1 AND fault <> $2", guild_id, fault)


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    rows = await db.read("SELECT guild_id FROM guilds WHERE organiser_user_id = $1", user_id)
    return [{"organiser_of_guild": str(row["guild_id"])} for row in rows]


def erase(user_id: int) -> list[Statement]:
    """The server keeps its daily question; only who set it up is forgotten."""
    return [sql("UPDATE guilds SET organiser_user_id = 0 WHERE organiser_user_id = $1", user_id)]
