"""Messages that follow what happens: edited once in a while at most, and brought up to date after a restart."""

from functools import partial

import discord

from bot.client import StudyBot
from bot.client.courier import fault_of
from bot.core.deliveries import Retry
from cogs.group import messages
from cogs.group.sending import show_meeting
from cogs.ui.later import Later

WEEK_EVERY = 60.0
"""Seconds between edits of the message of a week."""

ONCE_MORE = 240.0
"""Seconds after which it is looked at once more: answers in a live round count when its question closes."""

MEETING_EVERY = 20.0
EVERYWHERE = 0


class Progress:
    """The messages of a week and of sessions, kept up to date."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot
        self._weeks = Later("weeks", WEEK_EVERY, self._weeks_of)
        self._once_more = Later("weeks again", ONCE_MORE, self._edit_weeks)
        self.meetings = Later("session", MEETING_EVERY, partial(show_meeting, bot), pace=bot.pace_tally)

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
            await goals.shown(post.week if post is not None else week)
