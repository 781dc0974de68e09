"""Order files of ICD-10-CM and ICD-10-PCS: every header and code of a release with its title, in tabular order."""

import re
from datetime import date
from pathlib import Path

from bot.codes.release import FileFault, Scope, Source
from bot.codes.sources.text import read_lines
from bot.codes.sources.years import fiscal_of_name
from bot.core.codes import Entry, Level, System, dotted

LINE = re.compile(r"(?P<order>[0-9]{5}) (?P<code>[0-9A-Z]{3,7}) *(?<=^.{13}) (?P<flag>[01]) (?P<titles>.+)")

_CM = re.compile(r"[A-Z][0-9A-Z]{2,6}")
_PCS = re.compile(r"[0-9A-HJ-NP-Z]{3}|[0-9A-HJ-NP-Z]{7}")
# The last categories that a whole release has: U stands behind Z in the tabular list, X came to the tables in FY2016.
_LAST = {System.ICD10CM: "UZ", System.ICD10PCS: "XH"}
_SHORT = slice(16, 76)
_LONG = slice(77, None)


def read_order(path: Path, effective: date | None = None) -> Source:
    """The release in an order file: titles and parents, no notes.

    The fiscal year comes from the file's name, or `effective` gives its first day. Order numbers count every line, so
    that a missing or moved one is seen. Raises FileFault.
    """
    file = path.name
    lines = read_lines(path)
    _ended(file, lines)
    system: System | None = None
    entries: list[Entry] = []
    levels: dict[str, Level] = {}
    parents: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            if any(later.strip() for later in lines[number:]):
                raise FileFault(file, f"line {number}", "is empty")
            break
        match = LINE.fullmatch(line)
        if not match or not line[_SHORT].strip() or line[76:77] != " " or not line[_LONG].strip():
            raise FileFault(file, f"line {number}", "is no line of an order file, or breaks off within its titles")
        if int(match["order"]) != number:
            raise FileFault(
                file,
                f"line {number}",
                f"has the order number {match['order']} where {number:05} is due; lines are missing or shuffled",
            )
        key = match["code"]
        system = system or (System.ICD10PCS if key[0].isdigit() else System.ICD10CM)
        entry = _entry(file, number, system, key, match["flag"] == "1", " ".join(line[_LONG].split()), levels)
        levels[key] = entry.level
        if entry.parent:
            parents.add(entry.parent)
        entries.append(entry)
    if system is None:
        raise FileFault(file, "", "is empty")
    _complete(file, system, entries, parents)
    release = fiscal_of_name(file, file, effective)
    return Source(
        system=system,
        scope=Scope.LIST,
        name=release.name,
        effective=release.effective,
        until=release.until,
        entries=entries,
        counts={
            "codes": sum(level is Level.CODE for level in levels.values()),
            "headers": sum(level is not Level.CODE for level in levels.values()),
        },
        file=file,
    )


def _ended(file: str, lines: list[str]) -> None:
    """A file that stops within a line is cut off, unless that line is seen to be whole: both its titles alike."""
    last = lines[-1]
    short, long = last[_SHORT].strip(), last[_LONG].strip()
    if last.strip() and (short != long or len(short) == _SHORT.stop - _SHORT.start):
        raise FileFault(file, f"line {len(lines)}", "has no end: the file is cut off here; fetch it again")


def _entry(
    file: str, number: int, system: System, key: str, valid: bool, title: str, levels: dict[str, Level]
) -> Entry:
    place = f"line {number}"
    if key in levels:
        raise FileFault(file, place, f"has {key}, which stood in an earlier line")
    if system is System.ICD10PCS:
        if not _PCS.fullmatch(key) or valid is not (len(key) == 7):
            raise FileFault(file, place, f"has {key}, no table or code of ICD-10-PCS, of which the lines before are")
        level = Level.CODE if valid else Level.TABLE
        parent = key[:3] if valid else None
        if parent is not None and parent not in levels:
            raise FileFault(file, place, f"has {key}, whose table {parent} stands in no line before it")
        return Entry(key, key, title, level, parent)
    if not _CM.fullmatch(key):
        raise FileFault(file, place, f"has {key}, no category or code of ICD-10-CM, of which the lines before are")
    parent = next((key[:end] for end in range(len(key) - 1, 2, -1) if key[:end] in levels), None)
    if parent is None and len(key) > 3:
        raise FileFault(file, place, f"has {dotted(key)}, whose category {key[:3]} stands in no line before it")
    if parent is not None and levels[parent] is Level.CODE:
        raise FileFault(file, place, f"has {dotted(key)} below {dotted(parent)}, which is billable itself")
    return Entry(key, dotted(key), title, Level.CODE if valid else Level.HEADER, parent)


def _complete(file: str, system: System, entries: list[Entry], parents: set[str]) -> None:
    for number, entry in enumerate(entries, 1):
        if entry.level is not Level.CODE and entry.key not in parents:
            raise FileFault(file, f"line {number}", f"has the header {entry.code}, but no codes of it follow")
    last = entries[-1]
    if last.key[0] not in _LAST[system]:
        raise FileFault(
            file,
            f"line {len(entries)}",
            f"is the last, {last.code}, but a whole file goes on to {_LAST[system][0]}; fetch the file again",
        )
