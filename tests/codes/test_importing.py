"""Imports are all or nothing, and a corrected file takes the place of the one before."""

import hashlib
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.codes import importing, printed
from bot.codes.book import CodeBook
from bot.codes.build import Place, build, is_current, silence
from bot.codes.find import find
from bot.codes.importing import Imported, import_files
from bot.codes.release import FileFault
from bot.core.codes import System, Version
from tests.codes import small
from tests.codes.files import HCPCS, INDEX, hcpcs_text, hcpcs_workbook, order_file, written
from tests.codes.test_recognise import DEFINITIONS, packed

TODAY = date(2026, 11, 21)
EVERYDAY = {"I10": ("high blood pressure",)}
ADDENDA = "icd10cm_codes_addenda_2027.txt"
ANWEB = "HCPC2025_OCT_ANWEB.txt"


@pytest.fixture(autouse=True)
def installed_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return small.install(tmp_path, monkeypatch)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    there = Place(tmp_path / "codes")
    build(there, EVERYDAY)
    return there


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Where the operator keeps the files."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    return folder


def take(place: Place, *paths: Path) -> list[Imported]:
    return import_files(place, paths, EVERYDAY, silence)


def state(place: Place) -> dict[str, bytes]:
    """Every file below the place."""
    return {str(p.relative_to(place.folder)): p.read_bytes() for p in place.folder.rglob("*") if p.is_file()}


def entry(place: Place, system: System, key: str, on: date = TODAY) -> Version | None:
    book = CodeBook(place.database)
    found = book.entry(system, key, on)
    book.close()
    return found


def test_a_file_is_kept_and_its_codes_are_there(place: Place, outside: Path):
    [one] = take(place, written(outside, ADDENDA, small.addenda()))
    assert (one.file, one.new, one.replaced) == (ADDENDA, True, "")
    assert one.sources[0].counts == {"added": 2, "deleted": 1, "revised": 1}
    assert [path.name for path in place.files()] == [ADDENDA]
    added = entry(place, System.ICD10CM, "I101")
    assert added is not None
    assert added.since == date(2026, 10, 1)
    assert is_current(place, EVERYDAY)


def test_the_original_is_left_alone(place: Place, outside: Path):
    path = written(outside, ADDENDA, small.addenda())
    take(place, path)
    assert path.read_bytes() == small.addenda().encode()
    path.unlink()
    build(place, EVERYDAY)
    assert entry(place, System.ICD10CM, "I101")


def test_where_nothing_was_built_an_import_builds(tmp_path: Path, outside: Path):
    place = Place(tmp_path / "new")
    take(place, written(outside, ADDENDA, small.addenda()))
    assert entry(place, System.ICD10CM, "I101")


BAD = {
    "an unknown file": ("notes.txt", "a paper that is no list of codes"),
    "a damaged file": (ANWEB, hcpcs_text()[:-400]),
    "changes to another release": (ADDENDA, small.addenda(before=99)),
}


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("first", [True, False])
def test_one_bad_file_of_several_changes_nothing(place: Place, outside: Path, bad: str, first: bool):
    before = state(place)
    name, text = BAD[bad]
    good = written(outside, "icd10cm-index-2027.xml", INDEX)
    paths = [written(outside, name, text), good]
    with pytest.raises(FileFault, match=name):
        take(place, *(paths if first else reversed(paths)))
    assert state(place) == before


def test_a_build_that_fails_takes_the_new_files_back(place: Place, outside: Path, monkeypatch: pytest.MonkeyPatch):
    before = state(place)

    def full_disk(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(importing, "build", full_disk)
    with pytest.raises(OSError, match="No space"):
        take(place, written(outside, ADDENDA, small.addenda()))
    assert state(place) == before


def test_the_same_file_is_imported_once(place: Place, outside: Path):
    path = written(outside, ADDENDA, small.addenda())
    take(place, path)
    before = state(place)
    [again] = take(place, written(outside, "another-name-2027.txt", small.addenda()))
    assert (again.new, again.file) == (False, "another-name-2027.txt")
    assert state(place) == before


def test_the_same_file_twice_in_one_go_is_imported_once(place: Place, outside: Path):
    path = written(outside, ADDENDA, small.addenda())
    assert [one.new for one in take(place, path, path)] == [True, False]
    assert len(place.files()) == 1


def renamed(title: str, acted: str = "20251001") -> str:
    """A release in which a cane is called so, by an action on that day."""
    cane = {"long": title, "acted": acted, "action": "C"}
    return hcpcs_text([record | (cane if record["code"] == "E0100" else {}) for record in HCPCS])


def test_a_corrected_file_takes_the_place_of_the_one_before(place: Place, outside: Path):
    take(place, written(outside, ANWEB, renamed("Cane")))
    [one] = take(place, written(outside, ANWEB, renamed("Cane, of wood")))
    assert one.replaced.endswith(ANWEB)
    [kept] = place.files()
    assert "Cane, of wood" in kept.read_text(encoding="utf-8")
    cane = entry(place, System.HCPCS, "E0100")
    assert cane is not None
    assert cane.entry.title == "Cane, of wood"
    assert is_current(place, EVERYDAY)


def test_a_workbook_takes_the_place_of_the_text_of_the_same_release(place: Place, outside: Path):
    take(place, written(outside, ANWEB, renamed("Cane, of wood")))
    records = [record | ({"acted": "20251001"} if record["code"] == "E0100" else {}) for record in HCPCS]
    [one] = take(place, hcpcs_workbook(outside / "HCPC2025_OCT_ANWEB.xlsx", records))
    assert one.replaced.endswith(ANWEB)
    assert len(place.files()) == 1


def test_a_release_of_another_date_stands_beside_it(place: Place, outside: Path):
    take(place, written(outside, ANWEB, hcpcs_text()))
    [one] = take(place, written(outside, "HCPC2026_JAN_ANWEB.txt", renamed("Cane, of wood")))
    assert one.replaced == ""
    assert len(place.files()) == 2


def test_a_release_keeps_the_date_that_its_name_tells(place: Place, outside: Path):
    take(place, written(outside, ANWEB, hcpcs_text()))
    cane = entry(place, System.HCPCS, "E0100")
    assert cane is not None
    assert (cane.release.name, cane.release.effective) == ("October 2025", date(2025, 10, 1))


def unlucky(text: str) -> str:
    """The text with blanks added until its hash begins with what looks like a year; about one file in 150 has one."""
    for blanks in range(5000):
        longer = text + " " * blanks + "\r\n"
        if re.search(r"(?<!\d)20\d\d(?!\d)", hashlib.sha256(longer.encode()).hexdigest()[:12]):
            return longer
    raise AssertionError("no such hash")


def test_no_year_is_read_from_a_hash(place: Place, outside: Path):
    lines = [(key, int(key in small.CODES), f"Title of {key}") for key in sorted(small.LISTED, key=by_chapter)]
    take(place, written(outside, "icd10cm_order_2027.txt", unlucky(order_file(lines))))
    assert entry(place, System.ICD10CM, "I10")


def by_chapter(key: str) -> tuple[bool, str]:
    """The order of the tabular list, in which U stands last."""
    return key.startswith("U"), key


def test_a_corrected_file_that_is_bad_leaves_the_one_before(place: Place, outside: Path):
    take(place, written(outside, ANWEB, hcpcs_text()))
    before = state(place)
    with pytest.raises(FileFault):
        take(place, written(outside, ANWEB, renamed("")))
    assert state(place) == before


def test_an_archive_tells_what_it_passed_over(place: Place, outside: Path):
    path = packed(outside, "release.zip", {ADDENDA: small.addenda(), "readme.pdf": b"%PDF-1.7 a paper"})
    [one] = take(place, path)
    assert [source.system for source in one.sources] == [System.ICD10CM]
    assert len(one.skipped) == 1
    assert one.skipped[0].startswith("readme.pdf ")
    assert "readme.pdf" in printed.imported(one)


@pytest.mark.parametrize("kind", ["index and drugs, as CMS packs them", "two years of HCPCS"])
def test_an_archive_may_hold_several_files_of_one_kind(place: Place, outside: Path, kind: str):
    members: dict[str, dict[str, str | bytes]] = {
        "index and drugs, as CMS packs them": {
            "icd10cm-index-2027.xml": INDEX,
            "icd10cm-drug-2027.xml": INDEX.replace("Abscess", "Aspirin"),
        },
        "two years of HCPCS": {"HCPC2024_OCT_ANWEB.txt": hcpcs_text(), ANWEB: renamed("Cane, of wood")},
    }
    [one] = take(place, packed(outside, "release.zip", members[kind]))
    assert len(one.sources) == 2


def test_the_installed_file_may_be_imported(place: Place, outside: Path, installed_list: Path):
    path = outside / small.NAME
    shutil.copyfile(installed_list, path)
    take(place, path)
    assert entry(place, System.ICD10CM, "A000")


def test_words_without_codes_do_no_harm(place: Place, outside: Path):
    take(place, written(outside, "icd10pcs_definitions_2026.xml", DEFINITIONS))
    book = CodeBook(place.database)
    assert "ICD-10-CM" in printed.status(book, TODAY)


def test_status_tells_of_every_imported_file(place: Place, outside: Path):
    take(place, written(outside, "icd10cm-index-2027.xml", INDEX))
    told = [file["file"] for one in printed.status_data(CodeBook(place.database)) for file in one["files"]]
    assert told == [small.NAME, "icd10cm-index-2027.xml"]


def test_terms_of_an_index_lead_to_their_codes(place: Place, outside: Path):
    text = INDEX.replace("L02.41-", "A09").replace("L02.91", "A00.1").replace("F44.4", "A00.0")
    take(place, written(outside, "icd10cm-index-2027.xml", text))
    book = CodeBook(place.database)
    found = {word: [v.entry.code for v in find(book, {}, word, TODAY)][:1] for word in ("abasia", "abscess skin arm")}
    assert found == {"abasia": ["A00.0"], "abscess skin arm": ["A09"]}
