"""HCPCS Level II as text and as a workbook: the same codes from both, and damage is seen."""

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot.codes.release import FileFault, Scope, Source
from bot.codes.sources.hcpcs_text import read_text
from bot.codes.sources.hcpcs_xlsx import read_workbook
from bot.codes.sources.recognise import read_file
from bot.core.codes import Entry, Level, System
from tests.codes.files import (
    HCPCS,
    HEADING,
    cuts,
    flips,
    hcpcs_lines,
    hcpcs_text,
    hcpcs_workbook,
    outcome,
    shared,
    sizes,
    written,
)

TEXT = ("hcpcs_2019", "HCPC2019_CONTR_ANWEB.txt")
WORKBOOK = ("hcpcs_2025oct", "HCPC2025_OCT_ANWEB.xlsx")
NAME = "HCPC2019_CONTR_ANWEB.txt"


@pytest.fixture(scope="module")
def workbook() -> Source:
    return read_workbook(shared(*WORKBOOK))


@pytest.fixture(scope="module")
def text() -> Source:
    return read_text(shared(*TEXT))


def by_key(source: Source) -> dict[str, Entry]:
    return {entry.key: entry for entry in source.entries}


def test_the_real_workbook_gives_the_published_counts(workbook: Source):
    assert workbook.counts == {
        "codes": 8_463, "modifiers": 383, "terminated": 1_205, "refused_d": 0, "refused_cpt": 0,
    }  # fmt: skip
    assert (workbook.system, workbook.scope) == (System.HCPCS, Scope.FULL)
    assert (workbook.name, workbook.effective, workbook.until) == ("October 2025", date(2025, 10, 1), None)


def test_the_real_text_file_gives_its_counts(text: Source):
    assert text.counts == {"codes": 6_440, "modifiers": 360, "terminated": 506, "refused_d": 0, "refused_cpt": 0}
    assert (text.name, text.effective) == ("2019", date(2019, 1, 1))


def test_the_two_formats_describe_unchanged_codes_alike(text: Source, workbook: Source):
    old, new = by_key(text), by_key(workbook)
    unchanged = [
        key
        for key, entry in new.items()
        if key in old
        and entry.level is not Level.BLOCK
        and entry.facts.get("last action effective", "9") < "2019-01-01"
    ]
    assert len(unchanged) > 5_000
    # A handful were edited since then without a new action date.
    different = [
        key for key in unchanged if (old[key].title, old[key].valid_from) != (new[key].title, new[key].valid_from)
    ]
    assert len(different) < 20


def test_a_code_carries_what_a_coder_asks(workbook: Source):
    codes = by_key(workbook)
    wheelchair = codes["K0001"]
    assert (wheelchair.title, wheelchair.level, wheelchair.parent) == ("Standard wheelchair", Level.CODE, "K codes")
    assert (wheelchair.valid_from, wheelchair.valid_until) == (date(1994, 1, 1), None)
    assert list(wheelchair.facts) == [
        "short description", "Medicare coverage", "pricing", "last action", "last action effective", "BETOS group",
        "type of service",
    ]  # fmt: skip
    assert wheelchair.facts["pricing"] == "36: capped rental equipment"
    assert codes["C9088"].valid_until == date(2025, 9, 30), "the last day on which it could be used"
    assert codes["TC"].level is Level.MODIFIER
    assert codes["TC"].parent == "modifiers"
    assert codes["A codes"].title.startswith("A codes: transport")
    assert max(len(entry.title) for entry in workbook.entries) > 4_400
    assert {entry.parent for entry in workbook.entries if entry.parent} <= set(codes)


def test_long_descriptions_are_joined_across_records(text: Source):
    assert by_key(text)["G8891"].title == (
        "Documentation of medical reason(s) for most recent ldl-c not under control (e.g., patients with palliative "
        "goals for whom treatment of hypertension with standard treatment goals is not clinically appropriate)"
    )


@pytest.mark.parametrize("width", [320, 293])
def test_a_small_text_file_is_read_in_both_widths(tmp_path: Path, width: int):
    source = read_text(written(tmp_path, NAME, hcpcs_text(width=width)))
    codes = by_key(source)
    assert source.counts["codes"] == 4
    assert codes["TC"].title.endswith("a charge may be made for it alone")
    assert codes["A4000"].valid_until == date(2019, 12, 31)
    assert codes["V5364"].facts["cross reference"] == "V5362"
    assert codes["A0021"].facts["Medicare coverage"] == "I: not payable by Medicare"


def test_text_and_workbook_of_the_same_release_are_the_same(tmp_path: Path):
    one = read_text(written(tmp_path, "HCPC2019_JAN_ANWEB.txt", hcpcs_text()))
    other = read_workbook(hcpcs_workbook(tmp_path / "HCPC2019_JAN_ANWEB.xlsx"))
    assert list(one.entries) == list(other.entries)


def test_d_codes_and_cpt_codes_are_left_out_and_counted(tmp_path: Path):
    foreign = (
        {"code": "99202", "kind": "3", "long": "an invented line that stands for no descriptor"},
        {"code": "D9999", "kind": "3", "long": "an invented line that stands for no descriptor"},
        {"code": "25", "kind": "7", "long": "an invented line that stands for no descriptor"},
    )
    records = sorted((*HCPCS, *foreign), key=lambda record: record["code"].rjust(5))
    source = read_text(written(tmp_path, NAME, hcpcs_text(records)))
    assert source.counts == {"codes": 4, "modifiers": 2, "terminated": 1, "refused_d": 1, "refused_cpt": 2}
    assert not any("invented" in entry.title for entry in source.entries)
    assert "D codes" not in by_key(source)


@pytest.mark.parametrize(
    ("name", "effective", "release"),
    [
        ("HCPC2024_APR_ANWEB_v2.txt", None, ("April 2024", date(2024, 4, 1))),
        ("codes.txt", None, ("July 2002", date(2002, 7, 1))),
        ("codes.txt", date(2003, 1, 1), ("January 2003", date(2003, 1, 1))),
    ],
)
def test_the_release_comes_from_the_name_or_the_newest_action(
    tmp_path: Path, name: str, effective: date | None, release: tuple[str, date]
):
    source = read_text(written(tmp_path, name, hcpcs_text()), effective)
    assert (source.name, source.effective) == release


def test_a_newer_file_under_an_older_name_is_refused(tmp_path: Path):
    records = ({**HCPCS[0], "acted": "20251001"}, *HCPCS[1:])
    with pytest.raises(FileFault, match=r"release of 2019-01-01.*2025-10-01"):
        read_text(written(tmp_path, NAME, hcpcs_text(records)))


def lines_without(*numbers: int) -> list[str]:
    return [line for n, line in enumerate(hcpcs_lines()) if n not in numbers]


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ([*hcpcs_lines()[-3:], *hcpcs_lines()[:-3]], "line 4: A1 stands after V5364"),
        (lines_without(1), "line 2: goes on with TC"),  # the first line of TC
        (lines_without(2), "sequence number 00300"),  # one in the middle of its description
        (lines_without(0, 1, 2, 3, 4), "no modifiers"),
        (hcpcs_lines()[:-1], "ends at E0100"),
        (hcpcs_lines() + hcpcs_lines()[-1:], "V5364 stands after V5364"),
        ([*hcpcs_lines()[:-1], hcpcs_lines()[-1][:290]], "breaks off after 290"),
        ([hcpcs_lines()[0], "something else", *hcpcs_lines()[1:]], "line 2: is no HCPCS record"),
        ([hcpcs_lines()[0] + hcpcs_lines()[1], *hcpcs_lines()[2:]], "640 characters"),
        (["x" + hcpcs_lines()[0][1:], *hcpcs_lines()[1:]], "doesn't begin like one"),
        ([*hcpcs_lines(), "V5364002004and more".ljust(300)], "line 10: is shorter than all like it"),
        ([line.replace("A0021", "W!021") for line in hcpcs_lines()], "line 6: is no HCPCS record"),
        ([line.replace("   A1", "    A") for line in hcpcs_lines()], "doesn't begin like one"),
        ([line.replace("20191231", "20191331") for line in hcpcs_lines()], "termination date '20191331'"),
        ([line.replace("A supply that is no longer used", " " * 31) for line in hcpcs_lines()], "no description"),
    ],
)  # fmt: skip
def test_records_that_are_missing_moved_or_cut_are_refused(tmp_path: Path, lines: list[str], what: str):
    with pytest.raises(FileFault, match=what):
        read_text(written(tmp_path, NAME, "\r\n".join(lines) + "\r\n"))


def test_a_workbook_with_numbers_and_dates_as_such_is_read(tmp_path: Path):
    path = hcpcs_workbook(tmp_path / "HCPC2024_OCT_ANWEB.xlsx")
    book = openpyxl.load_workbook(path)
    sheet: Any = book.worksheets[0]
    sheet.cell(4, HEADING.index("ADD DT") + 1, 20020701)
    sheet.cell(5, HEADING.index("ADD DT") + 1, datetime(2002, 7, 1))
    sheet.cell(6, HEADING.index("PRICE1") + 1, 0)
    sheet.cell(7, HEADING.index("TERM DT") + 1, 20191231.0)
    book.save(path)
    changed = by_key(read_workbook(path))
    hcpcs_workbook(path)
    assert changed == by_key(read_workbook(path))


def test_a_workbook_with_broken_up_descriptions_is_read(tmp_path: Path):
    more = {"code": "V5364", "kind": "4", "long": "and more of it"}
    source = read_workbook(hcpcs_workbook(tmp_path / "book.xlsx", (*HCPCS, more)))
    assert by_key(source)["V5364"].title == "Dysphagia screening and more of it"


@pytest.mark.parametrize(
    ("records", "heading", "what"),
    [
        (HCPCS, [name for name in HEADING if name != "TERM DT"], "row 3: names no column TERM DT"),
        (HCPCS, [name for name in HEADING if name != "RECID"], "expected is"),
        (HCPCS[::-1], HEADING, "row 5: E0100 stands after V5364"),
        (HCPCS[:-1], HEADING, "ends at E0100"),
        (HCPCS[2:], HEADING, "no modifiers"),
        (({**HCPCS[0], "kind": "5"}, *HCPCS[1:]), HEADING, "row 4: has the record type '5'"),
        (({**HCPCS[0], "kind": "8"}, *HCPCS[1:]), HEADING, "row 4: goes on with A1"),
        (({**HCPCS[0], "code": "A11"}, *HCPCS[1:]), HEADING, "row 4: 'A11' is no HCPCS modifier"),
    ],
)
def test_a_workbook_that_is_not_whole_is_refused(
    tmp_path: Path, records: tuple[dict[str, str], ...], heading: list[str], what: str
):
    path = hcpcs_workbook(tmp_path / "book.xlsx", records, heading)
    with pytest.raises(FileFault, match=what):
        read_file(path)


def test_a_text_file_cut_off_within_a_record_is_refused(tmp_path: Path):
    lines = hcpcs_lines()
    whole = hcpcs_text().encode()
    due = outcome(written(tmp_path, NAME, whole))
    told = len(whole) - 2 - (len(lines[-1]) - len(lines[-1].rstrip()))
    for end in range(1, len(whole), 11):
        read = outcome(written(tmp_path, NAME, whole[:end]))
        assert (read is None) or (end >= told and read == due), end


def test_a_changed_byte_never_loses_a_code(tmp_path: Path):
    due = sizes(outcome(written(tmp_path, NAME, hcpcs_text())) or [])
    for copy in flips(hcpcs_text().encode(), 500, seed=4):
        read = outcome(written(tmp_path, NAME, copy))
        assert read is None or sizes(read) == due


def test_a_damaged_workbook_is_refused_or_the_same(tmp_path: Path):
    path = hcpcs_workbook(tmp_path / "HCPC2019_JAN_ANWEB.xlsx")
    data, due = path.read_bytes(), outcome(path)
    for copy in (*cuts(data, 60, seed=5), *flips(data, 150, seed=6)):
        read = outcome(written(tmp_path, path.name, copy))
        assert read is None or read == due


def test_a_workbook_with_another_part_broken_is_refused(tmp_path: Path):
    path = hcpcs_workbook(tmp_path / "HCPC2019_JAN_ANWEB.xlsx")
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:700]
    with zipfile.ZipFile(path, "w") as book:
        for name, part in parts.items():
            book.writestr(name, part)
    with pytest.raises(FileFault, match="damaged"):
        read_workbook(path)


@pytest.mark.parametrize("parts", [TEXT, WORKBOOK])
def test_the_real_files_damaged_are_refused_or_whole(tmp_path: Path, parts: tuple[str, str]):
    path = shared(*parts)
    data, due = path.read_bytes(), sizes(outcome(path) or [])
    for copy in cuts(data, 6, seed=7):
        assert outcome(written(tmp_path, path.name, copy)) is None
    for copy in flips(data, 4, seed=8):
        read = outcome(written(tmp_path, path.name, copy))
        assert read is None or sizes(read) == due


def test_a_shuffled_real_file_is_refused(tmp_path: Path):
    lines = shared(*TEXT).read_bytes().split(b"\r\n")
    lines[5_000:5_010], lines[9_000:9_010] = lines[9_000:9_010], lines[5_000:5_010]
    with pytest.raises(FileFault, match="line"):
        read_text(written(tmp_path, NAME, b"\r\n".join(lines)))
