"""What the benchmarks share: child processes, memory and CPU time of a process, medians, tables in Markdown."""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of a process: all that is resident, and the part that it shares with nobody."""

    rss: int
    uss: int


def memory(pid: int | None = None) -> Memory:
    sizes: dict[str, int] = {}
    for line in Path(f"/proc/{pid or 'self'}/smaps_rollup").read_text().splitlines()[1:]:
        name, size = line.split()[:2]
        sizes[name] = int(size) * 1024
    return Memory(sizes["Rss:"], sizes["Private_Clean:"] + sizes["Private_Dirty:"])


@asynccontextmanager
async def child(function: str, *args: Any) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `module:function` with `args` in a process of its own; what it returns is the last line of its output."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.child", function, json.dumps(args), cwd=ROOT, stdout=subprocess.PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def in_child(function: str, *args: Any) -> Any:
    """What `module:function` returns, run with `args` in a process of its own."""
    async with child(function, *args) as process:
        output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{function}{args} ended with {process.returncode}")
    return json.loads(output.splitlines()[-1])


def scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder on the disk that the bot's own database is on: commits cost there what they cost the bot."""
    place = ROOT / "var"
    place.mkdir(exist_ok=True)
    return tempfile.TemporaryDirectory(prefix="bench-", dir=place)


def spread(values: Sequence[float], form: str = ".2f") -> str:
    """The median, and the least and greatest beside it."""
    return f"{statistics.median(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def conditions() -> str:
    """Under what circumstances the figures were taken."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, Python {sys.version_info.major}.{sys.version_info.minor}, load {load:.1f} at the start"
