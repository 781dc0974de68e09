"""Discord's limits in a session of practice, with every shipped item and with the longest that a pack may hold."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from discord import ui

from bot.core.asked import Asked
from bot.core.content import LETTERS, Content, Difficulty, Item
from bot.core.quiz import LENGTH_AT_MOST, Put, Reason, Session, State, Wishes, Worth
from bot.packs.models import RIGHT_AT_MOST, CaseModel, ConceptModel
from bot.services.explain import CHOICES_AT_MOST
from bot.services.quiz import Shown
from bot.services.quiz_pages import Busy, Case, Explained, Question
from bot.services.quiz_summary import AreaResult, Summary
from cogs.quiz import render
from cogs.quiz.summary import shared
from tests.content.test_limits import AREA_TITLE, SNOWFLAKE, faults, longest, longest_concept, longest_item, words

TOPIC = words(longest(ConceptModel, "title"))
ABOUT = f"CPC · {AREA_TITLE} · {TOPIC} · medium"


def session(item: Item, state: State = State.RUNNING, position: int = LENGTH_AT_MOST) -> Session:
    put = Put(1, item.id, item.digest, 2**31 - 1, "ABC", False, 20, Reason.LOOKED_UP, 4_000_000_000)
    return Session(
        id=10**18 - 1,
        user_id=SNOWFLAKE,
        guild_id=SNOWFLAKE,
        state=state,
        wishes=Wishes("x" * 24, "a" * 48, "y" * 48, Difficulty.MEDIUM, LENGTH_AT_MOST),
        redo_of=None,
        position=position,
        items=tuple(replace(put, position=n) for n in range(1, LENGTH_AT_MOST + 1)),
        touched_at=4_000_000_000,
        ended_at=4_000_000_000 if state is not State.RUNNING else None,
    )


def course(item: Item, areas: tuple[str, ...]) -> Iterator[ui.LayoutView]:
    """A question and its explanation, for each thing that can be said of them."""
    asked = Asked(item, 2**31 - 1)
    case = Case(words(longest(CaseModel, "title")), 5, 5)
    few = replace(session(item, position=1), items=session(item).items[:4])
    for one in (session(item), few):
        for left in (False, True):
            yield render.question(Question(one, ABOUT, asked, areas, case, left))
    for position in (1, LENGTH_AT_MOST):
        one = session(item, position=position)
        miss = replace(one.current, chosen=LETTERS[: len(item.options)], correct=False)
        hit = replace(one.current, chosen=asked.key, correct=True, points=5, reason=None)
        for put in (miss, hit):
            for worth in Worth:
                for again in (False, True):
                    yield render.explained(Explained(one, ABOUT, put, asked, worth, 20, again))


@pytest.mark.parametrize("scenario", ["", words(longest(CaseModel, "scenario"))])
@pytest.mark.parametrize(("options", "right"), [(4, 1), (6, 2), (6, RIGHT_AT_MOST)])
async def test_the_longest_question_and_its_explanation_fit(options: int, right: int, scenario: str):
    item = replace(longest_item(options, right), case="x" * 48 if scenario else "", scenario=scenario)
    for view in course(item, (AREA_TITLE,) * 3):
        assert faults(view) == []


async def test_every_shipped_item_fits(real_content: Content):
    for item in real_content.items.values():
        areas = real_content.titles(item)
        for view in course(item, areas):
            assert faults(view) == [], item.id


async def test_the_record_is_left_out_of_an_explanation_only_where_there_is_no_room():
    record = words(longest(CaseModel, "scenario"), "RECORD")
    item = replace(longest_item(4, 1), case="x", scenario=record)
    brief = replace(item, options=tuple(replace(option, rationale="Brief.") for option in item.options))
    for shown, expected in ((item, False), (brief, True)):
        explained = [text for view in course(shown, ()) if "the key is" in (text := str(view.to_components()))]
        assert explained
        assert {record in text for text in explained} == {expected}
        assert {shown.stem in text for text in explained} == {True}


async def test_the_longest_summary_fits():
    item = longest_item(4, 1)
    concepts = tuple(replace(longest_concept(), id=f"{n}" + "z" * 46) for n in range(LENGTH_AT_MOST))
    areas = tuple(AreaResult(AREA_TITLE[:-2] + f"{n:02}", 50, 49) for n in range(30))
    for state in (State.FINISHED, State.CLOSED):
        one = session(item, state)
        reasons = dict.fromkeys(Reason, 50)
        view = render.page(
            Summary(one, ABOUT, "CPC", areas, concepts, reasons, 9_999, 9_999, (99_999, 99_999)), in_guild=True
        )
        assert faults(view) == []
        assert next(len(s.options) for s in view.walk_children() if isinstance(s, ui.Select)) == CHOICES_AT_MOST


async def test_a_session_in_the_way_and_a_shared_result_fit():
    one = session(longest_item(4, 1))
    assert faults(render.page(Busy(one, ABOUT, 10**18 - 1, ABOUT, redo=True), in_guild=True)) == []
    assert faults(shared(Shown(one, ABOUT, words(200)), SNOWFLAKE)) == []
