"""HCPCS Level II records, however a file writes them, as one release."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.codes.release import FileFault, Scope, Source
from bot.codes.sources import hcpcs_words as words
from bot.codes.sources.text import day
from bot.codes.sources.years import month_of_name
from bot.core.codes import Entry, Level, System

MODIFIERS = "modifiers"

_CODE = re.compile(r"[A-Z][0-9]{4}")
_CPT = re.compile(r"[0-9]{4}[0-9FTUM]|[0-9]{2}|[0-9][A-Z]")
_MODIFIER = re.compile(r"[A-Z][0-9A-Z]")
_LAST_LETTER = "V"
# A quarterly file holds what takes effect until the next one comes.
_QUARTER = timedelta(days=100)


@dataclass(frozen=True, slots=True)
class Record:
    """A code or modifier as the file has it; `place` is where. Dates are still text."""

    place: str
    code: str
    modifier: bool
    long: str
    short: str
    coverage: str
    prices: tuple[str, ...]
    multiple: str
    replaced: tuple[str, ...]
    betos: str
    services: tuple[str, ...]
    added: str
    acted: str
    ended: str
    action: str


def release(file: str, records: Sequence[Record], effective: date | None) -> Source:
    """The release that these records are.

    D codes (copyright of the American Dental Association) and Level I codes (CPT, copyright of the American Medical
    Association) are left out and counted. Raises FileFault where records are repeated, out of order or cut off.
    """
    _complete(file, records)
    kept = [record for record in records if not _refused(record)]
    acted = [when for record in kept if (when := day(file, record.place, "action date", record.acted))]
    start = _start(file, max(acted, default=None), effective)
    entries = [*_blocks(kept), *(_entry(file, record) for record in kept)]
    modifiers = sum(record.modifier for record in kept)
    return Source(
        system=System.HCPCS,
        scope=Scope.FULL,
        name=f"{start.year}" if re.match(r"HCPCS?20\d\d_CONTR", file.upper()) else f"{start:%B %Y}",
        effective=start,
        entries=entries,
        counts={
            "codes": len(kept) - modifiers,
            "modifiers": modifiers,
            "terminated": sum(bool(e.valid_until) and e.level is Level.CODE for e in entries),
            "refused_d": sum(record.code.startswith("D") and not record.modifier for record in records),
            "refused_cpt": sum(bool(_CPT.fullmatch(record.code)) for record in records),
        },
        file=file,
    )


def _complete(file: str, records: Sequence[Record]) -> None:
    last = ""
    for record in records:
        shape = _MODIFIER if record.modifier else _CODE
        if not shape.fullmatch(record.code) and not _CPT.fullmatch(record.code):
            raise FileFault(file, record.place, f"{record.code!r} is no HCPCS {_kind(record)}")
        order = record.code.rjust(5)  # modifiers come before codes
        if order <= last:
            raise FileFault(
                file, record.place, f"{record.code} stands after {last.strip()}; records are repeated or shuffled"
            )
        last = order
    if not any(record.modifier for record in records):
        raise FileFault(file, "", "holds no modifiers; the beginning of the file is missing")
    if last[:1] != _LAST_LETTER:
        raise FileFault(
            file, "", f"ends at {last.strip()}, but a whole file goes on to the V codes; fetch the file again"
        )


def _kind(record: Record) -> str:
    return "modifier" if record.modifier else "code"


def _refused(record: Record) -> bool:
    return bool(_CPT.fullmatch(record.code)) or (record.code.startswith("D") and not record.modifier)


def _start(file: str, newest: date | None, effective: date | None) -> date:
    start = effective or month_of_name(file) or newest
    if start is None:
        raise FileFault(file, "", "doesn't tell its date; put it into the file's name, e.g. HCPC2026_OCT_ANWEB.txt")
    if newest is not None and newest > start + _QUARTER:
        raise FileFault(file, "", f"is taken to be the release of {start}, but holds changes that begin on {newest}")
    return start


def _blocks(records: Iterable[Record]) -> Iterator[Entry]:
    yield Entry(MODIFIERS, "modifiers", "HCPCS Level II modifiers", Level.BLOCK)
    for letter in sorted({record.code[0] for record in records if not record.modifier}):
        about = words.BLOCKS.get(letter)
        yield Entry(_block(letter), letter, f"{letter} codes: {about}" if about else f"{letter} codes", Level.BLOCK)


def _block(letter: str) -> str:
    return f"{letter} codes"


def _entry(file: str, record: Record) -> Entry:
    if not record.long:
        raise FileFault(file, record.place, f"{record.code} has no description")
    added = day(file, record.place, "date added", record.added)
    ended = day(file, record.place, "termination date", record.ended)
    if record.modifier:
        parent, level = MODIFIERS, Level.MODIFIER
    else:
        parent, level = _block(record.code[0]), Level.CODE
    return Entry(
        record.code,
        record.code,
        record.long,
        level,
        parent,
        valid_from=added,
        valid_until=ended,
        facts=dict(_facts(file, record)),
    )


def _facts(file: str, record: Record) -> Iterator[tuple[str, Any]]:
    if record.short:
        yield "short description", record.short
    if record.coverage:
        yield "Medicare coverage", _told(words.COVERAGE, record.coverage)
    if record.prices:
        yield "pricing", "; ".join(_told(words.PRICING, price) for price in record.prices)
    if record.multiple in words.MULTIPLE and record.multiple not in "9A":
        yield "multiple pricing", _told(words.MULTIPLE, record.multiple)
    if record.action:
        yield "last action", _told(words.ACTIONS, record.action)
    if acted := day(file, record.place, "action date", record.acted):
        yield "last action effective", acted.isoformat()
    if others := [code for code in record.replaced if _CODE.fullmatch(code) and code[0] != "D"]:
        yield "cross reference", ", ".join(others)
    if record.betos:
        yield "BETOS group", record.betos
    if record.services:
        yield "type of service", "; ".join(_told(words.SERVICES, service) for service in record.services)


def _told(meanings: dict[str, str], code: str) -> str:
    return f"{code}: {meanings[code]}" if code in meanings else code
