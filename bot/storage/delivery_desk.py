"""Deliveries as an operator looks at them: which there are, why one stands as it does, and moving it by hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.deliveries import CALLED_OFF, DAY, LEASE, Kind, State
from bot.storage.database import Database, Row, Statement, sql
from bot.storage.deliveries import open_where


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger; instants are UTC seconds. `personal` says whether it goes to a person."""

    id: int
    kind: str
    guild_id: int
    personal: bool
    subject: str
    due_at: int
    useful_until: int
    wake_at: int
    state: State
    attempts: int
    unsure_since: int | None
    settled_at: int | None
    message_id: int | None
    fault: str

    @property
    def called_off(self) -> bool:
        """Whether it was called off while an attempt was under way."""
        return self.state is State.CLAIMED and self.useful_until == CALLED_OFF


@dataclass(frozen=True, slots=True)
class Failed:
    """What of a kind ended unsent in a server for one reason: how many messages, for how many different people, when the
    latest of them ended (UTC seconds) and its subject."""

    kind: str
    reason: str
    count: int
    persons: int
    last: int
    subject: str


def _entry(row: Row) -> Entry:
    return Entry(
        id=row["id"],
        kind=row["kind"],
        guild_id=row["guild_id"],
        personal=row["target_user_id"] is not None,
        subject=row["subject"],
        due_at=row["due_at"],
        useful_until=row["useful_until"],
        wake_at=row["wake_at"],
        state=State(row["state"]),
        attempts=row["attempts"],
        unsure_since=row["unsure_since"],
        settled_at=row["settled_at"],
        message_id=row["message_id"],
        fault=row["fault"],
    )


async def entry(db: Database, delivery_id: int) -> Entry | None:
    rows = await db.read("SELECT * FROM deliveries WHERE id = $1", delivery_id)
    return _entry(rows[0]) if rows else None


async def open_ones(
    db: Database, state: State | None, kind: Kind | None, guild_id: int | None, limit: int
) -> list[Entry]:
    """What is still owed, in one state or in both, what needs somebody first at the top."""
    rows = await db.read(
        open_where(
            "(CAST($1 AS TEXT) IS NULL OR kind = $1) AND (CAST($2 AS BIGINT) IS NULL OR guild_id = $2)"
            " AND (CAST($4 AS BIGINT) IS NULL OR state = $4)",
            " ORDER BY wake_at, id LIMIT $3",
        )
        + " ORDER BY wake_at, id LIMIT $3",
        kind.value if kind else None,
        guild_id,
        limit,
        state.value if state is not None else None,
    )
    return [_entry(row) for row in rows]


async def settled(db: Database, state: State, kind: Kind | None, guild_id: int | None, limit: int) -> list[Entry]:
    """What ended in a state, the latest first."""
    rows = await db.read(
        "SELECT * FROM deliveries WHERE state >= 2 AND state = $1 AND (CAST($2 AS TEXT) IS NULL OR kind = $2)"
        " AND (CAST($3 AS BIGINT) IS NULL OR guild_id = $3) ORDER BY settled_at DESC, id DESC LIMIT $4",
        state.value,
        kind.value if kind else None,
        guild_id,
        limit,
    )
    return [_entry(row) for row in rows]


async def failed(db: Database, guild_id: int, kinds: Sequence[Kind], since: int) -> list[Failed]:
    """What of these kinds failed or came too late in a server since an instant, by kind and reason, the latest first."""
    names = ", ".join(f"'{kind.value}'" for kind in kinds)
    rows = await db.read(
        "WITH gone AS (SELECT id, kind, fault, subject, target_user_id, settled_at FROM deliveries"
        f" WHERE guild_id = $1 AND kind IN ({names}) AND state IN ({State.FAILED:d}, {State.EXPIRED:d})"
        " AND settled_at >= $2)"
        " SELECT g.kind, g.fault, COUNT(*) AS n, COUNT(DISTINCT g.target_user_id) AS persons,"
        " MAX(g.settled_at) AS latest, (SELECT l.subject FROM gone l WHERE l.kind = g.kind AND l.fault = g.fault"
        " ORDER BY l.settled_at DESC, l.id DESC LIMIT 1) AS subject"
        " FROM gone g GROUP BY g.kind, g.fault ORDER BY latest DESC, g.kind, g.fault",
        guild_id,
        since,
    )
    return [Failed(row["kind"], row["fault"], row["n"], row["persons"], row["latest"], row["subject"]) for row in rows]


async def overdue(db: Database, now: int) -> dict[str, tuple[int, int]]:
    """By kind: how many are due and not settled, and how many of them may have got through already."""
    rows = await db.read(
        "SELECT kind, COUNT(*) AS n, SUM(CASE WHEN unsure_since IS NULL THEN 0 ELSE 1 END) AS unsure"
        f" FROM ({open_where('due_at <= $1 AND wake_at <= $2')}) AS due GROUP BY kind",
        now,
        now + 2 * DAY,  # of what is due, the next attempt is hardly ever later: the index leads past all that is not
    )
    return {row["kind"]: (row["n"], int(row["unsure"])) for row in rows}


def again(delivery_id: int, now: int, useful_until: int) -> Statement:
    """Owe it anew from `now` on, unless it was sent, is being sent, or is not due yet. Whether an earlier attempt may have got through
    stays known, so that it is looked for first."""
    return sql(
        "UPDATE deliveries SET state = 0, wake_at = $2, attempts = 0, settled_at = NULL, fault = '',"
        " useful_until = CASE WHEN useful_until > $3 THEN useful_until ELSE $3 END"
        " WHERE id = $1 AND (state IN (3, 4, 5) OR (state = 0 AND due_at <= $2)) RETURNING id",
        delivery_id,
        now,
        useful_until,
    )


def take(delivery_id: int, now: int, lease: str) -> Statement:
    """Hold one that waits, so that nobody sends it meanwhile; returns a row if it did wait."""
    return sql(
        "UPDATE deliveries SET state = 1, lease = $2, wake_at = $3 WHERE id = $1 AND state = 0 RETURNING id",
        delivery_id,
        lease,
        now + LEASE,
    )
