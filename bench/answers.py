"""CPU per answered question, against a bare discord.py client whose button gives a constant reply."""

import asyncio
import json
import statistics
import time
from random import Random
from typing import Any

import discord
from discord.http import Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from bench.bare import bare_client
from bench.learners import Posted, open_services, posted_rounds, press
from bench.measure import child, in_child, scratch, spread, table
from bot.client.studybot import StudyBot
from tests.e2e.loopback import TOKEN
from tests.e2e.payloads import Channel, guild

PRESSES, WARM, ROUNDS, IN_FLIGHT, REPEATS = 2_000, 200, 20, 20, 5


async def measure(kind: str, port: int) -> dict[str, float]:
    """Milliseconds of CPU an answer, all threads counted, and answers per second."""
    Route.BASE = f"http://127.0.0.1:{port}/api/v10"
    with scratch() as folder:
        services = await open_services(f"sqlite:///{folder}/answers.db")
        rounds = await posted_rounds(services, ROUNDS)
        client = bare_client() if kind == "bare" else StudyBot(services, shard_count=1, deliver=False)
        await client.login(TOKEN)
        _join(client, rounds)
        rng = Random(1)
        texts = [json.dumps(press(rounds[i % ROUNDS], 10**16 + i, rng)) for i in range(WARM + PRESSES)]
        await press_all(client, texts[:WARM])
        started, cpu = time.perf_counter(), time.process_time()
        await press_all(client, texts[WARM:])
        cpu, seconds = time.process_time() - cpu, time.perf_counter() - started
        if kind != "bare":
            [row] = await services.db.read("SELECT COUNT(*) AS n FROM answers")
            assert row["n"] == WARM + PRESSES, row["n"]
        await client.close()
        await services.close()
    return {"ms": cpu / PRESSES * 1000, "rate": PRESSES / seconds}


def _join(client: discord.Client, rounds: list[Posted]) -> None:
    for posted in rounds:
        channel = Channel(posted.round.channel_id, posted.round.guild_id)
        payload: Any = guild(posted.round.guild_id, [channel])
        client._connection.parse_guild_create(payload)


class _Adapter(AsyncWebhookAdapter):
    """discord.py's own, which makes room for the next press when one was answered."""

    def __init__(self, room: asyncio.Semaphore) -> None:
        super().__init__()
        self._room = room

    async def create_interaction_response(self, *args: Any, **options: Any) -> Any:
        try:
            return await super().create_interaction_response(*args, **options)
        finally:
            self._room.release()


async def press_all(client: discord.Client, texts: list[str]) -> None:
    """Feed the presses to discord.py, IN_FLIGHT at once, and wait until the last is answered."""
    room = asyncio.Semaphore(IN_FLIGHT)
    async_context.set(_Adapter(room))
    for text in texts:
        await room.acquire()
        client._connection.parse_interaction_create(discord.utils._from_json(text))
    for _ in range(IN_FLIGHT):
        await room.acquire()


async def run() -> str:
    found: dict[str, list[dict[str, float]]] = {"bare": [], "StudyBot": []}
    async with child("server:serve") as server:
        assert server.stdout is not None
        port = int(await server.stdout.readline())
        for _ in range(REPEATS):
            for kind, measured in found.items():
                measured.append(await in_child("answers:measure", kind, port))
    rows = [
        [kind, spread([one["ms"] for one in measured], ".3f"), spread([one["rate"] for one in measured], ".0f")]
        for kind, measured in found.items()
    ]
    ratios = [ours["ms"] / bare["ms"] for bare, ours in zip(found["bare"], found["StudyBot"], strict=True)]
    medians = {kind: statistics.median(one["ms"] for one in measured) for kind, measured in found.items()}
    text = table(["Client", "CPU an answer, ms", "Answers a second"], rows)
    return f"{text}\n\nRatio of the medians {medians['StudyBot'] / medians['bare']:.2f}; of each pair {spread(ratios)}."
