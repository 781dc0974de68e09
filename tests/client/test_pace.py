"""The requests a second that the bot makes by itself are the bot's, however many processes it has."""

from bot.app import Services
from bot.client.studybot import StudyBot
from bot.services.processes import Processes
from bot.storage.database import Database
from tests.samples import Clock


def pace(bot: StudyBot) -> tuple[float, float]:
    """Requests a second: what is owed, and counts of answers."""
    owed, counts = bot._limiter, bot._tally_limiter
    return owed.max_rate / owed.time_period, counts.max_rate / counts.time_period


async def test_two_processes_divide_what_one_may_ask_for(services: Services, db: Database, clock: Clock) -> None:
    bot = StudyBot(services, shard_count=1, cogs=(), per_second=40)
    assert pace(bot) == (32, 8)
    other = Processes(db, clock)
    await other.seen()
    await bot.share_pace()
    assert pace(bot) == ((16, 4) if db.skip_locked else (32, 8))
    await other.leave()
    await bot.share_pace()
    assert pace(bot) == (32, 8)
