"""Killed at random points under a faulty Discord, the bot loses no answer and doubles no message."""

from pathlib import Path

import pytest

from tests.e2e.torture import Torture


@pytest.mark.torture
async def test_25_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    torture = Torture(25, 3, tmp_path)
    outcome = await torture.run()
    assert outcome.violations == [], outcome.violations
    assert (outcome.posts, outcome.doubled, outcome.missed) == (outcome.rounds, 0, 0)
    assert outcome.reveals == outcome.threads == outcome.openings == outcome.rounds
    assert outcome.integrity == "ok"
    # It proves nothing if nothing was at stake.
    assert outcome.rounds == 75
    assert outcome.acknowledged > 50
    assert sum(torture.discord.plan.injected.values()) > 20
    assert torture.bot.output.count("looked: found") > 0
