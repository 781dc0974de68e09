"""Search indexes of a few documents, in memory."""

import sqlite3
from collections.abc import Iterable, Mapping

from bot.search.engine import Band, search
from bot.search.index import SCHEMA, Document, build_index
from bot.search.query import Synonyms
from bot.search.vocabulary import Vocabulary
from bot.search.words import words

ALL: Band = (1, 1_000_000)


class Small:
    """An index that is asked in words and answers in ids."""

    def __init__(self, documents: Iterable[Document], synonyms: Mapping[str, Iterable[str]] | None = None) -> None:
        self.connection = sqlite3.connect(":memory:")
        self.connection.executescript(SCHEMA)
        self.size = build_index(self.connection, documents)
        self.vocabulary = Vocabulary(self.connection)
        self.synonyms: Synonyms = {
            tuple(words(say)): [tuple(words(meaning)) for meaning in means] for say, means in (synonyms or {}).items()
        }

    def ids(self, text: str, *bands: Band) -> list[int]:
        hits = search(self.connection, self.vocabulary, self.synonyms, text, bands=bands or (ALL,))
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        return [hit.id for hit in hits]


def titled(*titles: str) -> list[Document]:
    """Documents of one phrase, the likeliest first, their priors falling from 1 to nearly 0."""
    return [Document(n, (title,), prior=1 - (n - 1) / len(titles)) for n, title in enumerate(titles, 1)]
