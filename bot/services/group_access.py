"""Who may do what in a study group, and what follows when somebody leaves one."""

from bot.core.group_errors import GroupClosed, GroupFull, JoinedEnough, NotGroupOwner
from bot.core.groups import Group
from bot.core.people import Person
from bot.storage import group_dates, groups, meetings, scores
from bot.storage import group_members as people
from bot.storage.database import Database, Statement


async def open_group(db: Database, group_id: int) -> Group:
    """Raises GroupClosed."""
    group = await groups.get_open(db, group_id)
    if group is None:
        raise GroupClosed
    return group


def require(group: Group, person: Person) -> None:
    """Raises NotGroupOwner."""
    if not person.organiser and group.owner_id != person.user_id:
        raise NotGroupOwner(name=group.name)


async def room(db: Database, group: Group, user_id: int) -> None:
    """Raises GroupFull, JoinedEnough."""
    limits = await groups.limits(db, group.guild_id)
    if group.members >= limits.members:
        raise GroupFull(name=group.name, most=limits.members)
    joined, _ = await people.counts(db, group.guild_id, user_id)
    if joined >= limits.joined:
        raise JoinedEnough(most=limits.joined)


async def leave(db: Database, group: Group, user_id: int, now: int) -> tuple[Group, bool]:
    """Take somebody out; returns the group as it is then, and whether they were in it."""
    _, left, *_ = await db.write(*leaving(group.id, group.guild_id, user_id, now))
    return await groups.get(db, group.id) or group, bool(left)


def leaving(group_id: int, guild_id: int, user_id: int, now: int) -> list[Statement]:
    """An owner is followed by whoever has been in longest; when nobody is left the group is closed, and what it planned
    called off. The second statement returns a row if the person was in it."""
    return [
        groups.turn(guild_id),
        *people.leave(group_id, user_id, now),
        *meetings.cancel_all(group_id, now),
        group_dates.call_off_closed(group_id, guild_id),
        *scores.recount_member(guild_id, group_id, user_id),
    ]
