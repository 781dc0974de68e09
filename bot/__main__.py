"""The command line: python -m bot COMMAND."""

import asyncio
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot import __version__, log
from bot.codes_commands import app as codes_app
from bot.config import Settings, SettingsInvalid, load_settings
from bot.deliveries_commands import app as deliveries_app
from bot.scores_commands import app as scores_app

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="CodeRounds: a Discord bot that tutors study groups for US medical-coding exams.",
)

app.add_typer(codes_app, name="codes")
app.add_typer(scores_app, name="scores")
app.add_typer(deliveries_app, name="deliveries")


def _fail(text: str) -> typer.Exit:
    typer.echo(text, err=True)
    return typer.Exit(1)


def _settings() -> Settings:
    try:
        settings = load_settings()
    except SettingsInvalid as error:
        raise _fail(f"Some settings can't be used (see .env.example):\n{error}") from None
    log.configure(settings.log_level, settings.log_format, settings.discord_token.get_secret_value())
    return settings


@app.callback(invoke_without_command=True)
def main(version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


@app.command()
def run() -> None:
    """Run the bot on Discord until SIGTERM or Ctrl-C."""
    from bot.client.connect import CannotConnect
    from bot.health import HealthFault
    from bot.packs import PackFaults
    from bot.running import run_bot
    from bot.storage.database import DatabaseError

    settings = _settings()
    if not settings.discord_token.get_secret_value():
        raise _fail(
            "DISCORD_TOKEN is not set. Copy .env.example to .env and put the token from your application's Bot page there, "
            "or try the bot without an account: make demo"
        )
    try:
        asyncio.run(run_bot(settings))
    except (CannotConnect, DatabaseError, HealthFault, PackFaults) as error:
        raise _fail(str(error)) from None


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="Port of the page.", min=0, max=65535)] = 8765,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:
    """Run the bot in a simulated Discord server and show it in the browser; needs no account and no token."""
    try:
        from bot.demo import DemoFault, run_demo
    except ImportError as error:
        raise _fail(
            f"The demo needs packages that are not installed ({error.name}): start it with make demo."
        ) from None
    log.configure("WARNING", "text")
    try:
        asyncio.run(run_demo(port, load_settings(), open_browser=open_browser))
    except SettingsInvalid as error:
        raise _fail(f"Some settings can't be used (see .env.example):\n{error}") from None
    except DemoFault as error:
        raise _fail(str(error)) from None
    except KeyboardInterrupt:
        typer.echo("\nThe demo has ended. Its state stays in var/demo.db until the next start.")


@app.command()
def check(
    content: Annotated[Path, typer.Argument(help="The content folder.")] = Path("content"),
    write_schemas: Annotated[bool, typer.Option(help="Write schema/*.schema.json for editors.")] = False,
) -> None:
    """Check all content and say how well each blueprint is covered."""
    from bot.codes.judge import CodeJudge
    from bot.packs.report import report
    from bot.preparing import code_book

    book = code_book(_settings().model_copy(update={"content_path": content}))
    judge = CodeJudge(book, date.today()) if book else None
    text, sound = report(content, Path("schema"), write_schemas=write_schemas, judge=judge)
    typer.echo(text)
    if judge is None:
        typer.echo("The codes it names were not judged: there is no code database (python -m bot codes build).")
    elif judge.unknowable:
        typer.echo(
            f"{len(judge.unknowable)} codes could not be judged: their code set, or its release in force, is not installed "
            "(python -m bot codes status)."
        )
    if not sound:
        raise typer.Exit(1)


@app.command()
def migrate() -> None:
    """Bring the database to the schema of this version."""
    from bot.maintenance import migrate_database
    from bot.storage.database import DatabaseError

    try:
        typer.echo(asyncio.run(migrate_database(_settings())))
    except DatabaseError as error:
        raise _fail(str(error)) from None


@app.command()
def backup(target: Annotated[Path, typer.Argument(help="The file to write; must not exist yet.")]) -> None:
    """Copy the SQLite database while the bot runs, and verify the copy by opening it."""
    from bot.maintenance import MaintenanceFault, backup_database

    try:
        typer.echo(backup_database(_settings(), target))
    except MaintenanceFault as error:
        raise _fail(str(error)) from None


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="A file that backup wrote.")],
    overwrite: Annotated[
        bool, typer.Option(help="Replace the present database; it is kept beside as .before-restore.")
    ] = False,
) -> None:
    """Put a backup in the place of the database. Stop the bot first."""
    from bot.maintenance import MaintenanceFault, restore_database

    try:
        typer.echo(restore_database(_settings(), source, overwrite=overwrite))
    except MaintenanceFault as error:
        raise _fail(str(error)) from None


@app.command()
def doctor() -> None:
    """Look at token, database, migrations, content and intents, and say how to mend what is wrong."""
    from bot.doctor import examine

    findings = asyncio.run(examine(_settings()))
    for finding in findings:
        typer.echo(str(finding))
    if any(not finding.ok for finding in findings):
        sys.exit(1)


if __name__ == "__main__":
    app(prog_name="python -m bot")
