"""`python -m bot run` that says on standard output when it has come how far, in seconds since it was told to start."""

import json
import os
import time
from collections.abc import Callable
from typing import Any

STARTED = float(os.environ["BENCH_STARTED"])


def tell(name: str) -> None:
    from bench.measure import memory

    sizes = memory()
    print(json.dumps({"stage": name, "at": time.time() - STARTED, "rss": sizes.rss, "uss": sizes.uss}), flush=True)


def after(stage: str, function: Callable[..., Any]) -> Any:
    def told(*args: Any, **options: Any) -> Any:
        result = function(*args, **options)
        tell(stage)
        return result

    return told


def after_awaiting(stage: str, function: Callable[..., Any]) -> Any:
    async def told(*args: Any, **options: Any) -> Any:
        result = await function(*args, **options)
        tell(stage)
        return result

    return told


def before(stage: str, function: Callable[..., Any]) -> Any:
    def told(*args: Any, **options: Any) -> Any:
        tell(stage)
        return function(*args, **options)

    return told


def main() -> None:
    tell("interpreter")
    from bot import app
    from bot.__main__ import app as command_line
    from bot.client import connect
    from bot.client.studybot import StudyBot

    tell("imports")

    app.load_content = after("content", app.load_content)
    app.migrate = after_awaiting("database", app.migrate)
    connect.Supervisor.run = before("services open", connect.Supervisor.run)
    StudyBot.setup_hook = after_awaiting("cogs and commands", StudyBot.setup_hook)
    StudyBot.on_ready = after_awaiting("on_ready", StudyBot.on_ready)
    StudyBot.on_shard_connect = _on_shard_connect  # pyright: ignore[reportAttributeAccessIssue]
    command_line(["run"])


async def _on_shard_connect(_bot: Any, _shard_id: int) -> None:
    tell("READY")


if __name__ == "__main__":
    main()
