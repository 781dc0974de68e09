"""What is known about certifications: facts with how sure they are and where they stand, issuers, the way to a credential."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.core.book_years import BookChange


class Confidence(StrEnum):
    """How sure a fact is: the issuer's page or two sources that agree; one recent source; weak or conflicting; not found."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    UNKNOWN = "unknown"


class Topic(StrEnum):
    """What a fact about an exam is about, in the order in which facts are told."""

    ITEMS = "items"
    TIME = "time"
    PASS = "pass"
    BOOKS = "books"
    BOOK_YEAR = "book-year"
    DELIVERY = "delivery"
    ELIGIBILITY = "eligibility"
    MEMBERSHIP = "membership"
    COST = "cost"
    RETAKE = "retake"
    RESULTS = "results"
    APPRENTICE = "apprentice"
    RENEWAL = "renewal"
    PASS_RATE = "pass-rate"
    BLUEPRINT = "blueprint"


EXPECTED = (
    Topic.ITEMS,
    Topic.TIME,
    Topic.PASS,
    Topic.BOOKS,
    Topic.BOOK_YEAR,
    Topic.DELIVERY,
    Topic.ELIGIBILITY,
    Topic.COST,
    Topic.RETAKE,
    Topic.RENEWAL,
)
"""What everybody who plans an exam asks; where nothing is known of one, that is said."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact about an exam. `brief` is what stands in a comparison; `as_of` the day the source was read; `changes`
    is the rule behind a book year."""

    topic: Topic
    brief: str
    text: str
    confidence: Confidence
    source: str
    as_of: date
    changes: BookChange | None = None


class Stage(StrEnum):
    """The way to a credential and on, in order."""

    PREPARE = "prepare"
    REGISTER = "register"
    SIT = "sit"
    OBTAIN = "obtain"
    APPRENTICE = "apprentice"
    RENEW = "renew"


@dataclass(frozen=True, slots=True)
class Step:
    """What to do at a stage. `exams` are those of the issuer that it is for, all of them when empty."""

    stage: Stage
    text: str
    confidence: Confidence
    source: str
    as_of: date
    exams: tuple[str, ...] = ()


class CeuPeriod(StrEnum):
    """How long an issuer's cycle is: two years from its first day, or January to December."""

    TWO_YEARS = "two-years"
    CALENDAR_YEAR = "calendar-year"


@dataclass(frozen=True, slots=True)
class CeuStep:
    """The continuing education units of a cycle for who holds this many credentials of the issuer, `or_more` of them."""

    credentials: int
    ceus: int
    or_more: bool
    confidence: Confidence
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class CeuMinimum:
    """What of the units must be of one category, as a number or in percent. `exams` are those it holds for, all when empty."""

    id: str
    title: str
    ceus: int | None
    percent: int | None
    confidence: Confidence
    source: str
    as_of: date
    exams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CeuNote:
    """What else the issuer says about its units."""

    text: str
    confidence: Confidence
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class CeuRule:
    """What an issuer asks for to keep credentials. `exams` are those it holds for, all of the issuer's when empty; for
    numbers of credentials without a step the units are not known."""

    period: CeuPeriod
    steps: tuple[CeuStep, ...]
    minimums: tuple[CeuMinimum, ...] = ()
    notes: tuple[CeuNote, ...] = ()
    exams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who gives a credential. `facts` hold for each of its exams that has none of its own on their topic."""

    id: str
    name: str
    title: str
    facts: tuple[Fact, ...]
    steps: tuple[Step, ...]
    ceus: tuple[CeuRule, ...] = ()

    def ceu_rule(self, exam: str) -> CeuRule | None:
        """The rule for a credential, by the id of its exam."""
        return next((rule for rule in self.ceus if not rule.exams or exam in rule.exams), None)


@dataclass(frozen=True, slots=True)
class CareerFact:
    """Something about work and pay, with its date."""

    id: str
    title: str
    text: str
    confidence: Confidence
    source: str
    as_of: date
