"""A page on an entry: what stands above, below and beside it, the notes that apply, and how sure the day is."""

from datetime import date

from bot.codes.book import CodeBook
from bot.codes.sheet import sheet
from bot.core.codes import NoteKind, System
from tests.codes.test_book import SPRING, TODAY, get


def test_a_page_gathers_notes_from_above_the_nearest_first(book: CodeBook):
    page = sheet(book, get(book, "E1121", SPRING), SPRING)
    assert [v.entry.key for v in page.path] == ["chapter 4", "block E08-E13", "E11", "E112"]
    at = [note.at.entry.key for note in page.notes if note.kind is not NoteKind.INCLUSION_TERM]
    assert at == sorted(at, key=["E1121", "E112", "E11", "block E08-E13", "chapter 4"].index)
    assert ("E11", "type 1 diabetes mellitus (E10.-)") in {(n.at.entry.key, n.text) for n in page.notes}
    assert (page.before, page.after and page.after.entry.key) == (None, "E1122")


def test_a_page_names_the_7th_characters_that_apply(book: CodeBook):
    page = sheet(book, get(book, "S060X0", SPRING), SPRING)
    assert list(page.sevenths) == [("A", "initial encounter"), ("D", "subsequent encounter"), ("S", "sequela")]
    assert [child.entry.key for child in page.children] == ["S060X0A", "S060X0D", "S060X0S"]


def test_a_page_says_when_the_release_no_longer_speaks_for_the_day(book: CodeBook, book_of_all: CodeBook):
    assert sheet(book, get(book, "I10"), TODAY).outdated
    assert not sheet(book, get(book, "I10"), SPRING).outdated
    assert not sheet(book_of_all, get(book_of_all, "I10"), TODAY).outdated


def test_a_page_says_when_the_day_lies_before_all_that_is_known(book: CodeBook):
    assert sheet(book, get(book, "I10"), date(2020, 1, 1)).early
    assert not sheet(book, get(book, "I10"), SPRING).early


def test_a_day_of_the_release_before_the_newest_is_not_early(book_of_all: CodeBook):
    assert not sheet(book_of_all, get(book_of_all, "I10", SPRING), SPRING).early


def test_a_procedure_is_told_axis_by_axis(book_of_all: CodeBook):
    page = sheet(book_of_all, get(book_of_all, "0DTJ4ZZ", system=System.ICD10PCS), TODAY)
    assert [(m.value, m.label) for m in page.meanings] == [
        ("0", "Medical and Surgical"),
        ("D", "Gastrointestinal System"),
        ("T", "Resection"),
        ("J", "Appendix"),
        ("4", "Percutaneous Endoscopic"),
        ("Z", "No Device"),
        ("Z", "No Qualifier"),
    ]
    assert "without replacement, all of a body part" in page.meanings[2].explained
    assert book_of_all.definition("0", 3, "No Such Operation") == {}
