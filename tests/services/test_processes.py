"""Processes on one database know how many they are."""

from bot.services.processes import GONE_AFTER, SEEN_EVERY, Processes
from bot.storage.database import Database
from tests.samples import Clock


async def test_processes_on_a_server_count_one_another_until_one_leaves_or_dies(db: Database, clock: Clock) -> None:
    many = bool(db.skip_locked)  # a file has one
    first, second, third = (Processes(db, clock) for _ in range(3))
    assert await first.seen() == 1
    assert await second.seen() == (2 if many else 1)
    assert await third.seen() == (3 if many else 1)
    await third.leave()
    assert await first.seen() == (2 if many else 1)
    for _ in range(GONE_AFTER // SEEN_EVERY):
        clock.advance(seconds=SEEN_EVERY)
        assert await first.seen() == (2 if many else 1)
    clock.advance(seconds=1)
    assert await first.seen() == 1
    # One that was only slow is counted again.
    assert await second.seen() == (2 if many else 1)
