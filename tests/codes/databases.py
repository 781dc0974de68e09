"""Code databases that tests share: each is built once in a run, by the worker that needs it first."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.app import code_sets
from bot.codes.book import CodeBook
from bot.codes.build import Place, file_sha256
from bot.codes.sets import CodeSets
from bot.config import Settings
from bot.search.query import Synonyms
from tests.content.codesets import SHARED

CONTENT = Path(__file__).parent.parent.parent / "content"
OFFICIAL = (
    "hcpcs_2019/HCPC2019_CONTR_ANWEB.txt",
    "hcpcs_2025oct/HCPC2025_OCT_ANWEB.xlsx",
    "icd10cm_fy2027/icd10cm_codes_addenda_2027.txt",
    "icd10pcs_fy2026/icd10pcs_definitions_2026.xml",
    "icd10pcs_fy2026/icd10pcs_tables_2026.xml",
)
"""All that is imported for `book_of_all`."""


@pytest.fixture(scope="session")
def content_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the code sets take from the shipped content, as it was when the run began: an edit meanwhile must not make
    a database out of date."""
    with _shared(tmp_path_factory, "content") as folder:
        for part in ("terms", "synonyms"):
            if not (folder / part).exists():
                shutil.copytree(CONTENT / part, folder / part)
    return folder


def sets_in(folder: Path, content: Path) -> CodeSets:
    """The code sets in a folder, as the bot itself wires them."""
    return code_sets(Settings(_env_file=None, codes_path=folder, content_path=content))  # pyright: ignore[reportCallIssue]


@pytest.fixture(scope="session")
def codes_folder(tmp_path_factory: pytest.TempPathFactory, content_folder: Path) -> Path:
    """A folder with the installed ICD-10-CM and the everyday terms of the shipped content. Read it, never write it."""
    with _shared(tmp_path_factory, "codes") as folder:
        if not Place(folder).database.exists():
            sets_in(folder, content_folder).ensure()
    return folder


@pytest.fixture(scope="session")
def folder_of_all(tmp_path_factory: pytest.TempPathFactory, content_folder: Path) -> Path:
    """The same with every official file that is at hand imported: FY2027, HCPCS of 2019 and 2025, ICD-10-PCS."""
    files = [SHARED / name for name in OFFICIAL]
    if missing := [path.name for path in files if not path.exists()]:
        pytest.skip(f"the official files are not shipped with the project; missing: {', '.join(missing)}")
    with _shared(tmp_path_factory, "codes-of-all") as folder:
        if not Place(folder).database.exists():
            # Laid where an import puts them, which would read each of them twice.
            sets = sets_in(folder, content_folder)
            for path in files:
                kept = sets.place.imported / file_sha256(path)[:12] / path.name
                kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, kept)
            sets.ensure()
    return folder


@pytest.fixture(scope="session")
def book(codes_folder: Path) -> Iterator[CodeBook]:
    yield from _opened(codes_folder)


@pytest.fixture(scope="session")
def book_of_all(folder_of_all: Path) -> Iterator[CodeBook]:
    yield from _opened(folder_of_all)


@pytest.fixture(scope="session")
def synonyms(tmp_path_factory: pytest.TempPathFactory, content_folder: Path) -> Synonyms:
    return sets_in(tmp_path_factory.mktemp("nothing"), content_folder).synonyms


def own_copy(folder: Path, target: Path) -> Path:
    """A folder of one's own with the same files. They are links, which is safe: a build never writes in place."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            copy = target / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, copy)
    return target


def _opened(folder: Path) -> Iterator[CodeBook]:
    opened = CodeBook(Place(folder).database)
    yield opened
    opened.close()


@contextmanager
def _shared(factory: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """A folder that all workers of this run have, and nobody else while it is being filled."""
    base = factory.getbasetemp()
    root = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield root / name
