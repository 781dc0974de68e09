"""Exam dates: what learners plan, with the reminders that this makes owed, written together."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.content import Exam
from bot.core.deliveries import Kind
from bot.core.exam_dates import PLANNED_AT_MOST, ExamDate, ExamState, Moment, check, parse_moment
from bot.core.exam_errors import ExamDateChanged, ExamDateSame, ExamDatesEnough, ExamDateUnknown
from bot.core.reminders import Reminder, ReminderSettings, reminders
from bot.services.certs import Certs, Sheet
from bot.services.exam_owed import ExamReminders
from bot.services.setup import zone_named, zone_of
from bot.storage import deliveries
from bot.storage import exam_dates as store
from bot.storage import plan as plan_store
from bot.storage import reminders as settings_store
from bot.storage.database import Database, Statement, retrying

CHOICES_AT_MOST = 25
PAST_SHOWN = 5

TIMELESS = frozenset({"none", "unknown", "-"})
"""What is typed to forget the time of an exam."""


class Step(StrEnum):
    """What a confirmation does."""

    SET = "s"
    MOVE = "m"
    RETAKE = "r"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a learner is asked to confirm; nothing of it is stored. `date_id` and `revision` name the date that it is
    about, 0 for none; with one the exam may be left empty."""

    step: Step
    exam: str
    moment: Moment
    date_id: int = 0
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft as it is shown. `before` is the date that it is about; `assumed` where nobody said which zone is meant."""

    draft: Draft
    sheet: Sheet
    reminders: tuple[Reminder, ...]
    before: ExamDate | None
    assumed: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A date in the list: what it is for, and when the next reminder comes (UTC seconds)."""

    date: ExamDate
    exam: Exam | None
    next_at: int | None

    @property
    def name(self) -> str:
        return self.exam.name if self.exam else self.date.exam


@dataclass(frozen=True, slots=True)
class Listing:
    """All dates of a learner: those to come, those gone by of which nobody said how it went, and what became of others."""

    coming: tuple[Entry, ...]
    undecided: tuple[Entry, ...]
    past: tuple[Entry, ...]
    settings: ReminderSettings


Change = tuple[ReminderSettings, list[Statement]] | None
"""Settings to store and what is written with them; None for nothing."""


class ExamDates:
    """Use cases of /exam."""

    def __init__(self, db: Database, certs: Certs, clock: Callable[[], float], wake: Callable[[], None]) -> None:
        self._db = db
        self._certs = certs
        self._clock = clock
        self._wake = wake
        self.reminders = ExamReminders(db, clock)

    @property
    def now(self) -> int:
        return int(self._clock())

    # -- reading -----------------------------------------------------------------------------------------------

    async def listing(self, user_id: int) -> Listing:
        now = self.now
        due = await store.next_due(self._db, user_id)
        entries = [self._entry(found, due.get(found.id)) for found in await store.of_user(self._db, user_id)]
        planned = [entry for entry in entries if entry.date.state is ExamState.PLANNED]
        past = [entry for entry in entries if entry.date.state in (ExamState.PASSED, ExamState.NOT_PASSED)]
        return Listing(
            tuple(entry for entry in planned if entry.date.moment.over_at > now),
            tuple(entry for entry in planned if entry.date.moment.over_at <= now),
            tuple(sorted(past, key=lambda entry: -entry.date.changed_at)[:PAST_SHOWN]),
            await settings_store.settings(self._db, user_id),
        )

    def _entry(self, found: ExamDate, next_at: int | None) -> Entry:
        return Entry(found, self._certs.named(found.exam), next_at)

    async def suggest(self, user_id: int, typed: str, *states: ExamState) -> list[Entry]:
        """A learner's dates in one of the states, for what was typed so far."""
        wanted = typed.strip().casefold()
        found = [self._entry(each, None) for each in await store.of_user(self._db, user_id) if each.state in states]
        return [entry for entry in found if wanted in f"{entry.name} {entry.date.moment.day}".casefold()][
            :CHOICES_AT_MOST
        ]

    async def own(self, user_id: int, text: str, *states: ExamState, over: bool = False) -> ExamDate:
        """The date that is meant by its id or exam; without either the only one, or the next that is to come, with `over`
        the last that is over. Raises ExamDateUnknown."""
        found = [each for each in await store.of_user(self._db, user_id) if each.state in states]
        if wanted := text.strip():
            found = [each for each in found if wanted == str(each.id)] or [
                each for each in found if wanted.casefold() in (each.exam, self._entry(each, None).name.casefold())
            ]
        if not found:
            raise ExamDateUnknown
        gone = sorted(
            (each for each in found if each.moment.over_at <= self.now), key=lambda each: -each.moment.over_at
        )
        to_come = [each for each in found if each not in gone]
        return (gone + to_come if over else to_come + gone)[0]

    # -- proposing ---------------------------------------------------------------------------------------------

    async def propose(self, user_id: int, guild_id: int, exam: str, day: str, at: str, zone: str) -> Proposal:
        """What `/exam set` would store. Where a date is planned for the exam, that one moves; one gone by counts as not
        passed. Raises ExamUnknown, ZoneUnknown, DayUnreadable, TimeUnreadable, ExamDayPast, ExamDayFar,
        ExamDatesEnough, ExamDateSame."""
        sheet = self._certs.show(exam)
        chosen, assumed = await self._zone(user_id, guild_id, zone)
        moment = parse_moment(day, at, chosen, self.now)
        planned = await store.planned(self._db, user_id)
        before = next((found for found in planned if found.exam == sheet.exam.id), None)
        if before is None and len(planned) >= PLANNED_AT_MOST:
            raise ExamDatesEnough(most=PLANNED_AT_MOST)
        over = before is not None and before.moment.over_at <= self.now
        step = Step.SET if before is None else Step.RETAKE if over else Step.MOVE
        return await self._proposal(user_id, sheet, moment, step, before, assumed=assumed)

    async def propose_move(self, user_id: int, text: str, day: str, at: str, zone: str) -> Proposal:
        """What `/exam edit` would store; what is not typed stays. Raises like `propose`, ExamDateUnknown."""
        before = await self.own(user_id, text, ExamState.PLANNED)
        old = before.moment
        chosen = zone_named(zone) if zone.strip() else old.zone
        typed_at = "" if at.strip().casefold() in TIMELESS else at
        moment = parse_moment(day.strip() or old.day.isoformat(), typed_at, chosen, self.now)
        if not at.strip():
            moment = replace(moment, minute=old.minute)
            check(moment, self.now)
        return await self._proposal(user_id, self._certs.show(before.exam), moment, Step.MOVE, before)

    async def propose_retake(self, user_id: int, text: str, day: str, at: str, zone: str) -> Proposal:
        """What `/exam retake` would store: the date before counts as not passed. Raises like `propose`, ExamDateUnknown."""
        before = await self.own(user_id, text, ExamState.PLANNED, ExamState.NOT_PASSED, over=True)
        chosen = zone_named(zone) if zone.strip() else before.moment.zone
        moment = parse_moment(day, at, chosen, self.now)
        return await self._proposal(user_id, self._certs.show(before.exam), moment, Step.RETAKE, before)

    async def _proposal(
        self, user_id: int, sheet: Sheet, moment: Moment, step: Step, before: ExamDate | None, *, assumed: bool = False
    ) -> Proposal:
        if step is Step.MOVE and before is not None and before.moment == moment:
            raise ExamDateSame
        settings = await settings_store.settings(self._db, user_id)
        draft = Draft(step, sheet.exam.id, moment, before.id if before else 0, before.revision if before else 0)
        return Proposal(draft, sheet, tuple(reminders(moment, settings, self.now)), before, assumed)

    async def _zone(self, user_id: int, guild_id: int, text: str) -> tuple[str, bool]:
        """The zone that is meant: as typed, chosen, used before, or the server's; and whether it is only assumed."""
        if text.strip():
            return zone_named(text), False
        settings = await settings_store.settings(self._db, user_id)
        if settings.zone:
            return settings.zone, False
        if dates := await store.of_user(self._db, user_id):
            return max(dates, key=lambda found: found.changed_at).moment.zone, False
        return (await zone_of(self._db, guild_id)).key, True

    # -- storing -----------------------------------------------------------------------------------------------

    async def confirm(self, user_id: int, guild_id: int, draft: Draft) -> Entry:
        """Store what was proposed, with its reminders. Again is no error. Raises ExamDateChanged, ExamDatesEnough,
        ExamDayPast, ExamDayFar."""
        check(draft.moment, self.now)
        draft = await self._with_exam(user_id, draft)

        async def make(settings: ReminderSettings) -> Change:
            planned = await store.planned(self._db, user_id)
            same = next((found for found in planned if found.exam == draft.exam), None)
            if same is not None and same.moment == draft.moment:
                return None
            before = next((found for found in planned if found.id == draft.date_id), None)
            if draft.step is Step.MOVE and before is not None and before.revision == draft.revision:
                changes = [*self._silence(before), store.move(before, draft.exam, draft.moment, self.now)]
            elif draft.step is Step.RETAKE and before is not None and same in (None, before):
                changes = self._settled(before, ExamState.NOT_PASSED)
                changes.append(store.add(user_id, guild_id, draft.exam, draft.moment, self.now))
            elif draft.step is not Step.MOVE and same is None:
                if len(planned) >= PLANNED_AT_MOST:
                    raise ExamDatesEnough(most=PLANNED_AT_MOST)
                changes = [store.add(user_id, guild_id, draft.exam, draft.moment, self.now)]
            else:
                raise ExamDateChanged
            due = reminders(draft.moment, settings, self.now)
            return settings, [*changes, *(store.owe(user_id, draft.exam, reminder) for reminder in due)]

        await self.change(user_id, make)
        found = await self.own(user_id, draft.exam, ExamState.PLANNED)
        return self._entry(found, (await store.next_due(self._db, user_id)).get(found.id))

    async def _with_exam(self, user_id: int, draft: Draft) -> Draft:
        if draft.exam:
            return draft
        before = await store.get(self._db, draft.date_id)
        if before is None or before.user_id != user_id:
            raise ExamDateChanged
        return replace(draft, exam=before.exam)

    async def cancel(self, user_id: int, text: str) -> Entry:
        """Take a date out and call its reminders off. Raises ExamDateUnknown."""
        return await self._settle(user_id, text, ExamState.CANCELLED)

    async def passed(self, user_id: int, text: str) -> tuple[Entry, Sheet]:
        """Say that it went well; with what is known of what follows. Raises ExamDateUnknown."""
        entry = await self._settle(user_id, text, ExamState.PASSED)
        return entry, self._certs.show(entry.date.exam)

    async def not_passed(self, user_id: int, text: str) -> tuple[Entry, Sheet]:
        """Say that it did not. Raises ExamDateUnknown."""
        entry = await self._settle(user_id, text, ExamState.NOT_PASSED)
        return entry, self._certs.show(entry.date.exam)

    async def _settle(self, user_id: int, text: str, state: ExamState) -> Entry:
        found: ExamDate | None = None

        async def make(settings: ReminderSettings) -> Change:
            nonlocal found
            # Again is no error: the button of a message that was pressed twice.
            states = ExamState.PLANNED, *([state] if text.isdecimal() else [])
            found = await self.own(user_id, text, *states, over=state is not ExamState.CANCELLED)
            return (settings, self._settled(found, state)) if found.state is ExamState.PLANNED else None

        await self.change(user_id, make)
        assert found is not None
        return self._entry(replace(found, state=state), None)

    def _settled(self, found: ExamDate, state: ExamState) -> list[Statement]:
        return [
            *self._silence(found),
            plan_store.silence(found.id, found.user_id),
            store.settle(found, state, self.now),
        ]

    @staticmethod
    def _silence(found: ExamDate) -> list[Statement]:
        """Call off every reminder of a date, also those that were put off."""
        return [deliveries.cancel_of(found.user_id, Kind.EXAM_REMINDER, f"{found.id}.")]

    async def change(self, user_id: int, make: Callable[[ReminderSettings], Awaitable[Change]]) -> None:
        """Write what `make` gives for the settings as they are, again when somebody else wrote at that moment."""

        async def attempt() -> bool:
            made = await make(await settings_store.settings(self._db, user_id))
            if made is None:
                return False
            settings, statements = made
            await self._db.write(settings_store.turn(user_id, settings), *statements)
            return True

        if await retrying(attempt):
            self._wake()
