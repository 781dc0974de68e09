"""Keeping guilds small, and requests cheap: the one file that reaches into discord.py's own state.

The bot looks up nothing in the cache but whether it is in a guild and what that is called. A guild with 40 channels and
20 roles costs 39 KB parsed whole and 2 KB without them, so they are dropped before discord.py sees them, and what would
add them later is not listened to. Permissions are asked of Discord when somebody opens /setup.
"""

import math
import time
from collections.abc import Callable
from typing import Any

import discord

DROPPED = (
    "channels", "threads", "roles", "emojis", "stickers", "members", "presences", "voice_states", "stage_instances",
    "guild_scheduled_events", "soundboard_sounds",
)  # fmt: skip
UNHEARD = (
    "CHANNEL_",
    "THREAD_",
    "GUILD_ROLE_",
    "GUILD_EMOJIS_",
    "GUILD_STICKERS_",
    "GUILD_SCHEDULED_",
    "STAGE_",
    "GUILD_SOUNDBOARD_",
)

CHANNEL_AT_LEAST: dict[str, Any] = {
    "name": "",
    "position": 0,
    "bitrate": 0,
    "user_limit": 0,
    "owner_id": 0,
    "message_count": 0,
    "member_count": 0,
    "thread_metadata": {
        "archived": False,
        "auto_archive_duration": 1440,
        "archive_timestamp": "1970-01-01T00:00:00+00:00",
    },
}


SWEEP_EVERY = 60.0
"""Seconds between looks for rate limits that nobody uses any more."""


def sweep_seldom(client: discord.Client, monotonic: Callable[[], float] = time.monotonic) -> None:
    """discord.py 2.7 looks through its rate limits, one for each channel of the last five minutes, whenever it meets a new
    channel. While 10,000 channels get their posts that is half of what a message costs; a look a minute does as well."""
    http: Any = client.http
    sweep, swept = http._try_clear_expired_ratelimits, -math.inf

    def seldom() -> None:
        nonlocal swept
        if monotonic() - swept >= SWEEP_EVERY:
            swept = monotonic()
            sweep()

    http._try_clear_expired_ratelimits = seldom


def keep_guilds_slim(client: discord.Client) -> None:
    """Before the client connects. discord.py 2.7 finds the function for a gateway event in `_connection.parsers`."""
    parsers: dict[str, Callable[[dict[str, Any]], None]] = client._connection.parsers
    for event in [name for name in parsers if name.startswith(UNHEARD)]:
        parsers[event] = _ignore
    for event in ("GUILD_CREATE", "GUILD_UPDATE"):
        parsers[event] = _slimmed(parsers[event])
    parsers["INTERACTION_CREATE"] = _whole_channel(parsers["INTERACTION_CREATE"])


def _ignore(_: dict[str, Any]) -> None:
    return


def _whole_channel(parse: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    """discord.py builds the channel of each interaction from what came with it, and a key it misses ends the client."""

    def parse_whole(data: dict[str, Any]) -> None:
        channel = data.get("channel")
        parse(data | {"channel": CHANNEL_AT_LEAST | channel} if channel else data)

    return parse_whole


def _slimmed(parse: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    def parse_slim(data: dict[str, Any]) -> None:
        parse(data | {name: [] for name in DROPPED if name in data})

    return parse_slim
