"""Rules of the house that no linter knows."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import Settings

ROOT = Path(__file__).parent.parent
FOLDERS = ("bot", "cogs", "tests", "bench", "docs")
LINES_AT_MOST = 400

# Put together here, or this file would be the first to break its own rule.
ADDRESSES = re.compile(
    "|".join([
        "index" + "[-_]url", "find" + "[-_]links", "trusted" + "[-_]host", "pypi" + r"\.org", "python" + r"hosted\.org",
        "UV_" + "(DEFAULT_)?INDEX", "registry" + r"\.npmjs", "^registry" + " *=",
    ]),
    re.IGNORECASE | re.MULTILINE,
)  # fmt: skip
OPTIONS_OF_LOCK = ("--no-emit-index" + "-url", "--no-emit-find" + "-links")

SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def tracked() -> list[Path]:
    """The files that a clone has."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so there is no list of tracked files")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, timeout=60)
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_there_is_a_house():
    assert len(SOURCES) > 60


def test_no_file_is_longer_than_400_lines():
    lengths = {str(path.relative_to(ROOT)): path.read_text("utf-8").count("\n") for path in SOURCES}
    assert {name: lines for name, lines in lengths.items() if lines > LINES_AT_MOST} == {}


def test_no_file_has_a_name_that_says_nothing():
    vague = {"utils.py", "util.py", "helpers.py", "helper.py", "misc.py"}
    assert [str(path.relative_to(ROOT)) for path in SOURCES if path.name in vague] == []


def test_every_module_opens_with_what_it_is_for():
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if (text := path.read_text("utf-8")).strip() and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_no_tracked_file_holds_the_address_of_a_package_index():
    found: list[str] = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", "ignore")
        if path.name == "Makefile":
            for option in OPTIONS_OF_LOCK:
                text = text.replace(option, "")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in ADDRESSES.finditer(text)]
    assert found == []


@pytest.mark.parametrize(
    "line",
    ["--extra-index" + "-url https://host/simple", "find" + "-links = x", "https://pypi" + ".org/simple",
     "https://files.python" + "hosted.org/x.whl", "PIP_INDEX" + "_URL=x", "registry" + " = https://host"],
)  # fmt: skip
def test_the_address_of_a_package_index_is_seen(line: str):
    assert ADDRESSES.search(line)


def test_every_pinned_package_has_a_hash():
    locks = sorted((ROOT / "requirements").glob("*.lock"))
    assert [path.name for path in locks] == ["demo.lock", "dev.lock", "run.lock"]
    for path in locks:
        pins = re.split(r"^(?=\S)", path.read_text("utf-8"), flags=re.MULTILINE)
        loose = [pin.splitlines()[0] for pin in pins if pin.strip() and "--hash=sha256:" not in pin]
        assert loose == [], path.name


def documented() -> dict[str, str]:
    """The settings in .env.example, commented out or not, with what it gives them."""
    text = (ROOT / ".env.example").read_text("utf-8")
    return dict(re.findall(r"^(?:# ?)?([A-Z][A-Z0-9_]+)=(.*)$", text, re.MULTILINE))


def test_the_example_documents_every_setting_and_no_other():
    assert set(documented()) == {name.upper() for name in Settings.model_fields}


def test_the_example_holds_no_token():
    assert documented()["DISCORD_TOKEN"].strip() in ("", '""', "''")


def test_no_dot_env_file_is_tracked():
    assert [path for path in tracked() if path.name == ".env"] == []


def test_imports_point_down():
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout
