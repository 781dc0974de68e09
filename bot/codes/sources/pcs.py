"""ICD-10-PCS: the tables, from which every code follows, and the definitions of the words in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from bot.codes.release import Definition, FileFault, Scope, Source
from bot.codes.sources.markup import Element, children, text_of, year_of
from bot.codes.sources.years import fiscal
from bot.core.codes import Entry, Level, System

_VALUE = re.compile(r"[0-9A-HJ-NP-Z]")  # no I and no O, which look like digits
_NOTHING = {"No Device", "No Qualifier", "None"}
_SUFFIX = {"Approach": " approach", "Contrast": " contrast"}


@dataclass(frozen=True, slots=True)
class _Axis:
    title: str
    labels: dict[str, str]
    definition: str


def read_tables(path: Path, effective: date | None = None) -> Source:
    """The release in an ICD-10-PCS tables XML file, every code written out.

    `effective` is its first day, where that isn't 1 October. Raises FileFault where a row doesn't give as many codes
    as it says, or where tables are missing their axes, repeated or out of order.
    """
    file, year, rows, last = path.name, 0, 0, ""
    entries: list[Entry] = []
    blocks: dict[str, str] = {}
    for child in children(path, "ICD10PCS.tabular"):
        if child.tag == "version":
            year = year_of(file, child)
        elif child.tag == "pcsTable":
            table = list(_table(file, child))
            key = table[-1].key[:3]
            if key <= last:
                raise FileFault(file, f"table {key}", f"stands after table {last}; tables are missing or shuffled")
            last = key
            rows += len(table[2].facts["rows"])
            entries += (entry for entry in table if entry.key not in blocks)
            for block in table[:2]:
                if blocks.setdefault(block.key, block.title) != block.title:
                    raise FileFault(
                        file, f"table {key}", f"calls {block.key} {block.title!r}, not {blocks[block.key]!r}"
                    )
    if not entries:
        raise FileFault(file, "", "holds no tables")
    if not year:
        raise FileFault(file, "element version", "is missing")
    release = fiscal(file, year, effective)
    levels = [entry.level for entry in entries]
    return Source(
        system=System.ICD10PCS,
        scope=Scope.FULL,
        name=release.name,
        effective=release.effective,
        until=release.until,
        entries=entries,
        counts={"codes": levels.count(Level.CODE), "tables": levels.count(Level.TABLE), "rows": rows},
        file=file,
    )


def _table(file: str, table: Element) -> Iterator[Entry]:
    """The section and the body system of a table, the table and its codes."""
    axes = _axes(file, "a table", table, 1)
    if any(len(axis.labels) != 1 for axis in axes):
        raise FileFault(file, f"table {_code(axes)}", "has more than one value on axis 1, 2 or 3")
    code = _code(axes)
    place = f"table {code}"
    section, system, operation = (next(iter(axis.labels.values())) for axis in axes)
    sections, systems = f"section {code[0]}", f"body system {code[:2]}"
    yield Entry(sections, code[0], section, Level.BLOCK)
    yield Entry(systems, code[:2], system, Level.BLOCK, sections)
    if len(list(table.iter("pcsRow"))) != len(table.findall("pcsRow")):
        raise FileFault(file, place, "has rows within something else than the table")
    rows: list[dict[str, Any]] = []
    codes: list[Entry] = []
    keys: set[str] = set()
    for number, row in enumerate(table.findall("pcsRow"), 1):
        lower = _axes(file, f"{place}, row {number}", row, 4)
        rows.append({"axes": [{"title": axis.title, "labels": axis.labels} for axis in lower]})
        for key, title in _codes(code, axes[2].title, operation, lower):
            if key in keys:
                raise FileFault(file, f"{place}, row {number}", f"gives {key}, which another row gave already")
            keys.add(key)
            codes.append(Entry(key, key, title, Level.CODE, code))
    if not codes:
        raise FileFault(file, place, "has no rows")
    facts = {
        "axes": [[axis.title, value, label] for axis in axes for value, label in axis.labels.items()],
        "rows": [row["axes"] for row in rows],
        "definition": axes[2].definition,
    }
    yield Entry(code, code, f"{operation}, {system}", Level.TABLE, systems, facts=facts)
    yield from codes


def _axes(file: str, place: str, parent: Element, first: int) -> list[_Axis]:
    """The axes of a table (1 to 3) or of a row (4 to 7), with what the file counts of them checked."""
    axes = [_axis(file, place, axis) for axis in parent.findall("axis")]
    positions = [axis.get("pos") for axis in parent.findall("axis")]
    due = [str(position) for position in range(first, 4 if first == 1 else 8)]
    if positions != due:
        raise FileFault(file, place, f"has the axes {positions} where {due} are due")
    codes = parent.get("codes")
    if first == 4 and codes != str(prod(len(axis.labels) for axis in axes)):
        found = prod(len(axis.labels) for axis in axes)
        raise FileFault(file, place, f"says that it has {codes} codes, but its values give {found}")
    return axes


def _axis(file: str, place: str, axis: Element) -> _Axis:
    where = f"{place}, axis {axis.get('pos')}"
    labels: dict[str, str] = {}
    last = ""
    for label in axis.findall("label"):
        value, text = label.get("code", ""), text_of(label)
        if not _VALUE.fullmatch(value) or not text:
            raise FileFault(file, where, f"has a value {value!r} with the label {text!r}")
        if value <= last:
            raise FileFault(file, where, f"has the value {value} after {last}; values are repeated or shuffled")
        labels[value] = text
        last = value
    if axis.get("values") != str(len(labels)):
        raise FileFault(file, where, f"says that it has {axis.get('values')} values, but {len(labels)} are there")
    title = text_of(axis.find("title"))
    if not title:
        raise FileFault(file, where, "has no title")
    return _Axis(title, labels, text_of(axis.find("definition")))


def _code(axes: list[_Axis]) -> str:
    return "".join(next(iter(axis.labels), "?") for axis in axes)


def _codes(table: str, kind: str, operation: str, axes: list[_Axis]) -> Iterator[tuple[str, str]]:
    """The codes of a row with titles that say what is done to what, then how and with what."""
    part, *others = axes
    words = [[(value, _words(axis.title, label)) for value, label in axis.labels.items()] for axis in others]
    for value, label in part.labels.items():
        head = _head(kind, operation, part.title, label)
        for (fifth, how), (sixth, with_), (seventh, qualifier) in product(*words):
            title = f"{head}{how}{with_}{qualifier}"
            yield f"{table}{value}{fifth}{sixth}{seventh}", title


def _words(axis: str, label: str) -> str:
    if label in _NOTHING:
        return ""
    suffix = _SUFFIX.get(axis, "")
    return f", {label}" if label.lower().endswith(suffix) else f", {label}{suffix}"


def _head(kind: str, operation: str, axis: str, label: str) -> str:
    if label in _NOTHING:
        return operation
    if axis == "Qualifier":
        return f"{operation}, {label}"
    # Where axis 3 is a root operation the two read as one phrase: "Bypass Cerebral Ventricle".
    return f"{operation} {label}" if kind == "Operation" else f"{operation} of {label}"


def read_definitions(path: Path, effective: date | None = None) -> Source:
    """What the words on the axes mean, from an ICD-10-PCS definitions XML file. Raises FileFault."""
    file, year = path.name, 0
    definitions: list[Definition] = []
    for child in children(path, "ICD10PCS.definitions"):
        if child.tag == "version":
            year = year_of(file, child)
        elif child.tag == "section":
            definitions += _section(file, child)
    if not definitions:
        raise FileFault(file, "", "holds no definitions")
    if not year:
        raise FileFault(file, "element version", "is missing")
    release = fiscal(file, year, effective)
    return Source(
        system=System.ICD10PCS,
        scope=Scope.TERMS,
        name=release.name,
        effective=release.effective,
        until=release.until,
        definitions=definitions,
        counts={"definitions": len(definitions)},
        file=file,
    )


def _section(file: str, section: Element) -> Iterator[Definition]:
    code = section.get("code", "")
    if not _VALUE.fullmatch(code):
        raise FileFault(file, f"section {code!r}", "has no code of one character")
    for axis in section.findall("axis"):
        position = axis.get("pos", "")
        place = f"section {code}, axis {position}"
        if not re.fullmatch("[1-7]", position):
            raise FileFault(file, place, "has no position from 1 to 7")
        for terms in axis.findall("terms"):
            titles = [title for element in terms.findall("title") if (title := text_of(element))]
            if not titles:
                raise FileFault(file, place, "defines a word that is missing")
            includes = tuple(words for element in terms.findall("includes") if (words := text_of(element)))
            meaning, more = text_of(terms.find("definition")), text_of(terms.find("explanation"))
            for title in titles:
                yield Definition(code, int(position), title, meaning, more, includes)
