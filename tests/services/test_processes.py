"""Processes on one database know how many of them send."""

from bot.services.processes import GONE_AFTER, SEEN_EVERY, Processes
from bot.storage.database import Database
from tests.samples import Clock


async def test_processes_on_a_server_count_one_another_until_one_leaves_or_is_silent(
    db: Database, clock: Clock
) -> None:
    several = bool(db.skip_locked)  # a file has one process
    first, second, third = (Processes(db, clock, clock) for _ in range(3))
    assert await first.sending() == 1
    assert await second.sending() == (2 if several else 1)
    assert await third.sending() == (3 if several else 1)
    # It is asked now and then, not for each message.
    assert await first.sending() == 1
    await third.leave()
    for _ in range(GONE_AFTER // SEEN_EVERY):
        clock.advance(seconds=SEEN_EVERY)
        assert await first.sending() == (2 if several else 1)
    clock.advance(seconds=SEEN_EVERY)
    assert await first.sending() == 1
    # One that had nothing to send is counted again.
    assert await second.sending() == (2 if several else 1)


async def test_while_the_database_is_away_the_others_are_taken_to_be_there(db: Database, clock: Clock) -> None:
    first, second = (Processes(db, clock, clock) for _ in range(2))
    await first.sending()
    found = await second.sending()
    clock.advance(seconds=SEEN_EVERY)
    await db.close()
    assert await second.sending() == found
