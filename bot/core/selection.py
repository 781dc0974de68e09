"""Which item a guild gets next, and in which order its options stand."""

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache
from random import Random

from bot.core.blueprint import next_area
from bot.core.content import Exam, Item
from bot.core.errors import PoolEmpty


@lru_cache(maxsize=4096)
def option_order(seed: int, count: int) -> tuple[int, ...]:
    """The author's positions in the order in which a round shows them, the same on every Python version."""
    return tuple(sorted(range(count), key=lambda i: hashlib.sha256(f"{seed}:{i}".encode()).digest()))


def choose(exam: Exam, pool: Sequence[Item], history: Sequence[str], withdrawn: Collection[str], rng: Random) -> Item:
    """The next item for a guild with `history`, the ids of its past rounds' items, oldest first.

    No item comes again before all others in the pool came; areas follow the blueprint; the
    concept of the last round does not come twice in a row unless there is no other. Raises PoolEmpty.
    """
    eligible = {item.id: item for item in pool if item.id not in withdrawn}
    if not eligible:
        raise PoolEmpty(exam=exam.name)
    by_id = {item.id: item for item in pool}
    last_used = {item_id: turn for turn, item_id in enumerate(history)}
    cycle = _cycle([item_id for item_id in history if item_id in by_id], eligible.keys())
    asked = set(cycle)
    fresh = [item for item in eligible.values() if item.id not in asked]
    last = by_id.get(history[-1]) if history else None
    fresh = _spread(fresh, last.concept if last else None)

    areas = {item.id: _area(exam, item) for item in by_id.values()}
    served = Counter(areas[item_id] for item_id in cycle)
    weights = {area.id: area.weight for area in exam.areas}
    area = next_area(weights, served, {areas[item.id] for item in fresh})
    candidates = sorted(
        (item for item in fresh if areas[item.id] == area), key=lambda item: (last_used.get(item.id, -1), item.id)
    )
    # Unseen items are all equally old; of seen ones only the older half, so that a new cycle doesn't open with
    # what closed the last one.
    unseen = [item for item in candidates if item.id not in last_used]
    return rng.choice(unseen or candidates[: (len(candidates) + 1) // 2])


def _cycle(history: Sequence[str], eligible: Collection[str]) -> list[str]:
    """What was asked since the pool was last used up; an item that joins or rejoins an old pool comes once."""
    cycle: list[str] = []
    missing = set(eligible)
    for item_id in history:
        cycle.append(item_id)
        missing.discard(item_id)
        if not missing:
            cycle, missing = [], set(eligible)
    return cycle


def _spread(fresh: list[Item], last_concept: str | None) -> list[Item]:
    """The items of `fresh` that neither repeat the last concept nor force a later repeat within this cycle.

    A concept that holds more than half of what would be left must come now, or its items end up side by side.
    """
    counts = Counter(item.concept for item in fresh)
    for concept, count in counts.items():
        if concept != last_concept and count > len(fresh) // 2:
            return [item for item in fresh if item.concept == concept]
    return [item for item in fresh if item.concept != last_concept] or fresh


def _area(exam: Exam, item: Item) -> str:
    area = exam.area_of(item)
    if area is None:
        raise ValueError(f"{item.id} serves no area of {exam.id}")
    return area.id
