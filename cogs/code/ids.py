"""How buttons name an entry: "ICD-10-CM|E119", with the page, how many children were shown, and the day."""

import re
from dataclasses import dataclass, replace
from datetime import date

from bot.core.codes import System, Version

ENTRY = r"(?P<system>[A-Za-z0-9 -]{3,14})\|(?P<key>[A-Za-z0-9 -]{1,24})"
VIEW = r"(?:#(?P<page>\d{1,3}))?(?:\+(?P<skip>\d{1,5}))?(?:~(?P<on>\d{4}-\d\d-\d\d))?"


@dataclass(frozen=True, slots=True)
class Where:
    """What a lookup shows: the entry, the page of its notes, how many children are passed over, the day if not today."""

    system: System
    key: str
    page: int = 0
    skip: int = 0
    on: date | None = None

    def __str__(self) -> str:
        page = f"#{self.page}" if self.page else ""
        skip = f"+{self.skip}" if self.skip else ""
        return f"{self.system}|{self.key}{page}{skip}{day(self.on)}"

    def other(self, version: Version) -> "Where":
        """The same day, another entry."""
        return Where(version.release.system, version.entry.key, on=self.on)

    def turned(self, page: int) -> "Where":
        return replace(self, page=page)

    def further(self, skip: int) -> "Where":
        return replace(self, skip=skip)


def day(on: date | None) -> str:
    """A day other than today at the end of an id."""
    return f"~{on.isoformat()}" if on else ""


def read(text: str) -> Where | None:
    """The reverse of str(where)."""
    match = re.fullmatch(ENTRY + VIEW, text)
    return from_groups(match.groupdict()) if match else None


def from_groups(groups: dict[str, str | None]) -> Where | None:
    """From the groups of ENTRY and VIEW; None when the system is unknown or the day impossible."""
    try:
        return Where(
            System(groups["system"] or ""),
            groups["key"] or "",
            int(groups["page"] or 0),
            int(groups["skip"] or 0),
            date.fromisoformat(groups["on"]) if groups["on"] else None,
        )
    except ValueError:
        return None
