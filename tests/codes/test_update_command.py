"""`python -m bot codes update`: what it prints, when it fails, and that no other command pays for it."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.codes.build import Place
from tests.codes.publisher import Publisher
from tests.codes.test_update import HCPCS, PCS, listed, place, publisher

__all__ = ["place", "publisher"]

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def settings(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CODES_PATH", str(place.folder))
    (tmp_path / "content").mkdir()
    monkeypatch.setenv("CONTENT_PATH", "content")


async def call(*arguments: str) -> Result:
    """In a thread, as the server answers from this one."""
    result = await asyncio.to_thread(CliRunner().invoke, app, ["codes", "update", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


async def test_it_says_what_became_of_each_file(publisher: Publisher, place: Place, tmp_path: Path):
    path = str(listed(tmp_path, publisher))
    first = await call("--addresses", path)
    assert first.exit_code == 0, first.output
    assert "ICD-10-PCS FY2026, tables: 2026-code-tables.zip: ICD-10-PCS FY2026 (full)" in first.stdout
    assert len(place.files()) == 3
    again = await call("--addresses", path)
    assert again.exit_code == 0
    assert [line for line in again.stdout.splitlines() if line] == [
        "ICD-10-CM FY2027, tables: is up to date.",
        "ICD-10-PCS FY2026, tables: is up to date.",
        "HCPCS Level II October 2026, tables: is up to date.",
    ]


async def test_it_fails_if_one_failed_and_imports_the_others(publisher: Publisher, place: Place, tmp_path: Path):
    del publisher.files[PCS]
    path = listed(tmp_path, publisher)
    result = await call("--addresses", str(path))
    assert result.exit_code == 1
    assert "ICD-10-PCS FY2026, tables: could not be fetched: there is no such file any more" in result.stderr
    assert f"1 of 3 failed, which changed nothing. Addresses: {path}" in result.stderr
    assert len(place.files()) == 2


async def test_only_one_set_is_fetched_if_asked(publisher: Publisher, tmp_path: Path):
    result = await call("--addresses", str(listed(tmp_path, publisher)), "--only", "hcpcs")
    assert result.exit_code == 0, result.output
    assert [request.path for request in publisher.asked] == [HCPCS]
    none = await call("--only", "CPT")
    assert (none.exit_code, "names no file of CPT" in none.stderr) == (1, True)
    unknown = await call("--only", "SNOMED")
    assert (unknown.exit_code, "There is no code set SNOMED" in unknown.stderr) == (1, True)


async def test_a_dry_run_fetches_nothing(publisher: Publisher, tmp_path: Path):
    result = await call("--addresses", str(listed(tmp_path, publisher)), "--dry-run")
    assert result.exit_code == 0
    assert "HCPCS Level II October 2026, tables (new)\n    http://127.0.0.1" in result.stdout
    assert publisher.asked == []


async def test_the_list_beside_the_code_sets_is_taken_before_the_shipped_one(publisher: Publisher, place: Place):
    shipped = await call("--dry-run")
    assert "https://www.cms.gov/files/zip/" in shipped.stdout
    own = listed(place.folder, publisher)
    result = await call("--dry-run")
    assert "cms.gov" not in result.stdout
    assert f"Addresses: {own}" in result.stdout


async def test_a_list_that_can_not_be_read_is_one_sentence(place: Place):
    (place.folder / "addresses.yaml").write_text("addresses: 7")
    result = await call()
    assert result.exit_code == 1
    assert result.stderr.strip() == "Nothing was updated. addresses.yaml: addresses: is no list"


def test_other_commands_load_none_of_it():
    """`--version` and `--help` stay quick."""
    heavy = ("aiohttp", "openpyxl", "sqlite3", "rich.progress", "bot.app", "bot.codes.build")
    script = f"import sys, bot.__main__; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
