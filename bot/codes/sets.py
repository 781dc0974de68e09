"""The code sets of one installation: built when needed, opened once, opened anew when the file was replaced."""

import threading
from pathlib import Path

from bot.codes.book import CodeBook, NoCodes
from bot.codes.build import Everyday, Place, build, is_current, silence
from bot.codes.write import Progress
from bot.core.content import Content
from bot.search.query import synonyms_of


def everyday_of(content: Content) -> Everyday:
    """The everyday terms of all packs, by code."""
    found: dict[str, list[str]] = {}
    for group in content.terms.values():
        for code, terms in group.terms.items():
            found.setdefault(code, []).extend(terms)
    return found


class CodeSets:
    """Where the code database is, and the book opened from it. May be used by several threads."""

    def __init__(self, folder: Path, content: Content, everyday: Everyday | None = None) -> None:
        """`everyday` stands for the terms of the content where these are to be read later, if at all."""
        self.place = Place(folder)
        self.everyday = everyday_of(content) if everyday is None else everyday
        self.synonyms = synonyms_of(content)
        self._lock = threading.Lock()
        self._book: CodeBook | None = None
        self._seen: tuple[int, int] | None = None

    def is_current(self) -> bool:
        """Whether the database there was built from what is there now. Raises FileFault, OSError."""
        return is_current(self.place, self.everyday)

    def ensure(self, progress: Progress = silence, *, again: bool = False) -> bool:
        """Build the database if what it is made from changed, or `again` in any case. Returns whether it was built.
        Raises FileFault, OSError; then the one before stays in use."""
        if not again and self.is_current():
            return False
        build(self.place, self.everyday, progress)
        return True

    def book(self) -> CodeBook:
        """The book as it is on disk now. Raises NoCodes."""
        try:
            stat = self.place.database.stat()
        except OSError:
            raise NoCodes(self.place.database) from None
        seen = (stat.st_ino, stat.st_mtime_ns)
        if seen != self._seen:
            with self._lock:
                if seen != self._seen:
                    # The old one is not closed: another thread may be reading from it. It goes when nobody holds it.
                    self._book = CodeBook(self.place.database)
                    self._seen = seen
        if self._book is None:
            raise NoCodes(self.place.database)
        return self._book
