"""Guards against storms: pauses grow when sessions keep ending, and shrink when calm returns."""

from bot.client.storm import CALM, LONGEST_DELAY, LONGEST_HOLD, USUAL_DELAY, WINDOW, IdentifyGuard, RestartGuard
from tests.samples import START, Clock


def test_the_first_sessions_of_many_shards_wait_no_longer_than_discord_asks(clock: Clock) -> None:
    guard = IdentifyGuard(clock)
    # discord.py calls only the first shard's identify initial.
    delays = [guard.delay(shard, initial=shard == 0) for shard in range(32)]
    assert delays == [0.0] + [USUAL_DELAY] * 31


def test_no_hold_is_longer_than_discord_py_waits_for_a_shard(clock: Clock) -> None:
    guard = IdentifyGuard(clock)
    assert max(guard.delay(3, initial=False) for _ in range(40)) == LONGEST_HOLD < 60


def test_a_shard_that_is_closed_at_once_each_time_is_slowed_down() -> None:
    """An hour of it stays far below the 1,000 identifies of a day."""
    clock = Clock(START)
    guard = IdentifyGuard(clock)
    count = 0
    while clock.now < START + 3600:
        clock.advance(seconds=guard.delay(0, initial=False) + 0.1)
        count += 1
    assert count < 130


def test_one_shards_storm_is_not_anothers_and_calm_brings_the_usual_pause_back(clock: Clock) -> None:
    guard = IdentifyGuard(clock)
    for _ in range(CALM + 4):
        guard.delay(0, initial=False)
    assert guard.delay(1, initial=False) == USUAL_DELAY
    clock.advance(seconds=WINDOW + 1)
    assert guard.delay(0, initial=False) == USUAL_DELAY


def test_restarts_wait_longer_each_time_and_start_over_after_a_good_run(clock: Clock) -> None:
    guard = RestartGuard(clock)
    delays: list[float] = []
    for _ in range(12):
        guard.started()
        clock.advance(seconds=1)
        delays.append(guard.delay())
    assert delays[:4] == [1, 2, 4, 8]
    assert delays[-1] == LONGEST_DELAY
    guard.started()
    clock.advance(seconds=WINDOW + 1)
    assert guard.delay() == 1
