"""Lines of text in pictures: any script, right-to-left and mixed, with emoji, in the fonts that come along.

Pillow draws one font at a time, and shapes it with Raqm. Here a line is parted into pieces of one direction and one font,
and the pieces are put side by side in the order in which they are read. Raqm needs the system's FriBidi library; without
it lines are still drawn, letters that join stand apart, and joined emoji show their first part.
"""

import json
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

from cogs.ui.bidi import levels, visual

FONTS = Path(__file__).parent / "fonts"
TEXT, BOLD, EMOJI = "NotoSans-Regular.ttf", "NotoSans-Bold.ttf", "NotoColorEmoji.ttf"

EMOJI_SIZE = 31
"""The one size that the emoji font has, in pixels."""

MARKS_AT_MOST = 4
"""Combining marks on one letter: Burmese needs as many."""

ACCENTS_AT_MOST = 2
"""Those of them that may go on any letter: after composition no language needs more, and more spill over other lines."""

SHAPING = bool(features.check("raqm"))

_JOINER, _APART, _AS_EMOJI, _KEYCAP = "\u200d", "\u200c", "\ufe0f", "\u20e3"
_STEERING = {_JOINER, _APART, _AS_EMOJI}
_BLANKS = str.maketrans(dict.fromkeys("\u115f\u1160\u2800\u3164\uffa0", " "))
"""What looks like nothing, though Unicode counts it as letters and signs."""

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
    engine = ImageFont.Layout.RAQM if SHAPING else ImageFont.Layout.BASIC
    return ImageFont.truetype(FONTS / name, size, layout_engine=engine)


def clusters(text: str) -> list[str]:
    """What a reader takes for one sign each: a letter with its marks, an emoji with what is joined to it.

    What no font has and what only steers is left out, and marks are kept within reason.
    """
    found: list[str] = []
    joined = False
    for character in _legible(text):
        before = found[-1] if found else " "
        if character.isspace():
            if before != " ":
                found.append(" ")
        elif _belongs(character, before):
            found[-1] += character
            joined = character == _JOINER
            continue
        elif (joined and _has(EMOJI, character) and _has(EMOJI, before[0])) or (
            _flag(character) and _flag(before) and len(before) == 1
        ):
            found[-1] += character
        elif _stands_alone(character):
            found.append(character)
        joined = False
    return found[:-1] if found and found[-1] == " " else found


def _belongs(character: str, before: str) -> bool:
    """Whether it is a part of the sign before it, and can be drawn with it."""
    if before == " ":
        return False
    if character == _KEYCAP:
        return before[0] in "0123456789#*"
    if _modifier(character):
        return _font(before, bold=False) == EMOJI
    if _tag(character):
        return before[0] == "\U0001f3f4"
    if unicodedata.category(character) in ("Mn", "Me", "Mc") and character != _AS_EMOJI:
        marks = [one for one in before[1:] if unicodedata.category(one) in ("Mn", "Me")]
        accents = sum(unicodedata.name(one, "").startswith("COMBINING") for one in [*marks, character])
        return _has(_font(before, bold=False), character) and len(marks) < MARKS_AT_MOST and accents <= ACCENTS_AT_MOST
    return character in _STEERING and not before.endswith(character)


def _stands_alone(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind not in ("Cc", "Cf", "Cs", "Co", "Mn", "Me", "Mc") and _font_of(character) is not None


def _legible(text: str) -> Iterator[str]:
    """The characters one by one; letters in fancy styles that no font has become plain ones."""
    for character in unicodedata.normalize("NFC", " ".join(text.translate(_BLANKS).split())):
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

    signs: tuple[str, ...]
    font: str
    right_to_left: bool

    @property
    def text(self) -> str:
        return "".join(self.signs)


def _font(cluster: str, bold: bool) -> str:
    if (_AS_EMOJI in cluster or _KEYCAP in cluster) and _has(EMOJI, cluster[0]):
        return EMOJI
    if cluster.isspace():
        return TEXT
    name = _font_of(cluster[0]) or TEXT
    return BOLD if bold and name == TEXT else name


def pieces(text: str, *, bold: bool = False) -> list[Piece]:
    """The line as pieces from left to right."""
    return _pieces(clusters(text), bold)


def _pieces(found: list[str], bold: bool) -> list[Piece]:
    line: list[Piece] = []
    at: list[int] = []
    for cluster, level in zip(found, levels(found), strict=True):
        font = _font(cluster, bold)
        last = line[-1] if line and at[-1] == level else None
        # A blank takes the font before it where that has one, so that it parts no word from the next.
        if last and (last.font == font or (cluster == " " and _has(last.font, " ") and last.font != EMOJI)):
            line[-1] = Piece((*last.signs, cluster), last.font, last.right_to_left)
        else:
            line.append(Piece((cluster,), font, level % 2 == 1))
            at.append(level)
    return visual(line, at)


def _set(piece: Piece) -> tuple[str, str | None]:
    """The text and the direction to hand to Pillow."""
    if SHAPING:
        return piece.text, "rtl" if piece.right_to_left else "ltr"
    if piece.font == EMOJI:
        return "".join(sign[0] for sign in piece.signs), None
    plain = ["".join(one for one in sign if one not in _STEERING) for sign in piece.signs]
    return "".join(reversed(plain) if piece.right_to_left else plain), None


def _width(piece: Piece, size: int) -> float:
    text, direction = _set(piece)
    if piece.font == EMOJI:
        return _loaded(EMOJI, EMOJI_SIZE).getlength(text, direction=direction) * size * 1.1 / EMOJI_SIZE
    return _loaded(piece.font, size).getlength(text, direction=direction)


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
                for sign, left in _emoji(piece.signs, size, x):
                    self.image.paste(sign, (round(left), round(foot - size * 0.95)), sign)
            else:
                shown, direction = _set(piece)
                font = _loaded(piece.font, size)
                draw.text((x, foot), shown, fill=colour, font=font, anchor="ls", direction=direction)
            x += wide
        return x


def _emoji(signs: tuple[str, ...], size: int, x: float) -> Iterator[tuple[Image.Image, float]]:
    for piece in (Piece((sign,), EMOJI, False) for sign in signs):
        yield _drawn(piece, size), x
        x += _width(piece, size)


@lru_cache(maxsize=256)
def _drawn(piece: Piece, size: int) -> Image.Image:
    """One emoji at the size of the text."""
    font = _loaded(EMOJI, EMOJI_SIZE)
    cluster, _ = _set(piece)
    large = Image.new("RGBA", (max(1, round(font.getlength(cluster))), EMOJI_SIZE * 6 // 5), (0, 0, 0, 0))
    ImageDraw.Draw(large).text((0, 0), cluster, font=font, embedded_color=True)
    scale = size * 1.1 / EMOJI_SIZE
    return large.resize(
        (max(1, round(large.width * scale)), max(1, round(large.height * scale))), Image.Resampling.LANCZOS
    )
