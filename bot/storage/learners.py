"""What a learner chose about being seen by others, and what they are called."""

from bot.core.privacy import Visibility
from bot.storage.database import Database, Statement, sql


async def visibility(db: Database, user_id: int) -> Visibility:
    rows = await db.look_up("SELECT visibility FROM learners WHERE user_id = $1", user_id)
    return Visibility(rows[0]["visibility"]) if rows else Visibility.SHOWN


async def seen_as(db: Database, user_id: int) -> tuple[Visibility, str]:
    """The choice, and the pseudonym if one was ever made."""
    rows = await db.look_up("SELECT visibility, pseudonym FROM learners WHERE user_id = $1", user_id)
    return (Visibility(rows[0]["visibility"]), rows[0]["pseudonym"]) if rows else (Visibility.SHOWN, "")


def set_visibility(user_id: int, choice: Visibility) -> Statement:
    return sql(
        "INSERT INTO learners (user_id, visibility) VALUES ($1, $2)"
        " ON CONFLICT (user_id) DO UPDATE SET visibility = excluded.visibility",
        user_id,
        choice.value,
    )


def set_pseudonym(user_id: int, pseudonym: str, *, instead_of: str = "") -> Statement:
    """Call somebody so who is shown by a pseudonym, `instead_of` so far. A name that somebody else has makes the write a Conflict."""
    return sql(
        "UPDATE learners SET pseudonym = $2 WHERE user_id = $1 AND pseudonym = $3 AND visibility = 'pseudonym'",
        user_id,
        pseudonym,
        instead_of,
    )


async def name(db: Database, guild_id: int, user_id: int) -> str:
    """What a learner is called in a guild, as far as it is known."""
    rows = await db.look_up("SELECT name FROM learner_names WHERE guild_id = $1 AND user_id = $2", guild_id, user_id)
    return rows[0]["name"] if rows else ""


async def public_names(db: Database, guild_id: int, user_ids: list[int]) -> dict[int, str]:
    """What others may call these people: a pseudonym where that was chosen. Who is hidden or unknown is left out."""
    if not user_ids:
        return {}
    places = ", ".join(f"CAST(${i} AS BIGINT)" for i in range(2, len(user_ids) + 2))
    rows = await db.read(
        "SELECT n.user_id, CASE WHEN l.visibility = 'pseudonym' THEN l.pseudonym ELSE n.name END AS name"
        " FROM learner_names n LEFT JOIN learners l ON l.user_id = n.user_id"
        f" WHERE n.guild_id = $1 AND n.user_id IN ({places}) AND COALESCE(l.visibility, '') <> 'hidden'",
        guild_id,
        *user_ids,
    )
    return {row["user_id"]: row["name"] for row in rows}


def remember_name(guild_id: int, user_id: int, name: str) -> Statement:
    """Keep what a learner is called in a guild, for boards."""
    return sql(
        "INSERT INTO learner_names (guild_id, user_id, name) VALUES ($1, $2, $3)"
        " ON CONFLICT (guild_id, user_id) DO UPDATE SET name = excluded.name"
        " WHERE learner_names.name <> excluded.name",
        guild_id,
        user_id,
        name,
    )


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    chosen = await db.read("SELECT visibility, pseudonym FROM learners WHERE user_id = $1", user_id)
    names = await db.read("SELECT guild_id, name FROM learner_names WHERE user_id = $1 ORDER BY guild_id", user_id)
    return [
        *({"visibility": row["visibility"], "pseudonym": row["pseudonym"]} for row in chosen),
        *({"guild": str(row["guild_id"]), "name": row["name"]} for row in names),
    ]


def erase(user_id: int) -> list[Statement]:
    return [
        sql("DELETE FROM learners WHERE user_id = $1", user_id),
        sql("DELETE FROM learner_names WHERE user_id = $1", user_id),
    ]
