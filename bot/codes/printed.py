"""What the command line says of code sets, as data and as text. CPT, which is licensed, never leaves as data."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.codes.book import CodeBook
from bot.codes.importing import Imported
from bot.codes.sheet import chain, sheet
from bot.core.codes import Level, System, Version
from bot.core.together import Placed, Verdict, together

Data = dict[str, Any]

VERDICTS = {
    Verdict.EXCLUDED: "Not together: an Excludes1 note stands between them. The one exception: two conditions clearly "
    "unrelated to one another (ICD-10-CM Official Guidelines, Section I.A.12.a).",
    Verdict.BOTH: "Both may be reported when the patient has both and the record supports both.",
    Verdict.ORDERED: "They go together, in the order that the notes give.",
    Verdict.SAME: "That is one code twice; a code is reported once.",
    Verdict.NESTED: "One stands above the other; report the more specific one alone.",
    Verdict.NO_NOTE: "No note on either, or above either, names the other. That is no permission: guidelines, documentation and "
    "payers' edits still decide.",
}


def hits(found: Sequence[Version]) -> list[Data]:
    """Search results as data."""
    return [
        {
            "system": version.release.system.value,
            "code": version.entry.code,
            "title": version.entry.title,
            "billable": version.entry.billable,
        }
        for version in found
        if version.release.system is not System.CPT
    ]


def line(version: Version, on: date) -> str:
    entry = version.entry
    kind = "" if entry.billable else f" [{entry.level}]"
    return f"{version.release.system:15} {entry.code:10} {entry.title}{kind}{_validity(version, on)}"


def _validity(version: Version, on: date) -> str:
    if version.until is not None and version.until < on:
        return f" (ended {version.until})"
    if version.since is not None and version.since > on:
        return f" (from {version.since})"
    return ""


def status_data(book: CodeBook) -> list[Data]:
    """Each release with its files and counts."""
    rows = book.connection.execute(
        "SELECT r.system, r.name, r.effective, r.until, r.codes, r.headers, r.modifiers, r.notes_from"
        " FROM releases r ORDER BY r.system, r.effective"
    ).fetchall()
    files = book.connection.execute("SELECT file, sha256, system, scope, effective, counts FROM files").fetchall()
    return [
        {
            "system": row[0],
            "release": row[1],
            "in_force_from": row[2],
            "in_force_until": row[3],
            "codes": row[4],
            "headers": row[5],
            "modifiers": row[6],
            "notes_from": row[7],
            "files": [
                {"file": file[0], "sha256": file[1], "scope": file[3], "counts": json.loads(file[5])}
                for file in files
                if file[2] == row[0]
                and _release_of(file[4], [other[2] for other in rows if other[0] == row[0]]) == row[2]
            ],
        }
        for row in rows
    ]


def _release_of(effective: str, releases: Sequence[str]) -> str:
    """The release that a file is told with: the one of its first day, else the last before it, else the first."""
    return max((day for day in releases if day <= effective), default=min(releases))


def status(book: CodeBook, today: date) -> str:
    """The same as text, with what is out of date and how to mend it."""
    lines: list[str] = []
    for one in status_data(book):
        counts = ", ".join(f"{one[name]:,} {name}" for name in ("codes", "headers", "modifiers") if one[name])
        until = f" until {one['in_force_until']}" if one["in_force_until"] else ""
        lines.append(f"{one['system']} {one['release']}: in force from {one['in_force_from']}{until}; {counts}")
        lines += [
            f"    {file['file']}  sha256 {file['sha256'][:12]}  {_counts(file['counts'])}" for file in one["files"]
        ]
    for system in book.systems:
        newest = book.newest(system)
        if newest.until is not None and newest.until < today:
            lines.append(
                f"{system}: the newest release here ended on {newest.until}. Run python -m bot codes update, or import "
                "the official files of the release in force."
            )
    return "\n".join(lines)


def imported(one: Imported) -> str:
    """What an import brought, in a sentence."""
    if not one.new:
        return f"{one.file}: was imported before; nothing to do."
    parts = [
        f"{source.system} {source.name} ({source.scope}): {_counts(source.counts) or 'read'}" for source in one.sources
    ]
    text = f"{one.file}: {'; '.join(parts)}."
    if one.replaced:
        text += f" It takes the place of {one.replaced}."
    for skipped in one.skipped:
        text += f"\n    not read: {skipped}"
    return text


def _counts(counts: Mapping[str, int]) -> str:
    said = ((name, count) for name, count in counts.items() if count or not name.startswith("refused"))
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in said)


def sheet_data(book: CodeBook, version: Version, on: date) -> Data:
    """Everything about an entry on a day."""
    if version.release.system is System.CPT:
        return {"system": System.CPT.value, "code": version.entry.code, "billable": version.entry.billable}
    page = sheet(book, version, on)
    entry = version.entry
    return {
        "system": version.release.system.value,
        "code": entry.code,
        "title": entry.title,
        "level": entry.level.value,
        "billable": entry.billable,
        "release": version.release.name,
        "notes_from": page.newest.notes_from,
        "valid_on": {"date": on.isoformat(), "valid": version.valid_on(on)},
        "since": version.since and version.since.isoformat(),
        "until": version.until and version.until.isoformat(),
        "path": [{"code": above.entry.code, "title": above.entry.title} for above in page.path],
        "notes": [_note(note) for note in page.notes],
        "seventh_characters": [list(pair) for pair in page.sevenths],
        "children": [
            {"code": child.entry.code, "title": child.entry.title, "billable": child.entry.billable}
            for child in page.children
        ],
        "characters": [
            {"axis": m.axis, "value": m.value, "label": m.label, "explained": m.explained} for m in page.meanings
        ],
        "facts": entry.facts if entry.level is not Level.TABLE else {},
        "versions": [
            {
                "title": other.entry.title,
                "level": other.entry.level.value,
                "since": other.since and other.since.isoformat(),
                "until": other.until and other.until.isoformat(),
                "release": other.release.name,
            }
            for other in page.history
        ],
    }


def _note(note: Placed) -> Data:
    return {"kind": note.kind.value, "text": note.text, "heading": note.heading, "at": note.at.entry.code}


def sheet_text(data: Data) -> str:
    lines = [f"{data['system']} {data['code']}  {data.get('title', '')}"]
    if "level" not in data:
        return lines[0]
    lines.append("billable" if data["billable"] else f"{data['level']}, not billable")
    valid = "valid" if data["valid_on"]["valid"] else "NOT valid"
    since = f", since {data['since']}" if data["since"] else ""
    until = f", until {data['until']}" if data["until"] else ""
    lines.append(f"{valid} on {data['valid_on']['date']}{since}{until}; read in {data['release']}")
    lines += [f"  {'  ' * depth}{above['code']} {above['title']}" for depth, above in enumerate(data["path"])]
    lines += [f"{note['kind']} (at {note['at']}): {note['text']}" for note in data["notes"]]
    lines += [f"7th character {char}: {meaning}" for char, meaning in data["seventh_characters"]]
    lines += [f"{one['value']}  {one['axis']}: {one['label']}" for one in data["characters"]]
    lines += [f"{name}: {value}" for name, value in data["facts"].items()]
    lines += [f"> {child['code']} {child['title']}" for child in data["children"]]
    if len(data["versions"]) > 1:
        lines += [
            f"version {one['since'] or '...'} to {one['until'] or '...'}: {one['title']}" for one in data["versions"]
        ]
    return "\n".join(lines)


def together_data(book: CodeBook, first: Version, second: Version, on: date) -> Data:
    """What the notes say of two codes."""
    answer = together(chain(book, first, on), chain(book, second, on), book.categories)
    return {
        "first": first.entry.code,
        "second": second.entry.code,
        "verdict": answer.verdict.value,
        "says": VERDICTS[answer.verdict],
        "order": [version.entry.code for version in answer.sequence or ()],
        "notes": [
            {**_note(finding.note), "of": finding.of.entry.code, "covers": finding.other.entry.code}
            for finding in answer.findings
        ],
    }


def together_text(data: Data) -> str:
    lines = [f"{data['first']} and {data['second']}: {data['says']}"]
    lines += [f"  {n['kind']} at {n['at']} (above {n['of']}) covers {n['covers']}: {n['text']}" for n in data["notes"]]
    return "\n".join(lines)
