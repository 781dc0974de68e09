"""Which documents are found, and in which order: by what was asked, then by how likely they are meant."""

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.search.engine import CANDIDATES
from bot.search.index import Document
from tests.search.small import Small, titled


def test_what_says_just_the_words_stands_before_what_says_more():
    index = Small(titled("Fracture of femur with nonunion", "Fracture of femur"))
    assert index.ids("femur fracture") == [2, 1]


def test_of_equals_the_likelier_stands_first():
    documents = [Document(1, ("Gout of knee",), prior=0.2), Document(2, ("Gout of foot",), prior=0.9)]
    assert Small(documents).ids("gout") == [2, 1]


def test_of_equals_in_everything_the_smaller_id_stands_first():
    documents = [Document(n, ("Gout",), prior=0.5) for n in (3, 1, 2)]
    assert Small(documents).ids("gout") == [1, 2, 3]


def test_what_holds_all_words_stands_before_what_holds_some():
    index = Small(titled("Left knee", "Pain", "Pain in left knee", "Left hip"))
    assert index.ids("left knee pain")[0] == 3
    assert set(index.ids("left knee pain")) >= {1, 2, 3}


def test_when_enough_hold_all_words_no_others_are_looked_for():
    both = [Document(n, (f"Pain in knee {n}",), prior=0.5) for n in range(1, 31)]
    index = Small([*both, Document(99, ("Pain",), prior=1.0)])
    assert 99 not in index.ids("pain knee")


def test_a_word_that_nobody_knows_does_not_hide_the_others():
    assert Small(titled("Pain in hip", "Pain in knee")).ids("qqqq pain knee")[0] == 2


def test_nothing_like_it_finds_nothing():
    index = Small(titled("Pain in hip"))
    assert index.ids("qqqq") == index.ids("") == index.ids("!!!") == []


@pytest.mark.parametrize("typed", ["hypertenson", "hypretension", "Hipertension", "hypertennsion"])
def test_a_typo_finds_what_was_meant(typed: str):
    titles = ("Hypotension", "Asthma", "Hypertension")
    assert Small([Document(n, (title,), prior=0.5) for n, title in enumerate(titles, 1)]).ids(typed)[0] == 3


def test_an_unfinished_word_finds_what_it_may_become():
    index = Small(titled("Asthma", "Hypertension", "Hypotension"))
    assert index.ids("hyperte") == [2]
    assert index.ids("hyp") == [2, 3]


def test_a_finished_word_is_not_taken_for_a_beginning():
    index = Small(titled("Goutlike pain", "Gout"))
    assert index.ids("gout ") == [2]
    assert index.ids("gout")[0] == 2


def test_a_synonym_of_several_words_is_understood():
    index = Small(titled("Fibrillation of ventricle", "Atrial fibrillation"), {"afib": ["atrial fibrillation"]})
    assert index.ids("afib")[0] == 2


def test_each_meaning_of_an_abbreviation_is_looked_for():
    meanings = {"ms": ["multiple sclerosis", "mitral stenosis"]}
    assert set(Small(titled("Multiple sclerosis", "Mitral stenosis", "Gout"), meanings).ids("ms")) == {1, 2}


def test_other_ways_to_call_it_find_it():
    documents = [Document(1, ("Gout, unspecified", "Podagra"), prior=0.1), Document(2, ("Asthma",), prior=0.9)]
    assert Small(documents).ids("podagra") == [1]


def test_a_title_counts_more_than_what_stands_above():
    documents = [Document(1, ("Other",), "Gout and others", 0.5), Document(2, ("Gout",), "Joints", 0.5)]
    assert Small(documents).ids("gout") == [2, 1]


def test_only_the_bands_asked_for_are_searched():
    index = Small([Document(n, ("Gout",), prior=0.5) for n in (1, 2, 11, 12, 21)])
    assert index.ids("gout", (1, 10)) == [1, 2]
    assert index.ids("gout", (1, 10), (20, 30)) == [1, 2, 21]
    assert index.ids("gout", (40, 50)) == []


def test_the_likeliest_are_ranked_when_there_are_too_many():
    """Rows come in the order of their ids, which is that of the prior, and are cut off there."""
    size = 3 * CANDIDATES
    index = Small([Document(n, (f"Gout {n}",), prior=1 - n / size) for n in range(1, size + 1)])
    assert index.ids("gout ") == list(range(1, CANDIDATES + 1))


@pytest.mark.parametrize(
    "text", ['"', "gout AND", "gout OR NOT", "stems:gout", "gout*", "NEAR(gout pain)", "(", "-gout"]
)
def test_the_syntax_of_the_index_has_no_power(text: str):
    index = Small(titled("Gout", "Pain"))
    assert index.ids(text) in ([], [1], [1, 2], [2, 1])


WORDS = st.sampled_from(["gout", "pain", "left", "right", "knee", "hip", "acute", "chronic"])
TITLES = st.lists(st.lists(WORDS, min_size=1, max_size=4, unique=True).map(" ".join), min_size=1, max_size=12)


@given(TITLES, st.lists(WORDS, min_size=1, max_size=3, unique=True))
@settings(max_examples=60)
def test_all_that_hold_every_word_are_found(titles: list[str], asked: list[str]):
    found = Small(titled(*titles)).ids(" ".join(asked) + " ")
    holding = {n for n, title in enumerate(titles, 1) if set(asked) <= set(title.split())}
    some = {n for n, title in enumerate(titles, 1) if set(asked) & set(title.split())}
    assert holding <= set(found) <= some
    assert len(found) == len(set(found))


@given(TITLES, st.data())
@settings(max_examples=60)
def test_the_title_itself_finds_its_document_first(titles: list[str], data: st.DataObject):
    title = data.draw(st.sampled_from(titles))
    first = Small([Document(n, (t,), prior=0.5) for n, t in enumerate(titles, 1)]).ids(title + " ")[0]
    assert set(titles[first - 1].split()) == set(title.split())


@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str):
    assert set(SHARED.ids(text)) <= {1, 2}


SHARED = Small(titled("Gout", "Pain"), {"a": ["gout"], "e": ["pain", "gout"]})


def test_a_long_query_is_answered():
    rng = random.Random(1)
    text = " ".join("".join(rng.choices(string.ascii_lowercase, k=7)) for _ in range(500))
    assert SHARED.ids(f"gout {text}")[0] == 1
