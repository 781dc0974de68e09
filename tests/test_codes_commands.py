"""`python -m bot codes build, import, status`: what each prints, and one sentence for what can't be done."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.codes.build import Place
from tests.codes import databases, shell, small
from tests.codes.files import hcpcs_text, written
from tests.codes.shell import call, data, refused

content_folder, codes_folder = databases.content_folder, databases.codes_folder
folder_of_all = databases.folder_of_all
alone, own, own_of_all = shell.alone, shell.own, shell.own_of_all

CPT = "99202\tinvented words\r\n99203\tmore of them\r\n"
ADDENDA = "icd10cm_codes_addenda_2027.txt"


@pytest.fixture
def small_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A small list in the place of the installed one and no everyday terms, nothing built yet."""
    small.install(tmp_path, monkeypatch)
    (tmp_path / "content").mkdir()
    monkeypatch.setenv("CONTENT_PATH", str(tmp_path / "content"))
    return Place(tmp_path / "codes")


def test_every_command_explains_itself():
    listed = call("--help").output
    for name in ("build", "import", "update", "status", "search", "show", "together"):
        assert re.search(rf"\b{name}\b", listed)
        result = call(name, "--help")
        assert result.exit_code == 0
        assert "Usage" in result.output


# Building.


def test_build_says_what_it_built_and_then_that_nothing_changed(small_list: Place):
    first, second = call("build"), call("build")
    assert first.exit_code == second.exit_code == 0
    assert first.stdout.startswith(f"Built {small_list.database}\nICD-10-CM FY2026, April 2026 update: in force from")
    assert "15 codes, 10 headers" in first.stdout
    assert second.stdout.startswith(f"Nothing changed: {small_list.database}\n")


def test_build_again_builds_in_any_case(small_list: Place):
    call("build")
    before = small_list.database.stat().st_ino, small_list.database.stat().st_mtime_ns
    assert call("build", "--again").stdout.startswith("Built")
    assert (small_list.database.stat().st_ino, small_list.database.stat().st_mtime_ns) != before


def test_a_shared_database_is_current_with_the_content_it_was_built_from(own: Path):
    assert call("build").stdout.startswith("Nothing changed: ")


@pytest.mark.parametrize("option", [[], ["--again"]])
def test_a_build_that_fails_leaves_the_database(small_list: Place, option: list[str]):
    call("build")
    before = small_list.database.read_bytes()
    folder = small_list.imported / "0123456789ab"
    folder.mkdir(parents=True)
    written(folder, ADDENDA, small.addenda(before=99))
    line = refused("build", *option)
    assert line.startswith("The code database could not be built; the one before stays in use. ")
    assert f"{ADDENDA}: builds on a release of 99 codes" in line
    assert small_list.database.read_bytes() == before


def test_settings_that_cannot_be_used_are_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    result = call("status")
    assert result.exit_code == 1
    assert "LOG_LEVEL" in result.stderr


def test_content_that_cannot_be_used_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "broken"
    (folder / "synonyms").mkdir(parents=True)
    written(folder / "synonyms", "bad.yaml", "synonyms: [")
    monkeypatch.setenv("CONTENT_PATH", str(folder))
    result = call("status")
    assert result.exit_code == 1
    assert "bad.yaml" in result.stderr


# Importing.


def test_import_says_what_each_file_brought(small_list: Place, tmp_path: Path):
    paths = [written(tmp_path, ADDENDA, small.addenda()), written(tmp_path, "HCPC2025_OCT_ANWEB.txt", hcpcs_text())]
    result = call("import", *map(str, paths))
    assert result.exit_code == 0, result.output
    first, second = result.stdout.splitlines()
    assert first == f"{ADDENDA}: ICD-10-CM FY2027 (changes): 2 added, 1 deleted, 1 revised."
    assert second.startswith(
        "HCPC2025_OCT_ANWEB.txt: HCPCS Level II October 2025 (full): 4 codes, 2 modifiers, 1 terminat"
    )
    assert data("search", "I10.1")["hits"][0]["code"] == "I10.1"
    assert call("import", str(paths[0])).stdout == f"{ADDENDA}: was imported before; nothing to do.\n"


def test_import_refuses_all_for_one_that_is_bad(small_list: Place, tmp_path: Path):
    good, bad = written(tmp_path, ADDENDA, small.addenda()), written(tmp_path, "notes.txt", "a paper about something")
    line = refused("import", str(good), str(bad))
    assert line.startswith("Nothing was imported. notes.txt: ")
    assert small_list.files() == []


def test_import_refuses_cpt_without_a_licence(small_list: Place, tmp_path: Path):
    path = written(tmp_path, "licensed_2026.txt", CPT)
    line = refused("import", str(path))
    assert "--i-hold-an-ama-licence" in line
    assert "invented" not in line
    assert call("import", str(path), "--i-hold-an-ama-licence").exit_code == 0
    assert "invented" not in json.dumps(data("search", "99202")) + json.dumps(data("show", "99202"))
    assert "invented" not in call("show", "99202").output
    assert data("search", "invented words")["hits"] == []


def test_import_of_a_file_that_is_not_there_is_a_usage_error():
    result = call("import", "nowhere.zip")
    assert result.exit_code == 2
    assert "nowhere.zip" in result.stderr


# Status.


def test_status_tells_releases_counts_and_files(own: Path):
    [release] = data("status")
    [file] = release.pop("files")
    assert release == {
        "system": "ICD-10-CM",
        "release": "FY2026, April 2026 update",
        "in_force_from": "2026-04-01",
        "in_force_until": "2026-09-30",
        "codes": 74_719,
        "headers": 23_467,
        "modifiers": 0,
        "notes_from": "FY2026, April 2026 update",
    }
    assert re.fullmatch("[0-9a-f]{64}", file["sha256"])
    assert (file["scope"], file["counts"]) == ("full", {"codes": 74_719, "headers": 23_467})
    text = call("status").stdout
    assert "74,719 codes, 23,467 headers" in text
    assert file["sha256"][:12] in text


def test_status_of_all_tells_each_release(own_of_all: Path):
    told = {(one["system"], one["in_force_from"]): one["codes"] for one in data("status")}
    assert told[("ICD-10-CM", "2026-04-01")] == 74_719
    assert told[("ICD-10-CM", "2026-10-01")] == 74_879
    assert told[("ICD-10-PCS", "2025-10-01")] == 79_115
    assert {system for system, _ in told} == {"ICD-10-CM", "ICD-10-PCS", "HCPCS Level II"}
    assert len(told) == 5


# A database that is not as it should be.

Damage = Callable[[Path], None]


def cut_off(path: Path) -> None:
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data[: len(data) // 2])


def of_nothing(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [cut_off, of_nothing])
def test_a_database_that_is_damaged_or_missing_is_built_when_it_is_needed(small_list: Place, damage: Damage):
    call("build")
    damage(small_list.database)
    assert data("search", "I10")["hits"][0]["code"] == "I10"
