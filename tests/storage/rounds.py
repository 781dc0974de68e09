"""Rounds put straight into a database, for tests that start from one."""

from datetime import date

from bot.core.content import Item
from bot.core.daily import Round
from bot.storage import daily
from bot.storage.database import Database
from tests.samples import START, make_item

GUILD = 10
DAY = date(2026, 3, 2)
SEED = 2
"""Puts the right option of an item with four under B."""


async def opened(
    db: Database, *, guild: int = GUILD, day: date = DAY, item: Item | None = None, freezes: bool = True
) -> Round:
    """A round whose post is not out yet."""
    await db.write(
        *daily.open_round(guild, day, item or make_item("x"), SEED, channel_id=20, freezes=freezes, delivery_id=1)
    )
    round_ = await daily.round_by_date(db, guild, day)
    assert round_ is not None
    return round_


async def posted(
    db: Database, *, guild: int = GUILD, day: date = DAY, reveal_at: int = START + 86400, freezes: bool = True
) -> Round:
    """A round whose post is out as message 30."""
    round_ = await opened(db, guild=guild, day=day, freezes=freezes)
    await db.write(daily.posted(round_.id, 30, reveal_at))
    round_ = await daily.round_by_id(db, round_.id)
    assert round_ is not None
    return round_
