"""Asking the index: candidates by FTS5 in the order of the prior, then one ranking of the few that were fetched."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from bot.search.query import Query, Slot, Synonyms, readings
from bot.search.vocabulary import Vocabulary
from bot.search.words import FAINT

CANDIDATES = 160
"""Rows fetched and ranked for one reading. FTS5 gives them in the order of their ids, the prior, without sorting:
ranking by bm25 in SQL costs p99 39 ms where this costs under 10."""

GATHERED = 300
POSTINGS = 2500
"""Places of one word that are counted when no document holds all words."""

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
    for query in readings(text, vocabulary, synonyms):
        for band in bands:
            for hit in _ranked(connection, vocabulary, query, band, enough):
                if hit.score > best.get(hit.id, -1.0):
                    best[hit.id] = hit.score
    return sorted((Hit(place, score) for place, score in best.items()), key=lambda hit: (-hit.score, hit.id))


def _ranked(
    connection: sqlite3.Connection, vocabulary: Vocabulary, query: Query, band: Band, enough: int
) -> Iterator[Hit]:
    ids = _holding_all(connection, query.slots, band)
    if len(ids) < enough and len(query.slots) > 1:
        ids += _holding_most(connection, query.slots, band)
    marks = ",".join("?" * len(ids))
    rows = connection.execute(
        f"SELECT id, phrases, context, prior FROM search_documents WHERE id IN ({marks})", tuple(ids)
    )
    scorer = _Scorer(query.slots, vocabulary.weights)
    for place, phrases, context, prior in rows:
        score = scorer.score(phrases, context)
        yield Hit(place, query.trust * score + PRIOR / len(query.slots) ** FADE * prior)


def _holding_all(connection: sqlite3.Connection, slots: Iterable[Slot], band: Band) -> list[int]:
    """The likeliest documents that hold every word asked for."""
    match = " AND ".join(_either(slot) for slot in slots)
    rows = connection.execute(
        "SELECT rowid FROM search_stems WHERE search_stems MATCH ? AND rowid BETWEEN ? AND ? LIMIT ?",
        (match, *band, CANDIDATES),
    )
    return [row[0] for row in rows]


def _holding_most(connection: sqlite3.Connection, slots: Sequence[Slot], band: Band) -> list[int]:
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
    return nlargest(GATHERED, held, key=lambda place: (held[place], -place))


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

    def score(self, phrases: str, context: str) -> float:
        above = [0.0] * len(self.asked)
        self._note(context.split(), above)
        anywhere = list(above)
        beside = [CONTEXT * worth for worth in above]
        scores: list[float] = []
        for phrase in phrases.split("|"):
            worths = list(beside)
            apt, said = self._note(phrase.split(), worths)
            recall = sum(weight * worth for weight, worth in zip(self.asked, worths, strict=True)) / self.total
            precision = apt / said if said else 0.0
            scores.append(recall * (1 - PRECISION + PRECISION * precision) * (TERM if scores else 1.0))
            anywhere = [max(pair) for pair in zip(anywhere, worths, strict=True)]
        together = sum(weight * worth for weight, worth in zip(self.asked, anywhere, strict=True)) / self.total
        best = max(scores)
        others = sum(scores) - best
        return (1 - TOGETHER) * best + TOGETHER * together + OTHERS * (1 - 1 / len(self.asked)) * others / (1 + others)

    def _note(self, spoken: Sequence[str], worths: list[float]) -> tuple[float, float]:
        """Raise `worths` to what the words satisfy; returns the weight that was asked for, and all that was said."""
        apt = said = 0.0
        for part in spoken:
            weight = self.weights.get(part, 1.0)
            if part in self.places:
                apt += weight
                said += weight
                for i, worth in self.places[part]:
                    worths[i] = max(worths[i], worth)
            else:
                said += weight * FAINT.get(part, 1.0)
        return apt, said
