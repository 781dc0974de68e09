"""When to try again, when to look first, and what counts as late."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.deliveries import (  # fmt: skip
    LATE_AFTER,
    LEASE,
    NONCE_WINDOW,
    SEND_TIMEOUT,
    USEFUL_FOR,
    Delivery,
    Kind,
    backoff,
    crowding,
    must_look_first,
)


def make_delivery(*, due_at: int = 1000, unsure_since: int | None = None) -> Delivery:
    return Delivery(7, Kind.DAILY_POST, 1, None, "2026-03-02", due_at, due_at + 50, 1, "lease", unsure_since)


@given(attempt=st.integers(1, 200), seed=st.integers())
def test_backoff_doubles_from_five_seconds_to_a_quarter_of_an_hour(attempt: int, seed: int) -> None:
    base = 5 * 2 ** (attempt - 1) if attempt < 9 else 900
    base = min(base, 900)
    assert base <= backoff(attempt, Random(seed)) <= base * 1.25 + 1


@pytest.mark.parametrize("attempt", [3, 9])
def test_backoff_spreads_those_that_failed_together(attempt: int) -> None:
    rng = Random(1)
    assert len({backoff(attempt, rng) for _ in range(100)}) >= 5


def test_the_waits_of_an_outage_fit_in_what_a_post_is_useful_for() -> None:
    # Useful for a short while alone: for people who sit and wait, or for something about to begin.
    brief = {Kind.LIVE_QUESTION, Kind.MEETING_REMINDER}
    # The shortest of the others allows more than a handful of attempts even at the slowest pace.
    assert min(useful for kind, useful in USEFUL_FOR.items() if kind not in brief) > 20 * 900
    assert min(USEFUL_FOR[kind] for kind in brief) > sum(backoff(attempt, Random(1)) for attempt in range(1, 6))
    assert set(USEFUL_FOR) == set(Kind)


@given(since=st.none() | st.integers(0, 1000), age=st.none() | st.floats(0, 1000))
def test_looking_first_is_for_attempts_older_than_the_nonce_or_of_another_process(
    since: int | None, age: float | None
) -> None:
    delivery = make_delivery(unsure_since=since)
    assert must_look_first(delivery, age) == (since is not None and (age is None or age > NONCE_WINDOW))


def test_a_claim_after_a_crash_always_looks() -> None:
    assert must_look_first(make_delivery(unsure_since=1000), None)
    assert SEND_TIMEOUT < LEASE


def test_late_begins_after_five_minutes() -> None:
    delivery = make_delivery(due_at=1000)
    assert not delivery.late(1000 + LATE_AFTER)
    assert delivery.late(1000 + LATE_AFTER + 1)


def test_the_nonce_is_the_deliverys_id() -> None:
    assert make_delivery().nonce == "7"


@given(st.lists(st.integers(1, 40), max_size=64), st.integers(1, 64))
def test_whoever_holds_more_than_a_share_crowds_and_a_single_one_never_does(guilds: list[int], slots: int) -> None:
    held = Counter(guilds)
    crowd = crowding(guilds, slots)
    assert all(held[guild_id] >= 2 for guild_id in crowd)
    fair = slots / (len(held) + 1)
    assert {guild_id for guild_id, count in held.items() if count > max(fair, 1)} <= set(crowd)
    assert all(held[guild_id] > fair - 1 for guild_id in crowd)


def test_one_guild_that_holds_everything_makes_way_for_another() -> None:
    assert crowding([1] * 64, 64) == [1]
    assert crowding([1] * 30, 64) == []
    assert crowding([1] * 16 + [2] * 16 + [3] * 16 + [4] * 16, 64) == [1, 2, 3, 4]
    assert crowding(range(64), 64) == []
