"""Study sessions of groups: planning one, saying that one comes or is there, and what is sent about it."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.core.deliveries import Delivery, Kind, Retry, State, Unneeded
from bot.core.group_errors import GroupClosed, NotGroupMember
from bot.core.groups import Group
from bot.core.meeting_errors import (
    MeetingGone,
    MeetingNotYet,
    MeetingOver,
    MeetingsEnough,
    MinutesUnfit,
    NotHost,
    WhenPast,
)
from bot.core.meetings import (
    HERE_BEFORE,
    MINUTES,
    MINUTES_AT_LEAST,
    MINUTES_AT_MOST,
    REMIND_BEFORE,
    TITLE_AT_MOST,
    UPCOMING_AT_MOST,
    Attendance,
    Meeting,
    MeetingState,
    parse_when,
)
from bot.core.people import Person
from bot.core.privacy import Visibility
from bot.services.goals import failed
from bot.services.setup import zone_of
from bot.storage import group_members as people
from bot.storage import groups, learners
from bot.storage import meetings as store
from bot.storage.database import Database, Statement

POST_AGAIN = 30
"""Seconds until the end of a session is looked at again whose first message is still on its way."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """A session with its group and the people: those who come, or, once it is over, those who came."""

    meeting: Meeting
    group: Group
    people: Attendance
    now: int
    host_named: bool = True

    @property
    def over(self) -> bool:
        return self.meeting.is_over(self.now)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a host is asked to confirm, with the zone in which their words were read."""

    meeting: Meeting
    group: Group
    zone: ZoneInfo


class Meetings:
    """Use cases of study sessions."""

    def __init__(self, db: Database, clock: Callable[[], float], wake: Callable[[], None]) -> None:
        self._db = db
        self._clock = clock
        self._wake = wake
        self.posts = MeetingPosts(db)
        self.reminders = MeetingReminders()
        self.ends = MeetingEnds()

    @property
    def now(self) -> int:
        return int(self._clock())

    # -- planning ----------------------------------------------------------------------------------------------

    async def draft(
        self,
        group: Group,
        user_id: int,
        when: str,
        *,
        minutes: int = MINUTES,
        title: str = "",
        where_id: int | None = None,
        voice: bool = False,
    ) -> Draft:
        """Read what a member typed and keep it until they confirm. Raises NotGroupMember, WhenUnreadable, WhenPast,
        MinutesUnfit."""
        if await people.member(self._db, group.id, user_id) is None:
            raise NotGroupMember(name=group.name)
        if not MINUTES_AT_LEAST <= minutes <= MINUTES_AT_MOST:
            raise MinutesUnfit(least=MINUTES_AT_LEAST, most=MINUTES_AT_MOST)
        zone = await zone_of(self._db, group.guild_id)
        starts_at = parse_when(when, zone, self.now)
        named = " ".join(title.split())[:TITLE_AT_MOST] or f"{group.name}: study session"
        _, [row] = await self._db.write(
            *store.draft(
                group.id,
                group.guild_id,
                user_id,
                named,
                starts_at,
                starts_at + 60 * minutes,
                where_id,
                self.now,
                voice=voice,
            )
        )
        return Draft(await self._meeting(row["id"]), group, zone)

    async def confirm(self, meeting_id: int, user_id: int) -> Gathering:
        """Plan a draft; again is no error. Raises MeetingGone, WhenPast, MeetingsEnough, GroupClosed."""
        meeting = await self._meeting(meeting_id)
        if meeting.host_id != user_id:
            raise MeetingGone
        remind_at = meeting.starts_at - REMIND_BEFORE
        await self._db.write(
            store.confirm(meeting_id, user_id, self.now),
            store.owe_if_planned(Kind.MEETING, meeting, self.now, meeting.ends_at),
            *(
                [store.owe_if_planned(Kind.MEETING_REMINDER, meeting, remind_at, meeting.starts_at)]
                if remind_at > self.now
                else []
            ),
            store.owe_if_planned(Kind.MEETING_END, meeting, meeting.ends_at, meeting.ends_at + END_USEFUL),
        )
        self._wake()
        gathering = await self.gathering(meeting_id)
        if gathering.meeting.state is MeetingState.DRAFT:
            if not gathering.group.is_open:
                raise GroupClosed
            if meeting.starts_at <= self.now:
                raise WhenPast
            raise MeetingsEnough(name=gathering.group.name, most=UPCOMING_AT_MOST)
        return gathering

    async def discard(self, meeting_id: int, user_id: int) -> None:
        """Forget a draft."""
        await self._db.write(store.discard(meeting_id, user_id))

    async def cancel(self, meeting_id: int, person: Person) -> Gathering:
        """Call a session off. Raises MeetingGone, MeetingOver, NotHost."""
        meeting = await self._meeting(meeting_id)
        group = await groups.get(self._db, meeting.group_id)
        if not person.organiser and person.user_id not in (meeting.host_id, group.owner_id if group else 0):
            raise NotHost
        await self._db.write(*store.cancel(meeting_id, self.now))
        self._wake()
        found = await self.gathering(meeting_id)
        if found.meeting.state is not MeetingState.CANCELLED:
            raise _refusal(found.meeting)
        return found

    # -- people ------------------------------------------------------------------------------------------------

    async def comes(self, meeting_id: int, user_id: int, *, coming: bool) -> Gathering:
        """Note that a member comes, or does not after all. Raises MeetingGone, MeetingOver, NotGroupMember."""
        meeting = await self._for_member(meeting_id, user_id)
        [noted] = await self._db.write(store.comes(meeting_id, user_id, self.now, coming=coming))
        if not noted:
            raise _refusal(await self._meeting(meeting_id))
        return await self.gathering(meeting.id)

    async def is_here(self, meeting_id: int, user_id: int) -> Gathering:
        """Note that a member is there. Raises MeetingGone, MeetingNotYet, MeetingOver, NotGroupMember."""
        meeting = await self._for_member(meeting_id, user_id)
        [noted] = await self._db.write(store.is_here(meeting_id, user_id, self.now))
        if not noted:
            opens_at = meeting.starts_at - HERE_BEFORE
            if meeting.state is MeetingState.PLANNED and self.now < opens_at:
                raise MeetingNotYet(opens_at=opens_at)
            raise _refusal(await self._meeting(meeting_id))
        return await self.gathering(meeting.id)

    async def _for_member(self, meeting_id: int, user_id: int) -> Meeting:
        meeting = await self._meeting(meeting_id)
        if await people.member(self._db, meeting.group_id, user_id) is None:
            group = await groups.get_open(self._db, meeting.group_id)
            if group is None:
                raise MeetingGone
            raise NotGroupMember(name=group.name)
        return meeting

    # -- reading -----------------------------------------------------------------------------------------------

    async def _meeting(self, meeting_id: int) -> Meeting:
        meeting = await store.get(self._db, meeting_id)
        if meeting is None:
            raise MeetingGone
        return meeting

    async def gathering(self, meeting_id: int) -> Gathering:
        """A session as its message shows it. Raises MeetingGone."""
        meeting = await self._meeting(meeting_id)
        group = await groups.get(self._db, meeting.group_id)
        if group is None:
            raise MeetingGone
        now = self.now
        those = await (store.came if meeting.is_over(now) else store.coming)(self._db, meeting_id)
        host_named = await learners.visibility(self._db, meeting.host_id) is Visibility.SHOWN
        return Gathering(meeting, group, those, now, host_named)

    async def outdated(self) -> list[int]:
        return await store.outdated(self._db)

    async def shown(self, gathering: Gathering) -> None:
        await self._db.write(store.shown(gathering.meeting.id, gathering.people.total))

    # -- deliveries --------------------------------------------------------------------------------------------

    async def prepare(self, delivery: Delivery) -> Gathering:
        """A planned session to announce, or to be reminded of. Raises Unneeded."""
        gathering = await self._owed(delivery)
        if gathering.meeting.state is not MeetingState.PLANNED or not gathering.group.is_open:
            raise Unneeded("cancelled")
        if gathering.meeting.ends_at <= self.now:
            raise Unneeded("over")
        return gathering

    async def stands_in(self, meeting_id: int, channel_id: int, delivery_id: int) -> None:
        """Where its message is about to be sent."""
        await self._db.write(store.stands_in(meeting_id, channel_id, delivery_id))

    async def prepare_end(self, delivery: Delivery) -> Gathering:
        """A session whose message is to say how it ended. Raises Unneeded, Retry."""
        gathering = await self._owed(delivery)
        if gathering.meeting.message_id is None and await store.post_is_open(self._db, gathering.meeting):
            raise Retry("not announced yet", unsure=False, after=POST_AGAIN)
        return gathering

    async def _owed(self, delivery: Delivery) -> Gathering:
        try:
            return await self.gathering(int(delivery.subject))
        except MeetingGone:
            raise Unneeded("session gone") from None

    async def note_event(self, meeting_id: int, event_id: int | None, fault: str = "") -> None:
        """Remember the event in Discord's own calendar, or why there is none."""
        if event_id is not None:
            await self._db.write(store.has_event(meeting_id, event_id))
        else:
            await self._db.write(store.set_fault(meeting_id, fault))


END_USEFUL = 14 * 86_400


def _refusal(meeting: Meeting) -> MeetingGone | MeetingOver:
    gone = meeting.state in (MeetingState.CANCELLED, MeetingState.DRAFT)
    return MeetingGone() if gone else MeetingOver()


class MeetingPosts:
    """What becomes of the state when a session was announced, or never will be."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        meeting = await store.get(self._db, int(delivery.subject))
        if meeting is None:
            return []
        posted = [store.posted(meeting.id, message_id)] if message_id is not None else []
        return [*posted, groups.set_unsent(meeting.group_id, "")]

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        meeting = await store.get(self._db, int(delivery.subject))
        if state is not State.FAILED or meeting is None:
            return []
        return await failed(self._db, meeting.group_id, "The announcement of a study session", reason, now)


class MeetingReminders:
    """Nothing follows from a reminder."""

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        return []

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        return []


class MeetingEnds:
    """A session is over, whether or not its message could say so."""

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        return [store.over(int(delivery.subject))]

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        return [store.over(int(delivery.subject))]
