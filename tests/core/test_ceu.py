"""The arithmetic of continuing education units: cycles, what they need, what counts, when reminders come."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.certs import CeuMinimum, CeuPeriod, CeuRule, CeuStep, Confidence
from bot.core.ceu import (
    Credential,
    Cycle,
    Entry,
    When,
    Why,
    add_months,
    ceus,
    days_left,
    first_cycle,
    pace,
    parse_ceus,
    parse_earned,
    parse_start,
    reminders,
    requirement,
    standing,
)
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
from bot.core.errors import DayUnreadable

TODAY = date(2026, 3, 2)  # a Monday
READ = date(2026, 1, 1)
DAYS = st.dates(date(2015, 1, 1), date(2045, 12, 31))
EVERY_YEAR, TWO_YEARS = CeuPeriod.CALENDAR_YEAR, CeuPeriod.TWO_YEARS


def step(credentials: int, number: int, *, more: bool = False) -> CeuStep:
    return CeuStep(credentials, number, more, Confidence.HIGH, "a test", READ)


def least(name: str, number: int | None = None, percent: int | None = None, *exams: str) -> CeuMinimum:
    return CeuMinimum(name, name.title(), number, percent, Confidence.HIGH, "a test", READ, exams)


AAPC = CeuRule(
    TWO_YEARS, (step(1, 36), step(2, 40), step(3, 44), step(4, 48), step(5, 52, more=True)), (least("auditing", 16, None, "cpma"),)
)  # fmt: skip
AHIMA = CeuRule(TWO_YEARS, (step(1, 20),), (least("hiim", None, 80), least("from-ahima", None, 40)))


def credential(begins: date, ends: date, months: int = 24, own: int | None = None) -> Credential:
    return Credential(1, 7, 0, "cpc", begins, ends, months, own, 1, 0)


def begun(begins: date, months: int = 24) -> Credential:
    return credential(begins, add_months(begins, months) - timedelta(days=1), months)


def entry(day: date, quarters: int = 4, *categories: str, issuer: str = "", number: int = 1) -> Entry:
    return Entry(number, 7, day, quarters, "A webinar", "", categories, issuer, "")


# -- cycles ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2024-02-29", 24, "2026-02-28"), ("2024-02-29", 48, "2028-02-29"), ("2026-08-31", -6, "2026-02-28"),
        ("2026-01-31", 1, "2026-02-28"), ("2028-01-31", 1, "2028-02-29"), ("2026-12-15", 1, "2027-01-15"),
        ("2026-01-15", -1, "2025-12-15"), ("2026-03-31", -1, "2026-02-28"), ("2026-05-31", 1, "2026-06-30"),
    ],
)  # fmt: skip
def test_months_end_with_the_month(day: str, months: int, then: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(then)


@given(begins=DAYS, months=st.sampled_from([1, 6, 12, 24, 25]), number=st.integers(0, 30))
@settings(max_examples=150)
def test_cycles_follow_one_another_without_a_gap(begins: date, months: int, number: int) -> None:
    found = begun(begins, months)
    one, following = found.cycle(number), found.cycle(number + 1)
    assert following.first == one.last + timedelta(days=1)
    # No cycle drifts: each begins on the day of the first, or on the last day of a month that lacks it.
    assert one.first == add_months(begins, months * number)
    assert found.on(one.first) == found.on(one.last) == one
    assert found.on(following.first) == following


@given(begins=DAYS, length=st.integers(28, 1800), months=st.sampled_from([12, 24]), later=st.integers(0, 9000))
@settings(max_examples=150)
def test_every_day_lies_in_one_cycle_also_after_a_first_one_of_another_length(
    begins: date, length: int, months: int, later: int
) -> None:
    found = credential(begins, begins + timedelta(days=length - 1), months)
    day = begins + timedelta(days=later)
    cycle = found.on(day)
    assert day in cycle
    assert [number for number in range(cycle.number + 3) if day in found.cycle(number)] == [cycle.number]


def test_before_the_first_cycle_that_one_is_meant() -> None:
    assert begun(date(2027, 1, 1)).on(TODAY).number == 0


@given(end=st.dates(date(2026, 3, 2), date(2028, 2, 28)))
@settings(max_examples=80)
def test_a_cycle_known_by_its_end_ends_on_that_day(end: date) -> None:
    found = first_cycle(TWO_YEARS, None, end, TODAY, "AAPC")
    assert found is not None
    assert found[1:] == (end, 24)
    assert found[0] == add_months(end + timedelta(days=1), -24)


def test_what_a_learner_says_of_their_cycle() -> None:
    leap = date(2024, 2, 29)
    assert first_cycle(TWO_YEARS, leap, None, TODAY, "AAPC") == (leap, date(2026, 2, 27), 24)
    assert first_cycle(TWO_YEARS, None, None, TODAY, "AAPC") is None
    both = (date(2025, 5, 10), date(2026, 12, 31))
    assert first_cycle(TWO_YEARS, *both, TODAY, "AHIMA") == (*both, 24)
    assert credential(*both).cycle(1) == Cycle(1, date(2027, 1, 1), date(2028, 12, 31))
    for start, end in ((None, None), (date(2026, 6, 5), None), (None, date(2026, 4, 1))):
        assert first_cycle(EVERY_YEAR, start, end, TODAY, "PMI") == (date(2026, 1, 1), date(2026, 12, 31), 12)
    assert first_cycle(None, both[0], None, TODAY, "AHIMA") is None
    assert first_cycle(None, date(2025, 1, 1), date(2027, 12, 31), TODAY, "AHIMA") == (
        date(2025, 1, 1),
        date(2027, 12, 31),
        36,
    )


@pytest.mark.parametrize(
    ("period", "start", "end", "error"),
    [
        (TWO_YEARS, "2026-03-01", "2026-02-01", CycleBackwards), (TWO_YEARS, "2026-03-01", "2026-03-10", CycleLength),
        (TWO_YEARS, "2020-03-01", "2026-03-10", CycleLength), (TWO_YEARS, None, "2026-03-01", CycleOver),
        (TWO_YEARS, "2030-03-01", None, CycleFar), (TWO_YEARS, "1980-03-01", None, CycleFar),
        (EVERY_YEAR, "2026-03-01", "2027-02-28", CycleOneYear), (EVERY_YEAR, None, "2025-12-31", CycleOver),
    ],
)  # fmt: skip
def test_what_is_no_cycle_is_refused(period: CeuPeriod, start: str, end: str, error: type[Exception]) -> None:
    days = [date.fromisoformat(text) if text else None for text in (start, end)]
    with pytest.raises(error):
        first_cycle(period, days[0], days[1], TODAY, "AAPC")


# -- what people type ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "quarters"),
    [("1", 4), ("1.5", 6), ("0,75", 3), (".25", 1), ("2 CEUs", 8), ("1 h", 4), ("1.50", 6), (" 3 hours ", 12), ("200", 800)],
)  # fmt: skip
def test_units_are_read_in_quarters(text: str, quarters: int) -> None:
    assert parse_ceus(text) == quarters
    assert parse_ceus(ceus(quarters)) == quarters


@pytest.mark.parametrize("text", ["", "0", "0.1", "1.3", "-1", "201", "one", "1 2", "1.2.3"])
def test_other_numbers_are_refused(text: str) -> None:
    with pytest.raises(CeusUnreadable):
        parse_ceus(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-03-02"), ("yesterday", "2026-03-01"), ("Mon", "2026-03-02"), ("Friday", "2026-02-27"),
        ("March 1", "2026-03-01"), ("3 March", "2025-03-03"), ("12/31", "2025-12-31"), ("29 Feb", "2024-02-29"),
        ("2025-11-05", "2025-11-05"), ("Feb 28 2026", "2026-02-28"),
    ],
)  # fmt: skip
def test_a_day_without_a_year_is_the_last_one(text: str, day: str) -> None:
    assert parse_earned(text, TODAY).isoformat() == day


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("2026-03-03", EarnedAhead), ("tomorrow", EarnedAhead), ("in 6 weeks", EarnedAhead), ("6 weeks", EarnedAhead),
        ("2016-03-01", EarnedLongAgo), ("the day of days", DayUnreadable),
    ],
)  # fmt: skip
def test_days_on_which_nothing_can_have_been_earned(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        parse_earned(text, TODAY)


@given(day=st.dates(date(2017, 1, 1), TODAY))
@settings(max_examples=60)
def test_a_day_of_the_past_is_read_as_it_was_written(day: date) -> None:
    assert parse_earned(day.isoformat(), TODAY) == day
    named = parse_earned(f"{day:%B} {day.day}", TODAY)
    assert (named.month, named.day) == (day.month, day.day)
    assert add_months(TODAY, -12 * 5) < named <= TODAY


def test_a_cycle_may_begin_on_a_day_to_come_or_long_ago() -> None:
    assert parse_start("2026-07-01", TODAY) == date(2026, 7, 1)
    assert parse_start("July 1", TODAY) == date(2025, 7, 1)
    assert parse_start("2008-07-01", TODAY) == date(2008, 7, 1)


# -- what a cycle needs, and what counts -----------------------------------------------------------------------


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


@given(missing=st.integers(1, 400), left=st.integers(1, 800))
def test_the_pace_is_enough_and_no_quarter_too_much(missing: int, left: int) -> None:
    monthly = pace(missing, left)
    months = max(left / (365.25 / 12), 1)
    assert monthly * months >= missing - 1e-9
    assert (monthly - 1) * months < missing


def test_days_left_count_today_and_the_last_day() -> None:
    cycle = Cycle(0, date(2026, 3, 1), date(2026, 3, 10))
    assert [days_left(cycle, date(2026, 3, day)) for day in (1, 2, 10, 11)] == [10, 9, 1, 0]
    assert days_left(cycle, date(2026, 2, 1)) == 10
    assert pace(8, 0) == 0


# -- reminders -------------------------------------------------------------------------------------------------

ZONES = st.sampled_from(
    ["America/New_York", "Europe/London", "Asia/Kathmandu", "Pacific/Apia", "America/Sao_Paulo", "UTC"]
)


@given(begins=DAYS, name=ZONES)
@settings(max_examples=120)
def test_reminders_come_at_nine_on_the_learners_clock_each_until_the_next(begins: date, name: str) -> None:
    zone = ZoneInfo(name)
    cycle = begun(begins).cycle(0)
    found = reminders(cycle, zone)
    assert [due.when for due in found] == list(When)
    local: list[Any] = [datetime.fromtimestamp(due.due_at, zone) for due in found]
    assert [(at.hour, at.minute) for at in local] == [(9, 0)] * 5
    after = cycle.last + timedelta(days=1)
    assert [at.date() for at in local] == [
        add_months(cycle.last, -6), add_months(cycle.last, -3), add_months(cycle.last, -1), cycle.last - timedelta(days=14), after,
    ]  # fmt: skip
    for due, following in pairwise(found):
        assert due.due_at < due.useful_until <= following.due_at
    # The last one before the end is of no use once the cycle is over.
    assert datetime.fromtimestamp(found[3].useful_until, zone).date() == after


def test_a_short_cycle_has_no_reminders_from_before_it_began() -> None:
    short = Cycle(0, date(2026, 3, 1), date(2026, 5, 10))
    assert [due.when for due in reminders(short, ZoneInfo("UTC"))] == [When.ONE_MONTH, When.TWO_WEEKS, When.END]
    shorter = Cycle(0, date(2026, 3, 1), date(2026, 3, 10))
    [end] = reminders(shorter, ZoneInfo("UTC"))
    assert end.due_at == int(datetime(2026, 3, 11, 9, tzinfo=UTC).timestamp())
