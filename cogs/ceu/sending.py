"""Private messages about units; where they are closed, the failure makes owed what the server's channel is told."""

from bot.client import StudyBot
from bot.core.deliveries import Delivery
from cogs.ceu import render
from cogs.ui.direct import private_places, send_privately


class CeuSender:
    """Handler of reminders and ends of cycles."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        found = await self._bot.services.ceu.reminders.prepare(delivery)
        return await send_privately(self._bot, delivery.user_id, render.reminder(found, delivery.id), delivery)

    async def places(self, delivery: Delivery) -> list[int]:
        return await private_places(self._bot, delivery.user_id)
