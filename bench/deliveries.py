"""10,000 daily posts due at once, answers recorded meanwhile, and the pace at which Discord lets them out."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable

from bench.learners import open_services, posted_rounds, settings_of
from bench.measure import in_child, quantile, scratch, spread, table
from bot.app import Services
from bot.client.studybot import StudyBot
from bot.core.daily import DailySettings, Round
from bot.core.deliveries import Delivery, Kind, State
from bot.core.streaks import Streak
from bot.storage import daily_answers, deliveries, guilds
from cogs.daily import render

POSTS, ANSWERERS, PAUSE, REPEATS = 10_000, 4, 0.02, 3
PACED, PROBE, REQUESTS = 1_000, 200, 40
PER_SECOND = REQUESTS * 0.8
"""What deliveries have of the requests a second; the rest is for counts of answers."""


class InstantCourier:
    """Does for a post all that the bot does but the request itself, which is answered at once."""

    def __init__(self, services: Services, bot: StudyBot | None = None) -> None:
        self._services = services
        self._bot = bot
        self.sent: Counter[int] = Counter()

    async def send(self, delivery: Delivery) -> int | None:
        post = await self._services.daily.prepare_post(delivery)
        if self._bot is not None:
            await self._bot.pace()
        render.question(post, self._services.study.areas(post.round.item)).to_components()
        self.sent[delivery.id] += 1
        return 10**18 + delivery.id

    async def find(self, delivery: Delivery) -> int | None:
        raise AssertionError("no attempt was unsure")


async def owe(services: Services, count: int, now: int, *, after: int = 0) -> None:
    """Guilds `after` + 1 to `count`, each with a daily post due now."""
    for first in range(after + 1, count + 1, 500):
        statements = []
        for number in range(first, min(first + 500, count + 1)):
            settings: DailySettings = settings_of(number)
            day = time.strftime("%Y-%m-%d", time.gmtime(now))
            statements.append(guilds.save(settings))
            statements.append(deliveries.owe(Kind.DAILY_POST, settings.guild_id, day, now))
        await services.db.write(*statements)


async def sent_all(services: Services, courier: InstantCourier, count: int) -> None:
    """Until every post is settled."""
    # Only the database knows when the last one is settled.
    while len(courier.sent) < count or (await deliveries.counts(services.db)).get("sent", 0) < count:  # noqa: ASYNC110
        await asyncio.sleep(0.05)


async def answer_on(
    services: Services, round_: Round, first: int, writes: list[float], whole: list[float], stop: asyncio.Event
) -> None:
    """One learner after another, each answering once: the write alone, or all that an answer needs, in turn."""
    user_id = first
    while not stop.is_set():
        user_id += 1
        started = time.perf_counter()
        if user_id % 2:
            await daily_answers.answer(
                services.db, round_, user_id, "A", correct=True, points=10, streak=Streak(1, 1, 1, 0), now=1
            )
            writes.append(time.perf_counter() - started)
        else:
            await services.daily.answer(round_.id, user_id, round_.key)
            whole.append(time.perf_counter() - started)
        await asyncio.sleep(PAUSE)


async def burst(posts: int) -> dict[str, float]:
    """Seconds until all are out, CPU for each, and how long answers take while they go out and when all is quiet."""
    with scratch() as folder:
        services = await open_services(f"sqlite:///{folder}/deliveries.db")
        now = int(time.time())
        await owe(services, 1, now)
        courier = InstantCourier(services)
        loop = asyncio.create_task(services.deliveries.run(courier))
        await sent_all(services, courier, 1)
        round_ = await services.daily.round(1)
        quiet = await _answering(services, round_, asyncio.sleep(2), 10**16)
        await services.deliveries.stop()
        await loop

        await owe(services, posts + 1, now, after=1)
        started, cpu = time.perf_counter(), time.process_time()
        loop = asyncio.create_task(services.deliveries.run(courier))
        busy = await _answering(services, round_, sent_all(services, courier, posts + 1), 2 * 10**16)
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        await services.deliveries.stop()
        await loop

        assert set(courier.sent.values()) == {1}, "a post went out twice"
        settled = await deliveries.counts(services.db)
        assert settled[State.SENT.name.lower()] == posts + 1, settled
        [row] = await services.db.read("SELECT COUNT(*) AS n FROM rounds WHERE message_id IS NOT NULL")
        assert row["n"] == posts + 1
        await services.close()
    figures = {"seconds": seconds, "cpu": cpu / posts * 1000}
    return figures | _quantiles("quiet", quiet) | _quantiles("busy", busy)


def _quantiles(when: str, found: tuple[list[float], list[float]]) -> dict[str, float]:
    return {
        f"{when} {what} {name}": quantile(values, share) * 1000
        for what, values in zip(("write", "answer"), found, strict=True)
        for name, share in (("p50", 0.5), ("p99", 0.99))
    }


async def _answering(
    services: Services, round_: Round, meanwhile: Awaitable[None], first: int
) -> tuple[list[float], list[float]]:
    writes: list[float] = []
    whole: list[float] = []
    stop = asyncio.Event()
    tasks = [
        asyncio.create_task(answer_on(services, round_, first + number * 10**9, writes, whole, stop))
        for number in range(ANSWERERS)
    ]
    await meanwhile
    stop.set()
    await asyncio.gather(*tasks)
    return writes, whole


async def paced(posts: int) -> dict[str, float]:
    """Seconds that `posts` take at the bot's own pace, and how long answers take meanwhile."""
    with scratch() as folder:
        services = await open_services(f"sqlite:///{folder}/paced.db")
        [posted] = await posted_rounds(services, 1, first=posts + 1)
        await owe(services, posts, int(time.time()))
        courier = InstantCourier(services, StudyBot(services, shard_count=1, per_second=REQUESTS))
        started = time.perf_counter()
        loop = asyncio.create_task(services.deliveries.run(courier))
        found = await _answering(services, posted.round, sent_all(services, courier, posts), 10**16)
        seconds = time.perf_counter() - started
        await services.deliveries.stop()
        await loop
        await services.close()
    return {"seconds": seconds} | _quantiles("paced", found)


def _latencies(found: list[dict[str, float]], when: str, words: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for what, label in (("write", "db.write of an answer"), ("answer", "Daily.answer, reads included")):
        figures = [spread([one[f"{when} {what} {name}"] for one in found], ".1f") for name in ("p50", "p99")]
        rows.append([f"{label}, {words}: p50 and p99, ms", " and ".join(figures)])
    return rows


async def run() -> str:
    found = [await in_child("deliveries:burst", POSTS) for _ in range(REPEATS)]
    probe = [await in_child("deliveries:paced", PROBE) for _ in range(REPEATS)]
    # The first quarter second's worth goes out at once.
    expected, computed = ((posts - PER_SECOND / 4) / PER_SECOND for posts in (PROBE, PACED))
    rows = [
        [f"{POSTS:,} posts due at once, seconds", spread([one["seconds"] for one in found], ".1f")],
        ["CPU a post, answers meanwhile included, ms", spread([one["cpu"] for one in found])],
        *_latencies(found, "quiet", "nothing due"),
        *_latencies(found, "busy", "meanwhile, without pacing"),
        [f"{PROBE} posts at {PER_SECOND:g}/s, {expected:.2f} s expected", spread([one["seconds"] for one in probe])],
        *_latencies(probe, "paced", f"meanwhile, at {PER_SECOND:g}/s"),
        [f"{PACED:,} posts at {PER_SECOND:g}/s, seconds, computed", f"{computed:.1f}"],
    ]
    return table(["Measured", "Median (least to greatest)"], rows)
