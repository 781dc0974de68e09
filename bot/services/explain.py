"""Explanations: finding one by name or in free words, what stands beside it, and practising on it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

from bot.core.asked import Asked
from bot.core.codes import System
from bot.core.content import Concept, Content, Item
from bot.core.errors import ConceptGone, ConceptUnknown, QuestionChanged
from bot.search.concepts import ENOUGH, ConceptIndex
from bot.storage import daily, flags
from bot.storage.database import Database

CHOICES_AT_MOST = 25
"""What Discord shows under a field and in a select."""

OTHERS_AT_MOST = 9
CLEAR = 1.25
SURE = 0.6
"""What the best find must score, times the next one and at the least, to be shown without asking back. Of 117
questions in free words 86 were clear by that, one of them wrongly."""

WORTH_A_LOOK = 0.4
"""The part of the best score that another find must have to be named beside it."""

SEEDS = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """A concept with what to open from it. `codes` are those it names, with their code sets."""

    concept: Concept
    related: tuple[Concept, ...]
    codes: tuple[tuple[System, str], ...]


@dataclass(frozen=True, slots=True)
class Match:
    """What was found: the one that is meant, None when that is not clear, and others, the likeliest first."""

    page: Page | None
    others: tuple[Concept, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """An item to practise a concept on. `own` is False when it is an item of a related concept; `more` says whether
    another one comes next."""

    concept: Concept
    asked: Asked
    own: bool
    more: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A practice answer; nothing of it is stored."""

    question: Question
    chosen: str

    @property
    def correct(self) -> bool:
        return self.chosen == self.question.asked.key


class Explain:
    """Use cases of /explain."""

    def __init__(self, db: Database, content: Content, clock: Callable[[], float], rng: Random) -> None:
        self._db = db
        self._content = content
        self._clock = clock
        self._rng = rng
        self._index = ConceptIndex(content)
        self._items: dict[str, list[Item]] = {}
        for item in content.alone:
            self._items.setdefault(item.concept, []).append(item)

    # -- finding ---------------------------------------------------------------------------------------------

    def suggest(self, text: str, limit: int = CHOICES_AT_MOST) -> list[Concept]:
        """What somebody who is typing may mean, the best first."""
        if not text.strip():
            return list(self._index.concepts[:limit])
        by_name = [concept for rank in self._index.named(text) for concept in rank]
        found = _once([*by_name, *self._index.beginning(text)])
        if len(found) < limit:
            found = _once([*found, *(hit.concept for hit in self._index.search(text))])
        return found[:limit]

    def find(self, text: str) -> Match:
        """The explanation that an id, title, alias, code or free words name. Raises ConceptUnknown."""
        if text in self._content.concepts:
            return Match(self.page(text), ())
        hits = self._index.search(text)
        scores = {hit.concept.id: hit.score for hit in hits}
        ranks = [
            sorted(rank, key=lambda concept: -scores.get(concept.id, 0.0)) for rank in self._index.named(text) if rank
        ]
        enough = bool(hits) and hits[0].score >= ENOUGH
        worth = [hit for hit in hits if enough and hit.score >= WORTH_A_LOOK * hits[0].score]
        found = _once([*(concept for rank in ranks for concept in rank), *(hit.concept for hit in worth)])
        if not found:
            near = [hit.concept for hit in hits[:3]] or self._index.alike(text, 3)
            titles = ", ".join(f"“{concept.title}”" for concept in near)
            raise ConceptUnknown(text=text.strip()[:60], near=titles or "none at all")
        if ranks:
            clear = len(ranks[0]) == 1
        else:
            following = hits[1].score if len(hits) > 1 else 0.0
            clear = hits[0].score >= max(SURE, CLEAR * following)
        if clear:
            return Match(self.page(found[0].id), tuple(found[1 : 1 + OTHERS_AT_MOST]))
        return Match(None, tuple(found[: 1 + OTHERS_AT_MOST]))

    # -- reading ---------------------------------------------------------------------------------------------

    def page(self, concept_id: str) -> Page:
        """Raises ConceptGone."""
        concept = self._concept(concept_id)
        codes = tuple((system_of(code), code) for code in concept.codes[:CHOICES_AT_MOST])
        return Page(concept, tuple(self.related(concept)), codes)

    def behind(self, item: Item) -> Page | None:
        """The explanation behind an item; None when the content no longer holds it."""
        return self.page(item.concept) if item.concept in self._content.concepts else None

    def related(self, concept: Concept) -> list[Concept]:
        """The concepts to read next."""
        return [self._content.concepts[name] for name in concept.related if name in self._content.concepts]

    # -- practising ------------------------------------------------------------------------------------------

    def items(self, concept: Concept) -> list[Item]:
        """What to practise a concept on: its own items, then those of related concepts."""
        return [item for one in (concept, *self.related(concept)) for item in self._items.get(one.id, ())]

    async def ask(self, concept_id: str, user_id: int, guild_id: int | None, after: str = "") -> Question | None:
        """A question to practise on, the next one after the item with the digest `after`; None when there is none now.

        Never an item that is somewhere an open daily question for this learner, nor one taken out of use in the
        guild. Raises ConceptGone.
        """
        concept = self._concept(concept_id)
        items = self.items(concept)
        barred = await daily.still_to_answer(self._db, user_id, guild_id, int(self._clock()))
        if guild_id is not None:
            barred |= await flags.withdrawn(self._db, guild_id)
        free = [item for item in items if item.id not in barred]
        if not free:
            return None
        digests = [item.digest for item in items]
        if after in digests:
            place = digests.index(after) + 1
            item = next(item for item in [*items[place:], *items[:place]] if item.id not in barred)
        else:
            item = self._rng.choice([item for item in free if item.concept == concept.id] or free)
        return Question(concept, Asked(item, self._rng.randrange(SEEDS)), item.concept == concept.id, len(free) > 1)

    def judge(self, concept_id: str, digest: str, seed: int, chosen: str) -> Judged:
        """An answer to the item with that digest, its options in the order of `seed`.

        Raises ConceptGone, QuestionChanged, ChoiceUnknown.
        """
        concept = self._concept(concept_id)
        items = self.items(concept)
        item = next((item for item in items if item.digest == digest), None)
        if item is None:
            raise QuestionChanged
        asked = Asked(item, seed)
        question = Question(concept, asked, item.concept == concept.id, len(items) > 1)
        return Judged(question, asked.check_choice(chosen))

    def _concept(self, concept_id: str) -> Concept:
        concept = self._content.concepts.get(concept_id)
        if concept is None:
            raise ConceptGone
        return concept


def system_of(code: str) -> System:
    """The code set that a code of a pack belongs to, by its shape."""
    if re.fullmatch(r"[A-V][0-9]{4}", code):
        return System.HCPCS
    return System.ICD10PCS if re.fullmatch(r"[0-9A-HJ-NP-Z]{7}", code) else System.ICD10CM


def _once(concepts: Iterable[Concept]) -> list[Concept]:
    return list({concept.id: concept for concept in concepts}.values())
