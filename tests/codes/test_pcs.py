"""ICD-10-PCS tables and definitions: every code follows, and a damaged file never gives fewer of them."""

import json
from datetime import date
from pathlib import Path

import pytest

from bot.codes.release import FileFault, Scope, Source
from bot.codes.sources.pcs import read_definitions, read_tables
from bot.core.codes import Entry, Level, System
from tests.codes.files import PCS_TABLES, cuts, flips, outcome, shared, sizes, written

TABLES = ("icd10pcs_fy2026", "icd10pcs_tables_2026.xml")
DEFINITIONS = ("icd10pcs_fy2026", "icd10pcs_definitions_2026.xml")


@pytest.fixture(scope="module")
def real() -> Source:
    return read_tables(shared(*TABLES))


def by_key(source: Source) -> dict[str, Entry]:
    return {entry.key: entry for entry in source.entries}


def test_the_real_tables_give_the_published_counts(real: Source):
    assert real.counts == {"codes": 79_115, "tables": 914, "rows": 2_733}
    assert (real.system, real.scope, real.name) == (System.ICD10PCS, Scope.FULL, "FY2026")
    assert (real.effective, real.until) == (date(2025, 10, 1), date(2026, 9, 30))
    assert len(by_key(real)) == len(real.entries)


def test_every_parent_stands_before_its_children(real: Source):
    seen: set[str] = set()
    for entry in real.entries:
        assert entry.parent is None or entry.parent in seen
        seen.add(entry.key)


def test_a_code_can_be_read_as_a_sentence(real: Source):
    codes = by_key(real)
    assert codes["0016070"].title == (
        "Bypass Cerebral Ventricle, Open approach, Autologous Tissue Substitute, Nasopharynx"
    )
    assert codes["0DTJ4ZZ"].title == "Resection Appendix, Percutaneous Endoscopic approach"
    assert codes["BW03ZZZ"].title == "Plain Radiography of Chest"
    assert codes["GZ60ZZZ"].title == "Counseling, Educational"
    assert [codes["0016070"].parent, codes["001"].parent, codes["body system 00"].parent] == [
        "001", "body system 00", "section 0",
    ]  # fmt: skip


def test_a_table_carries_its_axes_and_rows(real: Source):
    table = by_key(real)["0DT"]
    assert table.level is Level.TABLE
    assert table.title == "Resection, Gastrointestinal System"
    assert table.facts["axes"][2] == ["Operation", "T", "Resection"]
    assert table.facts["definition"].startswith("Cutting out or off, without replacement, all of a body part")
    assert [axis["title"] for axis in table.facts["rows"][0]] == ["Body Part", "Approach", "Device", "Qualifier"]
    assert json.loads(json.dumps(table.facts)) == table.facts


def test_the_real_definitions_are_read():
    source = read_definitions(shared(*DEFINITIONS))
    assert (source.scope, source.counts) == (Scope.TERMS, {"definitions": 1_090})
    [bypass] = [d for d in source.definitions if (d.section, d.axis, d.title) == ("0", 3, "Bypass")]
    assert bypass.definition == "Altering the route of passage of the contents of a tubular body part"
    assert bypass.explanation
    assert bypass.includes == ("Coronary artery bypass, colostomy formation",)
    toes = [d.title for d in source.definitions if d.includes == ("Hallux",)]
    assert toes == ["1st Toe, Left", "1st Toe, Right"], "a meaning under two titles is there for each"


def test_the_april_update_begins_in_april(tmp_path: Path):
    path = written(tmp_path, "icd10pcs_tables_April_2026.xml", PCS_TABLES)
    source = read_tables(path)
    assert (source.name, source.effective) == ("FY2026, April 2026 update", date(2026, 4, 1))
    assert read_tables(path, date(2025, 10, 1)).name == "FY2026"


def test_a_small_file_gives_its_codes(tmp_path: Path):
    source = read_tables(written(tmp_path, "tables.xml", PCS_TABLES))
    codes = [entry for entry in source.entries if entry.level is Level.CODE]
    assert [entry.key for entry in codes] == ["00160Z2", "00160ZB", "00163Z2", "00163ZB", "B00B0ZZ", "B00BYZZ"]
    assert codes[2].title == "Bypass Cerebral Ventricle, Percutaneous approach, Atrium"
    assert codes[4].title == "Plain Radiography of Spinal Cord, High Osmolar contrast"
    assert codes[5].title == "Plain Radiography of Spinal Cord, Other Contrast"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('codes="4"', 'codes="5"', "table 001, row 1"),
        ('codes="4"', "", "table 001, row 1"),
        ('<axis pos="5" values="2"><title>A', '<axis pos="5" values="3"><title>A', "table 001, row 1, axis 5"),
        ('<label code="3">Percutaneous</label>', '<label code="0">Percutaneous</label>', "axis 5"),
        ('<label code="3">Percutaneous</label>', '<label code="O">Percutaneous</label>', "axis 5"),
        ('<label code="3">Percutaneous</label>', '<label code="3"></label>', "axis 5"),
        ('pos="6"', 'pos="7"', "row 1"),
        ('<axis pos="2" values="1"><title>B', '<axis pos="3" values="1"><title>B', "a table"),
        ("<version>2026</version>", "", "version"),
        ("<version>2026</version>", "<version>draft</version>", "version"),
        ('<label code="B">Imaging', '<label code="0">Imaging', "table 000"),
        ("<title>Body System</title>", "<title> </title>", "a table, axis 2"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str, place: str):
    assert old in PCS_TABLES
    with pytest.raises(FileFault, match=place):
        read_tables(written(tmp_path, "tables.xml", PCS_TABLES.replace(old, new, 1)))


def test_tables_in_another_order_or_twice_are_refused(tmp_path: Path):
    start, first, second = PCS_TABLES.replace("</ICD10PCS.tabular>\n", "").split("  <pcsTable>")
    end = "</ICD10PCS.tabular>\n"
    for tables in ((second, first), (first, second, second)):
        content = start + "".join(f"  <pcsTable>{table}" for table in tables) + end
        with pytest.raises(FileFault, match="shuffled"):
            read_tables(written(tmp_path, "tables.xml", content))


def test_a_row_that_repeats_codes_is_refused(tmp_path: Path):
    row = PCS_TABLES[PCS_TABLES.index("    <pcsRow") : PCS_TABLES.index("  </pcsTable>")]
    with pytest.raises(FileFault, match=r"row 2.*00160Z2"):
        read_tables(written(tmp_path, "tables.xml", PCS_TABLES.replace(row, row + row)))


def test_a_table_within_a_table_is_refused(tmp_path: Path):
    title = "<title>2026 ICD-10-PCS Tables</title>"
    before, first, second = PCS_TABLES.split("<pcsTable>")
    content = f"{before.replace(title, '')}<pcsTable><pcsTable>{first}{second}"
    with pytest.raises(FileFault, match="table B00: has rows within something else"):
        read_tables(written(tmp_path, "tables.xml", content))


def test_sections_of_two_names_are_refused(tmp_path: Path):
    content = PCS_TABLES.replace('<label code="B">Imaging', '<label code="0">Imaging').replace(
        '<label code="0">Plain', '<label code="2">Plain'
    )
    with pytest.raises(FileFault, match="table 002: calls section 0 'Imaging'"):
        read_tables(written(tmp_path, "tables.xml", content))


def test_another_year_than_the_operator_says_is_refused(tmp_path: Path):
    with pytest.raises(FileFault, match="fiscal year 2026"):
        read_tables(written(tmp_path, "tables.xml", PCS_TABLES), date(2026, 10, 1))


def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path):
    whole = PCS_TABLES.rstrip().encode()
    for end in range(1, len(whole), 7):
        assert outcome(written(tmp_path, "tables.xml", whole[:end])) is None, end


def test_a_changed_byte_never_loses_a_code(tmp_path: Path):
    due = sizes(outcome(written(tmp_path, "tables.xml", PCS_TABLES)) or [])
    for copy in flips(PCS_TABLES.encode(), 400, seed=1):
        read = outcome(written(tmp_path, "tables.xml", copy))
        assert read is None or sizes(read) == due


@pytest.mark.parametrize("parts", [TABLES, DEFINITIONS])
def test_the_real_files_damaged_are_refused_or_whole(tmp_path: Path, parts: tuple[str, str]):
    data = shared(*parts).read_bytes()
    for copy in cuts(data, 3, seed=2):
        assert outcome(written(tmp_path, parts[1], copy)) is None
    due = sizes(outcome(shared(*parts)) or [])
    for copy in flips(data, 4, seed=3):
        read = outcome(written(tmp_path, parts[1], copy))
        assert read is None or sizes(read) == due
