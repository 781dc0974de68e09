"""The loop that sends what is owed: woken by the earliest due time, safe against crashes, one fault never stops another."""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from random import Random
from typing import Protocol

from prometheus_client import Counter, Histogram

from bot.core.deliveries import (
    CALLED_OFF,
    NONCE_WINDOW,
    SEND_TIMEOUT,
    Delivery,
    Kind,
    Lane,
    Retry,
    State,
    Undeliverable,
    Unneeded,
    backoff,
    crowding,
    must_look_first,
)
from bot.log import fields
from bot.storage import deliveries as store
from bot.storage.database import Conflict, Database, DatabaseError, Statement

log = logging.getLogger(__name__)

UNSURE_AT_MOST = 4096
HANDFUL = 8
"""Of how many slots one has to be free before a backlog is looked at again,"""
PAUSE = 0.25
"""or how many seconds after the first: a look for each message that ended would cost more than the message."""

SETTLED = Counter("coderounds_deliveries_total", "Deliveries settled.", ["kind", "state"])
DROPPED = Counter("coderounds_deliveries_dropped_total", "Deliveries that ended unsent.", ["kind", "reason"])
RETRIED = Counter("coderounds_delivery_retries_total", "Attempts given back.", ["kind", "reason"])
LATENESS = Histogram(
    "coderounds_delivery_lateness_seconds",
    "From due to sent.",
    ["kind"],
    buckets=(1, 2, 5, 10, 30, 60, 300, 1800, 7200, 43200),
)


class Courier(Protocol):
    """Carries messages to Discord."""

    async def send(self, delivery: Delivery) -> int | None:
        """Send with the delivery's nonce; returns the message id if there is one. Raises Retry, Undeliverable, Unneeded."""
        ...

    async def find(self, delivery: Delivery) -> int | None:
        """The message of an earlier attempt, if it got through. Raises like `send`."""
        ...


class Subject(Protocol):
    """What a kind of delivery means to the rest of the state."""

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        """What else changes in the transaction that records it as sent."""
        ...

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        """What else changes when it failed for good or its usefulness ended."""
        ...


class Deliveries:
    """Sends what is owed, each exactly once."""

    def __init__(
        self,
        db: Database,
        subjects: Mapping[Kind, Subject],
        clock: Callable[[], float],
        rng: Random,
        *,
        slots: int = 256,
        longest_sleep: float = 60,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`slots` sends run at once, a quarter of them to persons: neither lane waits for the other, and what is due in a
        server waits behind few persons for its turn at the pace. `longest_sleep` bounds the wait, since another process may add earlier work.
        `monotonic` is a clock in seconds that nobody sets."""
        self._db = db
        self._subjects = subjects
        self._clock = clock
        self._rng = rng
        self._all_slots = slots
        self._slots: dict[Lane, int] = {}
        self.share(1)
        self._longest_sleep = longest_sleep
        self._monotonic = monotonic
        self._unsure: dict[int, float] = {}
        """When, by the monotonic clock, the first attempt began here of each delivery that may have got through."""
        self._lease = secrets.token_hex(8)
        self._running: dict[asyncio.Task[None], Delivery] = {}
        self._loop: asyncio.Task[None] | None = None
        self._sleeper: asyncio.Task[None] | None = None
        self._full = False
        """Whether more is due than there was room for."""
        self._freed = 0
        self._pause: asyncio.TimerHandle | None = None
        self._woken = False
        self._stopping = False

    def share(self, processes: int) -> None:
        """Send only so many at once that they go out in time at a pace that is divided among processes."""
        slots = self._all_slots // processes
        persons = max(1, slots // 4)
        self._slots = {Lane.SERVERS: max(1, slots - persons), Lane.PERSONS: persons}

    def wake(self) -> None:
        """Look for due work now: something was added or moved."""
        self._woken = True
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
        if self._sleeper is not None:
            self._sleeper.cancel()

    async def run(self, courier: Courier) -> None:
        """Send until `stop`. A database fault is waited out, never fatal."""
        self._stopping = False
        self._loop = asyncio.current_task()
        while not self._stopping:
            self._woken = False
            try:
                delay = await self._start_due(courier)
            except DatabaseError as error:
                log.error("deliveries can't read the database", extra=fields(error=str(error)))
                delay = 5.0
            if delay > 0 and not self._woken and not self._stopping:
                await self._sleep(delay)

    async def stop(self, grace: float = 10) -> None:
        """Take nothing new, and let what is being sent end within `grace` seconds; what doesn't is found by its lease."""
        self._stopping = True
        self.wake()
        # A claim that is under way ends first: what it takes is sent, or it would wait for its lease to run out.
        if self._loop is not None and self._loop is not asyncio.current_task():
            await asyncio.wait([self._loop], timeout=grace)
        if self._running:
            await asyncio.wait(self._running, timeout=grace)
        for task in self._running:
            task.cancel()

    async def _start_due(self, courier: Courier) -> float:
        """Start a task for each due delivery there is room for; returns the seconds to sleep, 0 to look again."""
        delay = self._longest_sleep
        self._freed, self._full = 0, False
        for lane, wake_at in (await store.next_wakes(self._db)).items():
            if wake_at is None:
                continue
            room, now = self._room(lane), int(self._clock())
            if room <= 0:
                self._full = True  # whatever ends makes room, and wakes the loop
            elif wake_at <= now:
                await self._claim(courier, lane, now, room)
                delay = 0
            else:
                # A millisecond more, so that the clock has surely reached the second that was waited for.
                delay = min(delay, wake_at - self._clock() + 0.001)
        return delay

    def _room(self, lane: Lane) -> int:
        """How many more of a lane may be sent now."""
        return self._slots[lane] - sum(each.lane is lane for each in self._running.values())

    async def _claim(self, courier: Courier, lane: Lane, now: int, room: int) -> None:
        """Start what is due, the earliest first. Where guilds crowd the lane, one of each guild that has none on its way
        comes before that, then what those owe that do not crowd it."""
        guilds = [each.guild_id for each in self._running.values() if each.lane is lane]
        crowd = crowding(guilds, self._slots[lane])
        before = [(store.claim_one_each, sorted(set(guilds))), (store.claim, crowd)] if crowd else []
        for way, but in (*before, (store.claim, [])):
            if room > 0:
                found = await way(self._db, lane, now, room, self._lease, but)
                room -= len(found)
                for delivery in found:
                    self._start(courier, delivery, now)

    def _start(self, courier: Courier, delivery: Delivery, now: int) -> None:
        task = asyncio.create_task(self._deliver(courier, delivery, now), name=f"delivery-{delivery.id}")
        self._running[task] = delivery
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        lane = self._running.pop(task).lane
        self._freed += 1
        if not self._full or self._freed * HANDFUL >= self._slots[lane]:
            self.wake()
        elif self._pause is None:
            self._pause = asyncio.get_running_loop().call_later(PAUSE, self.wake)

    async def _sleep(self, delay: float) -> None:
        self._sleeper = asyncio.create_task(asyncio.sleep(delay))
        try:
            await asyncio.wait([self._sleeper])
        finally:
            self._sleeper.cancel()
            self._sleeper = None

    async def _deliver(self, courier: Courier, delivery: Delivery, claimed_at: int) -> None:
        about = fields(delivery=delivery.id, kind=delivery.kind.value, guild=delivery.guild_id)
        try:
            await self._attempt(courier, delivery, claimed_at)
        except DatabaseError as error:
            # Sent or not, the lease runs out and the next claim finds out.
            log.error("delivery not recorded", extra=about | {"error": str(error)})
        except Exception:
            log.exception("delivery failed in a way nobody expected", extra=about)

    async def _attempt(self, courier: Courier, delivery: Delivery, claimed_at: int) -> None:
        earlier, began = delivery.unsure_since, self._unsure.pop(delivery.id, None)
        age = None if began is None else self._monotonic() - began
        if earlier is None:
            began = self._monotonic()  # this is the first that may get through
        try:
            async with asyncio.timeout(SEND_TIMEOUT):
                too_late = claimed_at > delivery.useful_until
                if must_look_first(delivery, age) or (earlier is not None and too_late):
                    found = await courier.find(delivery)
                    if found is not None:
                        await self._sent(delivery, found)
                        return
                    earlier, began = None, self._monotonic()
                # Past its usefulness nothing new is sent; but one that did get through is recorded above.
                if too_late:
                    called_off = delivery.useful_until == CALLED_OFF
                    state, reason = (State.CANCELLED, "called off") if called_off else (State.EXPIRED, "too late")
                    await self._dropped(delivery, state, reason)
                    return
                message_id = await courier.send(delivery)
        except TimeoutError:
            self._remember(delivery, began)
            await self._retry(delivery, earlier or claimed_at, "timeout", None)
        except Retry as fault:
            unsure = (earlier or claimed_at) if fault.unsure else earlier
            if unsure is not None:
                self._remember(delivery, began)
            await self._retry(delivery, unsure, fault.reason, fault.after)
        except Undeliverable as fault:
            await self._dropped(delivery, State.FAILED, fault.reason)
        except Unneeded as fault:
            await self._dropped(delivery, State.CANCELLED, fault.reason)
        else:
            await self._sent(delivery, message_id)

    def _remember(self, delivery: Delivery, began: float | None) -> None:
        if began is None:
            return  # the first attempt was another process's: its age stays unknown, and a look comes first
        self._unsure[delivery.id] = began
        if len(self._unsure) > UNSURE_AT_MOST:  # what other processes took over is of no use here any more
            oldest = self._monotonic() - NONCE_WINDOW
            self._unsure = {number: when for number, when in self._unsure.items() if when >= oldest}

    async def _sent(self, delivery: Delivery, message_id: int | None) -> None:
        now = int(self._clock())
        also = await self._subjects[delivery.kind].sent(delivery, message_id, now)
        await self._db.write(store.settle(delivery, State.SENT, now, message_id=message_id), *also)
        SETTLED.labels(delivery.kind.value, "sent").inc()
        LATENESS.labels(delivery.kind.value).observe(max(now - delivery.due_at, 0))

    async def _dropped(self, delivery: Delivery, state: State, reason: str) -> None:
        now = int(self._clock())
        also = await self._subjects[delivery.kind].dropped(delivery, state, reason, now)
        settled = store.settle(delivery, state, now, fault=reason)
        try:
            await self._db.write(store.not_moved(delivery), settled, *also)
        except Conflict:
            # What it is by now is another matter than what could not be sent.
            await self._retry(delivery, None, "moved", None)
            return
        SETTLED.labels(delivery.kind.value, state.name.lower()).inc()
        DROPPED.labels(delivery.kind.value, reason).inc()
        log.warning(
            "delivery dropped",
            extra=fields(
                delivery=delivery.id,
                kind=delivery.kind.value,
                guild=delivery.guild_id,
                state=state.name.lower(),
                reason=reason,
            ),
        )

    async def _retry(self, delivery: Delivery, unsure_since: int | None, reason: str, after: float | None) -> None:
        delay = max(backoff(delivery.attempts, self._rng), after or 0)
        wake_at = int(self._clock() + delay) + 1
        await self._db.write(store.retry(delivery, wake_at, unsure_since, reason))
        RETRIED.labels(delivery.kind.value, reason).inc()
        log.info(
            "delivery to be tried again",
            extra=fields(
                delivery=delivery.id,
                kind=delivery.kind.value,
                guild=delivery.guild_id,
                reason=reason,
                seconds=round(delay),
            ),
        )
