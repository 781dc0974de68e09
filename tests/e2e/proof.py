"""What must hold when the dust has settled, from the loopback's records and the database alone."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.daily import RoundState
from bot.core.deliveries import Kind, State
from bot.core.exam_dates import ExamState
from bot.storage.database import Database, Row
from tests.e2e.loopback import Loopback
from tests.e2e.payloads import Message, custom_ids, instant, text_of

_SHOWN = re.compile(r"(?:: right, |You chose )([A-F]+)")
_CONTROL = re.compile(r"(answer|choose):(\d+)")
_MARK = re.compile(r"@(\d+)$")


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An answer that a learner was shown as recorded."""

    round_id: int
    user_id: int
    chosen: str


def acknowledged(custom_id: str, user_id: int, callback: dict[str, Any]) -> Acknowledged | None:
    """What a callback told the learner; None when it recorded nothing."""
    control = _CONTROL.match(custom_id)
    shown = _SHOWN.search(text_of((callback.get("data") or {}).get("components")))
    if callback["type"] not in (4, 7) or control is None or shown is None:
        return None
    return Acknowledged(int(control[2]), user_id, shown[1])


@dataclass
class Outcome:
    """The figures of a run, and a sentence for each thing that must not be. `waits` are the seconds from due to sent."""

    rounds: int = 0
    posts: int = 0
    doubled: int = 0
    missed: int = 0
    late: int = 0
    reveals: int = 0
    threads: int = 0
    openings: int = 0
    misrecorded: int = 0
    reminders: int = 0
    reminded: int = 0
    called_off: int = 0
    told_in_server: int = 0
    acknowledged: int = 0
    lost: int = 0
    answers: int = 0
    integrity: str = "not asked"
    waits: list[float] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)


Arrived = Mapping[int, Sequence[Message]]
"""The messages that were posted for each delivery."""


def arrivals(messages: Iterable[Message]) -> Arrived:
    found: dict[int, list[Message]] = {}
    for message in messages:
        for delivery_id in {int(mark[1]) for name in message.posted_ids if (mark := _MARK.search(name))}:
            found.setdefault(delivery_id, []).append(message)
    return found


async def prove(discord: Loopback, db: Database, acks: Sequence[Acknowledged], now: float) -> Outcome:
    """Compare what was owed until `now` (UTC seconds) with what happened."""
    outcome = Outcome()
    arrived = arrivals(message for channel in discord.messages.values() for message in channel)
    for row in await db.read("SELECT * FROM deliveries WHERE due_at <= $1 ORDER BY id", int(now)):
        state, kind = State(row["state"]), Kind(row["kind"])
        if state is State.CANCELLED and kind is not Kind.EXAM_REMINDER:
            continue
        match kind:
            case Kind.EXAM_REMINDER:
                await _reminder(outcome, discord, arrived, db, row)
            case Kind.UNREACHED:
                outcome.told_in_server += len(_arrived(outcome, arrived, row))
            case Kind.DAILY_POST:
                await _post(outcome, arrived, db, row)
            case Kind.REVEAL:
                await _reveal(outcome, discord, arrived, db, row)
            case _:
                pass
        # The rounds are years old, and so are the seasons that they end: nobody wants their results any more.
        due = {Kind.SEASON: State.EXPIRED}.get(kind, State.SENT)
        if state is not due and kind is not Kind.EXAM_REMINDER:
            outcome.violations.append(f"delivery {row['id']} ({kind}) ended as {state.name}")
    await _answers(outcome, db, acks)
    return outcome


def _arrived(outcome: Outcome, arrived: Arrived, row: Row, *, wanted: bool = True) -> Sequence[Message]:
    """The messages of a delivery, wherever they are: one, if it is wanted, and in time."""
    name = f"delivery {row['id']} ({row['kind']} {row['subject']})"
    messages = arrived.get(row["id"], [])
    if len(messages) > 1:
        outcome.doubled += len(messages) - 1
        outcome.violations.append(f"{name}: {len(messages)} messages")
    if not messages and wanted:
        outcome.missed += 1
        outcome.violations.append(f"{name}: no message")
    for message in messages:
        outcome.waits.append(max(instant(message.id) - row["due_at"], 0))
        if wanted and instant(message.id) > row["useful_until"]:
            outcome.late += 1
            outcome.violations.append(f"{name}: sent when it was of no use any more")
    if messages and wanted and row["message_id"] != messages[0].id:
        outcome.violations.append(f"{name}: its message is recorded as {row['message_id']}")
    return messages


async def _post(outcome: Outcome, arrived: Arrived, db: Database, row: Row) -> None:
    outcome.rounds += 1
    messages = _arrived(outcome, arrived, row)
    outcome.posts += len(messages)
    if not messages:
        return
    [round_] = await db.read(
        "SELECT * FROM rounds WHERE guild_id = $1 AND local_date = $2", row["guild_id"], row["subject"]
    )
    shown = {control[2] for name in messages[0].posted_ids if (control := _CONTROL.match(name))}
    if shown != {str(round_["id"])}:
        outcome.violations.append(f"delivery {row['id']}: the post is of the rounds {shown}")
    elif round_["message_id"] != messages[0].id:
        outcome.violations.append(f"round {round_['id']}: its message is recorded as {round_['message_id']}")


async def _reveal(outcome: Outcome, discord: Loopback, arrived: Arrived, db: Database, row: Row) -> None:
    outcome.reveals += 1
    [round_] = await db.read("SELECT * FROM rounds WHERE id = $1", int(row["subject"]))
    name = f"round {round_['id']}"
    if round_["state"] != RoundState.REVEALED:
        outcome.violations.append(f"{name}: not revealed")
    threads = [
        channel for channel in discord.channels.values() if channel.type == 11 and channel.id == round_["message_id"]
    ]
    outcome.threads += len(threads)
    openings = [message for message in arrived.get(row["id"], []) if message.channel_id == round_["message_id"]]
    outcome.openings += len(openings)
    if len(threads) != 1 or len(openings) != 1:
        outcome.violations.append(f"{name}: {len(threads)} threads with {len(openings)} opening messages")
    if round_["thread_id"] != round_["message_id"]:
        outcome.misrecorded += 1
        outcome.violations.append(f"{name}: its thread {round_['message_id']} is recorded as {round_['thread_id']}")
    if _covered(discord, round_) is not None:
        outcome.violations.append(f"{name}: its post shows the question, not the reveal")


def _covered(discord: Loopback, round_: Row) -> Message | None:
    """The post of a revealed round, if it shows the question."""
    for message in discord.messages[round_["channel_id"]]:
        if message.id == round_["message_id"] and any(map(_CONTROL.match, custom_ids(message.components))):
            return message
    return None


async def covered_reveals(discord: Loopback, db: Database) -> list[Message]:
    """The posts of revealed rounds that show the question: an edit came after the reveal's."""
    rounds = await db.read("SELECT * FROM rounds WHERE state = $1 ORDER BY id", RoundState.REVEALED)
    return [message for round_ in rounds if (message := _covered(discord, round_)) is not None]


async def _reminder(outcome: Outcome, discord: Loopback, arrived: Arrived, db: Database, row: Row) -> None:
    """One that is wanted arrived; one to closed direct messages failed, and the server was asked to tell the learner;
    of one that was called off or moved at most one message, sent before."""
    date_id, revision, *_ = re.split(r"[.+]", row["subject"])
    [exam_date] = await db.read("SELECT * FROM exam_dates WHERE id = $1", int(date_id))
    state, name = State(row["state"]), f"delivery {row['id']} (reminder {row['subject']})"
    outcome.reminders += 1
    if exam_date["state"] != ExamState.PLANNED or exam_date["revision"] != int(revision):
        outcome.called_off += 1
        _arrived(outcome, arrived, row, wanted=False)
        if state not in (State.SENT, State.CANCELLED, State.FAILED):
            outcome.violations.append(f"{name}: called off, and ended as {state.name}")
    elif row["target_user_id"] + 1 in discord.closed:
        _arrived(outcome, arrived, row, wanted=False)
        words = await db.read(
            "SELECT id FROM deliveries WHERE kind = $1 AND subject = $2", Kind.UNREACHED.value, f"exam.{date_id}"
        )
        if state is not State.FAILED or len(words) != 1:
            outcome.violations.append(f"{name}: ended as {state.name}, with {len(words)} words in the server")
    else:
        outcome.reminded += len(_arrived(outcome, arrived, row))
        if state is not State.SENT:
            outcome.violations.append(f"{name}: ended as {state.name}, {row['fault']}")


async def _answers(outcome: Outcome, db: Database, acks: Sequence[Acknowledged]) -> None:
    stored: dict[tuple[int, int], list[str]] = {}
    for row in await db.read("SELECT round_id, user_id, chosen FROM answers"):
        stored.setdefault((row["round_id"], row["user_id"]), []).append(row["chosen"])
        outcome.answers += 1
    outcome.acknowledged = len({(ack.round_id, ack.user_id) for ack in acks})
    for ack in set(acks):
        held = stored.get((ack.round_id, ack.user_id), [])
        if held != [ack.chosen]:
            outcome.lost += 1
            outcome.violations.append(f"round {ack.round_id}: told {ack.user_id} {ack.chosen}, the database has {held}")
