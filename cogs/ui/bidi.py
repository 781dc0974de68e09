"""The order in which the signs of one line are read: Unicode's bidirectional algorithm (UAX 9) without embeddings.

Signs that steer direction are left out of names before they come here, so that rules X1 to X8 have nothing to do.
"""

import unicodedata
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_BRACKETS = "()[]{}⁽⁾₍₎⌈⌉⌊⌋⟦⟧⟨⟩⟪⟫〈〉《》「」『』【】〔〕（）［］｛｝"
_CLOSING = dict(zip(_BRACKETS[::2], _BRACKETS[1::2], strict=True))
_STRONG = {"L": "L", "R": "R", "EN": "R", "AN": "R"}
"""What a resolved kind counts as for its neighbours: figures as right to left (N0, N1)."""


def levels(signs: Sequence[str]) -> list[int]:
    """A level a sign, by its first character: even ones run left to right, odd ones right to left."""
    kinds = [unicodedata.bidirectional(sign[0]) or "L" for sign in signs]
    base = next((int(kind != "L") for kind in kinds if kind in ("L", "R", "AL")), 0)
    edge = "R" if base else "L"
    kinds = _weak(kinds, edge)
    _brackets(signs, kinds, edge)
    _neutral(kinds, edge)
    rise = {"L": 2 * base, "R": 1, "EN": 2, "AN": 2}
    return [rise[kind] for kind in kinds]


def visual(items: Sequence[T], at: Sequence[int]) -> list[T]:
    """The items from left to right: every stretch of a level or above is turned around, the highest first (L2)."""
    ordered = list(zip(items, at, strict=True))
    for level in range(max(at, default=0), 0, -1):
        start = 0
        while start < len(ordered):
            end = start
            while end < len(ordered) and ordered[end][1] >= level:
                end += 1
            ordered[start:end] = reversed(ordered[start:end])
            start = end + 1
    return [item for item, _ in ordered]


def _weak(kinds: list[str], edge: str) -> list[str]:
    """Figures and the signs that go with them (W1 to W7); what is left is L, R, EN, AN or ON."""
    found: list[str] = []
    strong = edge
    for kind in kinds:
        if kind == "NSM":
            kind = found[-1] if found else edge
        if kind in ("L", "R", "AL"):
            strong = kind
        found.append("AN" if kind == "EN" and strong == "AL" else kind)
    found = ["R" if kind == "AL" else kind for kind in found]
    for i in range(1, len(found) - 1):
        before, kind, after = found[i - 1 : i + 2]
        if before == after and ((kind == "CS" and before in ("EN", "AN")) or (kind == "ES" and before == "EN")):
            found[i] = before
    for i, kind in enumerate(found):
        if kind == "EN":
            for way in (-1, 1):
                j = i + way
                while 0 <= j < len(found) and found[j] == "ET":
                    found[j] = "EN"
                    j += way
    strong = edge
    for i, kind in enumerate(found):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN":
            found[i] = strong if strong == "L" else kind
        elif kind != "AN":
            found[i] = "ON"
    return found


def _brackets(signs: Sequence[str], kinds: list[str], edge: str) -> None:
    """A pair of brackets runs as what it holds (N0)."""
    pairs: list[tuple[int, int]] = []
    waiting: list[tuple[int, str]] = []
    for i, sign in enumerate(signs):
        if kinds[i] != "ON":
            continue
        if sign[0] in _CLOSING:
            waiting.append((i, _CLOSING[sign[0]]))
        opened = [place for place, (_, closing) in enumerate(waiting) if closing == sign[0]]
        if opened:
            pairs.append((waiting[opened[-1]][0], i))
            del waiting[opened[-1] :]
    for opening, closing in sorted(pairs):
        held = {_STRONG[kind] for kind in kinds[opening + 1 : closing] if kind in _STRONG}
        if edge in held:
            chosen = edge
        elif held:
            chosen = next((_STRONG[kind] for kind in reversed(kinds[:opening]) if kind in _STRONG), edge)
        else:
            continue
        kinds[opening] = kinds[closing] = chosen


def _neutral(kinds: list[str], edge: str) -> None:
    """What has no direction goes with both neighbours if these agree, else with the line (N1, N2)."""
    start = 0
    while start < len(kinds):
        end = start
        while end < len(kinds) and kinds[end] == "ON":
            end += 1
        if end > start:
            before = _STRONG[kinds[start - 1]] if start else edge
            after = _STRONG[kinds[end]] if end < len(kinds) else edge
            kinds[start:end] = [before if before == after else edge] * (end - start)
        start = end + 1
