"""Carrying reminders of exams: a direct message, or a word in the server without what is private."""

from bot.client import StudyBot
from bot.client.courier import mark
from bot.core.deliveries import Delivery
from cogs.exam import reminding
from cogs.exam.ids import write_occurrence
from cogs.ui.direct import in_server, places_of, send_naming, send_to_learner


class ReminderSender:
    """Handler of reminders."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        due = await self._bot.services.reminders.prepare(delivery)
        user_id, see = due.date.user_id, mark(f"exam:see:{write_occurrence(due.occurrence)}", delivery.id)
        return await send_to_learner(
            self._bot, user_id, due.guild_id, due.channel_id, delivery,
            public=lambda: in_server(user_id, see),
            private=lambda: reminding.reminder(due, delivery.id),
        )  # fmt: skip

    async def places(self, delivery: Delivery) -> list[int]:
        due = await self._bot.services.reminders.prepare(delivery)
        return await places_of(self._bot, due.guild_id, due.channel_id, due.date.user_id)


class UnreachedSender:
    """Handler of words to those whose direct messages are closed."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        post = await self._bot.services.unreached.prepare(delivery)
        view = reminding.unreached(post, delivery.id)
        return await send_naming(self._bot, post.guild_id, post.channel_id, post.user_id, view, delivery)

    async def places(self, delivery: Delivery) -> list[int]:
        return [(await self._bot.services.unreached.prepare(delivery)).channel_id]
