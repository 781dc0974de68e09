"""The database read back: every code on its days, what stands above and below it, and what each release changed."""

import sqlite3
import threading
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.codes import installed
from bot.codes.book import CodeBook, NoCodes
from bot.codes.build import Place
from bot.core.codes import NoteKind, System, Version
from tests.content.codesets import icd10cm

SPRING = date(2026, 6, 1)
LAST_2026, FIRST_2027 = date(2026, 9, 30), date(2026, 10, 1)
TODAY = date(2026, 11, 21)


def get(book: CodeBook, key: str, on: date = TODAY, system: System = System.ICD10CM) -> Version:
    found = book.entry(system, key, on)
    assert found is not None, key
    return found


def counted(book: CodeBook, system: System, on: date) -> dict[str, int]:
    """How many entries of each level are valid on a day."""
    rows = book.connection.execute(
        "SELECT level, count(*) FROM entries WHERE system = ?1"
        " AND (since IS NULL OR since <= ?2) AND (until IS NULL OR until >= ?2) GROUP BY level",
        (system, on.isoformat()),
    )
    return dict(rows)


def test_the_installed_release_is_read_back_in_full(book: CodeBook):
    assert counted(book, System.ICD10CM, SPRING) == {"chapter": 22, "block": 297, "header": 23_467, "code": 74_719}
    rows = book.connection.execute("SELECT code, level = 'code' FROM entries WHERE level IN ('code', 'header')")
    assert {code: bool(billable) for code, billable in rows} == icd10cm()
    assert book.systems == [System.ICD10CM]
    newest = book.newest(System.ICD10CM)
    assert (newest.name, newest.effective, newest.until) == (
        "FY2026, April 2026 update", date(2026, 4, 1), date(2026, 9, 30),
    )  # fmt: skip


def test_notes_are_read_back_in_the_order_of_the_list(book: CodeBook):
    notes = book.notes(get(book, "E11"))
    kinds = list(dict.fromkeys(note.kind for note in notes))
    assert kinds == [NoteKind.INCLUDES, NoteKind.USE_ADDITIONAL, NoteKind.EXCLUDES1]
    told = [note.text for note in notes if note.kind is NoteKind.USE_ADDITIONAL]
    assert told.index("code to identify control using:") < told.index("insulin (Z79.4)")
    assert not {note.kind for note in book.notes(get(book, "E1121"))} & {NoteKind.EXCLUDES1, NoteKind.EXCLUDES2}


def test_the_way_up_leads_to_the_chapter(book: CodeBook):
    above = book.ancestors(get(book, "E1121"), SPRING)
    assert [version.entry.key for version in above] == ["E112", "E11", "block E08-E13", "chapter 4"]
    assert book.ancestors(get(book, "chapter 4"), SPRING) == []


def test_every_entry_has_a_way_up_to_its_chapter(book: CodeBook):
    [orphans] = book.connection.execute(
        "SELECT count(*) FROM entries e WHERE level != 'chapter' AND NOT EXISTS"
        " (SELECT 1 FROM entries p WHERE p.system = e.system AND p.key = e.parent)"
    ).fetchone()
    assert orphans == 0


def test_children_and_siblings_are_each_others_reverse(book: CodeBook):
    header = get(book, "S060X")
    below = book.children(header, SPRING)
    assert [version.entry.code for version in below] == ["S06.0X0", "S06.0X1", "S06.0XA", "S06.0X9"]
    for child in below:
        assert book.siblings(child, SPRING) == below
    chapter = get(book, "chapter 1")
    assert book.siblings(chapter, SPRING) == [chapter]
    assert book.children(get(book, "I10"), SPRING) == []


@pytest.fixture(scope="module")
def tabular_children() -> dict[str, list[str]]:
    """What stands directly below each entry that has parts of its own, read without the reader under test."""
    found: dict[str, list[str]] = {}
    for node in ElementTree.parse(installed.tabular()).getroot().iter("diag"):
        if below := [child.findtext("name", "").replace(".", "") for child in node.findall("diag")]:
            found[node.findtext("name", "").replace(".", "")] = below
    return found


def order_of_children(book: CodeBook, on: date) -> dict[str, list[str]]:
    rows = book.connection.execute(
        "SELECT parent, key FROM entries WHERE system = ?1 AND parent IS NOT NULL"
        " AND (since IS NULL OR since <= ?2) AND (until IS NULL OR until >= ?2) ORDER BY position",
        (System.ICD10CM, on.isoformat()),
    )
    found: dict[str, list[str]] = {}
    for parent, key in rows:
        found.setdefault(parent, []).append(key)
    return found


def test_children_stand_in_the_order_of_the_tabular_list(book: CodeBook, tabular_children: dict[str, list[str]]):
    found = order_of_children(book, SPRING)
    assert {parent: found[parent] for parent in tabular_children} == tabular_children


def test_children_stand_in_that_order_with_the_next_release_as_well(
    book_of_all: CodeBook, tabular_children: dict[str, list[str]]
):
    found = order_of_children(book_of_all, TODAY)
    assert found["D69"] == ["D690", "D691", "D692", "D693", "D694", "D695", "D696", "D698", "D699"]
    for parent, before in tabular_children.items():
        stay = [key for key in found.get(parent, []) if key in before]
        assert stay == [key for key in before if key in stay], parent


def test_hcpcs_codes_stand_in_the_order_of_their_codes(book_of_all: CodeBook):
    block = get(book_of_all, "E codes", system=System.HCPCS)
    keys = [version.entry.key for version in book_of_all.children(block, TODAY)]
    assert keys == sorted(keys)


def test_a_new_category_stands_where_its_letters_put_it(book_of_all: CodeBook):
    place = book_of_all.categories
    assert place["J4A"] < place["J4B"] < place["J60"]


def test_categories_stand_in_the_order_of_the_list_and_not_of_the_alphabet(book: CodeBook):
    place = book.categories
    assert place["C43"] < place["C4A"] < place["C44"]
    assert place["Z99"] < place["U07"]


# The file.


def test_a_book_may_be_read_by_several_threads(book: CodeBook):
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(get(book, "I10").entry.title)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["Essential (primary) hypertension"] * 4


@pytest.mark.parametrize("content", [None, b"", b"no database, but some words", bytes(8192)])
def test_without_a_database_it_says_how_to_build_one(tmp_path: Path, content: bytes | None):
    if content is not None:
        (tmp_path / "codes.db").write_bytes(content)
    with pytest.raises(NoCodes, match=r"python -m bot codes build"):
        CodeBook(tmp_path / "codes.db")


def test_a_database_that_was_cut_off_counts_as_none(codes_folder: Path, tmp_path: Path):
    data = Place(codes_folder).database.read_bytes()
    for size in (100, 8192, len(data) // 2, len(data) - 8192):
        (tmp_path / "codes.db").write_bytes(data[:size])
        with pytest.raises(NoCodes):
            CodeBook(tmp_path / "codes.db")


def test_a_database_of_another_format_counts_as_none(tmp_path: Path):
    connection = sqlite3.connect(tmp_path / "codes.db")
    connection.execute("CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
    connection.close()
    with pytest.raises(NoCodes):
        CodeBook(tmp_path / "codes.db")
