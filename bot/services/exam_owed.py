"""Reminders of exams as deliveries: what a date should have, what becomes of one, and mending what is off."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.core.deliveries import Delivery, Kind, State, is_off
from bot.core.exam_dates import ExamDate, ExamState
from bot.core.plan_nudges import next_nudge
from bot.core.reminders import ReminderSettings, present, reminders
from bot.core.schedule import local_date
from bot.services.unreached import owe_unreached
from bot.storage import deliveries
from bot.storage import exam_dates as store
from bot.storage import plan as plan_store
from bot.storage import reminders as settings_store
from bot.storage.database import Conflict, Database, Statement

MENDED_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Which reminder of which date, from a delivery's subject."""

    date_id: int
    revision: int
    offset: int

    @classmethod
    def of(cls, subject: str) -> "Occurrence":
        date_id, rest = subject.split(".", 1)
        revision, offset, *_ = re.split(r"[.+]", rest)
        return cls(int(date_id), int(revision), int(offset))


def replan(found: ExamDate, settings: ReminderSettings, now: int) -> list[Statement]:
    """What makes the reminders of a planned date, and the message of its plan that waits, those that the settings ask for.
    What is due by now stays, and so does what was put off. What waits, and by the settings is due already, comes now."""
    due = present(found.moment, settings, now)
    today = local_date(now, settings.zone_for(found.moment))
    # On a Monday the plan's may be today's, or that of the week after.
    nudges = [next_nudge(found.moment, settings, now, after) for after in (today - timedelta(days=1), today)]
    return [
        *([store.bring_forward(found, due, now)] if due else []),
        deliveries.cancel_of(found.user_id, Kind.EXAM_REMINDER, f"{found.id}.{found.revision}.", after=now),
        *(store.owe(found.user_id, found.exam, due) for due in reminders(found.moment, settings, now)),
        *(plan_store.move(found.id, nudge) for nudge in dict.fromkeys(nudges) if nudge is not None),
    ]


class ExamReminders:
    """What reminders mean to the rest of the state. Their subject is an `Occurrence`."""

    def __init__(self, db: Database, clock: Callable[[], float]) -> None:
        self._db = db
        self._clock = clock

    @property
    def now(self) -> int:
        return int(self._clock())

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        return [store.set_fault(Occurrence.of(delivery.subject).date_id, "")]

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        if state is not State.FAILED:
            return []
        found = await store.get(self._db, Occurrence.of(delivery.subject).date_id)
        if found is None or found.state is not ExamState.PLANNED:
            return []
        about = f"exam.{found.id}"
        told = await owe_unreached(self._db, reason, found.guild_id, found.user_id, about, now)
        return [store.set_fault(found.id, reason), *told]

    async def mend(self) -> int:
        """Move what is to come where the rules of its zone have changed since it was planned, and owe what is not;
        returns of how many dates. What is due by now, went out, or was given up stays."""
        mended, after = 0, 0
        first = local_date(self.now, ZoneInfo("UTC")) - timedelta(days=1)
        while page := await store.planned_from(self._db, first, after, MENDED_AT_ONCE):
            until = page[-1].id
            named = await store.named_from(self._db, after, until)
            chosen = await settings_store.settings_from(self._db, after, until)
            for found in page:
                if self._is_off(found, chosen.get(found.user_id, ReminderSettings()), named):
                    mended += await self._mend(found.user_id, found.id)
            after = until
        return mended

    def _is_off(self, found: ExamDate, settings: ReminderSettings, named: dict[str, tuple[State, int]]) -> bool:
        return any(
            is_off(due.due_at, named.get(f"{found.id}.{found.revision}.{due.offset}"), self.now)
            for due in reminders(found.moment, settings, self.now)
        )

    async def _mend(self, user_id: int, date_id: int) -> int:
        settings = await settings_store.settings(self._db, user_id)
        found = await store.get(self._db, date_id)
        if found is None or found.state is not ExamState.PLANNED:
            return 0
        try:
            await self._db.write(settings_store.turn(user_id, settings), *replan(found, settings, self.now))
        except Conflict:
            # Somebody is changing it, by the rules of today.
            return 0
        return 1
