"""Cited lines into pages: each page carries the sources of its own lines, numbered, so that a reader needs no other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.core.certs import Confidence
from cogs.ui.layout import plain

ROOM = 2400
"""Characters of lines and sources on a page: two screens of a phone, and well inside a message."""

DOUBTS = {Confidence.MEDIUM: "likely", Confidence.LOW: "unsure"}
LEGEND = {Confidence.MEDIUM: "likely: one recent source", Confidence.LOW: "unsure: weak or conflicting sources"}


class Citable(Protocol):
    """Whatever says how sure it is, where it stands, and when that was read."""

    @property
    def confidence(self) -> Confidence: ...
    @property
    def source(self) -> str: ...
    @property
    def as_of(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Cited:
    """The source of something that has none in itself."""

    confidence: Confidence
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is shown, without its source."""

    text: str
    known: Citable | None = None


Block = Sequence[Line]
"""Lines that stay together."""


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    text: str
    small: str


def pages(title: str, blocks: Sequence[Block]) -> list[Page]:
    """The blocks in order on as few pages as they need, about as much on each; no page for no block."""
    fullest = _filled(blocks, ROOM)
    room = ROOM
    while room > 0 and len(fewer := _filled(blocks, room - 100)) == len(fullest):
        fullest, room = fewer, room - 100
    titles = [f"{title} {number}" for number in range(1, len(fullest) + 1)] if len(fullest) > 1 else [title]
    return [_page(*pair) for pair in zip(titles, fullest, strict=False)]


def cited(blocks: Sequence[Block]) -> Page:
    """The blocks on one page, however long."""
    return _page("", blocks)


def _filled(blocks: Iterable[Block], room: int) -> list[list[Block]]:
    """The blocks, page by page, each with as many as `room` holds and with one at least."""
    made: list[list[Block]] = []
    for block in blocks:
        if made:
            page = _page("", [*made[-1], block])
            if len(page.text) + len(page.small) <= room:
                made[-1].append(block)
                continue
        made.append([block])
    return made


def _page(title: str, blocks: Sequence[Block]) -> Page:
    numbers: dict[tuple[date, str], int] = {}
    doubts: set[Confidence] = set()

    def told(line: Line) -> str:
        if line.known is None:
            return line.text
        number = numbers.setdefault((line.known.as_of, line.known.source), len(numbers) + 1)
        doubts.add(line.known.confidence)
        doubt = DOUBTS.get(line.known.confidence)
        return f"{line.text} [{number}, {doubt}]" if doubt else f"{line.text} [{number}]"

    text = "\n\n".join("\n".join(map(told, block)) for block in blocks)
    small: list[str] = []
    for read in sorted({day for day, _ in numbers}, reverse=True):
        small.append(f"-# Sources, read {read.isoformat()}:")
        small += [f"-# [{number}] {plain(source)}" for (day, source), number in numbers.items() if day == read]
    if legend := " · ".join(word for confidence, word in LEGEND.items() if confidence in doubts):
        small.append(f"-# {legend}")
    return Page(title, text, "\n".join(small))
