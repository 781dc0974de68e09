"""Everything there is to say of one entry on one day, gathered from the code database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.codes.book import CodeBook
from bot.core.codes import Level, NoteKind, Release, System, Version
from bot.core.together import Chain, Placed, headed

INHERITED = frozenset(NoteKind) - {NoteKind.INCLUSION_TERM}
"""Notes that hold for everything below the entry they stand at."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one character of an ICD-10-PCS code means: the axis, the value, its label and how the set explains it."""

    axis: str
    value: str
    label: str
    explained: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """An entry as /code lookup shows it.

    `path` goes from the chapter down to the parent. `notes` are the entry's own, then those inherited, the nearest
    first. `sevenths` are the 7th characters that apply and the entry that defines them. `before` and `after` are its
    neighbours below the same parent. `history` is every version, the oldest first. `newest` and `oldest` are the releases
    installed of the system that begin last and first.
    """

    version: Version
    on: date
    path: Sequence[Version]
    notes: Sequence[Placed]
    sevenths: Sequence[tuple[str, str]]
    children: Sequence[Version]
    before: Version | None
    after: Version | None
    history: Sequence[Version]
    newest: Release
    oldest: Release
    meanings: Sequence[Meaning] = ()

    @property
    def outdated(self) -> bool:
        """Whether the day is past what the newest installed release speaks for."""
        return self.newest.until is not None and self.on > self.newest.until

    @property
    def early(self) -> bool:
        """Whether the day is before the first installed release that has the entry, so that nothing is known of it."""
        return self.history[0].since is None and self.on < self.oldest.effective


def chain(book: CodeBook, version: Version, on: date) -> Chain:
    """An entry with every note on it and above it."""
    placed = _placed(book, version)
    for above in book.ancestors(version, on):
        placed += [note for note in _placed(book, above) if note.kind in INHERITED]
    return Chain(version, placed)


def sheet(book: CodeBook, version: Version, on: date) -> Sheet:
    above = book.ancestors(version, on)
    beside = book.siblings(version, on)
    keys = [v.entry.key for v in beside]
    at = keys.index(version.entry.key) if version.entry.key in keys else -1
    children = book.children(version, on)
    sevenths = next((v.entry.sevenths for v in (version, *above) if v.entry.sevenths), ())
    # Some codes take only a few of the characters that their category defines (S06 with 6th character 7 or 8).
    written = {v.entry.key[6] for v in (beside if version.entry.billable else children) if len(v.entry.key) == 7}
    return Sheet(
        version=version,
        on=on,
        path=tuple(reversed(above)),
        notes=chain(book, version, on).notes,
        sevenths=[pair for pair in sevenths if not written or pair[0] in written],
        children=children,
        before=beside[at - 1] if at > 0 else None,
        after=beside[at + 1] if 0 <= at < len(beside) - 1 else None,
        history=book.history(version.release.system, version.entry.key),
        newest=book.newest(version.release.system),
        oldest=book.oldest(version.release.system),
        meanings=tuple(_meanings(book, version, above)) if version.release.system is System.ICD10PCS else (),
    )


def _placed(book: CodeBook, version: Version) -> list[Placed]:
    notes = [(note.kind, note.text) for note in book.notes(version)]
    return [Placed(kind, text, version, heading) for kind, text, heading in headed(notes)]


def _meanings(book: CodeBook, version: Version, above: Sequence[Version]) -> list[Meaning]:
    """The characters of an ICD-10-PCS code or table, read from its table."""
    table = next((v for v in (version, *above) if v.entry.level is Level.TABLE), None)
    if table is None:
        return []
    section = table.entry.key[0]
    found: list[Meaning] = []
    axes: list[tuple[str, str, str]] = [(title, value, label) for title, value, label in table.entry.facts["axes"]]
    for row in table.entry.facts["rows"]:
        rest = version.entry.key[3:]
        if len(rest) == 4 and all(value in axis["labels"] for value, axis in zip(rest, row, strict=True)):
            axes += [(axis["title"], value, axis["labels"][value]) for value, axis in zip(rest, row, strict=True)]
            break
    for number, (title, value, label) in enumerate(axes, 1):
        found.append(Meaning(title, value, label, _explained(book.definition(section, number, label))))
    return found


def _explained(definition: dict[str, Any]) -> str:
    parts = [definition.get("definition", ""), definition.get("explanation", "")]
    if includes := definition.get("includes"):
        parts.append(f"Includes: {', '.join(includes)}")
    return " ".join(part if part.endswith((".", "?")) else f"{part}." for part in parts if part)
