"""The message of a plan's week: what it says when it goes out, and that the next one follows it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.core.deliveries import Delivery, State, Unneeded, is_off
from bot.core.errors import UserError
from bot.core.exam_dates import ExamDate
from bot.core.plan import Kept
from bot.core.plan_nudges import next_nudge
from bot.core.reminders import ReminderSettings, keep_quiet
from bot.core.schedule import local_date
from bot.services.places import public_place
from bot.services.plan import Plans, Standing
from bot.services.unreached import owe_unreached
from bot.storage import exam_dates as dates_store
from bot.storage import plan as store
from bot.storage import reminders as settings_store
from bot.storage.database import Database, Statement

MENDED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class WeekDue:
    """What the message of a week is rendered from. `channel_id` is the place in the server that it goes to, None for the
    learner alone."""

    standing: Standing
    guild_id: int
    channel_id: int | None


class PlanWeeks:
    """What the messages of weeks mean. Their subject is the id of the exam date and the Monday."""

    def __init__(self, db: Database, plans: Plans, clock: Callable[[], float]) -> None:
        self._db = db
        self._plans = plans
        self._clock = clock

    @property
    def now(self) -> int:
        return int(self._clock())

    async def prepare(self, delivery: Delivery) -> WeekDue:
        """The week as it stands now, planned anew if the last one went badly. Raises Unneeded when the plan was dropped,
        its messages are not wanted, or its exam is off or over; Retry in quiet hours."""
        found = await self._followed(delivery)
        if found is None:
            raise Unneeded("no plan")
        kept, exam_date = found
        settings = await settings_store.settings(self._db, kept.user_id)
        keep_quiet(delivery, settings, settings.zone_for(exam_date.moment), self.now)
        try:
            standing = await self._plans.current(kept, exam_date, settings)
        except UserError as error:
            raise Unneeded("no plan") from error
        if standing.week is None:
            raise Unneeded("no day left")
        channel_id = await public_place(self._db, settings, exam_date.guild_id, kept.user_id, exam_date.exam)
        return WeekDue(standing, exam_date.guild_id, channel_id)

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        return [store.set_fault(_date_id(delivery), ""), *await self._next(delivery, await self._followed(delivery))]

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        found = await self._followed(delivery)
        statements = await self._next(delivery, found)
        if state is State.FAILED and found is not None:
            kept, exam_date = found
            about = f"plan.{kept.date_id}"
            told = await owe_unreached(self._db, reason, exam_date.guild_id, kept.user_id, about, now)
            statements += [store.set_fault(kept.date_id, reason), *told]
        return statements

    async def _next(self, delivery: Delivery, found: tuple[Kept, ExamDate] | None) -> list[Statement]:
        if found is None:
            return []
        settings = await settings_store.settings(self._db, found[0].user_id)
        return self._plans.owe(*found, settings, _monday(delivery))

    async def _followed(self, delivery: Delivery) -> tuple[Kept, ExamDate] | None:
        """The plan, if it is followed with messages, and its date."""
        date_id = _date_id(delivery)
        kept, found = await store.get(self._db, date_id), await dates_store.get(self._db, date_id)
        if kept is None or found is None or not kept.nudges or not self._plans.is_followed(kept, found):
            return None
        return kept, found

    async def mend(self) -> int:
        """Owe the next message where none is, as after an exam was moved away, and move those whose hour is another one
        by now; returns how many."""
        mended = after = 0
        first = local_date(self.now, ZoneInfo("UTC")) - timedelta(days=1)
        while page := await store.nudged_from(self._db, first, after, MENDED_AT_ONCE):
            until = page[-1].id
            chosen = await settings_store.settings_from(self._db, after, until)
            for found in page:
                mended += await self._mend(found, chosen.get(found.user_id, ReminderSettings()))
            after = until
        return mended

    async def _mend(self, found: ExamDate, settings: ReminderSettings) -> bool:
        nudge = next_nudge(found.moment, settings, self.now)
        if nudge is None:
            return False
        if not is_off(nudge.due_at, await store.owed(self._db, found.id, nudge.monday), 0):
            return False
        await self._db.write(store.owe(found.id, nudge))
        return True


def _date_id(delivery: Delivery) -> int:
    return int(delivery.subject.partition(".")[0])


def _monday(delivery: Delivery) -> date:
    return date.fromisoformat(delivery.subject.partition(".")[2])
