"""Private messages about units; where they are closed, the failure makes owed what the server's channel is told."""

from bot.client import StudyBot
from bot.core.deliveries import DMS_CLOSED, Delivery, Undeliverable
from cogs.ceu import render
from cogs.ui.direct import private_channel


class CeuSender:
    """Handler of reminders and ends of cycles."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        found = await self._bot.services.ceu.reminders.prepare(delivery)
        channel_id = await private_channel(self._bot, delivery.user_id)
        if channel_id is None:
            raise Undeliverable(DMS_CLOSED)
        await self._bot.pace()
        place = self._bot.get_partial_messageable(channel_id)
        return (await place.send(view=render.reminder(found, delivery.id), nonce=delivery.nonce)).id

    async def places(self, delivery: Delivery) -> list[int]:
        private = await private_channel(self._bot, delivery.user_id)
        return [] if private is None else [private]
