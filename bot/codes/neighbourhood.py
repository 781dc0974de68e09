"""What stands near an entry of ICD-10-CM on a day: a code by chance, what lies around it, what its notes name."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from random import Random

from bot.codes.book import CodeBook
from bot.core.codes import Level, System, Version
from bot.core.drill_structure import NEAR, Under
from bot.core.references import Reference

CM = System.ICD10CM
KEPT = 2_000
"""Branches of the upper tree that are kept in memory: more than there are chapters and blocks."""


class Neighbourhood:
    """A code database as drills see it. May be used by several threads."""

    def __init__(self, book: CodeBook) -> None:
        self.book = book
        self._below: dict[tuple[str, date], list[Version]] = {}
        self._definers: dict[int, list[list[str]]] | None = None
        self._repeated: frozenset[str] | None = None

    def chapters(self, on: date) -> dict[int, Version]:
        """The chapters by number."""
        found: dict[int, Version] = {}
        for number in range(1, 40):
            version = self.book.entry(CM, f"chapter {number}", on)
            if version is None:
                break
            found[number] = version
        return found

    def below(self, version: Version, on: date) -> list[Version]:
        """What stands directly below an entry, in the order of the list."""
        if version.entry.level not in (Level.CHAPTER, Level.BLOCK):
            return self.book.children(version, on)
        name = (version.entry.key, on)
        found = self._below.get(name)
        if found is None:
            if len(self._below) >= KEPT:
                self._below.clear()
            found = self._below[name] = self.book.children(version, on)
        return found

    def above(self, version: Version, on: date) -> list[Version]:
        """What stands above an entry, the nearest first."""
        return self.book.ancestors(version, on)

    def leaf(self, start: Version, on: date, rng: Random) -> Version | None:
        """A billable code at or below an entry. Each step down is as likely as those beside it, so that a code that
        stands for itself comes more often than one of a hundred variants."""
        at = start
        while not at.entry.billable:
            children = self.below(at, on)
            # A new code whose block no file names stands below its chapter, where it would come far too often.
            children = [one for one in children if one.entry.level is Level.BLOCK] or children
            if not children:
                return None
            at = rng.choice(children)
        return at if at.valid_on(on) else None

    def headers(self, entry: Version, on: date, rng: Random) -> list[Under]:
        """Headers with keys no shorter than an entry's, those of its own branch first."""
        size = len(entry.entry.key)
        found: dict[str, Under] = {}
        for above in self.above(entry, on):
            if above.entry.level is Level.CHAPTER or len(found) >= NEAR:
                break
            branches = [one for one in self.below(above, on) if one.entry.level is Level.HEADER]
            for branch in rng.sample(branches, min(NEAR, len(branches))):
                children = self.below(branch, on)
                if len(branch.entry.key) >= size:
                    found.setdefault(branch.entry.key, Under(branch, children))
                longer = [one for one in children if one.entry.level is Level.HEADER and len(one.entry.key) >= size]
                for one in rng.sample(longer, min(2, len(longer))):
                    if one.entry.key not in found:
                        found[one.entry.key] = Under(one, self.below(one, on))
        return list(found.values())

    def blocks(self, chapter: Version, on: date) -> list[Version]:
        """The blocks of a chapter that hold categories themselves: some only span other blocks."""
        blocks = (one for one in self.below(chapter, on) if one.entry.level is Level.BLOCK)
        return [block for block in blocks if self.below(block, on)]

    def reach(self, version: Version, on: date) -> str:
        """Which codes a chapter, block or category holds, as people write it."""
        if version.entry.level is Level.CHAPTER:
            below = self.below(version, on)
            ends = [
                one.entry.code.split("-") if one.entry.level is Level.BLOCK else [one.entry.key[:3]] for one in below
            ]
            return f"{min(end[0] for end in ends)}-{max(end[-1] for end in ends)}"
        return version.entry.code if version.entry.level is Level.BLOCK else f"category {version.entry.code}"

    def definers(self) -> dict[int, list[list[str]]]:
        """The keys of the entries that define 7th characters, by chapter; those that define the same stand together."""
        if self._definers is None:
            found: defaultdict[int, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
            rows = self.book.connection.execute(
                "SELECT key, max(sevenths) FROM entries WHERE system = ? AND size BETWEEN 3 AND 6 AND sevenths != ''"
                " GROUP BY key ORDER BY key",
                (CM,),
            ).fetchall()
            for key, sevenths in rows:
                version = self.book.history(CM, key)[-1]
                above = self.above(version, version.release.effective)
                if above and above[-1].entry.level is Level.CHAPTER:
                    found[number(above[-1])][sevenths].append(key)
            self._definers = {chapter: list(alike.values()) for chapter, alike in found.items()}
        return self._definers

    def repeated(self) -> frozenset[str]:
        """Titles that entries of more than one category have."""
        if self._repeated is None:
            rows = self.book.connection.execute(
                "SELECT title FROM entries WHERE system = ? AND size BETWEEN 3 AND 7 AND level IN (?, ?)"
                " GROUP BY title HAVING count(DISTINCT substr(key, 1, 3)) > 1",
                (CM, Level.CODE, Level.HEADER),
            )
            self._repeated = frozenset(row[0] for row in rows)
        return self._repeated

    def within(self, reference: Reference, on: date, rng: Random) -> Version | None:
        """A billable code that a reference of a note covers; None when none was found."""
        categories = self.book.categories
        first = self.book.entry(CM, reference.first, on)
        if first is None or not first.valid_on(on):
            return None
        start = first
        if reference.first != reference.last:
            if len(reference.first) == 3:
                low, high = categories.get(reference.first, 0), categories.get(reference.last, -1)
                keys = [key for key, place in categories.items() if low <= place <= high]
                start = self.book.entry(CM, rng.choice(keys), on) if keys else None
            else:
                size = len(reference.first)
                beside = [one for one in self.book.siblings(first, on) if len(one.entry.key) == size]
                covered = [one for one in beside if reference.covers(one.entry.key, categories)]
                start = rng.choice(covered) if covered else None
        leaf = self.leaf(start, on, rng) if start else None
        return leaf if leaf and reference.covers(leaf.entry.key, categories) else None

    def release(self, on: date) -> str:
        """Which edition speaks for a day, and from which its notes are."""
        releases = [one for one in self.book.releases.values() if one.system is CM]
        begun = [one for one in releases if one.effective <= on]
        release = max(begun, key=lambda one: one.effective) if begun else min(releases, key=lambda one: one.effective)
        notes = f"; notes from {release.notes_from}" if release.notes_from not in ("", release.name) else ""
        late = f"; it ended on {release.until}" if release.until is not None and release.until < on else ""
        return f"{CM} {release.name}{notes}{late}"


def number(chapter: Version) -> int:
    """The number of a chapter."""
    return int(chapter.entry.key.removeprefix("chapter "))


def nearest(versions: Sequence[Version], key: str) -> list[Version]:
    """The same in order of their distance from the one with a key."""
    keys = [version.entry.key for version in versions]
    at = keys.index(key) if key in keys else 0
    return [versions[i] for i in sorted(range(len(versions)), key=lambda i: abs(i - at))]
