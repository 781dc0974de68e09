"""Discord's limits in a live round, with every shipped item and with the longest that a pack may hold."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from discord import ui

from bot.core.asked import Asked, Distribution
from bot.core.content import LETTERS, Area, Content, Item
from bot.core.live import (
    FORGOTTEN,
    OUTAGE,
    QUESTIONS,
    LiveAnswer,
    LiveQuestion,
    LiveRound,
    LiveState,
    Player,
    QuestionState,
    Standings,
    standings,
)
from bot.packs.models import RIGHT_AT_MOST
from bot.services.live import Closed, Noted, OwnLine, OwnResult, Result
from bot.services.live_hosting import Panel
from bot.services.live_starting import Started
from cogs.live import render, results
from cogs.ui.layout import plain
from tests.content.test_limits import AREA_TITLE, SNOWFLAKE, faults, longest_concept, longest_item
from tests.samples import make_exam

LATER = 4_000_000_000
MOST = QUESTIONS[1]


def round_of(state: LiveState = LiveState.RUNNING, fault: str = "", position: int = MOST) -> LiveRound:
    return LiveRound(10**18 - 1, SNOWFLAKE, SNOWFLAKE, SNOWFLAKE, "x" * 24, "a" * 48, MOST, 120, state, position, fault)


def question_of(item: Item, state: QuestionState, of: LiveState = LiveState.RUNNING) -> LiveQuestion:
    return LiveQuestion(round_of(of), MOST, Asked(item, 2**31 - 1), state, 10**18 - 1, SNOWFLAKE, LATER, 120)


def crowd() -> Standings:
    """200 players with the longest names, some tied, some unnamed."""
    names = [f"{i:03}" + "_*" * 14 for i in range(200)]
    return standings(Player(name if i % 9 else None, i % 21, 400) for i, name in enumerate(names))


def course(item: Item, areas: tuple[str, ...]) -> Iterator[ui.LayoutView]:
    """A question open, closed and void, and its explanation."""
    given = Distribution(dict.fromkeys(LETTERS[: len(item.options)], 9999), 9999, 9999)
    opened = question_of(item, QuestionState.OPEN)
    yield render.question(opened, areas, LATER, count=9999)
    yield render.question(opened, areas, None, count=9999)
    for state in (QuestionState.CLOSED, QuestionState.VOID):
        yield render.closed(Closed(question_of(item, state), given, crowd()), areas)
    for taken in (True, False):
        yield render.noted(Noted(opened, "ABC", taken, "ABC"))
    own = LiveAnswer(MOST, "ABC", correct=False, points=0)
    yield render.explained(question_of(item, QuestionState.CLOSED), own, longest_concept())


@pytest.mark.parametrize(("options", "right"), [(4, 1), (6, 2), (6, RIGHT_AT_MOST)])
async def test_the_longest_question_fits_at_every_step(options: int, right: int) -> None:
    for view in course(longest_item(options, right), (AREA_TITLE,) * 3):
        assert faults(view) == []


async def test_every_shipped_item_fits_with_its_whole_stem_and_the_score(real_content: Content) -> None:
    for item in real_content.items.values():
        areas = real_content.titles(item)
        shown = list(course(item, areas))
        assert [fault for view in shown for fault in faults(view)] == [], item.id
        closed = next(text for view in shown if "**So far**" in (text := str(view.to_components())))
        assert str({"content": plain(item.stem)})[1:-1] in closed, item.id


@pytest.mark.parametrize("fault", ["", OUTAGE, FORGOTTEN])
async def test_the_longest_result_fits(fault: str) -> None:
    item = longest_item(6, RIGHT_AT_MOST)
    concepts = tuple(replace(longest_concept(), id=f"{n}" + "z" * 46) for n in range(5))
    over = round_of(LiveState.OVER, fault, position=3)
    exam = replace(make_exam({"alpha": 1}), name="X" * 24)
    assert faults(results.result(Result(over, exam, MOST, crowd(), concepts), 10**18 - 1)) == []
    asked = question_of(item, QuestionState.CLOSED)
    right = LiveAnswer(MOST, asked.asked.key, correct=True, points=0)
    lines = tuple(OwnLine(asked, right, 5) for _ in range(MOST))
    assert faults(results.own(OwnResult(over, lines, concepts))) == []


async def test_the_announcement_and_the_panel_fit() -> None:
    item = longest_item(6, RIGHT_AT_MOST)
    area = Area("a" * 48, AREA_TITLE, 1, (), "high")
    exam = replace(make_exam({"alpha": 1}), name="X" * 24)
    assert faults(render.announcement(Started(round_of(), exam, area, LATER, "_*" * 16))) == []
    for of in LiveState:
        for state in QuestionState:
            assert faults(render.panel(Panel(question_of(item, state, of), 9999))) == []
