"""python -m bot deliveries ...: what is owed, why one stands as it does, trying again, dropping."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from bot.config import SettingsInvalid, load_settings

if TYPE_CHECKING:
    from bot.services.delivery_desk import DeliveryDesk
    from bot.storage.delivery_desk import Entry

T = TypeVar("T")

app = typer.Typer(
    no_args_is_help=True, help="Messages owed: list them, ask why, try again, drop. The bot may be running."
)

Number = Annotated[int, typer.Argument(help="The number of the delivery, as list shows it.")]


@app.command(name="list")
def list_them(
    state: Annotated[str, typer.Option(help="open, pending, claimed, sent, failed, expired or cancelled.")] = "open",
    kind: Annotated[str, typer.Option(help="One kind, such as daily_post or exam_reminder.")] = "",
    server: Annotated[int | None, typer.Option(help="One server, by its id.")] = None,
    limit: Annotated[int, typer.Option(help="How many at the most.", min=1, max=10_000)] = 50,
) -> None:
    """What is owed, what needs somebody first at the top; or what ended in a state, the latest first."""
    from bot.core.deliveries import Kind, State

    names = [state.name.lower() for state in State]
    if state != "open" and state not in names:
        raise _fail(f"There is no state “{state}”. There are: open, {', '.join(names)}.")
    kinds = [kind.value for kind in Kind]
    if kind and kind not in kinds:
        raise _fail(f"There is no kind “{kind}”. There are: {', '.join(kinds)}.")
    wanted = None if state == "open" else State[state.upper()]
    found = _run(lambda desk: desk.listed(wanted, Kind(kind) if kind else None, server, limit))
    if not found:
        typer.echo("None.")
    for entry in found:
        typer.echo(_line(entry))
    if len(found) == limit:
        typer.echo(f"There may be more than these {limit}: --limit shows more.")


@app.command()
def why(number: Number) -> None:
    """All that is known about one."""
    entry = _run(lambda desk: desk.entry(number))
    if entry is None:
        raise _fail(_gone(number))
    for line in _story(entry):
        typer.echo(line)


@app.command()
def retry(number: Number) -> None:
    """Try one again that failed, came too late, was dropped, or waits for a later attempt."""
    entry = _run(lambda desk: desk.again(number))
    if entry is None:
        raise _fail(
            f"{number} was sent, is being sent, is not due yet, or is not there any more; see: python -m bot deliveries why {number}"
        )
    typer.echo(f"Owed again, from now until {_time(entry.useful_until)}. A running bot sends it within a minute.")


@app.command()
def drop(number: Number) -> None:
    """Give one up that waits."""
    entry = _run(lambda desk: desk.drop(number))
    if entry is None:
        raise _fail(
            f"{number} does not wait: it was sent, is being sent, or has ended. See: python -m bot deliveries why {number}"
        )
    typer.echo("Dropped: it will not be sent.")


def _run(what: "Callable[[DeliveryDesk], Awaitable[T]]") -> T:
    from bot.app import open_services
    from bot.packs import PackFaults
    from bot.storage.database import DatabaseError

    async def run() -> T:
        services = await open_services(load_settings())
        try:
            return await what(services.desk)
        finally:
            await services.close()

    try:
        return asyncio.run(run())
    except (SettingsInvalid, DatabaseError, PackFaults) as error:
        raise _fail(str(error)) from None


def _fail(text: str) -> typer.Exit:
    typer.echo(text, err=True)
    return typer.Exit(1)


def _gone(number: int) -> str:
    return f"There is no delivery {number}. Settled ones are deleted after three months."


def _time(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _where(entry: "Entry") -> str:
    place = f"server {entry.guild_id}" if entry.guild_id else "no server"
    return f"to a person, {place}" if entry.personal else place


def _line(entry: "Entry") -> str:
    state = "called off" if entry.called_off else entry.state.name.lower()
    unsure = " unsure" if entry.unsure_since is not None and entry.state < 2 else ""
    reason = f": {entry.fault}" if entry.fault else ""
    return f"{entry.id:>8}  {_time(entry.due_at)}  {state}{unsure}  {entry.kind} ({_where(entry)}), attempts {entry.attempts}{reason}"


def _story(entry: "Entry") -> list[str]:
    """What happened to it and what will, in sentences."""
    from bot.core.deliveries import Kind, State
    from bot.core.failures import WORDS, mend

    kind = Kind(entry.kind)
    lines = [
        f"Delivery {entry.id}: {WORDS[kind].one} ({kind}), {_where(entry)}, about {entry.subject}.",
        f"Due {_time(entry.due_at)}, useful until {_time(entry.useful_until)}."
        if entry.useful_until >= 0
        else f"Due {_time(entry.due_at)}.",
        f"Attempts so far: {entry.attempts}.",
    ]
    if entry.fault:
        lines.append(f"The last word on it: {entry.fault}.")
    match entry.state:
        case State.PENDING:
            lines.append(f"It waits, and is looked at next at {_time(entry.wake_at)}.")
        case State.CLAIMED if entry.called_off:
            lines.append("It was called off while an attempt was under way: no other follows.")
        case State.CLAIMED:
            lines.append(
                f"A process is sending it; if that process died, another takes it up at {_time(entry.wake_at)}."
            )
        case State.SENT:
            message = f" as message {entry.message_id}" if entry.message_id else ""
            lines.append(f"It was sent{message} at {_time(entry.settled_at or entry.due_at)}.")
        case state:
            lines.append(f"It ended as {state.name.lower()} at {_time(entry.settled_at or entry.due_at)}.")
    if entry.unsure_since is not None and entry.state < 2:
        lines.append(
            f"An attempt that began at {_time(entry.unsure_since)} may have got through: the channel is searched before another."
        )
    if entry.state in (State.FAILED, State.EXPIRED):
        lines.append(mend(kind, entry.fault))
        when = "When what hindered it is mended" if entry.state is State.FAILED else "If it is of use all the same"
        lines.append(f"{when}: python -m bot deliveries retry {entry.id}")
    return lines
