"""HCPCS entries have dates of their own, which rule within each release that tells them."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.codes.release import Scope, Source
from bot.codes.timeline import versions
from bot.core.codes import Entry, Level, System
from tests.codes.test_timeline import of, valid


def hcpcs(effective: date, *entries: Entry) -> tuple[str, Source]:
    return "hcpcs.txt", Source(System.HCPCS, Scope.FULL, f"{effective:%B %Y}", effective, entries=entries)


def supply(title: str = "A supply", since: date | None = date(2002, 7, 1), until: date | None = None) -> Entry:
    return Entry("A4000", "A4000", title, Level.CODE, "A codes", valid_from=since, valid_until=until)


OCT, JAN, APR = date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1)


def test_an_entry_is_valid_on_its_own_dates():
    _, found = versions([hcpcs(OCT, supply(until=date(2025, 12, 31)))])
    on = [bool(valid(found, day)) for day in (date(2002, 6, 30), date(2002, 7, 1), date(2025, 12, 31), JAN)]
    assert on == [False, True, True, False]


def test_a_later_release_may_end_an_entry_in_the_past():
    _, found = versions([hcpcs(OCT, supply()), hcpcs(JAN, supply(until=date(2025, 11, 30)))])
    [version] = found
    assert (version.since, version.until) == (date(2002, 7, 1), date(2025, 11, 30))


def test_other_facts_alone_make_no_new_version():
    told = Entry("A4000", "A4000", "A supply", Level.CODE, "A codes", valid_from=date(2002, 7, 1), facts={"x": "y"})
    _, found = versions([hcpcs(OCT, supply()), hcpcs(JAN, told)])
    assert [version.entry.facts for version in found] == [{"x": "y"}]


def test_a_description_changed_once_splits_the_entry_on_that_day():
    _, found = versions([hcpcs(OCT, supply()), hcpcs(JAN, supply("A better supply"))])
    assert [(v.entry.title, v.since, v.until) for v in of(found, "A4000")] == [
        ("A supply", date(2002, 7, 1), date(2025, 12, 31)),
        ("A better supply", JAN, None),
    ]


def test_a_description_changed_once_stays_split_in_later_releases():
    better = supply("A better supply")
    _, found = versions([hcpcs(OCT, supply()), hcpcs(JAN, better), hcpcs(APR, better)])
    assert [(v.entry.title, v.since, v.until) for v in of(found, "A4000")] == [
        ("A supply", date(2002, 7, 1), date(2025, 12, 31)),
        ("A better supply", JAN, None),
    ]


def test_a_code_that_comes_back_does_not_overlap_with_itself():
    _, found = versions([hcpcs(OCT, supply()), hcpcs(JAN), hcpcs(APR, supply())])
    assert not valid(found, JAN)
    assert valid(found, OCT)
    assert valid(found, APR)


def test_a_code_announced_for_later_is_not_valid_before():
    coming = date(2026, 7, 1)
    _, found = versions([hcpcs(JAN, supply(since=coming)), hcpcs(APR, supply("Renamed", since=coming))])
    assert not valid(found, APR)
    assert valid(found, coming)


@st.composite
def lives(draw: st.DrawFn) -> Entry:
    since = draw(st.dates(date(2000, 1, 1), date(2025, 9, 30)))
    until = draw(st.none() | st.dates(since, date(2030, 1, 1)))
    return supply(draw(st.sampled_from(["one", "two"])), since, until)


@given(lives(), st.none() | lives())
def test_own_dates_rule_on_every_day_of_the_newest_release(first: Entry, second: Entry | None):
    """Two releases: with three, the wording is dated back (see above)."""
    told = [hcpcs(OCT, first)] + ([hcpcs(JAN, second)] if second else [])
    _, found = versions(told)
    newest, start = (second, JAN) if second else (first, OCT)
    for day in (start, start + timedelta(60), date(2027, 1, 1), date(2031, 1, 1)):
        assert newest.valid_from is not None
        due = newest.valid_from <= day and (newest.valid_until is None or day <= newest.valid_until)
        assert bool(valid(found, day)) is due
    for step in range(0, 400, 7):
        valid(found, date(2025, 6, 1) + timedelta(step))
