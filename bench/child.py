"""One measurement in a process of its own: python -m bench.child MODULE:FUNCTION '[ARGUMENTS]'."""

import asyncio
import importlib
import inspect
import json
import sys


def main() -> None:
    module, _, name = sys.argv[1].partition(":")
    result = getattr(importlib.import_module(f"bench.{module}"), name)(*json.loads(sys.argv[2]))
    if inspect.iscoroutine(result):
        result = asyncio.run(result)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
