"""Drills drawn from the code database: the same seed and wishes give the same drill from the same database."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from random import Random

from bot.codes.neighbourhood import CM, Neighbourhood, nearest
from bot.codes.sheet import chain
from bot.core.codes import Level, NoteKind, Version
from bot.core.drill_notes import excludes1, seventh
from bot.core.drill_structure import Under, billable, level, parent, place
from bot.core.drills import CHAPTER_WEIGHTS, SEVENTH_WEIGHTS, Drill, DrillKind, NoDrill, telling
from bot.core.references import references
from bot.core.together import Chain

ATTEMPTS = 60
"""Codes tried before a chapter is said to have nothing for a kind."""

SIZES = {3: 4, 4: 5, 5: 4, 6: 4}
"""How often "billable or header" asks for a code of so many characters. Seven-character codes are never headers."""

WALKS = 30
"""Codes tried for one of these sizes."""

CANDIDATES = 8
"""Codes looked at for the wrong options of an Excludes1 drill."""

TRIES = 4
"""Codes looked at for one that a note means."""

TRAPS = (2, 15, 17, 18, 19, 21)
"""Chapters that take conditions of any organ, and so are good wrong answers."""

Weights = Mapping[int, int]


def draw(near: Neighbourhood, kind: DrillKind | None, chapter: int | None, seed: int, on: date) -> Drill:
    """The drill of a seed, of any kind and from any chapter unless said otherwise. Raises NoDrill."""
    rng = Random(f"{seed}/{kind or ''}/{chapter or ''}")
    kinds = list(DrillKind)
    rng.shuffle(kinds)
    for one in [kind] if kind else kinds:
        maker = _MAKERS[one]
        for _ in range(ATTEMPTS):
            if drill := maker(near, chapter, on, rng):
                return replace(drill, release=near.release(on))
    raise NoDrill(where=f"chapter {chapter}" if chapter else "the code set installed here")


def _root(near: Neighbourhood, chapter: int | None, on: date, rng: Random) -> Version | None:
    """The chapter asked for, or one by its weight."""
    chapters = near.chapters(on)
    if chapter is not None:
        return chapters.get(chapter)
    numbers = list(chapters)
    weights = [CHAPTER_WEIGHTS.get(one, 0) for one in numbers]
    return chapters[rng.choices(numbers, weights)[0]] if any(weights) else None


def _code(near: Neighbourhood, chapter: int | None, on: date, rng: Random) -> Version | None:
    root = _root(near, chapter, on, rng)
    return near.leaf(root, on, rng) if root else None


def _billable(near: Neighbourhood, chapter: int | None, on: date, rng: Random) -> Drill | None:
    entry = _code(near, chapter, on, rng)
    if entry is None or len(entry.entry.key) == 7:
        return None
    return billable(entry, near.headers(entry, on, rng), rng)


def _level(near: Neighbourhood, chapter: int | None, on: date, rng: Random) -> Drill | None:
    # Both answers are as likely at every length, so that length tells nothing.
    wanted = rng.random() < 0.5
    size = rng.choices(list(SIZES), list(SIZES.values()))[0]
    for _ in range(WALKS):
        code = _code(near, chapter, on, rng)
        if code is None:
            continue
        if wanted and len(code.entry.key) == size:
            return level(Under(code, ()))
        if not wanted:
            for above in near.above(code, on):
                if above.entry.level is Level.HEADER and len(above.entry.key) == size:
                    return level(Under(above, near.below(above, on)))
    return None


def _place(near: Neighbourhood, chapter: int | None, on: date, rng: Random) -> Drill | None:
    entry = _code(near, chapter, on, rng)
    if entry is None:
        return None
    above = near.above(entry, on)
    at = {one.entry.level: one for one in above}
    # Whoever chose a chapter knows it.
    whats = (Level.BLOCK, Level.HEADER) if chapter else (Level.CHAPTER, Level.BLOCK, Level.HEADER)
    what = rng.choice(whats)
    category = next((one for one in above if len(one.entry.key) == 3), None)
    right = category if what is Level.HEADER else at.get(what)
    root, block = at.get(Level.CHAPTER), at.get(Level.BLOCK)
    if right is None or root is None or block is None:
        return None
    if what is Level.CHAPTER:
        if entry.entry.title in near.repeated():
            return None
        chapters = near.chapters(on)
        close = nearest(list(chapters.values()), root.entry.key)[1:7]
        others = list({one.entry.key: one for one in [*close, *(chapters[n] for n in TRAPS if n in chapters)]}.values())
    elif what is Level.BLOCK:
        blocks = nearest(near.blocks(root, on), block.entry.key)
        others = [one for one in blocks if not _spans(one, entry.entry.key[:3])]
    else:
        others = [one for one in nearest(near.below(block, on), right.entry.key) if len(one.entry.key) == 3]
    reach = {one.entry.key: near.reach(one, on) for one in [right, *others]}
    return place(entry, what, right, [one for one in others if one.entry.key != right.entry.key], reach, rng)


def _spans(block: Version, category: str) -> bool:
    first, _, last = block.entry.code.partition("-")
    return first <= category <= (last or first)


def _parent(near: Neighbourhood, chapter: int | None, on: date, rng: Random) -> Drill | None:
    code = _code(near, chapter, on, rng)
    if code is None:
        return None
    line = [code, *near.above(code, on)]
    steps = [i for i, one in enumerate(line) if one.entry.level in (Level.CODE, Level.HEADER)]
    at = rng.choice(steps)
    entry, above = line[at], line[at + 1 :]
    if len(above) < 2:
        return None
    if above[0].entry.level is Level.BLOCK:
        others = nearest(near.blocks(above[1], on), above[0].entry.key)
        others = [one for one in others if not _spans(one, entry.entry.key[:3])]
    else:
        beside = [one for one in near.below(above[0], on) if one.entry.level is Level.HEADER]
        others = [*nearest(near.below(above[1], on), above[0].entry.key), *nearest(beside, entry.entry.key)]
    return parent(entry, above, others, rng)


def _seventh(near: Neighbourhood, chapter: int | None, on: date, rng: Random) -> Drill | None:
    definers = near.definers()
    chapters = [one for one in definers if chapter == one or (chapter is None and one in SEVENTH_WEIGHTS)]
    if not chapters:
        return None
    alike = definers[rng.choices(chapters, [SEVENTH_WEIGHTS.get(one, 1) for one in chapters])[0]]
    # Most injuries know three characters only; fractures, with up to sixteen, come as often.
    definer = near.book.entry(CM, rng.choice(rng.choice(alike)), on)
    code = near.leaf(definer, on, rng) if definer and definer.valid_on(on) else None
    if code is None or len(code.entry.key) != 7:
        return None
    above = near.above(code, on)
    at = next((one for one in above if one.entry.sevenths), None)
    return seventh(above[0], near.below(above[0], on), at.entry.sevenths, at, rng) if at else None


def _excludes1(near: Neighbourhood, chapter: int | None, on: date, rng: Random) -> Drill | None:
    entry = _code(near, chapter, on, rng)
    if entry is None:
        return None
    book = near.book
    subject = chain(book, entry, on)
    right = _named(near, subject, on, rng, NoteKind.EXCLUDES1)
    if right is None:
        return None
    others = [
        _named(near, subject, on, rng, NoteKind.EXCLUDES2),
        _named(near, subject, on, rng, NoteKind.USE_ADDITIONAL, NoteKind.CODE_FIRST, NoteKind.CODE_ALSO),
    ]
    blocks = [next((up for up in near.above(one, on) if up.entry.level is Level.BLOCK), None) for one in (right, entry)]
    while len(others) < CANDIDATES:
        block = blocks[len(others) % 2]
        others.append(near.leaf(block, on, rng) if block else None)
    # A code of the subject's own category may contradict it without any note.
    candidates = [right, *(one for one in others if one and one.entry.key[:3] != entry.entry.key[:3])]
    return excludes1(subject, (chain(book, one, on) for one in candidates), book.categories, rng)


def _named(near: Neighbourhood, subject: Chain, on: date, rng: Random, *kinds: NoteKind) -> Version | None:
    """A code that one of the notes on a code or above it names. Near and far notes are as likely."""
    notes = [note for note in subject.notes if note.kind in kinds and references(note.text)]
    if not notes:
        return None
    at = rng.choice(list(dict.fromkeys(note.at.entry.key for note in notes)))
    note = rng.choice([note for note in notes if note.at.entry.key == at])
    reference = rng.choice(references(note.text))
    # A note may name a whole category for one condition in it; what its words are about comes nearest to that.
    meant = telling(f"{note.heading} {note.text}")
    found = [code for _ in range(TRIES) if (code := near.within(reference, on, rng))]
    best = max(found, key=lambda code: len(meant & telling(code.entry.title)), default=None)
    is_single = all(code.entry.key == reference.first for code in found)
    return best if best and (is_single or meant & telling(best.entry.title)) else None


Maker = Callable[[Neighbourhood, int | None, date, Random], Drill | None]
_MAKERS: Mapping[DrillKind, Maker] = {
    DrillKind.BILLABLE: _billable,
    DrillKind.SEVENTH: _seventh,
    DrillKind.EXCLUDES1: _excludes1,
    DrillKind.PLACE: _place,
    DrillKind.LEVEL: _level,
    DrillKind.PARENT: _parent,
}
