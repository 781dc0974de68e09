"""Addenda files: every change, against the counts that the file itself gives."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from bot.codes.release import Change, FileFault, Scope
from bot.codes.sources.addenda import read_addenda
from bot.core.codes import System
from tests.codes.files import ADDENDA, cuts, flips, outcome, shared, sizes, written
from tests.content.codesets import deleted_2027

REAL = ("icd10cm_fy2027", "icd10cm_codes_addenda_2027.txt")


def test_the_real_file_gives_the_published_counts():
    source = read_addenda(shared(*REAL))
    assert source.counts == {"added": 190, "deleted": 30, "revised": 4}
    assert (source.before, source.after) == (74_719, 74_879)
    assert (source.system, source.scope, source.name) == (System.ICD10CM, Scope.CHANGES, "FY2027")
    assert (source.effective, source.until) == (date(2026, 10, 1), date(2027, 9, 30))
    assert {change.key for change in source.changes if change.action == "delete"} == deleted_2027()
    assert Counter(change.action for change in source.changes) == {"add": 190, "delete": 30, "revise": 4}
    assert Change("revise", "L02232", "Carbuncle of back [any part, except buttock and flank]") in source.changes


def test_changes_keep_their_order_and_new_titles(tmp_path: Path):
    source = read_addenda(written(tmp_path, "addenda.txt", ADDENDA))
    assert list(source.changes) == [
        Change("add", "C7831", "Secondary malignant neoplasm of larynx"),
        Change("delete", "D691", "Qualitative platelet defects"),
        Change("add", "D6911", "Glanzmann thrombasthenia"),
        Change("revise", "Z2914", "Encounter for prophylactic rabies immune globulin"),
    ]


def test_procedure_codes_have_addenda_too(tmp_path: Path):
    text = ADDENDA.replace("icd10cm", "icd10pcs").replace("C7831  ", "0016070")
    assert read_addenda(written(tmp_path, "addenda.txt", text)).system is System.ICD10PCS


def test_an_update_within_the_year_begins_when_the_operator_says(tmp_path: Path):
    source = read_addenda(written(tmp_path, "addenda.txt", ADDENDA), date(2027, 4, 1))
    assert source.name == "FY2027, April 2027 update"
    with pytest.raises(FileFault, match=r"addenda.txt: is of fiscal year 2027"):
        read_addenda(written(tmp_path, "addenda.txt", ADDENDA), date(2026, 4, 1))


LINES = ADDENDA.splitlines()


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        (LINES[1:], "counts 2 of 'add', but the file has 1"),
        (LINES[:1] + LINES[2:], "counts 1 of 'delete'"),
        (LINES[:5], "no counts at its end"),
        (LINES[:-1], "some are missing"),
        (LINES[:7] + LINES[8:], "some are missing"),
        (LINES[:4] + LINES[5:], "line 4: is one half of a revision"),
        (LINES[:3] + LINES[4:], "line 4: is one half of a revision"),
        (LINES[:3] + LINES[4:5] + LINES[3:4] + LINES[5:], "line 4: is one half of a revision"),
        ([*LINES[:4], LINES[4].replace("Z2914", "Z2915"), *LINES[5:]], "line 4: is one half of a revision"),
        ([line.replace("74720", "74721") for line in LINES], "74719 codes become 74721"),
        ([line.replace("D6911", "D691 ") for line in LINES], "code D691: is changed more than once"),
        ([line.replace("Add:         C7", "Add:        C7") for line in LINES], "line 1: is no change"),
        ([LINES[0], "and some words", *LINES[1:]], "line 2|neither a change nor a count"),
        ([line.replace("icd10pcs", "").replace("icd10cm_order_2027", "codes") for line in LINES], "neither a change"),
    ],
)
def test_changes_that_are_missing_moved_or_damaged_are_refused(tmp_path: Path, lines: list[str], what: str):
    with pytest.raises(FileFault, match=what):
        read_addenda(written(tmp_path, "addenda.txt", "\r\n".join(lines) + "\r\n"))


def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path):
    whole = ADDENDA.encode()
    due = outcome(written(tmp_path, "addenda.txt", whole))
    for end in range(1, len(whole)):
        read = outcome(written(tmp_path, "addenda.txt", whole[:end]))
        assert read is None or (end >= len(whole) - 3 and read == due), end


def test_a_changed_byte_never_loses_a_change(tmp_path: Path):
    due = sizes(outcome(written(tmp_path, "addenda.txt", ADDENDA)) or [])
    for copy in flips(ADDENDA.encode(), 600, seed=12):
        read = outcome(written(tmp_path, "addenda.txt", copy))
        assert read is None or sizes(read) == due


def test_the_real_file_damaged_is_refused_or_whole(tmp_path: Path):
    data = shared(*REAL).read_bytes()
    due = sizes(outcome(shared(*REAL)) or [])
    for copy in cuts(data, 60, seed=13):
        assert outcome(written(tmp_path, "addenda.txt", copy)) is None
    for copy in flips(data, 120, seed=14):
        read = outcome(written(tmp_path, "addenda.txt", copy))
        assert read is None or sizes(read) == due
