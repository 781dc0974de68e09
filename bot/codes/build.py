"""The code database: built from the installed and the imported files, anew only when these change, and atomically."""

import hashlib
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.codes import installed
from bot.codes.release import Source
from bot.codes.sources.archive import Skip
from bot.codes.sources.icd10cm import read_tabular
from bot.codes.sources.recognise import read_file
from bot.codes.write import Progress, Read, write_database

FORMAT = "7"
"""Raised whenever the tables or what goes into them change, so that older databases are built again."""

DAY = 86_400
ATTESTATION = "attestation.txt"
"""Beside licensed files: who said when that they hold the licence."""

Everyday = Mapping[str, Sequence[str]]
"""The words people use for codes, by code."""


class EverydayFiles(Mapping[str, Sequence[str]]):
    """Everyday terms that are read only when a database is built; until then their files' bytes speak for them."""

    def __init__(self, files: Sequence[Path], read: Callable[[], Everyday]) -> None:
        self._read = read
        self._terms: Everyday | None = None
        self.fingerprint = "".join(file_sha256(file) for file in files)

    @property
    def _all(self) -> Everyday:
        if self._terms is None:
            self._terms = self._read()
        return self._terms

    def __getitem__(self, code: str) -> Sequence[str]:
        return self._all[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the database and the imported files are."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "codes.db"

    @property
    def imported(self) -> Path:
        return self.folder / "sources"

    @property
    def licensed(self) -> Path:
        """Files whose import was allowed by an attestation; nothing ever copies them elsewhere."""
        return self.folder / "licensed"

    def files(self) -> list[Path]:
        """The imported files, in a stable order; each lies in a folder of its own, named by its hash."""
        return sorted(
            path
            for folder in (self.imported, self.licensed)
            if folder.is_dir()
            for own in folder.iterdir()
            if own.is_dir() and not own.name.startswith(".")
            for path in own.iterdir()
        )


def silence(label: str, done: int, of: int) -> None:
    """No progress is shown."""


def build(
    place: Place,
    everyday: Everyday,
    progress: Progress = silence,
    *,
    adding: Sequence[Path] = (),
    without: Sequence[Path] = (),
) -> None:
    """Build the database from all files and put it in its place in one step. Raises FileFault, OSError.

    `adding` are files about to be imported, `without` those they replace.
    """
    paths = [path for path in place.files() if path not in without] + list(adding)
    progress("ICD-10-CM: reading", 0, 1)
    files = [read_installed(), *(read for path in paths for read in read_all(path, licensed=_is_licensed(path, place)))]
    place.folder.mkdir(parents=True, exist_ok=True)
    _sweep(place)
    temporary = place.database.with_name(f"codes.db.{os.getpid()}.new")
    temporary.unlink(missing_ok=True)
    try:
        write_database(temporary, files, everyday, digest(everyday, paths), progress)
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(place.database)
    finally:
        temporary.unlink(missing_ok=True)


def _sweep(place: Place) -> None:
    """Remove what builds and imports that were killed left behind; a day old, so that none of it is still being made."""
    left = [*place.folder.glob("codes.db.*.new"), *place.imported.glob(".*.part"), *place.licensed.glob(".*.part")]
    for path in left:
        if path.stat().st_mtime < time.time() - DAY:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def is_current(place: Place, everyday: Everyday) -> bool:
    """Whether the database there was built from what is there now."""
    if not place.database.exists():
        return False
    try:
        connection = sqlite3.connect(f"file:{place.database}?mode=ro", uri=True)
        try:
            row = connection.execute("SELECT value FROM meta WHERE name = 'digest'").fetchone()
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return False
    return row is not None and row[0] == digest(everyday, place.files())


def digest(everyday: Everyday, paths: Sequence[Path]) -> str:
    """What the database depends on, as one number."""
    parts = [FORMAT, installed.tabular().name, file_sha256(installed.tabular())]
    parts += sorted(file_sha256(path) for path in paths)
    if isinstance(everyday, EverydayFiles):
        parts.append(everyday.fingerprint)
    else:
        parts.append(json.dumps({code: list(terms) for code, terms in sorted(everyday.items())}))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def read_all(path: Path, *, licensed: bool = False, on_skip: Skip | None = None) -> list[Read]:
    """Every code set in a file; `on_skip` hears of the parts of an archive that are none. Raises FileFault."""
    sha256 = file_sha256(path)
    return [Read(path.name, sha256, source) for source in read_file(path, cpt_licence=licensed, on_skip=on_skip)]


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_installed() -> Read:
    """The ICD-10-CM release that comes with the installation. Raises FileFault."""
    path = installed.tabular()
    source: Source = read_tabular(path, installed.code_list())
    return Read(path.name, file_sha256(path), source)


def _is_licensed(path: Path, place: Place) -> bool:
    return place.licensed in path.parents
