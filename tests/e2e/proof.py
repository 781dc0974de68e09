"""What must hold when the dust has settled, from the loopback's records and the database alone."""

import re
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.core.daily import RoundState
from bot.core.deliveries import Kind, State
from tests.e2e.loopback import Loopback
from tests.e2e.payloads import Message, custom_ids, text_of

_SHOWN = re.compile(r"(?:: right, |You chose )([A-F]+)")
_CONTROL = re.compile(r"(answer|choose):(\d+)")


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
    """The figures of a run, and a sentence for each thing that must not be."""

    rounds: int = 0
    posts: int = 0
    doubled: int = 0
    missed: int = 0
    reveals: int = 0
    threads: int = 0
    openings: int = 0
    misrecorded: int = 0
    acknowledged: int = 0
    lost: int = 0
    answers: int = 0
    integrity: str = ""
    violations: list[str] = field(default_factory=list)


def marked(messages: Iterable[Message], delivery_id: int) -> list[Message]:
    """The messages that were posted for a delivery."""
    return [message for message in messages if any(name.endswith(f"@{delivery_id}") for name in message.posted_ids)]


def prove(discord: Loopback, database: Path, acks: Sequence[Acknowledged], now: float) -> Outcome:
    """Compare what was owed until `now` (UTC seconds) with what happened."""
    outcome = Outcome()
    with closing(sqlite3.connect(database)) as db:
        db.row_factory = sqlite3.Row
        [(outcome.integrity,)] = db.execute("PRAGMA integrity_check").fetchall()
        if outcome.integrity != "ok":
            outcome.violations.append(f"integrity_check: {outcome.integrity}")
        for row in db.execute("SELECT * FROM deliveries WHERE due_at <= ? AND state <> 5 ORDER BY id", (now,)):
            if row["kind"] == Kind.DAILY_POST:
                _post(outcome, discord, db, row)
            elif row["kind"] == Kind.REVEAL:
                _reveal(outcome, discord, db, row)
            # The rounds are years old, and so are the seasons that they end: nobody wants their results any more.
            due = State.EXPIRED if row["kind"] == Kind.SEASON else State.SENT
            if row["state"] != due:
                outcome.violations.append(f"delivery {row['id']} ({row['kind']}) ended as {State(row['state']).name}")
        _answers(outcome, db, acks)
    return outcome


def _post(outcome: Outcome, discord: Loopback, db: sqlite3.Connection, row: sqlite3.Row) -> None:
    outcome.rounds += 1
    channel = discord.guilds[row["guild_id"]][0]
    messages = marked(discord.messages[channel.id], row["id"])
    outcome.posts += len(messages)
    if not messages:
        outcome.missed += 1
        outcome.violations.append(f"delivery {row['id']}: no post of {row['subject']} in server {row['guild_id']}")
        return
    if len(messages) > 1:
        outcome.doubled += len(messages) - 1
        outcome.violations.append(f"delivery {row['id']}: {len(messages)} posts of {row['subject']}")
    found = db.execute(
        "SELECT * FROM rounds WHERE guild_id = ? AND local_date = ?", (row["guild_id"], row["subject"])
    ).fetchall()
    shown = {control[2] for name in messages[0].posted_ids if (control := _CONTROL.match(name))}
    if [str(round_["id"]) for round_ in found] != list(shown):
        outcome.violations.append(f"delivery {row['id']}: the post is of the rounds {shown}")
    elif found[0]["message_id"] != messages[0].id:
        outcome.violations.append(f"round {found[0]['id']}: its message is recorded as {found[0]['message_id']}")


def _reveal(outcome: Outcome, discord: Loopback, db: sqlite3.Connection, row: sqlite3.Row) -> None:
    outcome.reveals += 1
    round_ = db.execute("SELECT * FROM rounds WHERE id = ?", (row["subject"],)).fetchone()
    name = f"round {round_['id']}"
    if round_["state"] != RoundState.REVEALED:
        outcome.violations.append(f"{name}: not revealed")
    threads = [
        channel for channel in discord.channels.values() if channel.type == 11 and channel.id == round_["message_id"]
    ]
    outcome.threads += len(threads)
    openings = marked(discord.messages[round_["message_id"]], row["id"])
    outcome.openings += len(openings)
    if len(threads) != 1 or len(openings) != 1:
        outcome.violations.append(f"{name}: {len(threads)} threads with {len(openings)} opening messages")
    if round_["thread_id"] != round_["message_id"]:
        outcome.misrecorded += 1
        outcome.violations.append(f"{name}: its thread {round_['message_id']} is recorded as {round_['thread_id']}")
    for message in discord.messages[round_["channel_id"]]:
        if message.id == round_["message_id"] and any(map(_CONTROL.match, custom_ids(message.components))):
            outcome.violations.append(f"{name}: its post shows the question, not the reveal")


def _answers(outcome: Outcome, db: sqlite3.Connection, acks: Sequence[Acknowledged]) -> None:
    stored: dict[tuple[int, int], list[str]] = {}
    for row in db.execute("SELECT round_id, user_id, chosen FROM answers"):
        stored.setdefault((row["round_id"], row["user_id"]), []).append(row["chosen"])
        outcome.answers += 1
    outcome.acknowledged = len({(ack.round_id, ack.user_id) for ack in acks})
    for ack in set(acks):
        held = stored.get((ack.round_id, ack.user_id), [])
        if held != [ack.chosen]:
            outcome.lost += 1
            outcome.violations.append(f"round {ack.round_id}: told {ack.user_id} {ack.chosen}, the database has {held}")
