"""python -m bot scores ...: proving and rebuilding what boards are read from."""

import asyncio
from collections.abc import Awaitable, Callable
from time import time
from typing import TYPE_CHECKING

import typer

from bot.config import SettingsInvalid, load_settings

if TYPE_CHECKING:
    from bot.services.scores import Audit, Scores

SHOWN = 20
"""Differences that are printed one by one."""

app = typer.Typer(
    no_args_is_help=True, help="Scores: prove that they are what the answers come to, or count them anew."
)


@app.command()
def check() -> None:
    """Compare all scores with the answers behind them; ends with 1 where something differs."""
    _report(_run(lambda scores: scores.check()))


@app.command()
def rebuild() -> None:
    """Count all scores anew from the answers, and compare them again. The bot may be running."""
    found = _run(lambda scores: scores.rebuild())
    if found.added:
        typer.echo(f"{found.added:,} answers had not been counted and now are.")
    _report(found)


def _run(what: "Callable[[Scores], Awaitable[Audit]]") -> "Audit":
    from bot.services.scores import Scores
    from bot.storage.database import DatabaseError, connect
    from bot.storage.database.migrate import migrate

    async def run() -> "Audit":
        db = await connect(load_settings().database_url)
        try:
            await migrate(db)
            return await what(Scores(db, time))
        finally:
            await db.close()

    try:
        return asyncio.run(run())
    except (SettingsInvalid, DatabaseError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _report(found: "Audit") -> None:
    typer.echo(f"{found.guilds:,} servers, {found.attempts:,} first answers, {found.scores:,} scores.")
    if not found.differences:
        typer.echo("Every score is what the answers come to.")
        return
    for line in found.differences[:SHOWN]:
        typer.echo(line)
    more = len(found.differences) - SHOWN
    if more > 0:
        typer.echo(f"... and {more:,} more")
    typer.echo(
        "An answer given while this ran can show as a difference: check again. What stays, mend with: python -m bot scores rebuild"
    )
    raise typer.Exit(1)
