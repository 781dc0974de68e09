"""Drills on the shape of the tabular list: billable or header, where a code belongs, what stands above it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from bot.core.codes import Level, Version
from bot.core.drills import GUIDELINES, Choice, Drill, DrillKind, coded, given_away, some_of, telling, titled

WRONG = 3
"""Options beside the right one."""

NEAR = 6
"""Of the candidates for a wrong option, which come nearest first, the ones to choose from."""

_ALL_CHARACTERS = (
    "A code is reported with all the characters it has. What is subdivided further is a header and never stands on a "
    "claim. Length alone tells nothing: some codes are complete with three characters, others need seven."
)
_LEVEL_OF_DETAIL = f"{GUIDELINES}, Sections I.A.3 and I.B.2"
_FORMAT = f"{GUIDELINES}, Section I.A.2"


@dataclass(frozen=True, slots=True)
class Under:
    """An entry with what stands directly below it."""

    version: Version
    below: Sequence[Version]


def billable(entry: Version, headers: Sequence[Under], rng: Random) -> Drill | None:
    """Which of these can be reported? `headers` are candidates, the nearest to `entry` first.

    Length gives nothing away: the headers are as long as `entry`, or where there are too few of them, longer. None
    when there are not three.
    """
    size = len(entry.entry.key)
    fit = [one for one in headers if one.below and len(one.version.entry.key) == size]
    if len(fit) < WRONG:
        fit += [one for one in headers if one.below and len(one.version.entry.key) > size]
    if not entry.entry.billable or len(fit) < WRONG:
        return None
    options = [_choice(entry, "Billable: nothing stands below it, so it has all its characters.", right=True)]
    options += [
        _choice(one.version, f"A header: {_subdivided(one)}", right=False) for one in rng.sample(fit[:NEAR], WRONG)
    ]
    rng.shuffle(options)
    return Drill(
        kind=DrillKind.BILLABLE,
        about=entry,
        question="Only one of these is billable as it stands. Which?",
        subject="",
        options=tuple(options),
        rule=_ALL_CHARACTERS,
        place=f"tabular list at {entry.entry.code}",
        source=_LEVEL_OF_DETAIL,
    )


def _choice(version: Version, why: str, *, right: bool) -> Choice:
    return Choice(version.entry.code, version.entry.title, why, version.entry.key, right)


def _subdivided(header: Under) -> str:
    stem = header.version.entry.key.ljust(6, "X")
    codes = [one.entry.code for one in header.below]
    if all(len(one.entry.key) == 7 and one.entry.key[:6] == stem for one in header.below):
        return f"it lacks its 7th character, as in {some_of(codes, 3)}."
    return f"below it stand {some_of(codes)}." if len(codes) > 1 else f"below it stands {codes[0]}."


def level(entry: Under) -> Drill:
    """Is this a header or a billable code?"""
    code = entry.version.entry.code
    if entry.version.entry.billable:
        yes = f"Nothing stands below {code}, so it has all its characters."
        no = f"A header would have longer codes below it; {code} has none."
    else:
        yes = f"A claim with {code} is rejected: it says less than the code set asks for."
        no = f"{code} is one: {_subdivided(entry)}"
    is_billable = entry.version.entry.billable
    key = entry.version.entry.key
    return Drill(
        kind=DrillKind.LEVEL,
        about=entry.version,
        question="Is this a billable code or a header?",
        subject=titled(entry.version),
        options=(
            Choice("Billable", "It can be reported as it stands.", yes, key, is_billable),
            Choice("Header", "A longer code below it is reported instead.", no, key, not is_billable),
        ),
        rule=_ALL_CHARACTERS,
        place=f"tabular list at {code}",
        source=_LEVEL_OF_DETAIL,
    )


_WHERE = {
    Level.CHAPTER: (
        "In which chapter is this condition or reason for a visit found?",
        "Most chapters follow a body system, but the kind of condition may come first: neoplasms, pregnancy and "
        "childbirth, the newborn period, congenital conditions, injuries, and symptoms without a diagnosis have "
        "chapters of their own, whatever the organ.",
    ),
    Level.BLOCK: (
        "In which block of its chapter does this code stand?",
        "Blocks group the categories of a chapter. What is noted at a block holds for every code in it, so look there "
        "before you settle on a code.",
    ),
    Level.HEADER: (
        "To which category does this code belong?",
        "The first three characters are the category. What is noted there holds for every code in it, so read the top "
        "of the category before you settle on a code.",
    ),
}


def place(
    entry: Version, what: Level, right: Version, others: Sequence[Version], reach: Mapping[str, str], rng: Random
) -> Drill | None:
    """In which chapter, block or category (`what`: Level.HEADER) does a code belong?

    `right` holds it; `others` do not. `reach` gives the codes that each of them covers, by its key. None when the
    titles give the answer away or would not tell the options apart.
    """
    title = entry.entry.title
    near = [other for other in _distinct(others, (right,)) if other.entry.key != right.entry.key]
    if len(near) < WRONG:
        return None
    wrong = rng.sample(near[: 2 * NEAR], WRONG)
    if given_away(title, right.entry.title, [other.entry.title for other in wrong]):
        return None
    code = entry.entry.code
    options = [Choice("", right.entry.title, f"{reach[right.entry.key]}, which holds {code}.", right.entry.key, True)]
    options += [
        Choice("", other.entry.title, f"{reach[other.entry.key]}, without {code}.", other.entry.key, False)
        for other in wrong
    ]
    rng.shuffle(options)
    question, rule = _WHERE[what]
    return Drill(
        kind=DrillKind.PLACE,
        about=entry,
        question=question,
        # A code's first letter would tell its chapter.
        subject=title if what is Level.CHAPTER else titled(entry),
        options=tuple(options),
        rule=rule,
        place=f"tabular list: {reach[right.entry.key]} holds {code}",
        source=_FORMAT,
    )


def parent(entry: Version, above: Sequence[Version], others: Sequence[Version], rng: Random) -> Drill | None:
    """What stands directly above a code? `above` is all that does, the nearest first; `others` are entries nearby.

    None when a step between them is not known or no step at all, or when the titles give the answer away or don't tell the options apart.
    """
    if not above or not _next_step(above[0], entry):
        return None
    right, *higher = above
    # The step after the next is the trap that matters; the rest are neighbours.
    further = [one for one in higher if one.entry.level is not Level.CHAPTER][:1]
    candidates = [*further, *(one for one in others if one.entry.level is right.entry.level)]
    near = _distinct(candidates, (right, entry))
    if len(near) < WRONG or _about(right) == _about(entry):
        return None
    kept = [one for one in near[:1] if one in further]
    wrong = [*kept, *rng.sample(near[len(kept) : NEAR], WRONG - len(kept))]
    if given_away(entry.entry.title, right.entry.title, [one.entry.title for one in wrong]):
        return None
    options = [Choice("", right.entry.title, f"{coded(right)}: the next step up.", right.entry.key, True)]
    options += [Choice("", one.entry.title, _elsewhere(one, entry, above), one.entry.key, False) for one in wrong]
    rng.shuffle(options)
    rule = "Every note on what stands above a code holds for the code as well: to read them all, go up step by step."
    if "X" in entry.entry.key[len(right.entry.key) : 6]:
        rule += f" The X in {entry.entry.code} is a placeholder; it is no step of its own."
    return Drill(
        kind=DrillKind.PARENT,
        about=entry,
        question="What stands directly above this in the tabular list?",
        subject=titled(entry),
        options=tuple(options),
        rule=rule,
        place=f"tabular list: {' > '.join(coded(one) for one in reversed(above))} > {entry.entry.code}",
        source=_FORMAT,
    )


def _elsewhere(one: Version, entry: Version, above: Sequence[Version]) -> str:
    code, own = coded(one), entry.entry.code
    if any(one.entry.key == higher.entry.key for higher in above):
        return f"{code}: above {own} too, but further up."
    if one.entry.parent == entry.entry.parent:
        return f"{code}: beside {own}, not above it."
    if one.entry.parent == above[0].entry.parent:
        return f"{code}: beside {coded(above[0])}, with codes of its own."
    return f"{code}: {own} is not below it."


def _next_step(above: Version, entry: Version) -> bool:
    """Whether one step leads from an entry to the one above. Files that list only codes leave out new headers."""
    high, low = above.entry.key, entry.entry.key
    if above.entry.level is Level.BLOCK:
        # A block of one category says the same twice.
        return len(low) == 3 and "-" in above.entry.code
    return len(low) == len(high) + 1 or (len(low) == 7 and low[:6] == high.ljust(6, "X"))


def _about(version: Version) -> frozenset[str] | str:
    """What tells a title from others: "Malignant neoplasms of breast" is no option beside "Malignant neoplasm of breast"."""
    return telling(version.entry.title) or version.entry.title


def _distinct(versions: Sequence[Version], taken: Sequence[Version]) -> list[Version]:
    """Those whose title tells them from those before them and from those in `taken`."""
    seen = {_about(version) for version in taken}
    found: list[Version] = []
    for version in versions:
        if _about(version) not in seen:
            seen.add(_about(version))
            found.append(version)
    return found
