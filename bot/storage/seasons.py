"""Seasons that ended, who won them, and the role that winners wear."""

from collections.abc import Sequence

from bot.core.deliveries import Kind, State
from bot.core.seasons import Winner
from bot.storage.database import Database, Statement, sql


def ended(guild_id: int, season: int, posted_at: int, winners: Sequence[Winner]) -> list[Statement]:
    """Keep how a season ended; one that is kept already stays as it was."""
    return [
        sql(
            # Nobody reads the number of learners any more.
            "INSERT INTO seasons (guild_id, season, posted_at, learners) VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING",
            guild_id,
            season,
            posted_at,
        ),
        *(
            sql(
                "INSERT INTO season_winners (guild_id, season, user_id, rank, points) VALUES ($1, $2, $3, $4, $5)"
                " ON CONFLICT DO NOTHING",
                guild_id,
                season,
                winner.user_id,
                winner.rank,
                winner.points,
            )
            for winner in winners
        ),
    ]


async def first_of_last(db: Database, guild_id: int, before: int) -> list[int]:
    """Who won the last season that ended before season `before`."""
    rows = await db.read(
        "SELECT user_id FROM season_winners WHERE guild_id = $1 AND rank = 1 AND season ="
        " (SELECT MAX(season) FROM seasons WHERE guild_id = $1 AND season < $2) ORDER BY user_id",
        guild_id,
        before,
    )
    return [row["user_id"] for row in rows]


async def role(db: Database, guild_id: int) -> int | None:
    rows = await db.read("SELECT role_id FROM season_roles WHERE guild_id = $1", guild_id)
    return rows[0]["role_id"] if rows else None


def set_role(guild_id: int, role_id: int | None) -> Statement:
    if role_id is None:
        return sql("DELETE FROM season_roles WHERE guild_id = $1", guild_id)
    return sql(
        "INSERT INTO season_roles (guild_id, role_id) VALUES ($1, $2)"
        " ON CONFLICT (guild_id) DO UPDATE SET role_id = excluded.role_id",
        guild_id,
        role_id,
    )


async def planned(db: Database, guild_id: int) -> dict[str, State]:
    """What became of the results of a guild's seasons, by the season's name; settled ones are forgotten after months."""
    rows = await db.read(
        "SELECT subject, state FROM deliveries WHERE guild_id = $1 AND kind = $2", guild_id, Kind.SEASON.value
    )
    return {row["subject"]: State(row["state"]) for row in rows}


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    rows = await db.read(
        "SELECT guild_id, season, rank, points FROM season_winners WHERE user_id = $1 ORDER BY season, guild_id",
        user_id,
    )
    return [
        {
            "guild": str(row["guild_id"]),
            "season": f"{row['season'] // 12}-{row['season'] % 12 + 1:02}",
            "rank": row["rank"],
            "points": row["points"],
        }
        for row in rows
    ]


def erase(user_id: int) -> list[Statement]:
    """The season itself is kept; only who won it is forgotten."""
    return [sql("DELETE FROM season_winners WHERE user_id = $1", user_id)]
