"""The command line of the code sets, called in this process, with a folder of its own for each test."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.config import Settings
from tests.codes.databases import own_copy


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content_folder: Path) -> None:
    """An empty folder, no settings of this machine, and the content of the shared databases."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("CONTENT_PATH", str(content_folder))
    monkeypatch.setenv("CODES_PATH", str(tmp_path / "codes"))


@pytest.fixture
def own(codes_folder: Path, tmp_path: Path) -> Path:
    """The installed ICD-10-CM, built."""
    return own_copy(codes_folder, tmp_path / "codes")


@pytest.fixture
def own_of_all(folder_of_all: Path, tmp_path: Path) -> Path:
    return own_copy(folder_of_all, tmp_path / "codes")


def call(*arguments: str, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(app, ["codes", *arguments], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def data(*arguments: str) -> Any:
    result = call(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(*arguments: str) -> str:
    """The one line that says what is wrong, beside the progress bars."""
    result = call(*arguments)
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    [line] = [line for line in result.stderr.splitlines() if line.strip() and not re.search(r" \d+:\d\d:\d\d *$", line)]
    return line
