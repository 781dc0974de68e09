"""What a code set says: codes and headers, the notes on them, and since when and until when they are valid."""

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class System(StrEnum):
    """A code set, by the name that the field uses."""

    ICD10CM = "ICD-10-CM"
    ICD10PCS = "ICD-10-PCS"
    HCPCS = "HCPCS Level II"
    CPT = "CPT"


class Level(StrEnum):
    """Where an entry stands in its set."""

    CHAPTER = "chapter"
    BLOCK = "block"
    HEADER = "header"
    CODE = "code"
    MODIFIER = "modifier"
    TABLE = "table"


class NoteKind(StrEnum):
    """Instructional notes, in the order in which a tabular list prints them."""

    NOTE = "note"
    INCLUDES = "includes"
    INCLUSION_TERM = "inclusion term"
    CODE_FIRST = "code first"
    USE_ADDITIONAL = "use additional code"
    CODE_ALSO = "code also"
    EXCLUDES1 = "excludes1"
    EXCLUDES2 = "excludes2"
    SEVENTH = "7th character"


@dataclass(frozen=True, slots=True)
class Note:
    kind: NoteKind
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a release: a chapter, block, header, code, modifier or table.

    `key` is the code without its dot; chapters and blocks have keys that no code has, such as "chapter 9" and
    "block I10-I1A". `code` is how it is written. `sevenths` are the 7th characters defined at this entry for all
    below it. `facts` is what else the set says of it, by name, in the order to show.
    """

    key: str
    code: str
    title: str
    level: Level
    parent: str | None = None
    notes: tuple[Note, ...] = ()
    sevenths: tuple[tuple[str, str], ...] = ()
    terms: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    facts: dict[str, Any] = field(default_factory=dict[str, Any], hash=False)

    @property
    def billable(self) -> bool:
        """Whether it can be reported as it stands."""
        return self.level is Level.CODE


@dataclass(frozen=True, slots=True)
class Release:
    """A release of a code set. `effective` is its first day; `until` the last day it speaks for, as far as is known."""

    system: System
    name: str
    effective: date
    until: date | None
    files: tuple[str, ...]
    notes_from: str
    """The release whose notes it carries: its own name where it came with notes."""


@dataclass(frozen=True, slots=True)
class Version:
    """A wording of an entry, and on which days of service it is valid.

    `since` is None when it stood in the first release known here and may be older; `until` is None while no release
    says that it ended. `release` is the newest release that has it. `standard` is, for a header, the key of the code
    that is taken when nothing more is said. `id` and `position` are its places in the code database: in the order of
    likelihood, and in the order of the tabular list.
    """

    entry: Entry
    since: date | None
    until: date | None
    release: Release
    id: int = 0
    position: int = 0
    standard: str | None = None
    gone: bool = False

    def valid_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


def key_of(text: str) -> str:
    """A code as typed, in any case, with or without its dot or dashes at its end, as a key."""
    return re.sub(r"[\s.]", "", text).upper().rstrip("-")


def dotted(key: str) -> str:
    """An ICD-10-CM key as the tabular list writes it."""
    return key if len(key) <= 3 else f"{key[:3]}.{key[3:]}"
