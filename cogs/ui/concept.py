"""How an explanation looks, wherever it is opened. Its buttons and selects belong to cogs.explain; a code that is picked
is looked up by cogs.code."""

from collections.abc import Sequence
from textwrap import shorten

import discord
from discord import ui

from bot.core.cards import CardKind
from bot.core.codes import key_of
from bot.core.content import Concept, Item
from bot.services.explain import CHOICES_AT_MOST, Page
from cogs.ui.layout import BLUE, Child, button, gap, layout, line, note, plain, row
from cogs.ui.press import Interaction
from cogs.ui.question import sourced


def page(shown: Page, others: Sequence[Concept] = ()) -> ui.LayoutView:
    """An explanation, with what to read next; `others` are what may have been meant instead."""
    entry = shown.concept
    return layout(
        f"### {plain(entry.title)}",
        plain(entry.summary),
        gap(),
        f"**The rule**  {plain(entry.rule)}",
        gap(),
        f"**Example**  {plain(entry.example)}" if entry.example else "",
        gap() if entry.example else "",
        f"**The usual trap**  {plain(entry.trap)}",
        line(),
        sourced(entry),
        row(
            button("Quiz me on this", f"concept:quiz:{entry.id}", discord.ButtonStyle.primary),
            button("Save for review", f"concept:keep:{CardKind.CONCEPT}:{entry.id}"),
        ),
        *reading("related", "Read next", shown.related),
        *_codes(shown),
        *reading("others", "Not what you meant? Other matches", others),
        accent=BLUE,
    )


async def explain(interaction: Interaction, item: Item) -> None:
    """Open the explanation behind a question in a message of its own, so that the question stays in sight."""
    behind = interaction.client.services.explain.behind(item)
    view = page(behind) if behind else note(f"The rule behind this question: {item.reference}")
    await interaction.response.send_message(view=view, ephemeral=True)


def reading(name: str, placeholder: str, concepts: Sequence[Concept], custom_id: str = "") -> list[Child]:
    """A list of concepts to open one from; nothing when there are none. `name` tells lists of one message apart; with a
    `custom_id` of another feature that one decides where it opens."""
    if not concepts:
        return []
    select: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=custom_id or f"concept:read:{name}",
        placeholder=placeholder,
        options=[
            discord.SelectOption(
                label=shorten(concept.title, 100, placeholder="..."),
                value=concept.id,
                description=shorten(concept.summary, 100, placeholder="..."),
            )
            for concept in concepts[:CHOICES_AT_MOST]
        ],
    )
    return [row(select)]


def _codes(shown: Page) -> list[Child]:
    if not shown.codes:
        return []
    select: ui.Select[ui.LayoutView] = ui.Select(
        custom_id="code-pick",
        placeholder="Look up a code named here",
        options=[
            discord.SelectOption(label=code, value=f"{system}|{key_of(code)}", description=str(system))
            for system, code in shown.codes
        ],
    )
    return [row(select)]
