"""A simulated Discord server with the real bot in it, on a database of either kind."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import discord
import pytest
from discord import ui
from simcord import Env

from bot.app import Services, build_services
from bot.client import StudyBot
from bot.codes.sets import CodeSets
from bot.core.content import Content
from bot.core.daily import DailySettings
from bot.storage import daily
from bot.storage.database import Database
from cogs.setup.permissions import INVITE
from tests.codes.databases import book, book_of_all, codes_folder, content_folder, folder_of_all, sets_in
from tests.samples import wrong

__all__ = ["book", "book_of_all", "codes_folder", "content_folder", "folder_of_all"]

DAY = 86_400
HOUR = 3600
CODING_DAY = datetime(2026, 11, 21, 17, tzinfo=UTC)
"""When servers with code sets begin: noon in New York, seven weeks into FY2027."""


@dataclass
class Server:
    """Handles into the simulated server, and what tests do in it again and again."""

    env: Env
    services: Services
    guild: Any
    channel: Any
    managers: Any
    organiser: Any
    ana: Any
    ben: Any
    cleo: Any

    async def restart(self) -> None:
        """End the client and start another on the same database, as a deploy does."""
        await self.env.restart_bot(StudyBot(self.services, shard_count=1))

    async def set_up(self, **changes: Any) -> DailySettings:
        """Noon in New York, for the exam of the sample content, unless said otherwise."""
        chosen: dict[str, Any] = {
            "guild_id": self.guild.id,
            "channel_id": self.channel.id,
            "minute": 720,
            "zone": "America/New_York",
            "exam": "cpc",
            "organiser_id": self.organiser.id,
        }
        return await self.services.setup.save(DailySettings(**{**chosen, **changes}))

    async def next_post(self) -> Any:
        """Let a day pass; returns the message with the newest question."""
        await self.env.advance_time(DAY)
        return await self.post()

    async def post(self) -> Any:
        [round_] = await self.rounds(1)
        assert round_.message_id is not None
        return await self.message(round_.channel_id, round_.message_id)

    async def message(self, channel_id: int, message_id: int) -> Any:
        with self.env.time_context():
            return await self.env.bot.get_partial_messageable(channel_id).fetch_message(message_id)

    async def rounds(self, limit: int = 10) -> Any:
        return await daily.latest_rounds(self.services.db, self.guild.id, limit)

    async def press_right(self, learner: Any, message: Any) -> Any:
        [round_] = await self.rounds(1)
        return await self.choose(learner, message, round_.key)

    async def press_wrong(self, learner: Any, message: Any) -> Any:
        [round_] = await self.rounds(1)
        return await self.choose(learner, message, wrong(round_.asked))

    def edits(self) -> int:
        """How many messages were edited so far."""
        return len([call for call in self.env.http_requests if call.method == "PATCH"])

    def allow(self, **permissions: bool) -> None:
        """Change what the bot may do in the server; at first it has what the invite link asks for."""
        role = next(role for role in self.env.backend.get_guild(self.guild.id).roles.values() if role.managed)
        allowed = discord.Permissions(role.permissions)
        allowed.update(**permissions)
        role.permissions = allowed.value
        self.env.backend.announce_role_updates(self.guild.id, [role])

    def forgive(self) -> None:
        """Errors so far were raised on purpose: as sentences to a person."""
        self.env._errors_acknowledged = self.env.error_cursor

    async def left_over(self, item: ui.Item[Any]) -> Any:
        """A message in the channel with a button or select that an earlier release left there."""
        view = ui.LayoutView(timeout=None)
        view.add_item(ui.ActionRow(item))
        view.stop()
        with self.env.time_context():
            channel = self.env.bot.get_partial_messageable(self.channel.id, guild_id=self.guild.id)
            return await channel.send(view=view)

    async def choose(self, learner: Any, message: Any, letters: str) -> Any:
        for name in controls(message):
            if name.startswith("choose:"):
                return await learner.select(message, list(letters), custom_id=name)
        return await learner.click(message, label=letters)


def texts(message: Any) -> str:
    """All text of a message or reply, in order."""
    found: list[str] = []

    def walk(components: Any) -> None:
        for component in components:
            data = component if isinstance(component, dict) else component.to_dict()
            if data.get("content"):
                found.append(data["content"])
            walk(data.get("components", ()))

    walk(message.components)
    return "\n".join(found)


def controls(message: Any) -> dict[str, bool]:
    """The custom_ids of a message's buttons and selects, and whether each can be used."""
    found: dict[str, bool] = {}

    def walk(components: Any) -> None:
        for component in components:
            data = component if isinstance(component, dict) else component.to_dict()
            if data.get("custom_id"):
                found[data["custom_id"]] = not data.get("disabled")
            walk(data.get("components", ()))

    walk(message.components)
    return found


def options_of(message: Any) -> dict[str, str]:
    """The values of a message's one select, by label."""
    found: dict[str, str] = {}

    def walk(components: Any) -> None:
        for component in components:
            found.update({option["label"]: option["value"] for option in component.get("options", ())})
            walk(component.get("components", ()))

    walk(message.components)
    return found


def accent(message: Any) -> int:
    """The colour at the edge of a message's container."""
    return message.components[0]["accent_color"]


async def look_up(server: Server, code: str, **options: str) -> Any:
    """What Ana gets for /code lookup in the channel."""
    return (await server.ana.slash(server.channel, "code lookup", code=code, **options)).response


async def press(person: Any, page: Any, **what: str) -> Any:
    """What a private page shows after a press: the press replaces it."""
    return (await person.click(page, **what)).response or page


async def choose(person: Any, page: Any, value: str) -> Any:
    """The same for an option of the page's select."""
    return (await person.select(page, [value])).response or page


async def to(server: Server, month: int, day: int, hour: int = 0, minute: int = 0) -> None:
    """Go on to a time of 2026 in UTC, some days at once."""
    wanted = datetime(2026, month, day, hour, minute, tzinfo=UTC)
    while (left := (wanted - server.env.now()).total_seconds()) > 0:
        await server.env.advance_time(min(left, 4 * DAY))


def inbox(server: Server, holding: str = "") -> list[Any]:
    """Ana's direct messages that hold a text, the oldest first."""
    channel = server.ana.user.dm_channel
    return [message for message in (channel.history() if channel else []) if holding in texts(message)]


@pytest.fixture
async def server(db: Database, content: Content) -> AsyncIterator[Server]:
    async with serving(db, content) as made:
        yield made


@pytest.fixture(scope="session")
def code_sets(codes_folder: Path, content_folder: Path) -> CodeSets:
    """ICD-10-CM as it is installed, opened once for all tests of a worker."""
    return sets_in(codes_folder, content_folder)


@pytest.fixture(scope="session")
def all_code_sets(folder_of_all: Path, content_folder: Path) -> CodeSets:
    """Every official file that is at hand, opened once; skips where they are not."""
    return sets_in(folder_of_all, content_folder)


@pytest.fixture
async def coded_server(db: Database, content: Content, code_sets: CodeSets) -> AsyncIterator[Server]:
    """A server whose bot has the installed ICD-10-CM, FY2026, on CODING_DAY."""
    async with serving(db, content, code_sets, CODING_DAY) as made:
        yield made


@pytest.fixture
async def full_server(db: Database, content: Content, all_code_sets: CodeSets) -> AsyncIterator[Server]:
    """The same with FY2027, HCPCS and ICD-10-PCS of FY2026 as well."""
    async with serving(db, content, all_code_sets, CODING_DAY) as made:
        yield made


@asynccontextmanager
async def serving(
    db: Database, content: Content, codes: CodeSets | None = None, start: datetime | None = None
) -> AsyncIterator[Server]:
    """The real bot in a server of its own; fails afterwards if anything went wrong that no test expected."""
    env: Env
    services = build_services(db, content, lambda: env.now().timestamp(), Random(1), codes=codes, longest_sleep=DAY)
    env = Env(StudyBot(services, shard_count=1), settle_timeout=10)
    if start is not None:
        env.backend.advance_clock((start - env.now()).total_seconds())
    await env.start()
    guild: Any = env.create_guild("Study")
    channel = guild.create_text_channel("daily")
    # No more than the invite link of the README asks for.
    bot_role = next(role for role in env.backend.get_guild(guild.id).roles.values() if role.managed)
    bot_role.permissions = INVITE.value
    env.backend.announce_role_updates(guild.id, [bot_role])
    managers = guild.create_role("Organisers", permissions=discord.Permissions(manage_guild=True))
    organiser = guild.add_member(env.create_user("olivia"), roles=[managers])
    learners = [guild.add_member(env.create_user(name)) for name in ("ana", "ben", "cleo")]
    try:
        yield Server(env, services, guild, channel, managers, organiser, *learners)
    finally:
        await env.shutdown()
        services.codes.close()
    assert not env.errors_since(env._errors_acknowledged), env.errors
