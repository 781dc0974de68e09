"""Who asked to join a study group, and what was decided. Letting somebody in begins with `groups.turn`."""

from dataclasses import dataclass

from bot.core.deliveries import USEFUL_FOR, Kind
from bot.storage import deliveries, group_members
from bot.storage.database import Database, Row, Statement, sql


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody's wish to join. `state` is 0 undecided, 1 accepted, 2 declined."""

    id: int
    group_id: int
    user_id: int
    state: int
    asked_at: int


# -- reading ---------------------------------------------------------------------------------------------------


async def request(db: Database, request_id: int) -> Request | None:
    rows = await db.look_up("SELECT * FROM group_requests WHERE id = $1", request_id)
    return _request(rows[0]) if rows else None


async def undecided(db: Database, group_id: int) -> list[Request]:
    """Oldest first."""
    rows = await db.read(
        "SELECT * FROM group_requests WHERE group_id = $1 AND state = 0 ORDER BY asked_at, id", group_id
    )
    return [_request(row) for row in rows]


async def asked(db: Database, guild_id: int, user_id: int) -> set[int]:
    """The ids of the groups that somebody asked to join and that have not decided."""
    rows = await db.read(
        "SELECT group_id FROM group_requests WHERE user_id = $1 AND guild_id = $2 AND state = 0", user_id, guild_id
    )
    return {row["group_id"] for row in rows}


def _request(row: Row) -> Request:
    return Request(row["id"], row["group_id"], row["user_id"], row["state"], row["asked_at"])


# -- asking and deciding ---------------------------------------------------------------------------------------


def joined_otherwise(group_id: int, user_id: int) -> Statement:
    """Somebody who is in has nothing left to ask for."""
    return sql(
        "UPDATE group_requests SET state = 1 WHERE group_id = $1 AND user_id = $2 AND state = 0"
        " AND EXISTS (SELECT 1 FROM group_members m WHERE m.group_id = $1 AND m.user_id = $2)",
        group_id,
        user_id,
    )


def ask(group_id: int, user_id: int, now: int) -> list[Statement]:
    """Ask once, and owe the owner the message about it."""
    return [
        sql(
            "INSERT INTO group_requests (group_id, user_id, guild_id, asked_at)"
            " SELECT g.id, CAST($2 AS BIGINT), g.guild_id, CAST($3 AS BIGINT) FROM study_groups g"
            " WHERE g.id = $1 AND g.state = 1 AND NOT EXISTS (SELECT 1 FROM group_members m WHERE m.group_id = $1 AND m.user_id = $2)"
            " ON CONFLICT DO NOTHING RETURNING id",
            group_id,
            user_id,
            now,
        ),
        _owe_notice(
            "'request:' || CAST(r.id AS TEXT)",
            "(SELECT m.user_id FROM group_members m WHERE m.group_id = r.group_id AND m.owner = 1)",
            "r.group_id = $3 AND r.user_id = $4 AND r.state = 0",
            now,
            group_id,
            user_id,
        ),
    ]


def take_back(group_id: int, user_id: int) -> Statement:
    """Somebody no longer asks."""
    return sql(
        "DELETE FROM group_requests WHERE group_id = $1 AND user_id = $2 AND state = 0 RETURNING id", group_id, user_id
    )


def accept(request: Request, now: int) -> list[Statement]:
    """Let somebody in who asked, if there is room; returns a row of the first statement then."""
    return [
        group_members.join(request.group_id, request.user_id, now, asked=request.id),
        joined_otherwise(request.group_id, request.user_id),
        _owe_decided(request.id, 1, now),
    ]


def decline(request_id: int, now: int) -> list[Statement]:
    return [
        sql("UPDATE group_requests SET state = 2 WHERE id = $1 AND state = 0 RETURNING id", request_id),
        _owe_decided(request_id, 2, now),
    ]


def _owe_decided(request_id: int, state: int, now: int) -> Statement:
    """Owe whoever asked the message, if that was decided."""
    subject = "'decided:' || CAST(r.id AS TEXT)"
    return _owe_notice(subject, "r.user_id", "r.id = $3 AND r.state = $4", now, request_id, state)


def _owe_notice(subject: str, target: str, which: str, now: int, *args: int) -> Statement:
    """Owe the message about a request; its id is known to the database alone."""
    kind = Kind.GROUP_NOTICE.value
    return sql(
        f"{deliveries.OWE}SELECT '{kind}', r.guild_id, {target}, {subject}, '{kind}:' || CAST(r.guild_id AS TEXT) || ':' || {subject},"
        " CAST($1 AS BIGINT), CAST($2 AS BIGINT), 0, CAST($1 AS BIGINT)"
        f" FROM group_requests r WHERE {which} ON CONFLICT DO NOTHING",
        now,
        now + USEFUL_FOR[Kind.GROUP_NOTICE],
        *args,
    )


# -- a person's own --------------------------------------------------------------------------------------------


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    rows = await db.read(
        "SELECT r.*, g.name FROM group_requests r JOIN study_groups g ON g.id = r.group_id WHERE r.user_id = $1"
        " ORDER BY r.id",
        user_id,
    )
    return [
        {
            "guild": str(row["guild_id"]),
            "asked_to_join": row["name"],
            "decision": ("none yet", "accepted", "declined")[row["state"]],
            "asked_at": row["asked_at"],
        }
        for row in rows
    ]


def erase(user_id: int) -> list[Statement]:
    return [sql("DELETE FROM group_requests WHERE user_id = $1", user_id)]
