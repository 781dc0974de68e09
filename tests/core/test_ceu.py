"""What cycles of credentials need, what counts in them, and what is missing."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.certs import CeuMinimum, CeuPeriod, CeuRule, CeuStep, Confidence
from bot.core.ceu import Why, requirement, standing
from bot.core.ceu_entries import Entry
from tests.core.test_ceu_cycles import begun

TODAY = date(2026, 3, 2)  # a Monday
READ = date(2026, 1, 1)
TWO_YEARS = CeuPeriod.TWO_YEARS


def step(credentials: int, number: int, *, more: bool = False) -> CeuStep:
    return CeuStep(credentials, number, more, Confidence.HIGH, "a test", READ)


def least(name: str, number: int | None = None, percent: int | None = None, *exams: str) -> CeuMinimum:
    return CeuMinimum(name, name.title(), number, percent, Confidence.HIGH, "a test", READ, exams)


AAPC = CeuRule(
    TWO_YEARS, (step(1, 36), step(2, 40), step(3, 44), step(4, 48), step(5, 52, more=True)), (least("auditing", 16, None, "cpma"),)
)  # fmt: skip
AHIMA = CeuRule(TWO_YEARS, (step(1, 20),), (least("hiim", None, 80), least("from-ahima", None, 40)))


def entry(day: date, quarters: int = 4, *categories: str, issuer: str = "", number: int = 1) -> Entry:
    return Entry(number, 7, day, quarters, "A webinar", "", categories, issuer, "")


@pytest.mark.parametrize(("held", "number"), [(1, 36), (2, 40), (3, 44), (4, 48), (5, 52), (6, 52), (11, 52)])
def test_the_ladder(held: int, number: int) -> None:
    needs = requirement(AAPC, "cpc", held, None)
    assert needs is not None
    assert (needs.needed, needs.fits, needs.parts) == (4 * number, True, ())


def test_a_rule_for_one_credential_says_so_for_two() -> None:
    needs = requirement(AHIMA, "ccs", 2, None)
    assert needs is not None
    assert (needs.needed, needs.fits) == (80, False)


def test_minimums_as_numbers_in_percent_and_for_some_exams() -> None:
    auditing = requirement(AAPC, "cpma", 1, None)
    domains = requirement(AHIMA, "ccs", 1, None)
    assert auditing is not None
    assert domains is not None
    assert [(part.minimum.id, part.needed) for part in auditing.parts] == [("auditing", 64)]
    assert [(part.minimum.id, part.needed) for part in domains.parts] == [("hiim", 64), ("from-ahima", 32)]


def test_ones_own_number_goes_before_the_rule_and_has_no_minimums() -> None:
    needs = requirement(AHIMA, "ccs", 1, 120)
    assert needs is not None
    assert (needs.needed, needs.step, needs.parts) == (120, None, ())
    assert requirement(None, "rhia", 1, None) is None


ENTRIES = st.lists(
    st.builds(
        entry,
        st.dates(date(2023, 1, 1), date(2029, 12, 31)),
        st.integers(1, 60),
        st.sampled_from(["hiim", "from-ahima", "core"]),
        issuer=st.sampled_from(["", "", "AHIMA", "AAPC"]),
    ),
    max_size=15,
)


@given(entries=ENTRIES, first=st.dates(date(2024, 1, 1), date(2026, 12, 31)))
@settings(max_examples=120)
def test_each_entry_counts_or_says_why_not_and_the_missing_units_complete_the_cycle(
    entries: list[Entry], first: date
) -> None:
    found = begun(first)
    needs = requirement(AHIMA, "ccs", 1, None)
    assert needs is not None
    cycle = found.cycle(0)
    stands = standing(found, cycle, needs, "AHIMA", entries)
    assert len(stands.counted) + len(stands.outside) == len(entries)
    for each in stands.counted:
        assert each.day in cycle
        assert each.issuer in ("", "AHIMA")
    for each, why in stands.outside:
        expected = {
            Why.ISSUER: each.issuer == "AAPC",
            Why.BEFORE: each.day < cycle.first,
            Why.AFTER: each.day > cycle.last,
        }
        assert expected[why]
    more = [entry(cycle.first, stands.missing, "hiim", "from-ahima")] if stands.missing else []
    assert standing(found, cycle, needs, "AHIMA", [*entries, *more]).missing == 0
    if stands.missing > 1:
        fewer = entry(cycle.first, stands.missing - 1, "hiim", "from-ahima")
        assert standing(found, cycle, needs, "AHIMA", [*entries, fewer]).missing == 1


def test_what_is_over_does_not_make_up_for_a_minimum() -> None:
    needs = requirement(AHIMA, "ccs", 1, None)
    assert needs is not None
    stands = standing(begun(TODAY), begun(TODAY).cycle(0), needs, "AHIMA", [entry(TODAY, 100, "hiim")])
    assert (stands.over, stands.missing) == (20, 32)
