"""HCPCS Level II as CMS's text file: records of 320 characters, of which newer files print 293."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.codes.release import FileFault, Source
from bot.codes.sources.hcpcs import Record, release
from bot.codes.sources.text import read_lines

RECORD = re.compile(r"(?: {3}[0-9A-Z]{2}|[0-9A-Z]{5})[0-9]{5}[3478]")

_STARTS = {"3": "4", "7": "8"}  # the first line of a code or modifier, and the lines that go on with it
_DETAIL = 293  # up to and with the action code
_WHOLE = 320


def read_text(path: Path, effective: date | None = None) -> Source:
    """The release in an ANWEB text file; the disclaimer before the first record is passed over. Raises FileFault."""
    file = path.name
    lines = read_lines(path)
    numbered = [(number, line) for number, line in enumerate(lines, 1)]
    first = next((n for n, line in enumerate(lines) if RECORD.match(line)), None)
    if first is None:
        raise FileFault(file, "", "holds no HCPCS records")
    for number, line in numbered[:first]:
        if len(line) >= _DETAIL:
            raise FileFault(file, f"line {number}", "is as long as an HCPCS record, but doesn't begin like one")
    body = numbered[first:]
    while body and not body[-1][1].strip():
        body.pop()
    _whole(file, body)
    return release(file, list(_records(file, body)), effective)


def _whole(file: str, body: list[tuple[int, str]]) -> None:
    """Every line a record of its full length; lines may be cut after the action code, but then all alike."""
    for number, line in body:
        if not RECORD.match(line):
            raise FileFault(file, f"line {number}", "is no HCPCS record (code, sequence number, record type)")
        if len(line) > _WHOLE:
            raise FileFault(file, f"line {number}", f"has {len(line)} characters where {_WHOLE} are the most")
        if line[10] in _STARTS and len(line) < _DETAIL:
            raise FileFault(file, f"line {number}", f"breaks off after {len(line)} characters; fetch the file again")
    number, last = body[-1]
    if last[10] not in _STARTS:
        alike = [len(line) for _, line in body[:-1] if line[10] not in _STARTS]
        if alike and len(last) < min(alike):
            raise FileFault(file, f"line {number}", "is shorter than all like it: the file is cut off here")


def _records(file: str, body: list[tuple[int, str]]) -> Iterator[Record]:
    start: tuple[int, str] | None = None
    texts: list[str] = []
    sequence = 0
    for number, line in body:
        kind, place = line[10], f"line {number}"
        if kind in _STARTS:
            if start:
                yield _record(start, texts)
            start, texts, sequence = (number, line), [], 0
        elif start is None or start[1][:5] != line[:5] or _STARTS[start[1][10]] != kind:
            raise FileFault(file, place, f"goes on with {line[:5].strip()}, of which there is no first line before it")
        if int(line[5:10]) != sequence + 100:
            raise FileFault(
                file, place, f"has the sequence number {line[5:10]}; a line of {line[:5].strip()} is missing before it"
            )
        sequence += 100
        texts.append(line[11:91].strip())
    if start:
        yield _record(start, texts)


def _record(start: tuple[int, str], texts: list[str]) -> Record:
    number, line = start
    return Record(
        place=f"line {number}",
        code=line[:5].strip(),
        modifier=line[10] == "7",
        long=" ".join(" ".join(texts).split()),
        short=line[91:119].strip(),
        coverage=line[229:230].strip(),
        prices=_parts(line, 119, 2, 4),
        multiple=line[127:128].strip(),
        replaced=_parts(line, 204, 5, 5),
        betos=line[256:259].strip(),
        services=_parts(line, 260, 1, 5),
        added=line[268:276].strip(),
        acted=line[276:284].strip(),
        ended=line[284:292].strip(),
        action=line[292:293].strip(),
    )


def _parts(line: str, start: int, size: int, times: int) -> tuple[str, ...]:
    """A field that occurs several times: those that are filled."""
    parts = (line[start + size * n : start + size * (n + 1)].strip() for n in range(times))
    return tuple(part for part in parts if part)
