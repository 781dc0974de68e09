"""Which item comes next: nothing twice before all came once, areas by the blueprint, concepts apart."""

import itertools
from collections import Counter
from collections.abc import Collection
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.content import Item
from bot.core.errors import PoolEmpty
from bot.core.selection import choose, option_order
from tests.samples import make_exam, make_item

EXAM = make_exam({"alpha": 3, "beta": 2, "gamma": 1})
AREAS = ("alpha", "beta", "gamma")


def make_pool(concepts: list[int], areas: list[int] | None = None) -> list[Item]:
    """An item for each entry, of the concept and area numbered there."""
    areas = areas or [i % 3 for i in range(len(concepts))]
    return [
        make_item(f"i{i:02}", concept=f"c{concept}", area=AREAS[areas[i % len(areas)]])
        for i, concept in enumerate(concepts)
    ]


POOLS = st.builds(
    make_pool,
    st.lists(st.integers(0, 5), min_size=1, max_size=14),
    st.lists(st.integers(0, 2), min_size=1, max_size=14),
)


def play(
    pool: list[Item], rounds: int, seed: int, history: Collection[str] = (), withdrawn: Collection[str] = ()
) -> list[str]:
    past = list(history)
    for turn in range(rounds):
        past.append(choose(EXAM, pool, past, withdrawn, Random(f"{seed}:{turn}")).id)
    return past[len(history) :]


def neighbours_alike(pool: list[Item], played: list[str]) -> int:
    concept = {item.id: item.concept for item in pool}
    return sum(concept[one] == concept[other] for one, other in itertools.pairwise(played))


@given(pool=POOLS, seed=st.integers(0, 999), cycles=st.integers(1, 4))
def test_every_item_comes_once_before_any_comes_again(pool: list[Item], seed: int, cycles: int) -> None:
    played = play(pool, cycles * len(pool), seed)
    for cycle in range(cycles):
        assert sorted(played[cycle * len(pool) : (cycle + 1) * len(pool)]) == [item.id for item in pool]


@given(pool=POOLS, seed=st.integers(0, 999))
@example(pool=make_pool([0, 0, 1, 1]), seed=0)
@example(pool=make_pool([0, 0, 0, 1, 2, 3], [0, 0, 0, 1, 1, 1]), seed=0)
def test_no_concept_comes_twice_in_a_row_in_any_cycle_if_none_holds_more_than_half_the_pool(
    pool: list[Item], seed: int
) -> None:
    # Then an order without neighbours exists within each cycle and across their boundaries, and the rule finds one.
    largest = max(Counter(item.concept for item in pool).values())
    if largest <= len(pool) // 2:
        assert neighbours_alike(pool, play(pool, 4 * len(pool), seed)) == 0


@given(pool=POOLS, seed=st.integers(0, 999))
@example(pool=make_pool([0, 0, 1]), seed=0)
@example(pool=make_pool([0, 0, 0, 0, 1]), seed=0)
@example(pool=make_pool([0, 0, 0, 1, 2]), seed=3)
def test_a_concept_that_fills_the_first_cycle_repeats_no_more_than_it_must(pool: list[Item], seed: int) -> None:
    largest = max(Counter(item.concept for item in pool).values())
    unavoidable = max(0, largest - (len(pool) - largest) - 1)
    assert neighbours_alike(pool, play(pool, len(pool), seed)) == unavoidable


@given(pool=POOLS, seed=st.integers(0, 999), data=st.data())
def test_a_withdrawn_item_never_comes(pool: list[Item], seed: int, data: st.DataObject) -> None:
    ids = [item.id for item in pool]
    withdrawn = data.draw(st.sets(st.sampled_from(ids), max_size=len(ids) - 1))
    history = play(pool, data.draw(st.integers(0, 2 * len(ids))), seed)
    played = play(pool, len(ids) + 1, seed + 1, history, withdrawn)
    assert not withdrawn & set(played)
    # A whole cycle and one more of those that are left: none of them starved.
    assert set(play(pool, 3 * len(ids), seed, history, withdrawn)) == set(ids) - withdrawn


@pytest.mark.parametrize("withdrawn", [(), ("i00",)])
def test_with_nothing_to_choose_from_the_exam_is_named(withdrawn: tuple[str, ...]) -> None:
    with pytest.raises(PoolEmpty, match="CPC"):
        choose(EXAM, make_pool([0])[: len(withdrawn)], [], withdrawn, Random(1))


@given(seed=st.integers(0, 999))
def test_the_blueprint_is_followed_while_each_area_has_items(seed: int) -> None:
    # Thirty items of each area, weights 3, 2 and 1: areas last for sixty rounds.
    pool = make_pool(list(range(90)), [0, 1, 2])
    areas = {item.id: item.areas[0] for item in pool}
    served: Counter[str] = Counter()
    for turn, item_id in enumerate(play(pool, 60, seed), 1):
        served[areas[item_id]] += 1
        for area in EXAM.areas:
            assert abs(turn * area.weight / 6 - served[area.id]) <= 0.75 + 1e-9
    assert served == {"alpha": 30, "beta": 20, "gamma": 10}


def test_the_blueprint_is_followed_in_the_second_cycle_too() -> None:
    pool = make_pool(list(range(18)), [0, 1, 2])
    areas = {item.id: item.areas[0] for item in pool}
    played = play(pool, 24, 1)
    assert Counter(areas[item_id] for item_id in played[18:]) == {"alpha": 3, "beta": 2, "gamma": 1}


def test_an_item_added_after_some_cycles_comes_once_and_then_the_others_do() -> None:
    pool = make_pool([0, 1, 2, 3])
    history = play(pool, 12, 1)
    played = play([*pool, make_item("new")], 5, 2, history)
    assert played.count("new") <= 2
    assert "new" not in {one for one, other in itertools.pairwise(played) if one == other}


def test_an_item_that_an_organiser_keeps_after_all_does_not_come_day_after_day() -> None:
    pool = make_pool([0, 1, 2, 3, 4])
    history = play(pool, 5, 1)
    while_withdrawn = play(pool, 12, 2, history, withdrawn={"i00"})
    played = play(pool, 3, 3, [*history, *while_withdrawn])
    assert played.count("i00") <= 1


@given(pool=POOLS, seed=st.integers(0, 999), rounds=st.integers(0, 30))
def test_racing_processes_choose_the_same_item(pool: list[Item], seed: int, rounds: int) -> None:
    history = play(pool, rounds, seed)
    shuffled = list(pool)
    Random(seed).shuffle(shuffled)
    assert choose(EXAM, pool, history, set(), Random(seed)) == choose(EXAM, shuffled, history, set(), Random(seed))


@given(seed=st.integers(0, 200))
def test_a_new_cycle_does_not_open_with_what_closed_the_last(seed: int) -> None:
    pool = make_pool(list(range(12)), [0])
    played = play(pool, 18, seed)
    assert not set(played[9:12]) & set(played[12:15])


def test_an_item_of_no_area_of_the_exam_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="stray serves no area of cpc"):
        choose(EXAM, [make_item("stray", area="elsewhere")], [], set(), Random(1))


@given(seed=st.integers(0, 2**31), count=st.integers(1, 6))
def test_options_are_shown_in_some_order_and_always_in_that_one(seed: int, count: int) -> None:
    order = option_order(seed, count)
    assert sorted(order) == list(range(count))
    assert option_order(seed, count) == order


@pytest.mark.parametrize(
    ("seed", "count", "order"),
    [(0, 4, (3, 2, 0, 1)), (1, 4, (2, 3, 0, 1)), (2147483647, 5, (2, 0, 4, 3, 1)), (42, 6, (1, 0, 4, 5, 3, 2))],
)
def test_the_order_of_stored_rounds_stays_in_every_release(seed: int, count: int, order: tuple[int, ...]) -> None:
    assert option_order(seed, count) == order


def test_every_position_gets_its_share_of_right_options() -> None:
    first = Counter(option_order(seed, 4)[0] for seed in range(4000))
    assert all(900 < first[position] < 1100 for position in range(4))
