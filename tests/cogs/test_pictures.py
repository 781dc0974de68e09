"""Pictures of boards: any name is drawn whole or cut cleanly, and the text beside them says the same."""

import asyncio
import io
import unicodedata
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from bot.core.board import Board, Metric, Place, Scope
from bot.core.periods import Span, period
from cogs.board.picture import NAMELESS, WIDTH, board_alt, board_file, board_png
from cogs.ui import drawing
from cogs.ui.bidi import levels, visual
from cogs.ui.drawing import FONTS, Canvas, _coverage, clusters, fitted, pieces, width
from cogs.ui.pictures import ALT_AT_MOST

NAMES = (
    "Ana Lúcia Ożóg", "محمد علي", "Ben שלום 42", "नमस्ते दुनिया", "สวัสดีครับ", "山田太郎 さくら 김민수",
    "👩🏽‍⚕️ Dr. Zoë 🇺🇸🎉", "Z̷̢̛͎a̵͙͝l̶̤̈g̸̣͋o", "A" * 60, "1️⃣ ❤️ ☕ ✅", "𝓕𝓪𝓷𝓬𝔂", "👨‍👩‍👧‍👦",
)  # fmt: skip


def make_board(names: tuple[str, ...] = NAMES[:10], **changes: object) -> Board:
    top = tuple(
        Place(i + 1, name, 900 - 50 * i, 60 - i, 40 - i, (2, 0, -1, None)[i % 4]) for i, name in enumerate(names)
    )
    chosen: dict[str, object] = {
        "scope": Scope.SERVER,
        "metric": Metric.POINTS,
        "period": period(Span.SEASON, date(2026, 3, 2)),
        "title": "Study",
        "top": top,
    }
    return Board(**{**chosen, **changes})  # pyright: ignore[reportArgumentType]


def drawn(text: str, room: float = 10_000) -> Image.Image:
    image = Image.new("RGB", (900, 60), "black")
    Canvas(image).write(20, 30, text, 30, "white", room=room)
    return image


def inked(image: Image.Image) -> tuple[int, int, int, int] | None:
    return image.convert("L").getbbox()


def drawable(character: str, font: str) -> bool:
    firsts, lasts = _coverage()[font]
    return any(first <= ord(character) <= last for first, last in zip(firsts, lasts, strict=True))


def steers(character: str) -> bool:
    """What shaping takes in without a glyph: joiners, variation selectors, tags."""
    return character in "\u200c\u200d\ufe0f" or "\U000e0020" <= character <= "\U000e007f"


@settings(max_examples=150)
@example("🏽 a🏽 🇦 1\u20e3 9\u20dd \u0301a \u200d\ufe0f")
@given(st.text(max_size=24) | st.sampled_from(NAMES))
def test_whatever_is_drawn_has_a_glyph_for_all_of_it(name: str) -> None:
    line = pieces(name)
    assert sorted("".join(piece.text for piece in line)) == sorted("".join(clusters(name)))
    missing = [(one, piece.font) for piece in line for one in piece.text if not drawable(one, piece.font)]
    assert not [(one, font) for one, font in missing if not steers(one)]


def test_the_names_of_learners_are_drawn() -> None:
    assert all(inked(drawn(name)) is not None for name in NAMES)


def glyph(font: ImageFont.FreeTypeFont, character: str) -> bytes:
    image = Image.new("L", (90, 90))
    ImageDraw.Draw(image).text((30, 20), character, fill=255, font=font)
    return image.tobytes()


def test_the_list_of_what_fonts_have_is_true() -> None:
    """At both ends of each range there is a glyph, and it is another than the box for what is missing."""
    for name, (firsts, lasts) in _coverage().items():
        if name == drawing.EMOJI:
            continue
        font = ImageFont.truetype(FONTS / name, 30, layout_engine=ImageFont.Layout.BASIC)
        box = glyph(font, "\U0010ffff")
        for edge in (*firsts, *lasts):
            if unicodedata.category(chr(edge))[0] in "LN":
                assert glyph(font, chr(edge)) != box, (name, hex(edge))
        assert all(last < first for last, (_, first) in zip(lasts, pairwise(firsts), strict=False))


def test_right_to_left_words_stand_right_to_left_in_the_line() -> None:
    assert [piece.text.strip() for piece in pieces("Ben שלום 42")] == ["Ben", "42", "שלום"]
    assert [piece.text.strip() for piece in pieces("שלום Ben")] == ["Ben", "שלום"]
    assert [piece.right_to_left for piece in pieces("שלום Ben")] == [False, True]


@pytest.mark.parametrize(
    ("logical", "shown"),
    [
        ("שלום (CPC) world", "world (CPC) שלום"),
        ("abc עברית 12 xyz", "abc 12 עברית xyz"),
        ("محمد 2024!", "!2024 محمد"),
        ("2024 شلبي", "شلبي 2024"),
        ("עלות $1,200.50 סה", "סה $1,200.50 עלות"),
    ],
)
def test_mixed_lines_are_ordered_as_everywhere_else(logical: str, shown: str) -> None:
    """Against UAX 9; words of letters are compared as wholes."""
    at = levels(logical)
    mirrored = [
        {"(": ")", ")": "("}.get(one, one) if level % 2 else one for one, level in zip(logical, at, strict=True)
    ]
    line = "".join(visual(mirrored, at))
    words = [word[::-1] if unicodedata.bidirectional(word[0]) in ("R", "AL") else word for word in line.split(" ")]
    assert " ".join(words) == shown


def test_without_the_shaping_library_lines_are_drawn_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "SHAPING", False)
    drawing._loaded.cache_clear()
    drawing._drawn.cache_clear()
    try:
        assert all(inked(drawn(name)) is not None for name in NAMES)
        assert width("🇺🇸", 30) == width("🎉", 30)
        assert board_png(make_board())
    finally:
        drawing._loaded.cache_clear()
        drawing._drawn.cache_clear()


def test_what_no_font_has_and_what_only_steers_is_left_out() -> None:
    assert clusters("a\u202eb\u0000c\ue000d") == ["a", "b", "c", "d"]
    assert clusters("𝓕𝓪") == ["F", "a"]
    assert len(clusters("Z" + "\u0301" * 40)[0]) <= 3
    assert clusters("\u3164\u2800 \u200b") == []
    assert clusters("꧁ Ana  \u0301 ꧂") == ["A", "n", "a"]
    assert len(clusters("ကြွို့")[0]) == len("ကြွို့")
    assert clusters("👩🏽‍⚕️") == ["👩🏽‍⚕️"]
    assert clusters("🇺🇸🇩🇪") == ["🇺🇸", "🇩🇪"]


@settings(max_examples=60)
@example("\u200d\u200d", 10)
@example("🇺", 30)
@given(st.text(max_size=40), st.integers(20, 400))
def test_any_text_fits_its_room(text: str, room: int) -> None:
    line = fitted(text, 30, room)
    shown = "".join(piece.text for piece in line)
    assert shown == "…" or sum(width(piece.text, 30) for piece in line) <= room + 2
    box = inked(drawn(text, room))
    assert box is None or box[2] <= 20 + max(room, width("…", 30)) + 12


def test_a_long_name_ends_in_an_ellipsis_before_the_values() -> None:
    assert fitted("A" * 60, 30, 300)[-1].text.endswith("…")


def test_a_picture_has_every_kind_of_row() -> None:
    full = make_board()
    own = Place(41, "Olivia", 100, 9, 7, 3, own=True)
    around = (Place(40, "Dora", 105, 9, 7), own, Place(42, "Эмма", 95, 9, 7))
    for board in (
        full,
        make_board(around=around, own=own),
        make_board(metric=Metric.ACCURACY),
        make_board(metric=Metric.STREAK),
        make_board(scope=Scope.GROUPS),
        make_board(names=()),
        make_board(title="", names=("",)),
    ):
        data = board_png(board)
        image = Image.open(io.BytesIO(data))
        assert image.width == WIDTH
        assert len(data) < 80_000


def test_the_reader_is_marked_by_more_than_colour_and_only_for_themselves() -> None:
    own = Place(1, "Ana", 90, 6, 6, own=True)
    board = make_board(names=(), top=(own,), own=own)
    assert board_png(board) != board_png(board.public)
    assert "Ana, you:" in board_alt(board)
    assert "you" not in board_alt(board.public)


def test_the_text_says_what_the_picture_shows() -> None:
    text = board_alt(make_board(names=("Ana", "Ben", "Cleo", "Dora")))
    assert text == (
        "Study, points · March 2026. 1. Ana: 900 points · 60 answers (up 2). 2. Ben: 850 points · 59 answers (as before)."
        " 3. Cleo: 800 points · 58 answers (down 1). 4. Dora: 750 points · 57 answers."
    )
    assert board_alt(make_board(names=())) == "Study, points · March 2026. Nobody stands here yet."


def test_a_text_that_would_be_too_long_says_how_many_it_leaves_out() -> None:
    places = tuple(Place(i, "N" * 32, 10_000, 10_000, 10_000, -500) for i in range(1, 14))
    text = board_alt(make_board(names=(), top=places))
    assert len(text) <= ALT_AT_MOST
    assert "more." in text


def test_a_name_that_cannot_be_drawn_leaves_no_empty_row() -> None:
    assert board_png(make_board(names=("\u3164",))) == board_png(make_board(names=(NAMELESS,)))
    assert board_alt(make_board(names=("\u202e",))).count(NAMELESS) == 1


def test_groups_have_the_same_figure_in_both() -> None:
    place = Place(1, "Night shift", 4155, 60, 50, members=1)
    assert "41.55 per member" in board_alt(make_board(names=(), top=(place,), scope=Scope.GROUPS))


def test_many_at_once_are_drawn_in_any_event_loop() -> None:
    async def five() -> list[int]:
        files = await asyncio.gather(*(board_file(make_board(names=("Ana",))) for _ in range(5)))
        return [len(file.fp.read()) for file in files]

    assert asyncio.run(five()) == asyncio.run(five())


async def test_the_file_carries_the_text() -> None:
    board = make_board()
    file = await board_file(board)
    assert (file.filename, file.description) == ("board.png", board_alt(board))
