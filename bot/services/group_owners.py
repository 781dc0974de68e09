"""Running a study group: what its owner, and people with the permission Manage Server, may do."""

from collections.abc import Callable
from datetime import date

from bot.core.days import parse_day
from bot.core.errors import DayPast
from bot.core.group_errors import GroupClosed, GroupNameTaken, NoSuchMember, OwnsEnough, RequestGone
from bot.core.groups import Group, Joining, clean_name, name_key, parse_goal
from bot.core.people import Person
from bot.core.schedule import local_date
from bot.services.certs import Certs
from bot.services.goals import Goals
from bot.services.group_access import leave, open_group, require, room
from bot.services.group_dates import owe_reminders
from bot.services.setup import zone_of
from bot.storage import group_dates, meetings, scores
from bot.storage import group_members as people
from bot.storage import group_requests as requests
from bot.storage import groups as store
from bot.storage.database import Conflict, Database
from bot.storage.group_requests import Request


def exam_id(certs: Certs, text: str) -> str:
    """The id of the exam that was typed, if any. Raises ExamUnknown."""
    return certs.show(text).exam.id if text.strip() else ""


async def target_day(db: Database, guild_id: int, text: str, now: int) -> date | None:
    """The day that was typed, if any, by the guild's calendar. Raises DayUnreadable, DayPast."""
    if not text.strip():
        return None
    today = local_date(now, await zone_of(db, guild_id))
    day = parse_day(text, today)
    if day < today:
        raise DayPast
    return day


class Owners:
    """Use cases of /group manage."""

    def __init__(
        self,
        db: Database,
        certs: Certs,
        goals: Goals,
        clock: Callable[[], float],
        wake: Callable[[], None],
    ) -> None:
        self._db = db
        self._certs = certs
        self._goals = goals
        self._clock = clock
        self._wake = wake

    @property
    def now(self) -> int:
        return int(self._clock())

    async def managed(self, group_id: int, person: Person) -> Group:
        """A group that this person may run. Raises GroupClosed, NotGroupOwner."""
        group = await open_group(self._db, group_id)
        require(group, person)
        return group

    async def edit(self, group_id: int, person: Person, *, name: str, exam: str, target: str, goal: str) -> Group:
        """Raises what `create` does about these, GroupClosed, NotGroupOwner."""
        group = await self.managed(group_id, person)
        name = clean_name(name)
        wanted = parse_goal(goal)
        same = group.target_date is not None and target.strip() == group.target_date.isoformat()
        day = group.target_date if same else await target_day(self._db, group.guild_id, target, self.now)
        exam = exam if exam == group.exam else exam_id(self._certs, exam)
        try:
            await self._db.write(
                store.edit(group_id, name, name_key(name), exam, day),
                *await owe_reminders(self._db, group.guild_id, name_key(name), day, self.now),
            )
        except Conflict:
            raise GroupNameTaken(name=name) from None
        self._wake()
        await self._goals.set_goal(await open_group(self._db, group_id), wanted)
        return await open_group(self._db, group_id)

    async def set_joining(self, group_id: int, person: Person, joining: Joining) -> None:
        await self.managed(group_id, person)
        await self._db.write(store.set_joining(group_id, joining))

    async def set_role(self, group_id: int, person: Person, role_id: int | None) -> Group:
        await self.managed(group_id, person)
        await self._db.write(store.set_role(group_id, role_id))
        return await open_group(self._db, group_id)

    async def hand_over(self, group_id: int, person: Person, to_id: int) -> Group:
        """Make another member the owner. Raises NotGroupOwner, NoSuchMember, OwnsEnough."""
        group = await self.managed(group_id, person)
        if to_id == group.owner_id:
            return group
        if await people.member(self._db, group_id, to_id) is None:
            raise NoSuchMember(name=group.name)
        await self._db.write(store.turn(group.guild_id), *people.hand_over(group_id, group.owner_id, to_id, self.now))
        after = await open_group(self._db, group_id)
        if after.owner_id != to_id:
            limits = await store.limits(self._db, group.guild_id)
            raise OwnsEnough(who=f"<@{to_id}>", most=limits.owned)
        self._wake()
        return after

    async def remove(self, group_id: int, person: Person, user_id: int) -> Group:
        """Take somebody out of a group. Raises NotGroupOwner, NoSuchMember."""
        group = await self.managed(group_id, person)
        if await people.member(self._db, group_id, user_id) is None:
            raise NoSuchMember(name=group.name)
        after, _ = await leave(self._db, group, user_id, self.now)
        self._wake()
        return after

    async def decide(self, request_id: int, person: Person, *, accept: bool) -> tuple[Group, Request]:
        """Accept or decline a request to join. Raises RequestGone, NotGroupOwner, GroupFull, JoinedEnough."""
        request = await requests.request(self._db, request_id)
        if request is None or request.state != 0:
            raise RequestGone
        group = await self.managed(request.group_id, person)
        if not accept:
            await self._db.write(*requests.decline(request_id, self.now))
            self._wake()
            return group, request
        _, entered, *_ = await self._db.write(
            store.turn(group.guild_id),
            *requests.accept(request, self.now),
            *scores.recount_member(group.guild_id, group.id, request.user_id),
        )
        self._wake()
        if not entered and await people.member(self._db, group.id, request.user_id) is None:
            await room(self._db, await open_group(self._db, group.id), request.user_id)
            raise RequestGone
        return await open_group(self._db, group.id), request

    async def close(self, group_id: int, person: Person) -> tuple[Group, list[int]]:
        """Close a group; returns it and who was in it. Raises GroupClosed, NotGroupOwner."""
        group = await self.managed(group_id, person)
        _, closed, gone, *_ = await self._db.write(
            store.turn(group.guild_id),
            store.close(group_id),
            *people.empty(group_id),
            *meetings.cancel_all(group_id, self.now),
            group_dates.call_off_closed(group_id, group.guild_id),
            *scores.forget_group(group_id),
        )
        if not closed:
            raise GroupClosed
        self._wake()
        return group, [row["user_id"] for row in gone]

    # -- what Discord did --------------------------------------------------------------------------------------

    async def set_thread(self, group_id: int, thread_id: int | None, instead_of: int | None = None) -> bool:
        """Note the group's own thread, or that it is gone; False when it has got another meanwhile."""
        [rows] = await self._db.write(store.set_thread(group_id, thread_id, instead_of))
        return bool(rows)

    async def note_fault(self, group_id: int, fault: str) -> None:
        """Remember what could not be done about a group's thread or role; the empty text clears it."""
        await self._db.write(store.set_fault(group_id, fault))
