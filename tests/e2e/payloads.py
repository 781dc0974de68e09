"""What Discord's objects look like on the wire, as far as the loopback Discord needs them."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

EPOCH_MS = 1420070400000
APPLICATION = 900000000000000001
COMPONENTS_V2 = 1 << 15
EPHEMERAL = 1 << 6
ADMINISTRATOR = "8"

_numbers = count()


def snowflake() -> int:
    """A new id that carries the present instant."""
    return ((int(time.time() * 1000) - EPOCH_MS) << 22) | (next(_numbers) & 0x3FFFFF)


def instant(snowflake_: int) -> float:
    """When an id was given out, in UTC seconds."""
    return ((snowflake_ >> 22) + EPOCH_MS) / 1000


def stamp(snowflake_: int) -> str:
    return datetime.fromtimestamp(instant(snowflake_), UTC).isoformat()


def user(user_id: int, *, bot: bool = False) -> dict[str, Any]:
    return {
        "id": str(user_id),
        "username": f"user-{user_id}",
        "discriminator": "0",
        "avatar": None,
        "global_name": None,
        "bot": bot,
        "public_flags": 0,
        "flags": 0,
    }


BOT = user(APPLICATION, bot=True)


def member(user_id: int) -> dict[str, Any]:
    return {
        "user": BOT if user_id == APPLICATION else user(user_id),
        "roles": [],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
        "permissions": ADMINISTRATOR,
    }


@dataclass
class Channel:
    id: int
    guild_id: int | None
    type: int = 0
    parent_id: int | None = None
    name: str = "study"

    def json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"id": str(self.id), "type": self.type, "name": self.name, "position": 0}
        if self.guild_id is None:
            return data | {"recipients": [user(1)], "last_message_id": None}
        data |= {"guild_id": str(self.guild_id), "permission_overwrites": [], "nsfw": False}
        if self.parent_id is not None:
            data |= {
                "parent_id": str(self.parent_id),
                "owner_id": str(APPLICATION),
                "message_count": 0,
                "member_count": 1,
                "thread_metadata": {
                    "archived": False,
                    "auto_archive_duration": 1440,
                    "archive_timestamp": stamp(self.id),
                    "locked": False,
                },
            }
        return data


def guild(guild_id: int, channels: Sequence[Channel]) -> dict[str, Any]:
    everyone = {
        "id": str(guild_id),
        "name": "@everyone",
        "permissions": ADMINISTRATOR,
        "position": 0,
        "color": 0,
        "colors": {"primary_color": 0},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }
    return {
        "id": str(guild_id),
        "name": f"guild-{guild_id}",
        "owner_id": "1",
        "roles": [everyone],
        "channels": [channel.json() for channel in channels],
        "members": [member(APPLICATION)],
        "member_count": 10,
        "threads": [],
        "emojis": [],
        "features": [],
        "preferred_locale": "en-US",
        "unavailable": False,
    }


def walk(components: Any) -> Iterator[dict[str, Any]]:
    """Every component, depth first."""
    for component in components or ():
        yield component
        yield from walk(component.get("components"))
        if "accessory" in component:
            yield from walk([component["accessory"]])


def custom_ids(components: Any) -> tuple[str, ...]:
    return tuple(component["custom_id"] for component in walk(components) if "custom_id" in component)


def text_of(components: Any) -> str:
    return "\n".join(component["content"] for component in walk(components) if "content" in component)


@dataclass
class Message:
    """A message of the bot. `posted_ids` are the custom_ids that it was created with."""

    id: int
    channel_id: int
    body: dict[str, Any]
    nonce: str | None = None
    attachments: list[dict[str, Any]] = field(default_factory=list)
    posted_ids: tuple[str, ...] = ()
    edits: int = 0

    def __post_init__(self) -> None:
        self.posted_ids = custom_ids(self.components)
        self.finish()

    @property
    def components(self) -> list[dict[str, Any]]:
        return self.body.get("components") or []

    def finish(self) -> None:
        """Fill in what Discord does: an id for each component, addresses for attachments."""
        for number, component in enumerate(walk(self.components), start=1):
            component.setdefault("id", number)
            for item in component.get("items", ()):
                name = item["media"]["url"].rpartition("/")[2]
                item["media"] = {"url": f"https://cdn.example/{name}", "proxy_url": f"https://cdn.example/{name}"}

    def json(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "channel_id": str(self.channel_id),
            "type": 0,
            "author": BOT,
            "content": self.body.get("content") or "",
            "timestamp": stamp(self.id),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": self.attachments,
            "embeds": [],
            "pinned": False,
            "flags": self.body.get("flags") or 0,
            "components": self.components,
            "nonce": self.nonce,
        }
