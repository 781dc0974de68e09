"""Reminders of exams: what each says when it goes out, putting one off, and how learners want to be reminded."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.certs import Stage, Step
from bot.core.content import Area, Exam
from bot.core.deliveries import Delivery, Kind, Unneeded
from bot.core.errors import UserError
from bot.core.exam_dates import ExamDate, ExamState
from bot.core.exam_errors import ExamDateChanged, ReminderNotYours, SnoozedAlready, SnoozeTooLate
from bot.core.reminders import (
    ReminderSettings,
    Snooze,
    WhereTo,
    days_left,
    ends_at,
    keep_quiet,
    parse_offsets,
    parse_quiet,
    snoozed,
)
from bot.services.certs import Certs, Sheet
from bot.services.ceu_owed import CeuReminders
from bot.services.exam_dates import ExamDates
from bot.services.exam_owed import Occurrence, replan
from bot.services.places import public_place
from bot.services.quiz_choice import Choosing
from bot.services.setup import zone_named
from bot.storage import deliveries
from bot.storage import exam_dates as store
from bot.storage import reminders as settings_store
from bot.storage.database import Database, Statement

WEAK_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Due:
    """What a reminder is rendered from. `channel_id` is the place in the server that it goes to, None for the
    learner alone; `weak` are the areas to practise; `asks` whether there are questions for the exam; `over` whether the
    exam is."""

    occurrence: Occurrence
    date: ExamDate
    sheet: Sheet
    steps: tuple[tuple[Stage, tuple[Step, ...]], ...]
    settings: ReminderSettings
    zone: ZoneInfo
    days: int
    over: bool
    weak: tuple[Area, ...]
    asks: bool
    guild_id: int
    channel_id: int | None

    @property
    def exam(self) -> Exam:
        return self.sheet.exam


class Reminders:
    """Use cases of reminders and /remind."""

    def __init__(
        self,
        db: Database,
        dates: ExamDates,
        certs: Certs,
        choosing: Choosing,
        ceu: CeuReminders,
        clock: Callable[[], float],
        wake: Callable[[], None],
    ) -> None:
        self._db = db
        self._dates = dates
        self._certs = certs
        self._choosing = choosing
        self._ceu = ceu
        self._clock = clock
        self._wake = wake

    @property
    def now(self) -> int:
        return int(self._clock())

    # -- one reminder ------------------------------------------------------------------------------------------

    async def prepare(self, delivery: Delivery) -> Due:
        """Raises Unneeded when the date was changed or taken out, or is over; Retry in quiet hours."""
        try:
            due = await self.due(delivery.user_id or 0, Occurrence.of(delivery.subject))
        except UserError as error:
            raise Unneeded("changed") from error
        if due.over:
            raise Unneeded("over")
        keep_quiet(delivery, due.settings, due.zone, self.now)
        return due

    async def due(self, user_id: int, occurrence: Occurrence) -> Due:
        """Raises ReminderNotYours, ExamDateChanged, ExamUnknown."""
        found = await self._current(user_id, occurrence)
        settings = await settings_store.settings(self._db, user_id)
        zone = settings.zone_for(found.moment)
        way = self._certs.path(found.exam)
        return Due(
            occurrence=occurrence,
            date=found,
            sheet=way.sheet,
            steps=way.stages,
            settings=settings,
            zone=zone,
            days=days_left(found.moment, zone, self.now),
            over=found.moment.over_at <= self.now,
            weak=tuple(await self._choosing.weakest(user_id, way.sheet.exam, WEAK_SHOWN)),
            asks=self._choosing.asks(found.exam),
            guild_id=found.guild_id,
            channel_id=await public_place(self._db, settings, found.guild_id, user_id, found.exam),
        )

    async def _current(self, user_id: int, occurrence: Occurrence) -> ExamDate:
        found = await store.get(self._db, occurrence.date_id)
        if found is not None and found.user_id != user_id:
            raise ReminderNotYours
        if found is None or found.state is not ExamState.PLANNED or found.revision != occurrence.revision:
            raise ExamDateChanged
        return found

    async def snooze(self, user_id: int, occurrence: Occurrence, pressed_id: int, choice: Snooze) -> tuple[Due, int]:
        """Put a reminder off; returns it and when it comes again (UTC seconds). `pressed_id` is the delivery of the
        message that was pressed. Once more moves it. Raises ExamDateChanged, SnoozeTooLate, SnoozedAlready."""
        due = await self.due(user_id, occurrence)
        settings = await settings_store.settings(self._db, user_id)
        at = snoozed(choice, settings, due.zone, self.now)
        last = ends_at(due.date.moment, due.zone)
        if at >= last:
            raise SnoozeTooLate
        [rows] = await self._db.write(store.owe_again(self._db, due.date, occurrence.offset, pressed_id, at, last))
        if not rows:
            await self._current(user_id, occurrence)
            raise SnoozedAlready
        self._wake()
        return due, at

    async def done(self, user_id: int, occurrence: Occurrence) -> Due | None:
        """Have done with a reminder: what of it was put off is called off. The other reminders of the exam stay. Returns
        it, or None where its date was changed since."""
        prefix = store.again_prefix(occurrence.date_id, occurrence.revision, occurrence.offset)
        await self._db.write(deliveries.cancel_of(user_id, Kind.EXAM_REMINDER, prefix))
        try:
            return await self.due(user_id, occurrence)
        except UserError:
            return None

    # -- settings ----------------------------------------------------------------------------------------------

    async def settings(self, user_id: int) -> ReminderSettings:
        return await settings_store.settings(self._db, user_id)

    async def set(
        self,
        user_id: int,
        *,
        zone: str | None = None,
        days: str | None = None,
        quiet: str | None = None,
        where_to: WhereTo | None = None,
    ) -> ReminderSettings:
        """Change what is given, if anything, and move the reminders to come to match, of exams and of CEUs; an empty zone
        is that of each exam. Raises ZoneUnknown, OffsetsUnreadable, QuietUnreadable."""
        changes: dict[str, Any] = {}
        if zone is not None:
            changes["zone"] = "" if zone.strip().lower() in ("", "none") else zone_named(zone)
        if days is not None:
            changes["offsets"] = parse_offsets(days)
        if quiet is not None:
            changes["quiet"] = parse_quiet(quiet)
        if where_to is not None:
            changes["where_to"] = where_to
        saved = ReminderSettings()
        if not changes:
            return await self.settings(user_id)

        async def make(before: ReminderSettings) -> tuple[ReminderSettings, list[Statement]]:
            nonlocal saved
            saved = replace(before, **changes)
            planned = await store.planned(self._db, user_id)
            exams = [statement for found in planned for statement in replan(found, saved, self.now)]
            return saved, [*exams, *await self._ceu.replan(user_id, saved)]

        await self._dates.change(user_id, make)
        return saved
