"""Boards: who stands where in a server or a group, or how its groups stand against each other."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.core.board import ACTIVE_AT_LEAST, NOBODY, TOP, Board, Metric, Place, Scope, ranks
from bot.core.errors import BoardGroupUnknown, BoardWithoutGroup
from bot.core.periods import Period, Span, period
from bot.core.schedule import local_date
from bot.core.scores import ANSWERS_AT_LEAST
from bot.log import fields
from bot.services.setup import DEFAULT_ZONE
from bot.storage import board as store
from bot.storage import board_groups, board_streaks, guilds, learners
from bot.storage.board import NO_PERIOD, Chart, Own, Standing
from bot.storage.board_groups import GroupName, GroupTotal
from bot.storage.board_streaks import StreakChart
from bot.storage.database import Database, DatabaseError

log = logging.getLogger(__name__)

FIRST_WEEK = 1_000_000
"""Keys of weeks lie above, those of seasons below."""

NAME_AT_MOST = 100


__all__ = ["Boards", "GroupName", "Page"]


@dataclass(frozen=True, slots=True)
class Page:
    """A board, and the groups that the reader may look at instead; `group` is the one that is shown, or 0."""

    board: Board
    groups: tuple[GroupName, ...]
    group: int


class Boards:
    """Use cases of /board."""

    def __init__(self, db: Database, clock: Callable[[], float]) -> None:
        self._db = db
        self._clock = clock

    async def page(
        self,
        guild_id: int,
        scope: Scope,
        metric: Metric,
        span: Span,
        user_id: int,
        *,
        group: int | None = None,
        back: int = 0,
        title: str = "",
        called: str = "",
    ) -> Page:
        """The board with the groups to choose from; `called` is the reader's name, which may not be known so far.
        Raises like `read`."""
        groups = await self.groups_of(guild_id, user_id)
        if scope is Scope.GROUP:
            group = _one_of(groups, group).id
        board = await self.read(guild_id, scope, metric, span, user_id, group=group, back=back, title=title)
        return Page(_calling(board, called or NOBODY), tuple(groups), group or 0)

    async def read(
        self,
        guild_id: int,
        scope: Scope,
        metric: Metric,
        span: Span,
        user_id: int,
        *,
        group: int | None = None,
        back: int = 0,
        title: str = "",
    ) -> Board:
        """The board as `user_id` sees it, `back` periods ago. `title` is what the server is called.

        Without `group` a board of a group is that of the one the reader joined last. Raises BoardGroupUnknown,
        BoardWithoutGroup.
        """
        when = await self.period(guild_id, span, back if metric is not Metric.STREAK or scope is Scope.GROUPS else 0)
        if scope is Scope.GROUPS:
            return await self._groups(guild_id, when, user_id, title)
        group_id = 0
        if scope is Scope.GROUP:
            chosen = _one_of(await self.groups_of(guild_id, user_id), group)
            group_id, title = chosen.id, chosen.name
        if metric is Metric.STREAK:
            return await self._streaks(guild_id, group_id, scope, when, user_id, title)
        return await self._scores(guild_id, group_id, scope, metric, when, user_id, title)

    async def period(self, guild_id: int, span: Span, back: int = 0) -> Period:
        """The running period by the guild's calendar, or one that many before."""
        settings = await guilds.get(self._db, guild_id)
        zone = ZoneInfo(settings.zone if settings else DEFAULT_ZONE)
        when = period(span, local_date(int(self._clock()), zone))
        for _ in range(back):
            when = when.previous or when
        return when

    async def back_to(self, guild_id: int, when: Period) -> int:
        """How many periods ago that was."""
        running = await self.period(guild_id, when.span)
        back = 0
        while running.first > when.first and (before := running.previous) is not None:
            running, back = before, back + 1
        return back

    async def season(self, guild_id: int, when: Period, title: str = "") -> Board:
        """The points of a season as everybody sees them."""
        return await self._scores(guild_id, 0, Scope.SERVER, Metric.POINTS, when, 0, title)

    async def groups_of(self, guild_id: int, user_id: int) -> list[GroupName]:
        """The open groups of a server, the learner's own first."""
        return await board_groups.open_groups(self._db, guild_id, user_id)

    async def best_groups(self, guild_id: int, when: Period) -> list[Place]:
        """The groups on the first place."""
        board = await self._groups(guild_id, when, 0, "")
        return [place for place in board.top if place.rank == 1]

    async def remember_names(self, names: Mapping[tuple[int, int], str]) -> bool:
        """Keep what people are called, by server and id, where it is new; returns whether it is kept. Nothing fails for it."""
        statements = [
            learners.remember_name(guild_id, user_id, name[:NAME_AT_MOST].replace("\0", ""))
            for (guild_id, user_id), name in names.items()
        ]
        try:
            await self._db.write(*statements)
        except DatabaseError as error:
            log.info("names not kept", extra=fields(names=len(statements), error=str(error)))
            return False
        return True

    async def _scores(
        self, guild_id: int, group_id: int, scope: Scope, metric: Metric, when: Period, user_id: int, title: str
    ) -> Board:
        previous = when.previous
        chart = Chart(guild_id, group_id, when.key, previous.key if previous else NO_PERIOD, metric)
        top, own = await asyncio.gather(store.top(self._db, chart), store.own(self._db, chart, user_id))
        around: Sequence[Standing] = ()
        if own.value is not None and all(standing.user_id != user_id for standing in top):
            around = await store.around(self._db, chart, user_id, own.value)
        needed = ANSWERS_AT_LEAST[when.span] if metric is Metric.ACCURACY else 0
        return _board(scope, metric, when, title, user_id, top, around, own, needed)

    async def _streaks(
        self, guild_id: int, group_id: int, scope: Scope, when: Period, user_id: int, title: str
    ) -> Board:
        alive = None
        if when.span is not Span.ALL:
            alive = await board_streaks.alive(self._db, guild_id, int(self._clock()))
        chart = StreakChart(guild_id, group_id, alive)
        top, own = await asyncio.gather(board_streaks.top(self._db, chart), board_streaks.own(self._db, chart, user_id))
        around: Sequence[Standing] = ()
        if own.value is not None and all(standing.user_id != user_id for standing in top):
            around = await board_streaks.around(self._db, chart, user_id)
        return _board(scope, Metric.STREAK, when, title, user_id, top, around, own, 0)

    async def _groups(self, guild_id: int, when: Period, user_id: int, title: str) -> Board:
        """Groups by points per active member; a period's points make everybody's groups comparable, whatever their size."""
        own = {group.id for group in await self.groups_of(guild_id, user_id) if group.own}
        totals = await board_groups.totals(self._db, guild_id, when.key)
        previous = when.previous
        before = _ranked(await board_groups.totals(self._db, guild_id, previous.key)) if previous else []
        rank_before = {total.id: rank for rank, _, total in before}
        places = [
            Place(
                rank=rank,
                name=total.name,
                value=value,
                answers=total.answers,
                correct=total.correct,
                moved=rank_before[total.id] - rank if total.id in rank_before else None,
                own=total.id in own,
                members=total.members,
            )
            for rank, value, total in _ranked(totals)
        ]
        best = next((i for i, place in enumerate(places) if place.own), None)
        around = places[max(best - 1, TOP) : best + 2] if best is not None and best >= TOP else []
        lowest = FIRST_WEEK if when.span is Span.WEEK else 1
        return Board(
            scope=Scope.GROUPS,
            metric=Metric.POINTS,
            period=when,
            title=title,
            top=tuple(places[:TOP]),
            around=tuple(around),
            own=places[best] if best is not None else None,
            ranked=len(places),
            needed=ACTIVE_AT_LEAST,
            own_answers=max((total.members for total in totals if total.id in own), default=0),
            earlier=previous is not None
            and await board_groups.counted_before(self._db, guild_id, lowest, previous.key),
        )


def _calling(board: Board, name: str) -> Board:
    """The reader's own place by their name where it has none."""

    def named(place: Place) -> Place:
        return replace(place, name=name) if place.own and place.name == NOBODY else place

    return replace(
        board,
        top=tuple(named(place) for place in board.top),
        around=tuple(named(place) for place in board.around),
        own=named(board.own) if board.own else None,
    )


def _one_of(groups: Sequence[GroupName], group: int | None) -> GroupName:
    found = [known for known in groups if (known.own if group is None else known.id == group)]
    if not found:
        raise BoardWithoutGroup if group is None else BoardGroupUnknown
    return found[0]


def _ranked(totals: Sequence[GroupTotal]) -> list[tuple[int, int, GroupTotal]]:
    """Rank, points per active member times 100, and the group, of those that stand against others."""
    valued = [
        (round(100 * total.points / total.members), total) for total in totals if total.members >= ACTIVE_AT_LEAST
    ]
    standing = sorted(((v, total) for v, total in valued if v > 0), key=lambda pair: (-pair[0], pair[1].id))
    return [
        (rank, value, total)
        for rank, (value, total) in zip(ranks([value for value, _ in standing]), standing, strict=True)
    ]


def _board(
    scope: Scope,
    metric: Metric,
    when: Period,
    title: str,
    user_id: int,
    top: Sequence[Standing],
    around: Sequence[Standing],
    own: Own,
    needed: int,
) -> Board:
    places = [
        _place(standing, rank, user_id)
        for rank, standing in zip(ranks([standing.value for standing in top]), top, strict=True)
    ]
    shown = {standing.user_id for standing in top}
    beside = [(standing.user_id, _place(standing, standing.rank or 0, user_id)) for standing in around]
    mine = next((place for place in (*places, *(place for _, place in beside)) if place.own), None)
    # A hidden reader may stand between the first places, where no line is theirs.
    last = places[-1].value if places else 0
    among = mine is not None and not own.shown and mine.value > last
    return Board(
        scope=scope,
        metric=metric,
        period=when,
        title=title,
        top=tuple(places),
        around=() if among else tuple(place for place_of, place in beside if place_of not in shown),
        own=mine,
        hidden=mine is not None and not own.shown,
        ranked=own.ranked,
        needed=needed,
        own_answers=own.answers,
        earlier=own.earlier,
    )


def _place(standing: Standing, rank: int, user_id: int) -> Place:
    return Place(
        rank=rank,
        name=standing.name or NOBODY,
        value=standing.value,
        answers=standing.answers,
        correct=standing.correct,
        moved=None if standing.before is None else standing.before - rank,
        own=standing.user_id == user_id,
    )
