"""The requests a second that the bot makes by itself are the bot's, however many processes it has."""

from dataclasses import replace

from bot.app import Services
from bot.client.studybot import StudyBot
from bot.core.deliveries import Lane
from bot.services.processes import SEEN_EVERY, Processes
from bot.storage.database import Database
from tests.samples import Clock


def pace(bot: StudyBot) -> tuple[float, float]:
    """Requests a second: what is owed, and counts of answers."""
    owed, counts = bot._limiter, bot._tally_limiter
    return owed.max_rate / owed.time_period, counts.max_rate / counts.time_period


def at_once(services: Services) -> int:
    return services.deliveries._slots[Lane.SERVERS]


async def test_two_processes_divide_what_one_may_ask_for(services: Services, db: Database, clock: Clock) -> None:
    own, other = (Processes(db, clock, clock) for _ in range(2))
    bot = StudyBot(replace(services, processes=own), shard_count=1, cogs=(), per_second=40)
    assert (pace(bot), at_once(services)) == ((32, 8), 192)
    await other.sending()
    await bot.pace()
    shared = ((16, 4), 96) if db.skip_locked else ((32, 8), 192)
    assert (pace(bot), at_once(services)) == shared
    # A client that is started again takes both from the beginning, until it has asked.
    bot = StudyBot(bot.services, shard_count=1, cogs=(), per_second=40)
    assert (pace(bot), at_once(services)) == ((32, 8), 192)
    await bot.pace()
    assert (pace(bot), at_once(services)) == shared
    await other.leave()
    clock.advance(seconds=SEEN_EVERY)
    await bot.pace()
    assert (pace(bot), at_once(services)) == ((32, 8), 192)
