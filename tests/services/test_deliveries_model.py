"""The delivery engine against its promise, under any interleaving of faults.

A message that is still wanted arrives exactly once or is reported as not deliverable, and never after its usefulness
ended. What may happen in between: crashes and restarts, two processes on one database, sends that take long, answers that
are lost after the message was created, 429, 5xx, forbidden, clocks that jump forward and back, calls off and moves while a
message is being sent. Discord is modelled at its worst: it forgets a nonce as soon as it may.
"""

import asyncio
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.core.deliveries import LEASE, NONCE_WINDOW, SEND_TIMEOUT, Delivery, Kind, Retry, State, Undeliverable
from bot.services.deliveries import Deliveries
from bot.storage import deliveries as store
from bot.storage.database import Database, Statement, connect
from bot.storage.database.migrate import migrate
from tests.samples import START

GUILD = 10
ARRIVING = ("ok", "lost answer", "5xx after", "timeout after")
FAILING = ("5xx before", "429", "timeout before", "forbidden")


@dataclass
class Message:
    at: float
    """Real seconds."""
    wall: int
    delivery: int


@dataclass
class Gate:
    """A send that has begun, and waits for what becomes of it."""

    delivery: Delivery
    process: int
    outcome: "asyncio.Future[str]"


@dataclass
class World:
    """Real time, the clock on the wall, the channel, and what is under way in each process."""

    real: float = 0.0
    offset: float = START
    channel: list[Message] = field(default_factory=list[Message])
    useless: list[int] = field(default_factory=list[int])
    """Deliveries of which a send began after they had stopped being useful, or were called off."""
    called_off: set[str] = field(default_factory=set[str])
    gates: dict["asyncio.Task[Any]", Gate] = field(default_factory=dict["asyncio.Task[Any]", Gate])

    def clock(self) -> float:
        return self.real + self.offset

    def arrive(self, delivery: Delivery) -> int:
        """Discord answers a repeated nonce with the first message, for a while."""
        for number, message in enumerate(self.channel, 1):
            if message.delivery == delivery.id and self.real - message.at <= NONCE_WINDOW:
                return number
        self.channel.append(Message(self.real, int(self.clock()), delivery.id))
        return len(self.channel)


class Discord:
    """The courier of one process."""

    def __init__(self, world: World, process: int) -> None:
        self.world = world
        self.process = process

    async def send(self, delivery: Delivery) -> int | None:
        task = asyncio.current_task()
        assert task is not None
        if int(self.world.clock()) > delivery.useful_until or delivery.subject in self.world.called_off:
            self.world.useless.append(delivery.id)
        gate = Gate(delivery, self.process, asyncio.get_running_loop().create_future())
        self.world.gates[task] = gate
        try:
            outcome = await gate.outcome
        finally:
            del self.world.gates[task]
        number = self.world.arrive(delivery) if outcome in ARRIVING else 0
        match outcome:
            case "ok":
                return number
            case "429":
                raise Retry(outcome, unsure=False, after=7)
            case "forbidden":
                raise Undeliverable(outcome)
            case "timeout before" | "timeout after":
                raise TimeoutError
            case _:
                raise Retry(outcome, unsure=True)

    async def find(self, delivery: Delivery) -> int | None:
        found = [number for number, message in enumerate(self.world.channel, 1) if message.delivery == delivery.id]
        return found[0] if found else None


class Nothing:
    """A kind of delivery on which nothing else depends."""

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        return []

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        return []


class DeliveriesMachine(RuleBasedStateMachine):
    """Whatever Hypothesis thinks of happens; at the end the world is left in peace, and the books must balance."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.world = World()
        self.subjects = 0
        self.db: Database = self.runner.run(self.open())
        self.processes: dict[int, Deliveries] = {}
        for number in (1, 2):
            self.start(number)

    async def open(self) -> Database:
        db = await connect(f"sqlite:///{Path(self.folder.name) / 'model.db'}")
        await migrate(db)
        return db

    def start(self, number: int) -> None:
        self.processes[number] = Deliveries(
            self.db, {Kind.NOTICE: Nothing()}, self.world.clock, Random(number), monotonic=lambda: self.world.real
        )

    def teardown(self) -> None:
        try:
            self.runner.run(self.in_peace())
            self.runner.run(self.balance())
        finally:
            self.runner.run(self.db.close())
            self.runner.close()
            self.folder.cleanup()

    # -- what happens ----------------------------------------------------------------------------------------

    @initialize(due=st.integers(0, 100), useful=st.sampled_from([60, 900, 100_000]))
    def first(self, due: int, useful: int) -> None:
        self.owe(due, useful)

    @rule(due=st.integers(-500, 500), useful=st.sampled_from([60, 900, 100_000]))
    def owe(self, due: int, useful: int) -> None:
        self.subjects += 1
        self.runner.run(self.plan(self.subjects, due, useful))

    async def plan(self, subject: int, due: int, useful: int) -> None:
        due_at = int(self.world.clock()) + due
        await self.db.write(store.owe(Kind.NOTICE, GUILD + subject, str(subject), due_at, useful_until=due_at + useful))

    @rule(number=st.sampled_from([1, 2]))
    def claim(self, number: int) -> None:
        self.runner.run(self.due(number))

    async def due(self, number: int) -> None:
        process = self.processes[number]
        await process._start_due(Discord(self.world, number))
        await self.settled()

    async def settled(self) -> None:
        """Wait until all that is under way waits for Discord, or has ended."""
        while True:
            running = [task for process in self.processes.values() for task in process._running]
            if all(task in self.world.gates for task in running):
                return
            await asyncio.sleep(0.0002)

    @precondition(lambda self: self.world.gates)
    @rule(which=st.integers(0, 20), outcome=st.sampled_from(ARRIVING + FAILING))
    def come_to(self, which: int, outcome: str) -> None:
        gates = list(self.world.gates.values())
        self.runner.run(self.end(gates[which % len(gates)], outcome))

    async def end(self, gate: Gate, outcome: str) -> None:
        gate.outcome.set_result(outcome)
        await asyncio.sleep(0)
        await self.settled()

    @rule(number=st.sampled_from([1, 2]), arrived=st.booleans())
    def crash(self, number: int, arrived: bool) -> None:
        self.runner.run(self.kill(number, arrived))
        self.start(number)

    async def kill(self, number: int, arrived: bool) -> None:
        for gate in list(self.world.gates.values()):
            if gate.process == number and arrived:
                self.world.arrive(gate.delivery)
        tasks = list(self.processes[number]._running)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @rule(seconds=st.one_of(st.integers(1, 30), st.integers(30, 400)))
    def wait(self, seconds: int) -> None:
        # A send is given up after a minute: none is under way longer than that.
        if self.world.gates and seconds >= SEND_TIMEOUT:
            for gate in list(self.world.gates.values()):
                self.runner.run(self.end(gate, "timeout before"))
        self.world.real += seconds

    @rule(seconds=st.integers(-5000, 5000))
    def set_the_clock(self, seconds: int) -> None:
        self.world.offset += seconds

    @rule(which=st.integers(1, 20))
    def call_off(self, which: int) -> None:
        subject = which % self.subjects + 1
        self.world.called_off.add(str(subject))
        self.runner.run(self.db_write(store.cancel(GUILD + subject, Kind.NOTICE)))

    async def db_write(self, statement: Statement) -> None:
        await self.db.write(statement)

    @rule(which=st.integers(1, 20), due=st.integers(-100, 500), useful=st.sampled_from([60, 900]))
    def move(self, which: int, due: int, useful: int) -> None:
        subject = which % self.subjects + 1
        if str(subject) not in self.world.called_off:
            self.runner.run(self.plan(subject, due, useful))

    # -- what was promised -----------------------------------------------------------------------------------

    async def in_peace(self) -> None:
        for _ in range(200):
            for gate in list(self.world.gates.values()):
                await self.end(gate, "ok")
            if await store.next_wake(self.db) is None:
                return
            self.world.real += LEASE
            await self.due(1)
        raise AssertionError("what was owed never came to an end")

    async def balance(self) -> None:
        assert self.world.useless == []
        rows = await self.db.read("SELECT * FROM deliveries")
        for row in rows:
            arrived = [message for message in self.world.channel if message.delivery == row["id"]]
            assert len(arrived) <= 1, f"delivery {row['id']} arrived {len(arrived)} times"
            state = State(row["state"])
            if state is State.SENT:
                assert len(arrived) == 1, f"delivery {row['id']} is said to be sent and never arrived"
            else:
                assert state in (State.FAILED, State.EXPIRED, State.CANCELLED)
                assert row["fault"] or state is State.CANCELLED, f"delivery {row['id']} ended without a reason"
                if state is State.CANCELLED:
                    assert row["subject"] in self.world.called_off


DeliveriesMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestDeliveries = DeliveriesMachine.TestCase
