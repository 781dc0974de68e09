"""The tabular list: every code and note of the installed release, and damage told with its place."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.codes import installed
from bot.codes.release import FileFault, Scope, Source
from bot.codes.sources.icd10cm import read_tabular
from bot.core.codes import Entry, Level, NoteKind, System
from tests.codes import small
from tests.codes.files import cuts, flips, outcome, written
from tests.content.codesets import confirmed, icd10cm

KINDS = {
    "notes": NoteKind.NOTE,
    "includes": NoteKind.INCLUDES,
    "inclusionTerm": NoteKind.INCLUSION_TERM,
    "codeFirst": NoteKind.CODE_FIRST,
    "useAdditionalCode": NoteKind.USE_ADDITIONAL,
    "codeAlso": NoteKind.CODE_ALSO,
    "excludes1": NoteKind.EXCLUDES1,
    "excludes2": NoteKind.EXCLUDES2,
    "sevenChrNote": NoteKind.SEVENTH,
}


@pytest.fixture(scope="module")
def source() -> Source:
    return read_tabular(installed.tabular(), installed.code_list())


@pytest.fixture(scope="module")
def entries(source: Source) -> dict[str, Entry]:
    return {entry.key: entry for entry in source.entries}


@pytest.fixture(scope="module")
def markup() -> ElementTree.Element:
    """The same file, parsed without the reader under test."""
    return ElementTree.parse(installed.tabular()).getroot()


def line(text: str | None) -> str:
    return " ".join((text or "").split())


def test_the_installed_release_has_the_published_counts(source: Source):
    assert source.counts == {"codes": 74_719, "headers": 23_467}
    assert (source.system, source.scope, source.name) == (System.ICD10CM, Scope.FULL, "FY2026, April 2026 update")
    assert (source.effective, source.until) == (date(2026, 4, 1), date(2026, 9, 30))
    assert Counter(entry.level for entry in source.entries)[Level.CHAPTER] == 22


def test_without_the_list_of_the_release_the_same_codes_are_found(source: Source):
    assert read_tabular(installed.tabular()).entries == source.entries


def test_every_code_and_header_is_as_an_independent_reading_has_it(entries: dict[str, Entry]):
    own = {e.code: e.billable for e in entries.values() if e.level in (Level.CODE, Level.HEADER)}
    assert own == icd10cm()
    assert {key for key, entry in entries.items() if entry.billable} <= confirmed()


def test_no_header_loses_its_parent(entries: dict[str, Entry]):
    assert {entry.level for entry in entries.values() if entry.parent is None} == {Level.CHAPTER}
    assert all(entry.parent in entries for entry in entries.values() if entry.parent)


def test_every_note_is_there_as_often_as_in_the_file(entries: dict[str, Entry], markup: ElementTree.Element):
    expected: Counter[tuple[NoteKind, str]] = Counter()
    for tag, kind in KINDS.items():
        for group in markup.iter(tag):
            expected.update((kind, line(note.text)) for note in group.findall("note"))
    for definition in markup.iter("sevenChrDef"):
        expected.update((NoteKind.SEVENTH, line(note.text)) for note in definition.iter("note"))
    found = Counter((note.kind, note.text) for entry in entries.values() for note in entry.notes)
    visual = Counter({pair: n for pair, n in found.items() if re.match(r"Category \d: (maximum|minimum)", pair[1])})
    assert found - visual == expected
    assert Counter(kind for kind, _ in expected.elements()) == {
        NoteKind.INCLUSION_TERM: 12_574,
        NoteKind.EXCLUDES1: 5_407,
        NoteKind.EXCLUDES2: 2_520,
        NoteKind.USE_ADDITIONAL: 1_485,
        NoteKind.INCLUDES: 1_024,
        NoteKind.CODE_FIRST: 809,
        NoteKind.CODE_ALSO: 655,
        NoteKind.SEVENTH: 516,
        NoteKind.NOTE: 180,
    }


def test_every_note_stands_at_its_own_entry(entries: dict[str, Entry], markup: ElementTree.Element):
    for node in markup.iter("diag"):
        notes = Counter(line(note.text) for tag in KINDS for group in node.findall(tag) for note in group)
        key = line(node.findtext("name")).replace(".", "")
        found = Counter(note.text for note in entries[key].notes)
        notes.update(line(note.text) for definition in node.findall("sevenChrDef") for note in definition.iter("note"))
        assert found >= notes if key == "H548" else found == notes


def test_the_table_of_visual_impairment_is_kept_as_notes(entries: dict[str, Entry]):
    rows = [note.text for note in entries["H548"].notes if note.text.startswith("Category")]
    assert len(rows) >= 6
    assert all("maximum" in row or "minimum" in row for row in rows)


def test_every_title_is_the_official_one(entries: dict[str, Entry], markup: ElementTree.Element):
    wrong = [
        line(node.findtext("name"))
        for node in markup.iter("diag")
        if entries[line(node.findtext("name")).replace(".", "")].title != line(node.findtext("desc"))
    ]
    assert wrong == []


def test_blocks_and_chapters_are_called_without_their_ranges(entries: dict[str, Entry]):
    assert entries["chapter 1"].title == "Certain infectious and parasitic diseases"
    assert entries["block A00-A09"].title == "Intestinal infectious diseases"


def test_notes_on_single_7th_characters_are_kept(entries: dict[str, Entry]):
    assert any("initial encounter for open fracture NOS" in note.text for note in entries["S72"].notes)


def test_deaths_before_regaining_consciousness_take_the_initial_encounter_alone(entries: dict[str, Entry]):
    """S06.xx7 and S06.xx8, the 76 codes that a naive expansion makes too many."""
    stems = [key for key in entries if re.fullmatch(r"S06[0-9A-Z]{2}[78]", key)]
    taken = {key: {char for char in "ADS" if key + char in entries} for key in stems}
    assert len(stems) == 38
    assert set(map(frozenset, taken.values())) == {frozenset("A")}
    assert {"S060X1A", "S060X1D", "S060X1S"} <= entries.keys()


def test_a_7th_character_is_named_in_the_title_and_defined_where_it_applies(entries: dict[str, Entry]):
    assert entries["W11XXXA"].title == "Fall on and from ladder, initial encounter"
    assert (entries["W11XXXA"].code, entries["W11XXXA"].parent) == ("W11.XXXA", "W11")
    assert entries["S06"].sevenths == (("A", "initial encounter"), ("D", "subsequent encounter"), ("S", "sequela"))


# The small list, whole and damaged.


def test_the_small_list_gives_what_was_counted_by_hand(tmp_path: Path):
    source = read_tabular(written(tmp_path, small.NAME, small.TABULAR), small.LISTED)
    assert {entry.key for entry in source.entries if entry.level is Level.CODE} == small.CODES
    assert {entry.key for entry in source.entries if entry.level is Level.HEADER} == small.HEADERS
    assert [e.key for e in source.entries if e.level is Level.CHAPTER] == [f"chapter {n}" for n in (1, 9, 19, 20, 22)]


def test_a_list_that_names_other_codes_is_a_fault(tmp_path: Path):
    path = written(tmp_path, small.NAME, small.TABULAR)
    with pytest.raises(FileFault, match=r"code A00\.0: 1 codes too many and 0 too few"):
        read_tabular(path, small.LISTED - {"A000"})
    with pytest.raises(FileFault, match=r"code A00\.2: 0 codes too many and 1 too few"):
        read_tabular(path, small.LISTED | {"A002"})


def test_without_the_note_on_s06_the_codes_too_many_are_seen(tmp_path: Path):
    text = re.sub(r"<notes>.*?</notes>", "", small.TABULAR, flags=re.DOTALL)
    with pytest.raises(FileFault, match="4 codes too many"):
        read_tabular(written(tmp_path, small.NAME, text), small.LISTED)


def without(pattern: str) -> str:
    found = re.subn(pattern, "", small.TABULAR, flags=re.DOTALL)
    assert found[1]
    return found[0]


DUPLICATE = "<diag><name>A00.1</name><desc>Cholera due to biovar eltor</desc></diag>"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (small.TABULAR[: small.TABULAR.index("<chapter>", 2500)], r"line \d+: the XML breaks off"),
        (small.TABULAR.replace("ICD10CM.tabular>", "ICD10CM.index>"), r"element ICD10CM\.index: is not the root"),
        (without("<version>2026</version>"), "element version: holds no year"),
        (small.TABULAR.replace(">2026<", ">April<"), "element version: holds no year"),
        (without("<chapter>.*</chapter>"), "holds no chapters|holds no codes"),
        (small.TABULAR.replace(DUPLICATE, DUPLICATE * 2), r"diag A00\.1: stands in the file twice"),
        (small.TABULAR.replace(DUPLICATE, DUPLICATE.replace("A00.1", "A01.1")), r"diag A01\.1: does not belong below"),
        (small.TABULAR.replace("<name>A00.1<", "<name>A00.1!<"), r"diag A00\.1!: does not belong"),
        (small.TABULAR.replace("<name>A00.1</name>", ""), "a diag below A00: has no name"),
        (without("<desc>Cholera</desc>"), "diag A00: has no desc"),
        (small.TABULAR.replace('<section id="I10-I1A">', '<section id="I15-I1A">'), "block I10-I1A: is named"),
        (small.TABULAR.replace("S06.0X8<", "S06.0X88<"), r"diag S06\.0X88: is too long to take a 7th character"),
        (small.TABULAR.replace("<name>9<", "<name>1<"), "chapter Chapter 1: stands in the file twice"),
    ],
)  # fmt: skip
def test_damage_is_told_with_its_place(tmp_path: Path, text: str, what: str):
    with pytest.raises(FileFault, match=what) as fault:
        read_tabular(written(tmp_path, small.NAME, text))
    assert str(fault.value).startswith(f"{small.NAME}: ")
    assert "\n" not in str(fault.value)


SHUFFLED = small.TABULAR.replace("<name>I10<", "<name>B10<")


def test_a_category_that_strayed_into_another_block_is_a_fault(tmp_path: Path):
    with pytest.raises(FileFault, match="B10"):
        read_tabular(written(tmp_path, small.NAME, SHUFFLED))


def test_shuffled_entries_are_seen_against_the_list_of_the_release(tmp_path: Path):
    with pytest.raises(FileFault, match="diag B10"):
        read_tabular(written(tmp_path, small.NAME, SHUFFLED), small.LISTED)


@pytest.mark.parametrize("damage", [cuts, flips])
def test_a_damaged_file_raises_nothing_but_a_fault(tmp_path: Path, damage: Callable[..., Iterable[bytes]]):
    """A changed letter in a title can't be seen; a cut always can."""
    for number, data in enumerate(damage(small.TABULAR.rstrip().encode(), 200, seed=7)):
        sources = outcome(written(tmp_path, f"{number}.xml", data))
        if sources is not None:
            assert damage is flips


def test_the_operator_may_say_when_the_release_began(tmp_path: Path):
    path = written(tmp_path, "tabular.xml", small.TABULAR)
    assert read_tabular(path).effective == date(2025, 10, 1)
    assert read_tabular(path).name == "FY2026"
    assert read_tabular(path, effective=date(2026, 4, 1)).effective == date(2026, 4, 1)


def test_a_first_day_in_another_year_is_a_fault(tmp_path: Path):
    with pytest.raises(FileFault, match="fiscal year 2026"):
        read_tabular(written(tmp_path, "tabular.xml", small.TABULAR), effective=date(2027, 4, 1))
