"""Boards of points and accuracy, read from `scores` and `score_steps`: never more than the rows that are shown and those
on one step."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.board import TOP, Metric
from bot.core.periods import FIRST_WEEK
from bot.core.privacy import Visibility
from bot.storage.database import Database, Row
from bot.storage.scores import ACCURACY_STEP, BY_ACCURACY, BY_POINTS, ENOUGH, POINTS_STEP

NO_PERIOD = -1
"""The period before all time."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody's row on a board. `name` is what others may call them, "" if unknown; `rank` is None in a list from the
    top, whose ranks follow from the values; `before` is the rank in the period before."""

    user_id: int
    value: int
    answers: int
    correct: int
    name: str
    rank: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Own:
    """What a board says of one learner and of all: how many are ranked, and whether a period before has something."""

    ranked: int
    earlier: bool
    value: int | None
    answers: int
    shown: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Which scores are compared: of a server (group 0) or a group, in a period, beside the period before."""

    guild_id: int
    group_id: int
    period: int
    previous: int
    metric: Metric

    @property
    def args(self) -> tuple[int, int, int, int]:
        return self.guild_id, self.group_id, self.period, self.previous

    @property
    def column(self) -> str:
        return "accuracy" if self.metric is Metric.ACCURACY else "points"

    @property
    def step(self) -> int:
        return ACCURACY_STEP if self.metric is Metric.ACCURACY else POINTS_STEP

    def rows(self, alias: str, period: str = "$3", *, above: str = "0") -> str:
        """The condition on rows of `scores` that stand on the board above a value.

        SQLite begins where the first lower bound says, whatever follows: there must not be a second one.
        """
        return f"{self.place(alias, period)} AND {alias}.{self.column} > {above}"

    def place(self, alias: str, period: str = "$3") -> str:
        """The same whatever the value is."""
        where = f"{alias}.guild_id = $1 AND {alias}.group_id = $2 AND {alias}.period = {period}"
        return where + self.enough(alias)

    def enough(self, alias: str) -> str:
        if self.metric is not Metric.ACCURACY:
            return ""
        return f" AND {alias}.answers >= " + ENOUGH.replace("period", f"{alias}.period")

    def steps(self, above: str, period: str = "$3") -> str:
        metric = BY_ACCURACY if self.metric is Metric.ACCURACY else BY_POINTS
        return (
            "COALESCE((SELECT SUM(k.learners) FROM score_steps k WHERE k.guild_id = $1 AND k.group_id = $2"
            f" AND k.period = {period} AND k.metric = {metric} AND k.step > {above}), 0)"
        )

    def rank(self, value: str, period: str = "$3") -> str:
        """The rank of a value: who stands on higher steps, and who stands higher on its own."""
        return (
            f"1 + {self.steps(f'{value} / {self.step}', period)} + (SELECT COUNT(*) FROM scores q"
            f" WHERE {self.rows('q', period, above=value)} AND q.shown = 1"
            f" AND q.{self.column} < ({value} / {self.step} + 1) * {self.step})"
        )

    def standings(self, rows: str, *, ranked: bool) -> str:
        """`rows` of user_id, value, answers, correct with what else is shown of them."""
        return (
            "SELECT t.*, n.name, l.visibility, l.pseudonym,"
            f" {self.rank('t.value') if ranked else 'NULL'} AS rank,"
            f" CASE WHEN p.user_id IS NULL THEN NULL ELSE {self.rank(f'p.{self.column}', '$4')} END AS before"
            f" FROM ({rows}) t"
            " LEFT JOIN learner_names n ON n.guild_id = $1 AND n.user_id = t.user_id"
            " LEFT JOIN learners l ON l.user_id = t.user_id"
            f" LEFT JOIN scores p ON p.user_id = t.user_id AND p.shown = 1 AND {self.rows('p', '$4')}"
        )

    @property
    def columns(self) -> str:
        return f"s.user_id, s.{self.column} AS value, s.answers, s.correct"


async def top(db: Database, chart: Chart, limit: int = TOP) -> list[Standing]:
    """The first places; equal values in an order that stays the same."""
    column = chart.column
    rows = await db.read(
        chart.standings(
            f"SELECT {chart.columns} FROM scores s WHERE {chart.rows('s')} AND s.shown = 1"
            f" ORDER BY s.{column} DESC, s.user_id DESC LIMIT $5",
            ranked=False,
        ),
        *chart.args,
        limit,
    )
    return in_order(rows)


async def own(db: Database, chart: Chart, user_id: int) -> Own:
    """What a learner has, whether or not it is enough to be ranked."""
    column = chart.column
    a_week = chart.period >= FIRST_WEEK
    kind = f"p.period >= {FIRST_WEEK}" if a_week else f"p.period > 0 AND p.period < {FIRST_WEEK}"
    [row] = await db.read(
        f"SELECT {chart.steps('0')} + (SELECT COUNT(*) FROM scores q WHERE {chart.rows('q')} AND q.shown = 1"
        f" AND q.{column} < {chart.step}) AS ranked,"
        " CASE WHEN EXISTS (SELECT 1 FROM scores p WHERE p.guild_id = $1 AND p.group_id = $2"
        f" AND {kind} AND p.period <= $4) THEN 1 ELSE 0 END AS earlier,"
        f" CASE WHEN s.{column} > 0{chart.enough('s')} THEN s.{column} END AS value,"
        " COALESCE(s.answers, 0) AS answers, COALESCE(s.shown, 1) AS shown"
        " FROM (SELECT 1 AS one) o LEFT JOIN scores s"
        " ON s.guild_id = $1 AND s.group_id = $2 AND s.period = $3 AND s.user_id = $5",
        *chart.args,
        user_id,
    )
    return Own(int(row["ranked"]), bool(row["earlier"]), row["value"], row["answers"], bool(row["shown"]))


async def around(db: Database, chart: Chart, user_id: int, value: int) -> list[Standing]:
    """A learner with the one above and the one below, all with their ranks."""
    column = chart.column
    here = f"SELECT {chart.columns} FROM scores s WHERE s.shown = 1 AND"
    rows = await db.read(
        chart.standings(
            f"SELECT * FROM ({here} {chart.place('s')} AND (s.{column}, s.user_id) > ($6, $5) ORDER BY s.{column}, s.user_id LIMIT 1) above"
            f" UNION ALL SELECT * FROM (SELECT {chart.columns} FROM scores s WHERE s.guild_id = $1 AND s.group_id = $2"
            " AND s.period = $3 AND s.user_id = $5) own UNION ALL"
            f" SELECT * FROM ({here} {chart.rows('s')} AND (s.{column}, s.user_id) < ($6, $5)"
            f" ORDER BY s.{column} DESC, s.user_id DESC LIMIT 1) below",
            ranked=True,
        ),
        *chart.args,
        user_id,
        value,
    )
    return in_order(rows, of=user_id)


async def winners(db: Database, chart: Chart, limit: int) -> list[Standing]:
    """Everybody on the first place, up to a limit."""
    column = chart.column
    here = f"{chart.rows('s')} AND s.shown = 1"
    rows = await db.read(
        chart.standings(
            f"SELECT {chart.columns} FROM scores s WHERE {here} AND s.{column} ="
            f" (SELECT MAX(s.{column}) FROM scores s WHERE {here}) ORDER BY s.user_id DESC LIMIT $5",
            ranked=False,
        ),
        *chart.args,
        limit,
    )
    return in_order(rows)


def in_order(rows: Sequence[Row], of: int = 0) -> list[Standing]:
    """The rows as places, highest first. Somebody who is hidden is left out whatever the row says, but for `of`."""
    found = [
        Standing(
            user_id=row["user_id"],
            value=row["value"],
            answers=row["answers"],
            correct=row["correct"],
            name=called(row),
            rank=None if row["rank"] is None else int(row["rank"]),
            before=None if row["before"] is None else int(row["before"]),
        )
        for row in rows
        if row["visibility"] != Visibility.HIDDEN or row["user_id"] == of
    ]
    return sorted(found, key=lambda standing: (-standing.value, -standing.user_id))


def called(row: Row) -> str:
    """What others may call somebody, from `name`, `visibility` and `pseudonym`."""
    return (row["pseudonym"] if row["visibility"] == Visibility.PSEUDONYM else row["name"]) or ""
