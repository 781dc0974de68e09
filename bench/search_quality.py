"""How well the code search finds: everyday diagnoses, inclusion terms it was not told of, the same with a typo."""

import csv
import random
import re
import string
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.measure import ROOT
from bot.codes.book import CodeBook
from bot.codes.build import read_installed, silence
from bot.codes.write import write_database
from bot.core.codes import Level, NoteKind, System

ON = date(2026, 11, 21)
HELD_OUT = 2000
Finder = Callable[[str], Sequence[str]]
"""A query into keys, the best first, at most 25."""


@dataclass(frozen=True, slots=True)
class Case:
    query: str
    keys: frozenset[str]
    """Keys that are right; for held-out terms a descendant is right as well."""


@dataclass(frozen=True, slots=True)
class Quality:
    at1: float
    at5: float
    at10: float
    at25: float
    mrr: float


def everyday_cases() -> list[Case]:
    with (ROOT / "bench/data/everyday_diagnoses.csv").open(encoding="utf-8", newline="") as file:
        return [
            Case(row["query"], frozenset(code.replace(".", "") for code in (row["code"], *row["also"].split())))
            for row in csv.DictReader(file)
        ]


def held_out_cases(seed: int = 1) -> tuple[list[Case], frozenset[tuple[str, str]]]:
    """Inclusion terms, and the (key, term) pairs to leave out of the index so that they are not told."""
    read = read_installed()
    terms = [
        (entry.key, note.text)
        for entry in read.source.entries
        if entry.level in (Level.CODE, Level.HEADER)
        for note in entry.notes
        if note.kind is NoteKind.INCLUSION_TERM
    ]
    chosen = random.Random(seed).sample(terms, HELD_OUT)
    cases = [Case(text, frozenset([key])) for key, text in chosen]
    return cases, frozenset((key, text.casefold()) for key, text in chosen)


def with_typo(cases: Sequence[Case], seed: int = 1) -> list[Case]:
    """The cases with one letter of a word of five or more left out, doubled, changed or swapped with the next."""
    rng = random.Random(seed)
    return [Case(_typo(case.query, rng), case.keys) for case in cases]


def _typo(text: str, rng: random.Random) -> str:
    places = [(m.start(), m.end()) for m in re.finditer(r"[A-Za-z]{5,}", text)]
    if not places:
        return text
    start, end = rng.choice(places)
    i = rng.randrange(start + 1, end - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return text[:i] + text[i + 1 :]
    if kind == 1:
        return text[:i] + text[i] + text[i:]
    if kind == 2:
        return text[:i] + rng.choice(string.ascii_lowercase) + text[i + 1 :]
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]


def database_without(
    unsaid: frozenset[tuple[str, str]], everyday: dict[str, tuple[str, ...]], folder: Path
) -> CodeBook:
    """A code database whose index was not told of some terms."""
    path = folder / "held-out.db"
    write_database(path, [read_installed()], everyday, "", silence, unsaid=unsaid)
    return CodeBook(path)


def measure(finder: Finder, cases: Sequence[Case], *, below: bool) -> Quality:
    """`below`: a descendant of a right entry is right too."""
    ranks = [_rank(finder(case.query), case, below) for case in cases]

    def at(limit: int) -> float:
        return sum(rank is not None and rank <= limit for rank in ranks) / len(ranks)

    return Quality(at(1), at(5), at(10), at(25), sum(1 / rank for rank in ranks if rank) / len(ranks))


def _rank(found: Sequence[str], case: Case, below: bool) -> int | None:
    for rank, key in enumerate(found, 1):
        if key in case.keys or (below and any(key.startswith(right) for right in case.keys)):
            return rank
    return None


def scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="bench-codes-")


SYSTEMS = (System.ICD10CM,)
