"""What people call themselves, made fit for a line of text: cut, tamed, escaped, and kept from turning the line around."""

import unicodedata

from cogs.ui.layout import plain

NAME_AT_MOST = 32
MARKS_AT_MOST = 3
"""Combining marks on one character; more are meant to spill over other lines."""

ISOLATE, END = "\u2068", "\u2069"
_JOINERS = "\u200c\u200d"


def tame(name: str) -> str:
    """The name without what can't be seen or turns text around, at most NAME_AT_MOST characters."""
    kept: list[str] = []
    marks = 0
    for character in " ".join(name.split()):
        kind = unicodedata.category(character)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        hidden = kind[0] == "C" and character not in _JOINERS and not "\U000e0020" <= character <= "\U000e007f"
        if not hidden and marks <= MARKS_AT_MOST:
            kept.append(character)
    text = "".join(kept).strip(_JOINERS + " ")
    if len(text) > NAME_AT_MOST:
        text = text[: NAME_AT_MOST - 1].rstrip(_JOINERS + " ") + "…"
    return text


def person(name: str) -> str:
    """The name as a part of a line: nothing in it is markup, and right-to-left letters stay within it."""
    text = plain(tame(name)).replace("<", "\\<").replace("://", ":\u200b//")
    return f"{ISOLATE}{text}{END}"
