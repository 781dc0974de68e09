"""Drills on what the tabular list notes: 7th characters and Excludes1."""

from collections.abc import Iterable, Mapping, Sequence
from random import Random

from bot.core.codes import NoteKind, Version
from bot.core.drill_structure import NEAR, WRONG
from bot.core.drills import GUIDELINES, Choice, Drill, DrillKind, coded, named, shortened, telling, titled
from bot.core.references import references
from bot.core.together import Chain, Finding, Placed, together

_ENCOUNTERS = {"A": "initial encounter", "D": "subsequent encounter", "S": "sequela"}
_TREATMENT = (
    " A stands for as long as active treatment lasts, however many visits that takes; D for routine care while it heals; "
    "S for a later condition that the injury left behind."
)
_IN_PRACTICE = {
    "initial encounter": "a later visit on which the patient is still under active treatment",
    "subsequent encounter": "a visit for routine care while it heals, after active treatment",
    "sequela": "a condition that this one left behind, long after it healed",
}
"""What the characters of most injuries mean, put as coders meet them: "initial" is no first visit."""

ENOUGH = WRONG + 2
"""Wrong options to choose from; each costs reading all notes on a code."""

_ROOM = 300
"""Characters of a note that are quoted."""


def seventh(
    stem: Version, codes: Sequence[Version], sevenths: Sequence[tuple[str, str]], at: Version, rng: Random
) -> Drill | None:
    """Which code has the 7th character with a given meaning?

    `codes` stand below `stem`; `sevenths` are the characters and meanings defined for it `at` an entry. None when there
    are not two to choose from.
    """
    meanings = dict(sevenths)
    own = {code: meaning for code in codes if (meaning := _meaning(stem, code, meanings))}
    if len(set(own.values())) < 2:
        return None
    # "Fetus 5" is 5: that needs no knowledge.
    asking = [(code, meaning) for code, meaning in own.items() if code.entry.key[6].lower() not in meaning.split()]
    if not asking:
        return None
    right, asked = rng.choice(asking)
    others: dict[str, Version] = {}
    for code, meaning in own.items():
        if meaning != asked:
            others.setdefault(meaning, code)
    # Meanings that share most words with the one asked for are the ones to tell apart.
    near = sorted(others, key=lambda meaning: (-len(telling(meaning) & telling(asked)), rng.random()))[:NEAR]
    chosen = [right, *(others[meaning] for meaning in rng.sample(near, min(WRONG, len(near))))]
    chosen.sort(key=lambda code: code.entry.key)
    said = f"says “{asked}”"
    if stem.entry.key[0] in "ST" and asked in _IN_PRACTICE and rng.random() < 0.5:
        said = f"fits {_IN_PRACTICE[asked]}"
    options = tuple(
        Choice(
            label=code.entry.code,
            text=f"7th character {code.entry.key[6]}",
            why=f"{code.entry.key[6]}: {own[code]}.",
            key=code.entry.key,
            right=code is right,
        )
        for code in chosen
    )
    rule = f"With {stem.entry.code}, the 7th character {right.entry.key[6]} says “{asked}”."
    sections = ["I.A.5"]
    if all(meanings.get(char, "").startswith(start) for char, start in _ENCOUNTERS.items()):
        rule += _TREATMENT
        if stem.entry.key[0] in "ST":
            sections.append("I.C.19.a")
    if len(stem.entry.key) < 6:
        rule += " The placeholder X fills the empty places, since a 7th character must stand in seventh place."
        sections.insert(0, "I.A.4")
    return Drill(
        kind=DrillKind.SEVENTH,
        about=right,
        question=f"Which of these codes {said}?",
        subject=f"{stem.entry.code}-  {stem.entry.title}",
        options=options,
        rule=rule,
        place=f"7th characters defined at {named(at)}",
        source=f"{GUIDELINES}, {_sections(sections)}",
    )


def _meaning(stem: Version, code: Version, meanings: Mapping[str, str]) -> str:
    """What the 7th character of a code says; empty when it isn't one, or the code's title says something else."""
    key = code.entry.key
    if len(key) != 7 or not code.entry.billable or key[:6] != stem.entry.key.ljust(6, "X"):
        return ""
    meaning = meanings.get(key[6], "")
    return meaning if code.entry.title == f"{stem.entry.title}, {meaning}" else ""


def _sections(names: Sequence[str]) -> str:
    return f"Section {names[0]}" if len(names) == 1 else f"Sections {', '.join(names[:-1])} and {names[-1]}"


def excludes1(subject: Chain, candidates: Iterable[Chain], categories: Mapping[str, int], rng: Random) -> Drill | None:
    """Which of these does an Excludes1 note at or above `subject` name?

    `candidates` are billable codes with the notes on them and above them, the better options first. None unless one of
    them is named and three others have no Excludes1 note between them and `subject`, in either direction.
    """
    entry = subject.version
    named_by: list[tuple[Version, Placed]] = []
    free: list[tuple[Version, str]] = []
    seen = {entry.entry.key}
    for candidate in candidates:
        version = candidate.version
        if version.entry.key in seen or not version.entry.billable:
            continue
        seen.add(version.entry.key)
        findings = together(subject, candidate, categories).findings
        excluding = [finding for finding in findings if finding.note.kind is NoteKind.EXCLUDES1]
        certain = [finding.note for finding in excluding if _is_certain(finding, entry, categories)]
        if certain:
            named_by.append((version, certain[0]))
        elif not excluding:
            free.append((version, _allowed(findings, entry)))
        if named_by and len(free) >= ENOUGH:
            break
    if not named_by or len(free) < WRONG:
        return None
    right, note = named_by[0]
    above = "" if note.at.entry.key == entry.entry.key else f", above {entry.entry.code}"
    why = f"Named by the Excludes1 note at {coded(note.at)}{above}."
    options = [Choice(right.entry.code, right.entry.title, why, right.entry.key, True)]
    options += [
        Choice(version.entry.code, version.entry.title, why, version.entry.key, False)
        for version, why in rng.sample(free, WRONG)
    ]
    rng.shuffle(options)
    return Drill(
        kind=DrillKind.EXCLUDES1,
        about=entry,
        question="An Excludes1 note keeps one of these from being reported with this code. Which?",
        subject=titled(entry),
        options=tuple(options),
        rule=f"The note: “{_quoted(note)}”. Excludes1 means: not reported together. The one exception is two conditions "
        "that clearly have nothing to do with one another.",
        place=f"Excludes1 note at {named(note.at)}{above}",
        source=f"{GUIDELINES}, Section I.A.12.a",
    )


def _is_certain(finding: Finding, subject: Version, categories: Mapping[str, int]) -> bool:
    """Whether a note of the subject's names the other code beyond doubt: its words are all understood, and it does not
    name the subject itself as well."""
    if finding.of.entry.key != subject.entry.key:
        return False
    found = references(finding.note.text)
    return (
        all(reference.condition.understood for reference in found)
        and any(reference.covers(finding.other.entry.key, categories) for reference in found)
        and not any(reference.covers(subject.entry.key, categories) for reference in found)
    )


def _allowed(findings: Sequence[Finding], subject: Version) -> str:
    """Why a code is not excluded, from the other notes that connect it with the subject."""
    for finding in findings:
        note, at = finding.note, coded(finding.note.at)
        if note.kind is NoteKind.EXCLUDES2:
            return f"Not excluded: the note at {at} is Excludes2, so both may be reported when the patient has both."
        return f"Not excluded: the note at {at} says “{note.kind}”, so the two go together."
    return f"No Excludes1 note on it or on {subject.entry.code}, or above either, names the other."


def _quoted(note: Placed) -> str:
    return shortened(f"{note.heading} {note.text}".strip(), _ROOM)
