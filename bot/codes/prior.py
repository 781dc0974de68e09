"""Which entries are likely meant before a word is typed: the order of the index, and a share of the ranking."""

import re
from collections.abc import Mapping, Sequence

from bot.core.codes import Entry, Level, NoteKind, System

EVERYDAY = 0.4
"""What it adds that a code is what everyday words lead to."""

# Chapters whose entries are seldom meant unless their own words are typed, and what of the prior is left to them.
_RARE = {15: 0.55, 16: 0.45, 17: 0.6, 20: 0.35, 22: 0.6}

_SELDOM = re.compile(
    r"\b(sequela|classified elsewhere|newborn|neonatal|congenital|familial|hereditary|subsequent|maternal|fetus|"
    r"assault|self-harm|undetermined|underdosing|adverse effect|terrorism|military|legal intervention)\b",
    re.IGNORECASE,
)
_GENERAL = re.compile(r"\b(unspecified|without complications?|uncomplicated|NOS)\b", re.IGNORECASE)


def prior(entry: Entry, chapter: int, everyday: bool) -> float:
    """How likely an entry is meant, 0 to 1: common words lead to it, it is general, its title short, its chapter usual."""
    if entry.level in (Level.CHAPTER, Level.BLOCK):
        return 0.05
    value = 0.3
    if _GENERAL.search(entry.title):
        value += 0.15
    if re.search(r"\bother\b", entry.title, re.IGNORECASE):
        value -= 0.1
    value -= min(len(entry.title), 150) / 750
    value -= 0.02 * max(0, len(entry.key) - 4)
    if entry.billable:
        value += 0.05
    if _SELDOM.search(entry.title):
        value -= 0.1
    value *= _RARE.get(chapter, 1.0)
    if everyday:
        value += EVERYDAY
    return min(1.0, max(0.0, value))


def prior_of_title(entry: Entry) -> float:
    """The same for sets of which nothing is known but titles: the shorter, the plainer the thing."""
    if entry.level in (Level.CHAPTER, Level.BLOCK):
        return 0.05
    return max(0.1, 0.45 - len(entry.title) / 400)


def default_below(header: Entry, children: Sequence[Entry], sevenths: Sequence[tuple[str, str]]) -> Entry | None:
    """The child that a coder takes when nothing more is said: "unspecified", "without complication", the inclusion
    term "X NOS", the first 7th character. None when no child is like that."""
    if not children:
        return None
    if sevenths and all(child.key[:-1] == header.key.ljust(6, "X") for child in children):
        return children[0]
    ranked = sorted(children, key=lambda child: -_generality(header, child))
    return ranked[0] if _generality(header, ranked[0]) > 0 else None


def _generality(header: Entry, child: Entry) -> float:
    title = child.title.casefold()
    value = 0.0
    if "unspecified" in title:
        value += 3
    if "without complication" in title or "uncomplicated" in title:
        value += 3
    elif "without" in title:
        value += 0.5
    if child.key.endswith("9"):
        value += 1
    if re.search(r"\bother\b", title):
        value -= 2
    own = header.title.casefold()
    if title == own:
        value += 2
    for note in child.notes:
        if note.kind is NoteKind.INCLUSION_TERM and note.text.casefold() == f"{own} nos":
            value += 4
    return value


def defaults(entries: Mapping[str, Entry], children: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """For each header, the billable code at the end of its line of defaults, where there is one."""
    found: dict[str, str] = {}
    for key, entry in entries.items():
        if entry.level is not Level.HEADER:
            continue
        at: Entry | None = entry
        while at is not None and at.level is Level.HEADER:
            below = [entries[child] for child in children.get(at.key, ())]
            at = default_below(at, below, at.sevenths or _inherited(at, entries))
        if at is not None:
            found[key] = at.key
    return found


def _inherited(entry: Entry, entries: Mapping[str, Entry]) -> Sequence[tuple[str, str]]:
    at: Entry | None = entry
    while at is not None:
        if at.sevenths:
            return at.sevenths
        at = entries.get(at.parent) if at.parent else None
    return ()


def chapter_of(entry: Entry, entries: Mapping[str, Entry]) -> int:
    """The number of the chapter above an ICD-10-CM entry; 0 where there is none."""
    at: Entry | None = entry
    while at is not None:
        if at.level is Level.CHAPTER:
            digits = re.sub(r"\D", "", at.key)
            return int(digits) if digits else 0
        at = entries.get(at.parent) if at.parent else None
    return 0


SYSTEM_ORDER = (System.ICD10CM, System.HCPCS, System.ICD10PCS, System.CPT)
"""The bands of the index; what is found in an earlier one stands first when all else is equal."""
