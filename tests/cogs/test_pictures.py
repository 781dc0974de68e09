"""Pictures of boards: any name is drawn whole or cut cleanly, and the text beside them says the same."""

import io
from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.core.board import Board, Metric, Place, Scope
from bot.core.periods import Span, period
from cogs.ui.board_picture import ALT_AT_MOST, WIDTH, board_alt, board_file, board_png
from cogs.ui.drawing import Canvas, _coverage, clusters, fitted, pieces, width

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


def test_each_name_is_drawn_in_fonts_that_have_all_of_it() -> None:
    coverage = _coverage()
    for name in NAMES:
        line = pieces(name)
        assert "".join(sorted("".join(piece.text for piece in line))) == "".join(sorted("".join(clusters(name))))
        assert inked(drawn(name)) is not None
        for piece in line:
            firsts, lasts = coverage[piece.font]
            letters = [sign[0] for sign in clusters(piece.text)]
            assert all(any(a <= ord(c) <= b for a, b in zip(firsts, lasts, strict=True)) for c in letters), (
                name,
                piece,
            )


def test_right_to_left_words_stand_right_to_left_in_the_line() -> None:
    assert [piece.text.strip() for piece in pieces("Ben שלום 42")] == ["Ben", "שלום", "42"]
    assert [piece.text.strip() for piece in pieces("שלום Ben")] == ["Ben", "שלום"]
    assert [piece.right_to_left for piece in pieces("שלום Ben")] == [False, True]


def test_what_no_font_has_and_what_only_steers_is_left_out() -> None:
    assert clusters("a\u202eb\u0000c\ue000d") == ["a", "b", "c", "d"]
    assert clusters("𝓕𝓪") == ["F", "a"]
    assert len(clusters("Z" + "\u0301" * 40)[0]) <= 3
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


async def test_the_file_carries_the_text() -> None:
    board = make_board()
    file = await board_file(board)
    assert (file.filename, file.description) == ("board.png", board_alt(board))
