"""What a live round asks, in which order, and who stands where."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.content import Item
from bot.core.live import Player, select, standings
from bot.core.live_errors import LiveTooFew
from tests.samples import make_exam, make_item

EXAM = make_exam({"alpha": 3, "beta": 2, "gamma": 1})


def pool(*concepts: str, area: str = "alpha") -> list[Item]:
    return [make_item(f"item-{i:02}", concept=concept, area=area) for i, concept in enumerate(concepts)]


def in_a_row(items: list[Item]) -> bool:
    return any(one.concept == other.concept for one, other in pairwise(items))


@settings(max_examples=60)
@given(
    counts=st.lists(st.integers(1, 8), min_size=1, max_size=6),
    count=st.integers(5, 20),
    seed=st.integers(0, 99),
    used=st.integers(0, 12),
)
def test_as_many_as_can_be_asked_are_asked_and_no_concept_twice_in_a_row(
    counts: list[int], count: int, seed: int, used: int
) -> None:
    concepts = [f"c{c}" for c, number in enumerate(counts) for _ in range(number)]
    items = [
        make_item(f"item-{i:02}", concept=concept, area=("alpha", "beta", "gamma")[i % 3])
        for i, concept in enumerate(concepts)
    ]
    recent = [item.id for item in items[:used]]
    # Each concept fills at most every other place; by hand, from the longest course down.
    best = max(n for n in range(count + 1) if sum(min(k, (n + 1) // 2) for k in counts) >= n)
    if best < count:
        with pytest.raises(LiveTooFew, match=f"Only {best} questions"):
            select(EXAM, items, count, recent=recent, rng=Random(seed))
        return
    course = select(EXAM, items, count, recent=recent, rng=Random(seed))
    assert len({item.id for item in course}) == len(course) == count
    assert not in_a_row(course)


def test_what_was_not_asked_lately_comes_first_then_what_is_longest_ago() -> None:
    items = pool(*(f"c{i}" for i in range(12)))
    recent = [f"item-{i:02}" for i in range(7)]
    course = [item.id for item in select(EXAM, items, 7, recent=recent, rng=Random(1))]
    assert {*course[:5]} == {f"item-{i:02}" for i in range(7, 12)}
    assert {*course[5:]} <= {*recent[:4]}


def test_areas_come_by_their_shares_of_the_exam() -> None:
    items = [make_item(f"item-{i:02}", area=("alpha", "beta", "gamma")[i % 3]) for i in range(36)]
    course = select(EXAM, items, 12, rng=Random(3))
    assert Counter(item.areas[0] for item in course) == {"alpha": 6, "beta": 4, "gamma": 2}


def test_one_area_alone() -> None:
    items = [make_item(f"item-{i:02}", area=("alpha", "beta")[i % 2]) for i in range(12)]
    assert {item.areas[0] for item in select(EXAM, items, 6, area="beta", rng=Random(1))} == {"beta"}
    with pytest.raises(LiveTooFew):
        select(EXAM, items, 7, area="beta", rng=Random(1))


def test_case_sets_and_excluded_items_stay_out() -> None:
    items = pool(*(f"c{i}" for i in range(8)))
    items[0] = replace(items[0], case="a-case", scenario="A record.")
    course = select(EXAM, items, 5, excluded={"item-01", "item-02"}, rng=Random(1))
    assert {item.id for item in course} == {"item-03", "item-04", "item-05", "item-06", "item-07"}


def test_ties_share_a_rank_and_who_is_not_named_holds_none() -> None:
    table = standings(
        [Player("zoe", 4, 60), Player("amy", 4, 45), Player(None, 5, 75), Player("bob", 2, 20), Player(None, 0, 0)]
    )
    assert [(rank.rank, rank.right, [p.name for p in rank.players]) for rank in table.ranks] == [
        (1, 4, ["amy", "zoe"]),
        (3, 2, ["bob"]),
    ]
    assert (table.players, table.unnamed) == (5, 2)
