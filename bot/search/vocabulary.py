"""The words an index knows: what a beginning may become, and what a misspelt word was meant to be."""

import sqlite3
from bisect import bisect_left
from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

COMPLETIONS_AT_MOST = 16
MENDED_AT_MOST = 3


class Vocabulary:
    """Immutable once loaded, and so shared by threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        rows = connection.execute("SELECT word, stem, documents FROM search_vocabulary ORDER BY word").fetchall()
        self._words: list[str] = [row[0] for row in rows]
        self._stems: list[str] = [row[1] for row in rows]
        self._documents: list[int] = [row[2] for row in rows]
        self._place: Mapping[str, int] = {word: i for i, word in enumerate(self._words)}
        self._letters: list[str] = [word for word in self._words if word.isalpha() and len(word) > 3]
        self.weights: Mapping[str, float] = dict(connection.execute("SELECT stem, weight FROM search_weights"))
        """How much a stem tells, the rarer the more: ln(1 + N / n), the usual inverse document frequency."""

    def __contains__(self, word: str) -> bool:
        return word in self._place

    def completions(self, beginning: str) -> list[str]:
        """Stems of the words that begin so, the most frequent first."""
        found: list[int] = []
        for i in range(bisect_left(self._words, beginning), len(self._words)):
            if not self._words[i].startswith(beginning):
                break
            found.append(i)
        found.sort(key=lambda i: -self._documents[i])
        return list(dict.fromkeys(self._stems[i] for i in found[: 2 * COMPLETIONS_AT_MOST]))[:COMPLETIONS_AT_MOST]

    def mended(self, word: str, *, unfinished: bool = False) -> list[tuple[str, float]]:
        """Stems of the words that a misspelt one may have meant, with how likely each is, 0 to 1.

        Distance is optimal string alignment: letters added, left out, changed or swapped. `unfinished`: the word may
        have been typed to its middle only. Words with digits are never mended: a digit off is another code or stage.
        """
        if len(word) < 4 or not word.isalpha():
            return []
        at_most = 1 if len(word) < 7 else 2
        choices = self._letters
        if unfinished:
            # A letter may be missing or added, so that beginnings of either length are looked at.
            choices = [known[: len(word)] if len(known) > len(word) else known for known in choices]
        near = process.extract(word, choices, scorer=OSA.distance, score_cutoff=at_most, limit=64)
        ranked: dict[str, tuple[float, int]] = {}
        for _, distance, i in near:
            known = self._letters[i]
            place = self._place[known]
            # People seldom mistake the first letter.
            cost = distance + (0.5 if known[0] != word[0] else 0)
            part, documents = self._stems[place], self._documents[place]
            if part not in ranked or (cost, -documents) < (ranked[part][0], -ranked[part][1]):
                ranked[part] = (cost, documents)
        best = sorted(ranked.items(), key=lambda item: (item[1][0], -item[1][1]))[:MENDED_AT_MOST]
        return [(part, 0.9 - 0.15 * cost) for part, (cost, _) in best]
