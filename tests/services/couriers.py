"""A courier into a channel that tests can read, and the delivery loop driven without waiting for real time."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from bot.app import Services
from bot.core.deliveries import NONCE_WINDOW, Delivery, Kind, Lane
from bot.services.deliveries import Courier, Deliveries
from bot.storage import deliveries as store
from bot.storage.database import Database, DatabaseError, Row, Statement
from tests.samples import START, Clock


class Scripted:
    """A courier whose attempts end as the test says, and for the rest arrive.

    Like Discord it answers a nonce repeated within the window with the first message. `script` holds, by guild (0 for
    what is a learner's own), what the next attempts come to: an exception to raise, or "lost": the message arrives, the reply never does.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self.script: defaultdict[int, list[Exception | tuple[str, Exception]]] = defaultdict(list)
        self.find_script: list[Exception] = []
        self.attempts: list[Delivery] = []
        self.looked: list[Delivery] = []
        self.channel: list[tuple[int, Delivery]] = []
        """The time and delivery of each message that stands in a channel; its place is its message id."""
        self.content: dict[int, Any] = {}

    async def send(self, delivery: Delivery) -> int | None:
        self.attempts.append(delivery)
        match delivery.kind:
            case Kind.DAILY_POST:
                content = await self._services.daily.prepare_post(delivery)
            case Kind.REVEAL:
                content = await self._services.daily.prepare_reveal(delivery)
            case Kind.NOTICE if delivery.subject.startswith("plain"):
                content = delivery.subject
            case Kind.NOTICE:
                content = await self._services.flags.prepare_notice(delivery)
            case Kind.SEASON:
                content = await self._services.seasons.prepare(delivery)
            case Kind.GROUP_NOTICE:
                content = await self._services.groups.notices.prepare(delivery)
            case Kind.GROUP_WEEK:
                content = await self._services.goals.prepare_week(delivery)
            case Kind.MEETING | Kind.MEETING_REMINDER:
                content = await self._services.meetings.prepare(delivery)
            case Kind.MEETING_END:
                content = await self._services.meetings.prepare_end(delivery)
            case Kind.CEU:
                content = await self._services.ceu.reminders.prepare(delivery)
            case Kind.EXAM_REMINDER:
                content = await self._services.reminders.prepare(delivery)
            case Kind.GROUP_DATE:
                content = await self._services.group_dates.prepare(delivery)
            case Kind.UNREACHED:
                content = await self._services.unreached.prepare(delivery)
            case Kind.PLAN_WEEK:
                content = await self._services.plan_weeks.prepare(delivery)
            case Kind.LIVE_QUESTION:
                content = await self._services.live.prepare_question(delivery)
            case Kind.LIVE_CLOSE:
                content = await self._services.live.prepare_close(delivery)
            case Kind.LIVE_RESULT:
                content = await self._services.live.prepare_result(delivery)
        script = self.script[delivery.server_id]
        step = script.pop(0) if script else None
        if isinstance(step, Exception):
            raise step
        message_id = self._arrive(delivery)
        self.content[message_id] = content
        if step is not None:
            raise step[1]
        return message_id

    def _arrive(self, delivery: Delivery) -> int:
        now = int(self._services.clock())
        for message_id, (sent_at, other) in enumerate(self.channel, 1):
            if other.nonce == delivery.nonce and now - sent_at <= NONCE_WINDOW:
                return message_id
        self.channel.append((now, delivery))
        return len(self.channel)

    async def find(self, delivery: Delivery) -> int | None:
        self.looked.append(delivery)
        if self.find_script:
            raise self.find_script.pop(0)
        found = [message_id for message_id, (_, other) in enumerate(self.channel, 1) if other.id == delivery.id]
        return found[0] if found else None

    def kinds(self) -> list[Kind]:
        return [delivery.kind for _, delivery in self.channel]

    def subjects(self) -> list[str]:
        return [delivery.subject for _, delivery in self.channel]


class Slow(Scripted):
    """A courier whose sends wait until they are let go."""

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.started = asyncio.Event()
        self.go = asyncio.Event()
        self.begun: list[Delivery] = []

    async def send(self, delivery: Delivery) -> int | None:
        self.started.set()
        self.begun.append(delivery)
        await self.go.wait()
        return await super().send(delivery)


class Watched:
    """A database that tells how often work was looked for, and can be made to fail."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self.skip_locked, self.for_share = db.skip_locked, db.for_share
        self.begun = self.ended = 0
        self.found_work = False
        """Whether anything was due at the last look."""
        self.claiming = 0
        """How many claims are under way: what they take is about to be sent."""
        self.faults = 0
        """How many of the next claims fail."""
        self.gate: asyncio.Event | None = None
        """When set, claims wait for it once the database has answered."""
        self.reached = asyncio.Event()
        """Set once a claim was begun."""
        self._looked = asyncio.Condition()

    async def look_up(self, text: str, *args: Any) -> Sequence[Row]:
        return await self._db.look_up(text, *args)

    async def write(self, *statements: Statement) -> list[Sequence[Row]]:
        if not statements[0].sql.startswith("UPDATE deliveries SET state = 1"):
            return await self._db.write(*statements)
        self.reached.set()
        if self.faults:
            self.faults -= 1
            raise DatabaseError("the disk is gone")
        self.claiming += 1
        try:
            results = await self._db.write(*statements)
            if self.gate is not None:
                await self.gate.wait()
            return results
        finally:
            self.claiming -= 1

    async def read(self, text: str, *args: Any) -> Sequence[Row]:
        if not text.endswith(f"AS {Lane.PERSONS}"):
            return await self._db.read(text, *args)
        self.begun += 1
        number = self.begun
        rows = await self._db.read(text, *args)
        wakes = [rows[0][lane.value] for lane in Lane]
        async with self._looked:
            self.ended = number
            self.found_work = any(wake is not None and wake <= self._clock() for wake in wakes)
            self._looked.notify_all()
        return rows

    async def close(self) -> None:
        await self._db.close()

    async def looks(self, count: int) -> None:
        """Wait until that many looks for work have ended."""
        async with self._looked:
            await self._looked.wait_for(lambda: self.ended >= count)


async def owe(db: Watched, *guilds: int, due_at: int = START, useful_until: int | None = None) -> None:
    """Owe each guild a message that says that it is plain."""
    await db.write(
        *(store.owe(Kind.NOTICE, g, f"plain {g}", due_at, useful_until=useful_until) for g in guilds)
    )  # fmt: skip


def sending() -> list[asyncio.Task[Any]]:
    """The deliveries being sent at this moment."""
    return [task for task in asyncio.all_tasks() if task.get_name().startswith("delivery-")]


async def settled(deliveries: Deliveries, db: Watched) -> None:
    """Wake the loop, again and again, until it finds nothing more to do at this time of the clock."""
    while True:
        # A look that finds nothing proves something only if nothing was under way that could still add work.
        quiet = not sending() and not db.claiming and db.begun == db.ended
        before = db.begun
        deliveries.wake()
        await db.looks(before + 1)
        busy = sending()
        if busy:
            await asyncio.wait(busy)
        elif quiet and not db.found_work:
            return


@asynccontextmanager
async def loop(deliveries: Deliveries, courier: Courier) -> AsyncIterator[None]:
    """The delivery loop, running."""
    task = asyncio.create_task(deliveries.run(courier))
    try:
        yield
    finally:
        await deliveries.stop()
        await task
