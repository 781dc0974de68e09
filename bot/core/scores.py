"""What an answer is worth."""

from bot.core.content import Difficulty

POINTS = {Difficulty.EASY: 10, Difficulty.MEDIUM: 15, Difficulty.HARD: 20}


def points(difficulty: Difficulty, *, correct: bool) -> int:
    """Points for a first answer given in time: 10, 15 or 20 by difficulty when right, none when wrong.

    Neither speed nor the streak counts; an answer after the reveal is practice and is worth nothing. An item with
    several right options is right when all of them and no other were chosen.
    """
    return POINTS[difficulty] if correct else 0
