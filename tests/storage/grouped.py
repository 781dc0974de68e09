"""A study group with a session, written by the statements that the services use."""

from bot.core.groups import Joining
from bot.storage import group_requests, groups, meetings
from bot.storage.database import Database
from tests.samples import START

GUILD = 10


async def opened(db: Database, owner: int, name: str, guild: int = GUILD, now: int = START) -> int:
    """The id of a new group."""
    results = await db.write(
        groups.turn(guild),
        *groups.create(
            guild, owner, name, name, exam="cpc", target_date=None, joining=Joining.OPEN, channel_id=20, role_id=None, now=now
        ),
    )  # fmt: skip
    return results[1][0]["id"]


async def wrote_all_about_groups(db: Database, person: int) -> None:
    """The person owns one group, asks to join another, and hosts a session that they come to."""
    own = await opened(db, person, f"own {person % 7}")
    other = await opened(db, 1000 + person % 7, f"other {person % 7}")
    await db.write(*group_requests.ask(other, person, START))
    *_, [meeting] = await db.write(
        *meetings.draft(own, GUILD, person, "Sepsis", START + 60, START + 120, None, START, voice=False)
    )
    await db.write(meetings.confirm(meeting["id"], person, START))
    await db.write(meetings.comes(meeting["id"], person, START, coming=True))
