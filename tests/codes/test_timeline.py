"""Releases laid side by side: each is given back exactly on its days, and no day has two wordings of one entry."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.codes.release import Change, FileFault, Scope, Source
from bot.codes.timeline import versions
from bot.core.codes import Entry, Level, Note, NoteKind, System, Version, dotted

Y2026, Y2027, Y2028 = date(2025, 10, 1), date(2026, 10, 1), date(2027, 10, 1)
LAST_DAY = {Y2026: date(2026, 9, 30), Y2027: date(2027, 9, 30), Y2028: date(2028, 9, 30)}
NOTE = (Note(NoteKind.EXCLUDES1, "something else (B00.-)"),)

CHAPTER = Entry("chapter 1", "Chapter 1", "Infections", Level.CHAPTER)
BLOCK = Entry("block A00-A09", "A00-A09", "Intestinal", Level.BLOCK, "chapter 1")
A00 = Entry("A00", "A00", "Cholera", Level.HEADER, "block A00-A09", NOTE)
A000 = Entry("A000", "A00.0", "Cholera, classical", Level.CODE, "A00", NOTE)
A001 = Entry("A001", "A00.1", "Cholera, eltor", Level.CODE, "A00")
BASE = (CHAPTER, BLOCK, A00, A000, A001)


def full(effective: date, entries: Sequence[Entry] = BASE, name: str = "") -> tuple[str, Source]:
    name = name or f"FY{effective.year + 1}"
    source = Source(System.ICD10CM, Scope.FULL, name, effective, LAST_DAY.get(effective), entries=entries)
    return f"{name}.xml", source


def listed(effective: date, *entries: Entry) -> tuple[str, Source]:
    source = Source(System.ICD10CM, Scope.LIST, f"FY{effective.year + 1}", effective, LAST_DAY[effective], entries)
    return "order.txt", source


def changes(
    effective: date, *changed: Change, before: int | None = None, after: int | None = None
) -> tuple[str, Source]:
    source = Source(
        system=System.ICD10CM,
        scope=Scope.CHANGES,
        name=f"FY{effective.year + 1}",
        effective=effective,
        until=LAST_DAY[effective],
        changes=changed,
        before=before,
        after=after,
    )
    return "addenda.txt", source


def valid(found: Sequence[Version], day: date) -> dict[str, Entry]:
    """What is valid on a day; two versions of one entry on one day fail the test."""
    on = [version for version in found if version.valid_on(day)]
    keys = [version.entry.key for version in on]
    assert len(keys) == len(set(keys)), f"two versions on {day}"
    return {version.entry.key: version.entry for version in on}


def of(found: Sequence[Version], key: str) -> list[Version]:
    return sorted((v for v in found if v.entry.key == key), key=lambda v: v.since or date.min)


def test_one_release_is_valid_since_nobody_knows_when():
    [release], found = versions([full(Y2026)])
    assert (release.effective, release.until, release.notes_from) == (Y2026, date(2026, 9, 30), "FY2026")
    assert valid(found, Y2026) == valid(found, date(1990, 1, 1)) == {entry.key: entry for entry in BASE}
    assert {(version.since, version.until) for version in found} == {(None, None)}


def test_files_are_taken_in_the_order_of_their_dates():
    assert versions([full(Y2027), full(Y2026)]) == versions([full(Y2026), full(Y2027)])


def test_a_release_ends_on_the_day_before_the_next():
    april = date(2026, 4, 1)
    releases, _ = versions([full(Y2026), full(april, name="FY2026, April 2026 update"), full(Y2028)])
    assert [(r.effective, r.until) for r in releases] == [
        (Y2026, date(2026, 3, 31)),
        (april, date(2027, 9, 30)),
        (Y2028, date(2028, 9, 30)),
    ]


def test_a_release_without_a_successor_keeps_the_last_day_it_speaks_for():
    releases, found = versions([full(Y2026), full(Y2028)])
    assert releases[0].until == date(2026, 9, 30)
    assert valid(found, date(2027, 1, 1)) == valid(found, Y2026)


def test_an_unchanged_entry_stays_one_version_and_names_the_newest_release():
    _, found = versions([full(Y2026), full(Y2027)])
    [version] = of(found, "A000")
    assert (version.since, version.until, version.release.name) == (None, None, "FY2027")


def test_a_new_title_makes_a_new_version():
    renamed = Entry("A000", "A00.0", "Cholera due to Vibrio", Level.CODE, "A00", NOTE)
    _, found = versions([full(Y2026), full(Y2027, (CHAPTER, BLOCK, A00, renamed, A001))])
    old, new = of(found, "A000")
    assert (old.entry.title, old.since, old.until, old.release.name) == (A000.title, None, date(2026, 9, 30), "FY2026")
    assert (new.entry.title, new.since, new.until, new.release.name) == (renamed.title, Y2027, None, "FY2027")


def test_other_notes_make_a_new_version():
    renoted = Entry("A000", "A00.0", A000.title, Level.CODE, "A00")
    _, found = versions([full(Y2026), full(Y2027, (CHAPTER, BLOCK, A00, renoted, A001))])
    assert [version.entry.notes for version in of(found, "A000")] == [NOTE, ()]


def test_what_a_release_no_longer_has_ended_before_it():
    _, found = versions([full(Y2026), full(Y2027, BASE[:-1])])
    [gone] = of(found, "A001")
    assert (gone.since, gone.until) == (None, date(2026, 9, 30))


# Lists and changes on top of a full release.


def test_a_list_keeps_the_notes_and_places_of_the_release_before():
    bare = [Entry(e.key, e.code, e.title, e.level, None) for e in (A00, A000)]
    new = Entry("A002", "A00.2", "Cholera, other", Level.CODE, None)
    releases, found = versions([full(Y2026), listed(Y2027, *bare, new)])
    now = valid(found, Y2027)
    assert (now["A000"], now["A00"]) == (A000, A00)
    assert (now["A002"].parent, now["A002"].notes) == ("A00", ())
    assert "A001" not in now
    assert {"chapter 1", "block A00-A09"} <= now.keys()
    assert releases[1].notes_from == "FY2026"


def test_a_new_category_of_a_list_stands_in_the_block_that_spans_it():
    new = Entry("A05", "A05", "Food poisoning", Level.CODE, None)
    _, found = versions([full(Y2026), listed(Y2027, A00, A000, A001, new)])
    assert valid(found, Y2027)["A05"].parent == "block A00-A09"


def test_a_category_behind_the_last_block_stands_in_the_same_chapter():
    new = Entry("A70", "A70", "Chlamydia psittaci", Level.CODE, None)
    _, found = versions([full(Y2026), listed(Y2027, A00, A000, A001, new)])
    assert valid(found, Y2027)["A70"].parent == "chapter 1"


def test_a_code_that_moved_below_a_new_header_stands_there():
    header = Entry("A001", "A00.1", "Cholera, eltor", Level.HEADER, "A00")
    below = Entry("A0011", "A00.11", "Cholera, eltor, mild", Level.CODE, "A001")
    _, found = versions([full(Y2026), listed(Y2027, A00, A000, header, below)])
    assert valid(found, Y2027)["A0011"].parent == "A001"
    assert [v.entry.level for v in of(found, "A001")] == [Level.CODE, Level.HEADER]


def test_changes_add_delete_and_revise():
    add = Change("add", "A002", "Cholera, other")
    delete, revise = Change("delete", "A001", A001.title), Change("revise", "A000", "Cholera, biovar cholerae")
    releases, found = versions([full(Y2026), changes(Y2027, add, delete, revise, before=2, after=2)])
    assert valid(found, LAST_DAY[Y2026]) == {entry.key: entry for entry in BASE}
    now = valid(found, Y2027)
    assert now.keys() == {"chapter 1", "block A00-A09", "A00", "A000", "A002"}
    assert now["A002"] == Entry("A002", "A00.2", "Cholera, other", Level.CODE, "A00")
    assert (now["A000"].title, now["A000"].notes) == ("Cholera, biovar cholerae", NOTE)
    assert releases[1].notes_from == "FY2026"


def test_a_deleted_code_that_is_subdivided_lives_on_as_a_header():
    changed = [Change("delete", "A000", A000.title), Change("add", "A0001", "Mild"), Change("add", "A0009", "Other")]
    _, found = versions([full(Y2026), changes(Y2027, *changed, before=2, after=3)])
    code, header = of(found, "A000")
    assert (code.entry.level, code.until) == (Level.CODE, date(2026, 9, 30))
    assert (header.entry.level, header.since, header.entry.notes) == (Level.HEADER, Y2027, NOTE)
    assert valid(found, Y2027)["A0001"].parent == "A000"


def test_the_order_within_an_addenda_file_does_not_matter():
    changed = [Change("delete", "A000", A000.title), Change("add", "A0001", "Mild"), Change("add", "A0009", "Other")]
    ways = [versions([full(Y2026), changes(Y2027, *order)]) for order in (changed, changed[::-1])]
    assert valid(ways[0][1], Y2027) == valid(ways[1][1], Y2027)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        (changes(Y2027, before=3), r"builds on a release of 3 codes; the one before it here has 2"),
        (changes(Y2027, Change("add", "A002", "x"), after=4), r"should lead to 4 codes, but leads to 3"),
        (changes(Y2027, Change("add", "A000", "x")), r"code A00\.0: is added, but the release before has it"),
        (changes(Y2027, Change("delete", "A009", "x")), r"code A00\.9: is deleted, but is no code"),
        (changes(Y2027, Change("delete", "A00", "x")), r"code A00: is deleted, but is no code"),
        (changes(Y2027, Change("revise", "A009", "x")), r"code A00\.9: is revised, but is not in"),
    ],
)
def test_changes_that_do_not_fit_are_a_fault(changed: tuple[str, Source], what: str):
    with pytest.raises(FileFault, match=what) as fault:
        versions([full(Y2026), changed])
    assert str(fault.value).startswith("addenda.txt: ")


def test_an_addition_below_a_billable_code_is_a_fault():
    with pytest.raises(FileFault, match=r"A00\.01"):
        versions([full(Y2026), changes(Y2027, Change("add", "A0001", "Mild"), before=2, after=3)])


def test_changes_to_nothing_are_a_fault():
    with pytest.raises(FileFault, match="tells only changes; import the full list"):
        versions([changes(Y2027, Change("add", "A000", "x"))])


def test_a_header_ends_with_its_last_code():
    changed = [Change("delete", key, "x") for key in ("A000", "A001")]
    other = Entry("A09", "A09", "Gastroenteritis", Level.CODE, "block A00-A09")
    _, found = versions([full(Y2026, (*BASE, other)), changes(Y2027, *changed, before=3, after=1)])
    assert "A00" not in valid(found, Y2027)


def test_terms_make_no_release():
    terms = Source(System.ICD10CM, Scope.TERMS, "FY2027", Y2027, terms=[("A000", "Cholera, classical")])
    assert versions([full(Y2026), ("index.xml", terms)]) == versions([full(Y2026)])
    assert versions([("index.xml", terms)]) == ([], [])


# Any releases.

KEYS = ("A00", "A000", "A001", "A0011", "A01", "A010", "B00")


@st.composite
def snapshots(draw: st.DrawFn) -> tuple[Entry, ...]:
    """Some of the keys, each a header if another begins like it."""
    keys = draw(st.sets(st.sampled_from(KEYS), min_size=1))
    entries: list[Entry] = []
    for key in sorted(keys):
        above = [k for k in keys if key.startswith(k) and k != key]
        level = Level.HEADER if any(k.startswith(key) and k != key for k in keys) else Level.CODE
        title = draw(st.sampled_from(["one", "two"]))
        notes = draw(st.sampled_from([(), NOTE]))
        entries.append(Entry(key, dotted(key), title, level, max(above, key=len, default="chapter 1"), notes))
    return (CHAPTER, *entries)


DAYS = st.lists(st.dates(date(2020, 1, 1), date(2030, 1, 1)), min_size=1, max_size=5, unique=True).map(sorted)


@given(st.data(), DAYS)
def test_every_full_release_is_given_back_on_each_of_its_days(data: st.DataObject, days: list[date]):
    told = {day: data.draw(snapshots()) for day in days}
    _, found = versions([full(day, told[day], f"R{day}") for day in days])
    for day, end in zip(days, [*(d - timedelta(1) for d in days[1:]), date(2040, 1, 1)], strict=True):
        expected = {entry.key: entry for entry in told[day]}
        assert valid(found, day) == valid(found, end) == expected
    assert valid(found, days[0] - timedelta(1)) == valid(found, days[0])
    assert all(v.since is None or v.until is None or v.since <= v.until for v in found)


@st.composite
def edits(draw: st.DrawFn, codes: Mapping[str, Entry]) -> list[Change]:
    billable = sorted(key for key, entry in codes.items() if entry.billable)
    deleted = draw(st.sets(st.sampled_from(billable))) if billable else set[str]()
    revised = draw(st.sets(st.sampled_from(billable))) - deleted if billable else set[str]()
    new = draw(st.sets(st.sampled_from(["A002", "A0019", "A0002", "C00", "C000"])))
    # As in the real files: an addition stands below no code that stays, and above none that is there.
    stay = {key for key in billable if key not in deleted}
    new = {
        key
        for key in new
        if key not in codes and not any(key != o and (key.startswith(o) or o.startswith(key)) for o in stay | new)
    }
    return [
        *(Change("delete", key, codes[key].title) for key in sorted(deleted)),
        *(Change("revise", key, "three") for key in sorted(revised)),
        *(Change("add", key, "added") for key in sorted(new)),
    ]


@given(st.data(), snapshots())
def test_changes_lead_from_one_release_to_the_other_and_back(data: st.DataObject, base: tuple[Entry, ...]):
    before = {entry.key: entry for entry in base}
    changed = data.draw(edits(before))
    assume(changed)
    kinds = {action: {c.key for c in changed if c.action == action} for action in ("add", "delete", "revise")}
    codes = {key for key, entry in before.items() if entry.billable}
    after = codes - kinds["delete"] | kinds["add"]
    _, found = versions([full(Y2026, base), changes(Y2027, *changed, before=len(codes), after=len(after))])
    assert valid(found, LAST_DAY[Y2026]) == before
    now = valid(found, Y2027)
    assert {key for key, entry in now.items() if entry.billable} == after
    assert {key for key, entry in now.items() if entry.title == "three"} == kinds["revise"]
    for key in after & codes - kinds["revise"]:
        assert now[key] == before[key]
    assert all(entry.parent is None or entry.parent in now for entry in now.values() if entry.key != "C000")
