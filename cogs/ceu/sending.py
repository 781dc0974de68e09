"""Messages about units: private ones, or a word in the server; where neither arrives, the failure makes owed what the
server's channel is told."""

from bot.client import StudyBot
from bot.client.courier import mark
from bot.core.deliveries import Delivery
from cogs.ceu import render
from cogs.ui.direct import in_server, places_of, send_to_learner


class CeuSender:
    """Handler of reminders and ends of cycles."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        found = await self._bot.services.ceu.reminders.prepare(delivery)
        held = found.page.tracked.credential
        see = mark(f"ceu:page:{held.id}:0", delivery.id)
        return await send_to_learner(
            self._bot, held.user_id, found.guild_id, found.channel_id, delivery,
            public=lambda: in_server(held.user_id, see),
            private=lambda: render.reminder(found, delivery.id),
        )  # fmt: skip

    async def places(self, delivery: Delivery) -> list[int]:
        found = await self._bot.services.ceu.reminders.prepare(delivery)
        return await places_of(self._bot, found.guild_id, found.channel_id, found.page.tracked.credential.user_id)
