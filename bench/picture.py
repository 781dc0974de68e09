"""Drawing the picture of a board: milliseconds, bytes, and how long the event loop waits meanwhile."""

import asyncio
import time
from datetime import date

from bench.measure import quantile, table
from bot.core.board import Board, Metric, Place, Scope
from bot.core.periods import Span, period
from cogs.board.picture import board_file, board_png

NAMES = (
    "Ana",
    "Nguyễn Thị Minh Khai",
    "محمد عبد الله",
    "שרה כהן",
    "田中さくら",
    "🦉 night owl 🌙",
    "अनिता शर्मा",
    "สมชาย",
    "Ольга",
    "Zoë",
)
PICTURES = 100
TICK = 0.001


def board() -> Board:
    """Ten places and three around the reader's, with names in ten scripts."""

    def place(rank: int, name: str) -> Place:
        return Place(rank, name, 900 - 7 * rank, 70 - rank, 60 - rank, rank % 5 - 2, own=rank == 42)

    top = tuple(place(i + 1, name) for i, name in enumerate(NAMES))
    around = tuple(place(41 + i, name) for i, name in enumerate(NAMES[:3]))
    season = period(Span.SEASON, date(2026, 3, 1))
    return Board(Scope.SERVER, Metric.POINTS, season, "Study", top, around, around[1], ranked=97)


async def delays(stop: asyncio.Event) -> list[float]:
    """How many milliseconds later than asked the loop came back, again and again."""
    found: list[float] = []
    while not stop.is_set():
        before = time.perf_counter()
        await asyncio.sleep(TICK)
        found.append((time.perf_counter() - before - TICK) * 1000)
    return found


async def while_drawing(pictures: int, at_once: int) -> tuple[list[float], float]:
    """Delays of the loop, and pictures a second."""
    stop = asyncio.Event()
    watching = asyncio.create_task(delays(stop))
    started = time.perf_counter()
    for _ in range(pictures // at_once):
        await asyncio.gather(*(board_file(board()) for _ in range(at_once)))
    rate = pictures / (time.perf_counter() - started)
    stop.set()
    return await watching, rate


async def run() -> str:
    stop = asyncio.Event()
    idle = asyncio.create_task(delays(stop))
    await asyncio.sleep(1)
    stop.set()
    rows = [["none", "", "", _delays(await idle)]]
    size = len(board_png(board()))
    took: list[float] = []
    for _ in range(PICTURES):
        started = time.perf_counter()
        board_png(board())
        took.append((time.perf_counter() - started) * 1000)
    rows.append(["1", f"{quantile(took, 0.5):.1f} / {quantile(took, 0.99):.1f}", f"{size / 1000:.0f} kB", ""])
    for at_once in (1, 10):
        found, rate = await while_drawing(PICTURES, at_once)
        rows.append([f"{at_once} at once, off the loop", f"{rate:.0f} a second", "", _delays(found)])
    return table(["pictures", "p50 / p99, ms", "size", "delay of the loop, p50 / p99 / longest, ms"], rows)


def _delays(found: list[float]) -> str:
    return f"{quantile(found, 0.5):.1f} / {quantile(found, 0.99):.1f} / {max(found):.1f}"
