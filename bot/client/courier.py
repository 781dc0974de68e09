"""Carrying deliveries to Discord: one handler a kind, one reading of its errors, one way to look for a lost message."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import aiohttp
import discord

from bot.client.permissions import own_permissions
from bot.core.deliveries import DMS_CLOSED, NO_SERVER, Delivery, DeliveryFault, Kind, Retry, Undeliverable
from bot.storage.database import DatabaseError

if TYPE_CHECKING:
    from bot.client.studybot import StudyBot

LOOK_AT = 300
"""Messages since the unsure attempt among which it is looked for."""

# Discord's error codes that no retry mends, as words for organisers and logs.
REASONS = {
    10003: "channel gone",
    10004: "server gone",
    10008: "message gone",
    10013: "user gone",
    50001: "no access to the channel",
    50007: DMS_CLOSED,
    50013: "permission missing",
    50278: NO_SERVER,
}


FAULTS = (discord.DiscordException, aiohttp.ClientError, OSError, DatabaseError)
"""What may go wrong between here, Discord and the database; anything else is a mistake of ours."""


class Handler(Protocol):
    """What a feature does for its kind of delivery."""

    async def send(self, delivery: Delivery) -> int | None:
        """Send it with the delivery's nonce and mark; returns the message id. discord.py's errors may pass through."""
        ...

    async def places(self, delivery: Delivery) -> Sequence[int]:
        """The channels in which an earlier attempt's message would be."""
        ...


def mark(custom_id: str, delivery_id: int) -> str:
    """A button's custom_id that tells which delivery its message belongs to."""
    return f"{custom_id}@{delivery_id}"


class DiscordCourier:
    """A `Courier` over a connected client."""

    def __init__(self, bot: "StudyBot") -> None:
        self._bot = bot
        self._handlers: dict[Kind, Handler] = {}

    def register(self, kind: Kind, handler: Handler) -> None:
        self._handlers[kind] = handler

    async def send(self, delivery: Delivery) -> int | None:
        try:
            return await self._handlers[delivery.kind].send(delivery)
        except FAULTS as error:
            raise fault_of(error) from error

    async def find(self, delivery: Delivery) -> int | None:
        try:
            for channel_id in await self._handlers[delivery.kind].places(delivery):
                found = await self._look(channel_id, delivery)
                if found is not None:
                    return found
            return None
        except FAULTS as error:
            fault = fault_of(error)
            if isinstance(fault, Retry):
                # Looking sends nothing: whatever was unsure before stays as it was.
                fault.unsure = False
            raise fault from error

    async def _look(self, channel_id: int, delivery: Delivery) -> int | None:
        await self._bot.pace()
        since = datetime.fromtimestamp(delivery.unsure_since or delivery.due_at, UTC) - timedelta(minutes=1)
        place = self._bot.get_partial_messageable(channel_id, guild_id=delivery.server_id or None)
        marked = re.compile(rf"@{delivery.id}$")
        seen = False
        async for message in place.history(limit=LOOK_AT, after=since, oldest_first=True):
            seen = True
            own = message.author == self._bot.user
            if own and any(marked.search(custom_id) for custom_id in _custom_ids(message.components)):
                return message.id
        if not seen and delivery.server_id and not await self._reads_history(channel_id, delivery.server_id):
            raise Undeliverable("can't read the history to see if it was sent")
        return None

    async def _reads_history(self, channel_id: int, guild_id: int) -> bool:
        """Whether an empty history means that there is none: without the permission Discord's answer is empty too."""
        try:
            permissions = await own_permissions(self._bot, guild_id, channel_id)
        except discord.InvalidData:
            return True  # a direct message, which has no permissions
        return permissions.read_message_history


def _custom_ids(components: Any) -> list[str]:
    found: list[str] = []
    for component in components:
        custom_id = getattr(component, "custom_id", None)
        if isinstance(custom_id, str):
            found.append(custom_id)
        found += _custom_ids(getattr(component, "children", ()))
        accessory = getattr(component, "accessory", None)
        if accessory is not None:
            found += _custom_ids([accessory])
    return found


def fault_of(error: Exception) -> DeliveryFault:
    """What an error means for a delivery: try again (perhaps it got through), or never."""
    match error:
        case discord.RateLimited():
            return Retry("rate limited", unsure=False, after=error.retry_after)
        case discord.HTTPException(status=429):
            return Retry("rate limited", unsure=False, after=30)
        case discord.HTTPException(status=401):
            return Retry("token refused", unsure=False, after=300)
        case discord.HTTPException(status=408) | discord.DiscordServerError():
            return Retry("Discord unavailable", unsure=True)
        case discord.HTTPException(status=status) if status >= 500:
            return Retry("Discord unavailable", unsure=True)
        case discord.HTTPException():
            return Undeliverable(REASONS.get(error.code, f"refused by Discord ({error.status}, code {error.code})"))
        case DatabaseError():
            return Retry("database unavailable", unsure=False)
        case DeliveryFault():
            return error
        case asyncio.TimeoutError() | aiohttp.ClientError() | OSError():
            return Retry("connection lost", unsure=True)
        case _:
            return Retry(type(error).__name__, unsure=True)
