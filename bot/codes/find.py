"""Finding codes: code-shaped input by its beginning, words by the search engine, the code before its header."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from bot.codes.book import CodeBook
from bot.core.codes import Level, System, Version, key_of
from bot.search.engine import search
from bot.search.query import Synonyms
from bot.search.words import stems, words

_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9]{1,7}(\.[A-Za-z0-9]{0,4})?-?")
_WHOLE = re.compile(r"[A-Za-z]\d[0-9A-Za-z](\.[0-9A-Za-z]{1,4}|[0-9A-Za-z]{1,4})-?")
_ENCOUNTER = re.compile(r",?\s*\b(initial|subsequent) encounter\b", re.IGNORECASE)
_MODIFIER = re.compile(r"[A-Za-z][A-Za-z0-9]")
GATHERED = 40
"""Hits looked at for one answer; more would be too many to choose from."""


def find(
    book: CodeBook,
    synonyms: Synonyms,
    text: str,
    on: date,
    *,
    systems: Sequence[System] = (),
    limit: int = 25,
) -> list[Version]:
    """The entries that fit what was typed, the best first. What is not valid on the day stands behind what is.

    Codes and modifiers are never matched loosely: a character off is another code.
    """
    text = text.lstrip()[:200]
    systems = [system for system in book.systems if not systems or system in systems]
    found: dict[tuple[System, str], Version] = {}
    later: dict[tuple[System, str], Version] = {}
    by_code = list(_by_code(book, text.strip(), systems, limit))
    by_words: list[Version] = []
    typed: list[Version] = []
    if (not by_code and not _is_code(book, text.strip())) or is_spoken(text, synonyms):
        by_words = list(_by_words(book, synonyms, text, on, systems))
        # "dm2" is a diagnosis before it is a table of ICD-10-PCS; "MS" is a modifier, "ms" also multiple sclerosis.
        typed = [v for v in by_code if v.entry.key == key_of(text) and v.entry.level in (Level.CODE, Level.MODIFIER)]
    ahead = 0 if text.isupper() else 1
    for version in [*by_words[:ahead], *typed, *by_words[ahead:], *by_code]:
        name = (version.release.system, version.entry.key)
        if version.valid_on(on):
            found.setdefault(name, version)
        else:
            later.setdefault(name, version)
    ended = [version for name, version in later.items() if name not in found]
    # A code typed in full is what is wanted, whether or not it is still valid.
    exact = [version for version in ended if version.entry.key == key_of(text)]
    rest = [version for version in ended if version not in exact]
    return [*exact, *found.values(), *rest][:limit]


def is_spoken(text: str, synonyms: Synonyms) -> bool:
    """Whether what looks like the beginning of a code is also how people say something, such as "dm2"."""
    return tuple(words(text)) in synonyms


def _is_code(book: CodeBook, text: str) -> bool:
    """Whether something is typed as a code, so that no words are meant even if there is no such code."""
    return _WHOLE.fullmatch(text) is not None and text.casefold() not in book.vocabulary


def _by_code(book: CodeBook, text: str, systems: Sequence[System], limit: int) -> Iterator[Version]:
    key = key_of(text)
    if _MODIFIER.fullmatch(text) and System.HCPCS in systems:
        modifiers = book.history(System.HCPCS, key)
        yield from (version for version in modifiers if version.entry.level is Level.MODIFIER)
    if not _CODE.fullmatch(text):
        return
    if "." in text:
        systems = [system for system in systems if system is System.ICD10CM]
    for system in systems:
        yield from book.history(system, key)
    for system in systems:
        yield from book.beginning(system, key, limit)


def _by_words(book: CodeBook, synonyms: Synonyms, text: str, on: date, systems: Sequence[System]) -> Iterator[Version]:
    bands = [book.bands[system] for system in systems]
    # Which encounter it is decides among 7th characters, and is in no title that the index holds.
    sought = _ENCOUNTER.sub("", text) if _ENCOUNTER.sub("", text).strip() else text
    hits = search(book.connection, book.vocabulary, synonyms, sought, bands=bands)[:GATHERED]
    versions = book.by_id([hit.id for hit in hits])
    asked = frozenset(stems(text))
    for hit in hits:
        version = versions[hit.id]
        if version.standard is not None:
            yield from _standard(book, version, asked, on)
            # The code is wanted, and its header one step up from it, unless just the header's words were typed.
            if len(version.entry.key) > 3 and not frozenset(stems(version.entry.title)) <= asked:
                continue
        yield version


def _standard(book: CodeBook, header: Version, asked: frozenset[str], on: date) -> Iterator[Version]:
    """The code that a header stands for when nothing more is said; of 7th characters, the one that was asked for."""
    code = book.entry(header.release.system, header.standard or "", on)
    if code is None or not code.valid_on(on):
        return
    stem = code.entry.parent or ""
    if len(code.entry.key) == 7 and stem.ljust(6, "X") == code.entry.key[:6]:
        unsaid = asked - frozenset(stems(header.entry.title))
        above = book.entry(header.release.system, stem, on)
        own = f"{above.entry.title}, " if above else ""
        variants = book.siblings(code, on)
        said = [len(unsaid & frozenset(stems(variant.entry.title.removeprefix(own)))) for variant in variants]
        if max(said, default=0):
            code = variants[said.index(max(said))]
    yield code
