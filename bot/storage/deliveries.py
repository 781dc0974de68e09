"""Messages owed: written before they are sent, claimed under a lease, settled with what became of them."""

from collections.abc import Sequence

from bot.core.deliveries import CALLED_OFF, LEASE, USEFUL_FOR, Delivery, Kind, Lane, State
from bot.core.schedule import Schedule
from bot.storage.database import Database, Row, Statement, sql


def _delivery(row: Row) -> Delivery:
    return Delivery(
        id=row["id"],
        kind=Kind(row["kind"]),
        guild_id=row["guild_id"],
        user_id=row["target_user_id"],
        subject=row["subject"],
        due_at=row["due_at"],
        useful_until=row["useful_until"],
        attempts=row["attempts"],
        lease=row["lease"],
        unsure_since=row["unsure_since"],
    )


OWE = "INSERT INTO deliveries (kind, guild_id, target_user_id, subject, dedupe_key, due_at, useful_until, state, wake_at) "
"""How an INSERT of a delivery begins; a SELECT of these columns follows."""

MOVE = (
    " ON CONFLICT (dedupe_key) DO UPDATE SET due_at = excluded.due_at, useful_until = excluded.useful_until,"
    " wake_at = CASE deliveries.state WHEN 1 THEN deliveries.wake_at ELSE excluded.wake_at END,"
    " state = CASE deliveries.state WHEN 1 THEN 1 ELSE 0 END,"
    " attempts = CASE deliveries.state WHEN 1 THEN deliveries.attempts ELSE 0 END,"
    " target_user_id = excluded.target_user_id, settled_at = NULL, fault = '' WHERE deliveries.state <> 2"
)
"""What an INSERT of a delivery does with one of that name that is not sent."""


def owe(
    kind: Kind,
    guild_id: int,
    subject: str,
    due_at: int,
    *,
    user_id: int | None = None,
    useful_until: int | None = None,
    schedule: Schedule | None = None,
) -> Statement:
    """Owe a message once per kind, guild and subject; one of that name that has not gone out is moved to `due_at`.

    One that was sent stays as it is. One that is being sent is not held up, but if that attempt fails the next comes
    when it is due by now. With `schedule`, nothing happens unless it still is the guild's.
    """
    return sql(
        OWE + "SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS TEXT),"
        " CAST($6 AS BIGINT), CAST($7 AS BIGINT), 0, CAST($6 AS BIGINT)"
        " WHERE CAST($8 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM guilds"
        " WHERE guild_id = $2 AND minute = $8 AND zone = $9 AND active = 1)" + MOVE,
        kind.value,
        guild_id,
        user_id,
        subject,
        f"{kind}:{guild_id}:{subject}",
        due_at,
        due_at + USEFUL_FOR[kind] if useful_until is None else useful_until,
        schedule.minute if schedule else None,
        schedule.zone.key if schedule else None,
    )


CALL_OFF = (
    "UPDATE deliveries SET state = CASE state WHEN 0 THEN 5 ELSE state END,"
    " settled_at = CASE state WHEN 0 THEN due_at ELSE settled_at END,"
    f" useful_until = CASE state WHEN 1 THEN {CALLED_OFF} ELSE useful_until END"
)
"""What becomes of what is called off: an attempt that is under way is not stopped, but no other follows it."""


def cancel(guild_id: int, kind: Kind, prefix: str = "") -> Statement:
    """Call off what of a kind is owed in a guild and has a subject that begins with `prefix`. An attempt that is under
    way is not stopped, but no other follows it."""
    return sql(
        f"{CALL_OFF} WHERE guild_id = $1 AND kind = $2 AND state < 2"
        " AND SUBSTR(subject, 1, LENGTH(CAST($3 AS TEXT))) = CAST($3 AS TEXT)",
        guild_id,
        kind.value,
        prefix,
    )


def cancel_of(user_id: int, kind: Kind, prefix: str, *, after: int = -1) -> Statement:
    """The same for what is owed to a person, wherever; only what is due later than `after` (UTC seconds)."""
    return sql(
        f"{CALL_OFF} WHERE target_user_id = $1 AND kind = $2 AND state < 2 AND due_at > $4"
        " AND SUBSTR(subject, 1, LENGTH(CAST($3 AS TEXT))) = CAST($3 AS TEXT)",
        user_id,
        kind.value,
        prefix,
        after,
    )


async def get(db: Database, delivery_id: int) -> Delivery | None:
    rows = await db.look_up("SELECT * FROM deliveries WHERE id = $1", delivery_id)
    return _delivery(rows[0]) if rows else None


async def state(db: Database, kind: Kind, guild_id: int, subject: str) -> State | None:
    """What became of what was owed by `owe`; None where it never was, or was settled long ago."""
    rows = await db.look_up("SELECT state FROM deliveries WHERE dedupe_key = $1", f"{kind}:{guild_id}:{subject}")
    return State(rows[0]["state"]) if rows else None


async def next_due(db: Database, guild_id: int, kind: Kind) -> int | None:
    """When the next message of a kind is due in a guild (UTC seconds)."""
    rows = await db.read(
        "SELECT MIN(due_at) AS due_at FROM deliveries WHERE guild_id = $1 AND kind = $2 AND state < 2",
        guild_id,
        kind.value,
    )
    return rows[0]["due_at"]


def forget_settled(before: int) -> Statement:
    """Delete what was settled before an instant: nothing asks for it any more."""
    return sql("DELETE FROM deliveries WHERE state >= 2 AND settled_at < $1", before)


_IN_LANE = {Lane.SERVERS: "target_user_id IS NULL", Lane.PERSONS: "target_user_id IS NOT NULL"}


OPEN_IN_SERVERS = f"state < 2 AND {_IN_LANE[Lane.SERVERS]} AND wake_at >= 0"
"""What is owed to all servers, by the index of their lane."""


def open_where(condition: str, tail: str = "") -> str:
    """The open deliveries for which `condition` holds; `tail` orders and limits each lane. Asked for lane by lane, as the
    indexes are: asked for together, all that was ever sent would be read."""
    return " UNION ALL ".join(
        f"SELECT * FROM (SELECT * FROM deliveries WHERE state < 2 AND {where} AND {condition}{tail}) AS {lane}"
        for lane, where in _IN_LANE.items()
    )


async def claim(db: Database, lane: Lane, now: int, limit: int, lease: str, but: Sequence[int] = ()) -> list[Delivery]:
    """Take up to `limit` messages of a lane that are due, or whose lease ran out, earliest first; none of the guilds `but`.

    A claim that ran out was an attempt of which nobody knows the end: it is unsure since it was claimed.
    """
    which = f"SELECT id FROM deliveries WHERE {_due(lane, but)} ORDER BY wake_at, id LIMIT $4 {db.skip_locked}"
    return await _claim(db, which, now, limit, lease, but)


async def claim_one_each(
    db: Database, lane: Lane, now: int, limit: int, lease: str, but: Sequence[int]
) -> list[Delivery]:
    """The same, of each guild one at the most."""
    first = f"SELECT MIN(id) FROM deliveries WHERE {_due(lane, but)} GROUP BY guild_id ORDER BY MIN(wake_at) LIMIT $4"
    which = f"SELECT id FROM deliveries WHERE state < 2 AND wake_at <= $1 AND id IN ({first}) {db.skip_locked}"
    return await _claim(db, which, now, limit, lease, but)


def _due(lane: Lane, but: Sequence[int]) -> str:
    """What is due in a lane at $1, but of the guilds from $5 on."""
    others = f" AND guild_id NOT IN ({', '.join(f'${number}' for number, _ in enumerate(but, start=5))})" if but else ""
    return f"state < 2 AND {_IN_LANE[lane]} AND wake_at <= $1{others}"


async def _claim(db: Database, which: str, now: int, limit: int, lease: str, but: Sequence[int]) -> list[Delivery]:
    [rows] = await db.write(
        sql(
            "UPDATE deliveries SET state = 1, lease = $2, wake_at = $3, attempts = attempts + 1,"
            f" unsure_since = CASE WHEN state = 1 THEN COALESCE(unsure_since, wake_at - {LEASE}) ELSE unsure_since END"
            f" WHERE id IN ({which}) RETURNING *",
            now,
            lease,
            now + LEASE,
            limit,
            *but,
        )
    )
    return sorted((_delivery(row) for row in rows), key=lambda delivery: (delivery.due_at, delivery.id))


async def next_wakes(db: Database) -> dict[Lane, int | None]:
    """When the next open delivery of each lane needs somebody (UTC seconds)."""
    lanes = (
        f"(SELECT wake_at FROM deliveries WHERE state < 2 AND {where} ORDER BY wake_at LIMIT 1) AS {lane}"
        for lane, where in _IN_LANE.items()
    )
    [row] = await db.read(f"SELECT {', '.join(lanes)}")
    return {lane: row[lane.value] for lane in Lane}


def settle(delivery: Delivery, state: State, now: int, *, message_id: int | None = None, fault: str = "") -> Statement:
    """Record the end. Settling twice keeps the first end."""
    return sql(
        "UPDATE deliveries SET state = $2, settled_at = $3, message_id = $4, fault = $5, lease = ''"
        " WHERE id = $1 AND state < 2",
        delivery.id,
        state.value,
        now,
        message_id,
        fault,
    )


def not_moved(delivery: Delivery) -> Statement:
    """Make the whole write a Conflict where an open one was moved since it was claimed: the state may not be null."""
    return sql(
        "UPDATE deliveries SET state = CASE WHEN useful_until = $2 THEN state END WHERE id = $1 AND state < 2",
        delivery.id,
        delivery.useful_until,
    )


def retry(delivery: Delivery, wake_at: int, unsure_since: int | None, fault: str) -> Statement:
    """Give the claim back for another attempt at `wake_at`, unless the lease has passed to somebody else."""
    return sql(
        "UPDATE deliveries SET state = 0, lease = '', wake_at = CASE WHEN due_at > $3 AND useful_until >= 0 THEN due_at"
        " ELSE $3 END, unsure_since = $4, fault = $5"
        " WHERE id = $1 AND state = 1 AND lease = $2",
        delivery.id,
        delivery.lease,
        wake_at,
        unsure_since,
        fault,
    )


async def counts(db: Database) -> dict[str, int]:
    """How many deliveries there are by state, for `doctor` and metrics."""
    rows = await db.read("SELECT state, COUNT(*) AS n FROM deliveries GROUP BY state")
    return {State(row["state"]).name.lower(): row["n"] for row in rows}


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    rows = await db.read(
        "SELECT kind, guild_id, due_at, state FROM deliveries WHERE target_user_id = $1 ORDER BY id", user_id
    )
    return [
        {
            "kind": row["kind"],
            "guild": str(row["guild_id"]),
            "due_at": row["due_at"],
            "state": State(row["state"]).name.lower(),
        }
        for row in rows
    ]


def erase(user_id: int) -> list[Statement]:
    return [sql("DELETE FROM deliveries WHERE target_user_id = $1", user_id)]
