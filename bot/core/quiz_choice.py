"""Which items a session of practice asks, and in which order."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from bot.core.blueprint import next_area
from bot.core.content import Area, Content, Exam, Item
from bot.core.deliveries import DAY
from bot.core.quiz import Wishes

AGAIN_AFTER = 7 * DAY
"""Seconds in which no item comes again, unless nothing else is left."""

FLOOR = 0.2
"""The part of its weight that an area keeps however well it is mastered, so that none vanishes."""

PRIOR = 2
"""Answers that are taken for wrong before the first one is given, so that one lucky hit is not mastery."""

Unit = Sequence[Item]
"""What is asked together: one item, or all of a case set in their order."""


@dataclass(frozen=True, slots=True)
class Past:
    """A learner's last answer to an item, in whatever mode; `at` in UTC seconds."""

    at: int
    correct: bool


def units(content: Content, exam: Exam) -> list[Unit]:
    """All that can be asked for an exam, in a stable order."""
    cases = (tuple(content.items[name] for name in case.items) for case in content.cases_for(exam))
    return [*((item,) for item in content.pool(exam)), *cases]


def fitting(found: Iterable[Unit], exam: Exam, wishes: Wishes, concepts: Collection[str]) -> list[Unit]:
    """The units of which every item is as wished; `concepts` are the topic's own and those related to it."""
    drawn = {name for area in exam.areas if area.id == wishes.area for name in area.draws_from}

    def fits(item: Item) -> bool:
        return (
            (not wishes.area or not drawn.isdisjoint(item.areas))
            and (not wishes.topic or item.concept in concepts)
            and wishes.difficulty in (None, item.difficulty)
        )

    return [unit for unit in found if all(map(fits, unit))]


def free(found: Iterable[Unit], barred: Collection[str]) -> list[Unit]:
    """The units without a barred item: a case set comes whole or not at all."""
    return [unit for unit in found if not any(item.id in barred for item in unit)]


def weights(exam: Exam, found: Iterable[Unit], history: Mapping[str, Past]) -> dict[str, float]:
    """What each area of the exam is due: its weight in the blueprint times what is not mastered of it.

    Mastery is the share of right last answers among the area's items that were answered, PRIOR more taken for wrong.
    """
    seen: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for unit in found:
        for item in unit:
            if (past := history.get(item.id)) is not None and (area := exam.area_of(item)) is not None:
                seen[area.id] += 1
                right[area.id] += past.correct
    return {area.id: area.weight * max(FLOOR, 1 - right[area.id] / (seen[area.id] + PRIOR)) for area in exam.areas}


def weakest(exam: Exam, found: Iterable[Unit], history: Mapping[str, Past], limit: int) -> list[Area]:
    """The areas in which the last answer to some item was wrong, the one that is due most first."""
    units = list(found)
    missed = {
        area.id
        for unit in units
        for item in unit
        if (past := history.get(item.id)) is not None and not past.correct and (area := exam.area_of(item)) is not None
    }
    due = weights(exam, units, history)
    areas = [area for area in exam.areas if area.id in missed]
    return sorted(areas, key=lambda area: -due[area.id])[:limit]


def choose(
    exam: Exam,
    found: Sequence[Unit],
    wishes: Wishes,
    due: Mapping[str, float],
    history: Mapping[str, Past],
    recent: Iterable[str],
    now: int,
    rng: Random,
) -> list[Item]:
    """The items of a session from the units `found`, in order: as many as wished, or as come nearest below that.

    Unseen items come before seen ones, and those seen within AGAIN_AFTER last; of a topic its own before those of
    related concepts. Among equals the area that is due most comes first, given the areas of the `recent` items (ids)
    that the learner practised; within an area what was missed last time, then what was seen longest ago. No concept
    comes twice in a row where that can be avoided, and a case set comes only if it fits into the length.
    """
    left = list(found)
    rng.shuffle(left)
    areas = {item.id: area.id for unit in left for item in unit if (area := exam.area_of(item)) is not None}
    served = Counter(areas[name] for name in recent if name in areas)
    room = max(_sums(Counter(map(len, left)), wishes.length))
    # More than half of one concept can't be kept apart.
    share = (room + 1) // 2
    concepts: Counter[str] = Counter()
    taken: list[Unit] = []

    def rank(unit: Unit) -> tuple[bool, bool, bool]:
        pasts = [history.get(item.id) for item in unit]
        return (
            any(past is not None and now - past.at < AGAIN_AFTER for past in pasts),
            bool(wishes.topic) and any(item.concept != wishes.topic for item in unit),
            any(past is not None for past in pasts),
        )

    def age(unit: Unit) -> tuple[bool, int]:
        pasts = [past for item in unit if (past := history.get(item.id)) is not None]
        return all(past.correct for past in pasts), max((past.at for past in pasts), default=0)

    ranks = {unit[0].id: rank(unit) for unit in left}
    while room:
        left = [unit for unit in left if len(unit) <= room]
        sizes = Counter(map(len, left))
        fits = {size for size in sizes if room - size in _sums(sizes - Counter([size]), room)}
        eligible = [unit for unit in left if len(unit) in fits]
        # Only single items can crowd: those of a case set stay together anyhow.
        apart = [unit for unit in eligible if len(unit) > 1 or concepts[unit[0].concept] < share]
        eligible = apart or eligible
        best = min(ranks[unit[0].id] for unit in eligible)
        eligible = [unit for unit in eligible if ranks[unit[0].id] == best]
        area = next_area(due, served, {areas[unit[0].id] for unit in eligible})
        unit = min((unit for unit in eligible if areas[unit[0].id] == area), key=age)
        left.remove(unit)
        taken.append(unit)
        room -= len(unit)
        served[area] += len(unit)
        concepts.update(item.concept for item in unit)
    return arrange(taken)


def again(content: Content, missed: Iterable[str], barred: Collection[str]) -> list[Item]:
    """Exactly the items with the ids `missed` that are still there and not barred; those of a case set together."""
    cases: dict[str, list[Item]] = {}
    for name in missed:
        item = content.items.get(name)
        if item is not None and name not in barred:
            cases.setdefault(item.case or f"alone {name}", []).append(item)
    return arrange([tuple(found) for found in cases.values()])


def arrange(chosen: Sequence[Unit]) -> list[Item]:
    """The units one after the other, near their order, no concept twice in a row where that can be avoided."""
    left, order = list(chosen), list[Unit]()
    while left:
        last = order[-1][-1].concept if order else None
        counts = Counter(unit[0].concept for unit in left)
        # A concept that heads more than half of what is left must come now, or its items end up side by side.
        must = next((name for name, count in counts.items() if name != last and count > len(left) // 2), None)
        apart = [unit for unit in left if unit[0].concept == must] if must else []
        unit = (apart or [unit for unit in left if unit[0].concept != last] or left)[0]
        left.remove(unit)
        order.append(unit)
    if any(len(unit) > 1 for unit in order):
        order = _mended(order)
    return [item for unit in order for item in unit]


def _mended(order: list[Unit]) -> list[Unit]:
    """What stands beside its like is moved to where it does not, if there is such a place: with case sets, which begin
    with one concept and end with another, taking one after the other does not always find it."""
    while clashes := _clashes(order):
        for place in range(len(order)):
            rest = [*order[:place], *order[place + 1 :]]
            moved = [[*rest[:to], order[place], *rest[to:]] for to in range(len(order))]
            better = min(moved, key=_clashes)
            if _clashes(better) < clashes:
                order = better
                break
        else:
            return order
    return order


def _clashes(order: Sequence[Unit]) -> int:
    return sum(one[-1].concept == other[0].concept for one, other in pairwise(order))


def _sums(sizes: Mapping[int, int], at_most: int) -> set[int]:
    """The sums up to `at_most` that can be made of so many of each size; of nothing it is 0."""
    found = 1
    for size, count in sizes.items():
        for _ in range(min(count, at_most // size)):
            found |= (found << size) & ((1 << (at_most + 1)) - 1)
    return {total for total in range(at_most + 1) if found >> total & 1}
