"""Where a learner stands with their units as a picture, with the same facts as text."""

from functools import partial

import discord
from PIL import Image, ImageDraw

from bot.core.ceu_entries import ceus
from bot.services.ceu_ledger import Ledger, Page
from cogs.ceu.words import missing, of
from cogs.ui.drawing import Canvas
from cogs.ui.layout import day
from cogs.ui.pictures import BAR, CARD, DONE, FAINT, INK, TRACK, alt_text, picture_file, png

WIDTH = 760
"""Narrow enough to be read on a phone, where a picture is about half as wide."""

_PAD, _HEAD, _ROW, _PART, _FOOT = 28, 84, 146, 68, 8

AT_MOST = 8
"""Credentials in a picture."""


async def ceu_file(ledger: Ledger) -> discord.File:
    """The picture as an attachment with alt text, drawn off the event loop."""
    return await picture_file("ceus.png", partial(ceu_png, ledger), ceu_alt(ledger))


def ceu_png(ledger: Ledger) -> bytes:
    """A bar for each credential and for each minimum within it."""
    shown = ledger.pages[:AT_MOST]
    height = _HEAD + _FOOT + sum(_height(page) for page in shown)
    image = Image.new("RGB", (WIDTH, height), CARD)
    canvas = Canvas(image)
    canvas.write(_PAD, 44, f"Your CEUs on {day(ledger.today)}", 34, INK, bold=True)
    top = _HEAD
    for page in shown:
        _credential(canvas, page, top)
        top += _height(page)
    return png(image, 64)


def _height(page: Page) -> int:
    return _ROW + _PART * len(page.standing.parts)


def _credential(canvas: Canvas, page: Page, top: int) -> None:
    standing = page.standing
    name = f"{page.tracked.exam.name} ({page.tracked.exam.issuer})"
    canvas.write(_PAD, top + 20, name, 28, INK, bold=True, room=400)
    canvas.write(WIDTH - _PAD, top + 20, of(standing), 28, INK, bold=True, right=True)
    # As long as a minimum is missing, the cycle is not complete, however many units there are.
    colour = BAR if standing.missing else DONE
    _bar(canvas, top + 44, 22, standing.earned, standing.requirement.needed, colour)
    canvas.write(_PAD, top + 92, missing(standing, page.today).removeprefix("✅ "), 22, FAINT, room=WIDTH - 2 * _PAD)
    top += 118
    for part in standing.parts:
        canvas.write(_PAD, top + 16, part.minimum.title, 24, FAINT, room=480)
        canvas.write(WIDTH - _PAD, top + 16, f"{ceus(part.earned)} of {ceus(part.needed)}", 24, INK, right=True)
        _bar(canvas, top + 36, 12, part.earned, part.needed, BAR if part.missing else DONE)
        top += _PART


def _bar(canvas: Canvas, top: int, high: int, earned: int, needed: int, colour: str) -> None:
    draw = ImageDraw.Draw(canvas.image)
    left, right = _PAD, WIDTH - _PAD
    draw.rounded_rectangle((left, top, right, top + high), high // 2, fill=TRACK)
    share = min(1.0, earned / needed) if needed else 1.0
    if share:
        end = left + max(high, round((right - left) * share))
        draw.rounded_rectangle((left, top, end, top + high), high // 2, fill=colour)


def ceu_alt(ledger: Ledger) -> str:
    """The same facts as text; where they don't fit, it says how many credentials are left out."""
    pages = ledger.pages
    shown = pages[:AT_MOST]
    return alt_text(f"Your CEUs on {day(ledger.today)}.", [_said(page) for page in shown], len(pages) - len(shown))


def _said(page: Page) -> str:
    standing = page.standing
    parts = "".join(f" {part.minimum.title}: {ceus(part.earned)} of {ceus(part.needed)}." for part in standing.parts)
    text = missing(standing, page.today).removeprefix("✅ ")
    return f"{page.tracked.exam.name} ({page.tracked.exam.issuer}): {of(standing)}. {text}{parts}"
