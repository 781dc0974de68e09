"""`python -m bench [NAME ...]` runs all benchmarks or those named, and prints tables in Markdown."""

import asyncio
import importlib
import sys

from bench.measure import conditions

NAMES = (
    "memory",
    "startup",
    "answers",
    "deliveries",
    "backlog",
    "writes",
    "search",
    "autocomplete",
    "codes",
    "board",
    "picture",
    "live",
    "claims",
    "year",
)


def main() -> None:
    names = sys.argv[1:] or NAMES
    if unknown := [name for name in names if name not in NAMES]:
        sys.exit(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}.")
    for name in names:
        module = importlib.import_module(f"bench.{name}")
        print(f"## {name}: {(module.__doc__ or '').strip()}\n\n{conditions()}\n", flush=True)
        print(asyncio.run(module.run()) + "\n", flush=True)


if __name__ == "__main__":
    main()
