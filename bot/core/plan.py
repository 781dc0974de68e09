"""A study plan: the hours until an exam shared out over its areas, week by week, with mock runs and a review at the end."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import cycle, islice
from math import ceil
from typing import Any

from bot.core.blueprint import next_area
from bot.core.quiz import LENGTH_AT_LEAST, LENGTH_AT_MOST

HOURS_AT_LEAST, HOURS_AT_MOST = 1, 40
"""Hours a week that a learner can name."""

WEEK = 7

MOCK_WEEKS_FROM = 6
"""A plan of so many weeks has mock runs."""

MOCKS = (Fraction(1, 2), Fraction(3, 4), Fraction(7, 8))
"""How far on the way mock runs come: early enough to change something, and near the exam."""

SHORT = 3
"""A week with fewer days before the exam, or left of it when the plan is made, is no week to be judged by."""

MINUTES = 15
"""Time is shared out in quarters of an hour."""

MINUTES_A_QUESTION = 3
"""To answer one and read why each option is right or wrong; the rest of an area's time is for reading."""

MOCK_FROM = 20
"""Questions that an exam has here at least for a mock run to be one."""

MOCK_QUESTIONS_A_QUARTER = 6
"""Two and a half minutes each, near what the exams give."""

READ_AT_MOST = 4
"""Explanations to read on an area in one week."""


class WeekKind(StrEnum):
    STUDY = "study"
    MOCK = "mock"
    REVIEW = "review"


class Cause(StrEnum):
    """Why the plan is the one it is."""

    MADE = "made"
    ASKED = "asked"
    """The learner had it made anew."""
    BEHIND = "behind"
    """Less than half of a week was done."""
    MOVED = "moved"
    """The exam has another date."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a week has for one area (id): quarters of an hour, practice questions, and concepts (ids) to read."""

    area: str
    quarters: int
    questions: int
    concepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Week:
    """From `first` to `last`, both included; whole calendar weeks but for the first and the last. `mock` is the number
    of questions of a practice run over the whole exam, and `mock_quarters` the time for it."""

    first: date
    last: date
    kind: WeekKind
    tasks: tuple[Task, ...]
    mock: int = 0
    mock_quarters: int = 0

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def monday(self) -> date:
        return monday(self.first)

    @property
    def quarters(self) -> int:
        return self.mock_quarters + sum(task.quarters for task in self.tasks)


@dataclass(frozen=True, slots=True)
class Plan:
    """The weeks until the exam on `day`, at `hours` a week."""

    day: date
    hours: int
    weeks: tuple[Week, ...]

    @property
    def body(self) -> str:
        """The plan as canonical JSON."""
        return json.dumps(asdict(self), default=str, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_body(cls, body: str) -> "Plan":
        """The plan that `body` was made from."""
        fields: dict[str, Any] = json.loads(body)
        return cls(date.fromisoformat(fields["day"]), fields["hours"], tuple(map(_week, fields["weeks"])))

    def week_of(self, day: date) -> Week | None:
        return next((week for week in self.weeks if week.first <= day <= week.last), None)

    def week_before(self, day: date) -> Week | None:
        """The last week that was over by `day`."""
        return next((week for week in reversed(self.weeks) if week.last < day), None)


def _week(fields: dict[str, Any]) -> Week:
    return Week(
        first=date.fromisoformat(fields["first"]),
        last=date.fromisoformat(fields["last"]),
        kind=WeekKind(fields["kind"]),
        tasks=tuple(
            Task(task["area"], task["quarters"], task["questions"], tuple(task["concepts"])) for task in fields["tasks"]
        ),
        mock=fields["mock"],
        mock_quarters=fields["mock_quarters"],
    )


@dataclass(frozen=True, slots=True)
class Studied:
    """An area to plan for. `due` is its weight times what is not mastered of it; `questions` how many there are to
    practise on; `reading` the concepts (ids) behind it, those to read first at the beginning."""

    id: str
    due: float
    questions: int = 0
    reading: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """Answers given in a week: for each area (id) all of them, and in the longest run over the whole exam."""

    answers: Mapping[str, int]
    run: int = 0

    def of(self, week: Week) -> tuple[int, int]:
        """How many of a week's questions are done, and how many there are."""
        wanted = week.mock + sum(task.questions for task in week.tasks)
        done = min(self.run, week.mock)
        done += sum(min(self.answers.get(task.area, 0), task.questions) for task in week.tasks)
        return done, wanted

    def behind(self, week: Week) -> bool:
        """Whether less than half of a week's questions were done; a short week proves nothing."""
        done, wanted = self.of(week)
        return week.days >= SHORT and 2 * done < wanted


@dataclass(frozen=True, slots=True)
class Kept:
    """A plan as it is stored for an exam date. `reach` is the Monday of the last week that any plan for it had; `fault`
    says why the last message of a week did not arrive. Instants are UTC seconds."""

    date_id: int
    user_id: int
    exam: str
    plan: Plan
    cause: Cause
    dropped: bool
    nudges: bool
    fault: str
    reach: date
    revision: int
    made_at: int
    changed_at: int


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def make(areas: Sequence[Studied], first: date, day: date, hours: int, exam_items: int | None) -> Plan:
    """The plan from `first` until the day before the exam; without weeks when that is today or over.

    `areas` are those with weight, of an exam with `exam_items` questions, None where that is not known.
    """
    spans = _spans(first, day)
    available = sum(area.questions for area in areas)
    half = min(LENGTH_AT_MOST, (exam_items or 2 * LENGTH_AT_MOST) // 2, available)
    kinds = _kinds(spans, mocks=available >= MOCK_FROM)
    rooms = [_room(span, hours) for span in spans]
    runs = [_mock(room, half) if kind is WeekKind.MOCK else (0, 0) for room, kind in zip(rooms, kinds, strict=True)]
    reading = {area.id: cycle(area.reading) for area in areas}
    by_id = {area.id: area for area in areas}
    left = [room - quarters for room, (_, quarters) in zip(rooms, runs, strict=True)]
    stream = _stream(areas, sum(room for room, kind in zip(left, kinds, strict=True) if kind is not WeekKind.REVIEW))
    weeks: list[Week] = []
    for span, kind, room, (mock, mock_quarters) in zip(spans, kinds, left, runs, strict=True):
        shares = _review(areas, room) if kind is WeekKind.REVIEW else Counter(islice(stream, room))
        tasks = (_task(by_id[name], quarters, reading[name]) for name, quarters in shares.items())
        weeks.append(Week(*span, kind, tuple(tasks), mock, mock_quarters))
    return Plan(day, hours, tuple(weeks))


def _spans(first: date, day: date) -> list[tuple[date, date]]:
    """The calendar weeks from `first` to the day before the exam, cut to that."""
    found: list[tuple[date, date]] = []
    while first < day:
        last = min(monday(first) + timedelta(days=WEEK - 1), day - timedelta(days=1))
        found.append((first, last))
        first = last + timedelta(days=1)
    return found


def _days(span: tuple[date, date]) -> int:
    return (span[1] - span[0]).days + 1


def _kinds(spans: Sequence[tuple[date, date]], *, mocks: bool) -> list[WeekKind]:
    kinds = [WeekKind.STUDY] * len(spans)
    if not spans:
        return kinds
    # Two days are no review: then the week before belongs to it.
    reviews = 2 if len(spans) > 2 and _days(spans[-1]) < SHORT else 1
    kinds[-reviews:] = [WeekKind.REVIEW] * reviews
    if mocks and len(spans) >= MOCK_WEEKS_FROM:
        latest = len(spans) - reviews - 1
        for way in reversed(MOCKS):
            place = min(ceil(way * len(spans)) - 1, latest)
            kinds[place] = WeekKind.MOCK
            latest = place - 1
    return kinds


def _room(span: tuple[date, date], hours: int) -> int:
    """The quarters of a week; a part of a week has its part, in half hours."""
    quarters = hours * 60 // MINUTES
    return quarters if _days(span) == WEEK else max(2, quarters * _days(span) // WEEK // 2 * 2)


def _mock(room: int, half: int) -> tuple[int, int]:
    """Questions of a mock run, half an exam where the week has room for that, and its quarters."""
    questions = max(LENGTH_AT_LEAST, min(half, room * MOCK_QUESTIONS_A_QUARTER // 5 * 5))
    return questions, min(room, ceil(questions / MOCK_QUESTIONS_A_QUARTER))


def _stream(areas: Sequence[Studied], quarters: int) -> Iterable[str]:
    """The area of each quarter in turn: in blocks of an hour, or of less where each area would not get one.

    Each area gets its share of the blocks, at least one where there are as many; and any stretch of them is mixed
    like the whole.
    """
    size = next((size for size in (4, 2) if quarters // size >= len(areas)), 1)
    count = share(areas, ceil(quarters / size))
    served: Counter[str] = Counter()
    blocks: list[str] = []
    for _ in range(count.total()):
        area = next_area(count, served, {name for name in count if served[name] < count[name]})
        served[area] += 1
        blocks.append(area)
    return iter([area for area in blocks for _ in range(size)])


def share(areas: Sequence[Studied], total: int) -> Counter[str]:
    """`total` parts over the areas by what they are due, by largest remainders; one for each where there are enough."""
    least = 1 if total >= len(areas) else 0
    rest = total - least * len(areas)
    due = sum(area.due for area in areas)
    exact = {area.id: rest * area.due / due for area in areas}
    found = Counter({name: least + int(part) for name, part in exact.items()})
    # The names settle ties, so that everybody gets the same plan for the same answers.
    largest = sorted(exact, key=lambda name: (int(exact[name]) - exact[name], name))
    found.update(largest[: total - found.total()])
    return +found


def _review(areas: Sequence[Studied], room: int) -> Counter[str]:
    """A review is for the areas that are due most, half an hour at least for each."""
    weakest = sorted(areas, key=lambda area: (-area.due, area.id))
    return share(weakest[: max(1, room // 2)], room)


def _task(area: Studied, quarters: int, reading: Iterable[str]) -> Task:
    minutes = quarters * MINUTES
    questions = max(LENGTH_AT_LEAST, round(minutes * 2 / 3 / MINUTES_A_QUESTION))
    pages = min(max(1, quarters // 2), READ_AT_MOST, len(area.reading))
    return Task(area.id, quarters, min(questions, area.questions), tuple(islice(reading, pages)))
