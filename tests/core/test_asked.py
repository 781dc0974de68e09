"""An item as it is put to somebody, and how it was answered."""

from bot.core.asked import Asked, Distribution, distribution, letters
from tests.samples import make_item


def test_letters_stand_in_the_order_shown() -> None:
    assert letters([3, 0, 5]) == "ADF"


def test_a_distribution_counts_each_letter_and_only_the_whole_key_is_right() -> None:
    asked = Asked(make_item("x", options=5, right=(0, 3)), 3)
    key = asked.key
    half = key[0] + next(letter for letter in "ABCDE" if letter not in key)
    found = distribution(asked, [(key, 3), ("".join(sorted(half)), 2)])
    assert (found.total, found.correct) == (5, 3)
    assert found.choices[key[0]] == 5
    assert found.choices[key[1]] == 3


def test_accuracy_needs_answers() -> None:
    assert Distribution({"A": 3, "B": 1}, 4, 3).accuracy == 0.75
    assert Distribution({"A": 0}, 0, 0).accuracy is None
