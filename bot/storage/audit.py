"""The rows behind a guild's scores, read whole: for proving that what is kept is what the answers come to."""

from dataclasses import dataclass
from datetime import date

from bot.core.tally import Attempt, Key, Score
from bot.storage.database import Database
from bot.storage.scores import ACCURACY_STEP, BY_ACCURACY, BY_POINTS, ENOUGH, POINTS_STEP

Step = tuple[int, int, int, int]
"""Group, period, metric, step."""


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A daily round with `answers` that no attempt stands for."""

    round_id: int
    item_id: str
    day: date
    answers: int


async def guilds(db: Database) -> list[int]:
    """The guilds in which something was answered."""
    rows = await db.read(
        "SELECT guild_id FROM attempts UNION SELECT guild_id FROM scores UNION SELECT guild_id FROM answers ORDER BY guild_id"
    )
    return [row["guild_id"] for row in rows]


async def attempts(db: Database, guild_id: int) -> list[Attempt]:
    rows = await db.read("SELECT * FROM attempts WHERE guild_id = $1", guild_id)
    return [
        Attempt(
            row["user_id"],
            row["item_id"],
            row["season"],
            row["week"],
            row["points"],
            bool(row["correct"]),
            row["attempted_at"],
        )
        for row in rows
    ]


async def members(db: Database, guild_id: int) -> dict[int, list[tuple[int, int]]]:
    """The groups of each learner, with the instant of joining."""
    found: dict[int, list[tuple[int, int]]] = {}
    for row in await db.read("SELECT user_id, group_id, joined_at FROM group_members WHERE guild_id = $1", guild_id):
        found.setdefault(row["user_id"], []).append((row["group_id"], row["joined_at"]))
    return found


async def hidden(db: Database) -> set[int]:
    """The learners who are on no board."""
    return {row["user_id"] for row in await db.read("SELECT user_id FROM learners WHERE visibility = 'hidden'")}


async def scores(db: Database, guild_id: int) -> dict[Key, tuple[Score, int, bool]]:
    """What is kept: each score with its accuracy, and whether it is shown."""
    rows = await db.read("SELECT * FROM scores WHERE guild_id = $1", guild_id)
    return {
        (row["group_id"], row["period"], row["user_id"]): (
            Score(row["points"], row["answers"], row["correct"]),
            row["accuracy"],
            bool(row["shown"]),
        )
        for row in rows
    }


async def steps(db: Database, guild_id: int) -> dict[Step, int]:
    """How many learners the kept steps say stand on each, empty ones left out."""
    rows = await db.read("SELECT * FROM score_steps WHERE guild_id = $1 AND learners <> 0", guild_id)
    return {(row["group_id"], row["period"], row["metric"], row["step"]): row["learners"] for row in rows}


async def steps_of_scores(db: Database, guild_id: int) -> dict[Step, int]:
    """The same, counted from the scores."""
    found: dict[Step, int] = {}
    for metric, value, which in (
        (BY_POINTS, f"points / {POINTS_STEP}", "shown = 1"),
        (BY_ACCURACY, f"accuracy / {ACCURACY_STEP}", f"shown = 1 AND answers >= {ENOUGH}"),
    ):
        rows = await db.read(
            f"SELECT group_id, period, {value} AS step, COUNT(*) AS n FROM scores WHERE guild_id = $1 AND {which}"
            f" GROUP BY group_id, period, {value}",
            guild_id,
        )
        found.update({(row["group_id"], row["period"], metric, row["step"]): row["n"] for row in rows})
    return found


_SEASON = "(CAST(SUBSTR(r.local_date, 1, 4) AS BIGINT) * 12 + CAST(SUBSTR(r.local_date, 6, 2) AS BIGINT) - 1)"


async def uncounted(db: Database, guild_id: int) -> list[Uncounted]:
    """The daily rounds with answers in time behind which there is no attempt in that season, oldest first."""
    rows = await db.read(
        "SELECT r.id, r.item_id, r.local_date, COUNT(*) AS n FROM rounds r JOIN answers a ON a.round_id = r.id"
        " WHERE r.guild_id = $1 AND a.late = 0 AND NOT EXISTS (SELECT 1 FROM attempts t WHERE t.guild_id = $1"
        f" AND t.user_id = a.user_id AND t.item_id = r.item_id AND t.season = {_SEASON})"
        " GROUP BY r.id, r.item_id, r.local_date, r.number ORDER BY r.number",
        guild_id,
    )
    return [Uncounted(row["id"], row["item_id"], date.fromisoformat(row["local_date"]), row["n"]) for row in rows]
