"""What failed in a server: what its organisers are shown, without anything that is a learner's own affair."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.core.deliveries import Kind
from bot.core.failures import OF_SERVERS, SHOWN_FOR
from bot.storage import daily, delivery_desk, groups, live, meetings
from bot.storage.database import Database
from bot.storage.delivery_desk import Failed


@dataclass(frozen=True, slots=True)
class Failure:
    """Messages of a kind that ended unsent for one reason. `count` is how many, or for `Kind.UNREACHED` to how many
    people; `last` when the latest ended (UTC seconds); `channel_id` where that was to go, None where it is not known."""

    kind: Kind
    reason: str
    count: int
    last: int
    channel_id: int | None


class Failures:
    """Use cases of "What failed" on /setup."""

    def __init__(self, db: Database, clock: Callable[[], float]) -> None:
        self._db = db
        self._clock = clock

    async def listed(self, guild_id: int) -> tuple[Failure, ...]:
        """By kind and reason, the latest first."""
        return tuple(
            [
                Failure(Kind(each.kind), each.reason, _count(each), each.last, await self._place(each, guild_id))
                for each in await self._failed(guild_id)
            ]
        )

    async def count(self, guild_id: int) -> int:
        """How many there are in all."""
        return sum(_count(each) for each in await self._failed(guild_id))

    async def _failed(self, guild_id: int) -> list[Failed]:
        if not guild_id:
            return []
        return await delivery_desk.failed(self._db, guild_id, OF_SERVERS, int(self._clock()) - SHOWN_FOR)

    async def _place(self, failed: Failed, guild_id: int) -> int | None:
        """The channel that the latest was to go to."""
        match Kind(failed.kind):
            case Kind.DAILY_POST:
                round_ = await daily.round_by_date(self._db, guild_id, date.fromisoformat(failed.subject))
                return round_.channel_id if round_ else None
            case Kind.REVEAL:
                round_ = await daily.round_by_id(self._db, int(failed.subject))
                return round_.channel_id if round_ else None
            case Kind.LIVE_QUESTION | Kind.LIVE_CLOSE | Kind.LIVE_RESULT:
                played = await live.round_by_id(self._db, int(failed.subject.partition(":")[0]))
                return played.channel_id if played else None
            case Kind.MEETING | Kind.MEETING_END:
                meeting = await meetings.get(self._db, int(failed.subject))
                return meeting.channel_id if meeting else None
            case Kind.MEETING_REMINDER:
                meeting = await meetings.get(self._db, int(failed.subject))
                return await self._group_place(meeting.group_id) if meeting else None
            case Kind.GROUP_WEEK:
                return await self._group_place(int(failed.subject.partition(":")[0]))
            case Kind.GROUP_DATE:
                return await self._group_place(int(failed.subject.partition(".")[0]))
            case _:
                return None

    async def _group_place(self, group_id: int) -> int | None:
        group = await groups.get(self._db, group_id)
        return group.place_id if group else None


def _count(failed: Failed) -> int:
    return failed.persons if failed.kind == Kind.UNREACHED else failed.count
