"""Finding explanations: what every shipped name, everyday words and misspelt ones lead to."""

from random import Random
from typing import Any, cast

import pytest

from bot.core.content import Content
from bot.core.errors import ConceptUnknown
from bot.services.explain import CHOICES_AT_MOST, OTHERS_AT_MOST, Explain


@pytest.fixture(scope="module")
def shipped(real_content: Content) -> Explain:
    """Over all shipped concepts; finding reads no database."""
    return Explain(cast(Any, None), real_content, lambda: 0.0, Random(1))


def found(explain: Explain, text: str) -> list[str]:
    """The ids of what a text finds, the best first."""
    match = explain.find(text)
    first = [match.page.concept] if match.page else []
    return [concept.id for concept in (*first, *match.others)]


def test_every_id_and_title_finds_its_concept_and_nothing_else_first(shipped: Explain, real_content: Content):
    for concept in real_content.concepts.values():
        for name in (concept.id, concept.title, concept.title.upper()):
            match = shipped.find(name)
            assert match.page is not None, name
            assert match.page.concept == concept, name


def test_every_alias_finds_a_concept_that_has_it_before_any_that_has_not(shipped: Explain, real_content: Content):
    for concept in real_content.concepts.values():
        for alias in concept.aliases:
            match = shipped.find(alias)
            first = match.page.concept if match.page else match.others[0]
            assert concept.id in found(shipped, alias), alias
            names = {name.casefold() for name in (first.title, first.id, *first.aliases)}
            squeezed = {"".join(c for c in name if c.isalnum()) for name in names}
            assert "".join(c for c in alias.casefold() if c.isalnum()) in squeezed, alias


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("modifier 25", "modifier-25-em"),
        ("25", "modifier-25-em"),
        ("-25", "modifier-25-em"),
        ("MOD 25", "modifier-25-em"),
        ("Modifier -52", "modifier-52"),
        ("modifier jw", "jw-jz-discarded-drug"),
        ("excludes1", "excludes1-same-condition"),
        ("Excludes 1", "excludes1-same-condition"),
        ("ncci", "ncci-ptp-edits"),
        ("J96.01", "respiratory-failure-sequencing"),
        ("99213", "em-office-levels"),
        ("pcs", "icd-10-pcs-overview"),
    ],
)
def test_an_exact_name_is_shown_whatever_its_signs(shipped: Explain, text: str, concept: str):
    match = shipped.find(text)
    assert match.page is not None
    assert match.page.concept.id == concept
    assert shipped.suggest(text)[0].id == concept


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("what does excludes1 mean", "excludes1-same-condition"),
        ("difference between 25 and 57", "modifiers-25-and-57-compared"),
        ("who can document bmi", "bmi-needs-provider-diagnosis"),
        ("when is a patient new", "new-v-established"),
        ("two surgeons operate together", "modifier-62-approach-surgeon"),
        ("leftover drug in a vial", "jw-jz-discarded-drug"),
        ("late effects of stroke", "stroke-sequelae-dominant-side"),
        ("bed sore stages", "pressure-ulcer-stages"),
        ("how does medicare pay hospitals for inpatients", "ipps-and-ms-drg"),
        ("resection or excision", "pcs-excision-or-resection"),
    ],
)
def test_free_words_find_it_among_the_first_three(shipped: Explain, text: str, concept: str):
    assert concept in found(shipped, text)[:3]


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("sequella", "sequela-rule"),
        ("modifer 59", "modifier-59"),
        ("principle diagnosis", "principal-diagnosis-definition"),
        ("bilateral procdure", "bilateral-one-side-code"),
        ("anesthesa units", "anesthesia-units"),
        ("hypertnesion kidney", "hypertension-heart-kidney-trio"),
    ],
)
def test_misspelt_words_are_mended(shipped: Explain, text: str, concept: str):
    assert found(shipped, text)[0] == concept
    assert concept in [suggested.id for suggested in shipped.suggest(text)[:3]]


def test_a_name_that_several_have_is_asked_back(shipped: Explain):
    match = shipped.find("hipaa")
    assert match.page is None
    assert {concept.id for concept in match.others[:2]} == {"hipaa-code-sets", "minimum-necessary"}
    assert len(match.others) <= OTHERS_AT_MOST + 1


@pytest.mark.parametrize("text", ["zzzz", "chocolate cake recipe", "?!", "", " ", "\x00", "x" * 6000, "🩺"])
def test_nothing_found_names_the_nearest(shipped: Explain, text: str):
    with pytest.raises(ConceptUnknown) as raised:
        shipped.find(text)
    sentence = str(raised.value)
    assert "Nearest: “" in sentence
    assert len(sentence) < 600


def test_content_without_concepts_finds_nothing_and_says_so():
    empty = Explain(cast(Any, None), Content(), lambda: 0.0, Random(1))
    assert empty.suggest("") == empty.suggest("ncci") == []
    with pytest.raises(ConceptUnknown, match="none at all"):
        empty.find("ncci")


def test_suggestions_begin_with_names_that_begin_so(shipped: Explain):
    titles = [concept.title for concept in shipped.suggest("root operation ex")]
    assert titles[0].startswith("Root operation Ex")
    assert {concept.id for concept in shipped.suggest("modifier 5")} >= {"modifier-51", "modifier-52", "modifier-59"}
    assert len(shipped.suggest("")) == len(shipped.suggest("c")) == CHOICES_AT_MOST


def test_suggestions_come_at_every_letter_typed(shipped: Explain):
    text = "uncertain diagnosis outpatient"
    suggested: list[str] = []
    for end in range(1, len(text) + 1):
        suggested = [concept.id for concept in shipped.suggest(text[:end])]
        assert 0 < len(suggested) <= CHOICES_AT_MOST
        assert len(set(suggested)) == len(suggested)
    assert "uncertain-diagnosis-outpatient-visit" in suggested[:2]
