"""Cycles of credentials: when one runs, what people say of it, how much of it is left, when reminders come."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.certs import CeuPeriod
from bot.core.ceu_cycles import Credential, Cycle, When, days_left, first_cycle, pace, reminders
from bot.core.ceu_errors import CycleBackwards, CycleFar, CycleLength, CycleOneYear, CycleOver
from bot.core.days import add_months

TODAY = date(2026, 3, 2)  # a Monday
DAYS = st.dates(date(2015, 1, 1), date(2045, 12, 31))
EVERY_YEAR, TWO_YEARS = CeuPeriod.CALENDAR_YEAR, CeuPeriod.TWO_YEARS


def credential(begins: date, ends: date, months: int = 24) -> Credential:
    return Credential(1, 7, 0, "cpc", begins, ends, months, None, 1, 0)


def begun(begins: date, months: int = 24) -> Credential:
    return credential(begins, add_months(begins, months) - timedelta(days=1), months)


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


# -- reminders ---------------------------------------------------------------------------------------------------------

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
