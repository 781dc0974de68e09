"""Sharing out rounds: the promise of Tijdeman's rule, checked with exact fractions."""

from collections import Counter
from fractions import Fraction
from random import Random

from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.blueprint import next_area

WEIGHTS = st.dictionaries(
    st.text("abcdefghijklmnop", min_size=1, max_size=3),
    st.integers(1, 1000) | st.floats(0.01, 1000, allow_nan=False),
    min_size=1,
    max_size=18,
)


def serve(weights: dict[str, float], rounds: int) -> list[str]:
    served: Counter[str] = Counter()
    order: list[str] = []
    for _ in range(rounds):
        area = next_area(weights, served, weights)
        served[area] += 1
        order.append(area)
    return order


@given(weights=WEIGHTS, rounds=st.integers(1, 250))
@example(weights={"a": 1, "b": 1000}, rounds=250)
@example(weights=dict.fromkeys("abcdefgh", 1), rounds=100)
@example(weights={"a": 1, "b": 1, "c": 1000}, rounds=250)
def test_after_any_number_of_rounds_each_area_is_within_the_least_possible_distance_of_its_quota(
    weights: dict[str, float], rounds: int
) -> None:
    exact = {area: Fraction(weight) for area, weight in weights.items()}
    total = sum(exact.values())
    bound = 1 - Fraction(1, 2 * len(weights) - 2) if len(weights) > 1 else Fraction(0)
    served: Counter[str] = Counter()
    for turn, area in enumerate(serve(weights, rounds), 1):
        served[area] += 1
        for name, weight in exact.items():
            assert abs(weight / total * turn - served[name]) <= bound + Fraction(1, 10**6), (turn, name)


@given(weights=WEIGHTS, seed=st.integers(0, 2**32), rounds=st.integers(1, 60))
def test_an_area_that_is_not_available_is_never_served(weights: dict[str, float], seed: int, rounds: int) -> None:
    rng = Random(seed)
    served: Counter[str] = Counter()
    for _ in range(rounds):
        available = set(rng.sample(sorted(weights), rng.randint(1, len(weights))))
        area = next_area(weights, served, available)
        assert area in available
        served[area] += 1


@given(weights=WEIGHTS.filter(lambda weights: len(weights) > 2), rounds=st.integers(1, 60))
def test_areas_that_are_left_share_the_weight_of_one_that_ran_out(weights: dict[str, float], rounds: int) -> None:
    gone, *left = sorted(weights)
    served: Counter[str] = Counter()
    for _ in range(rounds):
        served[next_area(weights, served, left)] += 1
    alone = Counter(serve({area: weights[area] for area in left}, rounds))
    assert gone not in served
    assert served == alone


@given(weights=WEIGHTS, seed=st.integers(0, 2**32))
def test_neither_the_order_of_the_weights_nor_that_of_the_areas_matters(weights: dict[str, float], seed: int) -> None:
    shuffled = list(weights.items())
    Random(seed).shuffle(shuffled)
    served = {area: Random(seed).randint(0, 3) for area in sorted(weights)}
    expected = next_area(weights, served, sorted(weights))
    assert next_area(dict(shuffled), served, {area for area, _ in shuffled}) == expected


@given(weights=WEIGHTS, seed=st.integers(0, 2**32))
def test_a_history_under_another_blueprint_is_no_obstacle(weights: dict[str, float], seed: int) -> None:
    rng = Random(seed)
    served = {area: rng.randint(0, 500) for area in sorted(weights)} | {"an area of before": 99}
    assert next_area(weights, served, weights) in weights


def test_a_small_blueprint_by_hand() -> None:
    assert serve({"alpha": 3, "beta": 2, "gamma": 1}, 6).count("alpha") == 3
    assert sorted(serve({"alpha": 3, "beta": 2, "gamma": 1}, 6)) == ["alpha"] * 3 + ["beta"] * 2 + ["gamma"]
    assert serve({"a": 1, "b": 1}, 4) in (["a", "b", "a", "b"], ["a", "b", "b", "a"])
