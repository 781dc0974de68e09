"""Killed at random points under a faulty Discord, the bot loses no answer and doubles no message."""

from pathlib import Path

import pytest

from tests.e2e.proof import Outcome
from tests.e2e.torture import Torture


def judge(torture: Torture, outcome: Outcome) -> None:
    assert outcome.violations == [], outcome.violations
    assert (outcome.posts, outcome.doubled, outcome.missed, outcome.late) == (outcome.rounds, 0, 0, 0)
    assert outcome.reveals == outcome.threads == outcome.openings == outcome.rounds
    # It proves nothing if nothing was at stake.
    assert (outcome.rounds, torture.outages) == (75, 3)
    assert outcome.reminders >= 75
    assert outcome.reminded > 20
    assert outcome.called_off > 0
    assert outcome.told_in_server > 0
    assert outcome.acknowledged > 50
    assert sum(torture.discord.plan.injected.values()) > 20
    assert torture.output.count("looked: found") > 0


@pytest.mark.torture
async def test_25_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    torture = Torture(25, 3, tmp_path)
    outcome = await torture.run()
    judge(torture, outcome)
    assert outcome.integrity == "ok"


@pytest.mark.torture
async def test_25_kills_of_two_processes_on_one_database_lose_nothing_and_double_nothing(
    tmp_path: Path, blank_postgres_url: str
) -> None:
    torture = Torture(25, 4, tmp_path, url=blank_postgres_url, processes=2)
    judge(torture, await torture.run())
