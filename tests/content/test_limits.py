"""Discord's limits, with every shipped item and with the longest item that a pack may hold."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from discord import ui

from bot.core.asked import Asked, Distribution
from bot.core.content import LETTERS, Concept, Content, Item
from bot.core.daily import Answer, Answered, DailySettings, Round, RoundState, Standing
from bot.core.streaks import Streak
from bot.packs.certs import AreaModel, ExamModel
from bot.packs.models import RIGHT_AT_MOST, CaseModel, ConceptModel, ItemModel, OptionModel
from bot.services.daily import Post
from bot.services.explain import CHOICES_AT_MOST, OTHERS_AT_MOST, Judged, Page, Question, system_of
from cogs.daily import page, render
from cogs.explain import render as practice
from cogs.ui import concept as explanation
from cogs.ui.layout import TEXT_AT_MOST, text_length
from cogs.ui.question import choice_select, paper
from cogs.ui.report import report_form

SNOWFLAKE = 2**63 - 1


def longest(model: Any, field: str) -> int:
    """The `max_length` of a field."""
    [length] = [m.max_length for m in model.model_fields[field].metadata if hasattr(m, "max_length")]
    return length


def words(length: int, start: str = "") -> str:
    """Plain text of exactly that length; `start` makes it differ from others."""
    return (start + "wordy " * length)[: length - 1] + "x"


AREA_TITLE = words(longest(AreaModel, "title"))


def longest_item(options: int, right: int) -> Item:
    """An item at the maximum of every length."""
    item = ItemModel.model_validate(
        {
            "id": "x" * 48,
            "version": 9_999,
            "areas": ["a" * 48, "b" * 48, "c" * 48],
            "concept": "y" * 48,
            "difficulty": "medium",
            "stem": words(longest(ItemModel, "stem")),
            "options": [
                {
                    "text": words(longest(OptionModel, "text"), LETTERS[i]),
                    "rationale": words(longest(OptionModel, "rationale")),
                    "correct": i < right,
                }
                for i in range(options)
            ],
            "reference": words(longest(ItemModel, "reference")),
            "source": "a test",
            "as_of": "2026-11-21",
            "code_year": 2026,
            "review_after": "2027-10-01",
        }
    )
    return item.core()


def longest_concept() -> Concept:
    texts = {name: words(longest(ConceptModel, name)) for name in ("title", "summary", "rule", "example", "trap")}
    return ConceptModel.model_validate(
        {
            **texts, "id": "y" * 48, "areas": ["a" * 48], "reference": words(longest(ConceptModel, "reference")),
            "source": "a test", "as_of": "2026-11-21", "code_year": 2026, "review_after": "2027-10-01",
        }
    ).core()  # fmt: skip


def page_of(concept: Concept) -> Page:
    """With as much to open from it as a page can have."""
    related = tuple(replace(concept, id=f"{i}" + "z" * 47) for i in range(longest(ConceptModel, "related")))
    codes = tuple(f"{code}ZZZ" for code in ("0DTJ", "J449")) + tuple(f"S72.00{i}A" for i in range(CHOICES_AT_MOST))
    return Page(concept, related, tuple((system_of(code), code) for code in codes[:CHOICES_AT_MOST]))


def round_of(item: Item, seed: int = 1) -> Round:
    return Round(
        id=SNOWFLAKE,
        guild_id=SNOWFLAKE,
        local_date=date(2026, 9, 30),  # "Wednesday 30 September": the longest name of a day
        number=99_999,
        item=item,
        seed=seed,
        state=RoundState.OPEN,
        channel_id=SNOWFLAKE,
        message_id=SNOWFLAKE,
        thread_id=SNOWFLAKE,
        reveal_at=4_000_000_000,
        delivery_id=SNOWFLAKE,
    )


def outcome_of(round_: Round, total: int = 6_000_000) -> Distribution:
    letters = LETTERS[: len(round_.item.options)]
    return Distribution({letter: total // len(letters) for letter in letters}, total, total // 3)


def views(item: Item, areas: tuple[str, ...], concept: Concept) -> dict[str, ui.LayoutView]:
    """Everything that is shown of an item in the course of a round, at its longest."""
    round_ = round_of(item)
    outcome = outcome_of(round_)
    everything = LETTERS[: len(item.options)]
    answer = Answer(SNOWFLAKE, SNOWFLAKE, everything, False, False, 1_000, False, 4_000_000_000)
    post = Post(replace(round_, late=True), SNOWFLAKE, round_, outcome)
    return {
        "question": render.question(post, areas, count=1_000_000),
        "practice": render.question(post, areas, practice=True),
        "answered": render.answered(Answered(round_, answer, Streak(99_999, 99_999, 99_999, 2), new=False)),
        "answered, with the stem": render.answered(
            Answered(round_, answer, Streak(99_999, 99_999, 99_999, 2), new=False), with_stem=True
        ),
        "practised": render.answered(Answered(round_, replace(answer, late=True), Streak(), new=False)),
        "revealed": render.revealed(round_, outcome, areas, "distribution.png"),
        "revealed, nobody answered": render.revealed(round_, outcome_of(round_, 0), areas, ""),
        "discussion": render.discussion(round_, SNOWFLAKE),
        "rationales": render.all_rationales(round_, everything),
        "report form": report_form(f"Report question {round_.number}", f"reason:{SNOWFLAKE}"),
        "concept": explanation.page(page_of(concept), (concept,) * OTHERS_AT_MOST),
    }


def faults(view: ui.LayoutView) -> list[str]:
    """Which of Discord's limits a view breaks."""
    found: list[str] = []
    children = list(view.walk_children())
    if (length := text_length(view)) > TEXT_AT_MOST:
        found.append(f"{length} characters of text")
    if len(children) > 40:
        found.append(f"{len(children)} components")
    ids = [child.custom_id for child in children if isinstance(child, ui.Button | ui.Select) and child.custom_id]
    found += [f"custom_id {name}" for name in ids if len(name) > 100 or ids.count(name) > 1]
    for child in children:
        match child:
            case ui.TextDisplay() if not child.content.strip():
                found.append("an empty text")
            case ui.Button() if len(child.label or "") > 80:
                found.append(f"label {child.label}")
            case ui.ActionRow() if len(child.children) > 5:
                found.append("more than five in a row")
            case ui.Select():
                found += [f"option {o.label}" for o in child.options if not 0 < len(o.label) <= 100]
                found += [f"description {o.description}" for o in child.options if len(o.description or "") > 100]
                if not 0 < len(child.options) <= 25:
                    found.append(f"{len(child.options)} options")
            case ui.MediaGallery():
                found += [f"alt text {i.description}" for i in child.items if len(i.description or "") > 1024]
            case _:
                pass
    return found


# Views need a running loop, hence `async` throughout.


async def test_no_view_of_any_shipped_item_breaks_a_limit(real_content: Content):
    looked_at = 0
    for item in real_content.items.values():
        areas = real_content.titles(item)
        for name, view in views(item, areas, real_content.concepts[item.concept]).items():
            assert faults(view) == [], f"{item.id}: {name}"
            looked_at += 1
    assert looked_at >= 800


async def test_no_view_of_any_shipped_concept_breaks_a_limit(real_content: Content):
    for concept in real_content.concepts.values():
        assert faults(explanation.page(page_of(concept))) == [], concept.id


LIMITS = ["question", "practice", "answered", "answered, with the stem", "practised", "revealed", "revealed, nobody answered", "discussion", "rationales", "report form", "concept"]  # fmt: skip


@pytest.mark.parametrize("name", LIMITS)
async def test_the_longest_single_answer_item_fits(name: str):
    shown = views(longest_item(4, 1), (AREA_TITLE,) * 3, longest_concept())
    assert list(shown) == LIMITS
    assert faults(shown[name]) == []


@pytest.mark.parametrize(("name", "right"), [(name, right) for name in LIMITS for right in (2, RIGHT_AT_MOST)])
async def test_the_longest_item_with_several_keys_fits(name: str, right: int):
    assert faults(views(longest_item(6, right), (AREA_TITLE,) * 3, longest_concept())[name]) == []


def practised(item: Item) -> list[ui.LayoutView]:
    """A practice question on an explanation, and the page after either answer, at their longest."""
    asked = Question(longest_concept(), Asked(item, 9_999), own=False, more=True)
    return [
        practice.question(asked, (AREA_TITLE,) * 3),
        practice.answered(Judged(asked, LETTERS[: len(item.options)])),
        practice.answered(Judged(asked, asked.asked.key)),
    ]


@pytest.mark.parametrize(("options", "right"), [(4, 1), (6, 2), (6, RIGHT_AT_MOST)])
async def test_the_longest_practice_question_and_its_answer_fit(options: int, right: int):
    assert [faults(view) for view in practised(longest_item(options, right))] == [[]] * 3


async def test_every_shipped_item_fits_as_practice(real_content: Content):
    for item in real_content.items.values():
        assert [faults(view) for view in practised(item)] == [[]] * 3, item.id


@pytest.mark.parametrize(("options", "right"), [(4, 1), (6, 2), (6, RIGHT_AT_MOST)])
async def test_the_longest_question_of_a_case_fits_below_its_record(options: int, right: int):
    item = replace(longest_item(options, right), case="x" * 48, scenario=words(longest(CaseModel, "scenario")))
    title = words(longest(CaseModel, "title"))
    controls: Any = ui.ActionRow(choice_select(item, range(options), "x" * 100))
    heading = f"### Practice 50 of 50\nCase 5 of 5: {title}"
    shown = paper(item, range(options), (AREA_TITLE,) * 3, controls, heading=heading, small=[words(140)])
    assert faults(shown) == []


async def test_the_longest_lists_of_explanations_fit():
    found = [replace(longest_concept(), id=f"{i}" + "z" * 46) for i in range(1 + OTHERS_AT_MOST)]
    assert faults(practice.matches("x" * 6_000, found)) == []
    assert faults(practice.nothing_to_ask(page_of(longest_concept()))) == []


async def test_a_learners_own_page_fits_with_ten_past_rounds_of_the_longest_item():
    round_ = round_of(longest_item(6, RIGHT_AT_MOST))
    settings = DailySettings(SNOWFLAKE, SNOWFLAKE, 540, "America/New_York", "cpc", SNOWFLAKE)
    answer = Answer(SNOWFLAKE, SNOWFLAKE, "ABCDEF", False, True, 1_000, False, 4_000_000_000)
    past = tuple((replace(round_, id=SNOWFLAKE - i), answer) for i in range(10))
    own = Standing(settings, round_, answer, Streak(9_999, 9_999, 9_999, 2), 999_999, 9_999, 9_999, past, 4_000_000_000)
    assert faults(page.standing(own)) == []


async def test_the_exam_titles_of_setup_fit_a_choice():
    assert longest(ExamModel, "name") <= 100


async def test_a_broken_limit_is_seen():
    """The check itself: each limit, broken once."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay("x" * 4_001))
    row: ui.ActionRow[Any] = ui.ActionRow(
        ui.Button(label="A", custom_id="same"), ui.Button(label="B", custom_id="same")
    )
    view.add_item(row)
    view.stop()
    assert faults(view) == ["4001 characters of text", "custom_id same", "custom_id same"]
