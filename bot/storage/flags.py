"""Items that learners reported, and those withdrawn in a guild."""

from dataclasses import dataclass

from bot.storage import scores
from bot.storage.database import Database, Statement, sql

WITHDRAW_AT = 3
"""Flags from different learners that withdraw an item until an organiser decides."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """An item with undecided flags in a guild."""

    item_id: str
    flags: int
    reasons: tuple[str, ...]
    withdrawn: bool


async def flag(db: Database, guild_id: int, item_id: str, user_id: int, reason: str, now: int) -> tuple[bool, int]:
    """Store a learner's one flag on an item and withdraw the item at the third; returns if it is new, and the count."""
    _, recorded, _, counted, *_ = await db.write(
        # Learners who report at once take turns, or each would count without the others.
        sql("UPDATE guilds SET fault = fault WHERE guild_id = $1", guild_id),
        sql(
            "INSERT INTO flags (guild_id, item_id, user_id, reason, flagged_at) VALUES ($1, $2, $3, $4, $5)"
            # After an organiser's decision a new report counts anew.
            " ON CONFLICT (guild_id, item_id, user_id) DO UPDATE SET reason = excluded.reason,"
            " flagged_at = excluded.flagged_at, decided = 0 WHERE flags.decided = 1 RETURNING user_id",
            guild_id,
            item_id,
            user_id,
            reason,
            now,
        ),
        sql(
            "INSERT INTO withdrawals (guild_id, item_id, withdrawn_at)"
            " SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS BIGINT) WHERE (SELECT COUNT(*) FROM flags"
            " WHERE guild_id = $1 AND item_id = $2 AND decided = 0) >= $4 ON CONFLICT DO NOTHING",
            guild_id,
            item_id,
            now,
            WITHDRAW_AT,
        ),
        sql("SELECT COUNT(*) AS n FROM flags WHERE guild_id = $1 AND item_id = $2 AND decided = 0", guild_id, item_id),
        *scores.recount_item(guild_id, item_id, if_withdrawn=True),
    )
    return bool(recorded), counted[0]["n"]


async def withdrawn(db: Database, guild_id: int) -> set[str]:
    rows = await db.read("SELECT item_id FROM withdrawals WHERE guild_id = $1", guild_id)
    return {row["item_id"] for row in rows}


async def undecided(db: Database, guild_id: int) -> list[Flagged]:
    """Items with flags that no organiser has decided about, most flagged first."""
    rows = await db.read(
        "SELECT f.item_id, f.reason, w.item_id AS gone FROM flags f LEFT JOIN withdrawals w"
        " ON w.guild_id = f.guild_id AND w.item_id = f.item_id"
        " WHERE f.guild_id = $1 AND f.decided = 0 ORDER BY f.item_id, f.flagged_at",
        guild_id,
    )
    reasons: dict[str, list[str]] = {}
    for row in rows:
        reasons.setdefault(row["item_id"], []).append(row["reason"])
    gone = {row["item_id"] for row in rows if row["gone"] is not None}
    found = [Flagged(item, len(texts), tuple(texts), item in gone) for item, texts in reasons.items()]
    return sorted(found, key=lambda flagged: (-flagged.flags, flagged.item_id))


def decide(guild_id: int, item_id: str, user_id: int, *, keep: bool, now: int) -> list[Statement]:
    """An organiser's word: keep the item in use, or leave it withdrawn for good in this guild."""
    settle = sql("UPDATE flags SET decided = 1 WHERE guild_id = $1 AND item_id = $2", guild_id, item_id)
    if keep:
        return [
            settle,
            sql("DELETE FROM withdrawals WHERE guild_id = $1 AND item_id = $2", guild_id, item_id),
            *scores.recount_item(guild_id, item_id),
        ]
    return [
        settle,
        sql(
            "INSERT INTO withdrawals (guild_id, item_id, withdrawn_at, decided_user_id) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (guild_id, item_id) DO UPDATE SET decided_user_id = excluded.decided_user_id",
            guild_id,
            item_id,
            now,
            user_id,
        ),
        *scores.recount_item(guild_id, item_id),
    ]


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    flags = await db.read("SELECT * FROM flags WHERE user_id = $1 ORDER BY flagged_at, item_id", user_id)
    decided = await db.read("SELECT * FROM withdrawals WHERE decided_user_id = $1 ORDER BY item_id", user_id)
    return [
        *(
            {
                "guild": str(row["guild_id"]),
                "flagged": row["item_id"],
                "reason": row["reason"],
                "flagged_at": row["flagged_at"],
            }
            for row in flags
        ),
        *({"guild": str(row["guild_id"]), "withdrew": row["item_id"]} for row in decided),
    ]


def erase(user_id: int) -> list[Statement]:
    return [
        sql("DELETE FROM flags WHERE user_id = $1", user_id),
        sql("UPDATE withdrawals SET decided_user_id = NULL WHERE decided_user_id = $1", user_id),
    ]
