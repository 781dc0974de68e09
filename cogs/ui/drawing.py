"""Lines of text in pictures: any script, right-to-left and mixed, with emoji, in the fonts that come along.

Pillow draws one font at a time, and shapes it with Raqm. Here a line is parted into pieces of one direction and one font,
and the pieces are put side by side in the order in which they are read.
"""

import json
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).parent / "fonts"
TEXT, BOLD, EMOJI = "NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoColorEmoji.ttf"

EMOJI_SIZE = 31
"""The one size that the emoji font has, in pixels."""

MARKS_AT_MOST = 2
"""Combining marks on one letter: real scripts need no more."""

_JOINER, _AS_TEXT, _AS_EMOJI = "\u200d", "\ufe0e", "\ufe0f"
_KEPT_FORMATS = {_JOINER, _AS_EMOJI, "\u200c"}
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_STRONG = {"L", *_RIGHT_TO_LEFT}

Colour = str


def _coverage() -> dict[str, tuple[list[int], list[int]]]:
    """The first and last code points of what each font has, sorted."""
    ranges: dict[str, list[list[int]]] = json.loads((FONTS / "coverage.json").read_text(encoding="utf-8"))
    return {name: ([first for first, _ in spans], [last for _, last in spans]) for name, spans in ranges.items()}


_COVERAGE = _coverage()
# The text font first, the emoji font last: figures and signs that both have are text.
_ORDER = (TEXT, *sorted(name for name in _COVERAGE if name not in (TEXT, BOLD, EMOJI)), EMOJI)


def _has(font: str, character: str) -> bool:
    firsts, lasts = _COVERAGE[font]
    place = bisect_right(firsts, ord(character)) - 1
    return place >= 0 and ord(character) <= lasts[place]


@lru_cache(maxsize=8192)
def _font_of(character: str) -> str | None:
    """The font that a character is drawn in; None where none has it. What Unicode shows wide and in colour is an emoji,
    though text fonts may have it too."""
    if _has(EMOJI, character) and unicodedata.east_asian_width(character) == "W":
        return EMOJI
    return next((name for name in _ORDER if _has(name, character)), None)


@lru_cache(maxsize=256)
def _loaded(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / name, size, layout_engine=ImageFont.Layout.RAQM)


def clusters(text: str) -> list[str]:
    """What a reader takes for one sign each: a letter with its marks, an emoji with what is joined to it.

    Characters that no font has and those that only steer are left out, and marks are kept within reason.
    """
    found: list[str] = []
    marks = 0
    joined = False
    for character in _legible(text):
        kind = unicodedata.category(character)
        if kind in ("Cc", "Cs", "Co", "Cn") or (
            kind == "Cf" and character not in _KEPT_FORMATS and not _tag(character)
        ):
            continue
        if found and (
            kind in ("Mn", "Me", "Mc") or character in _KEPT_FORMATS or _modifier(character) or _tag(character)
        ):
            marks += kind in ("Mn", "Me")
            if marks <= MARKS_AT_MOST:
                found[-1] += character
            joined = character == _JOINER
        elif joined and _has(EMOJI, character):
            found[-1] += character
            joined = False
        elif found and _flag(character) and _flag(found[-1]) and len(found[-1]) == 1:
            found[-1] += character
        elif _font_of(character) is not None and character not in _KEPT_FORMATS:
            found.append(character)
            marks, joined = 0, False
    return found


def _legible(text: str) -> Iterator[str]:
    """The characters one by one; letters in fancy styles that no font has become plain ones."""
    for character in unicodedata.normalize("NFC", " ".join(text.split())):
        if _font_of(character) is None and unicodedata.category(character)[0] not in "CM":
            yield from unicodedata.normalize("NFKC", character)
        else:
            yield character


def _modifier(character: str) -> bool:
    return "\U0001f3fb" <= character <= "\U0001f3ff"


def _tag(character: str) -> bool:
    return "\U000e0020" <= character <= "\U000e007f"


def _flag(text: str) -> bool:
    return "\U0001f1e6" <= text[0] <= "\U0001f1ff"


@dataclass(frozen=True, slots=True)
class Piece:
    """Signs of one font and one direction."""

    text: str
    font: str
    right_to_left: bool


def _font(cluster: str, bold: bool) -> str:
    if _AS_EMOJI in cluster and _has(EMOJI, cluster[0]):
        return EMOJI
    if cluster.isspace():
        return TEXT
    name = _font_of(cluster[0]) or TEXT
    return BOLD if bold and name == TEXT else name


def _directions(found: list[str]) -> tuple[bool, list[bool]]:
    """Whether the line as a whole runs right to left, and whether each sign does; signs without a direction of their own
    go with both neighbours if these agree, else with the line."""
    own: list[bool | None] = []
    for cluster in found:
        kind = unicodedata.bidirectional(cluster[0])
        own.append(kind in _RIGHT_TO_LEFT if kind in _STRONG or kind == "EN" else None)
    base = next(
        (kind for cluster, kind in zip(found, own, strict=True) if kind is not None and not cluster.isdigit()), False
    )
    resolved: list[bool] = []
    for place, kind in enumerate(own):
        if kind is not None:
            resolved.append(kind)
            continue
        before = next((one for one in reversed(own[:place]) if one is not None), base)
        after = next((one for one in own[place:] if one is not None), base)
        resolved.append(before if before == after else base)
    return base, resolved


def pieces(text: str, *, bold: bool = False) -> list[Piece]:
    """The line as pieces from left to right."""
    return _pieces(clusters(text), bold)


def _pieces(found: list[str], bold: bool) -> list[Piece]:
    base, directions = _directions(found)
    runs: list[list[Piece]] = []
    for cluster, backwards in zip(found, directions, strict=True):
        font = _font(cluster, bold)
        if not runs or runs[-1][-1].right_to_left != backwards:
            runs.append([])
        # A blank takes the font before it where that has one, so that it parts no word from the next.
        run = runs[-1]
        if run and (run[-1].font == font or (cluster.isspace() and _has(run[-1].font, " ") and run[-1].font != EMOJI)):
            run[-1] = Piece(run[-1].text + cluster, run[-1].font, backwards)
        else:
            run.append(Piece(cluster, font, backwards))
    ordered = reversed(runs) if base else runs
    return [piece for run in ordered for piece in (reversed(run) if run[0].right_to_left else run)]


def _width(piece: Piece, size: int) -> float:
    if piece.font == EMOJI:
        return _loaded(EMOJI, EMOJI_SIZE).getlength(piece.text) * size * 1.1 / EMOJI_SIZE
    return _loaded(piece.font, size).getlength(piece.text, direction="rtl" if piece.right_to_left else "ltr")


def width(text: str, size: int, *, bold: bool = False) -> float:
    """How wide the line is, in pixels."""
    return sum(_width(piece, size) for piece in pieces(text, bold=bold))


def fitted(text: str, size: int, room: float, *, bold: bool = False) -> list[Piece]:
    """The line as pieces, cut with an ellipsis where it is wider than `room` pixels."""
    found = clusters(text)
    whole = _pieces(found, bold)
    if sum(_width(piece, size) for piece in whole) <= room:
        return whole
    short, long = 0, len(found)
    while short < long:  # the longest beginning that fits
        middle = (short + long + 1) // 2
        if sum(_width(piece, size) for piece in _pieces([*found[:middle], "…"], bold)) <= room:
            short = middle
        else:
            long = middle - 1
    return _pieces([*found[:short], "…"], bold)


@dataclass(frozen=True, slots=True)
class Canvas:
    """A picture that lines are written on."""

    image: Image.Image

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        colour: Colour,
        *,
        bold: bool = False,
        room: float = 10_000,
        right: bool = False,
    ) -> float:
        """Write a line whose middle is at the height `y`, beginning at `x`, or ending there with `right`; returns where it
        ends. What is wider than `room` is cut."""
        line = fitted(text, size, room, bold=bold)
        widths = [_width(piece, size) for piece in line]
        if right:
            x -= sum(widths)
        draw = ImageDraw.Draw(self.image)
        # All fonts stand on one line: a third of the size below the middle, as capitals are about 0.7 of it.
        foot = y + size * 0.36
        for piece, wide in zip(line, widths, strict=True):
            if piece.font == EMOJI:
                for sign, left in _emoji(piece.text, size, x):
                    self.image.paste(sign, (round(left), round(foot - size * 0.95)), sign)
            else:
                draw.text(
                    (x, foot),
                    piece.text,
                    fill=colour,
                    font=_loaded(piece.font, size),
                    anchor="ls",
                    direction="rtl" if piece.right_to_left else "ltr",
                )
            x += wide
        return x


def _emoji(text: str, size: int, x: float) -> Iterator[tuple[Image.Image, float]]:
    for cluster in clusters(text):
        piece = Piece(cluster, EMOJI, False)
        if not cluster.isspace():
            yield _drawn(cluster, size), x
        x += _width(piece, size)


@lru_cache(maxsize=256)
def _drawn(cluster: str, size: int) -> Image.Image:
    """One emoji at the size of the text."""
    font = _loaded(EMOJI, EMOJI_SIZE)
    large = Image.new("RGBA", (max(1, round(font.getlength(cluster))), EMOJI_SIZE * 6 // 5), (0, 0, 0, 0))
    ImageDraw.Draw(large).text((0, 0), cluster, font=font, embedded_color=True)
    scale = size * 1.1 / EMOJI_SIZE
    return large.resize(
        (max(1, round(large.width * scale)), max(1, round(large.height * scale))), Image.Resampling.LANCZOS
    )
