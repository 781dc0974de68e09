"""Drills on the code sets: drawn and graded from a seed alone, so that nothing about them is stored."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from bot.codes.book import CodeBook
from bot.codes.drills import draw
from bot.codes.neighbourhood import Neighbourhood
from bot.core.drills import Drill, DrillKind
from bot.core.errors import ChoiceUnknown

R = TypeVar("R")


class Read(Protocol):
    """Does something with the code database, off the event loop. Raises CodesMissing."""

    def __call__(self, work: Callable[[CodeBook], R], /) -> Awaitable[R]: ...


@dataclass(frozen=True, slots=True)
class Graded:
    """An answered drill. `chosen` is the position of the option that was pressed."""

    drill: Drill
    chosen: int

    @property
    def right(self) -> bool:
        return self.drill.options[self.chosen].right


@dataclass(frozen=True, slots=True)
class Outdated:
    """The code set says something else than when the drill was asked, so that the answer can't be graded."""


class Drills:
    """Use cases of /code drill. The same seed and wishes give the same drill from the same code database."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._near: Neighbourhood | None = None

    async def draw(self, kind: DrillKind | None, chapter: int | None, seed: int, on: date) -> Drill:
        """A drill of any kind and from any chapter unless said otherwise. Raises NoDrill, CodesMissing."""
        return await self._read(lambda book: draw(self._nearby(book), kind, chapter, seed, on))

    async def grade(
        self, kind: DrillKind | None, chapter: int | None, seed: int, digest: str, chosen: int, on: date
    ) -> Graded | Outdated:
        """The answer to the drill that `draw` gave, whose digest was `digest`. Raises NoDrill, CodesMissing, ChoiceUnknown."""
        drill = await self.draw(kind, chapter, seed, on)
        if drill.digest != digest:
            return Outdated()
        if not 0 <= chosen < len(drill.options):
            raise ChoiceUnknown
        return Graded(drill, chosen)

    def _nearby(self, book: CodeBook) -> Neighbourhood:
        """What is kept of a database between drills, until another takes its place."""
        near = self._near
        if near is None or near.book is not book:
            near = self._near = Neighbourhood(book)
        return near
