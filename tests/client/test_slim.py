"""Guilds are parsed without what the bot never looks at, and interactions in them all the same."""

import asyncio
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from discord.http import HTTPClient

from bot.app import Services
from bot.client import StudyBot
from bot.client.slim import SWEEP_EVERY, sweep_seldom
from tests.e2e.payloads import BOT, Channel, guild
from tests.samples import Clock


def fed(services: Services) -> Any:
    """The state of a client that has seen one guild."""
    bot = StudyBot(services, shard_count=1, deliver=False)
    state: Any = bot._connection
    state.user = discord.ClientUser(state=state, data=BOT)  # pyright: ignore[reportArgumentType]
    state.parsers["GUILD_CREATE"](guild(10, [Channel(20, 10)]))
    return state


async def test_a_guild_keeps_its_name_and_neither_channels_nor_roles(services: Services) -> None:
    state = fed(services)
    [kept] = state.guilds
    assert (kept.id, kept.name) == (10, "guild-10")
    assert not [*kept.channels, *kept.threads, *kept.roles, *kept.members]
    state.parsers["CHANNEL_CREATE"](Channel(21, 10).json() | {"guild_id": "10"})
    state.parsers["GUILD_UPDATE"](guild(10, []) | {"name": "renamed"})
    assert kept.name == "renamed"
    assert not [*kept.channels, *kept.roles]


@pytest.mark.parametrize("kind", [0, 2, 5, 11, 12, 13])
async def test_an_interaction_in_a_channel_of_which_little_is_told_does_not_end_the_client(
    services: Services, kind: int
) -> None:
    state = fed(services)
    seen: list[discord.Interaction[Any]] = []
    state.dispatch = lambda event, *args: seen.extend(args) if event == "interaction" else None
    person: Any = {"id": "30", "username": "ana", "discriminator": "0", "avatar": None, "global_name": None}
    state.parsers["INTERACTION_CREATE"](
        {
            "id": "40", "application_id": "50", "type": 3, "token": "token", "version": 1, "guild_id": "10",
            "channel": {"id": "20", "type": kind, "guild_id": "10", "parent_id": "21"},
            "member": {"user": person, "roles": [], "permissions": "32", "joined_at": None, "deaf": False, "mute": False,
                       "flags": 0},
            "data": {"custom_id": "nothing", "component_type": 2}, "app_permissions": "0", "locale": "en-US",
            "entitlements": [], "authorizing_integration_owners": {}, "attachment_size_limit": 1,
        }
    )  # fmt: skip
    [interaction] = seen
    assert interaction.channel_id == 20
    assert interaction.permissions.manage_guild


class Unused:
    """A rate limit that nobody has used for a while."""

    looked = 0

    def is_inactive(self) -> bool:
        Unused.looked += 1
        return True


async def test_rate_limits_that_nobody_uses_are_forgotten_and_looked_for_once_a_minute() -> None:
    clock = Clock(0)
    client: Any = SimpleNamespace(http=HTTPClient(asyncio.get_running_loop()))
    sweep_seldom(client, clock)
    buckets: dict[str, Any] = client.http._buckets
    buckets |= {f"old {number}": Unused() for number in range(300)}
    client.http.get_ratelimit("new")
    assert not any(name.startswith("old") for name in buckets)
    buckets |= {f"old {number}": Unused() for number in range(300)}
    Unused.looked = 0
    for number in range(100):
        client.http.get_ratelimit(f"new {number}")
    assert Unused.looked == 0
    clock.advance(seconds=SWEEP_EVERY)
    client.http.get_ratelimit("last")
    assert Unused.looked == 300
    assert not any(name.startswith("old") for name in buckets)
