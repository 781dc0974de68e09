"""The code database opened for reading: entries by key, the tree around them, their notes and versions."""

import json
import sqlite3
import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.codes.prior import SYSTEM_ORDER
from bot.core.codes import Entry, Level, Note, NoteKind, Release, System, Version
from bot.search.vocabulary import Vocabulary

_COLUMNS = (
    "id, system, key, code, title, level, parent, position, since, until, release, standard, sevenths, facts, gone"
)


class NoCodes(Exception):
    """There is no code database at {path}. Build it: python -m bot codes build"""

    def __init__(self, path: Path) -> None:
        super().__init__((type(self).__doc__ or "").format(path=path))


class CodeBook:
    """One code database. May be used by several threads: each has a connection of its own."""

    def __init__(self, path: Path) -> None:
        """Raises NoCodes."""
        self.path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        try:
            self._load(self.connection)
        except sqlite3.DatabaseError:
            # Of an older version of this program; the next start builds it anew.
            raise NoCodes(path) from None

    def _load(self, connection: sqlite3.Connection) -> None:
        self.vocabulary = Vocabulary(connection)
        self.releases: dict[int, Release] = {
            row[0]: Release(
                System(row[1]),
                row[2],
                date.fromisoformat(row[3]),
                _day(row[4]),
                tuple(json.loads(row[5])),
                row[6],
            )
            for row in connection.execute(
                "SELECT id, system, name, effective, until, files, notes_from FROM releases ORDER BY effective"
            )
        }
        bands = dict(connection.execute("SELECT name, value FROM meta WHERE name LIKE 'band %'"))
        self.bands: dict[System, tuple[int, int]] = {
            system: (band[0], band[1])
            for system in SYSTEM_ORDER
            if (band := json.loads(bands.get(f"band {system}", "null")))
        }
        self.categories: dict[str, int] = dict(
            connection.execute(
                "SELECT key, min(position) FROM entries WHERE system = ? AND size = 3 GROUP BY key", (System.ICD10CM,)
            )
        )
        """The place of each ICD-10-CM category in the tabular list, which is not the order of the alphabet."""

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            try:
                # Never written in place: a newer database takes the file's name, and this one stays as it is.
                connection = sqlite3.connect(f"file:{self.path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
                connection.execute("SELECT 1 FROM meta")
            except sqlite3.DatabaseError:
                raise NoCodes(self.path) from None
            self._local.connection = connection
            self._opened.append(connection)
        return connection

    def close(self) -> None:
        for connection in self._opened:
            connection.close()
        self._opened.clear()

    @property
    def systems(self) -> list[System]:
        return list(self.bands)

    def newest(self, system: System) -> Release:
        """The newest release of an installed system."""
        return max((r for r in self.releases.values() if r.system is system), key=lambda r: r.effective)

    def oldest(self, system: System) -> Release:
        """The oldest release of an installed system."""
        return min((r for r in self.releases.values() if r.system is system), key=lambda r: r.effective)

    def history(self, system: System, key: str) -> list[Version]:
        """Every version of an entry, the oldest first; none when no release has it."""
        found = self._select("system = ? AND size = ? AND key = ?", system, len(key), key)
        return sorted(found, key=lambda version: version.since or date.min)

    def entry(self, system: System, key: str, on: date) -> Version | None:
        """The entry as valid on a day; failing that its newest version, which says since or until when it is valid."""
        history = self.history(system, key)
        for version in reversed(history):
            if version.valid_on(on):
                return version
        return history[-1] if history else None

    def named(self, key: str, on: date) -> list[Version]:
        """The entries with this key in any system."""
        return [version for system in self.systems if (version := self.entry(system, key, on))]

    def beginning(self, system: System, prefix: str, limit: int) -> list[Version]:
        """Entries whose key begins so, the shorter first, then in the order of the codes."""
        found: list[Version] = []
        for size in range(len(prefix), 8):
            if len(found) < limit:
                found += self._select(
                    "system = ? AND size = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?",
                    system,
                    size,
                    prefix,
                    prefix + "\x7f",
                    limit - len(found),
                )
        return found

    def by_id(self, ids: Sequence[int]) -> dict[int, Version]:
        marks = ",".join("?" * len(ids))
        return {version.id: version for version in self._select(f"id IN ({marks})", *ids)}

    def children(self, version: Version, on: date) -> list[Version]:
        """What stands directly below an entry on a day, in the order of the list."""
        return self._below(version.release.system, version.entry.key, on)

    def siblings(self, version: Version, on: date) -> list[Version]:
        """What stands beside an entry on a day, itself included."""
        parent = version.entry.parent
        return self._below(version.release.system, parent, on) if parent else [version]

    def _below(self, system: System, parent: str, on: date) -> list[Version]:
        found = self._select("system = ? AND parent = ? ORDER BY position", system, parent)
        return [version for version in found if version.valid_on(on)]

    def ancestors(self, version: Version, on: date) -> list[Version]:
        """What stands above an entry on a day, the nearest first, up to its chapter."""
        found: list[Version] = []
        parent = version.entry.parent
        while parent is not None:
            above = self.entry(version.release.system, parent, on)
            if above is None:
                break
            found.append(above)
            parent = above.entry.parent
        return found

    def notes(self, version: Version) -> tuple[Note, ...]:
        rows = self.connection.execute("SELECT kind, text FROM notes WHERE entry = ? ORDER BY position", (version.id,))
        return tuple(Note(NoteKind(kind), text) for kind, text in rows)

    def definition(self, section: str, axis: int, title: str) -> dict[str, Any]:
        """What ICD-10-PCS says of a value of an axis (1 to 7): definition, explanation, includes; empty when nothing."""
        row = self.connection.execute(
            "SELECT definition, explanation, includes FROM definitions WHERE section = ? AND axis = ? AND title = ?",
            (section, axis, title),
        ).fetchone()
        if row is None:
            return {}
        return {"definition": row[0], "explanation": row[1], "includes": json.loads(row[2])}

    def _select(self, where: str, *values: object) -> list[Version]:
        rows = self.connection.execute(f"SELECT {_COLUMNS} FROM entries WHERE {where}", values)
        return [self._version(row) for row in rows]

    def _version(self, row: tuple[Any, ...]) -> Version:
        entry = Entry(
            key=row[2],
            code=row[3],
            title=row[4],
            level=Level(row[5]),
            parent=row[6],
            sevenths=tuple((char, meaning) for char, meaning in json.loads(row[12])) if row[12] else (),
            facts=json.loads(row[13]) if row[13] else {},
        )
        return Version(
            entry, _day(row[8]), _day(row[9]), self.releases[row[10]], row[0], row[7], row[11], bool(row[14])
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
