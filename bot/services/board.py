"""Boards: who stands where in a server or a group, or how its groups stand against each other."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.board import ACTIVE_AT_LEAST, NOBODY, TOP, Asked, Board, Metric, Place, Scope, ranks
from bot.core.errors import BoardGroupUnknown, BoardWithoutGroup
from bot.core.groups import GroupName, name_key
from bot.core.periods import FIRST_WEEK, Period, Span, period
from bot.core.schedule import local_date
from bot.log import fields
from bot.services.setup import zone_of
from bot.storage import board as store
from bot.storage import board_groups, board_streaks, learners
from bot.storage import groups as groups_store
from bot.storage.board import NO_PERIOD, Chart, Own, Standing
from bot.storage.board_groups import GroupTotal
from bot.storage.board_streaks import StreakChart
from bot.storage.database import Database, DatabaseError

log = logging.getLogger(__name__)

NAME_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Page:
    """A board, and the groups that the reader may look at instead. `asked` names what is shown: its group, and a period
    that has begun."""

    board: Board
    groups: tuple[GroupName, ...]
    asked: Asked


class Boards:
    """Use cases of /board."""

    def __init__(self, db: Database, clock: Callable[[], float]) -> None:
        self._db = db
        self._clock = clock

    async def page(self, guild_id: int, user_id: int, asked: Asked, *, title: str = "", called: str = "") -> Page:
        """The board as `user_id` sees it, with the groups to choose from. `title` is what the server is called, `called`
        the reader's name, which may not be known so far. Raises BoardGroupUnknown, BoardWithoutGroup."""
        running = await self.period(guild_id, asked.span)
        when = running if asked.first is None else period(asked.span, min(asked.first, running.first))
        groups = await groups_store.names(self._db, guild_id, user_id)
        group = _one_of(groups, asked.group) if asked.scope is Scope.GROUP else None
        asked = replace(asked, group=group.id if group else 0, first=None if when == running else when.first)
        title = group.name if group else title
        if asked.scope is Scope.GROUPS:
            board = await self._groups(guild_id, when, groups, title)
        elif asked.metric is Metric.STREAK:
            board = await self._streaks(guild_id, user_id, asked, running, title)
        else:
            board = await self._scores(guild_id, user_id, asked, when, title)
        board = replace(board, later=board.period != running)
        return Page(_calling(board, called or NOBODY), tuple(groups), asked)

    async def period(self, guild_id: int, span: Span) -> Period:
        """The running period by the guild's calendar."""
        return period(span, local_date(int(self._clock()), await zone_of(self._db, guild_id)))

    async def ago(self, guild_id: int, asked: Asked, back: int) -> Asked:
        """The board of `back` periods ago: messages of earlier releases name theirs so."""
        if back <= 0:
            return asked
        return replace(asked, first=(await self.period(guild_id, asked.span)).before(back).first)

    async def season(self, guild_id: int, when: Period, title: str = "") -> Board:
        """The points of a season as everybody sees them."""
        return await self._scores(guild_id, 0, Asked(first=when.first), when, title)

    async def group_id(self, guild_id: int, text: str) -> int:
        """The group that was chosen from the suggestions, by its id, or whose name was typed. Raises BoardGroupUnknown."""
        key = name_key(text)
        for known in await groups_store.names(self._db, guild_id, 0):
            if key in (str(known.id), name_key(known.name)):
                return known.id
        raise BoardGroupUnknown

    async def best_groups(self, guild_id: int, when: Period) -> list[Place]:
        """The groups on the first place."""
        totals = await board_groups.totals(self._db, guild_id, when.key)
        return [_of_group(rank, value, total) for rank, value, total in _ranked(totals) if rank == 1]

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

    async def _scores(self, guild_id: int, user_id: int, asked: Asked, when: Period, title: str) -> Board:
        previous = when.previous
        chart = Chart(guild_id, asked.group, when.key, previous.key if previous else NO_PERIOD, asked.metric)
        top, own = await asyncio.gather(store.top(self._db, chart), store.own(self._db, chart, user_id))
        around: Sequence[Standing] = ()
        if own.value is not None and all(standing.user_id != user_id for standing in top):
            around = await store.around(self._db, chart, user_id, own.value)
        return _board(asked, when, title, user_id, top, around, own)

    async def _streaks(self, guild_id: int, user_id: int, asked: Asked, when: Period, title: str) -> Board:
        alive = None
        if when.span is not Span.ALL:
            alive = await board_streaks.alive(self._db, guild_id, int(self._clock()))
        chart = StreakChart(guild_id, asked.group, alive)
        top, own = await asyncio.gather(board_streaks.top(self._db, chart), board_streaks.own(self._db, chart, user_id))
        around: Sequence[Standing] = ()
        if own.value is not None and all(standing.user_id != user_id for standing in top):
            around = await board_streaks.around(self._db, chart, user_id)
        return _board(asked, when, title, user_id, top, around, own)

    async def _groups(self, guild_id: int, when: Period, groups: Sequence[GroupName], title: str) -> Board:
        """Groups by points per active member; a period's points make everybody's groups comparable, whatever their size."""
        own = {group.id for group in groups if group.own}
        totals = await board_groups.totals(self._db, guild_id, when.key)
        previous = when.previous
        before = _ranked(await board_groups.totals(self._db, guild_id, previous.key)) if previous else []
        rank_before = {total.id: rank for rank, _, total in before}
        places = [
            replace(
                _of_group(rank, value, total),
                moved=rank_before[total.id] - rank if total.id in rank_before else None,
                own=total.id in own,
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


def _one_of(groups: Sequence[GroupName], group: int) -> GroupName:
    found = [known for known in groups if (known.id == group if group else known.own)]
    if not found:
        raise BoardGroupUnknown if group else BoardWithoutGroup
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


def _of_group(rank: int, value: int, total: GroupTotal) -> Place:
    return Place(rank, total.name, value, total.answers, total.correct, members=total.members)


def _board(
    asked: Asked,
    when: Period,
    title: str,
    user_id: int,
    top: Sequence[Standing],
    around: Sequence[Standing],
    own: Own,
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
        scope=asked.scope,
        metric=asked.metric,
        period=when,
        title=title,
        top=tuple(places),
        around=() if among else tuple(place for place_of, place in beside if place_of not in shown),
        own=mine,
        hidden=mine is not None and not own.shown,
        ranked=own.ranked,
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
