"""What the measurements of answers share: open rounds in a new database, and presses by learners who never answered."""

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from bot.app import Services, build_services
from bot.core.daily import DailySettings, Round
from bot.core.deliveries import Delivery, Kind
from bot.packs import load_content
from bot.services.daily import Post
from bot.storage import daily as store
from bot.storage import deliveries, guilds
from bot.storage.database import connect
from bot.storage.database.migrate import migrate
from cogs.daily import render
from tests.e2e.payloads import ADMINISTRATOR, APPLICATION, Channel, Message, member, snowflake

DAY = date(2026, 11, 21)
GUILD = 10**17


@dataclass(frozen=True, slots=True)
class Posted:
    """An open round and the message that shows it."""

    round: Round
    message: Message


async def open_services(url: str) -> Services:
    """Services with the shipped content over a new database."""
    db = await connect(url)
    await migrate(db)
    return build_services(db, load_content(Path(__file__).parent.parent / "content"))


def settings_of(number: int) -> DailySettings:
    """In an hour, and last 23 hours ago: nothing falls due by itself while measuring."""
    minute = (int(time.time()) // 60 + 60) % 1440
    return DailySettings(GUILD + number * 1000, GUILD + number * 1000 + 1, minute, "UTC", "cpc", 7, reveal_hours=24)


async def posted_rounds(services: Services, count: int, first: int = 1) -> list[Posted]:
    """An open, posted round in each of `count` guilds, numbered from `first`; none of its items has more than one right option."""
    posted: list[Posted] = []
    number = first - 1
    while len(posted) < count:
        number += 1
        settings = settings_of(number)
        await services.db.write(guilds.save(settings))
        now = int(time.time())
        delivery = Delivery(
            number, Kind.DAILY_POST, settings.guild_id, None, DAY.isoformat(), now, now + 60, 1, "", None
        )
        post = await services.daily.prepare_post(delivery)
        if post.round.item.multiple:
            await services.db.write(guilds.deactivate(settings.guild_id))
            continue
        message = message_of(services, post)
        await services.db.write(
            store.posted(post.round.id, message.id, now + 86400),
            deliveries.owe(Kind.DAILY_POST, settings.guild_id, "2099-01-01", 4 * 10**9),
        )
        posted.append(Posted(await services.daily.round(post.round.id), message))
    return posted


def message_of(services: Services, post: Post) -> Message:
    """A round's post as Discord would show it."""
    view = render.question(post, services.study.areas(post.round.item))
    body: dict[str, Any] = {"components": view.to_components(), "flags": 1 << 15}
    return Message(snowflake(), post.round.channel_id, body)


def press(posted: Posted, user_id: int, rng: Random) -> dict[str, Any]:
    """The INTERACTION_CREATE of one learner who presses one of the letters."""
    round_ = posted.round
    letter = rng.choice("ABCD"[: len(round_.item.options)])
    custom_id = f"answer:{round_.id}:{letter}@{round_.delivery_id}"
    return interaction(round_.guild_id, round_.channel_id, posted.message, custom_id, user_id, rng)


def interaction(
    guild: int, channel_id: int, message: Message, custom_id: str, user_id: int, rng: Random
) -> dict[str, Any]:
    """The INTERACTION_CREATE of a press on a button of a message."""
    guild_id = str(guild)
    return {
        "id": str(snowflake()),
        "application_id": str(APPLICATION),
        "type": 3,
        "token": f"{rng.getrandbits(512):0128x}",
        "version": 1,
        "guild_id": guild_id,
        "guild": {"id": guild_id, "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "locale": "en-US",
        "channel_id": str(channel_id),
        "channel": Channel(channel_id, guild).json(),
        "member": member(user_id),
        "message": message.json(),
        "data": {"id": 1, "component_type": 2, "custom_id": custom_id},
        "app_permissions": ADMINISTRATOR,
        "attachment_size_limit": 10_000_000,
        "authorizing_integration_owners": {"0": guild_id},
        "context": 0,
        "entitlements": [],
    }
