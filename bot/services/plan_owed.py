"""The message of a plan's week: what it says when it goes out, and that the next one follows it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.core.deliveries import Delivery, State, Unneeded
from bot.core.errors import UserError
from bot.core.exam_dates import ExamDate
from bot.core.plan import Kept
from bot.core.plan_nudges import nudge_after
from bot.core.reminders import WhereTo
from bot.core.schedule import local_date
from bot.services.plan import Plans, Standing
from bot.services.reminders import UNREACHED, owe_unreached
from bot.storage import exam_dates as dates_store
from bot.storage import guilds
from bot.storage import plan as store
from bot.storage import reminders as settings_store
from bot.storage.database import Database, Statement

MENDED_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class WeekDue:
    """What the message of a week is rendered from. `channel_id` is that of the server's messages, None where it goes to
    the learner alone."""

    standing: Standing
    guild_id: int
    channel_id: int | None


class PlanWeeks:
    """What the messages of weeks mean. Their subject is the id of the exam date and the Monday."""

    def __init__(self, db: Database, plans: Plans, clock: Callable[[], float], wake: Callable[[], None]) -> None:
        self._db = db
        self._plans = plans
        self._clock = clock
        self._wake = wake

    @property
    def now(self) -> int:
        return int(self._clock())

    async def prepare(self, delivery: Delivery) -> WeekDue:
        """The week as it stands now, planned anew if the last one went badly. Raises Unneeded when the plan was dropped,
        its messages are not wanted, or its exam is off or over."""
        found = await self._followed(delivery)
        if found is None:
            raise Unneeded("no plan")
        kept, exam_date = found
        settings = await settings_store.settings(self._db, kept.user_id)
        try:
            standing = await self._plans.current(kept, exam_date, settings)
        except UserError as error:
            raise Unneeded("no plan") from error
        if standing.week is None:
            raise Unneeded("no day left")
        server = await guilds.get(self._db, exam_date.guild_id) if exam_date.guild_id else None
        public = settings.where_to is WhereTo.SERVER and server is not None and server.active
        return WeekDue(standing, exam_date.guild_id, server.channel_id if public and server else None)

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        return [store.set_fault(_date_id(delivery), ""), *await self._next(delivery)]

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        statements = await self._next(delivery)
        found = await self._followed(delivery)
        if state is State.FAILED and found is not None:
            kept, exam_date = found
            statements.append(store.set_fault(kept.date_id, reason))
            if reason in UNREACHED:
                statements += owe_unreached(exam_date.guild_id, kept.user_id, f"plan.{kept.date_id}", now)
        return statements

    async def _next(self, delivery: Delivery) -> list[Statement]:
        found = await self._followed(delivery)
        if found is None:
            return []
        settings = await settings_store.settings(self._db, found[0].user_id)
        return self._plans.owe(*found, settings, _monday(delivery))

    async def _followed(self, delivery: Delivery) -> tuple[Kept, ExamDate] | None:
        return await self._plan(_date_id(delivery))

    async def _plan(self, date_id: int) -> tuple[Kept, ExamDate] | None:
        """A plan that is followed with messages, and its date."""
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
            after = page[-1]
            for date_id in page:
                mended += await self._mend(date_id)
        if mended:
            self._wake()
        return mended

    async def _mend(self, date_id: int) -> bool:
        followed = await self._plan(date_id)
        if followed is None:
            return False
        kept, found = followed
        settings = await settings_store.settings(self._db, kept.user_id)
        zone = settings.zone_for(found.moment)
        nudge = nudge_after(local_date(self.now, zone), found.moment.seen_from(zone), zone, settings.quiet, self.now)
        if nudge is None:
            return False
        state, due_at = await store.owed(self._db, date_id, nudge.monday) or (State.CANCELLED, 0)
        if state is State.CANCELLED or (state is State.PENDING and due_at != nudge.due_at):
            await self._db.write(store.owe(date_id, kept.user_id, nudge))
            return True
        return False


def _date_id(delivery: Delivery) -> int:
    return int(delivery.subject.partition(".")[0])


def _monday(delivery: Delivery) -> date:
    return date.fromisoformat(delivery.subject.partition(".")[2])
