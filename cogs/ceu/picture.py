"""Where a learner stands with their units as a picture, with the same facts as text."""

import asyncio
import io

import discord
from PIL import Image, ImageDraw

from bot.core.ceu import ceus
from bot.services.ceu_ledger import Ledger, Page
from cogs.ceu.words import day, missing, of
from cogs.ui.drawing import Canvas

ALT_AT_MOST = 1000
"""Characters of a description; Discord takes 1,024."""

WIDTH = 1080
_PAD, _HEAD, _ROW, _PART, _FOOT = 36, 90, 150, 46, 20
_CARD, _TRACK, _BAR, _DONE, _INK, _FAINT = "#2b2f3a", "#3a4050", "#6f8fd8", "#4fb286", "#f2f4f8", "#b5bccb"

AT_MOST = 8
"""Credentials in a picture."""

_slots = asyncio.Semaphore(2)
"""Pictures drawn at once: more would only wait for one another."""


async def ceu_file(ledger: Ledger) -> discord.File:
    """The picture as an attachment with alt text, drawn off the event loop."""
    async with _slots:
        data = await asyncio.to_thread(ceu_png, ledger)
    return discord.File(io.BytesIO(data), "ceus.png", description=ceu_alt(ledger))


def ceu_png(ledger: Ledger) -> bytes:
    """A bar for each credential and for each minimum within it."""
    shown = ledger.pages[:AT_MOST]
    height = _HEAD + _FOOT + sum(_height(page) for page in shown)
    image = Image.new("RGB", (WIDTH, height), _CARD)
    canvas = Canvas(image)
    canvas.write(_PAD, 46, f"Your CEUs on {day(ledger.today)}", 36, _INK, bold=True)
    top = _HEAD
    for page in shown:
        _credential(canvas, page, top)
        top += _height(page)
    buffer = io.BytesIO()
    image.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(buffer, "PNG")
    return buffer.getvalue()


def _height(page: Page) -> int:
    return _ROW + _PART * len(page.standing.parts)


def _credential(canvas: Canvas, page: Page, top: int) -> None:
    standing = page.standing
    name = f"{page.tracked.exam.name} ({page.tracked.exam.issuer})"
    canvas.write(_PAD, top + 24, name, 30, _INK, bold=True, room=560)
    canvas.write(WIDTH - _PAD, top + 24, of(standing), 30, _INK, bold=True, right=True)
    _bar(canvas, _PAD, WIDTH - _PAD, top + 50, 22, standing.earned, standing.requirement.needed)
    canvas.write(_PAD, top + 98, missing(standing, page.today).removeprefix("✅ "), 24, _FAINT, room=WIDTH - 2 * _PAD)
    top += 122
    for part in standing.parts:
        canvas.write(_PAD, top + 16, part.minimum.title, 22, _FAINT, room=430)
        _bar(canvas, 500, WIDTH - 180, top + 9, 14, part.earned, part.needed)
        canvas.write(WIDTH - _PAD, top + 16, f"{ceus(part.earned)} of {ceus(part.needed)}", 22, _INK, right=True)
        top += _PART


def _bar(canvas: Canvas, left: int, right: int, top: int, high: int, earned: int, needed: int) -> None:
    draw = ImageDraw.Draw(canvas.image)
    draw.rounded_rectangle((left, top, right, top + high), high // 2, fill=_TRACK)
    share = min(1.0, earned / needed) if needed else 1.0
    if share:
        end = left + max(high, round((right - left) * share))
        draw.rounded_rectangle((left, top, end, top + high), high // 2, fill=_DONE if share == 1 else _BAR)


def ceu_alt(ledger: Ledger) -> str:
    """The same facts as text; where they don't fit, it says how many credentials are left out."""
    lines = [f"Your CEUs on {day(ledger.today)}."]
    shown = ledger.pages[:AT_MOST]
    for number, page in enumerate(shown):
        standing = page.standing
        parts = "".join(
            f" {part.minimum.title}: {ceus(part.earned)} of {ceus(part.needed)}." for part in standing.parts
        )
        text = missing(standing, page.today).removeprefix("✅ ")
        said = f"{page.tracked.exam.name} ({page.tracked.exam.issuer}): {of(standing)}. {text}{parts}"
        left = len(ledger.pages) - number
        if len(" ".join([*lines, said])) > ALT_AT_MOST - 20:
            return " ".join([*lines, f"And {left} more."])
        lines.append(said)
    left = len(ledger.pages) - len(shown)
    return " ".join([*lines, *([f"And {left} more."] if left else [])])
