"""More is due than is sent at once: in turn, a handful at a time, and fair among servers and persons."""

import asyncio
from random import Random

import pytest

from bot.app import Services
from bot.core.deliveries import Delivery, Kind
from bot.services.deliveries import HANDFUL, Deliveries
from bot.storage import deliveries as store
from tests.samples import START, Clock
from tests.services.couriers import Scripted, Slow, Watched, loop, owe, sending, settled


async def test_more_than_there_is_room_for_is_sent_in_turn(watched: Watched, services: Services, clock: Clock) -> None:
    courier = Scripted(services)
    small = Deliveries(watched, {Kind.NOTICE: services.flags}, clock, Random(1), slots=2)
    for guild in range(1, 8):
        await owe(watched, guild, due_at=START - 100 + guild)
    async with loop(small, courier):
        await watched.looks(1)
        while len(courier.channel) < 7:
            if busy := sending():
                await asyncio.wait(busy, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(0)
    assert courier.subjects() == [f"plain {guild}" for guild in range(1, 8)]


class OneByOne(Scripted):
    """A courier whose sends end one after another."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.turn = asyncio.Semaphore(0)
        self.begun: asyncio.Queue[Delivery] = asyncio.Queue()

    async def send(self, delivery: Delivery) -> int | None:
        self.begun.put_nowait(delivery)
        await self.turn.acquire()
        return await super().send(delivery)


async def test_neither_servers_nor_persons_wait_behind_a_thousand_of_the_other(
    watched: Watched, services: Services, clock: Clock
) -> None:
    courier = Slow(services)
    few = Deliveries(watched, {Kind.NOTICE: services.flags}, clock, Random(1), slots=8)
    for user in range(40):
        await watched.write(store.owe(Kind.NOTICE, 0, f"plain {user}", START - 100, user_id=user))
    async with loop(few, courier):
        await courier.started.wait()
        await watched.looks(2)
        assert len(sending()) == 2, "persons have a quarter of the slots"
        await owe(watched, 77)
        before = watched.begun
        few.wake()
        await watched.looks(before + 2)
        assert [delivery.guild_id for delivery in courier.begun] == [0, 0, 77]
        # Nor the other way round.
        await owe(watched, *range(100, 140))
        few.wake()
        await watched.looks(watched.begun + 2)
        assert [delivery.user_id is None for delivery in courier.begun] == [False] * 2 + [True] * 6
        courier.go.set()
        await settled(few, watched)
    servers = [f"plain {guild}" for guild in (77, *range(100, 140))]
    assert sorted(courier.subjects()) == sorted([f"plain {user}" for user in range(40)] + servers)


@pytest.mark.parametrize("crowds", [1, 3, 5, 8, 20])
async def test_a_guilds_hundreds_of_members_do_not_hold_up_another_guilds_one(
    watched: Watched, services: Services, clock: Clock, crowds: int
) -> None:
    courier = OneByOne(services)
    slots = 4 * HANDFUL
    fair = Deliveries(watched, {Kind.NOTICE: services.flags}, clock, Random(1), slots=4 * slots)
    members = [(guild, user) for guild in range(1, crowds + 1) for user in range(1200 // crowds // 4)]
    await watched.write(
        *(store.owe(Kind.NOTICE, guild, f"plain {user}", START - 60, user_id=user) for guild, user in members),
        store.owe(Kind.NOTICE, 99, "plain", START, user_id=1),
    )
    async with asyncio.timeout(60), loop(fair, courier):
        begun = [await courier.begun.get() for _ in range(slots)]
        while begun[-1].guild_id != 99:
            for _ in range(slots // HANDFUL):
                courier.turn.release()
            begun += [await courier.begun.get() for _ in range(slots // HANDFUL)]
            begun.sort(key=lambda delivery: delivery.guild_id)
        # What was on its way when it fell due, and one of each other guild; not the 300 that were due before it.
        assert len(begun) <= slots + crowds + 2 * slots // HANDFUL
        for _ in members:
            courier.turn.release()
        await settled(fair, watched)
    assert len(courier.channel) == len(members) + 1


async def test_processes_that_share_the_pace_send_fewer_at_once(
    watched: Watched, services: Services, clock: Clock
) -> None:
    courier = Slow(services)
    shared = Deliveries(watched, {Kind.NOTICE: services.flags}, clock, Random(1), slots=12)
    shared.share(4)
    await owe(watched, *range(1, 6))
    async with loop(shared, courier):
        await courier.started.wait()
        await watched.looks(2)
        assert len(sending()) == 2
        courier.go.set()
        await settled(shared, watched)
    assert sorted(courier.subjects()) == [f"plain {guild}" for guild in range(1, 6)]


async def test_of_a_backlog_a_handful_is_taken_at_a_time(
    watched: Watched, services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.deliveries.PAUSE", 3600)
    courier = OneByOne(services)
    slots, due = 4 * HANDFUL, 16 * HANDFUL  # those for servers, three quarters of all
    backlog = Deliveries(watched, {Kind.NOTICE: services.flags}, clock, Random(1), slots=slots * 4 // 3)
    await owe(watched, *range(1, due + 1))
    async with asyncio.timeout(60), loop(backlog, courier):
        for _ in range(slots):
            await courier.begun.get()
        for _ in range((due - slots) * HANDFUL // slots):
            # A look that finds no room any more comes after each that took a handful.
            await watched.looks(watched.begun)
            for _ in range(slots // HANDFUL):
                courier.turn.release()
            for _ in range(slots // HANDFUL):
                await courier.begun.get()
        assert watched.begun < due - slots, "fewer looks than messages that ended"
        for _ in range(due):
            courier.turn.release()
        await settled(backlog, watched)
    assert sorted(courier.subjects()) == sorted(f"plain {guild}" for guild in range(1, due + 1))


async def test_the_rest_of_a_backlog_does_not_wait_for_a_handful(
    watched: Watched, services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.deliveries.PAUSE", 0.01)
    courier = OneByOne(services)
    slots = 4 * HANDFUL
    backlog = Deliveries(watched, {Kind.NOTICE: services.flags}, clock, Random(1), slots=slots * 4 // 3)
    await owe(watched, *range(1, slots + 2))
    async with asyncio.timeout(60), loop(backlog, courier):
        for _ in range(slots):
            await courier.begun.get()
        await watched.looks(2)
        courier.turn.release()
        await courier.begun.get()
        for _ in range(slots):
            courier.turn.release()
        await settled(backlog, watched)
