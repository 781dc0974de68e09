"""What an answer is worth."""

import pytest

from bot.core.content import Difficulty
from bot.core.scores import points


@pytest.mark.parametrize(
    ("difficulty", "worth"), [(Difficulty.EASY, 10), (Difficulty.MEDIUM, 15), (Difficulty.HARD, 20)]
)
def test_a_right_answer_is_worth_its_difficulty_and_a_wrong_one_nothing(difficulty: Difficulty, worth: int) -> None:
    assert points(difficulty, correct=True) == worth
    assert points(difficulty, correct=False) == 0


def test_each_difficulty_has_its_worth() -> None:
    assert len({points(difficulty, correct=True) for difficulty in Difficulty}) == len(Difficulty)
