"""Carrying what groups are owed: notices to one person, the message of the week, and what is sent about sessions."""

import discord

from bot.client import StudyBot
from bot.core.deliveries import DMS_CLOSED, Delivery, Retry, Undeliverable
from bot.core.groups import Group
from bot.core.meetings import MeetingState
from bot.services.group_notices import About
from cogs.group import calendar, meeting_render, messages
from cogs.group.door import CHANNEL_GONE
from cogs.ui.direct import private_channel


async def send_to_place(bot: StudyBot, group: Group, view: discord.ui.LayoutView, delivery: Delivery) -> int:
    """Send to the group's place; a thread that is gone is given up for the channel, and tried again there."""
    await bot.pace()
    place = bot.get_partial_messageable(group.place_id, guild_id=group.guild_id)
    try:
        return (await place.send(view=view, nonce=delivery.nonce)).id
    except discord.NotFound as error:
        if group.thread_id is None or error.code != CHANNEL_GONE:
            raise
        await bot.services.groups.owners.set_thread(group.id, None, group.thread_id)
        raise Retry("thread gone", unsure=False) from error


class GroupNoticeSender:
    """Handler of notices: a direct message, or the group's place for what its owner has to do."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        found = await self._bot.services.groups.notices.prepare(delivery)
        channel_id = await private_channel(self._bot, found.to_id)
        if channel_id is not None:
            guild = self._bot.get_guild(found.group.guild_id)
            view = messages.notice(found, (guild.name if guild else "") or "your server", delivery.id)
            await self._bot.pace()
            try:
                message = await self._bot.get_partial_messageable(channel_id).send(view=view, nonce=delivery.nonce)
            except discord.Forbidden:
                pass
            else:
                return message.id
        if found.about in (About.DECIDED, About.FAULT):
            # The one is nobody else's business; the other is about the very place it would go to. /group info tells both.
            raise Undeliverable(DMS_CLOSED)
        view = messages.notice(found, "", delivery.id, public=True)
        return await send_to_place(self._bot, found.group, view, delivery)

    async def places(self, delivery: Delivery) -> list[int]:
        found = await self._bot.services.groups.notices.prepare(delivery)
        private = await private_channel(self._bot, found.to_id)
        # An earlier attempt may have fallen back to the group's place.
        fallback = [] if found.about in (About.DECIDED, About.FAULT) else [found.group.place_id]
        return [*([private] if private is not None else []), *fallback]


class WeekSender:
    """Handler of the messages of a week."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        post = await self._bot.services.goals.prepare_week(delivery)
        return await send_to_place(self._bot, post.group, messages.week(post, delivery.id), delivery)

    async def places(self, delivery: Delivery) -> list[int]:
        return [await self._bot.services.goals.place(delivery)]


class DateSender:
    """Handler of reminders of a group's target date."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        due = await self._bot.services.group_dates.prepare(delivery)
        return await send_to_place(self._bot, due.group, messages.target_date(due, delivery.id), delivery)

    async def places(self, delivery: Delivery) -> list[int]:
        return [(await self._bot.services.group_dates.prepare(delivery)).group.place_id]


class MeetingSender:
    """Handler of announcements: the event in the server's calendar, then the message."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        meetings = self._bot.services.meetings
        found = await meetings.prepare(delivery)
        if found.meeting.message_id is None:
            await meetings.stands_in(found.meeting.id, found.group.place_id, delivery.id)
        if found.meeting.event_id is None and found.meeting.starts_at > found.now:
            event_id, fault = await calendar.make_event(
                self._bot, found.meeting, found.group.place_id, again=delivery.attempts > 1
            )
            await meetings.note_event(found.meeting.id, event_id, fault)
            found = await meetings.prepare(delivery)
        return await send_to_place(self._bot, found.group, meeting_render.message(found, delivery.id), delivery)

    async def places(self, delivery: Delivery) -> list[int]:
        return [(await self._bot.services.meetings.prepare(delivery)).group.place_id]


class ReminderSender:
    """Handler of reminders."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        found = await self._bot.services.meetings.prepare(delivery)
        return await send_to_place(self._bot, found.group, meeting_render.reminder(found, delivery.id), delivery)

    async def places(self, delivery: Delivery) -> list[int]:
        return [(await self._bot.services.meetings.prepare(delivery)).group.place_id]


class EndSender:
    """Handler of ends: edits, which may be repeated."""

    def __init__(self, bot: StudyBot) -> None:
        self._bot = bot

    async def send(self, delivery: Delivery) -> int | None:
        found = await self._bot.services.meetings.prepare_end(delivery)
        if found.meeting.state is MeetingState.CANCELLED:
            await calendar.drop_event(self._bot, found.meeting)
        await self._bot.pace()
        await show_meeting(self._bot, found.meeting.id)
        return None

    async def places(self, delivery: Delivery) -> list[int]:
        return []


async def show_meeting(bot: StudyBot, meeting_id: int) -> None:
    """Bring the message of a session up to date, once its turn has come."""
    found = await bot.services.meetings.gathering(meeting_id)
    meeting = found.meeting
    if meeting.message_id is None or meeting.channel_id is None:
        return
    place = bot.get_partial_messageable(meeting.channel_id, guild_id=meeting.guild_id)
    await place.get_partial_message(meeting.message_id).edit(
        view=meeting_render.message(found, meeting.delivery_id or 0), allowed_mentions=discord.AllowedMentions.none()
    )
    await bot.services.meetings.shown(found)
    # Called off or over while this edit was on its way: it may have covered what says so.
    after = await bot.services.meetings.gathering(meeting_id)
    if (after.meeting.state, after.over) != (meeting.state, found.over):
        await bot.pace()
        await show_meeting(bot, meeting_id)
