"""HCPCS Level II as CMS's Excel workbook: one row a code, long descriptions in one piece."""

import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl  # pyright: ignore[reportMissingTypeStubs]

from bot.codes.release import FileFault, Source
from bot.codes.sources.hcpcs import Record, release

_NEEDED = (
    "HCPC",
    "RECID",
    "LONG DESCRIPTION",
    "SHORT DESCRIPTION",
    "COV",
    "ADD DT",
    "ACT EFF DT",
    "TERM DT",
    "ACTION CD",
)
_NAMING = ("HCPC", "RECID", "LONG DESCRIPTION")
_HEADING_WITHIN = 30  # rows; a disclaimer may come first
_DAMAGED = "is damaged, or no Excel workbook; fetch the file again"

Row = tuple[Any, ...]


def is_workbook(path: Path) -> bool:
    """Whether a zip archive is an Excel workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def read_workbook(path: Path, effective: date | None = None) -> Source:
    """The release in an ANWEB workbook. Raises FileFault."""
    file = path.name
    heading: dict[str, int] = {}
    records: list[Record] = []
    for number, row in _rows(path):
        if not heading:
            heading = {name: at for at, cell in enumerate(row) if (name := _text(cell).upper())}
            if not all(name in heading for name in _NAMING):
                heading = {}
                if number >= _HEADING_WITHIN:
                    break
            elif missing := [name for name in _NEEDED if name not in heading]:
                raise FileFault(file, f"row {number}", f"names no column {missing[0]}")
        elif any(_text(cell) for cell in row):
            _add(file, number, {name: _text(row[at]) if at < len(row) else "" for name, at in heading.items()}, records)
    if not heading:
        raise FileFault(file, "", f"has no row with the column names {', '.join(_NAMING)}")
    return release(file, records, effective)


def has_records(path: Path) -> bool:
    """Whether a workbook begins like a list of HCPCS codes."""
    try:
        for number, row in _rows(path, checked=False):
            if {_text(cell).upper() for cell in row}.issuperset(_NAMING):
                return True
            if number >= _HEADING_WITHIN:
                break
    except FileFault:
        return True  # the reader then says what is wrong
    return False


def _rows(path: Path, checked: bool = True) -> Iterator[tuple[int, Row]]:
    """The rows of the first sheet, counted from 1."""
    # A damaged workbook raises nearly anything out of zipfile and openpyxl; to the operator all of it means the same.
    try:
        if checked:
            with zipfile.ZipFile(path) as archive:
                if broken := archive.testzip():
                    raise FileFault(path.name, f"part {broken}", _DAMAGED)
        with path.open("rb") as file:  # openpyxl refuses paths with another ending
            book: Any = openpyxl.load_workbook(file, read_only=True, data_only=True)  # pyright: ignore[reportUnknownMemberType]
            with closing(book):
                rows: Iterator[Row] = book.worksheets[0].iter_rows(values_only=True)
                yield from enumerate(rows, 1)
    except FileFault:
        raise
    except Exception as error:
        raise FileFault(path.name, "", f"{_DAMAGED} ({type(error).__name__})") from error


def _add(file: str, number: int, cells: dict[str, str], records: list[Record]) -> None:
    kind, place = cells["RECID"], f"row {number}"
    if kind in ("4", "8"):
        _go_on(file, place, cells, records)
        return
    if kind not in ("3", "7"):
        raise FileFault(file, place, f"has the record type {kind!r}, not 3 (code) or 7 (modifier)")
    records.append(
        Record(
            place=place,
            code=cells["HCPC"],
            modifier=kind == "7",
            long=cells["LONG DESCRIPTION"],
            short=cells["SHORT DESCRIPTION"],
            coverage=cells["COV"],
            prices=tuple(price.zfill(2) for price in _several(cells, "PRICE", 4)),
            multiple=cells.get("MULT_PI", ""),
            replaced=_several(cells, "XREF", 5),
            betos=cells.get("BETOS", ""),
            services=_several(cells, "TOS", 5),
            added=cells["ADD DT"],
            acted=cells["ACT EFF DT"],
            ended=cells["TERM DT"],
            action=cells["ACTION CD"],
        )
    )


def _go_on(file: str, place: str, cells: dict[str, str], records: list[Record]) -> None:
    """Older workbooks break long descriptions up as the text file does."""
    if not records or records[-1].code != cells["HCPC"]:
        raise FileFault(file, place, f"goes on with {cells['HCPC']}, of which there is no first row before it")
    records[-1] = replace(records[-1], long=f"{records[-1].long} {cells['LONG DESCRIPTION']}")


def _several(cells: dict[str, str], name: str, times: int) -> tuple[str, ...]:
    return tuple(text for n in range(1, times + 1) if (text := cells.get(f"{name}{n}", "")))


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime | date):
        return f"{cell:%Y%m%d}"
    return " ".join(str(cell).split())
