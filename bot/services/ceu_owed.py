"""Reminders of units that are missing, and the end of a cycle, with which the next begins."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.core.ceu_cycles import Credential, Cycle, When
from bot.core.deliveries import DAY, Delivery, Retry, State, Unneeded
from bot.core.reminders import ReminderSettings, keep_quiet
from bot.services.ceu_ledger import Ledger, Ledgers, Page
from bot.services.places import public_place
from bot.services.unreached import owe_unreached
from bot.storage import ceu as store
from bot.storage.database import Database, Statement

MEND_AHEAD = 30 * DAY
"""Seconds ahead within which times are worked out anew when a zone's rules may have changed."""

MEND_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class CeuReminder:
    """What a message about a cycle is rendered from; the page's standing is that of the cycle it is about. `channel_id` is
    the place in the server that it goes to, None for the learner alone."""

    page: Page
    when: When
    guild_id: int
    channel_id: int | None


class CeuReminders:
    """What deliveries about units mean. Their subject is `credential:revision:cycle:when`."""

    def __init__(self, db: Database, ledgers: Ledgers, clock: Callable[[], float]) -> None:
        self._db = db
        self._ledgers = ledgers
        self._clock = clock

    @property
    def now(self) -> int:
        return int(self._clock())

    async def prepare(self, delivery: Delivery) -> CeuReminder:
        """Raises Unneeded when the cycle was changed or nothing is missing."""
        number, when = _parse(delivery)
        ledger = await self._ledger(delivery)
        if ledger is None:
            raise Unneeded("changed")
        one = ledger.find(_credential_id(delivery))
        if one is None:
            raise Unneeded("changed")
        cycle = one.credential.cycle(number)
        standing = ledger.standing(one, cycle)
        if when is not When.END and not standing.missing:
            raise Unneeded("nothing missing")
        if when is not When.END and ledger.today > cycle.last:
            raise Unneeded("over")
        self._wait_for_the_clock(delivery, ledger, one.credential, cycle, when)
        held = one.credential
        channel_id = await public_place(self._db, ledger.settings, held.guild_id, held.user_id, held.exam)
        return CeuReminder(replace(ledger.page(one), standing=standing), when, held.guild_id, channel_id)

    def _wait_for_the_clock(
        self, delivery: Delivery, ledger: Ledger, credential: Credential, cycle: Cycle, when: When
    ) -> None:
        """Raises Retry where the learner's clock or quiet hours say by now that it comes later."""
        due = next((due for due in ledger.dues(credential, cycle) if due.when is when), None)
        if due is not None and delivery.unsure_since is None and self.now < due.due_at <= due.useful_until:
            raise Retry("not yet on the learner's clock", unsure=False, after=due.due_at - self.now)
        keep_quiet(delivery, ledger.settings, ledger.zone, self.now)

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        return [store.set_fault(_credential_id(delivery), ""), *await self._renewed(delivery, now)]

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        renewed = await self._renewed(delivery, now)
        found = await store.credential(self._db, _credential_id(delivery))
        if state is not State.FAILED or found is None:
            return renewed
        about = f"ceu.{found.id}.{_parse(delivery)[0]}"
        told = await owe_unreached(self._db, reason, found.guild_id, found.user_id, about, now)
        return [store.set_fault(found.id, reason), *renewed, *told]

    async def _renewed(self, delivery: Delivery, now: int) -> list[Statement]:
        """What the end of a cycle brings: it is noted with what it needed, and the running one is reminded of."""
        if _parse(delivery)[1] is not When.END:
            return []
        ledger = await self._ledger(delivery)
        one = ledger.find(_credential_id(delivery)) if ledger else None
        if ledger is None or one is None:
            return []
        over = [cycle for other, cycle in ledger.unsettled() if other is one]
        return [*(ledger.settle(one, cycle, now) for cycle in over), *ledger.owe(one.credential, now)]

    async def _ledger(self, delivery: Delivery) -> Ledger | None:
        """What the learner tracks, unless the credential was changed since this was owed."""
        found = await store.credential(self._db, _credential_id(delivery))
        if found is None or found.user_id != delivery.user_id or found.revision != _revision(delivery):
            return None
        return await self._ledgers.read(found.user_id)

    async def replan(self, user_id: int, settings: ReminderSettings) -> list[Statement]:
        """What moves the messages to come of the running cycles of somebody to their settings, which may be only being
        saved."""
        ledger = await self._ledgers.holdings(user_id, settings=settings)
        return [statement for one in ledger.tracked for statement in ledger.owe(one.credential, self.now)]

    async def mend(self) -> int:
        """Move what is due soon at another time than its zone says by now, and owe what a credential should have and has
        not; returns how many messages that were."""
        mended = after = 0
        while found := await store.owed(self._db, after, self.now + MEND_AHEAD, MEND_AT_ONCE):
            after = found[-1][0].id
            statements: list[Statement] = []
            for credential, waiting in found:
                ledger = await self._ledgers.holdings(credential.user_id)
                cycle = credential.on(ledger.today)
                statements += [
                    store.owe(credential, cycle.number, due)
                    for due in ledger.dues(credential, cycle)
                    if due.due_at > self.now
                    and (store.subject(credential, cycle.number, due.when), due.due_at) not in waiting
                ]
            if statements:
                mended += sum(len(rows) for rows in await self._db.write(*statements))
        return mended


def _parse(delivery: Delivery) -> tuple[int, When]:
    """The number of the cycle, and what the message is for."""
    _, _, number, when = delivery.subject.split(":")
    return int(number), When(when)


def _credential_id(delivery: Delivery) -> int:
    return int(delivery.subject.split(":")[0])


def _revision(delivery: Delivery) -> int:
    return int(delivery.subject.split(":")[1])
