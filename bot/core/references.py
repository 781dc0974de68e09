"""Which codes an instructional note names: single codes, ranges, wildcards, and conditions on single characters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.codes import key_of

_ONE = r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{0,4})?"
_NAMED = re.compile(rf"(?<![\w.])(?<!vitamin )({_ONE}-?)(?:\s*(?:-|–|\bto\b)\s*({_ONE}-?)|(?<=-)({_ONE}-?))?(?![\w])")
_CONDITION = re.compile(r",?\s*with\s+(?P<text>[^()]*)$")
_NTH = {"fourth": 4, "4th": 4, "fifth": 5, "5th": 5, "sixth": 6, "six": 6, "6th": 6, "seventh": 7, "7th": 7}


OPEN_FRACTURE = frozenset("BCEFHJMNQR")
"""7th characters of encounters for open fractures, as the tabular list defines them for S52, S72 and S82."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a note asks of the characters of a code beside its beginning.

    `places` are positions in the code, 1 to 7, of which the last that is not a placeholder must be one of
    `characters`; `sequence` must stand at the first of them; `after_dot` are what may follow the dot, `final` what must
    stand at the end before the 7th character.
    `understood` is False where the words are beyond this reading, so that a person must decide.
    """

    places: tuple[int, ...] = ()
    characters: frozenset[str] = frozenset()
    after_dot: tuple[str, ...] = ()
    final: str = ""
    sequence: str = ""
    understood: bool = True

    def met(self, key: str) -> bool:
        if not self.understood:
            return True
        if self.sequence:
            return key[self.places[0] - 1 :].startswith(self.sequence)
        if self.final:
            return key[:6].rstrip("X").endswith(self.final)
        if self.after_dot:
            return key[3:].startswith(self.after_dot)
        if self.places:
            place = self.places[0]
            if len(self.places) > 1:
                # "Fifth or sixth character": the last character of the code before placeholders and the 7th character.
                place = len(key[:6].rstrip("X"))
                if place not in self.places:
                    return False
            return len(key) >= place and key[place - 1] in self.characters
        return True


@dataclass(frozen=True, slots=True)
class Reference:
    """A code or a range of codes in a note, everything below them included."""

    first: str
    last: str
    condition: Condition = Condition()

    def covers(self, key: str, categories: Mapping[str, int]) -> bool:
        """Whether the reference means this code. `categories` gives the place of each category in the tabular list,
        which is not the order of the alphabet: C4A stands behind C43."""
        low = _place(key, len(self.first), categories)
        high = _place(key, len(self.last), categories)
        within = _place(self.first, len(self.first), categories) <= low
        return within and high <= _place(self.last, len(self.last), categories) and self.condition.met(key)


def _place(key: str, length: int, categories: Mapping[str, int]) -> tuple[float, str]:
    category = key[:3]
    place = categories.get(category)
    return (_between(category, categories) if place is None else place, key[3:length])


def _between(category: str, categories: Mapping[str, int]) -> float:
    """The place of a category that the list does not hold: behind the last one before it in the alphabet."""
    before = [place for name, place in categories.items() if name < category]
    return max(before, default=-1) + 0.5


def references(note: str) -> list[Reference]:
    """The codes that a note names, in order. Conditions such as "with fifth or sixth character 5" bind what stands
    before them in the same parentheses."""
    found: list[Reference] = []
    # Codes in parentheses are what a note refers to; others beside them belong to its wording.
    inside = [part for part in re.findall(r"\(([^()]*)", note) if _NAMED.search(part)]
    for part in inside or [note]:
        named = list(_NAMED.finditer(part))
        if not named:
            continue
        condition = Condition()
        if match := _CONDITION.search(part[named[-1].end() :]):
            condition = _condition(match["text"])
        for match in named:
            first = key_of(match[1])
            last = key_of(match[2] or match[3] or match[1])
            found.append(Reference(first, last, condition))
    return found


def _condition(text: str) -> Condition:
    text = text.strip().rstrip(".,").replace("-character", " character")
    if match := re.fullmatch(r"final characters? -?(\w+)", text):
        return Condition(final=match[1])
    if match := re.fullmatch(r"(\w+) to (\w+) characters? (\w+)", text):
        first, last = (_NTH.get(match[n], 0) for n in (1, 2))
        if first and last == first + len(match[3]) - 1:
            return Condition(places=(first,), sequence=match[3])
    if match := re.fullmatch(r"((?:\w+ or )?\w+) characters? \.?(\w(?:-\w)?(?:(?: or |, )\w(?:-\w)?)*)", text):
        names = match[1].split(" or ")
        if all(name in _NTH for name in names):
            return Condition(tuple(_NTH[name] for name in names), _characters(match[2]))
    if match := re.fullmatch(r"(?:final characters? )?(\.\d+-?(?:\s*(?:,|-|or|\.)\s*\.\d+-?)*)", text):
        return Condition(after_dot=_after_dot(match[1]))
    if re.fullmatch(r"open fracture 7th characters?", text):
        return Condition((7,), OPEN_FRACTURE)
    return Condition(understood=not re.search(r"character", text))


def _characters(text: str) -> frozenset[str]:
    """The characters of "1-4 or 6" or "B or C"."""
    found: set[str] = set()
    for part in re.split(r" or |, ", text):
        first, _, last = part.partition("-")
        found.update(chr(code) for code in range(ord(first), ord(last or first) + 1))
    return frozenset(found)


def _after_dot(text: str) -> tuple[str, ...]:
    """Endings such as ".26, .96" or ".51-.52"."""
    if match := re.fullmatch(r"\.(\d+)\s*-\s*\.(\d+)", text):
        width = len(match[1])
        return tuple(str(number).zfill(width) for number in range(int(match[1]), int(match[2]) + 1))
    return tuple(re.findall(r"\.(\d+)", text))
