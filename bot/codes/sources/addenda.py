"""Addenda files (icd10cm_codes_addenda_2027.txt): which billable codes a release adds, deletes and renames."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

from bot.codes.release import Change, FileFault, Scope, Source
from bot.codes.sources.text import read_lines
from bot.codes.sources.years import fiscal_of_name
from bot.core.codes import System

LINE = re.compile(
    r"(?P<action>Add:|Delete:|Revise from:|Revise to:) *(?<=^.{13})(?P<key>[0-9A-Z]{3,7}) *(?<=^.{21})(?P<title>\S.*)"
)
START = re.compile(r"(Add|Delete|Revise from|Revise to):")

_CODES_IN = re.compile(r"(\d+) codes in (icd10(cm|pcs)\S*)", re.IGNORECASE)
_COUNTED = re.compile(r"(\d+) (additions?|deletions?|revisions?)")
_ACTIONS = {"addition": "add", "deletion": "delete", "revision": "revise"}
_MENDED = "fetch the file again"


def read_addenda(path: Path, effective: date | None = None) -> Source:
    """The changes in an addenda file, checked against the counts that stand at its end. Raises FileFault."""
    file = path.name
    lines = read_lines(path)
    changes: list[Change] = []
    revised: tuple[int, str] | None = None  # the line and code of a "Revise from:" that waits for its "Revise to:"
    footer = 0
    for number, line in enumerate(lines, 1):
        if line.strip() in ("", "Codes"):
            continue
        if not START.match(line):
            footer = number
            break
        match = LINE.fullmatch(line)
        if not match:
            raise FileFault(file, f"line {number}", "is no change of a code; the line is damaged")
        key, action = match["key"], match["action"]
        if (action == "Revise to:") != (revised is not None) or (revised and revised[1] != key):
            where = f"line {revised[0]}" if revised else f"line {number}"
            raise FileFault(file, where, "is one half of a revision without the other; lines are missing or shuffled")
        revised = (number, key) if action == "Revise from:" else None
        if revised is None:
            word = {"Add:": "add", "Delete:": "delete"}.get(action, "revise")
            changes.append(Change(word, key, " ".join(match["title"].split())))
    if revised:
        raise FileFault(file, f"line {revised[0]}", "is one half of a revision without the other")
    if not footer:
        raise FileFault(file, "", f"has no counts at its end, so that it seems to be cut off; {_MENDED}")
    return _source(file, lines, footer, changes, effective)


def _source(file: str, lines: list[str], footer: int, changes: list[Change], effective: date | None) -> Source:
    totals: list[tuple[int, str, str]] = []
    said: dict[str, int] = {}
    for number, line in enumerate(lines[footer - 1 :], footer):
        text = line.strip()
        if match := _CODES_IN.fullmatch(text):
            totals.append((int(match[1]), match[2], match[3].lower()))
        elif match := _COUNTED.fullmatch(text):
            said[_ACTIONS[match[2].rstrip("s")]] = int(match[1])
        elif text:
            raise FileFault(file, f"line {number}", f"is neither a change nor a count: {text[:40]!r}; {_MENDED}")
    if len(totals) != 2 or len(said) != 3 or totals[0][2] != totals[1][2]:
        raise FileFault(file, f"line {footer}", f"begins the counts at the end, of which some are missing; {_MENDED}")
    found = Counter(change.action for change in changes)
    for action, number in said.items():
        if found[action] != number:
            raise FileFault(file, f"line {footer}", f"counts {number} of {action!r}, but the file has {found[action]}")
    (before, _, kind), (after, name, _) = totals
    if before + found["add"] - found["delete"] != after:
        raise FileFault(
            file, f"line {footer}", f"says that {before} codes become {after}, which these changes don't give"
        )
    _distinct(file, changes)
    release = fiscal_of_name(file, name, effective)
    return Source(
        system=System.ICD10CM if kind == "cm" else System.ICD10PCS,
        scope=Scope.CHANGES,
        name=release.name,
        effective=release.effective,
        until=release.until,
        changes=changes,
        counts={"added": found["add"], "deleted": found["delete"], "revised": found["revise"]},
        before=before,
        after=after,
        file=file,
    )


def _distinct(file: str, changes: list[Change]) -> None:
    for key, times in Counter(change.key for change in changes).items():
        if times > 1:
            raise FileFault(file, f"code {key}", "is changed more than once")
