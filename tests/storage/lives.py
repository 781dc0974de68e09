"""Live rounds put straight into a database, for tests that start from one."""

from itertools import count

from bot.core.asked import Asked
from bot.core.content import Item
from bot.core.live import LiveRound
from bot.storage import live, live_starting
from bot.storage import live_course as course
from bot.storage.database import Database
from tests.samples import START, make_item
from tests.storage.rounds import GUILD

HOST, CHANNEL, SECONDS = 88, 40, 30

MARKS = count(1)


def items(number: int) -> list[Item]:
    return [make_item(f"live-{i}") for i in range(number)]


async def begun(
    db: Database, *, host: int = HOST, channel: int = CHANNEL, guild: int = GUILD, questions: int = 3
) -> LiveRound | None:
    """A round whose first question is owed for START; None when another runs in the channel."""
    asked = [Asked(item, 7) for item in items(questions)]
    wanted = live_starting.Course(guild, channel, 0, host, "cpc", "", SECONDS, asked, next(MARKS))
    [added, *_] = await db.write(*live_starting.start(wanted, START, START))
    return await live.round_by_id(db, added[0]["id"]) if added else None


async def out(db: Database, live_id: int, position: int = 1, now: int = START) -> None:
    """Let a question have gone out."""
    await db.write(*course.open_question(live_id, position, 1), *course.asked(live_id, position, 30 + position, now))
