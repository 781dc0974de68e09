"""`python -m bot codes ...`: the code sets from the shell.

Each command imports what it needs itself: every command of the bot loads this module, and `--version` needs none of it.
"""

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.codes.release import FileFault
from bot.config import SettingsInvalid, load_settings
from bot.core.codes import System, Version, key_of

if TYPE_CHECKING:
    from bot.codes.book import CodeBook
    from bot.codes.sets import CodeSets

app = typer.Typer(no_args_is_help=True, help="The code sets: build, import, update, search.")

On = Annotated[str, typer.Option("--on", help="Date of service, such as 2026-11-21; today when left out.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class _Failed(typer.Exit):
    def __init__(self, text: str) -> None:
        typer.echo(text, err=True)
        super().__init__(1)


def code_sets() -> "CodeSets":
    """The code sets that the settings name, with the terms of the content."""
    from bot.app import code_sets as app_code_sets
    from bot.packs import PackFaults

    try:
        return app_code_sets(load_settings())
    except SettingsInvalid as error:
        raise _Failed(f"Some settings can't be used (see .env.example):\n{error}") from None
    except PackFaults as error:
        raise _Failed(str(error)) from None


@app.command()
def build(
    again: Annotated[bool, typer.Option("--again", help="Build even if nothing changed.")] = False,
) -> None:
    """Build the code database from the installed and the imported files, if they changed."""
    from bot.codes import printed
    from bot.codes_progress import shown_progress

    sets = code_sets()
    try:
        with shown_progress() as report:
            built = sets.ensure(report, again=again)
    except (FileFault, OSError) as error:
        raise _Failed(f"The code database could not be built; the one before stays in use. {error}") from None
    typer.echo(f"{'Built' if built else 'Nothing changed:'} {sets.place.database}")
    typer.echo(printed.status(sets.book(), date.today()))


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="Official files, or zip archives of them.", exists=True)],
    licence: Annotated[
        bool,
        typer.Option(
            "--i-hold-an-ama-licence",
            help="You hold a licence of the American Medical Association for the CPT file you import.",
        ),
    ] = False,
) -> None:
    """Add official code-set files; nothing changes unless all of them can be used."""
    from bot.codes import printed
    from bot.codes.importing import import_files
    from bot.codes_progress import shown_progress

    sets = code_sets()
    try:
        with shown_progress() as report:
            imported = import_files(sets.place, files, sets.everyday, report, cpt_licence=licence)
    except (FileFault, OSError) as error:
        raise _Failed(f"Nothing was imported. {error}") from None
    for one in imported:
        typer.echo(printed.imported(one))


@app.command()
def update(
    only: Annotated[str, typer.Option("--only", help="ICD-10-CM, ICD-10-PCS or HCPCS; all when left out.")] = "",
    addresses: Annotated[
        Path | None,
        typer.Option(
            help="A list of addresses; when left out, addresses.yaml in the folder of CODES_PATH, or else the bot's own.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be fetched, and fetch nothing.")] = False,
) -> None:
    """Fetch the current official files and import those that changed; a file that fails changes nothing."""
    from bot.codes import printed
    from bot.codes.addresses import SHIPPED, load_addresses
    from bot.codes.update import AnotherRuns, plan
    from bot.codes.update import update as fetch_and_import
    from bot.codes_progress import shown_progress

    sets = code_sets()
    own = sets.place.folder / SHIPPED.name
    listed = addresses or (own if own.exists() else SHIPPED)
    wanted = _systems(only) or list(System)
    try:
        chosen = [address for address in load_addresses(listed) if address.system in wanted]
        if not chosen:
            raise _Failed(f"{listed} names no file of {wanted[0]}.")
        if dry_run:
            for one in plan(sets.place, chosen):
                state = (
                    "imported before" if one.known else f"{one.bytes_here:,} bytes here" if one.bytes_here else "new"
                )
                typer.echo(f"{one.address} ({state})\n    {one.address.url}")
            typer.echo(f"Addresses: {listed}")
            return
        with shown_progress() as shown:
            outcomes = fetch_and_import(sets.place, sets.everyday, chosen, shown)
    except AnotherRuns:
        raise _Failed("Another update is running; wait for it to end.") from None
    except (FileFault, OSError) as error:
        raise _Failed(f"Nothing was updated. {error}") from None
    for outcome in outcomes:
        done = printed.imported(outcome.imported) if outcome.imported else "is up to date."
        typer.echo(f"{outcome.address}: {outcome.fault or done}", err=bool(outcome.fault))
    if failed := sum(bool(outcome.fault) for outcome in outcomes):
        raise _Failed(f"{failed} of {len(outcomes)} failed, which changed nothing. Addresses: {listed}")


@app.command()
def status(as_json: AsJson = False) -> None:
    """Each code set with its releases, counts, dates, source and hash."""
    from bot.codes import printed

    sets = code_sets()
    book = _book(sets)
    typer.echo(json.dumps(printed.status_data(book), indent=2) if as_json else printed.status(book, date.today()))


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Code or words; - reads one query a line from standard input.")],
    system: Annotated[str, typer.Option(help="ICD-10-CM, ICD-10-PCS, HCPCS or CPT; all when left out.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
    as_json: AsJson = False,
    on: On = "",
) -> None:
    """Find codes. With `-`: a query a line in, a JSON object a line out."""
    from bot.codes import printed
    from bot.codes.find import find

    sets = code_sets()
    book, day = _book(sets), _day(on)
    systems = _systems(system)
    if query == "-":
        for line in sys.stdin:
            text = line.rstrip("\r\n")
            found = find(book, sets.synonyms, text, day, systems=systems, limit=limit)
            print(json.dumps({"query": text, "hits": printed.hits(found)}), flush=True)
        return
    found = find(book, sets.synonyms, query, day, systems=systems, limit=limit)
    if as_json:
        typer.echo(json.dumps({"query": query, "hits": printed.hits(found)}, indent=2))
        return
    for version in found:
        typer.echo(printed.line(version, day))
    if not found:
        raise _Failed(f"Nothing found for “{query}”.")


@app.command()
def show(
    code: Annotated[str, typer.Argument(help="A code, with or without its dot.")],
    as_json: AsJson = False,
    on: On = "",
) -> None:
    """Everything about a code on a day: path, notes with where they stand, 7th characters, versions."""
    from bot.codes import printed

    sets = code_sets()
    book, day = _book(sets), _day(on)
    found = book.named(key_of(code), day)
    if not found:
        raise _Failed(_unknown(book, code))
    data = [printed.sheet_data(book, version, day) for version in found]
    typer.echo(json.dumps(data, indent=2) if as_json else "\n\n".join(printed.sheet_text(one) for one in data))


@app.command()
def together(
    first: Annotated[str, typer.Argument(help="An ICD-10-CM code.")],
    second: Annotated[str, typer.Argument(help="Another.")],
    as_json: AsJson = False,
    on: On = "",
) -> None:
    """May two codes be reported together? Every note on or above either that names the other."""
    from bot.codes import printed

    sets = code_sets()
    book, day = _book(sets), _day(on)
    pair: list[Version] = []
    for code in (first, second):
        version = book.entry(System.ICD10CM, key_of(code), day)
        if version is None and (others := book.named(key_of(code), day)):
            raise _Failed(
                f"{code} is of {others[0].release.system}. Excludes and sequencing notes connect ICD-10-CM codes with one another."
            )
        if version is None:
            raise _Failed(_unknown(book, code))
        pair.append(version)
    data = printed.together_data(book, pair[0], pair[1], day)
    typer.echo(json.dumps(data, indent=2) if as_json else printed.together_text(data))


def _book(sets: "CodeSets") -> "CodeBook":
    """The code database, built first where there is none yet or what it is made from changed."""
    from bot.codes_progress import shown_progress

    try:
        if not sets.is_current():
            with shown_progress() as report:
                sets.ensure(report)
    except (FileFault, OSError) as error:
        raise _Failed(f"The code database could not be built. {error}") from None
    return sets.book()


def _unknown(book: "CodeBook", code: str) -> str:
    key = key_of(code)
    alike = [v.entry.code for system in book.systems for v in book.beginning(system, key[:4], 3)] if key[:4] else []
    hint = f" Codes that begin alike: {', '.join(alike[:3])}." if alike else ""
    return f"No installed code set has {code}.{hint}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError:
        raise _Failed(f"{text} is not a date; write it like 2026-11-21.") from None


def _systems(text: str) -> list[System]:
    if not text:
        return []
    wanted = text.casefold().replace(" ", "-")
    for system in System:
        if wanted in system.value.casefold().replace(" ", "-"):
            return [system]
    raise _Failed(f"There is no code set {text}; there are {', '.join(system.value for system in System)}.")
