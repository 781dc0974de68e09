"""CPT stays in the installation of the operator who holds the licence, and leaves it in no form of data."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.codes import printed
from bot.codes.book import CodeBook
from bot.codes.build import ATTESTATION, Place, build, silence
from bot.codes.find import find
from bot.codes.importing import import_files
from bot.codes.release import FileFault
from bot.codes.sources.cpt import LicenceNeeded
from bot.core.codes import System
from tests.codes import small
from tests.codes.files import hcpcs_text, written
from tests.codes.test_recognise import packed

TODAY = date(2026, 11, 21)
ANWEB = "HCPC2025_OCT_ANWEB.txt"
CPT = "Code\tDescriptor\r\n99202\tfirst invented words\r\n99203\tsecond invented words\r\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    small.install(tmp_path, monkeypatch)
    there = Place(tmp_path / "codes")
    build(there, {})
    return there


def take(place: Place, path: Path, licence: bool = False) -> None:
    import_files(place, [path], {}, silence, cpt_licence=licence)


def test_cpt_is_refused_without_the_word_of_the_operator(place: Place, tmp_path: Path):
    path = written(tmp_path, "licensed_2026.txt", CPT)
    with pytest.raises(LicenceNeeded, match="--i-hold-an-ama-licence"):
        take(place, path)
    assert [path.name for path in place.folder.iterdir()] == ["codes.db"]


def test_cpt_in_an_archive_is_refused_as_well(place: Place, tmp_path: Path):
    with pytest.raises(FileFault, match=r"licensed\.zip > licensed_2026\.txt: .* --i-hold-an-ama-licence"):
        take(place, packed(tmp_path, "licensed.zip", {"licensed_2026.txt": CPT}))
    assert [path.name for path in place.folder.iterdir()] == ["codes.db"]


def test_beside_files_that_may_be_read_cpt_is_passed_over(place: Place, tmp_path: Path):
    take(place, packed(tmp_path, "several.zip", {"licensed_2026.txt": CPT, ANWEB: hcpcs_text()}))
    assert not place.licensed.exists()
    assert CodeBook(place.database).systems == [System.ICD10CM, System.HCPCS]


@pytest.fixture
def licensed(place: Place, tmp_path: Path) -> Place:
    take(place, written(tmp_path, "licensed_2026.txt", CPT), licence=True)
    return place


def test_cpt_is_kept_apart_with_who_said_so_and_when(licensed: Place):
    names = sorted(path.name for path in licensed.licensed.rglob("*") if path.is_file())
    assert [name[-17:] for name in names] == [ATTESTATION[-17:], "licensed_2026.txt"]
    assert not list(licensed.imported.glob("*"))
    said = (licensed.licensed / ATTESTATION).read_text(encoding="utf-8")
    assert "AMA licence" in said
    assert abs((datetime.now(UTC) - datetime.fromisoformat(said.split(": ")[0])).total_seconds()) < 60


def test_cpt_is_read_again_by_every_build(licensed: Place):
    build(licensed, {"I10": ("htn",)})
    book = CodeBook(licensed.database)
    assert book.entry(System.CPT, "99202", TODAY)
    assert "invented" in "".join(version.entry.title for version in book.history(System.CPT, "99203"))


def test_other_files_are_not_put_with_the_licensed_ones(place: Place, tmp_path: Path):
    take(place, written(tmp_path, ANWEB, hcpcs_text()), licence=True)
    assert not place.licensed.exists()
    assert len(list(place.imported.iterdir())) == 1


@pytest.mark.parametrize("query", ["99202", "9920", "first invented words", "invented"])
def test_cpt_never_leaves_as_data(licensed: Place, query: str):
    book = CodeBook(licensed.database)
    found = find(book, {}, query, TODAY)
    assert System.CPT in {version.release.system for version in found}
    assert "invented" not in json.dumps(printed.hits(found))
    assert {hit["system"] for hit in printed.hits(found)} <= {"ICD-10-CM"}
    for version in found:
        data = printed.sheet_data(book, version, TODAY)
        assert "invented" not in json.dumps(data) + printed.sheet_text(data)
    assert "invented" not in json.dumps(printed.status_data(book)) + printed.status(book, TODAY)
