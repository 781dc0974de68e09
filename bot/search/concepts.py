"""Finding explanations: an exact name first, then whatever the search engine makes of the words."""

import re
import sqlite3
import weakref
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.core.content import Concept, Content
from bot.search.engine import search
from bot.search.index import SCHEMA, Document, build_index
from bot.search.query import readings, synonyms_of
from bot.search.vocabulary import Vocabulary
from bot.search.words import words

READ_AT_MOST = 200
"""Characters of what was typed that are looked at."""

PRIOR = 0.2
"""The prior of the concept that most others lead to; the prior of the rest is in proportion."""

ENOUGH = 0.22
"""The score that the best find must have, or it is about something else and only worth proposing. Of 117 questions in
free words one fell below it; of 19 on football, cake and the like one did not."""

DOUBTFUL = 0.6
"""A best score below this is looked at again: words that nothing is known of count against it."""

_ASKING = re.compile(
    r"\b(?:what|which|who|when|where|why|how|does|do|did|is|are|was|can|could|should|must|may|will|would|i|we|you|it|my"
    r"|me|a|an|the|there|mean|means|meant|meaning|explain|define|definition|tell|about|difference|differs?|between"
    r"|versus|vs?)\b",
    re.IGNORECASE,
)
"""Words of a question that say nothing of its subject. Some stand in titles, and would win there."""

RANKS = 3
"""Names by what they are: an id or title, an alias, a code that the concept names."""

_MODIFIER = re.compile(r"mod(?:ifier)?([a-z0-9]{2})")


@dataclass(frozen=True, slots=True)
class Found:
    """A concept for what was asked; `score` is comparable within one search."""

    concept: Concept
    score: float


class ConceptIndex:
    """All concepts, in memory. Built in about a tenth of a millisecond for each."""

    def __init__(self, content: Content) -> None:
        links = Counter(name for concept in content.concepts.values() for name in concept.related)
        self.concepts: Sequence[Concept] = sorted(
            content.concepts.values(), key=lambda concept: (-links[concept.id], concept.id)
        )
        """Those that most others lead to first: the order when nothing else tells them apart."""
        self._by_id = content.concepts
        self._names: dict[str, dict[str, int]] = {}
        for concept in self.concepts:
            for rank, names in enumerate(((concept.id, concept.title), concept.aliases, concept.codes)):
                for name in filter(None, map(_key, names)):
                    self._names.setdefault(name, {}).setdefault(concept.id, rank)
        self._synonyms = synonyms_of(content)
        most = max(links.values(), default=1)
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        weakref.finalize(self, connection.close)
        connection.executescript(SCHEMA)
        with connection:
            build_index(
                connection,
                (
                    Document(i, (concept.title, *concept.aliases), concept.summary, PRIOR * links[concept.id] / most)
                    for i, concept in enumerate(self.concepts, 1)
                ),
            )
        self._connection = connection
        self._vocabulary = Vocabulary(connection)

    def named(self, text: str) -> list[list[Concept]]:
        """Concepts of exactly that name, case and signs aside: by id or title, by alias, and that name the code."""
        key = _key(text)
        keys = [key, *_MODIFIER.findall(key)[:1]] if _MODIFIER.fullmatch(key) else [key]
        if len(key) == 2:
            keys.append(f"modifier{key}")
        best: dict[str, int] = {}
        for name in keys:
            for concept_id, rank in self._names.get(name, {}).items():
                best[concept_id] = min(rank, best.get(concept_id, rank))
        return [[concept for concept in self.concepts if best.get(concept.id) == rank] for rank in range(RANKS)]

    def beginning(self, text: str) -> list[Concept]:
        """Concepts with a name that begins so: titles before aliases before codes."""
        key = _key(text)
        best: dict[str, int] = {}
        for name, ranks in self._names.items() if key else ():
            if name.startswith(key):
                for concept_id, rank in ranks.items():
                    best[concept_id] = min(rank, best.get(concept_id, rank))
        return [concept for rank in range(RANKS) for concept in self.concepts if best.get(concept.id) == rank]

    def search(self, text: str) -> list[Found]:
        """What fits the words best, the best first. Weak finds are among them: see ENOUGH."""
        text = text.strip()[:READ_AT_MOST]
        asked = " ".join(_ASKING.sub(" ", text).split()) or text
        bands = [(1, len(self.concepts))]
        hits = search(self._connection, self._vocabulary, self._synonyms, asked, bands=bands)
        share = self._known(asked) if hits and hits[0].score < DOUBTFUL else 1.0
        return [Found(self.concepts[hit.id - 1], share * hit.score) for hit in hits]

    def _known(self, text: str) -> float:
        """The share of the words that the engine could make something of; it looks for the rest alone."""
        most = max((len(query.slots) for query in readings(text, self._vocabulary, self._synonyms)), default=0)
        return min(1.0, most / max(1, len(words(text))))

    def alike(self, text: str, limit: int) -> list[Concept]:
        """Concepts whose titles look most like what was typed, for when nothing was found."""
        titles = {concept.id: concept.title.casefold() for concept in self.concepts}
        near = process.extract(text.casefold()[:READ_AT_MOST], titles, scorer=fuzz.WRatio, limit=limit)
        return [self._by_id[concept_id] for _, _, concept_id in near]


def _key(text: str) -> str:
    """A name without case, spaces and signs, so that Excludes 1 and excludes1 are one, and -25 and 25."""
    return re.sub(r"[^a-z0-9]", "", text.casefold()[:READ_AT_MOST])
