"""What somebody typed, as slots of alternatives: a word, what it may become, its synonyms, its mended spelling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.content import Content
from bot.search.vocabulary import Vocabulary
from bot.search.words import stem, words

SYNONYM = 0.9
COMPLETION = 0.95
LONGER = 0.6
"""What a match is worth when the word is a synonym; when it was begun; and when it was a word already."""
EXACT = frozenset(["left", "right", "bilateral", "without", "no", "acute", "chronic"])
DECISIVE = 4.0
"""Words that are everywhere and yet decide between two codes, as numbers do (a type, a stage): what they weigh at least."""
INFLECTED = ("s", "ed", "ing", "ly", "al", "ic", "ous")
WORDS_AT_MOST = 12
VARIANTS_AT_MOST = 4

Synonyms = Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]
"""Words in a row as typed, and the words each may stand for."""


def synonyms_of(content: Content) -> Synonyms:
    """The synonyms of all packs, as the search engine reads words."""
    return {tuple(words(s.say)): [tuple(words(meaning)) for meaning in s.means] for s in content.synonyms.values()}


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing asked for: stems that satisfy it, and how well each does, 0 to 1. `weight` is how much it tells."""

    stems: Mapping[str, float]
    weight: float


@dataclass(frozen=True, slots=True)
class Query:
    """A reading of what was typed. `trust` is lower for readings that replaced words."""

    slots: tuple[Slot, ...]
    trust: float = 1.0


def readings(text: str, vocabulary: Vocabulary, synonyms: Synonyms, *, typing: bool = True) -> list[Query]:
    """The ways to read a query, the literal one first. `typing`: the last word may be unfinished."""
    typed = words(text)[:WORDS_AT_MOST]
    if not typed:
        return []
    unfinished = typing and not text.endswith((" ", ",", ")"))
    variants = [(tuple(typed), 1.0, unfinished)]
    for start in range(len(typed)):
        for end in range(len(typed), start, -1):
            for i, instead in enumerate(synonyms.get(tuple(typed[start:end]), ())):
                if end - start == len(instead) == 1:
                    continue  # a word for a word stands in the slot of the word itself
                for before, trust, last in list(variants):
                    replaced = _replace(before, typed[start:end], instead)
                    if replaced is not None and len(variants) < 3 * VARIANTS_AT_MOST:
                        cut = last and before[-1] == replaced[-1]
                        variants.append((replaced, trust * SYNONYM**i, cut))
    seen: dict[tuple[str, ...], Query] = {}
    for variant, trust, last in variants:
        if variant not in seen:
            slots = [
                _slot(word, vocabulary, synonyms, last and i == len(variant) - 1) for i, word in enumerate(variant)
            ]
            known = tuple(slot for slot in slots if slot is not None)
            # A reading that can make nothing of a word is no better than one that can.
            seen[variant] = Query(known, trust * len(known) / len(slots))
    found = [query for query in seen.values() if query.slots]
    return sorted(found, key=lambda query: -query.trust)[:VARIANTS_AT_MOST]


def _replace(whole: tuple[str, ...], part: Sequence[str], instead: Sequence[str]) -> tuple[str, ...] | None:
    for i in range(len(whole) - len(part) + 1):
        if list(whole[i : i + len(part)]) == list(part):
            return (*whole[:i], *instead, *whole[i + len(part) :])
    return None


def _slot(word: str, vocabulary: Vocabulary, synonyms: Synonyms, unfinished: bool) -> Slot | None:
    """None when nothing like the word is known: better to look for the others than to find nothing."""
    stems: dict[str, float] = {}
    known = word in vocabulary
    if known or stem(word) in vocabulary.weights:
        # The stem of an unknown word may be another's: "migrane" has that of "migrans".
        stems[stem(word)] = 1.0 if known or word.endswith(INFLECTED) else LONGER
    for i, instead in enumerate(synonyms.get((word,), ())):
        if len(instead) == 1 and stem(instead[0]) in vocabulary.weights:
            known = True
            stems.setdefault(stem(instead[0]), SYNONYM ** (i + 1))
    if unfinished:
        for part in vocabulary.completions(word):
            known = True
            stems.setdefault(part, LONGER if stems else COMPLETION)
    if not known:
        for part, worth in vocabulary.mended(word):
            stems.setdefault(part, worth)
    if not stems and unfinished:
        stems.update(vocabulary.mended(word, unfinished=True))
    if not stems:
        return None
    best = max(stems.values())
    weight = max(vocabulary.weights.get(part, 1.0) for part, worth in stems.items() if worth == best)
    if word in EXACT or any(char.isdigit() for char in word):
        weight = max(weight, DECISIVE)
    return Slot(stems, weight)
