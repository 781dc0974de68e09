"""Cycles in which continuing education units are earned: when one runs, how much of it is left, when to remind of it.

Days are those of the learner's calendar.
"""

import math
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.certs import CeuPeriod
from bot.core.ceu_errors import CycleBackwards, CycleFar, CycleLength, CycleOneYear, CycleOver
from bot.core.days import add_months
from bot.core.deliveries import DAY
from bot.core.schedule import first_instant

MONTHS = {CeuPeriod.TWO_YEARS: 24, CeuPeriod.CALENDAR_YEAR: 12}
DAYS_AT_LEAST, DAYS_AT_MOST = 28, 5 * 366
"""Of a cycle that a learner gives both ends of."""

BACK_AT_MOST, AHEAD_AT_MOST = 40, 3
"""Years from today that a cycle may begin."""

AT = time(9)
"""When reminders come, on the learner's clock."""

END_USEFUL = 14 * DAY
_MONTH = 365.25 / 12


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
        number = months // self.months
        while self._boundary(number + 1) <= day:
            number += 1
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
