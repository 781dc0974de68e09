"""How an item is laid out before it is answered, wherever it is asked."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.core.content import LETTERS, Item
from cogs.ui.layout import BLUE, Child, footer, gap, layout, line, plain


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
    """A question with its options in `order`, footers of `small` print, the controls to answer, and a last word."""
    options = (item.options[position] for position in order)
    return layout(
        heading,
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
