"""Who is in a study group, who owns it and who asked to join. Each write that changes members begins with `groups.turn`."""

from dataclasses import dataclass

from bot.core.deliveries import USEFUL_FOR, Kind
from bot.core.groups import Member
from bot.storage.database import Database, Row, Statement, sql

_SHOWN = "NOT EXISTS (SELECT 1 FROM learners l WHERE l.user_id = m.user_id AND l.visibility <> 'shown')"

_ROOM = (
    " AND l.members_at_most > (SELECT COUNT(*) FROM group_members m WHERE m.group_id = g.id)"
    " AND l.joined_at_most > (SELECT COUNT(*) FROM group_members m WHERE m.guild_id = g.guild_id AND m.user_id = {0})"
)


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody's wish to join. `state` is 0 undecided, 1 accepted, 2 declined."""

    id: int
    group_id: int
    guild_id: int
    user_id: int
    state: int
    asked_at: int


# -- reading ---------------------------------------------------------------------------------------------------


async def members(db: Database, group_id: int) -> list[Member]:
    """The owner first, then by time of joining."""
    rows = await db.read(
        f"SELECT m.*, CASE WHEN {_SHOWN} THEN 1 ELSE 0 END AS shown FROM group_members m WHERE m.group_id = $1"
        " ORDER BY m.owner DESC, m.joined_at, m.user_id",
        group_id,
    )
    return [Member(row["user_id"], bool(row["owner"]), row["joined_at"], bool(row["shown"])) for row in rows]


async def member(db: Database, group_id: int, user_id: int) -> Member | None:
    rows = await db.look_up(
        f"SELECT m.*, CASE WHEN {_SHOWN} THEN 1 ELSE 0 END AS shown FROM group_members m"
        " WHERE m.group_id = $1 AND m.user_id = $2",
        group_id,
        user_id,
    )
    return (
        Member(rows[0]["user_id"], bool(rows[0]["owner"]), rows[0]["joined_at"], bool(rows[0]["shown"]))
        if rows
        else None
    )


async def counts(db: Database, guild_id: int, user_id: int) -> tuple[int, int]:
    """How many groups of a guild somebody is in, and how many of them they own."""
    [row] = await db.read(
        "SELECT COUNT(*) AS joined, COALESCE(SUM(owner), 0) AS owned FROM group_members WHERE guild_id = $1 AND user_id = $2",
        guild_id,
        user_id,
    )
    return row["joined"], int(row["owned"])


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
    return Request(row["id"], row["group_id"], row["guild_id"], row["user_id"], row["state"], row["asked_at"])


# -- joining ---------------------------------------------------------------------------------------------------


def join(group_id: int, user_id: int, now: int) -> Statement:
    """Returns a row if somebody came in: not when they are in already, when it is closed, or when a limit is reached."""
    return sql(
        "INSERT INTO group_members (group_id, user_id, guild_id, owner, joined_at)"
        " SELECT g.id, CAST($2 AS BIGINT), g.guild_id, 0, CAST($3 AS BIGINT)"
        " FROM study_groups g JOIN group_limits l ON l.guild_id = g.guild_id WHERE g.id = $1 AND g.state = 1"
        + _ROOM.format("$2")
        + " ON CONFLICT DO NOTHING RETURNING group_id",
        group_id,
        user_id,
        now,
    )


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


def accept(request_id: int, now: int) -> list[Statement]:
    """Let somebody in who asked, if there is room; returns a row of the first statement then."""
    return [
        sql(
            "INSERT INTO group_members (group_id, user_id, guild_id, owner, joined_at)"
            " SELECT g.id, r.user_id, g.guild_id, 0, CAST($2 AS BIGINT) FROM group_requests r"
            " JOIN study_groups g ON g.id = r.group_id JOIN group_limits l ON l.guild_id = g.guild_id"
            " WHERE r.id = $1 AND r.state = 0 AND g.state = 1"
            + _ROOM.format("r.user_id")
            + " ON CONFLICT DO NOTHING RETURNING group_id",
            request_id,
            now,
        ),
        sql(
            "UPDATE group_requests SET state = 1 WHERE id = $1 AND state = 0 AND EXISTS (SELECT 1 FROM group_members m"
            " WHERE m.group_id = group_requests.group_id AND m.user_id = group_requests.user_id)",
            request_id,
        ),
        _owe_notice("'decided:' || CAST(r.id AS TEXT)", "r.user_id", "r.id = $3 AND r.state = $4", now, request_id, 1),
    ]


def decline(request_id: int, now: int) -> list[Statement]:
    return [
        sql("UPDATE group_requests SET state = 2 WHERE id = $1 AND state = 0 RETURNING id", request_id),
        _owe_notice("'decided:' || CAST(r.id AS TEXT)", "r.user_id", "r.id = $3 AND r.state = $4", now, request_id, 2),
    ]


def _owe_notice(subject: str, target: str, which: str, now: int, *args: int) -> Statement:
    """Owe the message about a request; its id is known to the database alone."""
    kind = Kind.GROUP_NOTICE.value
    return sql(
        "INSERT INTO deliveries (kind, guild_id, target_user_id, subject, dedupe_key, due_at, useful_until, state, wake_at)"
        f" SELECT '{kind}', r.guild_id, {target}, {subject}, '{kind}:' || CAST(r.guild_id AS TEXT) || ':' || {subject},"
        " CAST($1 AS BIGINT), CAST($2 AS BIGINT), 0, CAST($1 AS BIGINT)"
        f" FROM group_requests r WHERE {which} ON CONFLICT DO NOTHING",
        now,
        now + USEFUL_FOR[Kind.GROUP_NOTICE],
        *args,
    )


# -- leaving ---------------------------------------------------------------------------------------------------


def leave(group_id: int, user_id: int, now: int) -> list[Statement]:
    """Take somebody out; returns whether they owned it. An owner is followed by whoever has been in longest, who is owed
    a message about it; a group that nobody is left in is closed."""
    return [
        sql("DELETE FROM group_members WHERE group_id = $1 AND user_id = $2 RETURNING owner", group_id, user_id),
        _owe_successor(group_id, now),
        *_follow("g.id = $1", group_id),
    ]


def _ownerless(which: str) -> str:
    return (
        f"SELECT g.id FROM study_groups g WHERE {which} AND g.state = 1"
        " AND NOT EXISTS (SELECT 1 FROM group_members o WHERE o.group_id = g.id AND o.owner = 1)"
    )


_ELDEST = (
    "NOT EXISTS (SELECT 1 FROM group_members e WHERE e.group_id = {0}.group_id"
    " AND (e.joined_at < {0}.joined_at OR (e.joined_at = {0}.joined_at AND e.user_id < {0}.user_id)))"
)


def _owe_successor(group_id: int, now: int) -> Statement:
    return _owe_owner(f"m.group_id IN ({_ownerless('g.id = $1')}) AND {_ELDEST.format('m')}", group_id, now)


def _owe_owner(which: str, group_id: int, now: int, *args: int) -> Statement:
    """Owe the member `m` whom `which` names the message that they own the group; `args` are from $6 on."""
    kind, subject = Kind.GROUP_NOTICE.value, f"owner:{group_id}:{now}"
    return sql(
        "INSERT INTO deliveries (kind, guild_id, target_user_id, subject, dedupe_key, due_at, useful_until, state, wake_at)"
        f" SELECT '{kind}', m.guild_id, m.user_id, CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT),"
        f" CAST($5 AS BIGINT), 0, CAST($4 AS BIGINT) FROM group_members m WHERE {which} ON CONFLICT (dedupe_key)"
        # Two owners may leave within a second.
        " DO UPDATE SET target_user_id = excluded.target_user_id WHERE deliveries.state = 0",
        group_id,
        subject,
        f"{kind}:{subject}",
        now,
        now + USEFUL_FOR[Kind.GROUP_NOTICE],
        *args,
    )


def _follow(which: str, *args: int) -> list[Statement]:
    """Settle what becomes of the open groups `g` that `which` names and that have no owner any more."""
    return [
        sql(
            f"UPDATE group_members SET owner = 1 WHERE group_id IN ({_ownerless(which)}) AND {_ELDEST.format('group_members')}",
            *args,
        ),
        sql(
            f"UPDATE study_groups SET state = 2 WHERE id IN ({_ownerless(which)})"
            " AND NOT EXISTS (SELECT 1 FROM group_members m WHERE m.group_id = study_groups.id)",
            *args,
        ),
    ]


def empty(group_id: int) -> list[Statement]:
    """Take everybody out of a group that was closed."""
    closed = "group_id IN (SELECT g.id FROM study_groups g WHERE g.id = $1 AND g.state = 2)"
    return [
        sql(f"DELETE FROM group_members WHERE {closed} RETURNING user_id", group_id),
        sql(f"UPDATE group_requests SET state = 2 WHERE {closed} AND state = 0", group_id),
    ]


def hand_over(group_id: int, from_id: int, to_id: int, now: int) -> list[Statement]:
    """Returns a row of the second statement if it was done: the one still owns it, the other is in and may own another.
    The new owner is owed a message about it."""
    fit = (
        "EXISTS (SELECT 1 FROM group_members o WHERE o.group_id = $1 AND o.user_id = $3 AND o.owner = {0})"
        " AND (SELECT COUNT(*) FROM group_members n WHERE n.user_id = $3 AND n.owner = 1 AND n.group_id <> $1"
        " AND n.guild_id = (SELECT g.guild_id FROM study_groups g WHERE g.id = $1)) <"
        " (SELECT l.owned_at_most FROM group_limits l JOIN study_groups g ON g.guild_id = l.guild_id WHERE g.id = $1)"
    )
    return [
        sql(
            f"UPDATE group_members SET owner = 0 WHERE group_id = $1 AND user_id = $2 AND owner = 1 AND {fit.format(0)}",
            group_id,
            from_id,
            to_id,
        ),
        sql(
            "UPDATE group_members SET owner = 1 WHERE group_id = $1 AND user_id = $2 AND owner = 0"
            " AND NOT EXISTS (SELECT 1 FROM group_members o WHERE o.group_id = $1 AND o.owner = 1) RETURNING user_id",
            group_id,
            to_id,
        ),
        _owe_owner("m.group_id = $1 AND m.user_id = $6 AND m.owner = 1", group_id, now, to_id),
    ]


# -- a person's own --------------------------------------------------------------------------------------------


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    memberships = await db.read(
        "SELECT m.*, g.name FROM group_members m JOIN study_groups g ON g.id = m.group_id WHERE m.user_id = $1"
        " ORDER BY m.joined_at, m.group_id",
        user_id,
    )
    requests = await db.read(
        "SELECT r.*, g.name FROM group_requests r JOIN study_groups g ON g.id = r.group_id WHERE r.user_id = $1"
        " ORDER BY r.id",
        user_id,
    )
    return [
        *(
            {
                "guild": str(row["guild_id"]),
                "member_of": row["name"],
                "owner": bool(row["owner"]),
                "joined_at": row["joined_at"],
            }
            for row in memberships
        ),
        *(
            {
                "guild": str(row["guild_id"]),
                "asked_to_join": row["name"],
                "decision": ("none yet", "accepted", "declined")[row["state"]],
                "asked_at": row["asked_at"],
            }
            for row in requests
        ),
    ]


def erase(user_id: int) -> list[Statement]:
    """Groups that the person owned go to whoever has been in longest, or are closed when nobody is left."""
    return [
        sql(
            "UPDATE group_limits SET turn = turn + 1 WHERE guild_id IN (SELECT guild_id FROM group_members WHERE user_id = $1)",
            user_id,
        ),
        sql("DELETE FROM group_requests WHERE user_id = $1", user_id),
        sql("DELETE FROM group_members WHERE user_id = $1", user_id),
        *_follow("g.state = 1"),
    ]
