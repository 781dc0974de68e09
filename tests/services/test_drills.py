"""Drills as the bot asks for them: the same again from the same seed, graded, and told apart after an update."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest

from bot.codes.book import CodeBook
from bot.codes.drills import draw
from bot.codes.neighbourhood import Neighbourhood
from bot.core.drills import DrillKind, NoDrill
from bot.core.errors import ChoiceUnknown
from bot.services.drills import Drills, Graded, Outdated
from tests.codes.databases import codes_folder, content_folder

__all__ = ["codes_folder", "content_folder"]

R = TypeVar("R")
TODAY = date(2026, 11, 21)


class Shelf:
    """What `Drills` reads from: the book that lies on it now."""

    def __init__(self, book: CodeBook) -> None:
        self.book = book
        self.reads = 0

    async def read(self, work: Callable[[CodeBook], R]) -> R:
        self.reads += 1
        return work(self.book)


@pytest.fixture
def shelf(codes_folder: Path) -> Iterator[Shelf]:
    first = CodeBook(codes_folder / "codes.db")
    shelf = Shelf(first)
    yield shelf
    first.close()
    shelf.book.close()


@pytest.fixture
def drills(shelf: Shelf) -> Drills:
    return Drills(shelf.read)


async def test_a_drill_is_the_one_of_its_seed(drills: Drills, shelf: Shelf) -> None:
    for kind in (None, *DrillKind):
        drill = await drills.draw(kind, None, 7, TODAY)
        assert drill == draw(Neighbourhood(shelf.book), kind, None, 7, TODAY)
        assert kind in (None, drill.kind)


async def test_every_option_is_graded_as_the_drill_says(drills: Drills) -> None:
    for kind in DrillKind:
        drill = await drills.draw(kind, None, 3, TODAY)
        for chosen, option in enumerate(drill.options):
            graded = await drills.grade(kind, None, 3, drill.digest, chosen, TODAY)
            assert isinstance(graded, Graded)
            assert (graded.drill, graded.chosen, graded.right) == (drill, chosen, option.right)


async def test_an_option_that_there_is_not_is_refused(drills: Drills) -> None:
    drill = await drills.draw(DrillKind.LEVEL, None, 3, TODAY)
    with pytest.raises(ChoiceUnknown):
        await drills.grade(DrillKind.LEVEL, None, 3, drill.digest, 2, TODAY)


async def test_a_drill_that_reads_otherwise_now_is_outdated_and_never_graded(drills: Drills) -> None:
    assert await drills.grade(DrillKind.LEVEL, None, 3, "00000000", 0, TODAY) == Outdated()


async def test_another_chapter_or_kind_is_another_drill(drills: Drills) -> None:
    one = await drills.draw(DrillKind.PARENT, 9, 3, TODAY)
    assert isinstance(await drills.grade(DrillKind.PARENT, 10, 3, one.digest, 0, TODAY), Outdated)
    assert isinstance(await drills.grade(DrillKind.LEVEL, 9, 3, one.digest, 0, TODAY), Outdated)


async def test_nothing_to_drill_is_a_sentence(drills: Drills) -> None:
    with pytest.raises(NoDrill, match=r"There is nothing to drill that with in chapter 9\."):
        await drills.draw(DrillKind.SEVENTH, 9, 1, TODAY)


async def test_a_new_database_takes_the_place_of_the_old_one(drills: Drills, shelf: Shelf) -> None:
    await drills.draw(None, None, 1, TODAY)
    kept = drills._near
    await drills.draw(None, None, 2, TODAY)
    assert drills._near is kept
    shelf.book = CodeBook(shelf.book.path)
    await drills.draw(None, None, 1, TODAY)
    assert drills._near is not kept
    assert shelf.reads == 3


async def test_each_drill_is_one_read(drills: Drills, shelf: Shelf) -> None:
    """`read` leaves the event loop for the whole of it: nothing is read before or after."""
    drill = await drills.draw(DrillKind.PLACE, None, 1, TODAY)
    assert shelf.reads == 1
    await drills.grade(DrillKind.PLACE, None, 1, drill.digest, 0, TODAY)
    assert shelf.reads == 2
