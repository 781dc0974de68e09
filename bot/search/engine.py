"""Asking the index: candidates by FTS5 in the order of the prior, then one ranking of the few that were fetched."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import repeat
from operator import mul

from bot.search.query import Query, Slot, Synonyms, readings
from bot.search.vocabulary import Vocabulary
from bot.search.words import ABSENT, FAINT

CANDIDATES = 120
"""Rows fetched and ranked for one reading. FTS5 gives them in the order of their ids, the prior, without sorting:
ranking by bm25 in SQL costs p99 39 ms where all of this costs under 10."""

LOOSE = 2
POSTINGS = 1500
GATHERED = 200
"""When hardly any document holds all words: for how many readings those are gathered that hold some, how many places
of one word are counted for that, and how many of the documents found are ranked."""

CONTEXT = 0.5
PRECISION = 0.55
TERM = 0.97
TOGETHER = 0.2
OTHERS = 0.3
FADE = 1.0
PRIOR = 0.25
"""How the ranking weighs: a word that only stands above; precision beside recall; a term beside the title; all phrases
together beside the best one; the prior beside all of that. Chosen with `python -m bench search`."""

Band = tuple[int, int]
"""The ids, first and last, among which to look."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document found. `score` is comparable within one search."""

    id: int
    score: float


def search(
    connection: sqlite3.Connection,
    vocabulary: Vocabulary,
    synonyms: Synonyms,
    text: str,
    *,
    bands: Sequence[Band],
    enough: int = 25,
) -> list[Hit]:
    """The documents that fit best, the best first; all that were ranked, so that a caller may filter."""
    best: dict[int, float] = {}
    # The first band is the likeliest: the others share as much among them as it has.
    shares = [1.0, *(1 / (len(bands) - 1) for _ in bands[1:])]
    asked = [
        pair
        for query in readings(text, vocabulary, synonyms)
        for pair in zip(repeat(query), bands, shares, strict=False)
    ]
    held = [_holding_all(connection, query.slots, band, int(CANDIDATES * share)) for query, band, share in asked]
    # Documents that hold only some of the words are looked for when hardly any holds all, in any reading.
    few = sum(map(len, held)) < enough
    for number, ((query, band, share), ids) in enumerate(zip(asked, held, strict=True)):
        if few and len(query.slots) > 1 and number < LOOSE * len(bands):
            ids += _holding_most(connection, query.slots, band, int(GATHERED * share))
        if ids:
            _rank(connection, vocabulary, query, ids, best)
    return sorted((Hit(place, score) for place, score in best.items()), key=lambda hit: (-hit.score, hit.id))


def _rank(
    connection: sqlite3.Connection, vocabulary: Vocabulary, query: Query, ids: Sequence[int], best: dict[int, float]
) -> None:
    """Raise `best`, the best score of each document so far, to what this reading gives."""
    scorer = _Scorer(query.slots, vocabulary.weights)
    known = PRIOR / len(query.slots) ** FADE
    rows = connection.execute(
        f"SELECT id, phrases, context, prior FROM search_documents WHERE id IN ({','.join(map(str, ids))})"
    )
    for place, phrases, context, prior in rows:
        score = query.trust * scorer.score(phrases, context) + known * prior
        if score > best.get(place, -1.0):
            best[place] = score


def _holding_all(connection: sqlite3.Connection, slots: Iterable[Slot], band: Band, limit: int) -> list[int]:
    """The likeliest documents that hold every word asked for."""
    match = " AND ".join(_either(slot) for slot in slots)
    rows = connection.execute(
        "SELECT rowid FROM search_stems WHERE search_stems MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?",
        (match, *band, limit),
    )
    return [row[0] for row in rows]


def _holding_most(connection: sqlite3.Connection, slots: Sequence[Slot], band: Band, limit: int) -> list[int]:
    """Documents that hold the most telling of the words: the weights of the words that each holds are added up.

    Words that are nearly everywhere tell little and cost most, so that they are left to the ranking.
    """
    held: dict[int, float] = {}
    read = 0
    for number, slot in enumerate(sorted(slots, key=lambda slot: -slot.weight)):
        if number and read > POSTINGS:
            break
        rows = connection.execute(
            "SELECT rowid FROM search_stems WHERE search_stems MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?",
            (_either(slot), *band, POSTINGS),
        ).fetchall()
        read += len(rows)
        for (place,) in rows:
            held[place] = held.get(place, 0.0) + slot.weight
    return nlargest(limit, held, key=lambda place: (held[place], -place))


def _either(slot: Slot) -> str:
    return "(" + " OR ".join(f'"{part}"' for part in slot.stems) + ")"


class _Scorer:
    """How well documents answer one reading of a query.

    For the best phrase of a document: how much of what was asked it says (recall), then how much of what it says was
    asked (precision). Beside that, how much of what was asked all its phrases and what stands above them say together,
    and how well its other phrases answer.
    """

    def __init__(self, slots: Sequence[Slot], weights: Mapping[str, float]) -> None:
        self.asked = [slot.weight for slot in slots]
        self.total = sum(self.asked)
        self.weights = weights
        self.places: dict[str, list[tuple[int, float]]] = {}
        for i, slot in enumerate(slots):
            for part, worth in slot.stems.items():
                self.places.setdefault(part, []).append((i, worth))
        self.stems = frozenset(self.places)
        self.absence = ABSENT in self.places

    def score(self, phrases: str, context: str) -> float:
        size = len(self.asked)
        above = [0.0] * size
        self._match(context.split(), above)
        beside = [CONTEXT * worth for worth in above]
        anywhere = above
        best = others = 0.0
        factor = 1.0
        for phrase in phrases.split("|"):
            unasked, *spoken = phrase.split()
            worths = beside.copy()
            if matched := self._match(spoken, worths):
                apt = against = 0.0
                for part in matched:
                    weight = self.weights.get(part, 1.0)
                    apt += weight
                    against += weight * FAINT.get(part, 1.0)
                precision = apt / (apt + max(0.0, float(unasked) - against))
                score = factor * self._recall(worths) * (1 - PRECISION + PRECISION * precision)
                best, others = max(best, score), others + score
                anywhere = list(map(max, anywhere, worths))
            factor = TERM
        others -= best
        together = self._recall(anywhere)
        return (1 - TOGETHER) * best + TOGETHER * together + OTHERS * (1 - 1 / size) * others / (1 + others)

    def _match(self, spoken: list[str], worths: list[float]) -> frozenset[str]:
        """Raise `worths` to what the words satisfy; returns the stems that do.

        What a phrase says is absent ("without heart failure") answers nothing, unless absence was asked for.
        """
        if ABSENT in spoken and not self.absence:
            spoken = spoken[: spoken.index(ABSENT)]
        matched = self.stems.intersection(spoken)
        for part in matched:
            for i, worth in self.places[part]:
                if worth > worths[i]:
                    worths[i] = worth
        return matched

    def _recall(self, worths: Sequence[float]) -> float:
        return sum(map(mul, self.asked, worths)) / self.total
