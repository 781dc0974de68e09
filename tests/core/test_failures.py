"""The words for what failed: each kind has some, and each reason is told with a way to mend it."""

import re
from pathlib import Path

import pytest

from bot.client.courier import REASONS
from bot.core.deliveries import Kind
from bot.core.failures import KNOWN, OF_SERVERS, WORDS, called, mend

ROOT = Path(__file__).parents[2]


def test_each_kind_has_words_and_what_is_a_learners_own_is_nobody_elses() -> None:
    assert set(WORDS) == set(Kind)
    assert set(Kind) - set(OF_SERVERS) == {Kind.EXAM_REMINDER, Kind.PLAN_WEEK, Kind.CEU}


def test_each_final_reason_that_the_bot_gives_has_a_way_to_mend_it() -> None:
    given = {"too late", *REASONS.values()}
    for folder in ("bot", "cogs"):
        for path in (ROOT / folder).rglob("*.py"):
            given.update(re.findall(r"Undeliverable\(\"([^\"]+)\"\)", path.read_text("utf-8")))
    assert "no questions" in given
    assert given == KNOWN


@pytest.mark.parametrize("kind", list(Kind))
def test_how_to_mend_it_is_one_sentence(kind: Kind) -> None:
    for reason in (*sorted(KNOWN), "refused by Discord (400, code 50035)"):
        sentence = mend(kind, reason, "in <#1>")
        assert re.fullmatch(r"[A-Z][^.{}]+; [^.{};]+\.", sentence), sentence
        assert "{" not in mend(kind, reason)


def test_a_place_that_is_known_is_named_and_another_is_described() -> None:
    assert mend(Kind.DAILY_POST, "no access to the channel", "in <#5>") == (
        "Give the bot View Channel in <#5>, or choose another channel in /setup; the next one comes at its time."
    )
    assert "View Channel in the channel of the daily question, or" in mend(Kind.SEASON, "no access to the channel")


def test_one_and_several() -> None:
    assert called(Kind.MEETING_REMINDER, 1) == "1 reminder of a study session"
    assert called(Kind.MEETING_REMINDER, 3) == "3 reminders of study sessions"
