"""Study groups and their limits. Whoever is in one stands in `group_members`, whoever asked in `group_requests`."""

from datetime import date

from bot.core.groups import Creators, Goal, GoalKind, Group, GroupName, GroupState, Joining, Limits
from bot.storage.database import Database, Row, Statement, sql

_GROUP = (
    "SELECT g.*, (SELECT COUNT(*) FROM group_members m WHERE m.group_id = g.id) AS members,"
    " COALESCE((SELECT m.user_id FROM group_members m WHERE m.group_id = g.id AND m.owner = 1), 0) AS owner_user_id"
    " FROM study_groups g "
)
_DEFAULTS = Limits()


def group_of(row: Row) -> Group:
    return Group(
        id=row["id"],
        guild_id=row["guild_id"],
        name=row["name"],
        exam=row["exam"],
        target_date=date.fromisoformat(row["target_date"]) if row["target_date"] else None,
        joining=Joining(row["joining"]),
        state=GroupState(row["state"]),
        channel_id=row["channel_id"],
        thread_id=row["thread_id"],
        role_id=row["role_id"],
        goal=goal_of(row["goal_kind"], row["goal"]),
        members=row["members"],
        owner_id=row["owner_user_id"],
        fault=row["fault"],
        unsent=row["unsent"],
    )


def goal_of(kind: str, number: int) -> Goal | None:
    return Goal(GoalKind(kind), number) if number else None


# -- reading ---------------------------------------------------------------------------------------------------


async def get(db: Database, group_id: int) -> Group | None:
    rows = await db.look_up(_GROUP + "WHERE g.id = $1", group_id)
    return group_of(rows[0]) if rows else None


async def get_open(db: Database, group_id: int) -> Group | None:
    rows = await db.look_up(_GROUP + "WHERE g.id = $1 AND g.state = 1", group_id)
    return group_of(rows[0]) if rows else None


async def by_name(db: Database, guild_id: int, key: str) -> Group | None:
    """The open group of that name, as `bot.core.groups.name_key` gives it."""
    rows = await db.look_up(_GROUP + "WHERE g.guild_id = $1 AND g.name_key = $2 AND g.state = 1", guild_id, key)
    return group_of(rows[0]) if rows else None


async def in_place(db: Database, guild_id: int, channel_id: int) -> list[Group]:
    """The open groups whose own thread, or whose channel, this is; the ones with the thread first."""
    rows = await db.read(
        _GROUP + "WHERE g.guild_id = $1 AND g.state = 1 AND (g.thread_id = $2 OR (g.thread_id IS NULL"
        " AND g.channel_id = $2)) ORDER BY g.thread_id IS NULL, g.id",
        guild_id,
        channel_id,
    )
    return [group_of(row) for row in rows]


async def in_guild(db: Database, guild_id: int) -> list[Group]:
    """The open groups of a guild, by name."""
    rows = await db.read(_GROUP + "WHERE g.guild_id = $1 AND g.state = 1 ORDER BY g.name_key", guild_id)
    return [group_of(row) for row in rows]


async def names(db: Database, guild_id: int, user_id: int) -> list[GroupName]:
    """The open groups of a guild: the learner's own first, the one joined last before them all; then by name."""
    rows = await db.read(
        "SELECT g.id, g.name, m.joined_at FROM study_groups g LEFT JOIN group_members m"
        " ON m.group_id = g.id AND m.user_id = $2 WHERE g.guild_id = $1 AND g.state = 1 ORDER BY g.name_key",
        guild_id,
        user_id,
    )
    groups = [(row["joined_at"], GroupName(row["id"], row["name"], row["joined_at"] is not None)) for row in rows]
    return [group for _, group in sorted(groups, key=lambda pair: -(pair[0] or 0))]


async def of_person(db: Database, user_id: int) -> list[tuple[int, int]]:
    """The guild and id of each group that somebody is in."""
    rows = await db.read(
        "SELECT guild_id, group_id FROM group_members WHERE user_id = $1 ORDER BY guild_id, group_id", user_id
    )
    return [(row["guild_id"], row["group_id"]) for row in rows]


async def of_member(db: Database, guild_id: int, user_id: int) -> set[int]:
    """The ids of the groups in a guild that somebody is in."""
    rows = await db.read("SELECT group_id FROM group_members WHERE guild_id = $1 AND user_id = $2", guild_id, user_id)
    return {row["group_id"] for row in rows}


async def limits(db: Database, guild_id: int) -> Limits:
    rows = await db.look_up("SELECT * FROM group_limits WHERE guild_id = $1", guild_id)
    if not rows:
        return _DEFAULTS
    [row] = rows
    return Limits(
        groups=row["groups_at_most"],
        owned=row["owned_at_most"],
        joined=row["joined_at_most"],
        members=row["members_at_most"],
        creators=Creators(row["creators"]),
    )


# -- writing ---------------------------------------------------------------------------------------------------


def turn(guild_id: int) -> Statement:
    """Wait until no other transaction changes the members of this guild's groups: the first statement of those that do."""
    return sql(
        "INSERT INTO group_limits (guild_id) VALUES ($1)"
        " ON CONFLICT (guild_id) DO UPDATE SET turn = group_limits.turn + 1",
        guild_id,
    )


def limit(guild_id: int, name: str, value: int) -> Statement:
    """Change one of the numbers of `Limits`."""
    column = {"groups": "groups_at_most", "owned": "owned_at_most", "joined": "joined_at_most", "members": "members_at_most"}[name]  # fmt: skip
    return sql(
        f"INSERT INTO group_limits (guild_id, {column}) VALUES ($1, $2)"
        f" ON CONFLICT (guild_id) DO UPDATE SET {column} = excluded.{column}",
        guild_id,
        value,
    )


def limit_creators(guild_id: int, creators: Creators) -> Statement:
    return sql(
        "INSERT INTO group_limits (guild_id, creators) VALUES ($1, $2)"
        " ON CONFLICT (guild_id) DO UPDATE SET creators = excluded.creators",
        guild_id,
        creators.value,
    )


def create(
    guild_id: int,
    user_id: int,
    name: str,
    key: str,
    *,
    exam: str,
    target_date: date | None,
    joining: Joining,
    channel_id: int,
    role_id: int | None,
    now: int,
) -> list[Statement]:
    """Open a group with its owner, unless a limit of the guild is reached or the name is taken. The first statement
    after the turn returns the group's id if it was opened. An organiser is bound by no limit of learners."""
    return [
        sql(
            "INSERT INTO study_groups (guild_id, name, name_key, exam, target_date, joining, state, channel_id, role_id,"
            " created_at) SELECT l.guild_id, CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT),"
            " CAST($7 AS TEXT), 1, CAST($8 AS BIGINT), CAST($9 AS BIGINT), CAST($10 AS BIGINT) FROM group_limits l"
            " WHERE l.guild_id = $1 AND l.groups_at_most > (SELECT COUNT(*) FROM study_groups g WHERE g.guild_id = $1 AND g.state = 1)"
            " AND l.owned_at_most > (SELECT COUNT(*) FROM group_members m WHERE m.guild_id = $1 AND m.user_id = $2 AND m.owner = 1)"
            " AND l.joined_at_most > (SELECT COUNT(*) FROM group_members m WHERE m.guild_id = $1 AND m.user_id = $2)"
            " ON CONFLICT DO NOTHING RETURNING id",
            guild_id, user_id, name, key, exam, target_date.isoformat() if target_date else None, joining.value,
            channel_id, role_id, now,
        ),
        # An open group has an owner from its first moment on: one without members was opened just now.
        sql(
            "INSERT INTO group_members (group_id, user_id, guild_id, owner, joined_at)"
            " SELECT g.id, CAST($2 AS BIGINT), g.guild_id, 1, CAST($4 AS BIGINT) FROM study_groups g"
            " WHERE g.guild_id = $1 AND g.name_key = $3 AND g.state = 1"
            " AND NOT EXISTS (SELECT 1 FROM group_members m WHERE m.group_id = g.id)",
            guild_id, user_id, key, now,
        ),
    ]  # fmt: skip


def edit(group_id: int, name: str, key: str, exam: str, target_date: date | None) -> Statement:
    """A name that is taken makes the write a Conflict."""
    return sql(
        "UPDATE study_groups SET name = $2, name_key = $3, exam = $4, target_date = $5 WHERE id = $1 AND state = 1",
        group_id,
        name,
        key,
        exam,
        target_date.isoformat() if target_date else None,
    )


def set_joining(group_id: int, joining: Joining) -> Statement:
    return sql("UPDATE study_groups SET joining = $2 WHERE id = $1", group_id, joining.value)


def set_role(group_id: int, role_id: int | None) -> Statement:
    return sql("UPDATE study_groups SET role_id = $2 WHERE id = $1", group_id, role_id)


def set_thread(group_id: int, thread_id: int | None, instead_of: int | None) -> Statement:
    """Returns the group's id if it had no other thread meanwhile."""
    return sql(
        "UPDATE study_groups SET thread_id = $2 WHERE id = $1 AND COALESCE(thread_id, 0) = $3 RETURNING id",
        group_id,
        thread_id,
        instead_of or 0,
    )


def set_fault(group_id: int, fault: str) -> Statement:
    """Remember what could not be done about a group's thread or role; the empty text clears it."""
    return sql("UPDATE study_groups SET fault = $2 WHERE id = $1 AND fault <> $2", group_id, fault)


def set_unsent(group_id: int, reason: str) -> Statement:
    """Remember what could not be sent to a group's place; the empty text clears it."""
    return sql("UPDATE study_groups SET unsent = $2 WHERE id = $1 AND unsent <> $2", group_id, reason)


def close(group_id: int) -> Statement:
    return sql("UPDATE study_groups SET state = 2 WHERE id = $1 AND state = 1 RETURNING id", group_id)
