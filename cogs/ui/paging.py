"""Long text over pages that each fit into one message, with the buttons to turn them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from discord import ui

from cogs.ui.layout import button

ROOM = 1900
"""Characters on a page: two screens of a phone, and room for heading and footer in one message."""


CONTINUED = ", continued"


@dataclass(frozen=True, slots=True)
class Under:
    """A line under a heading: never parted from it, and a page that begins between two of its lines has it again."""

    heading: str
    text: str


def paged(lines: Iterable[str | Under], room: int = ROOM) -> list[str]:
    """The lines in order on pages of at most `room` characters; a line longer than a page is broken between words.
    A heading stands once above the lines under it. One empty page when there are no lines."""
    pages: list[str] = []
    current = heading = ""
    for line in lines:
        above, text = (line.heading, line.text) if isinstance(line, Under) else ("", line)
        for part in _parts(text, room - len(above) - len(CONTINUED) - 1 if above else room):
            goes_on = above == heading
            headed = f"{above}\n{part}" if above else part
            joined = f"{current}\n{part if goes_on else headed}" if current else headed
            if len(joined) > room:
                pages.append(current)
                joined = f"{above}{CONTINUED}\n{part}" if above and goes_on else headed
            current, heading = joined, above
    return [*pages, current] if current or not pages else pages


def _parts(line: str, room: int) -> list[str]:
    parts: list[str] = []
    while len(line) > room:
        cut = line.rfind(" ", 1, room)
        cut = cut if cut > 0 else room
        parts.append(line[:cut])
        line = line[cut:].lstrip()
    return [*parts, line]


def turning(page: int, pages: int, custom_id: Callable[[int], str]) -> list[ui.Button[ui.LayoutView]]:
    """Buttons to the pages before and after (counted from 0), whose ids `custom_id` gives. None for a single page."""
    if pages < 2:
        return []
    return [
        button(f"‹ Page {max(page, 1)}", custom_id(max(page - 1, 0)), disabled=page == 0),
        button(f"Page {min(page + 2, pages)} of {pages} ›", custom_id(page + 1), disabled=page >= pages - 1),
    ]
