"""Study plans: made from the blueprint and the learner's own answers, held against what was done, and made anew."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from bot.core.content import Area, Concept, Content, Exam
from bot.core.exam_dates import ExamDate, ExamState
from bot.core.exam_errors import (
    ExamDateUnknown,
    NoBlueprint,
    NoDateToPlan,
    PlanGone,
    PlanHoursFirst,
    PlanTooLate,
    ReminderNotYours,
)
from bot.core.plan import Cause, Kept, Plan, Progress, Week, make
from bot.core.plan_nudges import next_nudge
from bot.core.reminders import ReminderSettings
from bot.core.schedule import local_date
from bot.services.exam_dates import ExamDates
from bot.services.plan_progress import Measures
from bot.storage import exam_dates as dates_store
from bot.storage import plan as store
from bot.storage import reminders as settings_store
from bot.storage.database import Database, Statement


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan as it stands: `week` is the one that is running, None when no day is left, with its `progress`; `before`
    how much of the last one was done, out of how much, where that was looked at; `asks` whether the exam has questions."""

    kept: Kept
    exam_date: ExamDate
    exam: Exam
    today: date
    week: Week | None
    progress: Progress
    areas: Mapping[str, Area]
    concepts: Mapping[str, Concept]
    asks: bool
    before: tuple[int, int] | None = None

    @property
    def plan(self) -> Plan:
        return self.kept.plan

    @property
    def coming(self) -> tuple[Week, ...]:
        """The weeks after this one."""
        return tuple(week for week in self.plan.weeks if week.first > self.today)


class Plans:
    """Use cases of /exam plan."""

    def __init__(
        self, db: Database, content: Content, dates: ExamDates, clock: Callable[[], float], wake: Callable[[], None]
    ) -> None:
        self._db = db
        self._content = content
        self._dates = dates
        self._clock = clock
        self._wake = wake
        self._measures = Measures(db, content)

    @property
    def now(self) -> int:
        return int(self._clock())

    # -- looking and making ------------------------------------------------------------------------------------

    async def open(self, user_id: int, text: str, hours: int | None) -> Standing:
        """The plan for one of the learner's dates, the next one if none is named; made, or made anew, where hours a week
        are given that it does not have. Raises NoDateToPlan, ExamDateUnknown, PlanHoursFirst, NoBlueprint, PlanTooLate."""
        found = await self._date(user_id, text)
        kept = await store.get(self._db, found.id)
        if kept is not None and not kept.dropped and hours in (None, kept.plan.hours):
            return await self._standing(kept, found)
        if hours is None:
            # Who planned before, for the attempt that was not passed say, has as many hours as then.
            others = await store.of_user(self._db, user_id)
            hours = others[0].plan.hours if others and kept is None else None
        if hours is None:
            raise PlanHoursFirst(exam=self._exam(found).name)
        return await self._made(found, hours, Cause.MADE, kept)

    async def show(self, user_id: int, date_id: int) -> Standing:
        """Raises PlanGone."""
        return await self._standing(*await self._followed(user_id, date_id))

    async def replan(self, user_id: int, date_id: int) -> Standing:
        """Share out anew, from today and by today's answers, what is left. Raises PlanGone, NoBlueprint, PlanTooLate."""
        kept, found = await self._followed(user_id, date_id)
        return await self._made(found, kept.plan.hours, Cause.ASKED, kept)

    async def drop(self, user_id: int, date_id: int) -> None:
        """Stop following a plan. Again is no error."""
        await self._db.write(*store.drop(date_id, user_id, self.now))

    async def set_nudges(self, user_id: int, date_id: int, *, on: bool) -> Standing:
        """Have a message each week, or none. Raises PlanGone."""
        kept, found = await self._followed(user_id, date_id)
        settings = await settings_store.settings(self._db, user_id)
        messages = self.owe(replace(kept, nudges=True), found, settings) if on else [store.silence(date_id, user_id)]
        await self._db.write(store.set_nudges(date_id, user_id, on=on), *messages)
        self._wake()
        return await self.show(user_id, date_id)

    async def refresh(self, user_id: int) -> None:
        """Bring all plans of a learner up to date, as far as they are followed and can be."""
        for kept in await store.of_user(self._db, user_id):
            with suppress(PlanGone, NoBlueprint):
                await self.show(user_id, kept.date_id)

    async def _date(self, user_id: int, text: str) -> ExamDate:
        coming = [found for found in await dates_store.planned(self._db, user_id) if found.moment.over_at > self.now]
        if not coming:
            raise NoDateToPlan
        if not text.strip():
            return coming[0]
        found = await self._dates.own(user_id, text, ExamState.PLANNED)
        if found.moment.over_at <= self.now:
            raise ExamDateUnknown
        return found

    async def _followed(self, user_id: int, date_id: int) -> tuple[Kept, ExamDate]:
        """Raises PlanGone where the plan was dropped, and where its exam was cancelled or is over."""
        kept, found = await store.get(self._db, date_id), await dates_store.get(self._db, date_id)
        if kept is not None and kept.user_id != user_id:
            raise ReminderNotYours
        if kept is None or found is None or not self.is_followed(kept, found):
            raise PlanGone
        return kept, found

    def is_followed(self, kept: Kept, found: ExamDate) -> bool:
        return not kept.dropped and found.state is ExamState.PLANNED and found.moment.over_at > self.now

    async def _made(self, found: ExamDate, hours: int, cause: Cause, kept: Kept | None) -> Standing:
        """Make a plan from today on and follow it. Raises NoBlueprint, PlanTooLate."""
        exam = self._exam(found)
        areas = await self._measures.areas(found.user_id, exam)
        if not areas:
            raise NoBlueprint(exam=exam.name)
        settings = await settings_store.settings(self._db, found.user_id)
        zone = settings.zone_for(found.moment)
        plan = make(areas, local_date(self.now, zone), found.moment.seen_from(zone), hours, exam.items)
        if not plan.weeks:
            raise PlanTooLate(exam=exam.name)
        nudge = next_nudge(found.moment, settings, self.now)
        owed = [store.owe(found.id, nudge)] if nudge and (kept is None or kept.nudges) else []
        # Where somebody else made one in this moment, that one stands.
        await self._db.write(store.save(self._db, found, plan, cause, kept, self.now), *owed)
        self._wake()
        made = await store.get(self._db, found.id)
        if made is None:
            raise PlanGone
        return await self._seen(made, found, settings)

    # -- standing ----------------------------------------------------------------------------------------------

    async def _standing(self, kept: Kept, found: ExamDate) -> Standing:
        settings = await settings_store.settings(self._db, kept.user_id)
        return await self.current(kept, found, settings)

    async def current(self, kept: Kept, found: ExamDate, settings: ReminderSettings) -> Standing:
        """The plan, made anew if the exam has another date or less than half of the last week was done."""
        zone = settings.zone_for(found.moment)
        today, exam = local_date(self.now, zone), self._exam(found)
        over = kept.plan.week_before(today)
        done = await self._measures.progress(kept.user_id, exam, over, zone) if over else None
        moved = kept.plan.day != found.moment.seen_from(zone) or kept.exam != found.exam
        behind = over is not None and done is not None and done.behind(over)
        seen: Standing | None = None
        if moved or behind:
            # Where nothing can be shared out any more, what was planned last stays.
            with suppress(NoBlueprint, PlanTooLate):
                seen = await self._made(found, kept.plan.hours, Cause.MOVED if moved else Cause.BEHIND, kept)
        seen = seen or await self._seen(kept, found, settings)
        return replace(seen, before=done.of(over) if over and done else None)

    async def _seen(self, kept: Kept, found: ExamDate, settings: ReminderSettings) -> Standing:
        zone = settings.zone_for(found.moment)
        today, exam = local_date(self.now, zone), self._exam(found)
        week = kept.plan.week_of(today)
        progress = await self._measures.progress(kept.user_id, exam, week, zone) if week else Progress({})
        named = {name for each in kept.plan.weeks for task in each.tasks for name in task.concepts}
        return Standing(
            kept=kept,
            exam_date=found,
            exam=exam,
            today=today,
            week=week,
            progress=progress,
            areas={area.id: area for area in exam.areas},
            concepts={name: self._content.concepts[name] for name in named if name in self._content.concepts},
            asks=bool(self._content.pool(exam)),
        )

    def _exam(self, found: ExamDate) -> Exam:
        """Raises NoBlueprint where the content has lost it."""
        exam = self._content.exams.get(found.exam)
        if exam is None:
            raise NoBlueprint(exam=found.exam)
        return exam

    # -- messages ----------------------------------------------------------------------------------------------

    def owe(
        self, kept: Kept, found: ExamDate, settings: ReminderSettings, after: date | None = None
    ) -> list[Statement]:
        """Owe the message of the week after that of a day, today if none is given; nothing for a plan without messages."""
        if not kept.nudges or not self.is_followed(kept, found):
            return []
        nudge = next_nudge(found.moment, settings, self.now, after)
        return [store.owe(found.id, nudge)] if nudge else []
