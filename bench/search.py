"""How well and how fast the code search finds, against rapidfuzz and FTS5 on the same data, and what its words bring."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.measure import ROOT, quantile, table
from bench.rivals import LIMIT, Phrases, bm25, fuzzy, phrases_of
from bench.search_quality import (
    ON,
    SYSTEMS,
    Case,
    Finder,
    Quality,
    database_without,
    everyday_cases,
    held_out_cases,
    measure,
    scratch,
    with_typo,
)
from bot.codes.book import CodeBook
from bot.codes.build import Everyday, read_all, read_installed, silence
from bot.codes.find import find
from bot.codes.sets import everyday_of
from bot.codes.write import write_database
from bot.core.codes import Level, System, key_of
from bot.packs import load_content
from bot.search.query import Synonyms, synonyms_of
from bot.search.words import words
from tests.content.codesets import ADDENDA

FUZZY = 300
"""Held-out terms that rapidfuzz is asked for: it takes more than 100 ms for each."""

GROUPS = {"clinical": (0, 150), "lay": (150, 210), "abbreviation": (210, 255), "detail": (255, 300)}
"""Rows of the everyday diagnoses, as their description divides them."""

HEAD = ("Method", "everyday @1", "@5", "held-out @1", "@10", "@25", "MRR", "one typo @25", "p50, ms", "p99, ms")


@dataclass(frozen=True, slots=True)
class Method:
    """One way to search: over the whole index for everyday diagnoses, over the reduced one for held-out terms."""

    name: str
    whole: Finder
    reduced: Finder
    held_out: int
    """How many of the held-out terms it is asked for; they are in random order."""


@dataclass(slots=True)
class Watch:
    """What a finder found, kept, and how many milliseconds it took each time."""

    finder: Finder
    ms: list[float] = field(default_factory=list)
    found: dict[str, Sequence[str]] = field(default_factory=dict)

    def __call__(self, query: str) -> Sequence[str]:
        if query not in self.found:
            started = time.perf_counter()
            self.found[query] = self.finder(query)
            self.ms.append((time.perf_counter() - started) * 1000)
        return self.found[query]


def ours(book: CodeBook, synonyms: Synonyms) -> Finder:
    return lambda text: [version.entry.key for version in find(book, synonyms, text, ON, systems=SYSTEMS, limit=LIMIT)]


def same_words(text: str) -> tuple[str, ...]:
    return tuple(sorted(words(text)))


def untold(everyday: Everyday, cases: Sequence[Case]) -> dict[str, tuple[str, ...]]:
    """Everyday terms but for those that say the same words as a term under test, whatever code they stand for."""
    tested = {same_words(case.query) for case in cases}
    return {code: tuple(term for term in terms if same_words(term) not in tested) for code, terms in everyday.items()}


def joined(phrases: Phrases, everyday: Everyday) -> Phrases:
    """Phrases with the everyday terms of each code behind them."""
    said = {key_of(code): terms for code, terms in everyday.items()}
    return {key: [*own, *said.get(key, ())] for key, own in phrases.items()}


def codes_alone(book: CodeBook, phrases: Phrases) -> Phrases:
    rows = book.connection.execute(
        "SELECT key FROM entries WHERE system = ? AND level = ?", (System.ICD10CM, Level.CODE)
    )
    codes = {row[0] for row in rows}
    return {key: said for key, said in phrases.items() if key in codes}


def whole_database(everyday: Everyday, path: Path) -> CodeBook:
    """Everything that is valid on the day: the installed release, and the addenda of FY2027 where they are at hand."""
    reads = [read_installed(), *(read_all(ADDENDA) if ADDENDA.exists() else ())]
    write_database(path, reads, everyday, "", silence)
    return CodeBook(path)


def methods(everyday: Everyday, synonyms: Synonyms, held_out: Sequence[Case], folder: Path) -> Iterator[Method]:
    _, unsaid = held_out_cases()
    told: Mapping[str, Everyday] = {"": everyday, " without everyday terms": {}}
    books: list[tuple[CodeBook, CodeBook]] = []
    for number, (how, terms) in enumerate(told.items()):
        place = folder / str(number)
        place.mkdir()
        whole = whole_database(terms, place / "whole.db")
        reduced = database_without(unsaid, untold(terms, held_out), place)
        books.append((whole, reduced))
        yield Method(f"CodeRounds{how}", ours(whole, synonyms), ours(reduced, synonyms), len(held_out))
    for how, (whole, reduced) in zip((" without synonyms", " without either"), books, strict=True):
        yield Method(f"CodeRounds{how}", ours(whole, {}), ours(reduced, {}), len(held_out))
    whole, reduced = books[0]
    # A header is never the answer to an everyday diagnosis, and leaving headers out only helps the others there.
    titles = codes_alone(whole, phrases_of(whole, ON)), phrases_of(reduced, ON, unsaid)
    more = joined(titles[0], everyday), joined(titles[1], untold(everyday, held_out))
    for how, (all_, less) in {"": titles, ", everyday terms too": more}.items():
        yield Method(f"FTS5 bm25{how}", bm25(all_), bm25(less), len(held_out))
        yield Method(f"rapidfuzz token_set_ratio{how}", fuzzy(all_), fuzzy(less), FUZZY)


def said_already(everyday: Everyday, cases: Sequence[Case]) -> int:
    """How many of the cases stand word for word among the everyday terms of a right code."""
    told = {(key_of(code), same_words(term)) for code, terms in everyday.items() for term in terms}
    return sum(any((key, same_words(case.query)) in told for key in case.keys) for case in cases)


def share(value: float) -> str:
    return f"{value * 100:.1f} %"


def row(method: Method, cases: Sequence[Case], held_out: Sequence[Case], typos: Sequence[Case]) -> list[list[str]]:
    """The row of the table of all, and that of the table by group."""
    whole, reduced = Watch(method.whole), Watch(method.reduced)
    usual = measure(whole, cases, below=False)
    hidden = measure(reduced, held_out[: method.held_out], below=True)
    misspelt = measure(reduced, typos[: method.held_out], below=True)
    ms = whole.ms + reduced.ms
    shares = [usual.at1, usual.at5, hidden.at1, hidden.at10, hidden.at25]
    groups: list[Quality] = [measure(whole, cases[first:end], below=False) for first, end in GROUPS.values()]
    name = method.name + ("" if method.held_out == len(held_out) else f" (held-out n={method.held_out})")
    times = [f"{quantile(ms, at):.1f}" for at in (0.5, 0.99)]
    return [
        [name, *map(share, shares), f"{hidden.mrr:.3f}", share(misspelt.at25), *times],
        [method.name, *(f"{share(found.at1)}, {share(found.at5)}" for found in groups)],
    ]


async def run() -> str:
    content = load_content(ROOT / "content")
    everyday = everyday_of(content)
    cases, (held_out, _) = everyday_cases(), held_out_cases()
    typos = with_typo(held_out)
    with scratch() as folder:
        rows = [
            row(method, cases, held_out, typos)
            for method in methods(everyday, synonyms_of(content), held_out, Path(folder))
        ]
    groups = ["Method, everyday @1, @5", *(f"{name} (n={end - first})" for name, (first, end) in GROUPS.items())]
    release = "with" if ADDENDA.exists() else "without"
    terms = sum(map(len, everyday.values()))
    return "\n\n".join([
        table(HEAD, [one[0] for one in rows]),
        table(groups, [one[1] for one in rows]),
        f"{len(cases)} everyday diagnoses, {release} the addenda of FY2027; {len(held_out):,} held-out terms."
        f" {said_already(everyday, cases)} of the diagnoses stand word for word among the {terms:,} everyday terms of"
        f" {len(everyday):,} codes.",
    ])  # fmt: skip
