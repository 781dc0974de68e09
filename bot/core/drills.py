"""Drills on how ICD-10-CM is built: what one is, and what every builder of them shares."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from textwrap import shorten

from bot.core.codes import Level, Version
from bot.core.errors import UserError
from bot.core.phrases import first_of, listed


class DrillKind(StrEnum):
    """What is asked, by the letter that buttons carry."""

    BILLABLE = "b"
    SEVENTH = "s"
    EXCLUDES1 = "x"
    PLACE = "p"
    LEVEL = "h"
    PARENT = "u"


class NoDrill(UserError):
    """There is nothing to drill that with in {where}. Choose another kind of drill or another chapter, or leave one of
    them out."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option. `label` is short enough for a button, and empty where the title alone is shown, since a code or a
    range would give the answer away; `why` says why it is right or wrong; `key` is the entry it stands for."""

    label: str
    text: str
    why: str
    key: str
    right: bool


@dataclass(frozen=True, slots=True)
class Drill:
    """One item. `about` is the entry it teaches; `subject` is how the question shows it, empty where it would give the
    answer away. `place` is where the rule's note or list stands, `release` which edition of the code set says so,
    `source` the guideline behind the rule."""

    kind: DrillKind
    about: Version
    question: str
    subject: str
    options: tuple[Choice, ...]
    rule: str
    place: str
    source: str
    release: str = ""

    @property
    def right(self) -> int:
        """The position of the one right option."""
        return next(i for i, option in enumerate(self.options) if option.right)

    @property
    def digest(self) -> str:
        """Eight hexadecimal digits of what is asked and what is right: others when the code set changed it."""
        asked = [self.kind.value, self.about.entry.key, self.question, self.subject]
        asked += [f"{option.key}|{option.label}|{option.text}|{option.right}" for option in self.options]
        return hashlib.sha256("\n".join(asked).encode()).hexdigest()[:8]


SEEDS = 2**32


def next_seed(seed: int) -> int:
    """The seed after a seed, or the first one made from any number; below SEEDS, the same on every machine."""
    return int.from_bytes(hashlib.sha256(f"drill {seed}".encode()).digest()[:4])


CHAPTER_WEIGHTS: Mapping[int, int] = {
    1: 4, 2: 5, 3: 3, 4: 7, 5: 5, 6: 5, 7: 3, 8: 2, 9: 8, 10: 7, 11: 7, 12: 4, 13: 7, 14: 6, 15: 4, 16: 1, 17: 1,
    18: 6, 19: 7, 20: 0, 21: 5, 22: 1,
}  # fmt: skip
"""How often a chapter comes when none is asked for: by how much of coders' daily work is in it. External causes of
morbidity, chapter 20, come only when asked for."""

SEVENTH_WEIGHTS: Mapping[int, int] = {4: 2, 7: 3, 13: 4, 15: 3, 18: 1, 19: 10}
"""The same for 7th characters."""

GUIDELINES = "ICD-10-CM Official Guidelines"

_COMMON = frozenset(
    [
        "of",
        "and",
        "the",
        "due",
        "to",
        "with",
        "without",
        "in",
        "or",
        "for",
        "by",
        "other",
        "unspecified",
        "specified",
        "disease",
        "diseases",
        "disorder",
        "disorders",
        "certain",
        "elsewhere",
        "classified",
        "not",
        "nec",
        "condition",
        "conditions",
        "involving",
        "affecting",
        "on",
        "from",
        "as",
        "a",
        "an",
    ]
)


def telling(title: str) -> frozenset[str]:
    """The words of a title that say what it is about, cut to their beginnings so that plurals agree."""
    words = re.findall(r"[a-z0-9]+", title.lower())
    return frozenset(word[:5] for word in words if word not in _COMMON)


def given_away(title: str, right: str, others: Sequence[str]) -> bool:
    """Whether the words of `title` point to the right option more than to any other, so that no knowledge is needed."""
    own = telling(title)
    return len(own & telling(right)) > max((len(own & telling(other)) for other in others), default=0)


def coded(version: Version) -> str:
    """How running text names an entry: "chapter 4", "E08-E13", "E11.9"."""
    return version.entry.code.lower() if version.entry.level is Level.CHAPTER else version.entry.code


def named(version: Version, room: int = 160) -> str:
    """The same with its title; a long title ends in an ellipsis."""
    return f"{coded(version)} ({shortened(version.entry.title, room)})"


def titled(version: Version) -> str:
    """An entry as the line above a question's options shows it."""
    return f"{version.entry.code}  {version.entry.title}"


def shortened(text: str, room: int) -> str:
    return shorten(text, room, placeholder=" …")


def some_of(codes: Sequence[str], at_most: int = 4) -> str:
    """Codes as a phrase, such as "E11.21, E11.22 and 3 more"."""
    return listed(first_of(codes, at_most - 1) if len(codes) > at_most else codes)
