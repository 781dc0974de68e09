"""A simulated year of exam reminders: learners in every zone, every change of clocks, dates that move and are taken out."""

import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bench.measure import scratch, table
from bot.app import Services, build_services
from bot.core.deliveries import Delivery
from bot.core.exam_dates import Moment
from bot.services.exam_dates import Draft, Step
from bot.services.exam_owed import Occurrence
from bot.services.setup import ZONES
from bot.storage.database import connect
from bot.storage.database.migrate import migrate
from tests.samples import Clock, sample_content
from tests.services.couriers import Watched, loop, settled

LEARNERS, MOVED, CANCELLED, SEED = 2_000, 300, 150, 20270101
BEGIN, END = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 2, tzinfo=UTC)
OFFSETS = (30, 14, 7, 3, 1, 0)


@dataclass(frozen=True)
class Expected:
    """A reminder that should arrive: whose, of which state of the date, and when (UTC seconds)."""

    user_id: int
    offset: int
    at: int


class Inbox:
    """A courier that notes what arrives, once it has seen that there is something to say."""

    def __init__(self, services: Services, clock: Clock) -> None:
        self._services = services
        self._clock = clock
        self.arrived: list[tuple[Delivery, int]] = []

    async def send(self, delivery: Delivery) -> int | None:
        await self._services.reminders.prepare(delivery)
        self.arrived.append((delivery, int(self._clock())))
        return len(self.arrived)

    async def find(self, delivery: Delivery) -> int | None:
        raise AssertionError("nothing is unsure here")


def due_times(moment: Moment) -> list[tuple[int, int]]:
    """Offsets and instants by plain datetime arithmetic, nothing of the bot's own rules."""
    zone = ZoneInfo(moment.zone)

    def clock(day: date, hour: int) -> int:
        return int(datetime(day.year, day.month, day.day, hour, tzinfo=zone).timestamp())

    found = [(offset, clock(moment.day - timedelta(days=offset), 9)) for offset in OFFSETS[:-1]]
    morning = clock(moment.day, 7)
    if moment.minute is not None:
        hour, minute = divmod(moment.minute, 60)
        start = datetime(moment.day.year, moment.day.month, moment.day.day, hour, minute, tzinfo=zone)
        morning = min(morning, int(start.timestamp()) - 7200)
    return [*found, (0, morning)]


def draw(rng: Random, zone: str, first: date) -> Moment:
    day = first + timedelta(days=rng.randrange(1, (date(2027, 12, 31) - first).days))
    return Moment(day, rng.choice([None, 8 * 60, 10 * 60 + 30, 13 * 60]), zone)


async def run() -> str:
    started, cpu = time.perf_counter(), time.process_time()
    rng, clock = Random(SEED), Clock(BEGIN.timestamp())
    with scratch() as folder:
        inner = await connect(f"sqlite:///{folder}/year.db")
        await migrate(inner)
        db = Watched(inner, clock)
        services = build_services(db, sample_content(), clock, rng, longest_sleep=10**9)
        inbox = Inbox(services, clock)
        dates = {user: draw(rng, ZONES[user % len(ZONES)], BEGIN.date()) for user in range(1, LEARNERS + 1)}
        for user, moment in dates.items():
            await services.exam_dates.confirm(user, 0, Draft(Step.SET, "cpc", moment))
        expected: Counter[Expected] = Counter()
        valid_from = dict.fromkeys(dates, int(clock()))
        changes = sorted(
            (int(BEGIN.timestamp()) + rng.randrange(300 * 86_400), user, number < MOVED)
            for number, user in enumerate(rng.sample(sorted(dates), MOVED + CANCELLED))
        )

        def note(user: int, until: int) -> None:
            for offset, at in due_times(dates[user]):
                if valid_from[user] < at <= until:
                    expected[Expected(user, offset, at)] += 1

        skipped = 0
        async with loop(services.deliveries, inbox):
            for at, user, moves in changes:
                await go_on(services, db, clock, at)
                if dates[user].over_at <= at:
                    skipped += 1
                    continue
                note(user, at)
                if moves:
                    moment = draw(rng, dates[user].zone, datetime.fromtimestamp(at, UTC).date() + timedelta(days=1))
                    found = await services.exam_dates.propose_move(
                        user,
                        "",
                        moment.day.isoformat(),
                        "none" if moment.minute is None else f"{moment.minute // 60}:{moment.minute % 60:02}",
                        "",
                    )
                    await services.exam_dates.confirm(user, 0, found.draft)
                    dates[user], valid_from[user] = moment, at
                else:
                    await services.exam_dates.cancel(user, "")
                    valid_from[user] = int(END.timestamp())
                if rng.random() < 0.1:
                    assert await services.exam_dates.reminders.mend() == 0
            await go_on(services, db, clock, int(END.timestamp()))
        for user in dates:
            note(user, int(END.timestamp()))
        arrived = Counter(
            Expected(delivery.user_id or 0, Occurrence.of(delivery.subject).offset, at)
            for delivery, at in inbox.arrived
        )
        [left] = await db.read("SELECT COUNT(*) AS n FROM deliveries WHERE state < 2")
        await services.close()
    rows = [
        ["learners, in zones", f"{LEARNERS:,} in {len(ZONES)}"],
        ["dates moved, taken out, over before", f"{MOVED}, {CANCELLED}, {skipped} of them"],
        ["reminders that should arrive", f"{expected.total():,}"],
        ["arrived at their local time", f"{(expected & arrived).total():,}"],
        ["missing", f"{(expected - arrived).total():,}"],
        ["doubled, or at another time", f"{(arrived - expected).total():,}"],
        ["left over at the end", f"{left['n']:,}"],
        ["seconds, of CPU", f"{time.perf_counter() - started:.0f}, {time.process_time() - cpu:.0f}"],
    ]
    return f"Seed {SEED}.\n\n" + table(["", ""], rows)


async def go_on(services: Services, db: Watched, clock: Clock, until: int) -> None:
    """Let the clock stand at each instant at which something is due, up to `until`."""
    while True:
        [row] = await db.read("SELECT MIN(wake_at) AS at FROM deliveries WHERE state < 2")
        if row["at"] is None or row["at"] > until:
            break
        clock.now = max(row["at"], clock.now)
        await settled(services.deliveries, db)
    clock.now = until
