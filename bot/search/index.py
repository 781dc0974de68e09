"""The index: documents into an FTS5 table of stems, their phrases kept beside for ranking, and the vocabulary."""

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.search.words import ABSENT, DENIED, FAINT, stem, words

SCHEMA = """
CREATE VIRTUAL TABLE search_stems USING fts5(stems, content='', detail=none, columnsize=0, tokenize='unicode61');
CREATE TABLE search_documents (id INTEGER PRIMARY KEY, phrases TEXT NOT NULL, context TEXT NOT NULL, prior REAL NOT NULL);
CREATE TABLE search_vocabulary (word TEXT PRIMARY KEY, stem TEXT NOT NULL, documents INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE search_weights (stem TEXT PRIMARY KEY, weight REAL NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Document:
    """What can be found. `id` is its place in the order of the static prior: the likeliest has the smallest.

    `phrases` are ways to call it, the title first; `context` is what stands above it, which counts less. `prior`,
    0 to 1, is how likely somebody means it before a word is typed.
    """

    id: int
    phrases: tuple[str, ...]
    context: str = ""
    prior: float = 0.0


def build_index(connection: sqlite3.Connection, documents: Iterable[Document]) -> int:
    """Write the tables of SCHEMA, which must exist, in the transaction under way. Returns the number of documents."""
    spoken: Counter[str] = Counter()
    held: Counter[str] = Counter()
    stem_of: dict[str, str] = {}
    stemmed: list[tuple[Document, list[str], dict[str, None]]] = []
    for document in documents:
        own: set[str] = set()
        spelled: dict[str, None] = {}
        for phrase in document.phrases:
            found = words(phrase)
            own.update(found)
            spelled[" ".join(_stemmed(found, stem_of))] = None
        above = words(document.context) if document.context else []
        spoken.update(own)
        held.update({stem_of[word] for word in own})
        stemmed.append((document, list(spelled), dict.fromkeys(_stemmed(above, stem_of))))
    weights = {part: math.log(1 + len(stemmed) / n) for part, n in held.items()}
    for document, phrases, context in stemmed:
        everything = dict.fromkeys(part for phrase in phrases for part in phrase.split()) | context
        connection.execute("INSERT INTO search_stems (rowid, stems) VALUES (?, ?)", (document.id, " ".join(everything)))
        weighed = "|".join(f"{unasked(phrase.split(), weights):.2f} {phrase}" for phrase in phrases)
        connection.execute(
            "INSERT INTO search_documents VALUES (?, ?, ?, ?)",
            (document.id, weighed, " ".join(context), document.prior),
        )
    connection.executemany(
        "INSERT INTO search_vocabulary VALUES (?, ?, ?)", ((word, stem_of[word], n) for word, n in spoken.items())
    )
    connection.executemany("INSERT INTO search_weights VALUES (?, ?)", weights.items())
    connection.execute("INSERT INTO search_stems (search_stems) VALUES ('optimize')")
    return len(stemmed)


def unasked(phrase: Sequence[str], weights: Mapping[str, float]) -> float:
    """What the words of a phrase weigh against it when none of them was asked for."""
    total, share = 0.0, 1.0
    for part in phrase:
        if part == ABSENT:
            share = DENIED
        total += weights.get(part, 1.0) * min(share, FAINT.get(part, 1.0))
    return total


def _stemmed(found: list[str], known: dict[str, str]) -> list[str]:
    result: list[str] = []
    for word in found:
        part = known.get(word)
        if part is None:
            part = known[word] = stem(word)
        result.append(part)
    return result
