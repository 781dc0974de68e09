"""Guards against storms: pauses grow when sessions keep ending, and shrink when calm returns."""

from bot.client.storm import CALM, LONGEST_DELAY, USUAL_DELAY, WINDOW, IdentifyGuard, RestartGuard
from tests.samples import START, Clock


def test_first_sessions_do_not_wait_and_a_few_more_wait_as_discord_asks(clock: Clock) -> None:
    guard = IdentifyGuard(clock)
    assert [guard.delay(initial=True) for _ in range(20)] == [0.0] * 20
    assert [guard.delay(initial=False) for _ in range(CALM)] == [USUAL_DELAY] * CALM


def test_a_storm_of_identifies_is_slowed_down_to_a_crawl() -> None:
    """A gateway that closes each session at once: an hour of it stays far below the 1,000 identifies of a day."""
    clock = Clock(START)
    guard = IdentifyGuard(clock)
    count = 0
    while clock.now < START + 3600:
        clock.advance(seconds=guard.delay(initial=False) + 0.1)
        count += 1
    assert count < 60


def test_calm_brings_the_usual_pause_back(clock: Clock) -> None:
    guard = IdentifyGuard(clock)
    for _ in range(CALM + 4):
        guard.delay(initial=False)
    clock.advance(seconds=WINDOW + 1)
    assert guard.delay(initial=False) == USUAL_DELAY


def test_restarts_wait_longer_each_time_and_start_over_after_a_good_run(clock: Clock) -> None:
    guard = RestartGuard(clock)
    delays = []
    for _ in range(12):
        guard.started()
        clock.advance(seconds=1)
        delays.append(guard.delay())
    assert delays[:4] == [1, 2, 4, 8]
    assert delays[-1] == LONGEST_DELAY
    guard.started()
    clock.advance(seconds=WINDOW + 1)
    assert guard.delay() == 1
