"""The shipped content: sound, whole, and enough of it for every area of the CPC blueprint."""

import re
from collections import Counter
from pathlib import Path

import pytest

from bot.core.codes import System
from bot.core.content import Content, Exam
from bot.packs.checks import coverage
from bot.packs.load import read_content
from bot.packs.models import FILES

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def cpc(real_content: Content) -> Exam:
    return real_content.exams["cpc"]


def test_the_shipped_content_has_no_fault():
    content, faults = read_content(ROOT / "content")
    assert [str(fault) for fault in faults] == []
    assert content.items


def test_every_file_under_content_is_read():
    """A file in a folder that no model covers would be left out without a word."""
    strays = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "content").rglob("*")
        if path.is_file() and (path.suffix not in (".yaml", ".yml") or path.relative_to(ROOT).parts[1] not in FILES)
    ]
    assert [stray for stray in strays if Path(stray).name not in ("README.md", "LICENSE", "LICENSE.md")] == []


def test_there_are_at_least_80_items_and_20_of_icd_10_cm(real_content: Content):
    assert len(real_content.items) >= 80
    assert sum("icd-10-cm" in item.areas for item in real_content.items.values()) >= 20


def test_every_cpc_area_is_served(real_content: Content, cpc: Exam):
    assert [title for title, _, count in coverage(real_content, cpc) if count == 0] == []


def test_there_are_enough_case_sets_for_cpc(real_content: Content, cpc: Exam):
    cases = real_content.cases_for(cpc)
    asked = [real_content.items[name] for case in cases for name in case.items]
    assert len(cases) >= 10
    assert len(asked) >= 35
    assert sum(item.multiple for item in asked) >= 3
    assert {item.id for item in asked}.isdisjoint(item.id for item in real_content.pool(cpc))


def test_each_case_set_asks_for_different_things_and_names_nobody(real_content: Content):
    for case in real_content.cases.values():
        asked = [real_content.items[name] for name in case.items]
        assert len({item.concept for item in asked}) == len(asked), case.id
        assert len({item.scenario for item in asked}) == 1, case.id
        assert not re.search(r"\b(Mr|Mrs|Ms|Dr)\b", asked[0].scenario), case.id


@pytest.mark.parametrize("name", ["cpc", "coc"])
def test_the_areas_of_a_blueprint_make_up_the_whole_exam(real_content: Content, name: str):
    exam = real_content.exams[name]
    assert sum(area.weight for area in exam.areas) == exam.items
    assert len({area.id for area in exam.areas}) == len(exam.areas)


def test_every_item_says_what_a_learner_needs(real_content: Content):
    for item in real_content.items.values():
        assert item.stem.rstrip().endswith(("?", ".", ")")), item.id
        assert 0 < len(item.key) < len(item.options), item.id
        assert all(option.rationale for option in item.options), item.id
        assert item.reference, item.id
        assert item.source, item.id
        assert item.review_after > item.as_of, item.id
        assert item.concept in real_content.concepts, item.id


def test_the_stem_of_an_item_with_several_keys_says_how_many(real_content: Content):
    words = {2: ("two", "2"), 3: ("three", "3"), 4: ("four", "4")}
    for item in real_content.items.values():
        if item.multiple:
            assert any(word in item.stem.lower() for word in (*words[len(item.key)], "all that")), item.id


def test_every_concept_has_an_example_and_an_area_that_items_may_serve(real_content: Content):
    """An area is one that a blueprint draws from, or a code set, for which there may be no questions so far."""
    drawn = {area for exam in real_content.exams.values() for row in exam.areas for area in row.draws_from}
    known = drawn | {system.lower().replace(" ", "-") for system in System}
    for concept in real_content.concepts.values():
        assert concept.example, concept.id
        assert set(concept.areas) <= known, concept.id


def test_every_name_of_a_concept_leads_to_it(real_content: Content):
    """One name may lead to a few concepts, but no two have the same title, and none says the same name twice."""
    titles = Counter(concept.title.casefold() for concept in real_content.concepts.values())
    assert [title for title, count in titles.items() if count > 1] == []
    for concept in real_content.concepts.values():
        assert len({alias.casefold() for alias in concept.aliases}) == len(concept.aliases), concept.id
        assert len(set(concept.related)) == len(concept.related) > 0, concept.id


def test_no_source_is_one_that_only_its_author_can_open(real_content: Content):
    entries = [*real_content.items.values(), *real_content.concepts.values()]
    private = [entry.id for entry in entries if re.search(r"fact base|\.md\b|UNVERIFIED|\bHIGH\b", entry.source)]
    assert private == []


def test_the_keys_are_spread_over_the_places(real_content: Content):
    """Options are shuffled when shown, yet an author's habit would show in the files."""
    single = [item for item in real_content.items.values() if not item.multiple]
    for place in range(4):
        share = sum(place in item.key for item in single) / len(single)
        assert 0.1 < share < 0.45, place
