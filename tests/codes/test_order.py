"""Order files: every header and code in its place, and no line missing."""

from datetime import date
from pathlib import Path

import pytest

from bot.codes.release import FileFault, Scope
from bot.codes.sources.order import read_order
from bot.codes.sources.pcs import read_tables
from bot.core.codes import Level, System
from tests.codes.files import CM_ORDER, PCS_ORDER, cuts, flips, order_file, order_line, outcome, shared, sizes, written
from tests.content.codesets import icd10cm

CM = "icd10cm_order_2026.txt"
PCS = "icd10pcs_order_2026.txt"


@pytest.fixture(scope="module")
def large() -> str:
    """An order file of the size of the real one, with the real codes."""
    codes = icd10cm().items()
    return order_file([(code.replace(".", ""), int(billable), f"Title of {code}") for code, billable in codes])


def test_a_file_as_large_as_a_real_one_gives_every_code(tmp_path: Path, large: str):
    source = read_order(written(tmp_path, CM, large))
    assert source.counts == {"codes": 74_719, "headers": 23_467}
    assert {entry.code: entry.billable for entry in source.entries} == icd10cm()
    assert (source.system, source.scope, source.name) == (System.ICD10CM, Scope.LIST, "FY2026")
    assert (source.effective, source.until) == (date(2025, 10, 1), date(2026, 9, 30))


def test_the_codes_of_the_pcs_tables_are_read_back(tmp_path: Path):
    tables = read_tables(shared("icd10pcs_fy2026", "icd10pcs_tables_2026.xml"))
    entries = [entry for entry in tables.entries if entry.level is not Level.BLOCK]
    text = order_file([(entry.key, int(entry.billable), entry.title) for entry in entries])
    source = read_order(written(tmp_path, PCS, text))
    assert source.counts == {"codes": 79_115, "headers": 914}
    assert {(e.key, e.level, e.billable) for e in source.entries} == {(e.key, e.level, e.billable) for e in entries}


def test_headers_and_codes_have_dots_titles_and_parents(tmp_path: Path):
    source = read_order(written(tmp_path, CM, CM_ORDER))
    assert [(entry.code, entry.level, entry.parent) for entry in source.entries[3:6]] == [
        ("S02", Level.HEADER, None),
        ("S02.0", Level.HEADER, "S02"),
        ("S02.0XXA", Level.CODE, "S020"),
    ]
    assert source.entries[5].title == "Fracture of vault of skull, initial encounter for closed fracture"


def test_procedure_codes_have_tables_for_parents(tmp_path: Path):
    source = read_order(written(tmp_path, PCS, PCS_ORDER))
    assert source.system is System.ICD10PCS
    assert [(entry.code, entry.level, entry.parent) for entry in source.entries[2:4]] == [
        ("B00", Level.TABLE, None),
        ("B00B0ZZ", Level.CODE, "B00"),
    ]


@pytest.mark.parametrize(
    ("name", "effective", "release"),
    [
        ("icd10cm-order-April-2024.txt", None, ("FY2024, April 2024 update", date(2024, 4, 1))),
        ("order.txt", date(2026, 10, 1), ("FY2027", date(2026, 10, 1))),
        ("order.txt", date(2026, 4, 1), ("FY2026, April 2026 update", date(2026, 4, 1))),
        ("icd10cm_order_2023.txt", date(2023, 1, 1), ("FY2023, January 2023 update", date(2023, 1, 1))),
    ],
)
def test_the_release_comes_from_the_name_or_the_operator(
    tmp_path: Path, name: str, effective: date | None, release: tuple[str, date]
):
    source = read_order(written(tmp_path, name, CM_ORDER), effective)
    assert (source.name, source.effective) == release
    assert source.until == date(int(release[0][2:6]), 9, 30)


@pytest.mark.parametrize(("name", "effective"), [("order.txt", None), (CM, date(2026, 10, 1)), ("2025_2026.txt", None)])
def test_a_file_without_a_year_or_with_another_is_refused(tmp_path: Path, name: str, effective: date | None):
    with pytest.raises(FileFault, match="fiscal year"):
        read_order(written(tmp_path, name, CM_ORDER), effective)


LINES = CM_ORDER.splitlines()


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        (LINES[1:], "line 1: has the order number 00002"),
        (LINES[:3] + LINES[4:], "line 4: has the order number 00005"),
        (LINES[:2] + LINES[3:4] + LINES[2:3] + LINES[4:], "line 3: has the order number 00004"),
        (LINES[:6], "line 6: is the last, S02.0XXA"),
        (LINES[:7], "line 7: has the header U09, but no codes"),
        ([*LINES, order_line(9, "A000", 1, "Cholera again")], "line 9: has A000, which stood"),
        ([*LINES, order_line(9, "U0991", 1, "Below a code")], "line 9: has U09.91 below U09.9"),
        ([*LINES, order_line(9, "Z0000", 1, "Without a category")], "line 9: has Z00.00, whose category Z00"),
        ([*LINES, order_line(9, "0016070", 1, "A procedure")], "line 9: has 0016070, no category"),
        ([LINES[0], "", *LINES[2:]], "line 2: is empty"),
        ([LINES[0], LINES[1][:60], *LINES[2:]], "line 2: .* breaks off"),
        ([LINES[0], LINES[1].replace("  1 ", "  2 ", 1), *LINES[2:]], "line 2: is no line of an order file"),
        ([LINES[0], LINES[1][:30] + LINES[1][31:], *LINES[2:]], "line 2: is no line of an order file"),
    ],
)  # fmt: skip
def test_lines_that_are_missing_moved_or_damaged_are_refused(tmp_path: Path, lines: list[str], what: str):
    with pytest.raises(FileFault, match=what):
        read_order(written(tmp_path, CM, "\r\n".join(lines) + "\r\n"))


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (order_line(7, "A000", 1, "A diagnosis"), "no table or code of ICD-10-PCS"),
        (order_line(7, "B00B0ZY", 0, "A header of seven characters"), "no table or code"),
        (order_line(7, "B01B0ZZ", 1, "Without a table"), "whose table B01"),
        (order_line(7, "B00O0ZZ", 1, "With the letter O"), "no table or code"),
    ],
)
def test_what_is_no_procedure_is_refused_among_procedures(tmp_path: Path, line: str, what: str):
    with pytest.raises(FileFault, match=f"line 7: .*{what}"):
        read_order(written(tmp_path, PCS, PCS_ORDER + line + "\r\n"))


@pytest.mark.parametrize(("name", "text"), [(CM, CM_ORDER), (PCS, PCS_ORDER)])
def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path, name: str, text: str):
    whole = text.encode()
    due = outcome(written(tmp_path, name, whole))
    for end in range(1, len(whole)):
        read = outcome(written(tmp_path, name, whole[:end]))
        assert read is None or (end >= len(whole) - 2 and read == due), end


@pytest.mark.parametrize(("name", "text"), [(CM, CM_ORDER), (PCS, PCS_ORDER)])
def test_a_changed_byte_never_loses_a_code(tmp_path: Path, name: str, text: str):
    due = sizes(outcome(written(tmp_path, name, text)) or [])
    for copy in flips(text.encode(), 400, seed=9):
        read = outcome(written(tmp_path, name, copy))
        assert read is None or sizes(read) == due


def test_a_large_file_damaged_is_refused_or_whole(tmp_path: Path, large: str):
    data = large.encode()
    for copy in cuts(data, 1, seed=10):
        assert outcome(written(tmp_path, CM, copy)) is None
    for copy in flips(data, 1, seed=11):
        read = outcome(written(tmp_path, CM, copy))
        assert read is None or read[0].counts == {"codes": 74_719, "headers": 23_467}
