"""Target dates of study groups: what its members are reminded of together, in the group's own place."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.core.deliveries import Delivery, State, Unneeded
from bot.core.exam_dates import Moment
from bot.core.groups import Group
from bot.core.reminders import days_left
from bot.services.certs import Certs, Sheet
from bot.services.goals import failed
from bot.services.group_owed import coming, earliest, mending
from bot.services.setup import zone_of
from bot.storage import group_dates as store
from bot.storage import groups as groups_store
from bot.storage.database import Database, Statement


@dataclass(frozen=True, slots=True)
class GroupDue:
    """What a group's reminder is rendered from. `sheet` is None for a group without an exam; `moment` its day."""

    group: Group
    sheet: Sheet | None
    moment: Moment
    days: int


async def owe_reminders(db: Database, guild_id: int, key: str, day: date | None, now: int) -> list[Statement]:
    """Make owed what the open group of that name (`name_key`) and target date should be sent, and nothing of an earlier
    date: part of the write that sets the date, after it."""
    calling_off = store.call_off(guild_id, key, day)
    if day is None:
        return [calling_off]
    zone = await zone_of(db, guild_id)
    return [calling_off, *(store.owe(guild_id, key, day, due) for due in coming(day, zone, now))]


class GroupDates:
    """What reminders of groups mean."""

    def __init__(self, db: Database, certs: Certs, clock: Callable[[], float]) -> None:
        self._db = db
        self._certs = certs
        self._clock = clock

    async def prepare(self, delivery: Delivery) -> GroupDue:
        """Raises Unneeded when the group is closed or has another date."""
        group_id, day, _ = delivery.subject.split(".")
        group = await groups_store.get_open(self._db, int(group_id))
        if group is None:
            raise Unneeded("group closed")
        if group.target_date is None or group.target_date.isoformat() != day:
            raise Unneeded("changed")
        zone = await zone_of(self._db, group.guild_id)
        moment = Moment(group.target_date, None, zone.key)
        exam = self._certs.named(group.exam)
        days = days_left(moment, zone, int(self._clock()))
        if days < 0:
            raise Unneeded("over")
        return GroupDue(group, self._certs.show(exam.id) if exam else None, moment, days)

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        return [groups_store.set_unsent(int(delivery.subject.partition(".")[0]), "")]

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        if state is not State.FAILED:
            return []
        return await failed(
            self._db, int(delivery.subject.partition(".")[0]), "A reminder of the target date", reason, now
        )

    async def mend(self) -> int:
        """Move what is to come where the rules of the guild's zone have changed; returns for how many groups."""
        now, mended = int(self._clock()), 0
        for dated in await store.dated(self._db, earliest(now)):
            zone = await zone_of(self._db, dated.guild_id)
            if statements := await mending(self._db, dated, zone, now):
                await self._db.write(*statements)
                mended += 1
        return mended
