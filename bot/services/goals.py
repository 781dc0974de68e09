"""Weekly goals of study groups: what was reached, the streak of weeks, and the message of the week."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.core.deliveries import Delivery, Kind, Retry, State, Unneeded
from bot.core.groups import Goal, Group, Week, streak, week_begins
from bot.core.periods import Period, Span, period
from bot.core.schedule import local_date
from bot.services.setup import zone_of
from bot.storage import deliveries
from bot.storage import goals as store
from bot.storage import groups as groups_store
from bot.storage.database import Database, Statement

WEEKS_CAUGHT_UP = 60
"""Weeks that are settled at most after an absence; before that there was no bot to study with."""


LATECOMERS = 120
"""Seconds after the end of a week in which an answer of that week may still be on its way into the database."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a group stands: this week, if it has a goal, and the weeks in a row in which it was met."""

    week: Week | None
    streak: int


@dataclass(frozen=True, slots=True)
class WeekPost:
    """What the message of a week is rendered from. `before` is the last week with a goal before, `adjoining` whether
    that was the week before this one."""

    group: Group
    week: Week
    period: Period
    before: Week | None
    adjoining: bool
    streak: int


class Goals:
    """Use cases of weekly goals."""

    def __init__(self, db: Database, clock: Callable[[], float], wake: Callable[[], None]) -> None:
        self._db = db
        self._clock = clock
        self._wake = wake
        self.weeks = GroupWeeks(db)

    @property
    def now(self) -> int:
        return int(self._clock())

    async def standing(self, group: Group) -> Standing:
        key = (await this_week(self._db, group.guild_id, self.now)).key
        if group.goal is not None:
            await self._catch_up(group, key)
        week = await store.week(self._db, group.id, key)
        met = await store.settled(self._db, group.id)
        return Standing(week if week and week.goal else None, streak(met))

    async def set_goal(self, group: Group, goal: Goal | None, *, wake: bool = True) -> None:
        """Set the goal from this week on, or take it away. Without `wake` its message goes out when the deliveries are
        woken next."""
        if goal == group.goal:
            return
        zone = await zone_of(self._db, group.guild_id)
        week = period(Span.WEEK, local_date(self.now, zone))
        await self._db.write(
            *await self._behind(group, week.key),
            *store.set_goal(group.id, goal, week.key),
            *([_owe(group, week, zone, self.now), _owe_next(group, week, zone)] if goal else []),
        )
        if wake:
            self._wake()

    async def _behind(self, group: Group, key: int) -> list[Statement]:
        """Write down the weeks that went by unwritten, and settle those that are over."""
        last = await store.last_week(self._db, group.id)
        since = await store.goal_since(self._db, group.id)
        first = max(since, key - WEEKS_CAUGHT_UP, last + 1 if last is not None else 0)
        over = await self._over_before(group)
        return [*store.open_weeks(group.id, range(first, key + 1)), store.settle(group.id, over, self.now)]

    async def _over_before(self, group: Group) -> int:
        return (await this_week(self._db, group.guild_id, self.now - LATECOMERS)).key

    async def _catch_up(self, group: Group, key: int) -> None:
        if await store.is_behind(self._db, group.id, key, await self._over_before(group)):
            await self._db.write(*await self._behind(group, key))

    # -- the message of the week -------------------------------------------------------------------------------

    async def prepare_week(self, delivery: Delivery) -> WeekPost:
        """What the message of a week says, its result of the week before settled for good. Raises Unneeded, Retry."""
        group_id, key = map(int, delivery.subject.split(":"))
        group = await groups_store.get_open(self._db, group_id)
        if group is None or group.goal is None:
            raise Unneeded("no goal")
        zone = await zone_of(self._db, group.guild_id)
        week = period(Span.WEEK, local_date(self.now, zone))
        if week.key < key:
            # The guild has moved to a zone further west.
            raise Retry("week not begun", unsure=False, after=max(_next_begins(week, zone) - self.now, 60))
        if week.key > key:
            raise Unneeded("week over")
        await self._db.write(
            *await self._behind(group, key), store.stands_in(group_id, key, group.place_id, delivery.id)
        )
        post = await self._post(group, week)
        await self._db.write(store.shown(group_id, key, post.week.reached))
        return post

    async def place(self, delivery: Delivery) -> int:
        """The channel or thread in which the message of a week is, or will be. Raises Unneeded."""
        group = await groups_store.get_open(self._db, int(delivery.subject.partition(":")[0]))
        if group is None:
            raise Unneeded("group closed")
        return group.place_id

    async def week_post(self, group_id: int, key: int) -> WeekPost | None:
        """What the message of a running week shows by now; None once it is over or the group is closed."""
        group = await groups_store.get_open(self._db, group_id)
        if group is None:
            return None
        week = await this_week(self._db, group.guild_id, self.now)
        return await self._post(group, week) if week.key == key else None

    async def _post(self, group: Group, week: Period) -> WeekPost:
        settled = await store.settled(self._db, group.id)
        found = await store.week(self._db, group.id, week.key)
        before = settled[0] if settled else None
        return WeekPost(
            group=group,
            week=found or Week(group.id, week.key, group.goal, 0, settled=False),
            period=week,
            before=before,
            adjoining=before is not None and before.key == week.key - 1,
            streak=streak(settled),
        )

    async def outdated(self, guild_id: int | None = None) -> list[Week]:
        """Running weeks whose message is behind: in a guild, or everywhere."""
        return await store.outdated(self._db, guild_id)

    async def shown(self, week: Week) -> None:
        await self._db.write(store.shown(week.group_id, week.key, week.reached))

    async def mend(self) -> int:
        """Plan the message of the week for groups with a goal for which none is owed; returns how many there were."""
        missing = await store.unplanned(self._db)
        for group_id in missing:
            group = await groups_store.get(self._db, group_id)
            if group is not None:
                zone = await zone_of(self._db, group.guild_id)
                week = period(Span.WEEK, local_date(self.now, zone))
                await self._db.write(_owe(group, week, zone, None), _owe_next(group, week, zone))
        return len(missing)


async def this_week(db: Database, guild_id: int, now: int) -> Period:
    return period(Span.WEEK, local_date(now, await zone_of(db, guild_id)))


def _next_begins(week: Period, zone: ZoneInfo) -> int:
    return week_begins(week.following, zone)


def _owe(group: Group, week: Period, zone: ZoneInfo, due_at: int | None) -> Statement:
    """Owe the message of a week, worth sending until the next one is due."""
    return deliveries.owe(
        Kind.GROUP_WEEK,
        group.guild_id,
        f"{group.id}:{week.key}",
        week_begins(week, zone) if due_at is None else due_at,
        useful_until=_next_begins(week, zone),
    )


def _owe_next(group: Group, week: Period, zone: ZoneInfo) -> Statement:
    return _owe(group, week.following, zone, None)


class GroupWeeks:
    """What becomes of the state when the message of a week went out, or never will: the next one is owed."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        group_id, key = map(int, delivery.subject.split(":"))
        posted = [store.posted(group_id, key, message_id)] if message_id is not None else []
        return [*posted, groups_store.set_unsent(group_id, ""), *await self._next(group_id, key, now)]

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        group_id, key = map(int, delivery.subject.split(":"))
        told: list[Statement] = []
        if state is State.FAILED:
            told = await failed(self._db, group_id, "The message of the week", reason, now)
        return [*told, *await self._next(group_id, key, now)]

    async def _next(self, group_id: int, key: int, now: int) -> list[Statement]:
        group = await groups_store.get_open(self._db, group_id)
        if group is None or group.goal is None:
            return []
        zone = await zone_of(self._db, group.guild_id)
        week = period(Span.WEEK, local_date(now, zone))
        # After a long absence the week that runs is owed still; else it is the next one's turn.
        return [_owe(group, week, zone, None) if key < week.key else _owe_next(group, week, zone)]


async def failed(db: Database, group_id: int, what: str, reason: str, now: int) -> list[Statement]:
    """Keep what could not be sent to a group's place where its members see it, and tell its owner the first time."""
    group = await groups_store.get(db, group_id)
    if group is None:
        return []
    told = [] if group.unsent else [deliveries.owe(Kind.GROUP_NOTICE, group.guild_id, f"fault:{group_id}:{now}", now)]
    return [groups_store.set_unsent(group_id, f"{what} could not be sent: {reason}"), *told]
