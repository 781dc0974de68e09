"""What somebody typing waits for suggestions of codes, key by key, and what the event loop notices of it."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from bench.installations import build, code_sets, installations
from bench.measure import in_child, quantile, scratch, table
from bench.search_quality import ON, everyday_cases
from bot.codes.book import CodeBook
from bot.codes.sets import CodeSets
from bot.core.codes import Level, System
from bot.services.codes import Codes

SEED = 1
TITLES = 300
LONGEST = 100
"""Characters typed at most: as many as Discord shows of a suggestion."""

TYPERS = 20
KEYS = 6_000
PAUSED_KEYS = 3_000
PAUSE = 0.25
"""How many keys the typers press, without a pause and with one, and seconds from a suggestion to the next key."""

TICK = 0.005
IDLE = 3.0

Typed = tuple[str, str]
"""What is being typed, and how far it has come."""


def beginnings(text: str) -> list[str]:
    return [text[:end] for end in range(2, min(len(text), LONGEST) + 1)]


def keys(book: CodeBook) -> list[Typed]:
    """Every beginning of the everyday diagnoses and of random titles of each installed set, in random order."""
    rng = Random(SEED)
    typed = [("everyday diagnoses", part) for case in everyday_cases() for part in beginnings(case.query)]
    for system in book.systems:
        rows = book.connection.execute(
            "SELECT DISTINCT title FROM entries WHERE system = ? AND level IN (?, ?) ORDER BY title",
            (system, Level.CODE, Level.HEADER),
        )
        # As many of ICD-10-CM as there are diagnoses, and as many of all other sets together.
        count = TITLES if system is System.ICD10CM else TITLES // (len(book.systems) - 1)
        of = "ICD-10-CM titles" if system is System.ICD10CM else "titles of other sets"
        for title in rng.sample([row[0] for row in rows], count):
            typed += [(of, part) for part in beginnings(title)]
    rng.shuffle(typed)
    return typed


class Ticker:
    """A task that wants to run every TICK seconds, and how many ms it came too late each time."""

    def __init__(self) -> None:
        self.late: list[float] = []

    @asynccontextmanager
    async def running(self):
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()

    async def _run(self) -> None:
        while True:
            started = time.perf_counter()
            await asyncio.sleep(TICK)
            self.late.append((time.perf_counter() - started - TICK) * 1000)


def summary(ms: list[float]) -> dict[str, float]:
    return {"n": len(ms), "p50": quantile(ms, 0.5), "p99": quantile(ms, 0.99), "max": max(ms)}


async def typing(codes: Codes, typed: list[Typed], typers: int, pause: float) -> dict[str, dict[str, float]]:
    """Milliseconds to the suggestions, by what was typed and together, and how late the event loop was meanwhile.

    Each typer presses the next key when the suggestions for the last are there, and `pause` seconds after that.
    """
    taken: dict[str, list[float]] = {}
    ticker, left = Ticker(), iter(typed)
    async with ticker.running():
        await asyncio.gather(*(_type(codes, left, taken, pause) for _ in range(typers)))
    everything = [one for times in taken.values() for one in times]
    found = {"everything": everything, **taken, "event loop": ticker.late}
    return {name: summary(times) for name, times in found.items()}


async def _type(codes: Codes, left: Iterator[Typed], taken: dict[str, list[float]], pause: float) -> None:
    for of, text in left:
        started = time.perf_counter()
        await codes.suggest(text, ON)
        taken.setdefault(of, []).append((time.perf_counter() - started) * 1000)
        if pause:
            await asyncio.sleep(pause)


async def measure(folder: str) -> dict[str, dict[str, dict[str, float]]]:
    sets: CodeSets = code_sets(folder)
    typed = keys(sets.book())
    codes = Codes(sets, time.time)
    ticker = Ticker()
    async with ticker.running():
        await asyncio.sleep(IDLE)
    await typing(codes, typed[-500:], 1, 0)
    found = {"nobody types": {"event loop": summary(ticker.late)}}
    found["one at a time"] = await typing(codes, typed, 1, 0)
    found[f"{TYPERS} at once, no pause"] = await typing(codes, typed[:KEYS], TYPERS, 0)
    found[f"{TYPERS} at once, {PAUSE:g} s a key"] = await typing(codes, typed[:PAUSED_KEYS], TYPERS, PAUSE)
    codes.close()
    return found


async def run() -> str:
    rows: list[list[str]] = []
    with scratch() as folder:
        for name, place in installations(Path(folder)).items():
            build(place)
            for typers, found in (await in_child("autocomplete:measure", str(place.folder))).items():
                for of, times in found.items():
                    shown = [f"{times[part]:.1f}" for part in ("p50", "p99", "max")]
                    rows.append([name, typers, of, f"{times['n']:,}", *shown])
    head = ["Installed", "Typing", "Waited for", "n", "p50, ms", "p99, ms", "max, ms"]
    return f"{table(head, rows)}\n\nOrder of the keys and choice of titles by seed {SEED}."
