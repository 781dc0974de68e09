"""The command line: what it offers, and one clear sentence with exit code 1 for what can't be done."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import __version__, log, preparing
from bot.__main__ import app
from bot.config import Settings
from tests.packs.yaml_text import item, pack

ROOT = Path(__file__).parent.parent
TOKEN = "MTk4.Cl2FMQ.secret"


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder, no settings of this machine, and no change to how this process logs."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(log, "configure", lambda *_: None)


def call(*arguments: str) -> Result:
    result = CliRunner().invoke(app, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def said(result: Result) -> list[str]:
    return [line for line in result.output.splitlines() if line.strip()]


def test_help_lists_every_command_with_what_it_does():
    result = call("--help")
    assert result.exit_code == 0
    for name in ("run", "demo", "check", "migrate", "backup", "restore", "doctor"):
        assert any(name in line.split() for line in result.output.splitlines()), name
    assert [command.callback.__doc__ for command in app.registered_commands if command.callback].count(None) == 0


def test_without_a_command_it_shows_the_help():
    assert "Usage" in call().output


@pytest.mark.parametrize("command", ["run", "demo", "check", "migrate", "backup", "restore", "doctor"])
def test_every_command_explains_itself(command: str):
    result = call(command, "--help")
    assert result.exit_code == 0
    assert "Usage" in result.output


def test_version_prints_the_version_alone():
    result = call("--version")
    assert (result.exit_code, result.output) == (0, f"{__version__}\n")


def test_run_without_a_token_is_one_clear_sentence():
    result = call("run")
    assert result.exit_code == 1
    [line] = said(result)
    assert line.startswith("DISCORD_TOKEN is not set. Copy .env.example to .env")
    assert "make demo" in line
    assert not Path("var").exists(), "nothing is made before it is known that the bot can run"


@pytest.mark.parametrize("command", [("run",), ("migrate",), ("doctor",), ("backup", "x.db"), ("restore", "x.db")])
def test_a_wrong_setting_is_named_by_every_command_that_needs_settings(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("HEALTH_PORT", "eighty-eighty")
    result = call(*command)
    assert result.exit_code == 1
    assert said(result)[0] == "Some settings can't be used (see .env.example):"
    assert said(result)[1].startswith("HEALTH_PORT: ")
    assert "eighty-eighty" not in result.output
    assert TOKEN not in result.output


def test_run_with_faulty_content_says_where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("CONTENT_PATH", str(pack(tmp_path / "content", item("item-1", stem=None))))
    result = call("run")
    assert result.exit_code == 1
    assert said(result)[0] == "1 fault in the content:"
    assert "item-1: stem: is missing" in said(result)[1]


def test_run_with_a_database_that_can_not_be_opened_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    monkeypatch.setenv("CONTENT_PATH", str(pack(tmp_path / "content")))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/file/bot.db")
    result = call("run")
    assert result.exit_code == 1
    [line] = said(result)
    assert "can't be opened" in line


@pytest.fixture
def no_code_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Building them takes seconds; what `check` asks them has tests of its own."""
    monkeypatch.setattr(preparing, "code_book", lambda _: None)


@pytest.mark.usefixtures("no_code_sets")
def test_check_passes_on_sound_content_and_fails_on_faulty(tmp_path: Path):
    sound = call("check", str(pack(tmp_path / "sound")))
    assert sound.exit_code == 0
    assert said(sound)[-2] == "1 items, 1 concepts, 1 exams: no faults."
    assert said(sound)[-1].startswith("The codes it names were not judged")
    faulty = call("check", str(pack(tmp_path / "faulty", item("item-1", stem=None))))
    assert faulty.exit_code == 1
    assert said(faulty)[-2] == "1 fault."


@pytest.mark.usefixtures("no_code_sets")
def test_check_writes_the_schemas(tmp_path: Path):
    assert call("check", str(pack(tmp_path / "content")), "--write-schemas").exit_code == 0
    assert {path.name for path in Path("schema").iterdir()} == {
        "questions.schema.json", "concepts.schema.json", "exams.schema.json", "terms.schema.json",
        "synonyms.schema.json", "issuers.schema.json", "careers.schema.json", "cases.schema.json",
    }  # fmt: skip


def test_migrate_backup_and_restore_in_turn():
    assert said(call("migrate"))[0].startswith("Applied: 0001 ")
    assert said(call("migrate"))[0].startswith("The database is up to date")
    assert "opened and checked" in call("backup", "copy.db").output
    again = call("backup", "copy.db")
    assert (again.exit_code, said(again)) == (1, ["copy.db exists already; name a file that does not."])
    refused = call("restore", "copy.db")
    assert refused.exit_code == 1
    assert "--overwrite" in refused.output
    done = call("restore", "copy.db", "--overwrite")
    assert done.exit_code == 0
    assert Path("var/coderounds.db.before-restore").exists()


def test_doctor_fails_when_something_is_to_mend(tmp_path: Path):
    pack(tmp_path / "content")
    result = call("doctor")
    assert result.exit_code == 1
    marks = {line[6:].split(":")[0]: line[:4] for line in said(result)}
    assert marks == {"content": "ok  ", "code sets": "MEND", "database": "ok  ", "disk": "ok  ", "token": "MEND"}


@pytest.mark.parametrize("arguments", [("fly",), ("backup",), ("demo", "--port", "70000")])
def test_what_it_does_not_know_is_a_usage_error(arguments: tuple[str, ...]):
    assert call(*arguments).exit_code == 2


def test_it_runs_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "bot", "--version"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == __version__
