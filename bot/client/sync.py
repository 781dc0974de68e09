"""Registering the slash commands with Discord, only when they changed."""

import hashlib
import json
import logging
from typing import TYPE_CHECKING

from bot.storage import meta

if TYPE_CHECKING:
    from bot.client.studybot import StudyBot

log = logging.getLogger(__name__)


async def sync_if_changed(bot: "StudyBot") -> bool:
    """Sync the command tree if it differs from what was registered last; returns whether it did."""
    payload = [command.to_dict(bot.tree) for command in bot.tree.get_commands()]
    payload.sort(key=lambda command: (command["type"], command["name"]))
    text = json.dumps([bot.application_id, payload], sort_keys=True, default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if await meta.get(bot.services.db, "commands") == digest:
        return False
    await bot.tree.sync()
    await meta.put(bot.services.db, "commands", digest)
    log.info("commands registered")
    return True
