"""A board as a picture, with the same facts as text for those who don't see it."""

from functools import partial

import discord
from PIL import Image, ImageDraw

from bot.core.board import Board, Metric, Place, Scope
from cogs.board.words import about, moved, per_member, value
from cogs.ui.drawing import Canvas, clusters
from cogs.ui.layout import plural
from cogs.ui.names import tame
from cogs.ui.pictures import BAR, CARD, FAINT, INK, TRACK, alt_text, picture_file, png

WIDTH = 1080
_PAD, _HEAD, _ROW, _GAP, _FOOT = 36, 118, 62, 34, 26
_RANK, _NAME, _NAME_ROOM, _VALUE = 96, 118, 470, WIDTH - 36 - 92
"""Where a rank ends, a name begins and how wide it may be, and where a value ends."""

_OWN, _UP, _DOWN = "#e0b252", "#7fd0a8", "#f0a08c"
COLOURS = 128

NAMELESS = "(no name to show)"
"""What stands for a name of which nothing can be drawn."""


async def board_file(board: Board) -> discord.File:
    """The picture as an attachment with alt text, drawn off the event loop."""
    return await picture_file("board.png", partial(board_png, board), board_alt(board))


def board_png(board: Board) -> bytes:
    """The board as a PNG of WIDTH pixels."""
    rows = len(board.top) + len(board.around)
    height = _HEAD + _FOOT + (_ROW * rows if rows else 2 * _ROW) + (_GAP if board.around else 0)
    image = Image.new("RGB", (WIDTH, height), CARD)
    canvas = Canvas(image)
    canvas.write(_PAD, 44, board.title or "This server", 40, INK, bold=True, room=WIDTH - 2 * _PAD)
    canvas.write(_PAD, 90, about(board), 26, FAINT, room=WIDTH - 2 * _PAD)
    best = max((place.value for place in board.top), default=1) or 1
    y = _HEAD
    for place in board.top:
        _row(canvas, place, board, y, best)
        y += _ROW
    if board.around:
        canvas.write(_NAME, y + _GAP / 2 - 6, "…", 30, FAINT)
        y += _GAP
    for place in board.around:
        _row(canvas, place, board, y, best)
        y += _ROW
    if not rows:
        canvas.write(_PAD, y + _ROW, "Nobody stands here yet.", 30, FAINT)
    return png(image, COLOURS)


def _row(canvas: Canvas, place: Place, board: Board, top: int, best: int) -> None:
    draw = ImageDraw.Draw(canvas.image)
    middle = top + _ROW / 2 - 6
    if place.own:
        draw.rounded_rectangle((_PAD / 2, top + 1, WIDTH - _PAD / 2, top + _ROW - 5), 12, outline=_OWN, width=3)
    canvas.write(
        _RANK, middle, str(place.rank), 30, INK if place.rank <= 3 else FAINT, bold=place.rank <= 3, right=True
    )
    name = place.name if clusters(place.name) else NAMELESS
    canvas.write(_NAME, middle, name, 30, INK, bold=place.own, room=_NAME_ROOM)
    track = (_NAME, top + _ROW - 13, _VALUE, top + _ROW - 9)
    draw.rounded_rectangle(track, 2, fill=TRACK)
    share = min(1.0, place.value / best)
    if share > 0:
        draw.rounded_rectangle(
            (_NAME, track[1], _NAME + max(6, round((_VALUE - _NAME) * share)), track[3]),
            2,
            fill=_OWN if place.own else BAR,
        )
    main, beside = _values(place, board)
    canvas.write(_VALUE, middle, main, 30, INK, bold=True, right=True)
    canvas.write(_VALUE - 190, middle, beside, 22, FAINT, right=True)
    change = moved(place)
    colour = FAINT if not place.moved else _UP if place.moved > 0 else _DOWN
    canvas.write(WIDTH - _PAD, middle, change, 24, colour, right=True)


def _values(place: Place, board: Board) -> tuple[str, str]:
    """What stands large, and what small beside it."""
    if board.scope is Scope.GROUPS:
        return per_member(place), f"per member · {place.members} active"
    match board.metric:
        case Metric.POINTS:
            return f"{place.value:,}", plural(place.answers, "answer")
        case Metric.ACCURACY:
            return f"{100 * place.correct / place.answers:.0f}%", f"{place.correct:,} of {place.answers:,}"
        case Metric.STREAK:
            return f"{place.value:,}", "in a row"


def board_alt(board: Board) -> str:
    """The same facts as text; where they don't fit, it says how many places are left out."""
    head = f"{board.title or 'This server'}, {about(board)}."
    places = [*board.top, *board.around]
    return alt_text(head, [_said(place, board) for place in places] or ["Nobody stands here yet."])


def _said(place: Place, board: Board) -> str:
    change = f" ({_aloud(place)})" if place.moved is not None else ""
    own = ", you" if place.own else ""
    return f"{place.rank}. {tame(place.name) or NAMELESS}{own}: {value(place, board.scope, board.metric)}{change}."


def _aloud(place: Place) -> str:
    if not place.moved:
        return "as before"
    return f"{'up' if place.moved > 0 else 'down'} {abs(place.moved)}"
