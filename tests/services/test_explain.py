"""Explanations: what every shipped name and everyday words find, what stands beside one, and practising on it."""

from random import Random
from typing import Any, cast

import pytest

from bot.app import Services
from bot.core.asked import Asked
from bot.core.codes import System
from bot.core.content import LETTERS, Concept, Content
from bot.core.errors import ChoiceUnknown, ConceptGone, ConceptUnknown, QuestionChanged
from bot.services.explain import CHOICES_AT_MOST, OTHERS_AT_MOST, Explain, Question, system_of
from tests.samples import linked_content
from tests.services.conftest import World
from tests.services.guild import GUILD, LEARNER, at, round_of


@pytest.fixture
def content() -> Content:
    return linked_content()


@pytest.fixture(scope="module")
def shipped(real_content: Content) -> Explain:
    """Over all shipped concepts; finding reads no database."""
    return Explain(cast(Any, None), real_content, lambda: 0.0, Random(1))


def found(explain: Explain, text: str) -> list[str]:
    """The ids of what a text finds, the best first."""
    match = explain.find(text)
    first = [match.page.concept] if match.page else []
    return [concept.id for concept in (*first, *match.others)]


# -- finding -------------------------------------------------------------------------------------------------


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


# -- a page --------------------------------------------------------------------------------------------------


def test_a_page_has_what_to_read_next_and_the_codes_with_their_sets(services: Services):
    page = services.explain.page("concept-item-00")
    assert [concept.id for concept in page.related] == ["concept-item-11", "no-question-here"]
    assert page.codes == (
        (System.ICD10CM, "J18.9"),
        (System.ICD10CM, "E11"),
        (System.HCPCS, "J0696"),
        (System.ICD10PCS, "0DTJ4ZZ"),
    )


def test_every_shipped_code_has_a_code_set(real_content: Content):
    systems = {system_of(code) for concept in real_content.concepts.values() for code in concept.codes}
    assert systems == {System.ICD10CM, System.HCPCS, System.ICD10PCS}


def test_the_page_behind_an_item_is_that_of_its_concept(services: Services, content: Content):
    item = content.items["item-01"]
    page = services.explain.behind(item)
    assert page is not None
    assert page.concept.id == item.concept


def test_a_concept_that_is_gone_is_said_to_be(services: Services):
    with pytest.raises(ConceptGone):
        services.explain.page("removed")


# -- practising ----------------------------------------------------------------------------------------------


async def asked(services: Services, concept: str, guild: int | None = GUILD, after: str = "") -> Question:
    question = await services.explain.ask(concept, LEARNER, guild, after)
    assert question is not None
    return question


def item_of(question: Question) -> str:
    return question.asked.item.id


async def test_a_concept_is_practised_on_its_own_item_first(services: Services):
    for _ in range(5):
        question = await asked(services, "concept-item-00")
        assert (item_of(question), question.own, question.more) == ("item-00", True, True)


async def test_the_next_question_walks_through_what_is_related_and_begins_anew(services: Services):
    first = await asked(services, "only-by-relation")
    assert not first.own
    seen = [item_of(first)]
    question = first
    for _ in range(3):
        question = await asked(services, "only-by-relation", after=question.asked.item.digest)
        seen.append(item_of(question))
    assert set(seen[:2]) == {"item-01", "item-11"}
    assert seen[2:] == seen[:2]


async def test_a_single_question_comes_again(services: Services):
    first = await asked(services, "concept-item-01")
    again = await asked(services, "concept-item-01", after=first.asked.item.digest)
    assert item_of(again) == item_of(first) == "item-01"
    assert not again.more


async def test_a_concept_without_any_question_has_none(services: Services):
    assert await services.explain.ask("no-question-here", LEARNER, GUILD) is None


async def test_an_answer_is_judged_by_the_letters_as_they_were_shown(services: Services, content: Content):
    item = content.items["item-11"]
    for seed in range(50):
        shown = Asked(item, seed)
        right = services.explain.judge("concept-item-11", item.digest, seed, shown.key)
        assert right.correct
        assert {option.text for letter, option in shown.options if letter in shown.key} == {
            item.options[place].text for place in item.key
        }
        other = next(letter for letter in LETTERS[:5] if letter not in shown.key)
        assert not services.explain.judge("concept-item-11", item.digest, seed, shown.key[0] + other).correct


async def test_an_answer_to_a_related_item_is_judged_as_well(services: Services, content: Content):
    item = content.items["item-01"]
    result = services.explain.judge("only-by-relation", item.digest, 3, Asked(item, 3).key)
    assert result.correct
    assert not result.question.own


@pytest.mark.parametrize(
    ("concept", "digest", "chosen", "error"),
    [
        ("removed", "", "A", ConceptGone),
        ("concept-item-01", "0" * 16, "A", QuestionChanged),
        ("concept-item-01", "", "F", ChoiceUnknown),
        ("concept-item-01", "", "", ChoiceUnknown),
    ],
)
def test_a_stale_or_unknown_answer_is_refused(
    services: Services, content: Content, concept: str, digest: str, chosen: str, error: type[Exception]
):
    with pytest.raises(error):
        services.explain.judge(concept, digest or content.items["item-01"].digest, 1, chosen)


@pytest.mark.usefixtures("guild")
async def test_an_open_daily_question_is_not_asked_for_practice_until_it_is_answered(
    world: World, services: Services
) -> None:
    await world.to(at(3, 2, 9))
    round_ = await round_of(services, 3, 2)
    concept = round_.item.concept
    offered = await services.explain.ask(concept, LEARNER, GUILD)
    assert offered is None or item_of(offered) != round_.item.id
    # Where the bot knows nothing of the learner it has to be asked in the server; elsewhere nothing is held back.
    assert item_of(await asked(services, concept, guild=None)) == round_.item.id
    await services.daily.answer(round_.id, LEARNER, round_.key)
    assert item_of(await asked(services, concept)) == round_.item.id


@pytest.mark.usefixtures("guild")
async def test_who_takes_part_in_a_server_is_not_asked_its_open_question_in_direct_messages(
    world: World, services: Services
) -> None:
    await world.to(at(3, 2, 9))
    await services.daily.answer((await round_of(services, 3, 2)).id, LEARNER, "A")
    await world.to(at(3, 3, 9))
    today = await round_of(services, 3, 3)
    offered = await services.explain.ask(today.item.concept, LEARNER, None)
    assert offered is None or item_of(offered) != today.item.id
    await world.to(at(3, 4, 9))
    assert item_of(await asked(services, today.item.concept, guild=None)) == today.item.id


@pytest.mark.usefixtures("guild")
async def test_a_question_out_of_use_in_a_server_is_not_practised_there(services: Services) -> None:
    for learner in (1, 2, 3):
        await services.flags.report(GUILD, "item-01", learner, "wrong key")
    assert await services.explain.ask("concept-item-01", LEARNER, GUILD) is None
    assert item_of(await asked(services, "concept-item-01", guild=None)) == "item-01"


async def test_practice_stores_nothing(services: Services, content: Content) -> None:
    question = await asked(services, "concept-item-00")
    services.explain.judge("concept-item-00", question.asked.item.digest, question.asked.seed, "A")
    for table in ("answers", "streaks", "cards", "rounds"):
        [row] = await services.db.read(f"SELECT COUNT(*) AS n FROM {table}")
        assert row["n"] == 0


def test_most_shipped_concepts_can_be_practised(shipped: Explain, real_content: Content):
    def practised(concept: Concept) -> bool:
        return bool(shipped.items(concept))

    count = sum(map(practised, real_content.concepts.values()))
    assert count > len(real_content.concepts) * 0.6
