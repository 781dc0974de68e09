"""How an item is laid out, wherever it is asked: before it is answered, and option by option afterwards."""

from collections.abc import Callable, Sequence

import discord
from discord import ui

from bot.core.asked import Asked
from bot.core.content import LETTERS, Concept, Item, Option
from cogs.ui.layout import BLUE, TEXT_AT_MOST, Child, button, footer, gap, layout, line, plain, row

ROOM_FOR_THE_REST = 700
"""Characters of a private reply beside the stem and the rationales, at the most."""


def paper(
    item: Item,
    order: Sequence[int],
    areas: Sequence[str],
    controls: ui.ActionRow[ui.LayoutView],
    *,
    heading: str,
    small: Sequence[str],
    tail: Child = "",
    accent: discord.Colour = BLUE,
    above: str = "",
) -> ui.LayoutView:
    """A question with its options in `order`, footers of `small` print, the controls to answer, and a last word. The
    record of a case set stands above the stem."""
    options = (item.options[position] for position in order)
    return layout(
        heading,
        plain(item.scenario),
        line() if item.scenario else "",
        plain(item.stem),
        gap(),
        "\n".join(f"**{letter}**  {plain(option.text)}" for letter, option in zip(LETTERS, options, strict=False)),
        line(),
        "\n".join([footer(plain(" / ".join(areas)), item.difficulty.value), *small]),
        controls,
        tail,
        accent=accent,
        above=above,
    )


def answer_row(asked: Asked, choose: str, pick: Callable[[str], str]) -> ui.ActionRow[ui.LayoutView]:
    """The controls of a question: a button for each letter, whose custom_id `pick` gives; where several options are right,
    a list with the custom_id `choose`."""
    if asked.item.multiple:
        return row(choice_select(asked.item, asked.order, choose))
    return row(*(button(letter, pick(letter), discord.ButtonStyle.primary) for letter, _ in asked.options))


def choice_select(item: Item, order: Sequence[int], custom_id: str) -> ui.Select[ui.LayoutView]:
    """The control of an item with several right options; choosing as many as needed answers it."""
    count = len(item.key)
    return ui.Select(
        custom_id=custom_id,
        placeholder=f"Choose {count} answers",
        min_values=count,
        max_values=count,
        options=[
            discord.SelectOption(label=f"{letter}  {item.options[position].text}"[:100], value=letter)
            for letter, position in zip(LETTERS, order, strict=False)
        ],
    )


def verdict(asked: Asked, chosen: str) -> str:
    """Whether it was right, and the key, to go on a heading."""
    if chosen == asked.key:
        return f"right, {asked.key}"
    return f"not this time. You chose {chosen}, the key is {asked.key}"


def rationales(options: Sequence[tuple[str, Option]], chosen: str = "") -> str:
    """Every option with why it is right or wrong, in the order shown."""
    lines: list[str] = []
    for letter, option in options:
        sign = "✅" if option.correct else "❌"
        own = " (yours)" if letter in chosen else ""
        lines.append(f"{sign} **{letter}{own}  {plain(option.text)}**\n{plain(option.rationale)}")
    return "\n\n".join(lines)


def stem_beside(item: Item, explained: str) -> str:
    """The stem, for where the question is no longer in sight; empty when there is no room for it beside the rationales."""
    stem = plain(item.stem)
    return stem if len(stem) + len(explained) <= TEXT_AT_MOST - ROOM_FOR_THE_REST else ""


def sourced(entry: Item | Concept) -> str:
    """Where to read the rule, and what it was checked against."""
    return footer(
        plain(entry.reference),
        f"code year {entry.code_year}",
        f"checked {entry.as_of.isoformat()}",
        "your code books have the last word",
    )
