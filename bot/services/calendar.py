"""A learner's exam dates, reminders and study weeks as a calendar file."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import count, takewhile

from bot.core.calendar import Days, Entry, Hours, ics, uid
from bot.core.certs import Confidence, Topic
from bot.core.content import Content, Exam
from bot.core.deliveries import DAY, HOUR
from bot.core.exam_dates import ExamDate, ExamState
from bot.core.plan import WEEK, Kept, Week, WeekKind
from bot.core.reminders import ReminderSettings, reminders
from bot.core.schedule import first_instant, local_date
from bot.services.certs import Certs
from bot.services.plan import Plans
from bot.storage import exam_dates as dates_store
from bot.storage import plan as plan_store
from bot.storage import reminders as settings_store
from bot.storage.database import Database

SHOWN_AFTER = 90 * DAY
"""For how long what is over, or was called off, still stands in the file, so that a calendar is told."""

KINDS = {WeekKind.STUDY: "study week", WeekKind.MOCK: "study week with a mock run", WeekKind.REVIEW: "review week"}

_TIME = re.compile(r"(\d{1,2}(?:\.\d)?) hours?\b")


@dataclass(frozen=True, slots=True)
class Export:
    """The file, and what it holds: exams to come, study weeks to come, and entries called off."""

    data: bytes
    exams: int
    weeks: int
    cancelled: int


class Calendars:
    """Use cases of /exam calendar."""

    def __init__(self, db: Database, content: Content, certs: Certs, plans: Plans, clock: Callable[[], float]) -> None:
        self._db = db
        self._content = content
        self._certs = certs
        self._plans = plans
        self._clock = clock

    async def export(self, user_id: int) -> Export:
        """The file as of now; another import brings an earlier one up to date."""
        now = int(self._clock())
        settings = await settings_store.settings(self._db, user_id)
        await self._plans.refresh(user_id)
        plans = {kept.date_id: kept for kept in await plan_store.of_user(self._db, user_id)}
        exams: list[Entry] = []
        weeks: list[Entry] = []
        for found in await dates_store.of_user(self._db, user_id):
            exam = self._content.exams.get(found.exam)
            since = found.changed_at if found.state is ExamState.CANCELLED else found.moment.over_at
            if since >= now - SHOWN_AFTER:
                exams.append(self._exam_entry(found, exam, settings))
                kept = plans.get(found.id)
                weeks += _weeks(found, kept, exam, settings) if kept is not None else ()
        entries = [*exams, *weeks]
        coming = [found for found in exams if not found.cancelled and _until(found) > now]
        ahead = [found for found in weeks if not found.cancelled and _until(found) > now]
        return Export(ics(entries, now), len(coming), len(ahead), sum(entry.cancelled for entry in entries))

    def _exam_entry(self, found: ExamDate, exam: Exam | None, settings: ReminderSettings) -> Entry:
        moment, name = found.moment, exam.name if exam else found.exam
        text = [f"Confirm time and place with {exam.issuer}." if exam else ""]
        hours = self._hours(exam)
        if moment.minute is None:
            when = Days(moment.day, moment.day)
            text.append("The time is not stored; /exam edit adds it.")
        else:
            when = Hours(moment.starts_at, moment.starts_at + int((hours or 1) * HOUR), moment.place)
            text.append(f"It takes {hours:g} hours." if hours else "How long it takes is not known here.")
        text.append("Set with /exam set in CodeRounds; after a change, import the file of /exam calendar again.")
        return Entry(
            uid=uid("exam", found.user_id, found.id, found.created_at),
            # Its alarms follow the settings, whose revision counts up with them.
            sequence=found.revision + settings.revision,
            created_at=found.created_at,
            when=when,
            title=f"{name} exam",
            text="\n".join(line for line in text if line),
            alarms=tuple(reminder.due_at for reminder in reminders(moment, settings, 0)),
            zone=settings.zone_for(moment),
            cancelled=found.state is ExamState.CANCELLED,
        )

    def _hours(self, exam: Exam | None) -> float | None:
        """How long an exam takes, where that is known well enough."""
        fact = self._certs.show(exam.id).fact(Topic.TIME) if exam else None
        if fact is None or fact.confidence not in (Confidence.HIGH, Confidence.MEDIUM):
            return None
        match = _TIME.match(fact.brief)
        return float(match[1]) if match else None


def _weeks(found: ExamDate, kept: Kept, exam: Exam | None, settings: ReminderSettings) -> Iterator[Entry]:
    """The weeks of a plan, and those called off that an earlier file may have had: of a plan that was dropped, of an exam
    that is off, and those beyond the end of a plan that became shorter."""
    name = exam.name if exam else found.exam
    titles = {area.id: area.title for area in exam.areas} if exam else {}
    stopped = _stopped(found, kept, settings)
    beyond = (kept.plan.weeks[-1].monday + timedelta(days=WEEK * i) for i in count(1))
    gone = [_empty(monday) for monday in takewhile(lambda monday: monday <= kept.reach, beyond)]
    for week in (*kept.plan.weeks, *gone):
        hours = f", {week.quarters / 4:g} h" if week.quarters else ""
        yield Entry(
            uid=uid("week", found.user_id, found.id, found.created_at, week.monday.isoformat()),
            sequence=kept.revision + found.revision,
            created_at=found.created_at,
            when=Days(week.first, week.last),
            title=f"{name}: {KINDS[week.kind]}{hours}",
            text="\n".join(_tasks(week, titles)),
            zone=settings.zone_for(found.moment),
            busy=False,
            cancelled=not week.tasks or (stopped is not None and week.last >= stopped),
        )


def _empty(monday: date) -> Week:
    return Week(monday, monday + timedelta(days=WEEK - 1), WeekKind.STUDY, ())


def _stopped(found: ExamDate, kept: Kept, settings: ReminderSettings) -> date | None:
    """From which day on the plan is not followed."""
    ends = [kept.changed_at] if kept.dropped else []
    if found.state is not ExamState.PLANNED:
        ends.append(found.changed_at)
    return local_date(min(ends), settings.zone_for(found.moment)) if ends else None


def _tasks(week: Week, titles: dict[str, str]) -> Iterator[str]:
    if week.mock:
        yield f"Mock run over the whole exam: {week.mock} questions, {week.mock_quarters / 4:g} h"
    for task in week.tasks:
        questions = f", {task.questions} questions" if task.questions else ""
        yield f"{titles.get(task.area, task.area)}: {task.quarters / 4:g} h{questions}"


def _until(entry: Entry) -> int:
    match entry.when:
        case Hours(_, ends_at, _):
            return ends_at
        case Days(_, last):
            return first_instant(last + timedelta(days=1), time.min, entry.zone)
