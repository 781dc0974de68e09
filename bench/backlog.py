"""10,000 messages due in one minute, sent through discord.py over a socket at the bot's pace, while learners press."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import aiohttp
import discord
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bench.deliveries import owe
from bench.learners import Posted, open_services, posted_rounds, press
from bench.measure import child, in_child, quantile, scratch, table
from bot.app import Services
from bot.client.studybot import StudyBot
from bot.core.deliveries import Kind, Lane, State
from bot.core.exam_dates import Moment
from bot.storage import deliveries, exam_dates
from tests.e2e.loopback import TOKEN

MESSAGES, ROUNDS, PRESSES_A_SECOND, PER_SECOND = 10_000, 20, 5, 40
EXAM, MINUTE = "cpc", 60
BIG, OTHERS = 1, 20
"""The server of nearly all who are reminded, and how many are of another one each."""


class _Watch(AsyncWebhookAdapter):
    """discord.py's own, which notes how long Discord waited for each reply."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: dict[int, float] = {}
        self.waits: list[float] = []

    async def create_interaction_response(self, interaction_id: int, *args: Any, **options: Any) -> Any:
        result = await super().create_interaction_response(interaction_id, *args, **options)
        self.waits.append((time.perf_counter() - self.begun.pop(interaction_id)) * 1000)
        return result


async def _owe_reminders(services: Services, count: int, now: int) -> None:
    """Learners of whom each put a reminder of an exam off until some second of the last minute: of one server, but for a
    few whose reminders are among the last that fell due."""
    moment = Moment(datetime.fromtimestamp(now, UTC).date() + timedelta(days=14), None, "UTC")
    for first in range(0, count, 500):
        users = [10**15 + number * 10 for number in range(first, min(first + 500, count))]
        guilds = [BIG if number < count - OTHERS else BIG + number for number in range(first, first + len(users))]
        await services.db.write(
            *(exam_dates.add(user, guild, EXAM, moment, now) for user, guild in zip(users, guilds, strict=True))
        )
        again = []
        for number, user_id in enumerate(users):
            [found] = await exam_dates.planned(services.db, user_id)
            due_at = now - (number % MINUTE if found.guild_id == BIG else 0)
            again.append(exam_dates.owe_again(services.db, found, 14, number, due_at, now + 86400))
        await services.db.write(*again)
    # Those at the usual hours are owed here, not while measuring.
    await services.exam_dates.reminders.mend()


async def _press_on(client: StudyBot, rounds: list[Posted], watch: _Watch, stop: asyncio.Event) -> int:
    """A learner after another presses the button of an open question; returns how many did."""
    rng, number = Random(1), 0
    while not stop.is_set():
        number += 1
        payload = press(rounds[number % ROUNDS], 10**16 + number, rng)
        watch.begun[int(payload["id"])] = time.perf_counter()
        client._connection.parse_interaction_create(discord.utils._from_json(json.dumps(payload)))
        await asyncio.sleep(1 / PRESSES_A_SECOND)
    return number


async def measure(port: int, messages: int) -> dict[str, float]:
    """Seconds until all are out, milliseconds of CPU a message, and how long presses waited (milliseconds)."""
    Route.BASE = f"http://127.0.0.1:{port}/api/v10"
    with scratch() as folder:
        services = await open_services(f"sqlite:///{folder}/backlog.db")
        rounds = await posted_rounds(services, ROUNDS, first=messages + 1)
        now = int(time.time())
        await owe(services, messages // 2, now)
        await _owe_reminders(services, messages // 2, now)
        client = StudyBot(services, shard_count=1, per_second=PER_SECOND)
        watch, stop = _Watch(), asyncio.Event()
        async_context.set(watch)
        await client.login(TOKEN)
        await client.on_ready()  # what is there now is kept from the collector, as in a bot that runs
        started, cpu = time.perf_counter(), time.process_time()
        pressing = asyncio.create_task(_press_on(client, rounds, watch, stop))
        # Only the database knows when the last one is settled.
        while await _due(services):  # noqa: ASYNC110
            await asyncio.sleep(1)
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        stop.set()
        presses = await pressing
        await services.deliveries.stop()
        rows = await services.db.read("SELECT kind, state, COUNT(*) AS n FROM deliveries GROUP BY kind, state")
        sent = {row["kind"]: row["n"] for row in rows if row["state"] == State.SENT}
        assert sent == {Kind.DAILY_POST: messages // 2, Kind.EXAM_REMINDER: messages // 2}, sent
        assert len(watch.waits) >= presses - 2
        late = await services.db.read("SELECT settled_at - due_at AS s, kind, guild_id FROM deliveries WHERE state = 2")
        await client.close()
        await services.close()
    return {
        "seconds": seconds,
        "cpu": cpu / messages * 1000,
        "presses": presses,
        "p50": quantile(watch.waits, 0.5),
        "p99": quantile(watch.waits, 0.99),
        "most": max(watch.waits),
        "posts": max(row["s"] for row in late if row["kind"] == Kind.DAILY_POST),
        "others": max(row["s"] for row in late if row["kind"] == Kind.EXAM_REMINDER and row["guild_id"] != BIG),
    }


async def _due(services: Services) -> bool:
    wakes = await deliveries.next_wakes(services.db)
    return any(wake is not None and wake <= time.time() for wake in (wakes[lane] for lane in Lane))


async def run(messages: int = MESSAGES) -> str:
    async with child("server:serve") as server:
        assert server.stdout is not None
        port = int(await server.stdout.readline())
        found = await in_child("backlog:measure", port, messages)
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/paced") as response:
            paced: list[float] = await response.json()
    most = max(sum(at <= other < at + 1 for other in paced[place : place + 200]) for place, at in enumerate(paced))
    rows = [
        [
            f"{messages // 2:,} daily posts and {messages // 2:,} reminders, seconds until all were out",
            f"{found['seconds']:.0f}",
        ],
        ["the last of the daily posts after it was due, seconds", f"{found['posts']}"],
        [f"the last of the reminders of {OTHERS} other servers after it was due, seconds", f"{found['others']}"],
        ["requests, most in any one second", f"{len(paced):,}, {most}"],
        [f"CPU a message, {found['presses']:.0f} presses meanwhile included, ms", f"{found['cpu']:.2f}"],
        [
            "reply to a press meanwhile: p50, p99, longest, ms",
            f"{found['p50']:.1f}, {found['p99']:.1f}, {found['most']:.1f}",
        ],
    ]
    return table(["Measured, once", f"At {PER_SECOND} requests a second"], rows)
