"""What a beginning may become, and what a misspelt word was meant to be."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.search.index import Document
from bot.search.vocabulary import COMPLETIONS_AT_MOST, MENDED_AT_MOST, Vocabulary
from bot.search.words import stem
from tests.search.small import Small, titled

TITLES = (
    "Hypertension",
    "Hypertension, secondary",
    "Hyperthyroidism",
    "Hypotension",
    "Pneumonia",
    "Pneumonia due to virus",
    "Migraine",
    "Asthma with 2 attacks",
    "Vitamin B12 deficiency",
    "Gout",
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Small(titled(*TITLES)).vocabulary


def test_it_knows_words_and_not_stems(vocabulary: Vocabulary):
    assert "hypertension" in vocabulary
    assert "hypertens" not in vocabulary
    assert "due" not in vocabulary
    assert stem("hypertension") in vocabulary.weights


def test_rare_words_tell_more(vocabulary: Vocabulary):
    assert vocabulary.weights[stem("gout")] > vocabulary.weights[stem("pneumonia")] > 0


def test_a_beginning_becomes_words_the_most_frequent_first(vocabulary: Vocabulary):
    assert vocabulary.completions("hyper") == [stem("hypertension"), stem("hyperthyroidism")]
    assert vocabulary.completions("hyp")[0] == stem("hypertension")
    assert vocabulary.completions("gout") == ["gout"]
    assert vocabulary.completions("xyz") == []


def test_no_more_completions_than_can_be_asked_for():
    names = [f"ab{x}{y}" for x in string.ascii_lowercase for y in string.ascii_lowercase]
    assert len(Small(titled(*names)).vocabulary.completions("ab")) == COMPLETIONS_AT_MOST


@pytest.mark.parametrize("typed", ["hypertenson", "hypertesnion", "hipertension", "hypertensionn", "hyperttenssion"])
def test_a_letter_left_out_doubled_changed_or_swapped_is_mended(vocabulary: Vocabulary, typed: str):
    assert vocabulary.mended(typed)[0][0] == stem("hypertension")


def test_a_short_word_may_be_one_letter_off_and_a_longer_one_two(vocabulary: Vocabulary):
    assert vocabulary.mended("gouts") == [("gout", 0.9 - 0.15)]
    assert vocabulary.mended("gaot") == []
    assert [part for part, _ in vocabulary.mended("migrene")] == [stem("migraine")]
    assert vocabulary.mended("mgrane") == []


@pytest.mark.parametrize("typed", ["b13", "b122", "22", "got", "e1165", "2nd", "hyper2"])
def test_short_words_and_words_with_digits_are_never_mended(vocabulary: Vocabulary, typed: str):
    assert vocabulary.mended(typed) == []
    assert vocabulary.mended(typed, unfinished=True) == []


def test_a_mistaken_first_letter_is_less_likely(vocabulary: Vocabulary):
    assert dict(vocabulary.mended("pout"))["gout"] < dict(vocabulary.mended("gput"))["gout"]


def test_an_unfinished_word_is_mended_by_its_beginning(vocabulary: Vocabulary):
    assert vocabulary.mended("hiperte") == []
    assert stem("hypertension") in dict(vocabulary.mended("hiperte", unfinished=True))


def test_the_more_frequent_of_two_is_meant():
    vocabulary = Small(titled("colica", "colitis", "colitis again", "colitis more")).vocabulary
    assert vocabulary.mended("colitia")[0][0] == stem("colitis")


def test_phrases_and_not_the_context_make_the_vocabulary():
    vocabulary = Small([Document(1, ("Gout", "Podagra"), "Diseases of joints")]).vocabulary
    assert "podagra" in vocabulary
    assert "joints" not in vocabulary


def test_an_empty_index_knows_nothing():
    vocabulary = Small([]).vocabulary
    assert vocabulary.completions("a") == vocabulary.mended("anything") == []


LETTERS = st.text(string.ascii_lowercase, min_size=4, max_size=14)


@given(LETTERS)
def test_what_is_mended_is_near(vocabulary: Vocabulary, typed: str):
    mended = vocabulary.mended(typed)
    assert len(mended) <= MENDED_AT_MOST
    assert [likely for _, likely in mended] == sorted((likely for _, likely in mended), reverse=True)
    near = {stem(w) for t in TITLES for w in t.lower().replace(",", "").split() if OSA.distance(w, typed) <= 2}
    for part, likely in mended:
        assert part in near
        assert 0.5 < likely <= 0.9


@given(st.text())
def test_no_text_breaks_it(vocabulary: Vocabulary, text: str):
    vocabulary.mended(text, unfinished=True)
    vocabulary.completions(text)
    assert isinstance(text in vocabulary, bool)
