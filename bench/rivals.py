"""What a bot could search codes with instead: rapidfuzz over every row, or FTS5 with its own stemmer and bm25."""

import re
import sqlite3
from collections.abc import Container, Mapping, Sequence
from datetime import date

from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from bench.search_quality import Finder
from bot.codes.book import CodeBook
from bot.core.codes import Level, NoteKind, System

Phrases = Mapping[str, Sequence[str]]
"""What an entry is called, by its key: the title first."""

LIMIT = 25


def phrases_of(book: CodeBook, on: date, unsaid: Container[tuple[str, str]] = ()) -> Phrases:
    """Title and inclusion terms of every ICD-10-CM code and header valid on a day; `unsaid` terms are left out."""
    found: dict[str, list[str]] = {}
    rows = book.connection.execute(
        "SELECT id, key, title FROM entries WHERE system = ? AND level IN (?, ?) AND (since IS NULL OR since <= ?)"
        " AND (until IS NULL OR until >= ?) ORDER BY position",
        (System.ICD10CM, Level.CODE, Level.HEADER, on.isoformat(), on.isoformat()),
    ).fetchall()
    keys: dict[int, str] = {}
    for place, key, title in rows:
        keys[place] = key
        found[key] = [title]
    notes = book.connection.execute(
        "SELECT entry, text FROM notes WHERE kind = ? ORDER BY entry, position", (NoteKind.INCLUSION_TERM,)
    )
    for place, text in notes:
        key = keys.get(place, "")
        if key and (key, text.casefold()) not in unsaid:
            found[key].append(text)
    return found


def fuzzy(phrases: Phrases) -> Finder:
    """rapidfuzz's token_set_ratio of every phrase; an entry counts by its best one. Shorter phrases stand first, since
    very many score 100 alike and that is the order in which they come."""
    rows = sorted(
        ((default_process(phrase), key) for key, said in phrases.items() for phrase in said),
        key=lambda row: len(row[0]),
    )
    choices = [phrase for phrase, _ in rows]

    def find(query: str) -> Sequence[str]:
        near = process.extract(
            default_process(query), choices, scorer=fuzz.token_set_ratio, processor=None, limit=4 * LIMIT
        )
        return list(dict.fromkeys(rows[place][1] for _, _, place in near))[:LIMIT]

    return find


def bm25(phrases: Phrases) -> Finder:
    """FTS5 with its porter tokenizer: entries that hold every word, then those that hold any, each ranked by bm25."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE entries USING fts5(key UNINDEXED, said, tokenize='porter unicode61')")
    connection.executemany("INSERT INTO entries VALUES (?, ?)", ((k, " ; ".join(said)) for k, said in phrases.items()))
    connection.execute("INSERT INTO entries (entries) VALUES ('optimize')")

    def find(query: str) -> Sequence[str]:
        words = re.findall(r"\w+", query)
        found: dict[str, None] = {}
        for join in (" AND ", " OR "):
            if words and len(found) < LIMIT:
                match = join.join(f'"{word}"' for word in words)
                rows = connection.execute(
                    "SELECT key FROM entries WHERE said MATCH ? ORDER BY rank LIMIT ?", (match, LIMIT)
                )
                found.update((row[0], None) for row in rows)
        return list(found)[:LIMIT]

    return find
