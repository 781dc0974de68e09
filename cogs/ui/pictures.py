"""Pictures, drawn off the event loop; each goes out with alt text and beside the same facts as text."""

import asyncio
import io
from functools import lru_cache

import discord
from PIL import Image, ImageDraw, ImageFont

from bot.core.daily import Distribution
from cogs.ui.drawing import FONTS, TEXT

WIDTH = 760
ROW = 52
PAD = 20

# A dark card with light ink reads on dark and light themes alike.
_CARD, _BAR, _RIGHT, _TRACK, _INK, _FAINT = "#2b2f3a", "#6f8fd8", "#4fb286", "#3a4050", "#f2f4f8", "#b5bccb"


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / TEXT, size)


def distribution_png(outcome: Distribution, key: str) -> bytes:
    """A bar a letter, the right ones in green with the word "key"."""
    height = PAD * 2 + ROW * len(outcome.choices)
    image = Image.new("RGB", (WIDTH, height), _CARD)
    draw = ImageDraw.Draw(image)
    left, right = PAD + 48, WIDTH - PAD - 150
    for i, (letter, count) in enumerate(outcome.choices.items()):
        top = PAD + i * ROW
        share = count / outcome.total if outcome.total else 0
        is_key = letter in key
        draw.text((PAD + 8, top + 22), letter, fill=_INK, font=_font(26), anchor="lm")
        draw.rounded_rectangle((left, top + 8, right, top + 36), 8, fill=_TRACK)
        if share:
            end = left + max(16, round((right - left) * share))
            draw.rounded_rectangle((left, top + 8, end, top + 36), 8, fill=_RIGHT if is_key else _BAR)
        label = f"{count}  ({share:.0%})"
        draw.text((right + 16, top + 22), label, fill=_INK, font=_font(20), anchor="lm")
        if is_key:
            draw.text((right - 10, top + 22), "key", fill=_INK, font=_font(18), anchor="rm")
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def distribution_alt(outcome: Distribution, key: str) -> str:
    """The same as a sentence."""
    parts = [f"{letter}{' (key)' if letter in key else ''}: {count}" for letter, count in outcome.choices.items()]
    return f"Answers by option. {', '.join(parts)}. {outcome.total} in all, {outcome.correct} right."


async def distribution_file(outcome: Distribution, key: str) -> discord.File:
    data = await asyncio.to_thread(distribution_png, outcome, key)
    return discord.File(io.BytesIO(data), "distribution.png", description=distribution_alt(outcome, key))
