"""The one look: a container of text, footers and rows, in Components V2."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import date
from functools import lru_cache
from typing import Any

import discord
from discord import ui

BLUE = discord.Colour(0x3B6FD4)
GREEN = discord.Colour(0x2E8B57)
RED = discord.Colour(0xC0504D)
GREY = discord.Colour(0x747F8D)
AMBER = discord.Colour(0xC98A1B)

TEXT_AT_MOST = 4000
"""Characters of text in one Components V2 message."""

Child = ui.Item[Any] | str


def layout(*children: Child, accent: discord.Colour = BLUE, above: str = "") -> ui.LayoutView:
    """A message: `children` in one container, texts as paragraphs; `above` stands before it, for pings.

    The view is finished at once: its buttons carry ids that `Press` classes answer to, so nothing about it
    needs to stay in memory, and it works after a restart.
    """
    view = ui.LayoutView(timeout=None)
    if above:
        view.add_item(ui.TextDisplay(above))
    container: ui.Container[Any] = ui.Container(accent_colour=accent)
    for child in children:
        if isinstance(child, str):
            if child:
                container.add_item(ui.TextDisplay(child))
        else:
            container.add_item(child)
    view.add_item(container)
    view.stop()
    return view


class Prepared(ui.LayoutView):
    """A message whose components are at hand as Discord takes them; nothing is built again."""

    def __init__(self, components: list[dict[str, Any]]) -> None:
        super().__init__(timeout=None)
        self._components = components
        self.stop()

    def to_components(self) -> list[dict[str, Any]]:
        return self._components

    def has_components_v2(self) -> bool:
        return True


_prepared: OrderedDict[Hashable, Prepared] = OrderedDict()
PREPARED_AT_MOST = 512


def prepared(key: Hashable, build: Callable[[], ui.LayoutView]) -> ui.LayoutView:
    """The message for `key`, built when it was not among the last few hundred: most learners of a round get the same."""
    view = _prepared.get(key)
    if view is None:
        view = _prepared[key] = Prepared(build().to_components())
        if len(_prepared) > PREPARED_AT_MOST:
            _prepared.popitem(last=False)
    else:
        _prepared.move_to_end(key)
    return view


def row(*items: ui.Item[Any]) -> ui.ActionRow[Any]:
    return ui.ActionRow(*items)


def button(
    label: str, custom_id: str, style: discord.ButtonStyle = discord.ButtonStyle.secondary, *, disabled: bool = False
) -> ui.Button[Any]:
    return ui.Button(label=label, custom_id=custom_id, style=style, disabled=disabled)


def line() -> ui.Separator[Any]:
    return ui.Separator()


def gap() -> ui.Separator[Any]:
    """Room between paragraphs."""
    return ui.Separator(visible=False)


def note(text: str) -> ui.LayoutView:
    """A short reply."""
    return layout(text, accent=GREY)


def footer(*parts: str) -> str:
    """Small print: the parts that are not empty, with dots between."""
    text = " · ".join(part for part in parts if part)
    return f"-# {text}" if text else ""


def day(when: date) -> str:
    return f"{when.day} {when:%B %Y}"


def plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Text of a pack or a person, so that Discord shows it as written."""
    return discord.utils.escape_mentions(discord.utils.escape_markdown(text))


def text_length(view: ui.LayoutView) -> int:
    """Characters that count towards TEXT_AT_MOST."""
    return sum(len(item.content) for item in view.walk_children() if isinstance(item, ui.TextDisplay))
