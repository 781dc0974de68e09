"""The index: documents into an FTS5 table of stems, their phrases kept beside for ranking, and the vocabulary."""

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.search.words import stem, words

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
    count = 0
    for document in documents:
        own: set[str] = set()
        phrases: list[str] = []
        for phrase in document.phrases:
            found = words(phrase)
            own.update(found)
            phrases.append(" ".join(_stemmed(found, stem_of)))
        above = words(document.context) if document.context else []
        context = dict.fromkeys(_stemmed(above, stem_of))
        spoken.update(own)
        held.update({stem_of[word] for word in own})
        everything = dict.fromkeys(part for phrase in phrases for part in phrase.split()) | context
        connection.execute("INSERT INTO search_stems (rowid, stems) VALUES (?, ?)", (document.id, " ".join(everything)))
        connection.execute(
            "INSERT INTO search_documents VALUES (?, ?, ?, ?)",
            (document.id, "|".join(dict.fromkeys(phrases)), " ".join(context), document.prior),
        )
        count += 1
    connection.executemany(
        "INSERT INTO search_vocabulary VALUES (?, ?, ?)", ((word, stem_of[word], n) for word, n in spoken.items())
    )
    connection.executemany(
        "INSERT INTO search_weights VALUES (?, ?)",
        ((part, math.log(1 + count / n)) for part, n in held.items()),
    )
    connection.execute("INSERT INTO search_stems (search_stems) VALUES ('optimize')")
    return count


def _stemmed(found: list[str], known: dict[str, str]) -> list[str]:
    result: list[str] = []
    for word in found:
        part = known.get(word)
        if part is None:
            part = known[word] = stem(word)
        result.append(part)
    return result
