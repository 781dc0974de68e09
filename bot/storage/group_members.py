"""Who is in a study group, and who owns it. Each write that changes members begins with `groups.turn`."""

from bot.core.deliveries import USEFUL_FOR, Kind
from bot.core.groups import Member
from bot.storage import deliveries
from bot.storage.database import Database, Row, Statement, sql

_SHOWN = "NOT EXISTS (SELECT 1 FROM learners l WHERE l.user_id = m.user_id AND l.visibility <> 'shown')"


# -- reading ---------------------------------------------------------------------------------------------------


async def members(db: Database, group_id: int) -> list[Member]:
    """The owner first, then by time of joining."""
    rows = await db.read(
        f"SELECT m.*, CASE WHEN {_SHOWN} THEN 1 ELSE 0 END AS shown FROM group_members m WHERE m.group_id = $1"
        " ORDER BY m.owner DESC, m.joined_at, m.user_id",
        group_id,
    )
    return [_member(row) for row in rows]


async def member(db: Database, group_id: int, user_id: int) -> Member | None:
    rows = await db.look_up(
        f"SELECT m.*, CASE WHEN {_SHOWN} THEN 1 ELSE 0 END AS shown FROM group_members m"
        " WHERE m.group_id = $1 AND m.user_id = $2",
        group_id,
        user_id,
    )
    return _member(rows[0]) if rows else None


async def thread_of(db: Database, guild_id: int, user_id: int, exam: str) -> int | None:
    """The thread of an open group of a guild that somebody is in, one that studies for the exam before others."""
    rows = await db.look_up(
        "SELECT g.thread_id FROM group_members m JOIN study_groups g ON g.id = m.group_id WHERE m.guild_id = $1"
        " AND m.user_id = $2 AND g.state = 1 AND g.thread_id IS NOT NULL"
        " ORDER BY CASE WHEN g.exam = $3 THEN 0 ELSE 1 END, g.id LIMIT 1",
        guild_id,
        user_id,
        exam,
    )
    return rows[0]["thread_id"] if rows else None


def _member(row: Row) -> Member:
    return Member(row["user_id"], bool(row["owner"]), row["joined_at"], bool(row["shown"]))


async def counts(db: Database, guild_id: int, user_id: int) -> tuple[int, int]:
    """How many groups of a guild somebody is in, and how many of them they own."""
    [row] = await db.read(
        "SELECT COUNT(*) AS joined, COALESCE(SUM(owner), 0) AS owned FROM group_members WHERE guild_id = $1 AND user_id = $2",
        guild_id,
        user_id,
    )
    return row["joined"], int(row["owned"])


# -- joining ---------------------------------------------------------------------------------------------------


def join(group_id: int, user_id: int, now: int, *, asked: int | None = None) -> Statement:
    """Returns a row if somebody came in: not when they are in already, when it is closed, when a limit is reached, or when
    the request `asked` is decided."""
    undecided = " AND EXISTS (SELECT 1 FROM group_requests r WHERE r.id = $4 AND r.state = 0)"
    return sql(
        "INSERT INTO group_members (group_id, user_id, guild_id, owner, joined_at)"
        " SELECT g.id, CAST($2 AS BIGINT), g.guild_id, 0, CAST($3 AS BIGINT)"
        " FROM study_groups g JOIN group_limits l ON l.guild_id = g.guild_id WHERE g.id = $1 AND g.state = 1"
        " AND l.members_at_most > (SELECT COUNT(*) FROM group_members m WHERE m.group_id = g.id)"
        " AND l.joined_at_most > (SELECT COUNT(*) FROM group_members m WHERE m.guild_id = g.guild_id AND m.user_id = $2)"
        f"{undecided if asked is not None else ''} ON CONFLICT DO NOTHING RETURNING group_id",
        group_id,
        user_id,
        now,
        *([asked] if asked is not None else []),
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
        f"{deliveries.OWE}SELECT '{kind}', m.guild_id, m.user_id, CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT),"
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
    rows = await db.read(
        "SELECT m.*, g.name FROM group_members m JOIN study_groups g ON g.id = m.group_id WHERE m.user_id = $1"
        " ORDER BY m.joined_at, m.group_id",
        user_id,
    )
    return [
        {
            "guild": str(row["guild_id"]),
            "member_of": row["name"],
            "owner": bool(row["owner"]),
            "joined_at": row["joined_at"],
        }
        for row in rows
    ]


def erase(user_id: int) -> list[Statement]:
    """Groups that the person owned go to whoever has been in longest, or are closed when nobody is left."""
    return [
        sql(
            "UPDATE group_limits SET turn = turn + 1 WHERE guild_id IN (SELECT guild_id FROM group_members WHERE user_id = $1)",
            user_id,
        ),
        sql("DELETE FROM group_members WHERE user_id = $1", user_id),
        *_follow("g.state = 1"),
    ]
