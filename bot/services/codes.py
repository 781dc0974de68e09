"""Looking codes up: search, one entry with everything on it, two codes together, drills."""

import asyncio
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from bot.codes.book import CodeBook, NoCodes
from bot.codes.find import find, is_spoken
from bot.codes.sets import CodeSets
from bot.codes.sheet import Sheet, chain, sheet
from bot.core.codes import Level, Release, System, Version, key_of
from bot.core.errors import CodesMissing, CodeUnknown, CptNotHere, DateUnreadable, NotOneCodeSet
from bot.core.together import Together, together

P = ParamSpec("P")
R = TypeVar("R")


_CPT = re.compile(r"\d{5}|\d{4}[FTUM]", re.IGNORECASE)
MATCHES = 10
EASTERN = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True)
class Matches:
    """What was typed is a code in several systems, or words for several: the learner says which is meant."""

    text: str
    versions: Sequence[Version]


class Codes:
    """Use cases of /code. The database is read on threads of its own, off the event loop."""

    def __init__(self, sets: CodeSets, clock: Callable[[], float]) -> None:
        self._sets = sets
        self._clock = clock
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="codes")

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def today(self) -> date:
        """The date in the east of the United States, whose code sets these are."""
        return datetime.fromtimestamp(self._clock(), EASTERN).date()

    def day(self, text: str) -> date:
        """A date of service as typed, today when empty. Raises DateUnreadable."""
        text = text.strip()
        if not text:
            return self.today()
        for form in ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y"):
            try:
                return datetime.strptime(text, form).replace(tzinfo=UTC).date()
            except ValueError:
                continue
        raise DateUnreadable(text=text[:40])

    async def suggest(self, text: str, on: date, systems: Sequence[System] = (), limit: int = 25) -> list[Version]:
        """What somebody who is typing may mean, the best first. Nothing when there is no code database."""
        try:
            return await self._read(self._find, text, on, systems, limit)
        except CodesMissing:
            return []

    async def search(self, text: str, on: date, systems: Sequence[System] = (), limit: int = 25) -> list[Version]:
        """Raises CodesMissing."""
        return await self._read(self._find, text, on, systems, limit)

    async def releases(self) -> list[Release]:
        """The newest release of each installed code set; none when there is no code database."""
        try:
            book = await self._read(self._book)
        except CodesMissing:
            return []
        return [book.newest(system) for system in book.systems]

    async def look_up(self, text: str, on: date) -> Sheet | Matches:
        """The entry that a code names, alone or as autocomplete gives it ("ICD-10-CM|E119"); for words, the best matches.
        Raises CodeUnknown, CodesMissing."""
        return await self._read(self._look_up, text, on)

    async def sheet(self, system: System, key: str, on: date) -> Sheet:
        """Raises CodeUnknown, CodesMissing."""
        return await self._read(self._sheet, system, key, on)

    async def together(self, first: str, second: str, on: date) -> Together:
        """Raises CodeUnknown, NotOneCodeSet, CodesMissing."""
        return await self._read(self._together, first, second, on)

    async def read(self, work: Callable[[CodeBook], R], /) -> R:
        """Do something with the code database on its threads. Raises CodesMissing."""
        return await self._read(lambda: work(self._book()))

    async def _read(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: work(*args, **kwargs))

    def _book(self) -> CodeBook:
        try:
            return self._sets.book()
        except NoCodes:
            raise CodesMissing from None

    def _find(self, text: str, on: date, systems: Sequence[System], limit: int) -> list[Version]:
        return find(self._book(), self._sets.synonyms, text, on, systems=systems, limit=limit)

    def _look_up(self, text: str, on: date) -> Sheet | Matches:
        book = self._book()
        system, _, key = text.partition("|")
        if key and system in {s.value for s in System}:
            return self._sheet(System(system), key, on)
        named = self._named(book, text, on)
        if not named:
            named = find(book, self._sets.synonyms, text, on, limit=MATCHES)
            if not named and _CPT.fullmatch(text.strip()) and System.CPT not in book.systems:
                raise CptNotHere(text=text.strip())
            if not named:
                raise CodeUnknown(text=text[:60])
        if len(named) > 1:
            return Matches(text, named)
        return sheet(book, named[0], on)

    def _named(self, book: CodeBook, text: str, on: date) -> list[Version]:
        """The entries that a text names exactly: a code; a block or chapter as it is shown."""
        text = text.strip()
        named = book.named(key_of(text), on)
        for key in (f"block {text.upper()}", text.lower()):
            if not named and (entry := book.entry(System.ICD10CM, key, on)):
                return [entry]
        if "." in text:
            named = [version for version in named if version.release.system is System.ICD10CM]
        modifiers = all(version.entry.level is Level.MODIFIER for version in named)
        # "ms" is multiple sclerosis as well as a modifier: both are offered.
        return [] if modifiers and not text.isupper() and is_spoken(text, self._sets.synonyms) else named

    def _sheet(self, system: System, key: str, on: date) -> Sheet:
        book = self._book()
        version = book.entry(system, key, on)
        if version is None:
            raise CodeUnknown(text=f"{system} {key}"[:60])
        return sheet(book, version, on)

    def _together(self, first: str, second: str, on: date) -> Together:
        book = self._book()
        a, b = (self._diagnosis(book, text, on) for text in (first, second))
        return together(chain(book, a, on), chain(book, b, on), book.categories)

    def _diagnosis(self, book: CodeBook, text: str, on: date) -> Version:
        system, _, key = text.rpartition("|")
        version = book.entry(System.ICD10CM, key_of(key), on)
        if version is not None and system in ("", System.ICD10CM):
            return version
        if book.named(key_of(key), on):
            raise NotOneCodeSet(text=text[:60])
        found = find(book, self._sets.synonyms, key, on, systems=[System.ICD10CM], limit=1)
        if not found:
            raise CodeUnknown(text=key[:60])
        return found[0]
