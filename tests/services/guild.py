"""A guild in New York that gets its daily question at nine, from Monday 2 March 2026 on."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.app import Services
from bot.core.daily import Round
from bot.storage import daily
from bot.storage.database import Row

GUILD, CHANNEL, ORGANISER, LEARNER = 10, 20, 99, 77


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> int:
    """An instant by New York's clock in 2026; the story begins on Monday 2 March at seven in the morning."""
    return int(datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("America/New_York")).timestamp())


async def round_of(services: Services, month: int, day: int) -> Round:
    found = await daily.round_by_date(services.db, GUILD, date(2026, month, day))
    assert found is not None
    return found


async def owed(services: Services) -> list[Row]:
    """The daily posts that are still to come."""
    return list(
        await services.db.read(
            "SELECT * FROM deliveries WHERE kind = 'daily_post' AND guild_id = $1 AND state < 2 ORDER BY due_at", GUILD
        )
    )


def wrong(round_: Round) -> str:
    """A letter that is not right."""
    return next(letter for letter in "ABCD" if letter not in round_.key)
