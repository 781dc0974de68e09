"""Memory per 1,000 guilds, against discord.py's client with its default intents and caches."""

import gc
import json
from collections.abc import Callable
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

Strip = Callable[[Any], None]

COUNTS = (1_000, 3_000)
REPEATS = 3


def feed(client: discord.Client, count: int, rng: Random, strip: Strip | None = None) -> None:
    """Hand the client `count` GUILD_CREATE payloads, decoded from text as from the wire."""
    state: Any = client._connection
    if state.user is None:
        state.user = discord.ClientUser(state=state, data=BOT)  # pyright: ignore[reportArgumentType]
    for number in range(count):
        payload = discord.utils._from_json(json.dumps(guild(number, rng, BOT)))
        if strip is not None:
            strip(payload)
        state.parsers["GUILD_CREATE"](payload)


# -- what a client could leave out before discord.py builds objects --------------------------------------------


def without_texts(payload: Any) -> None:
    """Topics, the names of channels and roles, and ids that are never read."""
    for channel in payload["channels"]:
        for name in ("topic", "last_message_id", "parent_id"):
            channel.pop(name, None)
        channel["name"] = ""
    for role in payload["roles"]:
        role["name"] = ""


def without_others(payload: Any) -> None:
    """Also channels that take no daily post, and overwrites that say nothing of the bot."""
    without_texts(payload)
    own = {payload["id"], payload["members"][0]["user"]["id"], *payload["members"][0]["roles"]}
    payload["channels"] = [channel for channel in payload["channels"] if channel["type"] in (0, 5)]
    for channel in payload["channels"]:
        overwrites = channel["permission_overwrites"]
        channel["permission_overwrites"] = [overwrite for overwrite in overwrites if overwrite["id"] in own]


def without_roles(payload: Any) -> None:
    """Also roles that the bot neither has nor may ping."""
    without_others(payload)
    own = {payload["id"], *payload["members"][0]["roles"]}
    payload["roles"] = [role for role in payload["roles"] if role["id"] in own or role["mentionable"]]


def chosen_alone(payload: Any) -> None:
    """Of the channels only the chosen one: the others would be fetched when an organiser opens /setup."""
    without_roles(payload)
    del payload["channels"][1:]


STRIPS: dict[str, Strip | None] = {
    "StudyBot": None,
    "StudyBot, no texts": without_texts,
    "StudyBot, only what concerns it": without_others,
    "StudyBot, and only its roles": without_roles,
    "StudyBot, and only the chosen channel": chosen_alone,
}
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
        feed(client, count, rng, STRIPS.get(kind))
        gc.collect()
        after = memory()
        assert len(client.guilds) == count + 10
        await db.close()
    return {"rss": (after.rss - before.rss) / MIB, "uss": (after.uss - before.uss) / MIB}


async def run() -> str:
    rows: list[list[str]] = []
    for kind in (*STRIPS, DEFAULT):
        for count in COUNTS if STRIPS.get(kind) is None else COUNTS[:1]:
            found = [await in_child("memory:measure", kind, count) for _ in range(REPEATS)]
            rows.append(
                [kind, f"{count:,}", *(spread([one[part] / count * 1000 for one in found]) for part in ("rss", "uss"))]
            )
    return table(["Client", "Guilds", "RSS, MiB per 1,000", "USS, MiB per 1,000"], rows)
