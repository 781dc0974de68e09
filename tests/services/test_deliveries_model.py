"""The delivery engine against its promise, under any interleaving of faults.

A message that is still wanted arrives exactly once or is reported as not deliverable, and never after its usefulness
ended. What may happen in between: crashes and restarts, two processes on one database, sends that take long, answers that
are lost after the message was created, answers that come twice, 429, 5xx, forbidden, clocks that jump forward and back,
zones whose rules change, calls off and moves while a message is being sent. Discord is modelled at its worst: it forgets a
nonce as soon as it may.
"""

import asyncio
import shutil
import tempfile
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.core.deliveries import LEASE, SEND_TIMEOUT, Delivery, Kind, State
from bot.services.deliveries import Deliveries
from bot.storage import deliveries as store
from bot.storage.database import Database, Statement, connect
from bot.storage.database.migrate import migrate
from tests.services.modelled import ARRIVING, FAILING, Discord, Gate, World

GUILD = 10
SUBJECTS = 8
"""So few that much happens to each."""


class Followed:
    """A message is followed by another one, owed in the transaction that records it; nothing follows that one."""

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        if delivery.kind is Kind.REVEAL:
            return []
        return [store.owe(Kind.REVEAL, delivery.guild_id, f"after {delivery.subject}", now + 30)]

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        return []


FOLDER = tempfile.TemporaryDirectory()


async def empty() -> Path:
    """A migrated database without a row, made once."""
    path = Path(FOLDER.name) / "empty.db"
    if not path.exists():
        db = await connect(f"sqlite:///{path}")
        await migrate(db)
        await db.close()
    return path


class DeliveriesMachine(RuleBasedStateMachine):
    """Whatever Hypothesis thinks of happens; at the end the world is left in peace, and the books must balance."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.world = World()
        self.subjects = 0
        self.zone = 0
        """Seconds by which local time is ahead."""
        self.local: dict[int, tuple[int, int]] = {}
        """When, by the local clock, each subject is due, and for how long it is useful."""
        self.to_move: set[int] = set()
        """What the last look after a change of the zone's rules found in a wrong place."""
        self.db: Database = self.runner.run(self.open())
        self.processes: dict[int, Deliveries] = {}
        for number in (1, 2):
            self.start(number)

    async def open(self) -> Database:
        path = Path(self.folder.name) / "model.db"
        shutil.copy(await empty(), path)
        return await connect(f"sqlite:///{path}")

    def start(self, number: int) -> None:
        self.processes[number] = Deliveries(
            self.db,
            {Kind.NOTICE: Followed(), Kind.REVEAL: Followed()},
            self.world.clock,
            Random(number),
            monotonic=lambda: self.world.real,
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

    @precondition(lambda self: self.subjects < SUBJECTS)
    @rule(due=st.integers(-500, 500), useful=st.sampled_from([60, 900, 100_000]))
    def owe(self, due: int, useful: int) -> None:
        self.subjects += 1
        self.runner.run(self.plan(self.subjects, due, useful))

    async def plan(self, subject: int, due: int, useful: int) -> None:
        due_at = int(self.world.clock()) + due
        self.local[subject] = (due_at + self.zone, useful)
        self.to_move.discard(subject)
        await self.db.write(self.owed(subject))

    def owed(self, subject: int) -> Statement:
        """Owe a subject at its local time, every other one to a person."""
        local, useful = self.local[subject]
        due_at = local - self.zone
        return store.owe(
            Kind.NOTICE,
            GUILD + subject,
            str(subject),
            due_at,
            user_id=None if subject % 2 else subject,
            useful_until=due_at + useful,
        )

    @rule(
        number=st.sampled_from([1, 2]),
        patient=st.sampled_from([True, True, True, False]),
        outcome=st.sampled_from([*ARRIVING, *FAILING, None]),
    )
    def claim(self, number: int, patient: bool, outcome: str | None) -> None:
        """A process takes up what is due; some sends come to an end at once, others stay under way."""
        # Chance alone seldom comes by when something is due.
        if patient and (wake_at := self.runner.run(self.next_wake())) is not None:
            self.wait(max(0, round(wake_at - self.world.clock())))
        before = set(self.world.gates)
        self.runner.run(self.due(number))
        if outcome is not None:
            for gate in [gate for task, gate in self.world.gates.items() if task not in before]:
                self.runner.run(self.end(gate, outcome))

    async def next_wake(self) -> int | None:
        wakes = (await store.next_wakes(self.db)).values()
        return min((wake_at for wake_at in wakes if wake_at is not None), default=None)

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

    @precondition(lambda self: self.world.gates or self.world.answers)
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
        self.to_move.discard(subject)
        self.runner.run(self.db_write(store.cancel(GUILD + subject, Kind.NOTICE)))

    async def db_write(self, statement: Statement) -> None:
        await self.db.write(statement)

    @rule(which=st.integers(1, 20), due=st.integers(-100, 500), useful=st.sampled_from([60, 900]))
    def move(self, which: int, due: int, useful: int) -> None:
        subject = which % self.subjects + 1
        if str(subject) not in self.world.called_off:
            self.runner.run(self.plan(subject, due, useful))

    @rule(hours=st.sampled_from([-1, 1, -26, 26]))
    def change_the_rules_of_the_zone(self, hours: int) -> None:
        self.zone += hours * 3600
        self.runner.run(self.look())

    async def look(self) -> None:
        """See what waits at another time than it should by now, as ExamDates.mend does. What is due by now stays."""
        rows = await self.db.read(
            "SELECT subject, due_at FROM deliveries WHERE kind = 'notice' AND state = 0 AND due_at > $1",
            int(self.world.clock()),
        )
        found = {int(row["subject"]): row["due_at"] for row in rows}
        self.to_move = {
            subject
            for subject, due_at in found.items()
            if str(subject) not in self.world.called_off and due_at != self.local[subject][0] - self.zone
        }

    @precondition(lambda self: self.to_move)
    @rule()
    def mend(self) -> None:
        self.runner.run(self.move_all())

    async def move_all(self) -> None:
        """Move what was found; it may have been taken up or sent since, but not changed by anybody."""
        before = await self.rows()
        await self.db.write(*(self.owed(subject) for subject in sorted(self.to_move)))
        for number, row in (await self.rows()).items():
            is_sent = State(before[number]["state"]) is State.SENT
            if is_sent or row["kind"] != Kind.NOTICE or int(row["subject"]) not in self.to_move:
                assert row == before[number], "what was sent, or nobody moved, was changed"
            else:
                assert row["due_at"] == self.local[int(row["subject"])][0] - self.zone
        self.to_move = set()

    async def rows(self) -> dict[int, dict[str, Any]]:
        names = ("kind", "subject", "state", "due_at", "wake_at", "useful_until", "message_id", "settled_at", "fault")
        found = await self.db.read("SELECT * FROM deliveries")
        return {row["id"]: {name: row[name] for name in names} for row in found}

    @precondition(lambda self: self.world.answers)
    @rule(which=st.integers(0, 20), number=st.sampled_from([1, 2]))
    def answer_again(self, which: int, number: int) -> None:
        delivery, message_id = self.world.answers[which % len(self.world.answers)]
        self.runner.run(self.record(number, delivery, message_id))

    async def record(self, number: int, delivery: Delivery, message_id: int) -> None:
        """A process records what another one sent, or what it has recorded already; the first record stays."""
        before = (await self.rows())[delivery.id]
        await self.processes[number]._sent(delivery, message_id)
        after = (await self.rows())[delivery.id]
        if State(before["state"]) >= State.SENT:
            assert after == before
        else:
            assert (State(after["state"]), after["message_id"]) == (State.SENT, message_id)

    # -- what was promised -----------------------------------------------------------------------------------

    async def in_peace(self) -> None:
        for _ in range(200):
            for gate in list(self.world.gates.values()):
                await self.end(gate, "ok")
            wake_at = await self.next_wake()
            if wake_at is None:
                return
            self.world.real += max(LEASE, wake_at - self.world.clock())
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
                match state:
                    case State.CANCELLED:
                        assert row["subject"] in self.world.called_off
                    case State.FAILED:
                        assert row["id"] in self.world.refused, f"delivery {row['id']} was never refused"
                    case _:
                        assert row["useful_until"] < self.world.latest, f"delivery {row['id']} would still be of use"
        named = {row["id"]: row["subject"] for row in rows if row["kind"] == Kind.NOTICE}
        arrived_ones = {named[message.delivery] for message in self.world.channel if message.delivery in named}
        sent_ones = {named[row["id"]] for row in rows if row["id"] in named and row["state"] == State.SENT}
        followed = [row["subject"].removeprefix("after ") for row in rows if row["kind"] == Kind.REVEAL]
        assert sent_ones <= set(followed), "what follows a message was never owed"
        assert set(followed) <= arrived_ones, "something follows a message that never arrived"


DeliveriesMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestDeliveries = DeliveriesMachine.TestCase
