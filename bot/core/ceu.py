"""Continuing education units: cycles of a credential, what counts in one, what is missing, when to remind of it.

Units are counted in quarters, as whole numbers, and days are those of the learner's calendar.
"""

import math
import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.certs import CeuMinimum, CeuPeriod, CeuRule, CeuStep
from bot.core.ceu_errors import (
    CeusUnreadable,
    CycleBackwards,
    CycleFar,
    CycleLength,
    CycleOneYear,
    CycleOver,
    EarnedAhead,
    EarnedLongAgo,
)
from bot.core.days import parse_day
from bot.core.deliveries import DAY
from bot.core.errors import DayUnreadable
from bot.core.schedule import first_instant

QUARTERS_AT_MOST = 4 * 200
"""In one entry, and in a cycle of one's own number."""

TITLE_AT_MOST, PROVIDER_AT_MOST, LINK_AT_MOST, ENTRIES_AT_MOST = 80, 60, 800, 1000
MONTHS = {CeuPeriod.TWO_YEARS: 24, CeuPeriod.CALENDAR_YEAR: 12}
DAYS_AT_LEAST, DAYS_AT_MOST = 28, 5 * 366
"""Of a cycle that a learner gives both ends of."""

BACK_AT_MOST, AHEAD_AT_MOST = 40, 3
"""Years from today that a cycle may begin."""

EARNED_AT_MOST = 10
"""Years ago that units may have been earned."""

AT = time(9)
"""When reminders come, on the learner's clock."""

END_USEFUL = 14 * DAY
_MONTH = 365.25 / 12


# -- cycles ----------------------------------------------------------------------------------------------------


def add_months(day: date, months: int) -> date:
    """The same day of another month, or the last day of a month that lacks it."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle from its first day to its last, both counted; `number` 0 is the one that the learner gave."""

    number: int
    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential whose units are tracked. `exam` is the id of its exam, `begins` and `ends` the first cycle, `months` the
    length of each after it, `own` the quarters a cycle needs by the learner's own word. `guild_id` is where it was set, 0
    in direct messages; `revision` counts changes; `fault` says why the last reminder did not arrive."""

    id: int
    user_id: int
    guild_id: int
    exam: str
    begins: date
    ends: date
    months: int
    own: int | None
    revision: int
    changed_at: int
    fault: str = ""

    def cycle(self, number: int) -> Cycle:
        """Cycles follow one another without a gap. Their ends are counted from one day, so that a short month moves no
        later one."""
        return Cycle(number, self._boundary(number), self._boundary(number + 1) - timedelta(days=1))

    def on(self, day: date) -> Cycle:
        """The cycle that runs on a day; before the first begins, that one."""
        if day <= self.ends:
            return self.cycle(0)
        months = (day.year - self.ends.year) * 12 + day.month - self.ends.month
        number = max(0, months // self.months)
        while self._boundary(number + 1) <= day:
            number += 1
        while number and self._boundary(number) > day:
            number -= 1
        return self.cycle(number)

    def _boundary(self, number: int) -> date:
        after = self.ends + timedelta(days=1)
        if number == 0:
            return self.begins
        if add_months(self.begins, self.months) == after:
            return add_months(self.begins, self.months * number)
        return add_months(after, self.months * (number - 1))


def first_cycle(
    period: CeuPeriod | None, start: date | None, end: date | None, today: date, issuer: str
) -> tuple[date, date, int] | None:
    """First day, last day and months of the cycles that a learner means; None where too little was said.

    Without a `period` both ends are needed, and later cycles are as long as the first, in months. Raises CycleBackwards,
    CycleLength, CycleOver, CycleFar, CycleOneYear.
    """
    if end is not None and start is not None and end <= start:
        raise CycleBackwards
    if end is not None and end < today:
        raise CycleOver(last=end.isoformat())
    if period is CeuPeriod.CALENDAR_YEAR:
        if start is not None and end is not None and start.year != end.year:
            raise CycleOneYear(issuer=issuer)
        year = (end or start or today).year
        found = date(year, 1, 1), date(year, 12, 31), 12
    elif period is not None:
        months = MONTHS[period]
        if start is not None:
            found = start, end or add_months(start, months) - timedelta(days=1), months
        elif end is not None:
            found = add_months(end + timedelta(days=1), -months), end, months
        else:
            return None
    elif start is None or end is None:
        return None
    else:
        found = start, end, max(1, round(((end - start).days + 1) / _MONTH))
    first, last, _ = found
    if not DAYS_AT_LEAST <= (last - first).days + 1 <= DAYS_AT_MOST:
        raise CycleLength(first=first.isoformat(), last=last.isoformat())
    if first > add_months(today, 12 * AHEAD_AT_MOST):
        raise CycleFar(years=AHEAD_AT_MOST)
    if first < add_months(today, -12 * BACK_AT_MOST):
        raise CycleFar(years=BACK_AT_MOST)
    return found


# -- what was earned -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """Units that a learner earned. `categories` are ids of minimums, `issuer` the name of the one issuer that accepts them,
    empty for all; `link` is where the certificate lies."""

    id: int
    user_id: int
    day: date
    quarters: int
    title: str
    provider: str
    categories: tuple[str, ...]
    issuer: str
    link: str


_NUMBER = re.compile(r"(\d{1,4}(?:[.,]\d{1,3})?|[.,]\d{1,3})\s*(?:ceus?|h|hrs?|hours?)?", re.IGNORECASE)


def parse_ceus(text: str) -> int:
    """Quarters of a unit from what people type: 1, 1.5, 0,75, 2 CEUs. Raises CeusUnreadable."""
    match = _NUMBER.fullmatch(text.strip())
    quarters = float(match[1].replace(",", ".")) * 4 if match else 0.5
    if quarters != int(quarters) or not 1 <= quarters <= QUARTERS_AT_MOST:
        raise CeusUnreadable(text=text.strip()[:40], most=QUARTERS_AT_MOST // 4)
    return int(quarters)


def ceus(quarters: int) -> str:
    """A number of units as it is read: 1, 1.5, 0.75."""
    return f"{quarters / 4:.2f}".rstrip("0").rstrip(".")


def parse_earned(text: str, today: date) -> date:
    """The day on which units were earned, from what people type. What names no year is the last such day, a weekday the
    last one. Raises DayUnreadable, EarnedAhead, EarnedLongAgo."""
    typed = " ".join(text.lower().split())
    found = today - timedelta(days=1) if typed == "yesterday" else parse_day(text, today)
    if found > today and not _AHEAD.search(typed):
        found = _last(text, typed, found, today)
    if found > today:
        raise EarnedAhead(day=found.isoformat())
    if found < add_months(today, -12 * EARNED_AT_MOST):
        raise EarnedLongAgo(day=found.isoformat())
    return found


_AHEAD = re.compile(r"^(in|next|tomorrow)\b|\b(day|week|month|year)s?\b")


def _last(text: str, typed: str, found: date, today: date) -> date:
    """The last such day before today, where what was typed means another one when it is read on another day."""
    if not re.search(r"\d", typed):
        return parse_day(text, today - timedelta(days=6))
    for back in range(1, 9):  # the 29th of February may be some years back
        try:
            earlier = parse_day(text, add_months(today, -12 * back) + timedelta(days=1))
        except DayUnreadable:
            continue
        if earlier <= today:
            return earlier
    return found


def parse_start(text: str, today: date) -> date:
    """The first day of a cycle: what names no year is the last such day, but a year may lie ahead. Raises DayUnreadable."""
    try:
        return parse_earned(text, today)
    except (EarnedAhead, EarnedLongAgo):
        return parse_day(text, today)


# -- what a cycle needs ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """A minimum and the quarters of it: needed in a cycle, and earned."""

    minimum: CeuMinimum
    needed: int
    earned: int = 0

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.earned)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a cycle needs, in quarters. `step` is where the number stands, None for the learner's own; `held` is how many
    credentials are held under the rule; `fits` is False where the rule knows no number for so many."""

    needed: int
    step: CeuStep | None
    parts: tuple[Part, ...] = ()
    held: int = 1
    fits: bool = True


def step_for(rule: CeuRule, held: int) -> CeuStep | None:
    """The step for who holds that many credentials; None where none is known."""
    for step in rule.steps:
        if step.credentials == held or (step.or_more and held > step.credentials):
            return step
    return None


def requirement(rule: CeuRule | None, exam: str, held: int, own: int | None) -> Requirement | None:
    """What a cycle of a credential needs; None where that is not known and the learner gave no number."""
    if own is not None:
        return Requirement(own, None, held=held)
    if rule is None:
        return None
    found = step_for(rule, held)
    step = found or rule.steps[0]
    needed = 4 * step.ceus
    parts = tuple(
        Part(least, 4 * least.ceus if least.ceus is not None else math.ceil(needed * (least.percent or 0) / 100))
        for least in rule.minimums
        if not least.exams or exam in least.exams
    )
    return Requirement(needed, step, parts, held, found is not None)


# -- where a learner stands ------------------------------------------------------------------------------------


class Why(StrEnum):
    """Why an entry does not count in a cycle."""

    BEFORE = "before"
    AFTER = "after"
    ISSUER = "issuer"


@dataclass(frozen=True, slots=True)
class Standing:
    """A cycle with what was earned in it, in quarters; `outside` are the other entries and why they don't count."""

    credential: Credential
    cycle: Cycle
    requirement: Requirement
    parts: tuple[Part, ...]
    counted: tuple[Entry, ...]
    outside: tuple[tuple[Entry, Why], ...]

    @property
    def earned(self) -> int:
        return sum(entry.quarters for entry in self.counted)

    @property
    def missing(self) -> int:
        """The fewest quarters that complete the cycle; one unit may serve several minimums."""
        return max(0, self.requirement.needed - self.earned, *(part.missing for part in self.parts))

    @property
    def over(self) -> int:
        return max(0, self.earned - self.requirement.needed)


def standing(
    credential: Credential, cycle: Cycle, needs: Requirement, issuer: str, entries: Sequence[Entry]
) -> Standing:
    counted: list[Entry] = []
    outside: list[tuple[Entry, Why]] = []
    for entry in entries:
        if entry.issuer and entry.issuer != issuer:
            outside.append((entry, Why.ISSUER))
        elif entry.day < cycle.first:
            outside.append((entry, Why.BEFORE))
        elif entry.day > cycle.last:
            outside.append((entry, Why.AFTER))
        else:
            counted.append(entry)
    parts = tuple(
        Part(part.minimum, part.needed, sum(e.quarters for e in counted if part.minimum.id in e.categories))
        for part in needs.parts
    )
    return Standing(credential, cycle, needs, parts, tuple(counted), tuple(outside))


def days_left(cycle: Cycle, today: date) -> int:
    """Days on which units can still be earned in a cycle, today and its last day among them."""
    return max(0, (cycle.last - max(today, cycle.first)).days + 1)


def pace(missing: int, left: int) -> int:
    """Quarters a month that get somebody there in `left` days, rounded up; all at once in the last month."""
    return math.ceil(missing / max(left / _MONTH, 1)) if left else 0


# -- reminders -------------------------------------------------------------------------------------------------


class When(StrEnum):
    """What a delivery is for: so long before the end of a cycle, or the day after it."""

    SIX_MONTHS = "m6"
    THREE_MONTHS = "m3"
    ONE_MONTH = "m1"
    TWO_WEEKS = "w2"
    END = "end"


MONTHS_BEFORE = {When.SIX_MONTHS: 6, When.THREE_MONTHS: 3, When.ONE_MONTH: 1}


@dataclass(frozen=True, slots=True)
class Due:
    """A message about a cycle. Due and useful until in UTC seconds."""

    when: When
    due_at: int
    useful_until: int


def remind_on(cycle: Cycle, when: When) -> date:
    match when:
        case When.END:
            return cycle.last + timedelta(days=1)
        case When.TWO_WEEKS:
            return cycle.last - timedelta(days=14)
        case _:
            return add_months(cycle.last, -MONTHS_BEFORE[when])


def reminders(cycle: Cycle, zone: ZoneInfo) -> list[Due]:
    """All of a cycle, in order. Each is useful until the next; those before its first day are left out."""
    days = [(when, remind_on(cycle, when)) for when in When]
    found = [(when, first_instant(day, AT, zone)) for when, day in days if day >= cycle.first]
    last = first_instant(cycle.last + timedelta(days=1), time.min, zone)
    ends = [due for _, due in found[1:]]
    dues = [Due(when, due, min(until, last)) for (when, due), until in zip(found, ends, strict=False)]
    when, due = found[-1]
    return [*dues, Due(when, due, due + END_USEFUL)]
