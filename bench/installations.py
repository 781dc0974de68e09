"""Code databases to measure with: ICD-10-CM as installed, and with every official file at hand imported."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.measure import ROOT
from bot import app
from bot.codes.build import Place, file_sha256
from bot.codes.sets import CodeSets
from bot.config import load_settings
from tests.content.codesets import SHARED

FILES = (
    "icd10cm_fy2027/icd10cm_codes_addenda_2027.txt",
    "icd10pcs_fy2026/icd10pcs_tables_2026.xml",
    "icd10pcs_fy2026/icd10pcs_definitions_2026.xml",
    "hcpcs_2025oct/HCPC2025_OCT_ANWEB.xlsx",
    "hcpcs_2019/HCPC2019_CONTR_ANWEB.txt",
)
ALONE, ALL = "ICD-10-CM alone", "all sets"


@dataclass(frozen=True, slots=True)
class Built:
    """What one `codes build` in a process of its own took: seconds from start to end, and its peak RSS in bytes."""

    seconds: float
    rss: int


def official() -> list[Path]:
    """The official files at hand; they are not shipped with the project."""
    return [path for name in FILES if (path := SHARED / name).exists()]


def installations(folder: Path) -> Mapping[str, Place]:
    """Clean folders: one with nothing imported, and where the files are at hand one with them, nothing built yet."""
    places = {ALONE: Place(folder / "alone"), ALL: Place(folder / "all")}
    for place in places.values():
        place.imported.mkdir(parents=True)
    for path in official():
        shutil.copyfile(path, places[ALL].imported / f"{file_sha256(path)[:12]}-{path.name}")
    return places if official() else {ALONE: places[ALONE]}


def build(place: Place) -> Built:
    """Run `python -m bot codes build` as an operator does. The database must not be there yet."""
    assert not place.database.exists()
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "codes", "build"],
        cwd=ROOT,
        env={**os.environ, "CODES_PATH": str(place.folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"codes build in {place.folder} ended with {process.returncode}")
    return Built(seconds, used.ru_maxrss * 1024)


def code_sets(folder: str) -> CodeSets:
    """The code sets built in a folder, wired as the bot wires them."""
    settings = load_settings().model_copy(update={"codes_path": Path(folder), "content_path": ROOT / "content"})
    return app.code_sets(settings)
