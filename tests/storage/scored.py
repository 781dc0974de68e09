"""Scores put straight into a database, with the steps they stand on, for tests of boards."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from bot.core.periods import FIRST_WEEK, Span, period
from bot.core.scores import ANSWERS_AT_LEAST, accuracy
from bot.storage import learners
from bot.storage.database import Database, Statement, sql
from bot.storage.scores import ACCURACY_STEP, BY_ACCURACY, BY_POINTS, POINTS_STEP

GUILD = 10
MARCH, FEBRUARY = (period(Span.SEASON, date(2026, month, 1)) for month in (3, 2))


@dataclass(frozen=True, slots=True)
class Score:
    """A learner's row in a period; `group` 0 is the server."""

    user: int
    points: int
    answers: int
    correct: int
    period: int = MARCH.key
    group: int = 0
    shown: bool = True

    @property
    def accuracy(self) -> int:
        return accuracy(self.correct, self.answers)

    @property
    def enough(self) -> bool:
        span = Span.ALL if self.period == 0 else Span.WEEK if self.period >= FIRST_WEEK else Span.SEASON
        return self.answers >= ANSWERS_AT_LEAST[span]

    def again(self, **changes: int) -> "Score":
        return replace(self, **changes)


async def fill(db: Database, scores: list[Score], guild: int = GUILD) -> None:
    """Make these the only scores of the guild."""
    steps: Counter[tuple[int, int, int, int]] = Counter()
    for score in scores:
        if score.shown:
            steps[score.group, score.period, BY_POINTS, score.points // POINTS_STEP] += 1
            if score.enough:
                steps[score.group, score.period, BY_ACCURACY, score.accuracy // ACCURACY_STEP] += 1
    statements: list[Statement] = [
        sql("DELETE FROM scores WHERE guild_id = $1", guild),
        sql("DELETE FROM score_steps WHERE guild_id = $1", guild),
    ]
    statements += [
        sql(
            "INSERT INTO scores (guild_id, group_id, period, user_id, points, answers, correct, accuracy, shown)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            guild, s.group, s.period, s.user, s.points, s.answers, s.correct, s.accuracy, int(s.shown),
        )
        for s in scores
    ]  # fmt: skip
    statements += [
        sql(
            "INSERT INTO score_steps (guild_id, group_id, period, metric, step, learners) VALUES ($1, $2, $3, $4, $5, $6)",
            guild, group, number, metric, step, count,
        )
        for (group, number, metric, step), count in steps.items()
    ]  # fmt: skip
    await db.write(*statements)


async def name(db: Database, names: dict[int, str], guild: int = GUILD) -> None:
    await db.write(*(learners.remember_name(guild, user, called) for user, called in names.items()))


async def found(db: Database, group: int, named: str, members: list[int], guild: int = GUILD) -> None:
    """An open study group."""
    await db.write(
        sql(
            "INSERT INTO study_groups (id, guild_id, name, name_key, joining, state, channel_id, created_at)"
            " VALUES ($1, $2, $3, $4, 'open', 1, 20, 1)",
            group,
            guild,
            named,
            named.casefold(),
        ),
        *(
            sql(
                "INSERT INTO group_members (group_id, user_id, guild_id, owner, joined_at) VALUES ($1, $2, $3, 0, $4)",
                group,
                user,
                guild,
                group,
            )
            for user in members
        ),
    )
