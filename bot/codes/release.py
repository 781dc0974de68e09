"""What a file of a code set holds once it is read, before it is laid beside other releases."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.core.codes import Entry, System


class Scope(StrEnum):
    """How much of a release a file tells."""

    FULL = "full"  # everything: entries with their notes
    LIST = "list"  # every code, but no notes: those of the release before still stand
    CHANGES = "changes"  # what differs from the release before
    TERMS = "terms"  # index terms that lead to codes, or definitions of the words in titles


class FileFault(Exception):
    """A file can't be used. The text is one sentence for the operator: which file, where, what is wrong."""

    def __init__(self, file: str, place: str, text: str) -> None:
        """`place` is a line, row or element, e.g. "line 12" or "table 001"; empty for the file as a whole."""
        super().__init__(f"{file}: {place}: {text}" if place else f"{file}: {text}")
        self.file, self.place, self.text = file, place, text

    def inside(self, archive: str) -> "FileFault":
        """The same fault of a file that was taken out of an archive."""
        return FileFault(f"{archive} > {self.file}", self.place, self.text)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an addenda file: an entry added, deleted (title as printed) or revised to a new title."""

    action: str  # "add", "delete" or "revise"
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Definition:
    """What a value of an ICD-10-PCS axis means in a section: `axis` is its position, 1 to 7."""

    section: str
    axis: int
    title: str
    definition: str = ""
    explanation: str = ""
    includes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A file as read. Dates are days on which claims may carry the codes; `until` is None while open."""

    system: System
    scope: Scope
    name: str  # the release as people call it, e.g. "FY2026, April 2026"
    effective: date
    until: date | None = None
    entries: Sequence[Entry] = ()
    changes: Sequence[Change] = ()
    terms: Sequence[tuple[str, str]] = ()  # (key, term)
    definitions: Sequence[Definition] = ()
    counts: dict[str, int] = field(default_factory=dict[str, int])  # what was counted, by what, e.g. {"codes": 8463}
    before: int | None = None  # for changes: how many billable codes the release before must have, and then after
    after: int | None = None
    file: str = ""  # where it was read from, e.g. "codes.zip > icd10cm_order_2026.txt"
