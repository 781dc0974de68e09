"""What is known about certifications: facts with how sure they are and where they stand, issuers, the way to a credential."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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
    """One fact about an exam. `brief` is what stands in a comparison; `as_of` the day the source was read."""

    topic: Topic
    brief: str
    text: str
    confidence: Confidence
    source: str
    as_of: date


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


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who gives a credential. `facts` hold for each of its exams that has none of its own on their topic."""

    id: str
    name: str
    title: str
    facts: tuple[Fact, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class CareerFact:
    """Something about work and pay, with its date."""

    id: str
    title: str
    text: str
    confidence: Confidence
    source: str
    as_of: date
