"""The clock of the demo and its visitors do not get into each other's way; a visitor here speaks as the page does."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest

from bot.config import Settings
from bot.demo.run import DemoFault, follow_real_time, open_demo, run_demo
from bot.demo.turns import Turns
from bot.demo.world import World
from bot.packs import TERMS, load_content
from tests.demo.page import ROOT

BUTTON, SELECT = 2, 3
DAY = 86_400
NOW = 1_768_924_800


class Visitor:
    """The page's half of the protocol."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http
        self.state: dict[str, Any] = {}
        self._sequence = 0

    async def open(self) -> None:
        async with self._http.post("/api/pages", json={}) as response:
            self.state = await response.json()
        self._http.headers["X-Simcord-Context"] = self.state["context"]["id"]

    async def look(self) -> None:
        async with self._http.get("/api/state") as response:
            self.state = await response.json()

    async def act(self, kind: str, **body: Any) -> dict[str, Any]:
        """What the page does with its state as it was when it looked last; returns what it is told."""
        body |= {
            "protocol_version": 3,
            "sequence": self._sequence + 1,
            "request_id": f"request-{time.monotonic_ns()}",
            "generation": self.state["context"]["generation"],
            "bot_generation": self.state["botGeneration"],
            "published_revision": self.state["publishedRevision"],
            "kind": kind,
        }
        async with self._http.post("/api/action", json=body) as response:
            # Anything else makes the page say that the outcome is uncertain, and take no more actions.
            assert response.status == 200, await response.text()
            receipt = await response.json()
        self._sequence = receipt["expectedSequence"]
        return receipt

    async def command(self, name: str) -> dict[str, Any]:
        async with self._http.get("/api/commands") as response:
            entries = (await response.json())["entries"]
        [entry] = [entry for entry in entries if entry["invocation"] == name]
        command = {"command_id": entry["commandId"], "path": entry["path"]}
        return await self.act("run_command", **command, schema_fingerprint=entry["schemaFingerprint"], options={})

    @property
    def newest(self) -> int:
        """The id of the newest message with something to press."""
        return max(int(key) for key, message in self.state["messages"].items() if any(_controls(message)))

    async def answer(self, question: int) -> dict[str, Any]:
        """Answer the question of that message with its first button, or the first choices of its list."""
        control = next(_controls(self.state["messages"][str(question)]))
        body: dict[str, Any] = {"target_id": str(question), "control_key": control["control_key"]}
        if control["type"] == BUTTON:
            return await self.act("click", **body)
        values = [option["value"] for option in control["options"]][: control.get("min_values", 1)]
        return await self.act("select", **body, values=values)


def _controls(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if part.get("type") in (BUTTON, SELECT) and "control_key" in part:
            yield part
        part = list(part.values())
    if isinstance(part, list):
        for child in part:
            yield from _controls(child)


def done(receipt: dict[str, Any]) -> bool:
    return not receipt["rejected"] and receipt["settlement"] == "settled"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[tuple[World, Turns, Visitor, "asyncio.Queue[int]"]]:
    """The demo without its process: the world, its turns, a visitor with the page open, and the skips."""
    skips: asyncio.Queue[int] = asyncio.Queue()
    content = load_content(ROOT / "content", without=[TERMS])
    async with (
        open_demo(tmp_path / "demo.db", NOW, skips, content) as (world, _),
        world.env.preview(world.channel, viewers=list(world.people), layout="channel") as preview,
    ):
        turns = Turns(world.env, preview)
        address = urlsplit(preview.url)
        headers = {"X-Simcord-Capability": address.fragment}
        async with aiohttp.ClientSession(f"http://{address.netloc}", headers=headers) as http:
            visitor = Visitor(http)
            await visitor.open()
            yield world, turns, visitor, skips


async def test_what_a_visitor_does_while_the_clock_moves_is_done(
    stage: tuple[World, Turns, Visitor, "asyncio.Queue[int]"],
) -> None:
    world, turns, visitor, skips = stage
    began = world.env.now().timestamp()
    for _ in range(3):
        skips.put_nowait(DAY)
    clock = asyncio.create_task(follow_real_time(world.env, turns, skips, tick=0.01))
    actions = 0
    while world.env.now().timestamp() < began + 3 * DAY:
        await visitor.look()
        assert done(await visitor.command("daily"))
        actions += 1
    assert actions > 2, "the clock kept the visitor out"
    clock.cancel()
    with suppress(asyncio.CancelledError):
        await clock
    assert world.env.now().timestamp() < began + 3 * DAY + 60, "the clock went too far"


async def test_what_a_visitor_does_before_the_page_learnt_of_a_change_counts_unless_it_is_gone(
    stage: tuple[World, Turns, Visitor, "asyncio.Queue[int]"],
) -> None:
    world, turns, visitor, _ = stage
    question = visitor.newest
    assert done(await visitor.answer(question))
    await visitor.look()
    shown = visitor.state["publishedRevision"]
    await turns.refresh()
    await visitor.look()
    assert visitor.state["publishedRevision"] == shown, "the page was drawn anew for what it shows already"

    await turns.advance(60)  # The count under the question is brought up to date, and its buttons stay.
    await turns.refresh()
    assert done(await visitor.answer(question))
    await visitor.look()
    assert visitor.state["publishedRevision"] > shown

    channel = world.env.bot.get_partial_messageable(world.channel.id)
    await channel.get_partial_message(question).delete()
    await turns.refresh()
    assert (await visitor.answer(question))["rejected"]
    assert done(await visitor.command("daily"))


async def test_missing_content_is_said(tmp_path: Path) -> None:
    settings = Settings(content_path=tmp_path / "content", codes_path=tmp_path, _env_file=None)  # pyright: ignore[reportCallIssue]
    with pytest.raises(DemoFault, match=r"there is no such folder; set CONTENT_PATH"):
        await run_demo(0, settings, open_browser=False)
