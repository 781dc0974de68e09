"""CPT, from a file that an operator with a licence of the American Medical Association has; none is shipped."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.codes.release import FileFault, Scope, Source
from bot.codes.sources.text import read_lines
from bot.codes.sources.years import calendar
from bot.core.codes import Entry, Level, System

CODE = re.compile(r"[0-9]{4}[0-9FTUM]")

_DESCRIPTOR = re.compile(r"desc|long|text|title|name", re.IGNORECASE)
_UNLICENSED = (
    "looks like a list of CPT codes, which are copyright of the American Medical Association: "
    "if you hold an AMA licence, repeat the command with --i-hold-an-ama-licence"
)

Row = tuple[int, list[str]]


class LicenceNeeded(FileFault):
    """A file of CPT codes, and no word of the operator that they may use it."""


def is_list(lines: list[str]) -> bool:
    """Whether the first lines are a table with a column of CPT codes."""
    try:
        rows = list(_rows("", [line for line in lines if line.strip()][:2]))
    except FileFault:
        return False
    return any(CODE.fullmatch(cell.strip()) for _, cells in rows if len(cells) > 1 for cell in cells)


def read_cpt(path: Path, effective: date | None = None, licence: bool = False) -> Source:
    """The codes of a tab- or comma-separated file with a column of codes and one of descriptors.

    A first row with column names may be there. `licence` is the operator's word that they may use the file; without
    it LicenceNeeded is raised, and FileFault for anything but CPT codes.
    """
    file = path.name
    if not licence:
        raise LicenceNeeded(file, "", _UNLICENSED)
    lines = read_lines(path)
    if lines.pop():
        text = "isn't ended, so that the file may be cut off; if it is whole, put a line break at its end"
        raise FileFault(file, f"line {len(lines) + 1}", text)
    rows = [(number, cells) for number, cells in _rows(file, lines) if any(cell.strip() for cell in cells)]
    header, rows = _headed(rows)
    if not rows:
        raise FileFault(file, "", "holds no rows with codes")
    code, descriptor = _columns(file, header, rows)
    entries: dict[str, Entry] = {}
    for number, cells in rows:
        place = f"line {number}"
        if len(cells) > len(header or rows[0][1]):
            raise FileFault(file, place, f"has {len(cells)} columns where {len(header or rows[0][1])} are due")
        key = cells[code].strip() if code < len(cells) else ""
        title = " ".join(cells[descriptor].split()) if descriptor < len(cells) else ""
        if not CODE.fullmatch(key):
            raise FileFault(file, place, f"has {key!r} where a CPT code such as 99213 is due")
        if not title:
            raise FileFault(file, place, f"has no descriptor for {key}")
        if key in entries:
            raise FileFault(file, place, f"has {key}, which stood in an earlier line")
        entries[key] = Entry(key, key, title, Level.CODE)
    release = calendar(file, effective)
    return Source(
        system=System.CPT,
        scope=Scope.FULL,
        name=release.name,
        effective=release.effective,
        until=release.until,
        entries=list(entries.values()),
        counts={"codes": len(entries)},
        file=file,
    )


def _rows(file: str, lines: list[str]) -> Iterator[Row]:
    sample = next((line for line in lines if line.strip()), "")
    reader = csv.reader(lines, delimiter="\t" if "\t" in sample else ",", strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            if number != reader.line_num:
                raise FileFault(file, f"line {number}", "opens a quotation mark that isn't closed in the same line")
            yield number, cells
    except csv.Error as error:
        raise FileFault(file, f"line {reader.line_num}", f"can't be split into columns ({error})") from None


def _headed(rows: list[Row]) -> tuple[list[str], list[Row]]:
    """The column names, if the first row holds no code, and the other rows."""
    if rows and not any(CODE.fullmatch(cell.strip()) for cell in rows[0][1]):
        return rows[0][1], rows[1:]
    return [], rows


def _columns(file: str, header: list[str], rows: list[Row]) -> tuple[int, int]:
    """Which columns hold the codes and the descriptors: by content, and the descriptors first by name."""
    number, first = rows[0]
    codes = [at for at, cell in enumerate(first) if CODE.fullmatch(cell.strip())]
    if not codes:
        raise FileFault(file, f"line {number}", "has no column with a CPT code such as 99213")
    code = next((at for at in codes if at < len(header) and "code" in header[at].lower()), codes[0])
    others = [at for at in range(len(first)) if at != code]
    if not others:
        raise FileFault(file, f"line {number}", "has no column for the descriptor beside the code")
    named = [at for at in others if at < len(header) and _DESCRIPTOR.search(header[at])]
    return code, max(named or others, key=lambda at: sum(len(cells[at]) for _, cells in rows[:100] if at < len(cells)))
