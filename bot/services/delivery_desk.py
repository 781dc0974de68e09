"""What an operator does with deliveries at three in the morning: look, ask why, try again, drop."""

from collections.abc import Callable, Mapping, Sequence

from bot.core.deliveries import USEFUL_FOR, Kind, State
from bot.services.deliveries import Subject
from bot.storage import deliveries as ledger
from bot.storage import delivery_desk as store
from bot.storage.database import Database
from bot.storage.delivery_desk import Entry


class DeliveryDesk:
    """Use cases of `python -m bot deliveries`."""

    def __init__(self, db: Database, subjects: Mapping[Kind, Subject], clock: Callable[[], float]) -> None:
        self._db = db
        self._subjects = subjects
        self._clock = clock

    @property
    def now(self) -> int:
        return int(self._clock())

    async def listed(self, state: State | None, kind: Kind | None, guild_id: int | None, limit: int) -> Sequence[Entry]:
        """What is owed, or what ended in `state`."""
        if state is None or state in (State.PENDING, State.CLAIMED):
            return await store.open_ones(self._db, state, kind, guild_id, limit)
        return await store.settled(self._db, state, kind, guild_id, limit)

    async def entry(self, delivery_id: int) -> Entry | None:
        return await store.entry(self._db, delivery_id)

    async def again(self, delivery_id: int) -> Entry | None:
        """Owe one anew, useful from now on for as long as its kind is; None when it was sent, is being sent,
        is not due yet or is gone."""
        found = await store.entry(self._db, delivery_id)
        if found is None:
            return None
        useful_until = self.now + USEFUL_FOR[Kind(found.kind)]
        [moved] = await self._db.write(store.again(delivery_id, self.now, useful_until))
        return await store.entry(self._db, delivery_id) if moved else None

    async def drop(self, delivery_id: int) -> Entry | None:
        """Give one up that waits, with all that follows for its feature; None when it doesn't wait."""
        [taken] = await self._db.write(store.take(delivery_id, self.now, "operator"))
        delivery = await ledger.get(self._db, delivery_id)
        if not taken or delivery is None:
            return None
        reason = "dropped by the operator"
        follows = await self._subjects[delivery.kind].dropped(delivery, State.CANCELLED, reason, self.now)
        await self._db.write(ledger.settle(delivery, State.CANCELLED, self.now, fault=reason), *follows)
        return await store.entry(self._db, delivery_id)

    async def overdue(self) -> Mapping[str, tuple[int, int]]:
        """By kind: how many are due and not settled, and how many of those may have got through."""
        return await store.overdue(self._db, self.now)
