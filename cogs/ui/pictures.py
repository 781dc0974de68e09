"""Pictures, drawn off the event loop; each goes out with alt text and beside the same facts as text."""

import asyncio
import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial

import discord
from discord import ui
from PIL import Image, ImageDraw, ImageFont

from bot.core.asked import Distribution
from cogs.ui.drawing import FONTS, TEXT
from cogs.ui.layout import Child

ALT_AT_MOST = 1000
"""Characters of a description; Discord takes 1,024."""

WIDTH = 760
ROW = 52
PAD = 20

# A dark card reads on dark and light themes alike; letters stand at 4.5 to 1 or more against it, bars at 4 to 1.
CARD, TRACK, BAR, DONE, INK, FAINT = "#2b2f3a", "#3a4050", "#6f8fd8", "#4fb286", "#f2f4f8", "#b5bccb"

_threads = ThreadPoolExecutor(2, "picture")
"""Pictures drawn at once: more would only wait for one another, and for the threads that others need."""


async def picture_file(name: str, draw: Callable[[], bytes], alt: str) -> discord.File:
    """A picture as an attachment with alt text, drawn off the event loop."""
    data = await asyncio.get_running_loop().run_in_executor(_threads, draw)
    return discord.File(io.BytesIO(data), name, description=alt)


def png(image: Image.Image, colours: int = 0) -> bytes:
    """The bytes of a PNG, in a palette of so many colours; 0 keeps all."""
    buffer = io.BytesIO()
    if colours:
        image = image.quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    image.save(buffer, "PNG", optimize=not colours)
    return buffer.getvalue()


def alt_text(head: str, parts: Sequence[str], left_out: int = 0) -> str:
    """What a picture says, as text; where it doesn't fit, how many parts are left out, with those that the picture itself
    has left out."""
    said = [head]
    for number, part in enumerate(parts):
        left = len(parts) - number + left_out
        more = f"And {left} more."
        room = ALT_AT_MOST - (len(more) + 1 if left > 1 else 0)
        if len(" ".join([*said, part])) > room:
            return " ".join([*said, more])
        said.append(part)
    return " ".join([*said, f"And {left_out} more."] if left_out else said)


def gallery(picture: discord.File | None) -> Child:
    """A picture in a message; nothing without one."""
    if picture is None:
        return ""
    return ui.MediaGallery(discord.MediaGalleryItem(picture.uri, description=picture.description))


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / TEXT, size)


def distribution_png(outcome: Distribution, key: str) -> bytes:
    """A bar a letter, the right ones in green with the word "key"."""
    height = PAD * 2 + ROW * len(outcome.choices)
    image = Image.new("RGB", (WIDTH, height), CARD)
    draw = ImageDraw.Draw(image)
    left, right = PAD + 48, WIDTH - PAD - 150
    for i, (letter, count) in enumerate(outcome.choices.items()):
        top = PAD + i * ROW
        share = count / outcome.total if outcome.total else 0
        is_key = letter in key
        draw.text((PAD + 8, top + 22), letter, fill=INK, font=_font(26), anchor="lm")
        draw.rounded_rectangle((left, top + 8, right, top + 36), 8, fill=TRACK)
        if share:
            end = left + max(16, round((right - left) * share))
            draw.rounded_rectangle((left, top + 8, end, top + 36), 8, fill=DONE if is_key else BAR)
        label = f"{count}  ({share:.0%})"
        draw.text((right + 16, top + 22), label, fill=INK, font=_font(20), anchor="lm")
        if is_key:
            draw.text((right - 10, top + 22), "key", fill=INK, font=_font(18), anchor="rm")
    return png(image)


def distribution_alt(outcome: Distribution, key: str) -> str:
    """The same as a sentence."""
    parts = [f"{letter}{' (key)' if letter in key else ''}: {count}" for letter, count in outcome.choices.items()]
    return f"Answers by option. {', '.join(parts)}. {outcome.total} in all, {outcome.correct} right."


async def distribution_file(outcome: Distribution, key: str) -> discord.File:
    draw = partial(distribution_png, outcome, key)
    return await picture_file("distribution.png", draw, distribution_alt(outcome, key))
