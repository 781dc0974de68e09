"""Study sessions of groups, who comes, and who came."""

from bot.core.deliveries import Kind
from bot.core.meetings import HERE_BEFORE, UPCOMING_AT_MOST, Attendance, Meeting, MeetingState
from bot.storage import deliveries
from bot.storage.database import Database, Row, Statement, sql


def _meeting(row: Row) -> Meeting:
    return Meeting(
        id=row["id"],
        guild_id=row["guild_id"],
        group_id=row["group_id"],
        host_id=row["host_user_id"],
        title=row["title"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        where_id=row["where_id"],
        voice=bool(row["voice"]),
        state=MeetingState(row["state"]),
        event_id=row["event_id"],
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        delivery_id=row["delivery_id"],
        fault=row["fault"],
    )


# -- reading ---------------------------------------------------------------------------------------------------


async def get(db: Database, meeting_id: int) -> Meeting | None:
    rows = await db.look_up("SELECT * FROM meetings WHERE id = $1", meeting_id)
    return _meeting(rows[0]) if rows else None


async def upcoming(db: Database, group_id: int, now: int) -> list[Meeting]:
    """Planned and not over, the next one first."""
    rows = await db.read(
        "SELECT * FROM meetings WHERE group_id = $1 AND state = 1 AND ends_at > $2 ORDER BY starts_at, id",
        group_id,
        now,
    )
    return [_meeting(row) for row in rows]


async def past(db: Database, group_id: int, now: int, limit: int) -> list[tuple[Meeting, int]]:
    """The last ones that took place, newest first, with how many people were there."""
    rows = await db.read(
        "SELECT m.*, (SELECT COUNT(*) FROM meeting_people p WHERE p.meeting_id = m.id AND p.here_at IS NOT NULL) AS came"
        " FROM meetings m WHERE m.group_id = $1 AND m.state IN (1, 3) AND m.ends_at <= $2 ORDER BY m.starts_at DESC, m.id"
        " LIMIT $3",
        group_id,
        now,
        limit,
    )
    return [(_meeting(row), row["came"]) for row in rows]


async def coming(db: Database, meeting_id: int) -> Attendance:
    """Who said that they come, or are there."""
    return await _people(db, meeting_id, "(p.coming = 1 OR p.here_at IS NOT NULL)")


async def came(db: Database, meeting_id: int) -> Attendance:
    """Who said that they are there."""
    return await _people(db, meeting_id, "p.here_at IS NOT NULL")


async def _people(db: Database, meeting_id: int, which: str) -> Attendance:
    rows = await db.read(
        "SELECT p.user_id, CASE WHEN EXISTS (SELECT 1 FROM learners l WHERE l.user_id = p.user_id"
        " AND l.visibility <> 'shown') THEN 0 ELSE 1 END AS shown"
        f" FROM meeting_people p WHERE p.meeting_id = $1 AND {which} ORDER BY p.user_id",
        meeting_id,
    )
    named = tuple(row["user_id"] for row in rows if row["shown"])
    return Attendance(named, len(rows) - len(named))


async def outdated(db: Database) -> list[int]:
    """Planned ones whose message counts another number of people than said that they come: the messages to edit."""
    rows = await db.read(
        "SELECT m.id FROM meetings m WHERE m.state = 1 AND m.message_id IS NOT NULL AND m.shown <>"
        " (SELECT COUNT(*) FROM meeting_people p WHERE p.meeting_id = m.id AND (p.coming = 1 OR p.here_at IS NOT NULL))"
    )
    return [row["id"] for row in rows]


async def post_is_open(db: Database, meeting: Meeting) -> bool:
    """Whether the message about it is still on its way."""
    rows = await db.read(
        "SELECT 1 FROM deliveries WHERE guild_id = $1 AND kind = $2 AND subject = $3 AND state < 2",
        meeting.guild_id,
        Kind.MEETING.value,
        str(meeting.id),
    )
    return bool(rows)


# -- planning --------------------------------------------------------------------------------------------------


def draft(
    group_id: int,
    guild_id: int,
    host_id: int,
    title: str,
    starts_at: int,
    ends_at: int,
    where_id: int | None,
    now: int,
    *,
    voice: bool,
) -> list[Statement]:
    """Keep what a host typed until they say yes; the second statement returns its id. One draft a host and group."""
    return [
        sql("DELETE FROM meetings WHERE host_user_id = $1 AND group_id = $2 AND state = 0", host_id, group_id),
        sql(
            "INSERT INTO meetings (guild_id, group_id, host_user_id, title, starts_at, ends_at, where_id, voice, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
            guild_id, group_id, host_id, title, starts_at, ends_at, where_id, int(voice), now,
        ),
    ]  # fmt: skip


def confirm(meeting_id: int, host_id: int, now: int) -> Statement:
    """Plan what was a draft; returns a row if it was done: not when its time went by, nor with too many planned."""
    return sql(
        "UPDATE meetings SET state = 1 WHERE id = $1 AND host_user_id = $2 AND state = 0 AND starts_at > $3"
        f" AND {UPCOMING_AT_MOST} > (SELECT COUNT(*) FROM meetings o WHERE o.group_id = meetings.group_id AND o.state = 1"
        " AND o.ends_at > $3) AND EXISTS (SELECT 1 FROM study_groups g WHERE g.id = meetings.group_id AND g.state = 1)"
        " RETURNING id",
        meeting_id,
        host_id,
        now,
    )


def owe_if_planned(kind: Kind, meeting: Meeting, due_at: int, useful_until: int) -> Statement:
    """Owe a message about a meeting, unless it was not planned after all."""
    return sql(
        deliveries.OWE
        + "SELECT CAST($1 AS TEXT), m.guild_id, CAST(NULL AS BIGINT), CAST($2 AS TEXT), CAST($3 AS TEXT),"
        " CAST($4 AS BIGINT), CAST($5 AS BIGINT), 0, CAST($4 AS BIGINT) FROM meetings m WHERE m.id = $6 AND m.state = 1 ON CONFLICT DO NOTHING",
        kind.value,
        str(meeting.id),
        f"{kind}:{meeting.guild_id}:{meeting.id}",
        due_at,
        useful_until,
        meeting.id,
    )


def discard(meeting_id: int, host_id: int) -> Statement:
    return sql("DELETE FROM meetings WHERE id = $1 AND host_user_id = $2 AND state = 0", meeting_id, host_id)


def cancel(meeting_id: int, now: int) -> list[Statement]:
    """Call it off before it ends, its reminder too; the message of its end is due at once and says so."""
    return _cancel("m.id = $1", meeting_id, now)


def cancel_all(group_id: int, now: int) -> list[Statement]:
    """The same for everything that a closed group still planned."""
    closed = "EXISTS (SELECT 1 FROM study_groups g WHERE g.id = m.group_id AND g.state = 2)"
    return _cancel(f"m.group_id = $1 AND {closed}", group_id, now)


def _cancel(which: str, number: int, now: int) -> list[Statement]:
    """Call off the meetings `m` that `which` names with the parameter `number`."""
    of_them = (
        f"(guild_id, subject) IN (SELECT m.guild_id, CAST(m.id AS TEXT) FROM meetings m WHERE {which} AND m.state = 2)"
    )
    return [
        sql(f"UPDATE meetings AS m SET state = 2 WHERE {which} AND m.state = 1 AND m.ends_at > $2", number, now),
        sql(f"{deliveries.CALL_OFF} WHERE kind = $2 AND state < 2 AND {of_them}", number, Kind.MEETING_REMINDER.value),
        sql(
            f"UPDATE deliveries SET due_at = $2, wake_at = $2 WHERE kind = $3 AND state = 0 AND {of_them}",
            number,
            now,
            Kind.MEETING_END.value,
        ),
    ]


def stands_in(meeting_id: int, channel_id: int, delivery_id: int) -> Statement:
    """Where the message is about to be sent."""
    return sql(
        "UPDATE meetings SET channel_id = $2, delivery_id = $3 WHERE id = $1 AND message_id IS NULL",
        meeting_id,
        channel_id,
        delivery_id,
    )


def posted(meeting_id: int, message_id: int) -> Statement:
    return sql("UPDATE meetings SET message_id = $2 WHERE id = $1", meeting_id, message_id)


def has_event(meeting_id: int, event_id: int) -> Statement:
    return sql("UPDATE meetings SET event_id = $2, fault = '' WHERE id = $1", meeting_id, event_id)


def set_fault(meeting_id: int, fault: str) -> Statement:
    return sql("UPDATE meetings SET fault = $2 WHERE id = $1 AND fault <> $2", meeting_id, fault)


def over(meeting_id: int) -> Statement:
    return sql("UPDATE meetings SET state = 3 WHERE id = $1 AND state = 1", meeting_id)


def shown(meeting_id: int, count: int) -> Statement:
    return sql("UPDATE meetings SET shown = $2 WHERE id = $1", meeting_id, count)


# -- people ----------------------------------------------------------------------------------------------------


def comes(meeting_id: int, user_id: int, now: int, *, coming: bool) -> Statement:
    """Returns a row if it was noted: until the end."""
    return sql(
        "INSERT INTO meeting_people (meeting_id, user_id, guild_id, coming) SELECT m.id, CAST($2 AS BIGINT), m.guild_id,"
        " CAST($3 AS BIGINT) FROM meetings m WHERE m.id = $1 AND m.state = 1 AND m.ends_at > $4"
        " ON CONFLICT (meeting_id, user_id) DO UPDATE SET coming = excluded.coming RETURNING user_id",
        meeting_id,
        user_id,
        int(coming),
        now,
    )


def is_here(meeting_id: int, user_id: int, now: int) -> Statement:
    """Returns a row if somebody is noted as there: from a while before the start until the end. The first time stands."""
    return sql(
        "INSERT INTO meeting_people (meeting_id, user_id, guild_id, here_at) SELECT m.id, CAST($2 AS BIGINT), m.guild_id,"
        f" CAST($3 AS BIGINT) FROM meetings m WHERE m.id = $1 AND m.state = 1 AND m.starts_at - {HERE_BEFORE} <= $3"
        " AND m.ends_at > $3 ON CONFLICT (meeting_id, user_id) DO UPDATE"
        " SET here_at = COALESCE(meeting_people.here_at, excluded.here_at) RETURNING user_id",
        meeting_id,
        user_id,
        now,
    )


# -- a person's own --------------------------------------------------------------------------------------------


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    hosted = await db.read("SELECT * FROM meetings WHERE host_user_id = $1 ORDER BY id", user_id)
    people = await db.read(
        "SELECT p.*, m.title, m.starts_at FROM meeting_people p JOIN meetings m ON m.id = p.meeting_id WHERE p.user_id = $1"
        " ORDER BY m.starts_at, m.id",
        user_id,
    )
    return [
        *({"guild": str(row["guild_id"]), "hosted": row["title"], "starts_at": row["starts_at"]} for row in hosted),
        *(
            {
                "guild": str(row["guild_id"]),
                "session": row["title"],
                "starts_at": row["starts_at"],
                "coming": bool(row["coming"]),
                "here_at": row["here_at"],
            }
            for row in people
        ),
    ]


def erase(user_id: int) -> list[Statement]:
    """A planned session takes place all the same; who hosts it is forgotten. What was never confirmed goes."""
    return [
        sql("DELETE FROM meeting_people WHERE user_id = $1", user_id),
        sql("DELETE FROM meetings WHERE host_user_id = $1 AND state = 0", user_id),
        sql("UPDATE meetings SET host_user_id = 0 WHERE host_user_id = $1", user_id),
    ]
