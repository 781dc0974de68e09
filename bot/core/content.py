"""What the tutor teaches from: items, the concepts behind them, and the blueprints of the exams."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from bot.core.certs import CareerFact, Fact, Issuer
from bot.core.errors import AreaUnknown

LETTERS = "ABCDEF"


class Difficulty(StrEnum):
    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer option; `rationale` says why it is right or wrong in this case."""

    text: str
    rationale: str
    correct: bool


@dataclass(frozen=True)
class Item:
    """A practice question. `code_year` is the book year it was checked against, `as_of` the day of that check."""

    id: str
    version: int
    areas: tuple[str, ...]
    concept: str
    difficulty: Difficulty
    stem: str
    options: tuple[Option, ...]
    reference: str
    source: str
    as_of: date
    code_year: int
    review_after: date
    codes: tuple[str, ...] = ()
    case: str = ""
    """The id of the case set it belongs to."""
    scenario: str = ""
    """The record that all questions of its case set are about; it stands above the stem."""

    @property
    def multiple(self) -> bool:
        """Whether more than one option must be chosen."""
        return len(self.key) > 1

    @cached_property
    def key(self) -> frozenset[int]:
        """The positions, as written by the author, of the right options."""
        return frozenset(i for i, option in enumerate(self.options) if option.correct)

    @cached_property
    def body(self) -> str:
        """The item as canonical JSON: what a round keeps of the item that it showed."""
        fields = asdict(self)
        for name in ("case", "scenario"):  # what was kept before there were case sets stays the same text
            if not fields[name]:
                del fields[name]
        return json.dumps(fields, default=str, sort_keys=True, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """Identifies exactly this wording and key, so that an edited item never regrades an open round."""
        return hashlib.sha256(self.body.encode()).hexdigest()[:16]

    @classmethod
    def from_body(cls, body: str) -> "Item":
        """The item that `body` was made from."""
        fields: dict[str, Any] = json.loads(body)
        fields["options"] = tuple(Option(**option) for option in fields["options"])
        for name in ("areas", "codes"):
            fields[name] = tuple(fields[name])
        for name in ("as_of", "review_after"):
            fields[name] = date.fromisoformat(fields[name])
        fields["difficulty"] = Difficulty(fields["difficulty"])
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class CaseSet:
    """One record with several questions about it, asked one after the other in the order of `items` (ids)."""

    id: str
    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concept:
    """An explanation: what it is, the rule, a worked example and the usual trap."""

    id: str
    title: str
    areas: tuple[str, ...]
    summary: str
    rule: str
    trap: str
    reference: str
    source: str
    as_of: date
    code_year: int
    review_after: date
    example: str = ""
    codes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Synonym:
    """What people type for something that the code sets call otherwise; `means` are alternatives, the likeliest first."""

    say: str
    means: tuple[str, ...]
    source: str
    as_of: date

    @property
    def id(self) -> str:
        return self.say


@dataclass(frozen=True)
class EverydayTerms:
    """What diagnoses are called in everyday records, by the ICD-10-CM code that a coder reports for those words alone."""

    id: str
    terms: Mapping[str, tuple[str, ...]]
    source: str
    as_of: date
    code_year: int
    review_after: date


@dataclass(frozen=True, slots=True)
class Area:
    """A row of an exam's blueprint. `draws_from` are the item areas that serve it, none when no question does so far.

    `weight` is its number of items; where the issuer gives a range of `percent`, the middle of that.
    """

    id: str
    title: str
    weight: float
    draws_from: tuple[str, ...]
    confidence: str
    percent: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Exam:
    """A certification exam: its blueprint and what else is known. `items` and `areas` may be unknown, and then say so.

    `title` is what the letters of `name` stand for; `issuer` is the name of an `Issuer`.
    """

    id: str
    name: str
    issuer: str
    items: int | None
    areas: tuple[Area, ...]
    source: str
    as_of: date
    title: str = ""
    facts: tuple[Fact, ...] = ()

    def area_named(self, text: str, among: Iterable[Area]) -> Area:
        """The one of these rows that has this id or title. Raises AreaUnknown."""
        wanted = text.strip().casefold()
        for area in among:
            if wanted in (area.id.casefold(), area.title.casefold()):
                return area
        raise AreaUnknown(exam=self.name, text=text.strip()[:60])

    def area_of(self, item: Item) -> Area | None:
        """The blueprint row that an item serves: that of the first of its areas that the exam has."""
        for name in item.areas:
            for area in self.areas:
                if name in area.draws_from:
                    return area
        return None


@dataclass(frozen=True)
class Content:
    """Everything the packs hold, by id."""

    items: Mapping[str, Item] = field(default_factory=dict[str, Item])
    concepts: Mapping[str, Concept] = field(default_factory=dict[str, Concept])
    exams: Mapping[str, Exam] = field(default_factory=dict[str, Exam])
    terms: Mapping[str, EverydayTerms] = field(default_factory=dict[str, EverydayTerms])
    synonyms: Mapping[str, Synonym] = field(default_factory=dict[str, Synonym])
    issuers: Mapping[str, Issuer] = field(default_factory=dict[str, Issuer])
    careers: Mapping[str, CareerFact] = field(default_factory=dict[str, CareerFact])
    cases: Mapping[str, CaseSet] = field(default_factory=dict[str, CaseSet])

    @cached_property
    def area_titles(self) -> Mapping[str, str]:
        """The title of each item area: that of a blueprint row that draws from it alone."""
        return {
            row.draws_from[0]: row.title
            for exam in self.exams.values()
            for row in exam.areas
            if len(row.draws_from) == 1
        }

    def titles(self, item: Item) -> tuple[str, ...]:
        """The titles of an item's areas, as blueprints name them."""
        return tuple(self.area_titles.get(area, area) for area in item.areas)

    @cached_property
    def alone(self) -> tuple[Item, ...]:
        """The items that may be asked by themselves, by id: all but those of case sets."""
        return tuple(item for _, item in sorted(self.items.items()) if not item.case)

    def pool(self, exam: Exam) -> list[Item]:
        """The items that serve an exam and may be asked alone, in a stable order."""
        return [item for item in self.alone if exam.area_of(item)]

    def cases_for(self, exam: Exam) -> list[CaseSet]:
        """The case sets that serve an exam with each of their items, in a stable order."""
        return [
            case for _, case in sorted(self.cases.items()) if all(exam.area_of(self.items[name]) for name in case.items)
        ]
