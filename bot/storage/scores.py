"""First answers that count, and the rows that boards are read from, maintained in the answer's own transaction.

`attempts` has a row for each learner's first answer to an item in a guild and season. `scores` sums them up for the
server (group 0) and each group of the learner, by week, season and all time; `score_steps` counts the learners who stand
on each step of points and of accuracy, so that a rank is a short sum.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.core.periods import FIRST_WEEK, Span, period
from bot.core.scores import ANSWERS_AT_LEAST, PLAYERS_AT_LEAST, PRACTICE_AT_MOST, Mode, accuracy_sql
from bot.storage.database import Database, Statement, sql

POINTS_STEP, ACCURACY_STEP = 5, 5000
BY_POINTS, BY_ACCURACY = 0, 1

ENOUGH = (
    f"CASE WHEN period = 0 THEN {ANSWERS_AT_LEAST[Span.ALL]}"
    f" WHEN period >= {FIRST_WEEK} THEN {ANSWERS_AT_LEAST[Span.WEEK]} ELSE {ANSWERS_AT_LEAST[Span.SEASON]} END"
)
"""Answers needed to be ranked by accuracy, in a row of `scores`."""

_IN_USE = "NOT EXISTS (SELECT 1 FROM withdrawals w WHERE w.guild_id = a.guild_id AND w.item_id = a.item_id)"
_SHOWN = "CASE WHEN EXISTS (SELECT 1 FROM learners l WHERE l.user_id = a.user_id AND l.visibility = 'hidden') THEN 0 ELSE 1 END"
_TOUCHED = "s.user_id = a.user_id AND s.guild_id = a.guild_id AND s.period IN (0, $3, $4) AND s.shown = 1"
_COLUMNS = "guild_id, group_id, period, user_id, points, answers, correct, accuracy, shown"


@dataclass(frozen=True, slots=True)
class When:
    """The local day in a guild on which something was answered, and the number that marks the transaction."""

    day: date
    mark: int
    at: int
    """UTC seconds."""

    @property
    def season(self) -> int:
        return _key(Span.SEASON, self.day)

    @property
    def week(self) -> int:
        return _key(Span.WEEK, self.day)


@lru_cache(maxsize=64)
def _key(span: Span, day: date) -> int:
    return period(span, day).key


def _steps(sign: int, which: str, *args: object) -> Statement:
    """Take the rows of `scores s` that `which` names off their steps (-1), or put them on (1)."""
    return sql(
        "INSERT INTO score_steps (guild_id, group_id, period, metric, step, learners)"
        f" SELECT guild_id, group_id, period, metric, step, {sign} * COUNT(*) FROM ("
        f" SELECT guild_id, group_id, period, {BY_POINTS} AS metric, points / {POINTS_STEP} AS step"
        f" FROM scores s WHERE {which} AND shown = 1 UNION ALL"
        f" SELECT guild_id, group_id, period, {BY_ACCURACY}, accuracy / {ACCURACY_STEP}"
        f" FROM scores s WHERE {which} AND shown = 1 AND answers >= {ENOUGH}"
        ") stood GROUP BY guild_id, group_id, period, metric, step"
        " ON CONFLICT (guild_id, group_id, period, metric, step)"
        " DO UPDATE SET learners = score_steps.learners + excluded.learners",
        *args,
    )


# -- answers ---------------------------------------------------------------------------------------------------


_DAILY = (
    "INSERT INTO attempts (guild_id, user_id, item_id, season, week, day, mode, source, correct, points, mark, attempted_at)"
    " SELECT a.guild_id, a.user_id, CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS TEXT),"
    f" '{Mode.DAILY}', a.round_id, a.correct, a.points, CAST($6 AS BIGINT), a.answered_at"
    " FROM answers a WHERE a.round_id = $1 AND a.late = 0 "
)
_DAILY_OF_ALL, _DAILY_OF_ONE = _DAILY + "ON CONFLICT DO NOTHING", _DAILY + "AND a.user_id = $7 ON CONFLICT DO NOTHING"


def daily_attempts(
    guild_id: int, item_id: str, round_id: int, when: When, user_id: int | None = None
) -> list[Statement]:
    """Count the answers to a daily round that stand, of one learner or of all: those given in time that are the first to
    the item this season."""
    args = (round_id, item_id, when.season, when.week, when.day.isoformat(), when.mark)
    stored = Statement(_DAILY_OF_ALL, args) if user_id is None else Statement(_DAILY_OF_ONE, (*args, user_id))
    return [stored, *_count(guild_id, item_id, when, user_id)]


def quiz_attempt(
    guild_id: int, user_id: int, item_id: str, session_id: int, position: int, worth: int, when: When
) -> list[Statement]:
    """Count the answer to an item of a session, `worth` points if right, within what practice may bring a day; what it
    brought is kept in the session too. The statements follow the one that stores the answer, with `when.at` as its time."""
    return [
        sql(
            "INSERT INTO attempts (guild_id, user_id, item_id, season, week, day, mode, source, correct, points, mark, attempted_at)"
            " SELECT CAST($1 AS BIGINT), i.user_id, i.item_id, CAST($4 AS BIGINT), CAST($5 AS BIGINT), CAST($6 AS TEXT),"
            f" '{Mode.QUIZ}', i.session_id, i.correct, CASE WHEN i.correct = 0 OR p.points >= {PRACTICE_AT_MOST} THEN 0"
            f" WHEN p.points + $10 > {PRACTICE_AT_MOST} THEN {PRACTICE_AT_MOST} - p.points ELSE CAST($10 AS BIGINT) END,"
            " CAST($7 AS BIGINT), i.answered_at FROM session_items i,"
            " (SELECT COALESCE(SUM(points), 0) AS points FROM attempts"
            f" WHERE guild_id = $1 AND user_id = $2 AND season = $4 AND day = $6 AND mode = '{Mode.QUIZ}') p"
            " WHERE i.session_id = $8 AND i.position = $9 AND i.user_id = $2 AND i.item_id = $3 AND i.answered_at = $11"
            " ON CONFLICT DO NOTHING",
            guild_id, user_id, item_id, when.season, when.week, when.day.isoformat(), when.mark, session_id, position,
            worth, when.at,
        ),
        *_count(guild_id, item_id, when, user_id),
        sql(
            "UPDATE session_items SET points = (SELECT a.points FROM attempts a WHERE a.guild_id = $1 AND a.user_id = $2"
            " AND a.item_id = $3 AND a.season = $4) WHERE session_id = $5 AND position = $6 AND EXISTS (SELECT 1"
            " FROM attempts a WHERE a.guild_id = $1 AND a.user_id = $2 AND a.item_id = $3 AND a.season = $4 AND a.mark = $7)",
            guild_id, user_id, item_id, when.season, session_id, position, when.mark,
        ),
    ]  # fmt: skip


def live_attempts(guild_id: int, item_id: str, live_id: int, position: int, worth: int, when: When) -> list[Statement]:
    """Count the judged answers to a question of a live round, `worth` points each if right, none with too few players.

    The statements follow the one that judges the answers; what each brought is kept beside the answer too.
    """
    return [
        sql(
            "INSERT INTO attempts (guild_id, user_id, item_id, season, week, day, mode, source, correct, points, mark, attempted_at)"
            " SELECT CAST($1 AS BIGINT), i.user_id, CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT),"
            f" CAST($5 AS TEXT), '{Mode.LIVE}', i.live_id, i.correct, CASE WHEN i.correct = 1 AND (SELECT COUNT(*)"
            f" FROM live_answers WHERE live_id = $7 AND position = $8) >= {PLAYERS_AT_LEAST}"
            " THEN CAST($9 AS BIGINT) ELSE 0 END, CAST($6 AS BIGINT), CAST($10 AS BIGINT) FROM live_answers i"
            " WHERE i.live_id = $7 AND i.position = $8 AND i.correct IS NOT NULL ON CONFLICT DO NOTHING",
            guild_id, item_id, when.season, when.week, when.day.isoformat(), when.mark, live_id, position, worth, when.at,
        ),
        *_count(guild_id, item_id, when),
        sql(
            "UPDATE live_answers SET points = (SELECT a.points FROM attempts a WHERE a.guild_id = $1 AND a.item_id = $2"
            " AND a.season = $3 AND a.user_id = live_answers.user_id) WHERE live_id = $4 AND position = $5 AND EXISTS (SELECT 1"
            " FROM attempts a WHERE a.guild_id = $1 AND a.item_id = $2 AND a.season = $3 AND a.mark = $6"
            " AND a.user_id = live_answers.user_id)",
            guild_id, item_id, when.season, live_id, position, when.mark,
        ),
    ]  # fmt: skip


def _texts(whose: str) -> tuple[str, str]:
    """The two statements that add marked attempts to the scores and to the steps."""
    marked = f"a.guild_id = $1 AND a.item_id = $2 AND a.season = $3 AND a.mark = $5 {whose}"
    former = accuracy_sql("(s.correct - a.correct)", "(s.answers - 1)")
    counted = (
        f"INSERT INTO scores ({_COLUMNS}) SELECT a.guild_id, a.group_id, p.period, a.user_id, a.points, 1, a.correct,"
        f" {accuracy_sql('a.correct', '1')}, {_SHOWN} FROM ("
        f"SELECT a.*, CAST(0 AS BIGINT) AS group_id FROM attempts a WHERE {marked} UNION ALL"
        " SELECT a.*, m.group_id FROM attempts a JOIN group_members m ON m.user_id = a.user_id"
        f" AND m.guild_id = a.guild_id AND m.joined_at <= a.attempted_at WHERE {marked}) a"
        " CROSS JOIN (SELECT CAST(0 AS BIGINT) AS period UNION ALL SELECT CAST($3 AS BIGINT)"
        f" UNION ALL SELECT CAST($4 AS BIGINT)) p WHERE {_IN_USE}"
        " ON CONFLICT (user_id, guild_id, period, group_id) DO UPDATE SET points = scores.points + excluded.points,"
        " answers = scores.answers + excluded.answers, correct = scores.correct + excluded.correct, accuracy = "
        + accuracy_sql("(scores.correct + excluded.correct)", "(scores.answers + excluded.answers)")
    )
    # Each changed row leaves the step it stood on before this answer for the one that it stands on now.
    stepped = (
        "INSERT INTO score_steps (guild_id, group_id, period, metric, step, learners)"
        " SELECT guild_id, group_id, period, metric, CASE sign WHEN 1 THEN step ELSE former END, SUM(sign) FROM ("
        f"SELECT s.guild_id, s.group_id, s.period, {BY_POINTS} AS metric, s.points / {POINTS_STEP} AS step,"
        f" CASE WHEN s.answers > 1 THEN (s.points - a.points) / {POINTS_STEP} ELSE -1 END AS former"
        f" FROM attempts a JOIN scores s ON {_TOUCHED} WHERE {marked} AND {_IN_USE} UNION ALL"
        f" SELECT s.guild_id, s.group_id, s.period, {BY_ACCURACY}, s.accuracy / {ACCURACY_STEP},"
        f" CASE WHEN s.answers > {ENOUGH} THEN {former} / {ACCURACY_STEP} ELSE -1 END"
        f" FROM attempts a JOIN scores s ON {_TOUCHED} WHERE {marked} AND {_IN_USE} AND s.answers >= {ENOUGH}"
        ") stood CROSS JOIN (SELECT 1 AS sign UNION ALL SELECT -1) signs"
        " WHERE step <> former AND (sign = 1 OR former >= 0)"
        " GROUP BY guild_id, group_id, period, metric, CASE sign WHEN 1 THEN step ELSE former END"
        " ON CONFLICT (guild_id, group_id, period, metric, step)"
        " DO UPDATE SET learners = score_steps.learners + excluded.learners"
    )
    return counted, stepped


# Put together once: an answer is too small to pay for it each time.
_OF_ALL, _OF_ONE = _texts(""), _texts("AND a.user_id = $6")


def _count(guild_id: int, item_id: str, when: When, user_id: int | None = None) -> list[Statement]:
    """Add the attempts that this transaction marked to the scores, those of one learner or of all who made any; a second
    attempt at the item left no mark."""
    args: tuple[object, ...] = (guild_id, item_id, when.season, when.week, when.mark)
    if user_id is None:
        return [Statement(text, args) for text in _OF_ALL]
    return [Statement(text, (*args, user_id)) for text in _OF_ONE]


# -- what changes scores otherwise -----------------------------------------------------------------------------


def _recount(which: str, *args: object, group: str = "") -> list[Statement]:
    """Make anew, from the attempts, the rows that `which` names, written with {0} for the alias of `scores` and of
    `attempts` alike; `group` is a parameter that leaves only the rows of that group."""
    of_scores = which.format("s") + (f" AND s.group_id = {group}" if group else "")
    of_attempts = f"{which.format('a')} AND {_IN_USE}"
    columns = "a.guild_id, a.user_id, a.points, a.correct, a.season, a.week"
    server = f"SELECT {columns}, CAST(0 AS BIGINT) AS group_id FROM attempts a WHERE {of_attempts} UNION ALL "
    groups = (
        f"SELECT {columns}, m.group_id FROM attempts a JOIN group_members m ON m.user_id = a.user_id"
        f" AND m.guild_id = a.guild_id AND m.joined_at <= a.attempted_at WHERE {of_attempts}"
    ) + (f" AND m.group_id = {group}" if group else "")
    return [
        _steps(-1, of_scores, *args),
        sql(f"DELETE FROM scores AS s WHERE {of_scores}", *args),
        sql(
            f"INSERT INTO scores ({_COLUMNS}) SELECT a.guild_id, a.group_id, a.period, a.user_id, SUM(a.points), COUNT(*),"
            f" SUM(a.correct), {accuracy_sql('SUM(a.correct)', 'COUNT(*)')}, {_SHOWN} FROM ("
            f"SELECT c.*, CASE k.kind WHEN 0 THEN CAST(0 AS BIGINT) WHEN 1 THEN c.season ELSE c.week END AS period"
            f" FROM ({'' if group else server}{groups}) c"
            " CROSS JOIN (SELECT 0 AS kind UNION ALL SELECT 1 UNION ALL SELECT 2) k) a"
            " GROUP BY a.guild_id, a.group_id, a.period, a.user_id",
            *args,
        ),
        _steps(1, of_scores, *args),
    ]


def recount_item(guild_id: int, item_id: str, *, if_withdrawn: bool = False) -> list[Statement]:
    """Follow an item's withdrawal, or its return: who has answered it is counted anew. With `if_withdrawn` nothing
    happens while the item is in use."""
    users = "SELECT x.user_id FROM attempts x WHERE x.guild_id = $1 AND x.item_id = $2"
    if if_withdrawn:
        users += " AND EXISTS (SELECT 1 FROM withdrawals w WHERE w.guild_id = $1 AND w.item_id = $2)"
    return _recount("{0}.guild_id = $1 AND {0}.user_id IN (" + users + ")", guild_id, item_id)


def recount_member(guild_id: int, group_id: int, user_id: int) -> list[Statement]:
    """Follow a learner's joining or leaving of a group, in the same transaction and after it."""
    return _recount("{0}.guild_id = $1 AND {0}.user_id = $2", guild_id, user_id, group_id, group="$3")


def recount_guild(guild_id: int) -> list[Statement]:
    """Count a whole guild anew."""
    return [
        sql("DELETE FROM score_steps WHERE guild_id = $1", guild_id),
        sql("DELETE FROM scores WHERE guild_id = $1", guild_id),
        *_recount("{0}.guild_id = $1", guild_id),
    ]


def forget_group(group_id: int) -> list[Statement]:
    """Take a closed group off all boards."""
    return [
        sql("DELETE FROM score_steps WHERE group_id = $1", group_id),
        sql("DELETE FROM scores WHERE group_id = $1", group_id),
    ]


def show(user_id: int, *, shown: bool) -> list[Statement]:
    """Put a learner on all boards, or take them off; their own rank stays theirs to see."""
    return [
        _steps(-1, "s.user_id = $1", user_id),
        sql("UPDATE scores SET shown = $2 WHERE user_id = $1", user_id, int(shown)),
        _steps(1, "s.user_id = $1", user_id),
        sql("UPDATE streaks SET shown = $2 WHERE user_id = $1", user_id, int(shown)),
    ]


async def export(db: Database, user_id: int) -> list[dict[str, object]]:
    attempts = await db.read(
        "SELECT * FROM attempts WHERE user_id = $1 ORDER BY attempted_at, guild_id, item_id", user_id
    )
    scores = await db.read("SELECT * FROM scores WHERE user_id = $1 ORDER BY guild_id, group_id, period", user_id)
    return [
        *(
            {
                "guild": str(row["guild_id"]),
                "item": row["item_id"],
                "day": row["day"],
                "mode": row["mode"],
                "correct": bool(row["correct"]),
                "points": row["points"],
                "attempted_at": row["attempted_at"],
            }
            for row in attempts
        ),
        *(
            {
                "guild": str(row["guild_id"]),
                "group": row["group_id"] or None,
                "period": row["period"],
                "points": row["points"],
                "answers": row["answers"],
                "correct": row["correct"],
            }
            for row in scores
        ),
    ]


def erase(user_id: int) -> list[Statement]:
    return [
        _steps(-1, "s.user_id = $1", user_id),
        sql("DELETE FROM scores WHERE user_id = $1", user_id),
        sql("DELETE FROM attempts WHERE user_id = $1", user_id),
    ]
