"""The loop that sends what is owed, with a courier that fails in every way there is."""

import asyncio
from random import Random

from bot.app import Services
from bot.core.deliveries import LEASE, NONCE_WINDOW, Delivery, Kind, Lane, Retry, State, Undeliverable, Unneeded
from bot.services.deliveries import Deliveries
from bot.storage import deliveries as store
from bot.storage.database import Row, sql
from tests.samples import START, Clock
from tests.services.conftest import World
from tests.services.couriers import Scripted, Slow, Watched, loop, owe, sending, settled

BROKEN = Retry("connection broke", unsure=True)
REFUSED = Retry("busy", unsure=False)


async def row(db: Watched, guild: int = 1) -> Row:
    [found] = await db.read("SELECT * FROM deliveries WHERE guild_id = $1", guild)
    return found


async def test_what_is_due_is_sent_earliest_first_and_what_is_not_waits(
    world: World, watched: Watched, courier: Scripted
) -> None:
    for guild, due in [(1, -10), (2, -30), (3, 1), (4, -20)]:
        await owe(watched, guild, due_at=START + due)
    await world.settle()
    assert [delivery.guild_id for delivery in courier.attempts] == [2, 4, 1]
    await world.advance(seconds=1)
    assert courier.subjects()[3:] == ["plain 3"]
    found = await row(watched)
    assert (found["state"], found["message_id"], found["settled_at"]) == (State.SENT, 3, START)


async def test_one_failing_target_never_stops_the_others(world: World, watched: Watched, courier: Scripted) -> None:
    courier.script[2] = [Undeliverable("channel gone")]
    courier.script[4] = [RuntimeError("a fault of ours")]
    courier.script[6] = [REFUSED]
    await owe(watched, *range(1, 9))
    await world.settle()
    assert sorted(courier.subjects()) == [f"plain {guild}" for guild in (1, 3, 5, 7, 8)]
    failed = await row(watched, 2)
    assert (failed["state"], failed["fault"]) == (State.FAILED, "channel gone")
    # A fault of ours leaves the lease to run out; what was refused comes back by itself.
    await world.advance(seconds=LEASE)
    assert sorted(courier.subjects()) == [f"plain {guild}" for guild in (1, 3, 4, 5, 6, 7, 8)]


async def test_a_lost_reply_is_asked_again_with_the_same_nonce_and_posts_nothing_twice(
    world: World, watched: Watched, courier: Scripted
) -> None:
    courier.script[1] = [("lost", BROKEN)]
    await owe(watched, 1)
    await world.settle()
    await world.advance(seconds=10)
    assert [delivery.nonce for delivery in courier.attempts] == ["1", "1"]
    assert len(courier.channel) == 1
    assert not courier.looked
    assert (await row(watched))["message_id"] == 1


async def test_after_the_nonce_window_the_channel_is_looked_at_and_what_is_found_is_not_sent_again(
    world: World, watched: Watched, courier: Scripted
) -> None:
    courier.script[1] = [("lost", BROKEN)]
    await owe(watched, 1)
    await world.settle()
    await world.advance(seconds=NONCE_WINDOW + 1)
    assert (len(courier.looked), len(courier.attempts), len(courier.channel)) == (1, 1, 1)
    found = await row(watched)
    assert (found["state"], found["message_id"]) == (State.SENT, 1)


async def test_what_is_looked_for_and_not_found_is_sent(world: World, watched: Watched, courier: Scripted) -> None:
    courier.script[1] = [BROKEN, REFUSED]
    await owe(watched, 1)
    await world.settle()
    await world.advance(seconds=NONCE_WINDOW + 1)
    assert (len(courier.looked), len(courier.attempts)) == (1, 2)
    # Having looked, and been refused since, nothing can have got through: no second look.
    await world.advance(seconds=NONCE_WINDOW + 1)
    assert (len(courier.looked), len(courier.attempts), len(courier.channel)) == (1, 3, 1)


async def test_a_refusal_after_a_lost_reply_still_leads_to_a_look(
    world: World, watched: Watched, courier: Scripted
) -> None:
    courier.script[1] = [("lost", BROKEN), REFUSED]
    await owe(watched, 1)
    await world.settle()
    await world.advance(seconds=10)
    await world.advance(seconds=NONCE_WINDOW)
    assert (len(courier.looked), len(courier.attempts), len(courier.channel)) == (1, 2, 1)


async def test_a_look_that_fails_is_a_look_still_to_come(world: World, watched: Watched, courier: Scripted) -> None:
    courier.script[1] = [("lost", BROKEN)]
    courier.find_script = [Retry("busy", unsure=False)]
    await owe(watched, 1)
    await world.settle()
    await world.advance(seconds=NONCE_WINDOW + 1)
    await world.advance(seconds=NONCE_WINDOW + 1)
    assert (len(courier.looked), len(courier.attempts), len(courier.channel)) == (2, 1, 1)


async def test_definite_failures_are_tried_again_with_growing_waits_and_never_looked_for(
    world: World, watched: Watched, courier: Scripted
) -> None:
    courier.script[1] = [REFUSED] * 6
    await owe(watched, 1)
    await world.settle()
    waits: list[int] = []
    for _ in range(6):
        wake_at = (await row(watched))["wake_at"]
        waits.append(wake_at - world.now)
        await world.to(wake_at - 1)
        before = len(courier.attempts)
        await world.to(wake_at)
        assert len(courier.attempts) == before + 1
    assert all(5 * 2**i < wait <= 5 * 2**i * 1.25 + 2 for i, wait in enumerate(waits))
    assert (len(courier.channel), len(courier.looked)) == (1, 0)


async def test_the_servers_own_wait_is_kept_when_it_is_longer(
    world: World, watched: Watched, courier: Scripted
) -> None:
    courier.script[1] = [Retry("limited", unsure=False, after=600.5)]
    await owe(watched, 1)
    await world.settle()
    assert (await row(watched))["wake_at"] == START + 601


async def test_what_is_no_longer_useful_is_not_sent(world: World, watched: Watched, courier: Scripted) -> None:
    await owe(watched, 1, due_at=START - 100, useful_until=START - 1)
    await owe(watched, 2, due_at=START - 100, useful_until=START)
    await world.settle()
    assert courier.subjects() == ["plain 2"]
    found = await row(watched)
    assert (found["state"], found["fault"]) == (State.EXPIRED, "too late")


async def test_what_got_through_before_its_usefulness_ended_counts_as_sent(
    world: World, watched: Watched, courier: Scripted
) -> None:
    courier.script[1] = [("lost", BROKEN)]
    await owe(watched, 1, useful_until=START + 30)
    await world.settle()
    await world.advance(seconds=NONCE_WINDOW + 1)
    assert (await row(watched))["state"] == State.SENT


async def test_what_got_through_just_before_its_usefulness_ended_counts_as_sent_too(
    world: World, watched: Watched, courier: Scripted
) -> None:
    courier.script[1] = [("lost", BROKEN)]
    await owe(watched, 1, useful_until=START + 5)
    await world.settle()
    await world.advance(seconds=NONCE_WINDOW - 30)
    assert (await row(watched))["state"] == State.SENT


async def test_what_nobody_needs_any_more_is_called_off(world: World, watched: Watched, courier: Scripted) -> None:
    courier.script[1] = [Unneeded("guild left")]
    await owe(watched, 1)
    await world.settle()
    assert (await row(watched))["state"] == State.CANCELLED


async def test_a_process_that_died_after_sending_is_found_out_by_its_lease(
    world: World, watched: Watched, courier: Scripted
) -> None:
    await owe(watched, 1)
    [claimed] = await store.claim(watched, Lane.SERVERS, START, 1, "the process that died")
    await courier.send(claimed)
    await world.advance(seconds=LEASE - 1)
    assert not courier.looked
    await world.advance(seconds=1)
    assert (len(courier.looked), len(courier.channel)) == (1, 1)
    assert (await row(watched))["state"] == State.SENT


async def test_a_look_that_fails_for_an_attempt_of_another_process_is_a_look_still_to_come(
    world: World, watched: Watched, courier: Scripted
) -> None:
    await owe(watched, 1)
    [claimed] = await store.claim(watched, Lane.SERVERS, START, 1, "the process that died")
    await courier.send(claimed)
    courier.find_script = [Retry("busy", unsure=False)]
    await world.advance(seconds=LEASE)
    await world.to((await row(watched))["wake_at"])
    assert (len(courier.looked), len(courier.attempts), len(courier.channel)) == (2, 1, 1)
    assert (await row(watched))["state"] == State.SENT


async def test_the_loop_looks_when_it_is_woken_and_not_in_between(
    world: World, watched: Watched, services: Services, courier: Scripted
) -> None:
    await world.settle()
    before = watched.begun
    await owe(watched, 1)
    for _ in range(200):
        await asyncio.sleep(0)
    assert watched.begun == before
    services.deliveries.wake()
    await watched.looks(before + 1)
    await world.settle()
    before = watched.begun
    for _ in range(200):
        await asyncio.sleep(0)
    assert (watched.begun, len(courier.channel)) == (before, 1)


async def test_a_wake_during_a_claim_is_not_lost(services: Services, watched: Watched, courier: Scripted) -> None:
    watched.gate = asyncio.Event()
    await owe(watched, 1)
    async with loop(services.deliveries, courier):
        await watched.reached.wait()
        await owe(watched, 2)
        services.deliveries.wake()
        watched.gate.set()
        while len(courier.channel) < 2:
            await watched.looks(watched.begun + 1)
    assert courier.subjects() == ["plain 1", "plain 2"]


async def test_a_database_fault_is_waited_out(world: World, watched: Watched, courier: Scripted) -> None:
    await world.settle()
    watched.faults = 2
    await owe(watched, 1)
    await world.settle()
    assert watched.faults == 0
    assert courier.subjects() == ["plain 1"]


async def test_a_graceful_stop_lets_what_is_being_sent_end(services: Services, watched: Watched) -> None:
    courier = Slow(services)
    await owe(watched, 1)
    running = asyncio.create_task(services.deliveries.run(courier))
    await courier.started.wait()
    stopping = asyncio.create_task(services.deliveries.stop(grace=30))
    await running
    await owe(watched, 2)
    courier.go.set()
    await stopping
    assert [(await row(watched, guild))["state"] for guild in (1, 2)] == [State.SENT, State.PENDING]


async def test_a_stop_that_runs_out_of_patience_leaves_the_rest_to_the_lease(
    services: Services, watched: Watched, clock: Clock
) -> None:
    courier = Slow(services)
    await owe(watched, 1)
    running = asyncio.create_task(services.deliveries.run(courier))
    await courier.started.wait()
    busy = sending()
    await services.deliveries.stop(grace=0)
    await running
    await asyncio.wait(busy)
    found = await row(watched)
    assert (found["state"], found["wake_at"]) == (State.CLAIMED, int(clock()) + LEASE)
    assert not courier.channel


async def test_nothing_is_started_once_the_stop_has_returned(
    services: Services, watched: Watched, courier: Scripted
) -> None:
    await owe(watched, 1)
    watched.gate = asyncio.Event()
    running = asyncio.create_task(services.deliveries.run(courier))
    await watched.reached.wait()
    attempts: list[int] = []
    stopping = asyncio.create_task(services.deliveries.stop())
    stopping.add_done_callback(lambda _: attempts.append(len(courier.attempts)))
    for _ in range(3):
        await asyncio.sleep(0)
    watched.gate.set()
    await asyncio.gather(running, stopping)
    if late := sending():
        await asyncio.wait(late)
    assert attempts == [len(courier.attempts)]


class Moving(Scripted):
    """A courier during whose look, or refused attempt, the message is moved to a later hour."""

    def __init__(self, services: Services, db: Watched) -> None:
        super().__init__(services)
        self._db = db

    async def find(self, delivery: Delivery) -> int | None:
        await owe(self._db, delivery.guild_id, due_at=START + 7200)
        return await super().find(delivery)

    async def send(self, delivery: Delivery) -> int | None:
        if delivery.due_at < START + 7200:
            await owe(self._db, delivery.guild_id, due_at=START + 7200)
        return await super().send(delivery)


async def test_what_is_moved_while_it_comes_too_late_or_is_refused_waits_for_its_new_hour(
    watched: Watched, services: Services, clock: Clock
) -> None:
    courier = Moving(services, watched)
    moved = Deliveries(watched, {Kind.NOTICE: services.flags}, clock, Random(1))
    courier.script[1] = [Undeliverable("channel gone")]
    await owe(watched, 1)
    await owe(watched, 2, due_at=START - 500, useful_until=START - 100)
    await watched.write(sql("UPDATE deliveries SET unsure_since = $1 WHERE guild_id = 2", START - 500))
    async with loop(moved, courier):
        await settled(moved, watched)
        assert courier.subjects() == []
        for guild in (1, 2):
            waits = await row(watched, guild)
            assert (waits["state"], waits["wake_at"]) == (State.PENDING, START + 7200)
        clock.advance(seconds=7201)
        await settled(moved, watched)
    assert sorted(courier.subjects()) == ["plain 1", "plain 2"]
