"""Releases into the tables of schema.sql and the search index, in one new file."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.codes.prior import SYSTEM_ORDER, chapter_of, defaults, prior, prior_of_title
from bot.codes.release import Scope, Source
from bot.codes.timeline import in_order, versions
from bot.core.codes import Entry, Level, NoteKind, Release, System, Version, key_of
from bot.search import index

SCHEMA = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many steps are done, and of how many."""

_SPOKEN = (NoteKind.INCLUSION_TERM, NoteKind.INCLUDES)


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read, and what was in it."""

    file: str
    sha256: str
    source: Source


def write_database(
    path: Path,
    files: Sequence[Read],
    everyday: Mapping[str, Sequence[str]],
    digest: str,
    progress: Progress,
    *,
    unsaid: Container[tuple[str, str]] = (),
) -> None:
    """Write the code database at `path`, which must not exist. Raises FileFault.

    `everyday` are the words people use for codes. `unsaid` names (key, term) pairs to leave out of the search index,
    so that a benchmark can look for what it was not told.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.executescript("PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        connection.execute("BEGIN")
        for statement in (SCHEMA + index.SCHEMA).split(";\n"):
            connection.execute(statement)
        writer = _Writer(connection, everyday, unsaid)
        steps = len(SYSTEM_ORDER) + 2
        for done, system in enumerate(SYSTEM_ORDER):
            own = [read for read in files if read.source.system is system]
            if own:
                progress(f"{system}: codes and notes", done, steps)
                writer.system(system, own)
        progress("Search index", len(SYSTEM_ORDER), steps)
        index.build_index(connection, writer.documents)
        progress("Indexes", len(SYSTEM_ORDER) + 1, steps)
        connection.execute("CREATE INDEX entries_by_key ON entries (system, size, key)")
        connection.execute("CREATE INDEX entries_by_parent ON entries (system, parent, position)")
        connection.execute("INSERT INTO meta VALUES ('digest', ?)", (digest,))
        connection.execute("COMMIT")
        connection.execute("ANALYZE")
        progress("Done", steps, steps)
    finally:
        connection.close()


class _Writer:
    def __init__(
        self,
        connection: sqlite3.Connection,
        everyday: Mapping[str, Sequence[str]],
        unsaid: Container[tuple[str, str]],
    ) -> None:
        self.connection = connection
        self.everyday = {key_of(code): terms for code, terms in everyday.items()}
        self.unsaid = unsaid
        self.next_id = 1
        self.documents: list[index.Document] = []

    def system(self, system: System, files: Sequence[Read]) -> None:
        for read in files:
            source = read.source
            self.connection.execute(
                "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    read.file,
                    read.sha256,
                    system,
                    source.scope,
                    source.name,
                    source.effective.isoformat(),
                    json.dumps(source.counts),
                ),
            )
        releases, found = versions([(read.file, read.source) for read in files])
        if not found:
            self._definitions(files)  # words alone, whose codes may come later
            return
        numbers = self._releases(system, releases, found)
        self._definitions(files)
        self._entries(system, found, numbers, _terms(files))

    def _releases(self, system: System, releases: Sequence[Release], found: Sequence[Version]) -> dict[str, int]:
        numbers: dict[str, int] = {}
        for release in releases:
            on = release.effective
            levels = [
                version.entry.level
                for version in found
                if (version.since is None or version.since <= on) and (version.until is None or version.until >= on)
            ]
            cursor = self.connection.execute(
                "INSERT INTO releases (system, name, effective, until, files, notes_from, codes, headers, modifiers)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    system,
                    release.name,
                    on.isoformat(),
                    release.until and release.until.isoformat(),
                    json.dumps(release.files),
                    release.notes_from,
                    levels.count(Level.CODE),
                    levels.count(Level.HEADER),
                    levels.count(Level.MODIFIER),
                ),
            )
            numbers[release.effective.isoformat()] = cursor.lastrowid or 0
        return numbers

    def _definitions(self, files: Sequence[Read]) -> None:
        for read in files:
            self.connection.executemany(
                "INSERT OR REPLACE INTO definitions VALUES (?, ?, ?, ?, ?, ?)",
                (
                    (d.section, d.axis, d.title, d.definition, d.explanation, json.dumps(d.includes))
                    for d in read.source.definitions
                ),
            )

    def _entries(
        self,
        system: System,
        found: Sequence[Version],
        numbers: Mapping[str, int],
        terms: Mapping[str, Sequence[str]],
    ) -> None:
        # The newest version of each key gives the tree in which priors and defaults are worked out.
        newest: dict[str, Entry] = {}
        for version in sorted(found, key=lambda version: version.until is None):
            newest[version.entry.key] = version.entry
        # The versions in force come last and in the order of their list.
        last = max(version.release.effective for version in found)
        listed = [version.entry.key for version in found if version.release.effective == last]
        place = {key: i for i, key in enumerate(in_order(list(dict.fromkeys(listed)), newest))}
        children: defaultdict[str, list[str]] = defaultdict(list)
        for key, entry in newest.items():
            if entry.parent:
                children[entry.parent].append(key)
        standard = defaults(newest, children) if system is System.ICD10CM else {}
        everyday = self._said(newest) if system is System.ICD10CM else {}
        ranked: list[tuple[float, int, Version]] = []
        silent: list[Version] = []
        for version in found:
            entry = version.entry
            if system is System.ICD10CM and _written_out(entry, newest):
                silent.append(version)
                continue
            if system is System.ICD10CM:
                likely = prior(entry, chapter_of(entry, newest), entry.key in everyday)
            else:
                likely = prior_of_title(entry)
            ranked.append((likely, place[entry.key], version))
        ranked.sort(key=lambda item: (-item[0], item[1]))
        first = self.next_id
        for likely, position, version in ranked:
            entry = version.entry
            spoken = [entry.title, *everyday.get(entry.key, ()), *entry.terms, *terms.get(entry.key, ())]
            spoken += [note.text for note in entry.notes if note.kind in _SPOKEN]
            if system is System.HCPCS and "," in entry.title:
                # What stands before the first comma is the thing itself: "Walker, rigid, adjustable height".
                spoken.append(entry.title.partition(",")[0])
            phrases = [
                phrase for i, phrase in enumerate(spoken) if i == 0 or (entry.key, phrase.casefold()) not in self.unsaid
            ]
            context = " ".join(_above(entry, newest))
            self.documents.append(index.Document(self.next_id, tuple(phrases), context, likely))
            self._insert(version, position, numbers, standard.get(entry.key))
        self.connection.execute(
            "INSERT INTO meta VALUES (?, ?)", (f"band {system}", json.dumps([first, self.next_id - 1]))
        )
        for version in silent:
            self._insert(version, place[version.entry.key], numbers, None)

    def _said(self, newest: Mapping[str, Entry]) -> dict[str, list[str]]:
        """Everyday words by the entry that the index holds: a code with its 7th character is found by its stem."""
        said: defaultdict[str, list[str]] = defaultdict(list)
        for key, terms in self.everyday.items():
            entry = newest.get(key)
            while entry is not None and _written_out(entry, newest):
                entry = newest.get(entry.parent or "")
            if entry is not None:
                said[entry.key] += [term for term in terms if (entry.key, term) not in self.unsaid]
        return said

    def _insert(self, version: Version, position: int, numbers: Mapping[str, int], standard: str | None) -> None:
        entry = version.entry
        self.connection.execute(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self.next_id,
                version.release.system,
                entry.key,
                len(entry.key),
                entry.code,
                entry.title,
                entry.level,
                entry.parent,
                position,
                version.since and version.since.isoformat(),
                version.until and version.until.isoformat(),
                version.gone,
                numbers[version.release.effective.isoformat()],
                standard,
                json.dumps(entry.sevenths) if entry.sevenths else "",
                json.dumps(entry.facts) if entry.facts else "",
            ),
        )
        self.connection.executemany(
            "INSERT INTO notes VALUES (?, ?, ?, ?)",
            ((self.next_id, i, note.kind, note.text) for i, note in enumerate(entry.notes)),
        )
        self.next_id += 1


def _terms(files: Iterable[Read]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for read in files:
        if read.source.scope is Scope.TERMS:
            for key, term in read.source.terms:
                found[key].append(term)
    return found


def _written_out(entry: Entry, entries: Mapping[str, Entry]) -> bool:
    """Whether a code is a stem with a 7th character, whose title is the stem's and the character's meaning."""
    parent = entries.get(entry.parent or "")
    return (
        parent is not None
        and len(entry.key) == 7
        and parent.key.ljust(6, "X") == entry.key[:6]
        and entry.title.startswith(f"{parent.title}, ")
    )


def _above(entry: Entry, entries: Mapping[str, Entry]) -> list[str]:
    titles: list[str] = []
    at = entries.get(entry.parent or "")
    while at is not None and at.level is not Level.CHAPTER:
        titles.append(at.title)
        at = entries.get(at.parent or "")
    return titles
