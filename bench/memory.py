"""Memory per 1,000 guilds, against discord.py's client with its default intents and caches."""

import gc
import json
from pathlib import Path
from random import Random
from typing import Any

import discord

from bench.guilds import guild
from bench.measure import MIB, in_child, memory, scratch, spread, table
from bot.app import build_services
from bot.client.studybot import StudyBot
from bot.packs import load_content
from bot.storage.database import connect
from bot.storage.database.migrate import migrate
from tests.e2e.payloads import BOT

COUNTS = (1_000, 3_000)
REPEATS = 3


def feed(client: discord.Client, count: int, rng: Random) -> None:
    """Hand the client `count` GUILD_CREATE payloads, decoded from text as from the wire."""
    state: Any = client._connection
    if state.user is None:
        state.user = discord.ClientUser(state=state, data=BOT)  # pyright: ignore[reportArgumentType]
    for number in range(count):
        payload = discord.utils._from_json(json.dumps(guild(number, rng, BOT)))
        state.parsers["GUILD_CREATE"](payload)


OURS = "StudyBot"
DEFAULT = "discord.Client, Intents.default()"


async def measure(kind: str, count: int) -> dict[str, float]:
    """MiB that `count` guilds add to a client."""
    with scratch() as folder:
        db = await connect(f"sqlite:///{folder}/memory.db")
        await migrate(db)
        if kind == DEFAULT:
            client: discord.Client = discord.Client(intents=discord.Intents.default())
        else:
            client = StudyBot(build_services(db, load_content(Path("content"))), shard_count=1)
        rng = Random(1)
        feed(client, 10, rng)
        gc.collect()
        before = memory()
        feed(client, count, rng)
        gc.collect()
        after = memory()
        assert len(client.guilds) == count + 10
        await db.close()
    return {"rss": (after.rss - before.rss) / MIB, "uss": (after.uss - before.uss) / MIB}


async def run() -> str:
    rows: list[list[str]] = []
    for kind in (OURS, DEFAULT):
        for count in COUNTS:
            found = [await in_child("memory:measure", kind, count) for _ in range(REPEATS)]
            rows.append(
                [kind, f"{count:,}", *(spread([one[part] / count * 1000 for one in found]) for part in ("rss", "uss"))]
            )
    return table(["Client", "Guilds", "RSS, MiB per 1,000", "USS, MiB per 1,000"], rows)
