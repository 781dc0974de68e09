"""How a live round begins in the database, and what the choice of its questions looks at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.core.asked import Asked
from bot.storage.database import Database, Statement, sql
from bot.storage.items import keep
from bot.storage.live_course import owe_question


@dataclass(frozen=True, slots=True)
class Course:
    """A round that is about to start. `mark` tells it from all others."""

    guild_id: int
    channel_id: int
    group_id: int
    host_id: int
    exam: str
    area: str
    seconds: int
    asked: Sequence[Asked]
    mark: int


def start(course: Course, now: int, first_at: int) -> list[Statement]:
    """Store a round with its questions and owe the first, unless another runs in the channel."""
    questions = [
        sql(
            "INSERT INTO live_questions (live_id, position, item_id, digest, seed) SELECT r.id, CAST($2 AS BIGINT),"
            " CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS BIGINT) FROM live_rounds r WHERE r.mark = $1",
            course.mark,
            position,
            asked.item.id,
            asked.item.digest,
            asked.seed,
        )
        for position, asked in enumerate(course.asked, 1)
    ]
    return [
        sql(
            "INSERT INTO live_rounds (guild_id, channel_id, group_id, host_user_id, exam, area, length, seconds, state,"
            " mark, started_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10) ON CONFLICT DO NOTHING RETURNING id",
            course.guild_id,
            course.channel_id,
            course.group_id,
            course.host_id,
            course.exam,
            course.area,
            len(course.asked),
            course.seconds,
            course.mark,
            now,
        ),
        *(keep(asked.item) for asked in course.asked),
        *questions,
        owe_question("r.mark = $1 AND r.state = 1", course.mark, first_at),
    ]


async def recent_items(db: Database, guild_id: int, limit: int) -> list[str]:
    """The items asked last in a guild, in daily and live rounds, oldest first."""
    daily = await db.read(
        "SELECT item_id, local_date FROM rounds WHERE guild_id = $1 AND state <> 3 ORDER BY number DESC LIMIT $2",
        guild_id,
        limit,
    )
    live = await db.read(
        "SELECT q.item_id, r.started_at, q.position FROM live_rounds r JOIN live_questions q ON q.live_id = r.id"
        " WHERE r.guild_id = $1 AND q.state > 0 ORDER BY r.id DESC, q.position DESC LIMIT $2",
        guild_id,
        limit,
    )
    asked = [(_noon(row["local_date"]), 0, row["item_id"]) for row in daily]
    asked += [(row["started_at"], row["position"], row["item_id"]) for row in live]
    return [item_id for _, _, item_id in sorted(asked)[-limit:]]


def _noon(day: str) -> int:
    of_day = date.fromisoformat(day)
    return int(datetime(of_day.year, of_day.month, of_day.day, 12, tzinfo=UTC).timestamp())


async def open_daily_items(db: Database, guild_id: int) -> set[str]:
    """The items of the guild's daily questions that are not revealed."""
    rows = await db.read("SELECT item_id FROM rounds WHERE guild_id = $1 AND state = 1", guild_id)
    return {row["item_id"] for row in rows}


async def group_in(db: Database, guild_id: int, channel_id: int) -> tuple[int, str]:
    """The open study group whose thread this is, and its exam; (0, "") if it is none's."""
    rows = await db.read(
        "SELECT id, exam FROM study_groups WHERE guild_id = $1 AND thread_id = $2 AND state = 1", guild_id, channel_id
    )
    return (rows[0]["id"], rows[0]["exam"]) if rows else (0, "")
