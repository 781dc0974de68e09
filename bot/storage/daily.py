"""Rounds of the daily question."""

from datetime import date

from bot.core.content import Item
from bot.core.daily import Round, RoundState
from bot.storage.database import Database, Row, Statement, sql
from bot.storage.items import item_of, keep, kept

# A round that somebody answered did go out, though nobody recorded it: that one is over, not void.
_VOID = (
    "UPDATE rounds SET state = CASE WHEN EXISTS (SELECT 1 FROM answers a WHERE a.round_id = rounds.id)"
    " THEN 2 ELSE 3 END WHERE guild_id = $1 AND state = 1 AND message_id IS NULL"
)
_ROUND = "SELECT r.*, i.body FROM rounds r JOIN items_shown i ON i.digest = r.digest "


def _round(row: Row, item: Item) -> Round:
    return Round(
        id=row["id"],
        guild_id=row["guild_id"],
        local_date=date.fromisoformat(row["local_date"]),
        number=row["number"],
        item=item,
        seed=row["seed"],
        state=RoundState(row["state"]),
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        thread_id=row["thread_id"],
        reveal_at=row["reveal_at"],
        delivery_id=row["delivery_id"],
        late=bool(row["late"]),
    )


def _joined(row: Row) -> Round:
    return _round(row, kept(row["digest"], row["body"]))


async def round_by_id(db: Database, round_id: int) -> Round | None:
    # Without the body, which each answer would read again.
    rows = await db.look_up("SELECT * FROM rounds WHERE id = $1", round_id)
    return _round(rows[0], await item_of(db, rows[0]["digest"])) if rows else None


async def round_by_date(db: Database, guild_id: int, day: date) -> Round | None:
    rows = await db.read(_ROUND + "WHERE r.guild_id = $1 AND r.local_date = $2", guild_id, day.isoformat())
    return _joined(rows[0]) if rows else None


async def latest_rounds(db: Database, guild_id: int, limit: int) -> list[Round]:
    """The guild's last rounds that took place, newest first."""
    rows = await db.read(
        _ROUND + "WHERE r.guild_id = $1 AND r.state <> 3 ORDER BY r.number DESC LIMIT $2", guild_id, limit
    )
    return [_joined(row) for row in rows]


async def round_before(db: Database, round_: Round) -> Round | None:
    """The guild's last round before this one that took place."""
    rows = await db.read(
        _ROUND + "WHERE r.guild_id = $1 AND r.number < $2 AND r.state <> 3 ORDER BY r.number DESC LIMIT 1",
        round_.guild_id,
        round_.number,
    )
    return _joined(rows[0]) if rows else None


async def untallied(db: Database) -> list[int]:
    """Open rounds whose post shows another number of answers than were given: after a crash, the posts to edit."""
    rows = await db.read(
        "SELECT r.id FROM rounds r WHERE r.state = 1 AND r.message_id IS NOT NULL AND r.shown_count <>"
        " (SELECT COUNT(*) FROM answers a WHERE a.round_id = r.id AND a.late = 0)"
    )
    return [row["id"] for row in rows]


async def history(db: Database, guild_id: int) -> list[str]:
    """The ids of the items of the guild's rounds that took place, oldest first."""
    rows = await db.read("SELECT item_id FROM rounds WHERE guild_id = $1 AND state <> 3 ORDER BY number", guild_id)
    return [row["item_id"] for row in rows]


async def still_to_answer(db: Database, user_id: int, guild_id: int | None, now: int) -> set[str]:
    """The ids of items of open rounds that the learner has not answered: of this guild, and of those with a streak."""
    rows = await db.read(
        "SELECT r.item_id FROM rounds r WHERE r.state = 1 AND COALESCE(r.reveal_at > $3, TRUE) AND r.guild_id IN"
        " (SELECT guild_id FROM streaks WHERE user_id = $1 UNION ALL SELECT CAST($2 AS BIGINT))"
        " AND NOT EXISTS (SELECT 1 FROM answers a WHERE a.round_id = r.id AND a.user_id = $1)",
        user_id,
        guild_id or 0,
        now,
    )
    return {row["item_id"] for row in rows}


def open_round(
    guild_id: int, day: date, item: Item, seed: int, *, channel_id: int, freezes: bool, delivery_id: int
) -> tuple[Statement, Statement]:
    """Keep the item as it is now and open a round on it; nothing happens when that day has its round already."""
    return (
        keep(item),
        sql(
            "INSERT INTO rounds (guild_id, local_date, number, item_id, digest, seed, state, freezes, channel_id, delivery_id)"
            " SELECT CAST($1 AS BIGINT), CAST($2 AS TEXT), COALESCE(MAX(number), 0) + 1, CAST($3 AS TEXT),"
            " CAST($4 AS TEXT), CAST($5 AS BIGINT), 1, CAST($6 AS BIGINT), CAST($7 AS BIGINT), CAST($8 AS BIGINT)"
            " FROM rounds WHERE guild_id = $1 ON CONFLICT DO NOTHING",
            guild_id,
            day.isoformat(),
            item.id,
            item.digest,
            seed,
            int(freezes),
            channel_id,
            delivery_id,
        ),
    )


def reopen(round_id: int, channel_id: int, delivery_id: int) -> Statement:
    """Use a round that was taken back after all, or move one that has not been posted to the channel chosen since."""
    return sql(
        "UPDATE rounds SET state = 1, channel_id = $2, delivery_id = $3 WHERE id = $1 AND message_id IS NULL",
        round_id,
        channel_id,
        delivery_id,
    )


def posted(round_id: int, message_id: int, reveal_at: int, *, late: bool = False) -> Statement:
    return sql(
        "UPDATE rounds SET message_id = $2, reveal_at = $3, late = $4 WHERE id = $1 AND state = 1",
        round_id,
        message_id,
        reveal_at,
        int(late),
    )


def move_reveal(round_id: int, reveal_at: int) -> Statement:
    """Move the reveal of an open round, after its guild's schedule changed."""
    return sql("UPDATE rounds SET reveal_at = $2 WHERE id = $1 AND state = 1", round_id, reveal_at)


def revealed(round_id: int, *, threaded: bool) -> Statement:
    """Close a round. A thread started from a message has the message's id."""
    return sql(
        "UPDATE rounds SET state = 2, thread_id = CASE WHEN $2 = 1 THEN message_id ELSE thread_id END"
        " WHERE id = $1 AND state < 3",
        round_id,
        int(threaded),
    )


def void(guild_id: int, day: date) -> Statement:
    """Take back a round whose post never went out."""
    return sql(f"{_VOID} AND local_date = $2", guild_id, day.isoformat())


def void_unposted(guild_id: int) -> Statement:
    """Take back what was opened for posts that are no longer owed."""
    return sql(
        f"{_VOID} AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.id = rounds.delivery_id AND d.state < 2)", guild_id
    )


def shown(round_id: int, count: int) -> Statement:
    return sql("UPDATE rounds SET shown_count = $2 WHERE id = $1", round_id, count)
