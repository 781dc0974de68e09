"""The code database: what building and opening it cost, and what a look-up, a pair of codes and a sheet take."""

import gc
import time
from collections.abc import Awaitable, Callable, Iterable
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from bench.installations import Built, build, code_sets, installations
from bench.measure import MIB, in_child, memory, quantile, scratch, spread, table
from bench.search_quality import ON
from bot.codes.book import CodeBook
from bot.codes.build import Place
from bot.codes.sheet import Sheet
from bot.core.codes import Level, System
from bot.services.codes import Codes
from cogs.code import render
from cogs.code.ids import Where

REPEATS = 5
COUNT = 2_000
SEED = 1


def check(folder: str) -> dict[str, float]:
    """Milliseconds until it is known that nothing has to be built, in a process that has done nothing before."""
    sets = code_sets(folder)
    started = time.perf_counter()
    assert sets.is_current()
    return {"ms": (time.perf_counter() - started) * 1000}


def open_book(folder: str) -> dict[str, float]:
    """Milliseconds to open the book, and MiB of its own that the process has more afterwards."""
    path = code_sets(folder).place.database
    gc.collect()
    before, started = memory(), time.perf_counter()
    book = CodeBook(path)
    ms = (time.perf_counter() - started) * 1000
    gc.collect()
    mib = (memory().uss - before.uss) / MIB
    book.close()
    return {"ms": ms, "mib": mib}


async def ask(folder: str) -> dict[str, list[float]]:
    """Milliseconds of each look-up, pair and sheet, through the service as commands go."""
    sets = code_sets(folder)
    book = sets.book()
    rng = Random(SEED)
    codes = Codes(sets, time.time)
    systems = [system for system in book.systems for _ in range(COUNT // len(book.systems))]
    wanted = [
        (system, key) for system in book.systems for key in rng.sample(_keys(book, system), systems.count(system))
    ]
    rng.shuffle(wanted)
    diagnoses = rng.sample(_keys(book, System.ICD10CM), COUNT + 1)
    sheets: list[Sheet] = []

    async def look_up(key: str) -> None:
        found = await codes.look_up(key, ON)
        assert isinstance(found, Sheet), key
        sheets.append(found)

    async def together(pair: tuple[str, str]) -> None:
        await codes.together(*pair, ON)

    async def shown(found: Sheet) -> None:
        entry = found.version
        render.sheet(found, Where(entry.release.system, entry.entry.key)).to_components()

    look_ups = await _timed(look_up, [f"{system}|{key}" for system, key in wanted])
    pairs = await _timed(together, list(pairwise(diagnoses)))
    rendered = await _timed(shown, sheets)
    codes.close()
    return {"look-up": look_ups, "two codes together": pairs, "sheet drawn": rendered}


def _keys(book: CodeBook, system: System) -> list[str]:
    """The codes of a system that are valid on the day."""
    rows = book.connection.execute(
        "SELECT DISTINCT key FROM entries WHERE system = ? AND level = ? AND (since IS NULL OR since <= ?)"
        " AND (until IS NULL OR until >= ?) ORDER BY key",
        (system, Level.CODE, ON.isoformat(), ON.isoformat()),
    )
    return [row[0] for row in rows]


async def _timed(work: Callable[[Any], Awaitable[None]], items: Iterable[Any]) -> list[float]:
    taken: list[float] = []
    for item in items:
        started = time.perf_counter()
        await work(item)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


async def _measured(name: str, place: Place) -> tuple[list[str], list[list[str]]]:
    built: list[Built] = []
    for _ in range(REPEATS):
        place.database.unlink(missing_ok=True)
        built.append(build(place))
    folder = str(place.folder)
    checks = [(await in_child("codes:check", folder))["ms"] for _ in range(REPEATS)]
    opened = [await in_child("codes:open_book", folder) for _ in range(REPEATS)]
    costs = [
        name,
        spread([one.seconds for one in built], ".1f"),
        spread([one.rss / MIB for one in built], ".0f"),
        f"{place.database.stat().st_size / MIB:.0f}",
        spread(checks, ".0f"),
        spread([one["ms"] for one in opened], ".0f"),
        spread([one["mib"] for one in opened], ".1f"),
    ]
    asked = await in_child("codes:ask", folder)
    times = [
        [name, what, f"{len(ms):,}", *(f"{value:.2f}" for value in (quantile(ms, 0.5), quantile(ms, 0.99), max(ms)))]
        for what, ms in asked.items()
    ]
    return costs, times


async def run() -> str:
    costs: list[list[str]] = []
    times: list[list[str]] = []
    with scratch() as folder:
        for name, place in installations(Path(folder)).items():
            cost, took = await _measured(name, place)
            costs.append(cost)
            times += took
    head = ["Installed", "Build, s", "Peak RSS, MiB", "Database, MiB", "Check, ms", "Open, ms", "Open, MiB"]
    return "\n\n".join([table(head, costs), table(["Installed", "Asked", "n", "p50, ms", "p99, ms", "max, ms"], times)])
