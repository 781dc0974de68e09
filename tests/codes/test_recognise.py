"""Files are told apart by their content, archives are read as CMS packs them, and nothing else gets through."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.codes.release import FileFault, Scope
from bot.codes.sources.recognise import read_file
from bot.core.codes import System
from tests.codes.files import (
    ADDENDA,
    CM_ORDER,
    HCPCS,
    INDEX,
    PCS_ORDER,
    PCS_TABLES,
    cuts,
    flips,
    hcpcs_text,
    hcpcs_workbook,
    outcome,
    written,
)

DEFINITIONS = (
    '<ICD10PCS.definitions><version>2026</version><section code="0"><axis pos="3"><terms><title>Bypass</title>'
    "<definition>Altering the route of passage</definition></terms></axis></section></ICD10PCS.definitions>"
)
TABULAR = (
    "<ICD10CM.tabular><version>2026</version><chapter><name>1</name><desc>Certain diseases</desc>"
    '<section id="A00-A09"><desc>Intestinal diseases</desc><diag><name>A00</name><desc>Cholera</desc></diag></section>'
    "</chapter></ICD10CM.tabular>"
)
FILES = {
    "tabular": (TABULAR, System.ICD10CM, Scope.FULL),
    "index": (INDEX, System.ICD10CM, Scope.TERMS),
    "tables": (PCS_TABLES, System.ICD10PCS, Scope.FULL),
    "definitions": (DEFINITIONS, System.ICD10PCS, Scope.TERMS),
    "order": (CM_ORDER, System.ICD10CM, Scope.LIST),
    "order of procedures": (PCS_ORDER, System.ICD10PCS, Scope.LIST),
    "addenda": (ADDENDA, System.ICD10CM, Scope.CHANGES),
    "hcpcs": (hcpcs_text(), System.HCPCS, Scope.FULL),
    "cpt": ("99202\tinvented words\r\n99203\tmore of them\r\n", System.CPT, Scope.FULL),
}


def packed(folder: Path, name: str, members: dict[str, str | bytes]) -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("name", ["download.txt", "download.bin", "x"])
def test_a_file_is_told_by_its_content(tmp_path: Path, kind: str, name: str):
    text, system, scope = FILES[kind]
    effective = date(2025, 10, 1) if kind.startswith("order") else date(2026, 1, 1) if kind == "cpt" else None
    [source] = read_file(written(tmp_path, name, text), effective=effective, cpt_licence=True)
    assert (source.system, source.scope, source.file) == (system, scope, name)


def test_a_byte_order_mark_changes_nothing(tmp_path: Path):
    for kind in ("order", "addenda", "hcpcs", "tables"):
        with_mark = read_file(written(tmp_path, "icd10_2026.txt", "\ufeff" + FILES[kind][0]))
        assert with_mark == read_file(written(tmp_path, "icd10_2026.txt", FILES[kind][0]))


def test_a_workbook_is_told_from_an_archive(tmp_path: Path):
    path = hcpcs_workbook(tmp_path / "book.zip")
    assert read_file(path)[0].system is System.HCPCS


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b" \r\n\r\n", "is empty"),
        (b"\xa0\x85\n", "no code-set file"),
        (b"%PDF-1.7 and so on", "no code-set file"),
        (b"A000    Cholera due to Vibrio cholerae 01, biovar cholerae\r\n", "no code-set file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook", "old Excel format"),
        (b"<html><body/></html>", "XML with the root html"),
        (b"<ICD10PCS.index/>", "XML with the root ICD10PCS.index"),
        (b"<ICD10CM.tabular", "line 1: the XML breaks off"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "line 1"),
        (b"PK\x03\x04 and no archive", "can't be unpacked"),
        (b"Add:         00123 C7831   1 Title       Title\r\n", "the addenda of an order file"),
    ],
)
def test_any_other_file_is_refused_with_what_is_expected(tmp_path: Path, content: bytes, what: str):
    with pytest.raises(FileFault, match=what):
        read_file(written(tmp_path, "file.txt", content))


def test_folders_and_missing_files_are_refused(tmp_path: Path):
    with pytest.raises(FileFault, match="is a folder"):
        read_file(tmp_path)
    with pytest.raises(FileFault, match=r"nothing.txt: can't be read \(No such file"):
        read_file(tmp_path / "nothing.txt")


def test_two_files_in_one_are_refused(tmp_path: Path):
    for one, other in [(CM_ORDER, ADDENDA), (CM_ORDER, PCS_ORDER), (ADDENDA, CM_ORDER), (INDEX, PCS_TABLES)]:
        with pytest.raises(FileFault):
            read_file(written(tmp_path, "icd10cm_order_2026.txt", one + other))
    with pytest.raises(FileFault, match="is no HCPCS record"):
        read_file(written(tmp_path, "HCPC2019_JAN_ANWEB.txt", hcpcs_text() + ADDENDA))


def test_every_code_set_file_of_an_archive_is_read_and_others_are_named(tmp_path: Path):
    skipped: dict[str, str] = {}
    path = packed(tmp_path, "2026-code-descriptions.zip", {
        "Code Descriptions/": "",
        "Code Descriptions/icd10cm_order_2026.txt": CM_ORDER,
        "Code Descriptions/icd10cm_codes_2026.txt": "A000    Cholera due to Vibrio cholerae 01, biovar cholerae\r\n",
        "Code Descriptions/icd10cm_codes_addenda_2026.txt": ADDENDA.replace("2027", "2026").replace("_2026", "_2025", 1),
        "Code Descriptions/icd10OrderFiles.pdf": b"%PDF-1.7",
        "readme.txt": "",
        "inner.zip": b"PK\x03\x04",
        "tables.xml": PCS_TABLES,
        "__MACOSX/tables.xml": "junk",
    })  # fmt: skip
    sources = read_file(path, on_skip=skipped.__setitem__)
    assert [(source.scope, source.name) for source in sources] == [
        (Scope.LIST, "FY2026"), (Scope.CHANGES, "FY2026"), (Scope.FULL, "FY2026"),
    ]  # fmt: skip
    assert sources[0].file == "2026-code-descriptions.zip > Code Descriptions/icd10cm_order_2026.txt"
    assert list(skipped) == [
        "Code Descriptions/icd10cm_codes_2026.txt", "Code Descriptions/icd10OrderFiles.pdf", "readme.txt", "inner.zip",
    ]  # fmt: skip
    assert "unpack" in skipped["inner.zip"]


def test_a_damaged_file_in_an_archive_is_a_fault_with_its_name(tmp_path: Path):
    path = packed(tmp_path, "files.zip", {"a/icd10cm_order_2026.txt": CM_ORDER[200:], "tables.xml": PCS_TABLES[:900]})
    with pytest.raises(FileFault, match=r"files.zip > (icd10cm_order_2026.txt|tables.xml): line"):
        read_file(path)


def test_an_archive_of_nothing_is_refused(tmp_path: Path):
    with pytest.raises(FileFault, match=r"no code-set file, only readme.txt, a.pdf"):
        read_file(packed(tmp_path, "files.zip", {"readme.txt": "words", "a.pdf": b"%PDF"}))
    with pytest.raises(FileFault, match="only nothing"):
        read_file(packed(tmp_path, "files.zip", {}))


def test_hcpcs_packed_twice_is_read_once(tmp_path: Path):
    book = hcpcs_workbook(tmp_path / "HCPC2019_JAN_ANWEB.xlsx").read_bytes()
    skipped: list[str] = []
    members = {"HCPC2019_JAN_ANWEB.xlsx": book, "HCPC2019_JAN_ANWEB.txt": hcpcs_text()}
    sources = read_file(packed(tmp_path, "a.zip", members), on_skip=lambda name, why: skipped.append(f"{name}: {why}"))
    assert len(sources) == 1
    assert skipped == ["a.zip > HCPC2019_JAN_ANWEB.txt: tells the same as a.zip > HCPC2019_JAN_ANWEB.xlsx"]
    members["HCPC2019_JAN_ANWEB.txt"] = hcpcs_text(HCPCS[:-2] + HCPCS[-1:])
    with pytest.raises(FileFault, match="don't tell the same of E0100"):
        read_file(packed(tmp_path, "a.zip", members))


def test_cpt_in_an_archive_needs_the_licence_too(tmp_path: Path):
    members: dict[str, str | bytes] = {"cpt_2026.txt": FILES["cpt"][0]}
    path = packed(tmp_path, "a.zip", members)
    with pytest.raises(FileFault, match="--i-hold-an-ama-licence"):
        read_file(path)
    assert len(read_file(path, cpt_licence=True)) == 1
    skipped: dict[str, str] = {}
    read_file(packed(tmp_path, "b.zip", members | {"tables.xml": PCS_TABLES}), on_skip=skipped.__setitem__)
    assert "AMA licence" in skipped["cpt_2026.txt"]


def test_a_damaged_archive_is_refused_or_the_same(tmp_path: Path):
    path = packed(tmp_path, "a.zip", {"icd10cm_order_2026.txt": CM_ORDER, "tables.xml": PCS_TABLES})
    data, due = path.read_bytes(), outcome(path)
    for copy in (*cuts(data, 40, seed=17), *flips(data, 150, seed=18)):
        read = outcome(written(tmp_path, "a.zip", copy))
        assert read is None or len(read) < 2 or [s.entries for s in read] == [s.entries for s in due or []]


def test_an_encrypted_archive_is_refused(tmp_path: Path):
    data = bytearray(packed(tmp_path, "a.zip", {"tables.xml": PCS_TABLES}).read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    with pytest.raises(FileFault, match="encrypted"):
        read_file(written(tmp_path, "a.zip", bytes(data)))


STARTS = [
    b"",
    b"PK\x03\x04",
    b"<ICD10CM.tabular>",
    b"<ICD10PCS.tabular><pcsTable>",
    b"Add:         ",
    b"00001 A00     0 ",
]


@settings(max_examples=150)
@given(st.sampled_from(STARTS), st.binary(max_size=300))
@example(b"", b"\x1c")
@example(b"", b"\xef\xbb\xbf")
def test_random_bytes_raise_nothing_but_faults(tmp_path_factory: pytest.TempPathFactory, start: bytes, content: bytes):
    path = written(tmp_path_factory.getbasetemp(), "random.bin", start + content)
    assert outcome(path, date(2026, 10, 1), cpt_licence=True) is None


@settings(max_examples=150)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_pieces_put_together_anew_raise_nothing_but_faults(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
):
    lines = FILES[kind][0].splitlines(keepends=True)
    order = data.draw(st.lists(st.sampled_from(lines), max_size=len(lines) + 2))
    path = written(tmp_path_factory.getbasetemp(), "icd10cm_2026.txt", "".join(order))
    outcome(path, cpt_licence=True)


def test_an_archive_that_grows_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.codes.sources.archive._MEMBER_AT_MOST", 100)
    with pytest.raises(FileFault, match=r"tables.xml: is larger than 100 bytes"):
        read_file(packed(tmp_path, "a.zip", {"tables.xml": PCS_TABLES}))


def test_a_workbook_of_something_else_is_skipped_in_an_archive(tmp_path: Path):
    book = hcpcs_workbook(tmp_path / "other.xlsx", heading=("Drug name", "Dose"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.write(book, "Table of Drugs.xlsx")
        archive.writestr("HCPC2019_JAN_ANWEB.txt", hcpcs_text())
    skipped: dict[str, str] = {}
    sources = read_file(written(tmp_path, "a.zip", buffer.getvalue()), on_skip=skipped.__setitem__)
    assert len(sources) == 1
    assert list(skipped) == ["Table of Drugs.xlsx"]
