"""What an answer is worth, and what boards rank by."""

from enum import StrEnum
from math import sqrt

from bot.core.content import Difficulty
from bot.core.periods import Span

POINTS = {Difficulty.EASY: 10, Difficulty.MEDIUM: 15, Difficulty.HARD: 20}

PRACTICE_AT_MOST = 60
"""Points that practice brings on one local day in one guild: four questions of medium difficulty."""

PLAYERS_AT_LEAST = 2
"""Learners who must have answered a question of a live round, or it brings nobody points."""

ANSWERS_AT_LEAST = {Span.WEEK: 5, Span.SEASON: 10, Span.ALL: 20}
"""Counted answers that a learner needs to be ranked by accuracy."""

MILLION = 1_000_000
_Z = 1.96


class Mode(StrEnum):
    """Where an item was answered."""

    DAILY = "daily"
    LIVE = "live"
    QUIZ = "quiz"


def points(difficulty: Difficulty, *, correct: bool) -> int:
    """Points for a learner's first answer to an item in a guild and season: 10, 15 or 20 by difficulty when right.

    The daily question counts when it is answered before the reveal. Practice brings PRACTICE_AT_MOST points a local
    day. A question of a live round counts when at least PLAYERS_AT_LEAST learners answered it. These limits are applied
    in the transaction that counts the answer (`bot.storage.scores`). Wrong answers, answers to an item that the learner
    has answered this season, and items that were withdrawn bring none. Neither speed nor streak nor the number of tries
    counts. An item with several right options is right when all of them and no other were chosen.
    """
    return POINTS[difficulty] if correct else 0


def accuracy(correct: int, answers: int) -> int:
    """What boards rank accuracy by: the lower bound of Wilson's 95 % interval, in millionths.

    Wilson, Journal of the American Statistical Association 22 (1927). It grows with the share of right answers and
    with their number, so that 3 of 3 stands below 95 of 100.
    """
    if answers == 0:
        return 0
    spread = _Z * sqrt(correct * (answers - correct) / answers + _Z * _Z / 4)
    return round(MILLION * max(0.0, (correct + _Z * _Z / 2 - spread) / (answers + _Z * _Z)))


def accuracy_sql(correct: str, answers: str) -> str:
    """The same over columns, for both databases; `answers` must not be 0."""
    c, n = (f"CAST({column} AS DOUBLE PRECISION)" for column in (correct, answers))
    z = f"CAST({_Z} AS DOUBLE PRECISION)"
    lower = f"({c} + {z} * {z} / 2 - {z} * SQRT({c} * ({n} - {c}) / {n} + {z} * {z} / 4)) / ({n} + {z} * {z})"
    return f"CAST(ROUND({MILLION} * CASE WHEN {lower} > 0 THEN {lower} ELSE 0 END) AS BIGINT)"
