"""Which items practice asks: the length, unseen first, weak areas, concepts apart, case sets whole."""

import itertools
from collections import Counter
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core import quiz_choice as rules
from bot.core.content import Content, Difficulty, Item
from bot.core.quiz import Wishes
from bot.core.quiz_choice import AGAIN_AFTER, Past, Unit
from tests.samples import make_case, make_exam, make_item

EXAM = make_exam({"alpha": 3, "beta": 2, "gamma": 1})
NOW = 100 * AGAIN_AFTER
LONG_AGO = NOW - 3 * AGAIN_AFTER


def singles(concepts: list[int]) -> list[Unit]:
    """An item for each concept given, the areas in turns."""
    areas = ("alpha", "beta", "gamma")
    return [(make_item(f"i{n:02}", area=areas[n % 3], concept=f"c{c}"),) for n, c in enumerate(concepts)]


def case(name: str, concepts: list[int]) -> Unit:
    items = [make_item(f"{name}-{n}", concept=f"c{c}") for n, c in enumerate(concepts)]
    return tuple(make_case(name, *items)[1])


def chosen(
    units: list[Unit],
    length: int,
    history: dict[str, Past] | None = None,
    recent: list[str] | None = None,
    *,
    topic: str = "",
    seed: int = 1,
) -> list[Item]:
    history = history or {}
    wishes = Wishes("cpc", topic=topic, length=length)
    due = rules.weights(EXAM, units, history)
    return rules.choose(EXAM, units, wishes, due, history, recent or [], NOW, Random(seed))


def repeats(items: list[Item]) -> int:
    return sum(one.concept == other.concept for one, other in itertools.pairwise(items))


CONCEPTS = st.lists(st.integers(0, 6), min_size=1, max_size=30)
LENGTHS = st.integers(1, 20)


@given(concepts=CONCEPTS, length=LENGTHS, seed=st.integers(0, 99))
@example(concepts=[0, 0, 0, 1, 1], length=5, seed=0)
@example(concepts=[0] * 9 + [1, 2, 3], length=6, seed=0)
@example(concepts=[0, 0, 0, 0, 1], length=5, seed=0)
def test_as_many_as_wished_none_twice_and_no_concept_twice_in_a_row_where_that_can_be_avoided(
    concepts: list[int], length: int, seed: int
):
    items = chosen(singles(concepts), length, seed=seed)
    count = min(length, len(concepts))
    assert len(items) == len({item.id for item in items}) == count
    # The fewest of the commonest concept that have to be taken to come to that number.
    commonest, others = max((n, len(concepts) - n) for n in Counter(concepts).values())
    needed = max(0, count - others) if commonest else 0
    assert repeats(items) == max(0, 2 * needed - count - 1)


@given(
    concepts=CONCEPTS,
    length=LENGTHS,
    seed=st.integers(0, 99),
    seen=st.dictionaries(st.integers(0, 29), st.tuples(st.integers(0, 3), st.booleans()), max_size=25),
)
def test_unseen_items_come_first_and_those_of_the_last_week_last(
    concepts: list[int], length: int, seed: int, seen: dict[int, tuple[int, bool]]
):
    # Each item has its own concept here, so that nothing but the history decides.
    units = singles(list(range(len(concepts))))
    history = {f"i{n:02}": Past(NOW - ago * AGAIN_AFTER - 1, right) for n, (ago, right) in seen.items()}
    taken = {item.id for item in chosen(units, length, history, seed=seed)}

    def rank(name: str) -> int:
        past = history.get(name)
        return 0 if past is None else 1 if NOW - past.at >= AGAIN_AFTER else 2

    left = {unit[0].id for unit in units} - taken
    assert max((rank(name) for name in taken), default=0) <= min((rank(name) for name in left), default=2)


@given(
    sizes=st.lists(st.integers(2, 4), max_size=4),
    alone=st.integers(0, 6),
    length=st.integers(1, 14),
    seed=st.integers(0, 99),
)
@example(sizes=[3, 3, 4], alone=0, length=7, seed=0)
@example(sizes=[3, 4], alone=1, length=5, seed=0)
def test_case_sets_come_whole_in_order_and_together_and_the_length_is_met_where_it_can_be(
    sizes: list[int], alone: int, length: int, seed: int
):
    concept = itertools.count()
    cases = [case(f"case-{n}", [next(concept) for _ in range(size)]) for n, size in enumerate(sizes)]
    units = [*([make_item(f"alone-{n}", concept=f"c{next(concept)}")] for n in range(alone)), *cases]
    items = chosen(units, length, seed=seed)
    possible = {sum(some) for k in range(len(sizes) + 1) for some in itertools.combinations(sizes, k)}
    assert len(items) == max(n + m for n in possible for m in range(alone + 1) if n + m <= length)
    names = [item.id for item in items]
    for unit in cases:
        asked = [item.id for item in items if item.case == unit[0].case]
        assert asked in ([], [item.id for item in unit])
        if asked:
            assert names[names.index(asked[0]) :][: len(asked)] == asked


@given(
    ends=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=4),
    alone=st.lists(st.integers(0, 3), max_size=4),
)
def test_no_other_order_of_case_sets_and_items_keeps_like_further_apart(ends: list[tuple[int, int]], alone: list[int]):
    # A case set that begins and ends with one concept has another between.
    units = [*(case(f"case-{n}", [one, 9, other]) for n, (one, other) in enumerate(ends)), *singles(alone)]
    fewest = min((repeats([i for u in order for i in u]) for order in itertools.permutations(units[:6])), default=0)
    assert repeats(rules.arrange(units[:6])) == fewest


def test_among_seen_items_what_was_missed_comes_first_and_then_the_oldest():
    units: list[Unit] = [
        [make_item(name, concept=name)] for name in ("right-old", "missed-new", "missed-old", "right-new")
    ]
    history = {
        "right-old": Past(LONG_AGO - 9, True),
        "missed-new": Past(LONG_AGO, False),
        "missed-old": Past(LONG_AGO - 5, False),
        "right-new": Past(LONG_AGO, True),
    }
    for n in range(1, 5):
        order = [item.id for item in chosen(units, n, history)]
        assert set(order) == {"missed-old", "missed-new", "right-old", "right-new"} - set(
            ["right-new", "right-old", "missed-new"][: 4 - n]
        )


def test_areas_follow_the_blueprint_over_several_short_sessions():
    units = singles(list(range(60)))
    history: dict[str, Past] = {}
    served: Counter[str] = Counter()
    recent: list[str] = []
    for seed in range(6):
        items = chosen(units, 5, history, recent, seed=seed)
        served.update(item.areas[0] for item in items)
        recent = [*(item.id for item in items), *recent]
        history |= {item.id: Past(NOW - 1, False) for item in items}
    assert abs(served["alpha"] - 15) <= 1
    assert abs(served["beta"] - 10) <= 1
    assert abs(served["gamma"] - 5) <= 1


def test_a_weak_area_gets_more_than_its_share_and_a_mastered_one_does_not_vanish():
    units = singles(list(range(90)))
    mastered = {unit[0].id: Past(LONG_AGO, True) for unit in units if unit[0].areas[0] == "alpha"}
    due = rules.weights(EXAM, units, mastered)
    assert due["alpha"] == pytest.approx(3 * rules.FLOOR)
    assert due["beta"] == 2
    some = {unit[0].id: Past(LONG_AGO, n % 2 == 0) for n, unit in enumerate(units)}
    items = chosen(units, 20, {**some, **mastered})
    assert 0 < sum(item.areas[0] == "alpha" for item in items) < 10


def test_of_a_topic_its_own_items_come_before_those_of_related_concepts():
    units: list[Unit] = [[make_item(f"i{n}", concept="own" if n < 3 else f"beside-{n}")] for n in range(9)]
    items = chosen(units, 5, {"i0": Past(LONG_AGO, True), "i1": Past(LONG_AGO, True)}, topic="own")
    assert {"i0", "i1", "i2"} <= {item.id for item in items}
    assert repeats(items) == 0


@given(seed=st.integers(0, 99))
def test_a_case_set_with_a_barred_item_does_not_come_at_all(seed: int):
    units = [*singles([1, 2, 3]), case("case", [4, 5, 6])]
    free = rules.free(units, {"case-1", "i00"})
    assert {item.id for item in chosen(free, 20, seed=seed)} == {"i01", "i02"}


def content_with_a_case() -> Content:
    found, items = make_case("case", make_item("case-a", concept="c"), make_item("case-b", concept="d"))
    alone = [make_item("alone", area="beta", concept="e", difficulty=Difficulty.HARD)]
    return Content(
        items={item.id: item for item in (*items, *alone)},
        exams={EXAM.id: EXAM},
        cases={found.id: found},
    )


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        (Wishes("cpc"), {"alone", "case-a", "case-b"}),
        (Wishes("cpc", area="beta"), {"alone"}),
        (Wishes("cpc", area="alpha"), {"case-a", "case-b"}),
        (Wishes("cpc", difficulty=Difficulty.HARD), {"alone"}),
        (Wishes("cpc", topic="e"), {"alone"}),
        # A case set with one item beside the topic is not of the topic.
        (Wishes("cpc", topic="c"), set()),
        (Wishes("cpc", area="beta", difficulty=Difficulty.EASY), set()),
        (Wishes("cpc", area="unknown"), set()),
    ],
)
def test_each_wish_leaves_what_fits_it(wishes: Wishes, expected: set[str]):
    units = rules.units(content_with_a_case(), EXAM)
    found = rules.fitting(units, EXAM, wishes, {wishes.topic})
    assert {item.id for unit in found for item in unit} == expected


def test_misses_are_asked_again_exactly_and_those_of_a_case_side_by_side():
    content = content_with_a_case()
    items = rules.again(content, ["case-b", "alone", "case-a", "gone"], set())
    assert sorted(item.id for item in items) == ["alone", "case-a", "case-b"]
    assert abs([item.id for item in items].index("case-a") - [item.id for item in items].index("case-b")) == 1
    assert [item.id for item in rules.again(content, ["case-b", "alone"], {"alone"})] == ["case-b"]
