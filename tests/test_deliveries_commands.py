"""python -m bot deliveries, as an operator types it."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.core.deliveries import Kind, Lane, State
from bot.storage import deliveries
from bot.storage.database import connect
from bot.storage.database.migrate import migrate
from tests.packs.yaml_text import pack
from tests.samples import START


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """An installation that owes two messages, one of which failed."""
    url = f"sqlite:///{tmp_path}/bot.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("CONTENT_PATH", str(pack(tmp_path / "content")))

    async def fill() -> None:
        db = await connect(url)
        await migrate(db)
        await db.write(
            deliveries.owe(Kind.NOTICE, 7, "plain:one", START, user_id=5),
            deliveries.owe(Kind.NOTICE, 8, "plain:two", START + 60),
        )
        [claimed] = await deliveries.claim(db, Lane.PERSONS, START, 1, "mine")
        await db.write(deliveries.settle(claimed, State.FAILED, START, fault="direct messages closed"))
        await db.close()

    asyncio.run(fill())
    return CliRunner()


def said(runner: CliRunner, *words: str, code: int = 0) -> str:
    result = runner.invoke(app, ["deliveries", *words])
    assert result.exit_code == code, result.output
    return result.output


def test_what_is_owed_and_what_failed_is_listed(ledger: CliRunner) -> None:
    assert "2  2026-03-02 12:01:00 UTC  pending  notice (server 8), attempts 0" in said(ledger, "list")
    failed = said(ledger, "list", "--state", "failed")
    assert "failed  notice (to a person, server 7), attempts 1: direct messages closed" in failed
    assert said(ledger, "list", "--kind", "reveal") == "None.\n"


def test_why_tells_all_and_how_to_go_on(ledger: CliRunner) -> None:
    text = said(ledger, "why", "1")
    assert "note to the organiser (notice), to a person, server 7" in text
    assert "direct messages closed" in text
    assert "Whoever it was for allows direct messages in the server's privacy settings" in text
    assert "python -m bot deliveries retry 1" in text
    assert "It waits, and is looked at next at" in said(ledger, "why", "2")


def test_retry_and_drop_change_what_why_says(ledger: CliRunner) -> None:
    assert "Owed again" in said(ledger, "retry", "1")
    assert "It waits" in said(ledger, "why", "1")
    assert "Dropped" in said(ledger, "drop", "2")
    assert "ended as cancelled" in said(ledger, "why", "2")
    assert "does not wait" in said(ledger, "drop", "2", code=1)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("why", "99"), "There is no delivery 99"),
        (("retry", "99"), "not there any more"),
        (("list", "--state", "lost"), "There is no state “lost”"),
        (("list", "--kind", "letter"), "There is no kind “letter”"),
    ],
)
def test_what_can_not_be_done_is_said_in_a_sentence(ledger: CliRunner, words: tuple[str, ...], answer: str) -> None:
    assert answer in said(ledger, *words, code=1)
