"""The database changes only as a whole: built when its sources change, and never left half written."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from bot.codes import build as building
from bot.codes.book import CodeBook
from bot.codes.build import Place, build, digest, is_current, silence
from bot.codes.find import find
from bot.codes.release import FileFault
from bot.codes.sets import CodeSets
from bot.core.codes import Level, System
from bot.core.content import Content
from tests.codes import small
from tests.codes.files import PCS_TABLES, written

EVERYDAY = {"I10": ("high blood pressure",)}
TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def installed_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small list in the place of the installed one."""
    return small.install(tmp_path, monkeypatch)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A database that was built, and nothing imported."""
    there = Place(tmp_path / "codes")
    build(there, EVERYDAY)
    return there


def put(place: Place, name: str, text: str) -> Path:
    """A file that was imported: under its own name, in a folder of its own."""
    folder = place.imported / sha256(name.encode()).hexdigest()[:12]
    folder.mkdir(parents=True)
    return written(folder, name, text)


def codes(place: Place, on: date = TODAY) -> set[str]:
    book = CodeBook(place.database)
    rows = book.connection.execute("SELECT DISTINCT key FROM entries WHERE level = ?", (Level.CODE,)).fetchall()
    found = {
        key for (key,) in rows if (v := book.entry(System.ICD10CM, key, on)) and v.entry.billable and v.valid_on(on)
    }
    book.close()
    return found


def test_the_codes_of_the_installed_list_are_there(place: Place):
    assert codes(place) == small.CODES
    assert [path.name for path in place.folder.iterdir()] == ["codes.db"]


def test_progress_is_told_to_its_end(tmp_path: Path):
    told: list[tuple[str, int, int]] = []
    build(Place(tmp_path / "new"), {}, lambda *step: told.append(step))
    assert all(label and 0 <= done <= of for label, done, of in told)
    assert told[-1][1] == told[-1][2]


def test_the_same_is_not_built_twice(tmp_path: Path):
    sets = CodeSets(tmp_path / "new", Content())
    assert sets.ensure() is True
    before = sets.place.database.stat()
    assert sets.ensure() is False
    assert sets.place.database.stat() == before


def other_words(place: Place, patch: pytest.MonkeyPatch, tabular: Path) -> dict[str, tuple[str, ...]]:
    return {"I10": ("high blood pressure", "htn")}


def other_file(place: Place, patch: pytest.MonkeyPatch, tabular: Path) -> dict[str, tuple[str, ...]]:
    put(place, "icd10cm_codes_addenda_2027.txt", small.addenda())
    return EVERYDAY


def other_release(place: Place, patch: pytest.MonkeyPatch, tabular: Path) -> dict[str, tuple[str, ...]]:
    small.install(tabular.parent, patch, small.TABULAR.replace("Cholera, unspecified", "Cholera NOS"))
    return EVERYDAY


def other_format(place: Place, patch: pytest.MonkeyPatch, tabular: Path) -> dict[str, tuple[str, ...]]:
    patch.setattr(building, "FORMAT", f"{building.FORMAT}.1")
    return EVERYDAY


def no_database(place: Place, patch: pytest.MonkeyPatch, tabular: Path) -> dict[str, tuple[str, ...]]:
    place.database.unlink()
    return EVERYDAY


def damaged_database(place: Place, patch: pytest.MonkeyPatch, tabular: Path) -> dict[str, tuple[str, ...]]:
    place.database.write_bytes(b"not a database at all" * 1000)
    return EVERYDAY


Change = Callable[[Place, pytest.MonkeyPatch, Path], dict[str, tuple[str, ...]]]


@pytest.mark.parametrize(
    "change", [other_words, other_file, other_release, other_format, no_database, damaged_database]
)
def test_whatever_it_is_made_of_makes_it_out_of_date(
    place: Place, monkeypatch: pytest.MonkeyPatch, installed_list: Path, change: Change
):
    assert is_current(place, EVERYDAY)
    everyday = change(place, monkeypatch, installed_list)
    assert not is_current(place, everyday)
    build(place, everyday)
    assert is_current(place, everyday)


def test_an_imported_file_that_was_taken_away_makes_it_out_of_date(place: Place):
    added = put(place, "icd10cm_codes_addenda_2027.txt", small.addenda())
    build(place, EVERYDAY)
    assert codes(place) == small.CODES - {"I10"} | {"I101", "I109"}
    added.unlink()
    assert not is_current(place, EVERYDAY)


def test_names_orders_and_hidden_files_change_nothing(place: Place):
    first, second = (put(place, name, name) for name in ("b.txt", "a.txt"))
    one = digest({"I10": ("x", "y"), "A09": ("z",)}, [first, second])
    assert one == digest({"A09": ("z",), "I10": ["x", "y"]}, [second, first])
    assert one != digest({"I10": ("y", "x"), "A09": ("z",)}, [first, second])
    hidden = place.imported / ".0123456789ab.part"
    hidden.mkdir()
    written(hidden, "cut-off.txt", "an import that never ended")
    assert place.files() == sorted([second, first])


# What goes wrong leaves the database as it was.


def test_a_fault_in_a_file_leaves_the_database_as_it_was(place: Place):
    before = place.database.read_bytes()
    put(place, "icd10cm_codes_addenda_2027.txt", small.addenda(before=99))
    with pytest.raises(FileFault, match="builds on a release of 99 codes"):
        build(place, EVERYDAY)
    assert place.database.read_bytes() == before
    assert sorted(path.name for path in place.folder.iterdir()) == ["codes.db", "sources"]


def test_a_crash_while_writing_leaves_the_database_as_it_was(place: Place, monkeypatch: pytest.MonkeyPatch):
    before = place.database.read_bytes()

    def full_disk(label: str, done: int, of: int) -> None:
        if label == "Search index":
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        build(place, {"I10": ("htn",)}, full_disk)
    assert place.database.read_bytes() == before
    assert [path.name for path in place.folder.iterdir()] == ["codes.db"]


def test_a_book_that_is_open_reads_on_while_the_file_is_replaced(place: Place):
    book = CodeBook(place.database)
    put(place, "icd10cm_codes_addenda_2027.txt", small.addenda())
    build(place, EVERYDAY)
    assert book.entry(System.ICD10CM, "I101", TODAY) is None
    assert [v.entry.key for v in find(book, {}, "cholera", TODAY, limit=1)] == ["A009"]
    book.close()


KILLED = """
import sys, tempfile
from pathlib import Path
from bot.codes import installed
from bot.codes.build import Place, build

tabular, folder = Path(sys.argv[1]), Path(sys.argv[2])
installed.tabular = lambda: tabular
installed.code_list = lambda: frozenset({listed!r})

def stop(label, done, of):
    if label == "Search index":
        print("in the middle", flush=True)
        sys.stdin.read()

build(Place(folder), {{"I10": ("htn",)}}, stop)
"""


def killed_build(place: Place, tabular: Path) -> None:
    """A process that is killed once half of the tables are written."""
    command = [sys.executable, "-c", KILLED.format(listed=sorted(small.LISTED)), str(tabular), str(place.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "in the middle\n"
        process.kill()
    assert process.returncode == -9


def test_a_build_that_was_killed_leaves_the_database_as_it_was(place: Place, installed_list: Path):
    before = place.database.read_bytes()
    killed_build(place, installed_list)
    assert place.database.read_bytes() == before
    assert is_current(place, EVERYDAY)
    build(place, {"I10": ("htn",)})
    assert is_current(place, {"I10": ("htn",)})


def test_what_a_killed_build_left_is_cleared_away_a_day_later(place: Place, installed_list: Path):
    """And not before: it might be that of a build that still runs."""
    killed_build(place, installed_list)
    [left] = place.folder.glob("codes.db.*.new")
    build(place, EVERYDAY)
    assert left.exists()
    long_ago = time.time() - 2 * 86_400
    os.utime(left, (long_ago, long_ago))
    build(place, EVERYDAY)
    assert [path.name for path in place.folder.iterdir()] == ["codes.db"]


# Other kinds of files beside the installed list.


def test_definitions_and_tables_are_kept_beside_the_codes(place: Place):
    put(place, "0123456789ab-icd10pcs_tables_2026.xml", PCS_TABLES)
    build(place, EVERYDAY)
    book = CodeBook(place.database)
    assert book.systems == [System.ICD10CM, System.ICD10PCS]
    table = book.entry(System.ICD10PCS, "001", TODAY)
    assert table is not None
    assert table.entry.level is Level.TABLE
    assert json.dumps(table.entry.facts).count("Cerebral Ventricle") == 1
    assert [child.entry.key for child in book.children(table, TODAY)] == ["00160Z2", "00160ZB", "00163Z2", "00163ZB"]
    book.close()


def test_silence_says_nothing(capsys: pytest.CaptureFixture[str]):
    silence("x", 1, 2)
    assert capsys.readouterr() == ("", "")
