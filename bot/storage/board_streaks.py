"""Boards of streaks: the current ones that are alive, or the longest there were."""

from dataclasses import dataclass

from bot.core.board import TOP
from bot.core.streaks import FREEZES_AT_MOST
from bot.storage.board import Own, Standing, in_order
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Alive:
    """Which streaks are alive: for 0, 1, 2 freezes held, the number of the round up to which they must reach."""

    since: tuple[int, ...]

    def condition(self) -> str:
        """Over `streaks s`, with numbers and no parameters."""
        return " AND (" + " OR ".join(f"(s.number >= {n} AND s.freezes >= {i})" for i, n in enumerate(self.since)) + ")"


async def alive(db: Database, guild_id: int, now: int) -> Alive:
    """What was missed since follows from the last rounds that are over, each with whether freezes were allowed."""
    rows = await db.read(
        "SELECT number, freezes FROM rounds WHERE guild_id = $1 AND state <> 3"
        " AND (state = 2 OR COALESCE(reveal_at <= $2, FALSE)) ORDER BY number DESC LIMIT $3",
        guild_id,
        now,
        FREEZES_AT_MOST + 1,
    )
    since: list[int] = []
    for held in range(FREEZES_AT_MOST + 1):
        if held and (len(rows) <= held - 1 or not rows[held - 1]["freezes"]):
            break
        since.append(rows[held]["number"] if held < len(rows) else 0)
    return Alive(tuple(since))


@dataclass(frozen=True, slots=True)
class StreakChart:
    """Whose streaks are compared: of a server (group 0) or a group; `alive` None for the longest of all time."""

    guild_id: int
    group_id: int
    alive: Alive | None

    @property
    def args(self) -> tuple[int, ...]:
        return (self.guild_id, self.group_id) if self.group_id else (self.guild_id,)

    @property
    def column(self) -> str:
        return "longest" if self.alive is None else "current"

    @property
    def order(self) -> tuple[str, ...]:
        """The columns of the index, so that it gives the order."""
        return ("longest", "user_id") if self.alive is None else ("current", "number", "freezes", "user_id")

    @property
    def rows(self) -> str:
        where = f"s.guild_id = $1 AND s.{self.column} > 0"
        if self.alive is not None:
            where += self.alive.condition()
        if self.group_id:
            where += " AND m.group_id = $2 AND s.user_id = m.user_id"
        return where

    @property
    def tables(self) -> str:
        """What `rows` is a condition on. CROSS JOIN makes SQLite begin with the members, who are few."""
        return "group_members m CROSS JOIN streaks s" if self.group_id else "streaks s"

    def standings(self, rows: str) -> str:
        return (
            "SELECT t.*, 0 AS answers, 0 AS correct, n.name, l.visibility, l.pseudonym, NULL AS before"
            f" FROM ({rows}) t LEFT JOIN learner_names n ON n.guild_id = $1 AND n.user_id = t.user_id"
            " LEFT JOIN learners l ON l.user_id = t.user_id"
        )

    def parameter(self, number: int) -> str:
        """The parameter after those of `args`."""
        return f"${len(self.args) + number}"


async def top(db: Database, chart: StreakChart, limit: int = TOP) -> list[Standing]:
    order = ", ".join(f"s.{column} DESC" for column in chart.order)
    rows = await db.read(
        chart.standings(
            f"SELECT s.user_id, s.{chart.column} AS value, NULL AS rank FROM {chart.tables}"
            f" WHERE {chart.rows} AND s.shown = 1 ORDER BY {order} LIMIT {chart.parameter(1)}"
        ),
        *chart.args,
        limit,
    )
    return in_order(rows)


async def own(db: Database, chart: StreakChart, user_id: int) -> Own:
    person = chart.parameter(1)
    [row] = await db.read(
        f"SELECT (SELECT COUNT(*) FROM {chart.tables} WHERE {chart.rows} AND s.shown = 1) AS ranked,"
        f" (SELECT s.{chart.column} FROM {chart.tables} WHERE {chart.rows} AND s.user_id = {person}) AS value,"
        f" (SELECT s.shown FROM streaks s WHERE s.guild_id = $1 AND s.user_id = {person}) AS shown",
        *chart.args,
        user_id,
    )
    return Own(row["ranked"], False, row["value"], 0, row["shown"] != 0)


async def around(db: Database, chart: StreakChart, user_id: int) -> list[Standing]:
    """A learner with the one above and the one below, all with their ranks."""
    person = chart.parameter(1)
    columns = ", ".join(f"s.{column}" for column in chart.order)
    own = f"(SELECT {columns} FROM streaks s WHERE s.guild_id = $1 AND s.user_id = {person})"
    picked = f"SELECT s.user_id, s.{chart.column} AS value FROM"
    up = ", ".join(f"s.{column}" for column in chart.order)
    down = ", ".join(f"s.{column} DESC" for column in chart.order)
    here = f"{picked} {chart.tables} WHERE {chart.rows} AND s.shown = 1"
    rows = await db.read(
        chart.standings(
            f"SELECT c.*, 1 + (SELECT COUNT(*) FROM {chart.tables}"
            f" WHERE {chart.rows} AND s.shown = 1 AND s.{chart.column} > c.value) AS rank FROM ("
            f"SELECT * FROM ({here} AND ({columns}) > {own} ORDER BY {up} LIMIT 1) above"
            f" UNION ALL SELECT * FROM ({picked} streaks s WHERE s.guild_id = $1 AND s.user_id = {person}) own"
            f" UNION ALL SELECT * FROM ({here} AND ({columns}) < {own} ORDER BY {down} LIMIT 1) below) c"
        ),
        *chart.args,
        user_id,
    )
    return in_order(rows, of=user_id)
