"""From the start of the process to open services and to READY on a loopback gateway, with a new and an old database."""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from typing import Any

from bench.measure import MIB, ROOT, scratch, spread, table
from tests.e2e.loopback import TOKEN, Loopback

REPEATS = 5
GUILDS = 10
IMPORTS_SHOWN = 12

Stages = dict[str, dict[str, Any]]


def _environment(discord: Loopback, folder: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DISCORD_TOKEN": TOKEN,
        "DISCORD_API_BASE": discord.api_base,
        "DISCORD_GATEWAY_URL": discord.gateway.url,
        "DATABASE_URL": f"sqlite:///{folder}/startup.db",
        "BENCH_STARTED": str(time.time()),
        "LOG_LEVEL": "ERROR",
    }


async def start(discord: Loopback, folder: str) -> Stages:
    """Start the bot, wait until it is ready, and end it; when it reached which stage."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.started", cwd=ROOT, env=_environment(discord, folder), stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    stages: Stages = {}
    async with asyncio.timeout(60):
        while "on_ready" not in stages:
            line = json.loads(await process.stdout.readline())
            stages[line["stage"]] = line
        process.terminate()
        await process.wait()
    return stages


async def largest_imports() -> list[list[str]]:
    """The modules whose import takes longest, what they import included."""
    code = "import bot.__main__, bot.running, cogs.daily.cog, cogs.setup.cog, cogs.help.cog, cogs.privacy.cog"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-X", "importtime", "-c", code, cwd=ROOT, stderr=subprocess.PIPE
    )
    _, text = await process.communicate()
    found = [line.removeprefix("import time:").split("|") for line in text.decode().splitlines() if "|" in line][1:]
    longest = sorted(((int(total), name.strip()) for _, total, name in found), reverse=True)
    return [[f"`{name}`", f"{total / 1000:.0f}"] for total, name in longest[:IMPORTS_SHOWN]]


async def run() -> str:
    runs: dict[str, list[Stages]] = {"new": [], "old": []}
    async with Loopback() as discord:
        for number in range(GUILDS):
            discord.add_guild(1000 + number * 10)
        for _ in range(REPEATS):
            with scratch() as folder:
                for measured in runs.values():
                    measured.append(await start(discord, folder))
    texts: list[str] = []
    for kind, measured in runs.items():
        rows: list[list[str]] = []
        last = 0.0
        for stage in measured[0]:
            at = [run[stage]["at"] for run in measured]
            rss = statistics.median(run[stage]["rss"] for run in measured) / MIB
            rows.append([stage, spread(at), f"{statistics.median(at) - last:.2f}", f"{rss:.0f}"])
            last = statistics.median(at)
        head = [f"Stage ({kind} database)", "Seconds since the start", "Share", "RSS, MiB"]
        texts.append(table(head, rows))
    texts.append(table(["Import, with what it imports", "ms under -X importtime"], await largest_imports()))
    return "\n\n".join(texts)
