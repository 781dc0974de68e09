"""Which codes an instructional note names: single codes, ranges, wildcards, and conditions on single characters."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.codes import key_of

_ONE = r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{0,4})?"
_NAMED = re.compile(rf"(?<![\w.])({_ONE}-?)(?:\s*(?:-|–|\bto\b)\s*({_ONE}-?)|(?<=-)({_ONE}-?))?(?![\w])")
_CONDITION = re.compile(r",?\s*with\s+(?P<text>[^()]*)$")
_NTH = {"fourth": 4, "4th": 4, "fifth": 5, "5th": 5, "sixth": 6, "6th": 6, "seventh": 7, "7th": 7}


@dataclass(frozen=True, slots=True)
class Condition:
    """What a note asks of the characters of a code beside its beginning.

    `places` are positions in the code, 1 to 7, of which the last that is not a placeholder must be one of
    `characters`; `endings` are what may follow the dot, or stand at the end before the 7th character.
    `understood` is False where the words are beyond this reading, so that a person must decide.
    """

    places: tuple[int, ...] = ()
    characters: frozenset[str] = frozenset()
    after_dot: tuple[str, ...] = ()
    final: str = ""
    understood: bool = True

    def met(self, key: str) -> bool:
        if not self.understood:
            return True
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
    for part in re.split(r"[()]", note):
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
    text = text.strip().rstrip(".,")
    if match := re.fullmatch(r"final characters? -?(\w+)", text):
        return Condition(final=match[1])
    if match := re.fullmatch(r"((?:\w+ or )?\w+) character (\w)(?:-(\w))?", text):
        names = match[1].split(" or ")
        if all(name in _NTH for name in names):
            last = match[3] or match[2]
            characters = frozenset(chr(c) for c in range(ord(match[2]), ord(last) + 1))
            return Condition(tuple(_NTH[name] for name in names), characters)
    if re.fullmatch(r"\.\d+(\s*(,|-|or)\s*\.\d+)*", text):
        return Condition(after_dot=_after_dot(text))
    return Condition(understood=not re.search(r"character", text))


def _after_dot(text: str) -> tuple[str, ...]:
    """Endings such as ".26, .96" or ".51-.52"."""
    if match := re.fullmatch(r"\.(\d+)\s*-\s*\.(\d+)", text):
        width = len(match[1])
        return tuple(str(number).zfill(width) for number in range(int(match[1]), int(match[2]) + 1))
    return tuple(re.findall(r"\.(\d+)", text))
