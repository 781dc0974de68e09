"""What study groups have won, as boards compare them."""

from dataclasses import dataclass

from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class GroupTotal:
    """What the shown members of an open group have in a period. `members` are those with a counted answer."""

    id: int
    name: str
    members: int
    points: int
    answers: int
    correct: int


async def totals(db: Database, guild_id: int, period: int) -> list[GroupTotal]:
    """What each open group of a server has won, hidden members left out."""
    rows = await db.read(
        "SELECT g.id, g.name, COUNT(*) AS members, SUM(s.points) AS points, SUM(s.answers) AS answers,"
        # The groups first, which CROSS JOIN makes SQLite do: the other way round it reads all scores of the server.
        " SUM(s.correct) AS correct FROM study_groups g CROSS JOIN scores s WHERE g.guild_id = $1 AND g.state = 1"
        " AND s.guild_id = $1 AND s.group_id = g.id AND s.period = $2 AND s.shown = 1 AND s.answers > 0"
        " GROUP BY g.id, g.name",
        guild_id,
        period,
    )
    return [
        GroupTotal(row["id"], row["name"], row["members"], int(row["points"]), int(row["answers"]), int(row["correct"]))
        for row in rows
    ]


async def counted_before(db: Database, guild_id: int, lowest: int, period: int) -> bool:
    """Whether anything in a server was counted in the periods from `lowest` to `period`."""
    rows = await db.read(
        "SELECT 1 AS one FROM scores WHERE guild_id = $1 AND group_id = 0 AND period >= $2 AND period <= $3 LIMIT 1",
        guild_id,
        lowest,
        period,
    )
    return bool(rows)
