"""The end of a season: its result, posted once in a guild, and the role for its winners."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.core.board import NOBODY, Board, Metric, Place, ranks
from bot.core.daily import DailySettings
from bot.core.deliveries import Delivery, Kind, State, Unneeded
from bot.core.periods import Period
from bot.core.seasons import PODIUM, Winner, season_named
from bot.services.board import Boards
from bot.services.daily_owed import fault
from bot.services.season_owed import plan_results
from bot.storage import board as boards
from bot.storage import guilds
from bot.storage import seasons as store
from bot.storage.board import NO_PERIOD, Chart
from bot.storage.database import Database, Statement

WINNERS_AT_MOST = 20
"""Learners on the first place who are named, and who get a role."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a season's result is rendered from, and who wins and loses the role, if there is one."""

    season: Period
    channel_id: int
    board: Board
    winners: tuple[Place, ...]
    groups: tuple[Place, ...]
    """The best study groups."""
    late: bool
    role_id: int | None
    role_for: tuple[int, ...]
    role_from: tuple[int, ...]


class Seasons:
    """Use cases of the end of a season, and what its deliveries mean."""

    def __init__(self, db: Database, board: Boards, clock: Callable[[], float]) -> None:
        self._db = db
        self._board = board
        self._clock = clock

    async def prepare(self, delivery: Delivery, title: str = "") -> Result:
        """The result that a delivery is to post. Raises Unneeded where nobody has points."""
        settings = await self._active(delivery)
        season = season_named(delivery.subject)
        board = await self._board.season(delivery.guild_id, season, title)
        if not board.top:
            raise Unneeded("nobody has points")
        first = await boards.winners(self._db, _chart(delivery.guild_id, season), WINNERS_AT_MOST + 1)
        named = first[:WINNERS_AT_MOST]
        role_id = await store.role(self._db, delivery.guild_id)
        last = await store.first_of_last(self._db, delivery.guild_id, season.key)
        # So many on one place are nobody's distinction.
        ids = {winner.user_id for winner in first} if len(first) <= WINNERS_AT_MOST else set[int]()
        return Result(
            season=season,
            channel_id=settings.channel_id,
            board=board,
            winners=tuple(Place(1, w.name or NOBODY, w.value, w.answers, w.correct) for w in named),
            groups=tuple(await self._board.best_groups(delivery.guild_id, season)),
            late=delivery.late(int(self._clock())),
            role_id=role_id,
            role_for=tuple(sorted(ids)),
            role_from=tuple(user_id for user_id in last if user_id not in ids),
        )

    async def place(self, delivery: Delivery) -> int:
        """The channel in which the result is, or will be."""
        return (await self._active(delivery)).channel_id

    async def _active(self, delivery: Delivery) -> DailySettings:
        settings = await guilds.get(self._db, delivery.guild_id)
        if settings is None or not settings.active:
            raise Unneeded("not set up")
        return settings

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        season = season_named(delivery.subject)
        chart = _chart(delivery.guild_id, season)
        first = await boards.winners(self._db, chart, WINNERS_AT_MOST)
        top = await boards.top(self._db, chart)
        ranked = [
            *((1, standing) for standing in first),
            *zip(ranks([standing.value for standing in top]), top, strict=True),
        ]
        winners = {s.user_id: Winner(s.user_id, rank, s.value) for rank, s in ranked if rank <= PODIUM}
        return store.ended(delivery.guild_id, season.key, now, list(winners.values()))

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        settings = await guilds.get(self._db, delivery.guild_id)
        if state is State.FAILED and settings is not None and settings.active:
            return fault(settings, delivery, reason, now)
        return []

    async def mend(self) -> int:
        """Plan the results of active guilds for which none is owed; returns how many guilds there were."""
        missing = await guilds.unscheduled(self._db, Kind.SEASON)
        now = int(self._clock())
        for settings in missing:
            await self._db.write(*await plan_results(self._db, settings, now))
        return len(missing)

    async def role(self, guild_id: int) -> int | None:
        """The role that winners wear."""
        return await store.role(self._db, guild_id)

    async def set_role(self, guild_id: int, role_id: int | None) -> None:
        await self._db.write(store.set_role(guild_id, role_id))


def _chart(guild_id: int, season: Period) -> Chart:
    return Chart(guild_id, 0, season.key, NO_PERIOD, Metric.POINTS)
