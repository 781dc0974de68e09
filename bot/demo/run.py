"""Starting, showing and ending the demo."""

import asyncio
import contextlib
import logging
import socket
import time
import webbrowser
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import simcord
from simcord import Env

from bot.app import Services, build_services, code_sets
from bot.client import StudyBot
from bot.codes.sets import CodeSets
from bot.config import Settings
from bot.core.content import Content
from bot.demo.cog import DemoCog
from bot.demo.turns import Turns
from bot.demo.world import World, build, live_through, start_clock
from bot.packs import TERMS, PackFaults, load_content
from bot.preparing import ensure_codes
from bot.storage.database import connect
from bot.storage.database.migrate import migrate

log = logging.getLogger(__name__)

DATABASE = Path("var/demo.db")
HALF_DAY = 43_200
TICK = 5.0
"""Seconds between moves of the simulated clock."""


class DemoFault(Exception):
    """The demo can't run; the text says why and what to do."""


@contextlib.asynccontextmanager
async def open_demo(
    database: Path, now: float, skips: "asyncio.Queue[int]", content: Content, codes: CodeSets | None = None
) -> AsyncIterator[tuple[World, Services]]:
    """The bot in a simulated server with some days of history, its clock at `now`."""
    database.parent.mkdir(parents=True, exist_ok=True)
    # The simulated server lives in memory, so its state starts anew with it.
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    db = await connect(f"sqlite:///{database}")
    await migrate(db)
    env: Env
    services = build_services(
        db, content, lambda: env.now().timestamp(), Random(7), codes=codes, longest_sleep=HALF_DAY
    )
    bot = DemoBot(services, skips)
    # Shorter than the bot's own waits, or an action would wait for them in real time.
    env = Env(bot, check_errors=False, settle_timeout=4)
    env.backend.bot_user.name = "CodeRounds"
    start_clock(env, now)
    await env.start()
    try:
        world = build(env)
        await live_through(world, services, Random(7))
        yield world, services
    finally:
        await env.shutdown()
        await services.close()


class DemoBot(StudyBot):
    """The bot itself, with one more cog."""

    def __init__(self, services: Services, skips: "asyncio.Queue[int]") -> None:
        super().__init__(services, shard_count=1)
        self._skips = skips

    async def setup_hook(self) -> None:
        await self.add_cog(DemoCog(self._skips, self))
        await super().setup_hook()


async def run_demo(port: int, settings: Settings, *, open_browser: bool = True) -> None:
    """Serve the demo until Ctrl-C. Raises DemoFault."""
    _check_port(port)
    try:
        content = load_content(settings.content_path, without=[TERMS])
        ensure_codes(settings)
        codes = code_sets(settings, content)
    except PackFaults as error:
        raise DemoFault(str(error)) from None
    print("Starting the bot in a simulated Discord server ...", flush=True)
    skips: asyncio.Queue[int] = asyncio.Queue()
    async with open_demo(DATABASE, time.time(), skips, content, codes) as (world, _):
        try:
            preview = world.env.preview(
                world.channel,
                viewers=list(world.people),
                layout="channel",
                width=1100,
                height=860,
                timezone="America/New_York",
                port=port,
            )
            async with preview:
                _announce(preview.url, open_browser=open_browser)
                await follow_real_time(world.env, Turns(world.env, preview), skips)
                print("The page's session was ended, and the demo with it.", flush=True)
        except simcord.SetupError as error:
            raise DemoFault(f"The page can't be shown: {error}.") from None


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise DemoFault(f"Port {port} is taken. Choose another: make demo PORT={port + 1}") from None


def _announce(url: str, *, open_browser: bool) -> None:
    print(
        f"\nOpen this page:  {url}\n\n"
        "You are Olivia, who runs the server; switch to the learners Ana, Ben and Chloe at the top of the page.\n"
        "Try:  /quiz start   /quiz live   /board   /group info   /code lookup   /explain   /cert show   /setup   /daily   /help\n"
        "and press a button under today's question. Ana sits an exam in a month:  /exam list   /exam plan   As yourself:  /ceu status\n"
        "Set a date with  /exam set,  and move the clock with  /demo skip  to see a reminder come, the reveal, the next question,\n"
        "a streak grow.  Ctrl-C ends the demo.\n",
        flush=True,
    )
    if open_browser:
        try:
            opened = webbrowser.open(url)
        except webbrowser.Error:
            opened = False
        if not opened:
            print("No browser could be opened from here; copy the address into one.", flush=True)


async def follow_real_time(env: Env, turns: Turns, skips: "asyncio.Queue[int]", tick: float = TICK) -> None:
    """Move the simulated clock with the real one, and by what visitors ask for, until the page's session is ended."""
    ahead = env.now().timestamp() - time.monotonic()
    while True:
        try:
            async with asyncio.timeout(tick):
                ahead += await skips.get()
        except TimeoutError:
            pass
        try:
            # Timers of the bot move the clock as well: what is missing is measured, never added up. Half a day at a
            # time, so that each step ends well within what the simulation allows for one.
            while (behind := ahead + time.monotonic() - env.now().timestamp()) > 1:
                await turns.advance(min(behind, HALF_DAY))
            await turns.refresh()
        except TimeoutError:
            log.warning("the simulated clock could not keep up")
        except simcord.SetupError:
            return
