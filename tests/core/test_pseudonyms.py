"""Made-up names: short, plain, many, and none of a person or a diagnosis."""

from random import Random

from bot.core.pseudonyms import FIRST, NUMBERS, SECOND, pseudonym


def test_the_words_are_plain_and_none_comes_twice() -> None:
    words = [*FIRST, *SECOND]
    assert len(set(words)) == len(words)
    assert all(word.isascii() and word.isalpha() and word.istitle() and len(word) <= 8 for word in words)
    assert len(FIRST) * len(SECOND) * len(NUMBERS) > 500_000


def test_a_pseudonym_fits_where_names_stand() -> None:
    rng = Random(1)
    drawn = {pseudonym(rng) for _ in range(2000)}
    assert len(drawn) > 1980
    assert max(map(len, drawn)) <= 20
