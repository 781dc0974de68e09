"""200 learners who answer a question of a live round at the same moment: time until all are acknowledged, none lost."""

import asyncio
import json
import time
from random import Random
from typing import Any

from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bench.learners import GUILD, interaction, open_services
from bench.measure import child, in_child, quantile, scratch, spread, table
from bot.app import Services
from bot.client.studybot import StudyBot
from bot.core.deliveries import Delivery, Kind
from bot.core.live import LiveQuestion
from bot.services.live_starting import Wish
from bot.storage import live as store
from bot.storage import live_course as course
from cogs.live import render
from tests.e2e.loopback import TOKEN
from tests.e2e.payloads import Channel, Message, guild, snowflake

LEARNERS, CHANGES, REPEATS = 200, 50, 7
CHANNEL, HOST = GUILD + 1, 7


class _Watch(AsyncWebhookAdapter):
    """discord.py's own, which notes when each reply was acknowledged by Discord."""

    def __init__(self, expected: int) -> None:
        super().__init__()
        self.at: list[float] = []
        self.all = asyncio.Event()
        self._expected = expected

    async def create_interaction_response(self, *args: Any, **options: Any) -> Any:
        result = await super().create_interaction_response(*args, **options)
        self.at.append(time.perf_counter())
        if len(self.at) == self._expected:
            self.all.set()
        return result


async def _asked(services: Services) -> tuple[LiveQuestion, Message]:
    """The first question of a round with one right option, and the message that shows it."""
    number = 0
    while True:
        number += 1
        started = await services.live.starting.start(
            Wish(GUILD, CHANNEL + number, HOST, "cpc", questions=5, seconds=120)
        )
        live_id = started.round.id
        delivery = Delivery(number, Kind.LIVE_QUESTION, GUILD, None, f"{live_id}:1", 0, 0, 1, "", None)
        question = await services.live.prepare_question(delivery)
        if not question.asked.item.multiple:
            break
    message = Message(snowflake(), question.round.channel_id, {"flags": 1 << 15})
    await services.db.write(*course.asked(live_id, 1, message.id, int(time.time())))
    question = await services.live.question(live_id, 1)
    areas = services.study.areas(question.asked.item)
    body: dict[str, Any] = {
        "components": render.question(question, areas, question.closes_at).to_components(),
        "flags": 1 << 15,
    }
    return question, Message(message.id, question.round.channel_id, body)


async def measure(port: int) -> dict[str, float]:
    """Milliseconds until the first, the median and the last reply of all who pressed at once, and of CPU for each."""
    Route.BASE = f"http://127.0.0.1:{port}/api/v10"
    with scratch() as folder:
        services = await open_services(f"sqlite:///{folder}/live.db")
        question, message = await _asked(services)
        client = StudyBot(services, shard_count=1, deliver=False)
        await client.login(TOKEN)
        joined: Any = guild(GUILD, [Channel(question.round.channel_id, GUILD)])
        client._connection.parse_guild_create(joined)
        rng = Random(1)
        place = f"{question.round.id}:1"
        chosen = {10**16 + i: rng.choice("ABCD"[: len(question.asked.item.options)]) for i in range(LEARNERS)}
        await _press(client, question, message, dict.fromkeys(list(chosen)[:CHANGES], "A"), place, rng)
        watch, began, cpu = await _press(client, question, message, chosen, place, rng)
        rows = await services.db.read("SELECT user_id, chosen FROM live_answers")
        assert {row["user_id"]: row["chosen"] for row in rows} == chosen, "an answer was lost"
        assert await store.answer_count(services.db, question.round.id, 1) == LEARNERS
        await client.close()
        await services.close()
    waits = [(at - began) * 1000 for at in watch.at]
    return {"first": min(waits), "median": quantile(waits, 0.5), "last": max(waits), "cpu": cpu / LEARNERS * 1000}


async def _press(
    client: StudyBot, question: LiveQuestion, message: Message, chosen: dict[int, str], place: str, rng: Random
) -> tuple[_Watch, float, float]:
    watch = _Watch(len(chosen))
    async_context.set(watch)
    texts = [
        json.dumps(
            interaction(GUILD, question.round.channel_id, message, f"live:pick:{place}:{letter}@1", user_id, rng)
        )
        for user_id, letter in chosen.items()
    ]
    began, cpu = time.perf_counter(), time.process_time()
    for text in texts:
        from_gateway: Any = json.loads(text)
        client._connection.parse_interaction_create(from_gateway)
    await watch.all.wait()
    return watch, began, time.process_time() - cpu


async def run() -> str:
    async with child("server:serve") as server:
        assert server.stdout is not None
        port = int(await server.stdout.readline())
        found: list[dict[str, float]] = [await in_child("live:measure", port) for _ in range(REPEATS)]
    head = [f"{LEARNERS} learners at once, SQLite", "Milliseconds"]
    names = {"first": "first reply", "median": "half of all", "last": "all acknowledged", "cpu": "CPU an answer"}
    rows = [[title, spread([one[name] for one in found], ".2f")] for name, title in names.items()]
    return (
        table(head, rows)
        + f"\n\n{LEARNERS} of {LEARNERS} answers stored in each of {REPEATS} runs, {CHANGES} of them changes."
    )
