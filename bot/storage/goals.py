"""The weeks of study groups: each with its goal, settled once when it is over."""

from collections.abc import Iterable

from bot.core.groups import Goal, GoalKind, Week
from bot.storage.database import Database, Row, Statement, sql
from bot.storage.deliveries import OPEN_IN_SERVERS
from bot.storage.groups import goal_of

# Both sums are over rows that the answers' own transactions wrote: the scores of the members in that week, and the days
# on which a member has a first answer to something.
_REACHED = (
    f"CASE WHEN w.goal_kind = '{GoalKind.DAYS}' THEN (SELECT COUNT(*) FROM (SELECT DISTINCT a.user_id, a.day"
    " FROM group_members m JOIN attempts a ON a.user_id = m.user_id AND a.guild_id = m.guild_id"
    " AND a.week = w.week AND a.attempted_at >= m.joined_at WHERE m.group_id = w.group_id) active)"
    " ELSE (SELECT CAST(COALESCE(SUM(s.answers), 0) AS BIGINT) FROM scores s JOIN study_groups g ON g.guild_id = s.guild_id"
    " WHERE g.id = w.group_id AND s.group_id = w.group_id AND s.period = w.week) END"
)
_WEEK = f"SELECT w.*, CASE WHEN w.settled_at IS NULL THEN {_REACHED} ELSE w.reached END AS so_far FROM group_weeks w "


def _week(row: Row) -> Week:
    return Week(
        group_id=row["group_id"],
        key=row["week"],
        goal=goal_of(row["goal_kind"], row["goal"]),
        reached=row["so_far"],
        settled=row["settled_at"] is not None,
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        delivery_id=row["delivery_id"],
    )


async def week(db: Database, group_id: int, key: int) -> Week | None:
    rows = await db.read(_WEEK + "WHERE w.group_id = $1 AND w.week = $2", group_id, key)
    return _week(rows[0]) if rows else None


async def settled(db: Database, group_id: int) -> list[Week]:
    """The weeks with a goal that are over and settled, newest first."""
    rows = await db.read(
        _WEEK + "WHERE w.group_id = $1 AND w.settled_at IS NOT NULL AND w.goal > 0 ORDER BY w.week DESC", group_id
    )
    return [_week(row) for row in rows]


async def last_week(db: Database, group_id: int) -> int | None:
    """The newest week that is written down."""
    rows = await db.read("SELECT MAX(week) AS week FROM group_weeks WHERE group_id = $1", group_id)
    return rows[0]["week"]


async def is_behind(db: Database, group_id: int, key: int, over_before: int) -> bool:
    """Whether the week that runs is not written down, or one that is over not settled."""
    rows = await db.read(
        "SELECT 1 FROM study_groups g WHERE g.id = $1 AND (NOT EXISTS (SELECT 1 FROM group_weeks w WHERE w.group_id = $1"
        " AND w.week = $2) OR EXISTS (SELECT 1 FROM group_weeks w WHERE w.group_id = $1 AND w.week < $3"
        " AND w.settled_at IS NULL))",
        group_id,
        key,
        over_before,
    )
    return bool(rows)


async def goal_since(db: Database, group_id: int) -> int:
    rows = await db.look_up("SELECT goal_since FROM study_groups WHERE id = $1", group_id)
    return rows[0]["goal_since"] if rows else 0


async def outdated(db: Database, guild_id: int | None = None) -> list[Week]:
    """Running weeks whose message shows another number than was reached: in a guild, or everywhere after a restart."""
    where = "w.settled_at IS NULL AND w.message_id IS NOT NULL"
    if guild_id is None:
        rows = await db.read(f"{_WEEK} WHERE {where}")
    else:
        rows = await db.read(
            f"{_WEEK} JOIN study_groups o ON o.id = w.group_id WHERE o.guild_id = $1 AND o.state = 1 AND {where}",
            guild_id,
        )
    # Compared here, since in the condition what was reached would be worked out a second time.
    return [_week(row) for row in rows if row["shown"] != row["so_far"]]


async def unplanned(db: Database) -> list[int]:
    """Open groups with a goal for which no message of a week is owed: there should be none."""
    owed = await db.read(f"SELECT subject FROM deliveries WHERE kind = 'group_week' AND {OPEN_IN_SERVERS}")
    planned = {int(row["subject"].partition(":")[0]) for row in owed}
    rows = await db.read("SELECT id FROM study_groups WHERE state = 1 AND goal > 0")
    return [row["id"] for row in rows if row["id"] not in planned]


def open_weeks(group_id: int, keys: Iterable[int]) -> list[Statement]:
    """Write down weeks under the group's present goal; those that stand already keep theirs."""
    return [
        sql(
            "INSERT INTO group_weeks (group_id, week, goal_kind, goal) SELECT g.id, CAST($2 AS BIGINT), g.goal_kind, g.goal"
            " FROM study_groups g WHERE g.id = $1 AND g.state = 1 AND g.goal > 0 ON CONFLICT DO NOTHING",
            group_id,
            key,
        )
        for key in keys
    ]


def settle(group_id: int, before: int, now: int) -> Statement:
    """Settle the weeks before one, each once and for good."""
    reached = _REACHED.replace("w.", "group_weeks.")
    return sql(
        f"UPDATE group_weeks SET settled_at = $3, reached = {reached}"
        " WHERE group_id = $1 AND week < $2 AND settled_at IS NULL",
        group_id,
        before,
        now,
    )


def set_goal(group_id: int, goal: Goal | None, key: int) -> list[Statement]:
    """The goal from the week `key` on, which is running; whatever was over before was settled by then."""
    kind, number = (goal.kind.value, goal.number) if goal else ("", 0)
    return [
        sql(
            "UPDATE study_groups SET goal_since = CASE WHEN goal = 0 THEN $4 ELSE goal_since END, goal_kind = $2, goal = $3"
            " WHERE id = $1 AND state = 1",
            group_id,
            kind,
            number,
            key,
        ),
        sql(
            "UPDATE group_weeks SET goal_kind = $3, goal = $4, shown = -1 WHERE group_id = $1 AND week = $2 AND settled_at IS NULL",
            group_id,
            key,
            kind,
            number,
        ),
        *open_weeks(group_id, [key]),
    ]


def stands_in(group_id: int, key: int, channel_id: int, delivery_id: int) -> Statement:
    """Where the message of a week is about to be sent."""
    return sql(
        "UPDATE group_weeks SET channel_id = $3, delivery_id = $4 WHERE group_id = $1 AND week = $2 AND message_id IS NULL",
        group_id,
        key,
        channel_id,
        delivery_id,
    )


def posted(group_id: int, key: int, message_id: int) -> Statement:
    return sql("UPDATE group_weeks SET message_id = $3 WHERE group_id = $1 AND week = $2", group_id, key, message_id)


def shown(group_id: int, key: int, reached: int) -> Statement:
    return sql("UPDATE group_weeks SET shown = $3 WHERE group_id = $1 AND week = $2", group_id, key, reached)
