"""How matches of /explain and practice questions look; an explanation itself is cogs/ui/concept.py."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.core.cards import CardKind
from bot.core.content import Concept
from bot.services.explain import Judged, Page, Question
from cogs.ui.concept import reading
from cogs.ui.layout import AMBER, BLUE, GREEN, GREY, button, footer, layout, line, plain, row
from cogs.ui.question import answer_row, paper, rationales, sourced, stem_beside, verdict

SHOWN_OF_THE_TEXT = 80
UNRECORDED = "Practice: nothing of it is stored or scored"


def matches(text: str, found: Sequence[Concept]) -> ui.LayoutView:
    """What may have been meant, where that is not clear."""
    wanted = " ".join(text.split())[:SHOWN_OF_THE_TEXT]
    return layout(
        f"### {plain(wanted)}: which of these?",
        "\n".join(f"▫️ {plain(concept.title)}" for concept in found),
        *reading("others", "Open an explanation", found),
        accent=BLUE,
    )


def question(asked: Question, areas: Sequence[str]) -> ui.LayoutView:
    """A practice question, privately; its buttons say all that is needed to judge the answer."""
    item, seed = asked.asked.item, asked.asked.seed
    ids = f"{asked.concept.id}:{item.digest}:{seed}"
    return paper(
        item,
        asked.asked.order,
        areas,
        answer_row(asked.asked, f"concept:choose:{ids}", lambda letter: f"concept:answer:{ids}:{letter}"),
        heading=f"### Practice: {plain(asked.concept.title)}",
        small=[footer(UNRECORDED, "" if asked.own else "from a related explanation")],
        accent=GREY,
    )


def answered(result: Judged) -> ui.LayoutView:
    """The key and why each option is right or wrong."""
    asked = result.question.asked
    concept, item = result.question.concept, asked.item
    explained = rationales(asked.options, result.chosen)
    following = "Next question on this" if result.question.more else "Ask me again"
    return layout(
        f"### Practice: {verdict(asked, result.chosen)}",
        line(),
        stem_beside(item, explained),
        explained,
        line(),
        sourced(item),
        footer(UNRECORDED),
        row(
            button(following, f"concept:next:{concept.id}:{item.digest}", discord.ButtonStyle.primary),
            button("Explain", f"concept:show:{item.concept}"),
            button("Review later", f"concept:keep:{CardKind.ITEM}:{item.id}"),
        ),
        accent=GREEN if result.correct else AMBER,
    )


def nothing_to_ask(page: Page) -> ui.LayoutView:
    """No question can be asked on a concept; what to read instead."""
    return layout(
        f"### {plain(page.concept.title)}",
        "There is no question to practise this on right now: there is none yet, or it is waiting for you as a daily "
        "question. Until then, one of these may be worth reading.",
        row(button("Back to the explanation", f"concept:show:{page.concept.id}")),
        *reading("related", "Read next", page.related),
        accent=GREY,
    )
