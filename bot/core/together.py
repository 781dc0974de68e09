"""May two ICD-10-CM codes be reported together? What the notes on either, or above either, say of the other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.core.codes import NoteKind, Version
from bot.core.references import references


@dataclass(frozen=True, slots=True)
class Placed:
    """A note and the entry it stands at. `heading` is the line it is a part of, such as "pneumonia due to:"."""

    kind: NoteKind
    text: str
    at: Version
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """An entry with every note on it and above it, its own first."""

    version: Version
    notes: Sequence[Placed]


class Verdict(StrEnum):
    """What the notes come to. `NO_NOTE` is no permission."""

    EXCLUDED = "excluded"
    BOTH = "both"
    ORDERED = "ordered"
    SAME = "same"
    NESTED = "nested"
    NO_NOTE = "no note"


@dataclass(frozen=True, slots=True)
class Finding:
    """A note at or above `of` that names or covers `other`."""

    of: Version
    other: Version
    note: Placed


@dataclass(frozen=True, slots=True)
class Together:
    """The answer: the verdict, and every note it rests on, exclusions first."""

    first: Version
    second: Version
    verdict: Verdict
    findings: tuple[Finding, ...]

    @property
    def sequence(self) -> tuple[Version, Version] | None:
        """The two in the order that code-first and use-additional notes ask for; None where none does, or they differ."""
        orders = {
            (f.other.entry.key, f.of.entry.key)
            if f.note.kind is NoteKind.CODE_FIRST
            else (f.of.entry.key, f.other.entry.key)
            for f in self.findings
            if f.note.kind in (NoteKind.CODE_FIRST, NoteKind.USE_ADDITIONAL)
        }
        if len(orders) != 1:
            return None
        [(first, _)] = orders
        return (self.first, self.second) if self.first.entry.key == first else (self.second, self.first)


_TELLING = (
    NoteKind.EXCLUDES1,
    NoteKind.CODE_FIRST,
    NoteKind.USE_ADDITIONAL,
    NoteKind.CODE_ALSO,
    NoteKind.EXCLUDES2,
)


def together(first: Chain, second: Chain, categories: Mapping[str, int]) -> Together:
    """Look for notes both ways. `categories` gives the place of each category in the tabular list."""
    a, b = first.version, second.version
    if a.entry.key == b.entry.key:
        return Together(a, b, Verdict.SAME, ())
    found = sorted(
        [*_findings(first, b, categories), *_findings(second, a, categories)],
        key=lambda finding: _TELLING.index(finding.note.kind),
    )
    return Together(a, b, _verdict(a, b, found), tuple(found))


def _findings(chain: Chain, other: Version, categories: Mapping[str, int]) -> Iterator[Finding]:
    for note in chain.notes:
        if note.kind in _TELLING and any(
            reference.covers(other.entry.key, categories) for reference in references(note.text)
        ):
            yield Finding(chain.version, other, note)


def _verdict(a: Version, b: Version, found: Sequence[Finding]) -> Verdict:
    kinds = {finding.note.kind for finding in found}
    if NoteKind.EXCLUDES1 in kinds:
        return Verdict.EXCLUDED
    if a.entry.key.startswith(b.entry.key) or b.entry.key.startswith(a.entry.key):
        return Verdict.NESTED
    if kinds & {NoteKind.CODE_FIRST, NoteKind.USE_ADDITIONAL}:
        return Verdict.ORDERED
    return Verdict.BOTH if kinds else Verdict.NO_NOTE


def headed(notes: Sequence[tuple[NoteKind, str]]) -> list[tuple[NoteKind, str, str]]:
    """Notes of one entry as (kind, text, heading): lines behind one that ends in a colon are parts of it."""
    found: list[tuple[NoteKind, str, str]] = []
    heading = ""
    before: NoteKind | None = None
    for kind, text in notes:
        if kind is not before:
            heading = ""
        if text.endswith(":"):
            heading = text
            found.append((kind, text, ""))
        else:
            found.append((kind, text, heading))
        before = kind
    return found
