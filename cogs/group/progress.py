"""Messages that follow what happens: edited once in a while at most, and brought up to date after a restart."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import discord

from bot.client import StudyBot
from bot.client.courier import fault_of
from bot.core.deliveries import Retry
from bot.log import fields
from cogs.group import messages
from cogs.group.sending import show_meeting

log = logging.getLogger(__name__)

WEEK_EVERY = 60.0
"""Seconds between edits of the message of a week."""

ONCE_MORE = 240.0
"""Seconds after which it is looked at once more: answers in a live round count when its question closes."""

MEETING_EVERY = 20.0
EVERYWHERE = 0


class Later:
    """Does something for a key a while after it was asked to, once however often that was."""

    def __init__(self, name: str, delay: float, do: Callable[[int], Awaitable[None]]) -> None:
        self._name = name
        self._delay = delay
        self._do = do
        self._due: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def touch(self, key: int) -> None:
        if key not in self._due:
            self._due.add(key)
            task = asyncio.create_task(self._wait(key), name=f"{self._name}-{key}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _wait(self, key: int) -> None:
        try:
            await asyncio.sleep(self._delay)
        finally:
            # From here on another touch starts another wait: nothing is left undone, and nothing waits twice.
            self._due.discard(key)
        try:
            await self._do(key)
        except Exception as error:
            fault = fault_of(error)
            log.info("message not brought up to date", extra=fields(what=self._name, key=key, reason=fault.reason))
            if isinstance(fault, Retry):
                self.touch(key)


class Progress:
    """The messages of a week and of sessions, kept up to date."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot
        self._weeks = Later("weeks", WEEK_EVERY, self._weeks_of)
        self._once_more = Later("weeks again", ONCE_MORE, self._edit_weeks)
        self.meetings = Later("session", MEETING_EVERY, lambda meeting_id: show_meeting(bot, meeting_id))

    def answered(self, guild_id: int) -> None:
        """Somebody did something in a guild that may count for its groups."""
        self._weeks.touch(guild_id)

    async def catch_up(self) -> None:
        """After a restart."""
        self._weeks.touch(EVERYWHERE)
        for meeting_id in await self._bot.services.meetings.outdated():
            self.meetings.touch(meeting_id)

    def close(self) -> None:
        for later in (self._weeks, self._once_more, self.meetings):
            later.close()

    async def _weeks_of(self, guild_id: int) -> None:
        if guild_id != EVERYWHERE:
            self._once_more.touch(guild_id)
        await self._edit_weeks(guild_id)

    async def _edit_weeks(self, guild_id: int) -> None:
        goals = self._bot.services.goals
        for week in await goals.outdated(guild_id or None):
            post = await goals.week_post(week.group_id, week.key)
            if post is not None and week.channel_id is not None and week.message_id is not None:
                await self._bot.pace_tally()
                place = self._bot.get_partial_messageable(week.channel_id, guild_id=post.group.guild_id)
                try:
                    await place.get_partial_message(week.message_id).edit(
                        view=messages.week(post, week.delivery_id or 0),
                        allowed_mentions=discord.AllowedMentions.none(),
                    )
                except discord.HTTPException as error:
                    # Somebody deleted it, or closed the place: the numbers stand in /group info all the same.
                    if isinstance(fault_of(error), Retry):
                        raise
            await goals.shown(week)
