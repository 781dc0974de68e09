"""When the clocks of a zone change, as calendars write it: by a yearly rule where there is one, else change by change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

STEP = timedelta(days=5)
"""How far apart the clock is looked at; no zone goes there and back in less."""

RULE_YEARS = 12
"""Years that a yearly rule has to hold for: long enough to tell the fourth Sunday of a month from the last one."""


@dataclass(frozen=True, slots=True)
class Change:
    """From one offset to another. `onset` is what the clock shows at that moment, before it is changed."""

    onset: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool


@dataclass(frozen=True, slots=True)
class Observance:
    """The changes of one kind: on the `nth` `weekday` (0 is Monday) of `month` each year from the first change on, -1 for
    the last one; or, without a month, just those."""

    changes: tuple[Change, ...]
    month: int = 0
    weekday: int = 0
    nth: int = 0


@lru_cache(maxsize=256)
def observances(key: str, first: int, last: int) -> tuple[Observance, ...]:
    """What calendars must know of a zone to place the times of the years `first` to `last`."""
    zone = ZoneInfo(key)
    start = datetime(first - 1, 1, 1, tzinfo=UTC)
    changes = _changes(zone, start, datetime(first - 1 + RULE_YEARS, 1, 1, tzinfo=UTC))
    yearly = [_yearly([change for change in changes if change.summer == summer]) for summer in (False, True)]
    if changes and all(yearly) and len(changes) == 2 * RULE_YEARS:
        return tuple(found for found in yearly if found is not None)
    wanted = _changes(zone, start, datetime(last + 2, 1, 1, tzinfo=UTC))
    at_first = _standing(zone, start)
    return tuple(Observance((change,)) for change in (at_first, *wanted))


def _yearly(changes: Sequence[Change]) -> Observance | None:
    """The one rule behind changes that come once a year."""
    if len(changes) != RULE_YEARS or any(b.onset.year - a.onset.year != 1 for a, b in pairwise(changes)):
        return None
    if len({(c.onset.month, c.onset.weekday(), c.onset.time(), c.before, c.after) for c in changes}) > 1:
        return None
    onset = changes[0].onset
    places = {(change.onset.day - 1) // 7 + 1 for change in changes}
    last = all((change.onset + timedelta(days=7)).month != onset.month for change in changes)
    if len(places) > 1 and not last:
        return None
    return Observance(tuple(changes), onset.month, onset.weekday(), -1 if last else places.pop())


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> list[Change]:
    found: list[Change] = []
    while start < end:
        until = min(start + STEP, end)
        if _offset(zone, start) != _offset(zone, until):
            found.append(_between(zone, start, until))
        start = until
    return found


def _between(zone: ZoneInfo, before: datetime, after: datetime) -> Change:
    old = _offset(zone, before)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        before, after = (middle, after) if _offset(zone, middle) == old else (before, middle)
    local = after.astimezone(zone)
    return Change(
        (after + old).replace(tzinfo=None), old, _offset(zone, after), local.tzname() or "", bool(local.dst())
    )


def _standing(zone: ZoneInfo, at: datetime) -> Change:
    """The offset that is in force at an instant, as a change that changes nothing."""
    local, offset = at.astimezone(zone), _offset(zone, at)
    return Change((at + offset).replace(tzinfo=None), offset, offset, local.tzname() or "", bool(local.dst()))


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()
