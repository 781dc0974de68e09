"""Continuing education units: the credentials they are for, what was earned, and cycles that are over."""

import json
from dataclasses import dataclass
from datetime import date

from bot.core.ceu_cycles import Credential, Cycle, Due, When
from bot.core.ceu_entries import ENTRIES_AT_MOST, Entry
from bot.core.deliveries import Kind
from bot.storage import deliveries
from bot.storage.database import Database, Row, Statement, sql


@dataclass(frozen=True, slots=True)
class Ended:
    """A cycle that is over, with what it needed: quarters in all, and by category."""

    credential_id: int
    first: date
    last: date
    needed: int
    parts: tuple[tuple[str, int], ...]


def _credential(row: Row) -> Credential:
    return Credential(
        id=row["id"],
        user_id=row["user_id"],
        guild_id=row["guild_id"],
        exam=row["exam"],
        begins=date.fromisoformat(row["begins"]),
        ends=date.fromisoformat(row["ends"]),
        months=row["months"],
        own=row["own"],
        revision=row["revision"],
        changed_at=row["changed_at"],
        fault=row["fault"],
    )


def _entry(row: Row) -> Entry:
    return Entry(
        id=row["id"],
        user_id=row["user_id"],
        day=date.fromisoformat(row["day"]),
        quarters=row["quarters"],
        title=row["title"],
        provider=row["provider"],
        categories=tuple(row["categories"].split()),
        issuer=row["issuer"],
        link=row["link"],
    )


# -- reading ---------------------------------------------------------------------------------------------------


async def credential(db: Database, credential_id: int) -> Credential | None:
    rows = await db.look_up("SELECT * FROM ceu_credentials WHERE id = $1", credential_id)
    return _credential(rows[0]) if rows else None


async def credentials(db: Database, user_id: int) -> list[Credential]:
    rows = await db.look_up("SELECT * FROM ceu_credentials WHERE user_id = $1 ORDER BY exam", user_id)
    return [_credential(row) for row in rows]


async def entry(db: Database, entry_id: int, user_id: int) -> Entry | None:
    rows = await db.look_up("SELECT * FROM ceu_entries WHERE id = $1 AND user_id = $2", entry_id, user_id)
    return _entry(rows[0]) if rows else None


async def entries(db: Database, user_id: int) -> list[Entry]:
    """All of a learner's, the newest first."""
    rows = await db.read("SELECT * FROM ceu_entries WHERE user_id = $1 ORDER BY day DESC, id DESC", user_id)
    return [_entry(row) for row in rows]


async def ended(db: Database, user_id: int) -> list[Ended]:
    """The newest first."""
    rows = await db.read(
        "SELECT * FROM ceu_cycles WHERE user_id = $1 ORDER BY last_day DESC, credential_id, first_day", user_id
    )
    return [
        Ended(
            row["credential_id"],
            date.fromisoformat(row["first_day"]),
            date.fromisoformat(row["last_day"]),
            row["needed"],
            tuple((name, needed) for name, needed in json.loads(row["parts"])),
        )
        for row in rows
    ]


# -- credentials -----------------------------------------------------------------------------------------------


def track(found: Credential) -> Statement:
    """Store a credential, read with this revision (0 where there was none), which this counts up. What somebody else
    wrote meanwhile makes the whole write a Conflict: the key is unique, and the revision may not be null."""
    values = (
        found.user_id,
        found.exam,
        found.guild_id,
        found.begins.isoformat(),
        found.ends.isoformat(),
        found.months,
        found.own,
        found.changed_at,
    )
    if not found.revision:
        return sql(
            "INSERT INTO ceu_credentials (user_id, exam, guild_id, begins, ends, months, own, changed_at, revision)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)",
            *values,
        )
    return sql(
        "UPDATE ceu_credentials SET guild_id = $3, begins = $4, ends = $5, months = $6, own = $7, changed_at = $8,"
        " fault = '', revision = CASE WHEN revision = $9 THEN revision + 1 END WHERE user_id = $1 AND exam = $2",
        *values,
        found.revision,
    )


def forget_overlapping(credential_id: int, begins: date) -> Statement:
    """Forget what was noted of past cycles that a changed first cycle reaches into."""
    return sql("DELETE FROM ceu_cycles WHERE credential_id = $1 AND last_day >= $2", credential_id, begins.isoformat())


def untrack(credential_id: int, user_id: int) -> list[Statement]:
    """Stop tracking a credential; what was earned stays."""
    return [
        sql("DELETE FROM ceu_cycles WHERE credential_id = $1 AND user_id = $2", credential_id, user_id),
        sql("DELETE FROM ceu_credentials WHERE id = $1 AND user_id = $2", credential_id, user_id),
    ]


def settle(found: Credential, cycle: Cycle, needed: int, parts: list[tuple[str, int]], now: int) -> Statement:
    """Note what a cycle needed that is over, once, unless the credential was changed or erased since it was read."""
    return sql(
        "INSERT INTO ceu_cycles (credential_id, first_day, last_day, user_id, needed, parts, settled_at)"
        " SELECT c.id, CAST($3 AS TEXT), CAST($4 AS TEXT), c.user_id, CAST($5 AS BIGINT), CAST($6 AS TEXT),"
        " CAST($7 AS BIGINT) FROM ceu_credentials c WHERE c.id = $1 AND c.revision = $2 ON CONFLICT DO NOTHING",
        found.id,
        found.revision,
        cycle.first.isoformat(),
        cycle.last.isoformat(),
        needed,
        json.dumps(parts),
        now,
    )


def set_fault(credential_id: int, fault: str) -> Statement:
    """Remember why the last reminder did not arrive; the empty text clears it."""
    return sql("UPDATE ceu_credentials SET fault = $2 WHERE id = $1 AND fault <> $2", credential_id, fault)


# -- what is owed ----------------------------------------------------------------------------------------------


def subject(found: Credential, number: int, when: When) -> str:
    """What a delivery about a cycle is called: the credential, its revision, the number of the cycle, what it is for."""
    return f"{found.id}{_rest(found, number, when)}"


def _rest(found: Credential, number: int, when: When) -> str:
    return f":{found.revision}:{number}:{when}"


def owe(found: Credential, number: int, due: Due) -> Statement:
    """Owe a message about a cycle, unless the credential has another revision or is gone; one that waits is moved. The
    credential is found by its learner and exam, since it may be stored in the same transaction."""
    return sql(
        deliveries.OWE + "SELECT CAST($1 AS TEXT), c.guild_id, c.user_id, CAST(c.id AS TEXT) || CAST($5 AS TEXT),"
        " CAST($1 AS TEXT) || ':0:' || CAST(c.id AS TEXT) || CAST($5 AS TEXT), CAST($6 AS BIGINT), CAST($7 AS BIGINT), 0,"
        " CAST($6 AS BIGINT) FROM ceu_credentials c WHERE c.user_id = $2 AND c.exam = $3 AND c.revision = $4"
        " ON CONFLICT (dedupe_key) DO UPDATE SET due_at = excluded.due_at, useful_until = excluded.useful_until,"
        " wake_at = excluded.wake_at WHERE deliveries.state = 0 RETURNING id",
        Kind.CEU.value,
        found.user_id,
        found.exam,
        found.revision,
        _rest(found, number, due.when),
        due.due_at,
        due.useful_until,
    )


async def owed(db: Database, after: int, until: int, limit: int) -> list[tuple[Credential, list[tuple[str, int]]]]:
    """Credentials with a greater id than `after`, by id, each with the subjects and times of what waits to be sent, that
    are due before `until` or have nothing waiting."""
    rows = await db.read(
        "SELECT c.*, d.subject AS subject, d.due_at AS due_at FROM (SELECT * FROM ceu_credentials q WHERE q.id > $1 AND"
        " COALESCE((SELECT MIN(w.due_at) FROM deliveries w WHERE w.target_user_id = q.user_id AND w.kind = 'ceu'"
        "  AND w.state < 2 AND w.subject LIKE CAST(q.id AS TEXT) || ':%'), 0) < $2 ORDER BY q.id LIMIT $3) c"
        " LEFT JOIN deliveries d ON d.target_user_id = c.user_id AND d.kind = 'ceu' AND d.state < 2"
        " AND d.subject LIKE CAST(c.id AS TEXT) || ':%' ORDER BY c.id, d.due_at",
        after,
        until,
        limit,
    )
    found: dict[int, tuple[Credential, list[tuple[str, int]]]] = {}
    for row in rows:
        _, waiting = found.setdefault(row["id"], (_credential(row), []))
        if row["subject"] is not None:
            waiting.append((row["subject"], row["due_at"]))
    return list(found.values())


# -- what was earned -------------------------------------------------------------------------------------------


def add(found: Entry, now: int) -> Statement:
    """Returns the id; no row where as many are kept as can be."""
    return sql(
        "INSERT INTO ceu_entries (user_id, day, quarters, title, provider, categories, issuer, link, added_at, changed_at)"
        " SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS TEXT),"
        " CAST($6 AS TEXT), CAST($7 AS TEXT), CAST($8 AS TEXT), CAST($9 AS BIGINT), CAST($9 AS BIGINT)"
        f" WHERE (SELECT COUNT(*) FROM ceu_entries e WHERE e.user_id = $1) < {ENTRIES_AT_MOST} RETURNING id",
        *_values(found, now),
    )


def change(found: Entry, now: int) -> Statement:
    """Returns a row if there is such an entry of theirs."""
    return sql(
        "UPDATE ceu_entries SET day = $2, quarters = $3, title = $4, provider = $5, categories = $6, issuer = $7,"
        " link = $8, changed_at = $9 WHERE id = $10 AND user_id = $1 RETURNING id",
        *_values(found, now),
        found.id,
    )


def _values(found: Entry, now: int) -> tuple[object, ...]:
    """What is stored of an entry, whose it is first and when it was changed last."""
    return (
        found.user_id,
        found.day.isoformat(),
        found.quarters,
        found.title,
        found.provider,
        " ".join(found.categories),
        found.issuer,
        found.link,
        now,
    )


def remove(entry_id: int, user_id: int) -> Statement:
    return sql("DELETE FROM ceu_entries WHERE id = $1 AND user_id = $2 RETURNING id", entry_id, user_id)


# -- a person's own --------------------------------------------------------------------------------------------


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    held = await credentials(db, user_id)
    exams = {found.id: found.exam for found in held}
    tracked: list[dict[str, object]] = [
        {
            "credential": found.exam,
            "guild": str(found.guild_id),
            "cycle_from": found.begins.isoformat(),
            "cycle_to": found.ends.isoformat(),
            "months": found.months,
            "own_ceus": None if found.own is None else found.own / 4,
            "changed_at": found.changed_at,
        }
        for found in held
    ]
    over: list[dict[str, object]] = [
        {
            "credential": exams.get(past.credential_id, ""),
            "ended_from": past.first.isoformat(),
            "ended_to": past.last.isoformat(),
            "ceus_needed": past.needed / 4,
            "of_categories": {name: needed / 4 for name, needed in past.parts},
        }
        for past in await ended(db, user_id)
    ]
    earned: list[dict[str, object]] = [
        {
            "day": found.day.isoformat(),
            "ceus": found.quarters / 4,
            "title": found.title,
            "provider": found.provider,
            "categories": list(found.categories),
            "issuer": found.issuer,
            "certificate": found.link,
        }
        for found in await entries(db, user_id)
    ]
    return [*tracked, *over, *earned]


def erase(user_id: int) -> list[Statement]:
    return [
        sql("DELETE FROM ceu_cycles WHERE user_id = $1", user_id),
        sql("DELETE FROM ceu_entries WHERE user_id = $1", user_id),
        sql("DELETE FROM ceu_credentials WHERE user_id = $1", user_id),
    ]
