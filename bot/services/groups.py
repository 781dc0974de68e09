"""Study groups: founding, finding, joining, leaving and running one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.content import Content
from bot.core.group_errors import (
    ByInvitation,
    GroupFull,
    GroupNameTaken,
    GroupsFull,
    GroupUnknown,
    InvitationOver,
    JoinedEnough,
    NotGroupMember,
    NotInvited,
    OrganisersCreate,
    OwnedEnough,
    RequestGone,
    WhichGroup,
)
from bot.core.groups import (
    INVITATION_HOLDS,
    Creators,
    Group,
    GroupName,
    Joining,
    Limits,
    Member,
    clean_name,
    name_key,
    parse_goal,
)
from bot.core.meetings import Meeting
from bot.core.people import Person
from bot.core.schedule import local_date
from bot.services.certs import Certs
from bot.services.goals import Goals, Standing
from bot.services.group_access import leave, open_group, require, room
from bot.services.group_dates import owe_reminders
from bot.services.group_notices import GroupNotices
from bot.services.group_owners import Owners, exam_id, target_day
from bot.services.setup import zone_of
from bot.storage import group_members as people
from bot.storage import group_requests as requests
from bot.storage import groups as store
from bot.storage import meetings, scores
from bot.storage.database import Database
from bot.storage.group_requests import Request

CHOICES_AT_MOST = 25
PAST_MEETINGS = 3


class Outcome(StrEnum):
    """What came of wanting to join."""

    JOINED = "joined"
    ALREADY = "already"
    ASKED = "asked"
    ASKED_BEFORE = "asked_before"


@dataclass(frozen=True, slots=True)
class Listing:
    """The groups of a server as one reader sees them: those they are in, and those they asked to join."""

    groups: tuple[Group, ...]
    mine: frozenset[int]
    asked: frozenset[int]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Info:
    """A group as one reader sees it. `own` is the reader's membership."""

    group: Group
    exam: str
    today: date
    members: tuple[Member, ...]
    own: Member | None
    asked: bool
    limits: Limits
    standing: Standing
    upcoming: tuple[Meeting, ...]
    past: tuple[tuple[Meeting, int], ...]
    requests: tuple[Request, ...] = ()
    """What is to decide, for those who may."""


class Groups:
    """Use cases of /group but for its goals and study sessions."""

    def __init__(
        self,
        db: Database,
        content: Content,
        certs: Certs,
        goals: Goals,
        clock: Callable[[], float],
        wake: Callable[[], None],
    ) -> None:
        self._db = db
        self._content = content
        self._certs = certs
        self.owners = Owners(db, certs, goals, clock, wake)
        self.notices = GroupNotices(db)
        self._goals = goals
        self._clock = clock
        self._wake = wake

    @property
    def now(self) -> int:
        return int(self._clock())

    # -- reading -----------------------------------------------------------------------------------------------

    async def get(self, group_id: int) -> Group:
        """An open group. Raises GroupClosed."""
        return await open_group(self._db, group_id)

    async def find(self, guild_id: int, name: str) -> Group:
        """The open group of that name. Raises GroupUnknown."""
        group = await store.by_name(self._db, guild_id, name_key(name))
        if group is None:
            raise GroupUnknown(text=name.strip()[:50])
        return group

    async def meant(self, guild_id: int, channel_id: int, user_id: int, name: str) -> Group:
        """The group that is named; without a name the one whose place this is, or the only one that somebody is in.
        Raises GroupUnknown, WhichGroup."""
        if name.strip():
            return await self.find(guild_id, name)
        here = await store.in_place(self._db, guild_id, channel_id)
        mine = await store.of_member(self._db, guild_id, user_id)
        own = [group for group in here if group.id in mine]
        if len(found := own or here) == 1:
            return found[0]
        if len(mine) == 1:
            return await self.get(mine.pop())
        raise WhichGroup

    async def suggest(self, guild_id: int, user_id: int, text: str, *, own: bool | None = None) -> list[GroupName]:
        """The open groups whose name holds `text`, the learner's own first; with `own` only theirs, or only the others."""
        wanted = name_key(text)
        groups = await store.names(self._db, guild_id, user_id)
        found = [group for group in groups if wanted in name_key(group.name) and own in (None, group.own)]
        return found[:CHOICES_AT_MOST]

    async def listing(self, guild_id: int, user_id: int) -> Listing:
        return Listing(
            tuple(await store.in_guild(self._db, guild_id)),
            frozenset(await store.of_member(self._db, guild_id, user_id)),
            frozenset(await requests.asked(self._db, guild_id, user_id)),
            await store.limits(self._db, guild_id),
        )

    async def info(self, group_id: int, reader: Person) -> Info:
        """Raises GroupClosed."""
        return await self._info(await self.get(group_id), reader)

    async def panel(self, group_id: int, person: Person) -> Info:
        """The same for those who may run the group. Raises GroupClosed, NotGroupOwner."""
        return await self._info(await self.owners.managed(group_id, person), person)

    async def _info(self, group: Group, reader: Person) -> Info:
        zone = await zone_of(self._db, group.guild_id)
        own = await people.member(self._db, group.id, reader.user_id)
        decides = reader.organiser or (own is not None and own.owner)
        return Info(
            group=group,
            exam=self._content.exams[group.exam].name if group.exam in self._content.exams else group.exam,
            today=local_date(self.now, zone),
            members=tuple(await people.members(self._db, group.id)),
            own=own,
            asked=group.id in await requests.asked(self._db, group.guild_id, reader.user_id),
            limits=await store.limits(self._db, group.guild_id),
            standing=await self._goals.standing(group),
            upcoming=tuple(await meetings.upcoming(self._db, group.id, self.now)),
            past=tuple(await meetings.past(self._db, group.id, self.now, PAST_MEETINGS)),
            requests=tuple(await requests.undecided(self._db, group.id)) if decides else (),
        )

    async def members(self, group_id: int) -> list[Member]:
        return await people.members(self._db, group_id)

    # -- founding ----------------------------------------------------------------------------------------------

    async def create(
        self,
        guild_id: int,
        person: Person,
        channel_id: int,
        name: str,
        *,
        exam: str = "",
        target: str = "",
        joining: Joining = Joining.OPEN,
        role_id: int | None = None,
        goal: str = "",
        threaded: bool = False,
    ) -> Group:
        """Open a group. Where it is to have a thread, whoever makes that wakes the deliveries: the first message of its goal
        belongs there. Raises GroupNameUnfit, GroupNameTaken, OrganisersCreate, GroupsFull, OwnedEnough, JoinedEnough,
        ExamUnknown, DayUnreadable, DayPast, GoalUnreadable."""
        name = clean_name(name)
        key = name_key(name)
        wanted = parse_goal(goal)
        limits = await store.limits(self._db, guild_id)
        if limits.creators is Creators.ORGANISERS and not person.organiser:
            raise OrganisersCreate
        day = await target_day(self._db, guild_id, target, self.now)
        _, opened, *_ = await self._db.write(
            store.turn(guild_id),
            *store.create(
                guild_id,
                person.user_id,
                name,
                key,
                exam=exam_id(self._certs, exam),
                target_date=day,
                joining=joining,
                channel_id=channel_id,
                role_id=role_id,
                now=self.now,
            ),
            *await owe_reminders(self._db, guild_id, key, day, self.now),
        )
        if opened:
            group_id = opened[0]["id"]
            await self._goals.set_goal(await self.get(group_id), wanted, wake=False)
            if not threaded:
                self._wake()
            return await self.get(group_id)
        if await store.by_name(self._db, guild_id, key) is not None:
            raise GroupNameTaken(name=name)
        joined, owned = await people.counts(self._db, guild_id, person.user_id)
        if owned >= limits.owned:
            raise OwnedEnough(most=limits.owned)
        if joined >= limits.joined:
            raise JoinedEnough(most=limits.joined)
        raise GroupsFull(most=limits.groups)

    # -- joining and leaving -----------------------------------------------------------------------------------

    async def join(self, group_id: int, user_id: int) -> tuple[Group, Outcome]:
        """Join, or ask to. Again is no error: whatever of it Discord did not do is done then.

        Raises GroupClosed, ByInvitation, GroupFull, JoinedEnough.
        """
        group = await self.get(group_id)
        if await people.member(self._db, group_id, user_id) is not None:
            return group, Outcome.ALREADY
        match group.joining:
            case Joining.INVITATION:
                raise ByInvitation(name=group.name)
            case Joining.REQUEST:
                await room(self._db, group, user_id)
                asked, _ = await self._db.write(*requests.ask(group_id, user_id, self.now))
                self._wake()
                return group, Outcome.ASKED if asked else Outcome.ASKED_BEFORE
            case Joining.OPEN:
                return await self._enter(group, user_id)

    async def accept_invitation(
        self, group_id: int, user_id: int, expires_at: int, invited_id: int | None
    ) -> tuple[Group, Outcome]:
        """Join by a posted invitation, however people join otherwise. Raises GroupClosed, InvitationOver, NotInvited,
        GroupFull, JoinedEnough."""
        group = await self.get(group_id)
        if invited_id is not None and invited_id != user_id:
            raise NotInvited
        if self.now >= expires_at:
            raise InvitationOver
        return await self._enter(group, user_id)

    async def invite(self, group_id: int, person: Person) -> tuple[Group, int]:
        """A group and until when an invitation to it holds (UTC seconds). Any member may invite to a group that is open;
        else its owner. Raises GroupClosed, NotGroupMember, NotGroupOwner."""
        group = await self.get(group_id)
        if group.joining is Joining.OPEN and not person.organiser:
            if await people.member(self._db, group_id, person.user_id) is None:
                raise NotGroupMember(name=group.name)
        else:
            require(group, person)
        return group, self.now + INVITATION_HOLDS

    async def _enter(self, group: Group, user_id: int) -> tuple[Group, Outcome]:
        _, entered, *_ = await self._db.write(
            store.turn(group.guild_id),
            people.join(group.id, user_id, self.now),
            requests.joined_otherwise(group.id, user_id),
            *scores.recount_member(group.guild_id, group.id, user_id),
        )
        if entered:
            return await self.get(group.id), Outcome.JOINED
        if await people.member(self._db, group.id, user_id) is not None:
            return group, Outcome.ALREADY
        # A limit was reached: which one is seen now, unless somebody has made room meanwhile.
        await room(self._db, await self.get(group.id), user_id)
        raise GroupFull(name=group.name, most=(await store.limits(self._db, group.guild_id)).members)

    async def take_back(self, group_id: int, user_id: int) -> None:
        """No longer ask to join. Raises RequestGone."""
        [gone] = await self._db.write(requests.take_back(group_id, user_id))
        if not gone:
            raise RequestGone

    async def leave(self, group_id: int, user_id: int) -> tuple[Group, bool]:
        """Leave; returns the group as it is then, and whether the person was in it. An owner is followed by whoever has
        been in longest, and nobody left closes the group. Raises GroupClosed."""
        after, left = await leave(self._db, await self.get(group_id), user_id, self.now)
        self._wake()
        return after, left

    # -- limits ------------------------------------------------------------------------------------------------

    async def limits(self, guild_id: int) -> Limits:
        return await store.limits(self._db, guild_id)

    async def set_limit(self, guild_id: int, name: str, value: int) -> None:
        await self._db.write(store.limit(guild_id, name, value))

    async def set_creators(self, guild_id: int, creators: Creators) -> None:
        await self._db.write(store.limit_creators(guild_id, creators))

    async def zone(self, guild_id: int) -> ZoneInfo:
        """The zone in which what people type is read."""
        return await zone_of(self._db, guild_id)
