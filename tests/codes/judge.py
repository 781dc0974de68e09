"""The tabular list read straight from the tables, to judge drills without the code that draws them."""

import re
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from bot.codes.book import CodeBook
from bot.codes.installed import tabular
from bot.core.drills import Drill, DrillKind

CM = "ICD-10-CM"
IN_PRACTICE = {"under active treatment": "A", "routine care": "D", "left behind": "S"}
"""What a question may say instead of a 7th character's meaning."""


@cache
def printed_order() -> dict[str, int]:
    """The place of each category in the printed list, from the file that the publisher made."""
    found: list[str] = []
    for _, element in ElementTree.iterparse(Path(tabular()), events=("end",)):
        name = element.findtext("name") or ""
        if element.tag == "diag" and len(name) == 3:
            found.append(name)
    return {name: i for i, name in enumerate(found)}


@cache
def place_of(category: str) -> float:
    """The place of a category; one that was added later stands behind the last one before it in the alphabet."""
    order = printed_order()
    if category in order:
        return order[category]
    return max((i for name, i in order.items() if name < category), default=-1) + 0.5


class Judge:
    """What is right on a day, by the tables alone."""

    def __init__(self, book: CodeBook, on: date) -> None:
        day = on.isoformat()
        self.title: dict[str, str] = {}
        self.level: dict[str, str] = {}
        self.parent: dict[str, str | None] = {}
        self.below: defaultdict[str | None, list[str]] = defaultdict(list)
        self.alike: defaultdict[str, list[str]] = defaultdict(list)
        """Codes and headers by their title."""
        self.notes: defaultdict[str, list[str]] = defaultdict(list)
        rows = book.connection.execute(
            "SELECT id, key, title, level, parent FROM entries WHERE system = ?"
            " AND (since IS NULL OR since <= ?) AND (until IS NULL OR until >= ?)",
            (CM, day, day),
        )
        ids: dict[int, str] = {}
        for number, key, title, level, parent in rows:
            ids[number] = key
            self.title[key], self.level[key], self.parent[key] = title, level, parent
            self.below[parent].append(key)
            if " " not in key:
                self.alike[title].append(key)
        for number, text in book.connection.execute("SELECT entry, text FROM notes WHERE kind = 'excludes1'"):
            if number in ids:
                self.notes[ids[number]].append(text)

    def faults(self, drill: Drill) -> list[str]:
        """What is wrong with a drill; nothing when exactly one option is right, the one it says."""
        about = drill.about.entry.key
        faults: list[str] = []
        if self.title.get(about) != drill.about.entry.title:
            faults.append("is about an entry that is not valid on the day")
        if drill.kind is not DrillKind.LEVEL and len({option.key for option in drill.options}) != len(drill.options):
            faults.append("has an option twice")
        if len({(option.label, option.text) for option in drill.options}) != len(drill.options):
            faults.append("has options that look alike")
        is_right = {
            DrillKind.BILLABLE: lambda at: self.billable(drill.options[at].key),
            DrillKind.LEVEL: lambda at: self.billable(about) is (drill.options[at].label == "Billable"),
            DrillKind.PLACE: lambda at: self.holds(drill.options[at].key, drill),
            DrillKind.PARENT: lambda at: self.stands_above(drill.options[at].key, about),
            DrillKind.SEVENTH: lambda at: self.says(drill.options[at].key, drill),
            DrillKind.EXCLUDES1: lambda at: self.excludes(about, drill.options[at].key),
        }[drill.kind]
        for at, option in enumerate(drill.options):
            if is_right(at) is not option.right:
                faults.append(f"says of {option.key} that it is {'right' if option.right else 'wrong'}")
            if drill.kind is DrillKind.EXCLUDES1 and not option.right and self.excludes(option.key, about):
                faults.append(f"offers {option.key}, whose own note names {about}")
        if sum(option.right for option in drill.options) != 1:
            faults.append("has not one right option")
        return faults

    def billable(self, key: str) -> bool:
        return self.level[key] == "code" and not self.below[key]

    def line(self, key: str) -> list[str]:
        """An entry and all above it."""
        found: list[str] = []
        at: str | None = key
        while at is not None:
            found.append(at)
            at = self.parent[at]
        return found

    def holds(self, key: str, drill: Drill) -> bool:
        """Whether something with the title that the question shows is in a chapter, block or category."""
        about = drill.about.entry.key
        if drill.subject != self.title[about]:
            return key in self.line(about) or self.spans(key, about)
        return any(key in self.line(one) for one in self.alike[drill.subject])

    def spans(self, block: str, key: str) -> bool:
        """Whether a category lies between the ends that a block's name gives: C4A stands between C43 and C44 in print,
        and J4A before J45."""
        match = re.fullmatch(r"block (\w{3})(?:-(\w{3}))?", block)
        if match is None:
            return False
        first, category, last = match[1], key[:3], match[2] or match[1]
        return first <= category <= last or place_of(first) <= place_of(category) <= place_of(last)

    def stands_above(self, key: str, about: str) -> bool:
        """Whether an entry is the longest beginning of a code that there is; of a category, its block."""
        if len(about) == 3:
            return key == self.parent[about] and self.spans(key, about)
        stem = about[:6].rstrip("X") if len(about) == 7 and about[5] == "X" else about[:-1]
        beginnings = [stem[:size] for size in range(3, len(stem) + 1) if stem[:size] in self.title]
        if len(about) == 7 and about[:-1] in self.title:
            beginnings.append(about[:-1])
        return key == max(beginnings, key=len)

    def says(self, key: str, drill: Drill) -> bool:
        """Whether the title of a code ends in what is asked for, behind the title of its stem."""
        stem = self.parent[drill.about.entry.key] or ""
        assert self.parent[key] == stem
        assert self.billable(key)
        own = self.title[key].removeprefix(f"{self.title[stem]}, ")
        quoted = re.search(r"“(.*)”\?$", drill.question)
        if quoted:
            return own == quoted[1]
        [char] = [char for phrase, char in IN_PRACTICE.items() if phrase in drill.question]
        return own == {"A": "initial encounter", "D": "subsequent encounter", "S": "sequela"}[char]

    def excludes(self, key: str, other: str) -> bool:
        """Whether an Excludes1 note on an entry or above it names another."""
        notes = (note for at in self.line(key) for note in self.notes[at])
        return any(_names(first, last, condition, other) for note in notes for first, last, condition in _read(note))


_CODE = r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]+)?-?"


@cache
def _read(note: str) -> list[tuple[str, str, str]]:
    """The codes and ranges in a note as (first, last, condition on other characters)."""
    found: list[tuple[str, str, str]] = []
    bracketed = [part for part in re.findall(r"\(([^()]*)", note) if re.search(_CODE, part)]
    for part in bracketed or [note]:  # beside codes in parentheses, others belong to the wording
        named = list(re.finditer(rf"\b({_CODE})(?:(?:\s*-\s*|\s+to\s+|\s+|(?<=-))({_CODE}))?", part))
        # A condition stands behind the codes; "with tuberculosis (A15)" is none.
        condition = re.search(r"with (.*)$", part[named[-1].end() :]) if named else None
        for match in named:
            ends = [end.replace(".", "").rstrip("-") for end in (match[1], match[2] or match[1])]
            if match[2] and re.fullmatch(r"\s+", part[match.end(1) : match.start(2)] or ""):
                # Two codes with nothing but a space between them, the first with a dash for what is below it.
                found += [(end, end, "") for end in ends]
            else:
                found.append((ends[0], ends[1], condition[1] if condition else ""))
    return found


def _names(first: str, last: str, condition: str, key: str) -> bool:
    low, high = _place(key, len(first)), _place(key, len(last))
    if not _place(first, len(first)) <= low or not high <= _place(last, len(last)):
        return False
    return not condition or _fits(condition.strip(), key)


def _place(key: str, size: int) -> tuple[float, str]:
    return place_of(key[:3]), key[3:size]


def _fits(condition: str, key: str) -> bool:
    """Whether the characters of a code are those that a note asks for."""
    stem = key[:6].rstrip("X")
    if match := re.search(r"final characters? -?(\w+)", condition):
        return stem.endswith(match[1])
    if endings := re.findall(r"\.(\d+)", condition if condition.startswith(".") else ""):
        if len(endings) == 2 and "-." in condition:
            endings = [str(ending) for ending in range(int(endings[0]), int(endings[1]) + 1)]
        return key[3:].startswith(tuple(endings))
    if match := re.fullmatch(r"(?:fifth or sixth|sixth or fifth) character (\w)(?:-(\w))?", condition):
        return len(stem) in (5, 6) and match[1] <= stem[-1] <= (match[2] or match[1])
    if match := re.fullmatch(r"(fourth|fifth|5th|sixth|seventh|7th) character (\w)(?:-(\w))?", condition):
        place = {"fourth": 4, "fifth": 5, "5th": 5, "sixth": 6, "seventh": 7, "7th": 7}[match[1]]
        return len(key) >= place and match[2] <= key[place - 1] <= (match[3] or match[2])
    return True
