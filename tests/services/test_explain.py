"""Explanations: what stands beside one, and practising on it. How they are found: test_explain_finding.py."""

from random import Random
from typing import Any, cast

import pytest

from bot.app import Services
from bot.core.asked import Asked
from bot.core.codes import System
from bot.core.content import LETTERS, Content
from bot.core.errors import ChoiceUnknown, ConceptGone, QuestionChanged
from bot.services.explain import Explain, Question, system_of
from tests.samples import linked_content
from tests.services.conftest import World
from tests.services.guild import GUILD, LEARNER, at, round_of


@pytest.fixture
def content() -> Content:
    return linked_content()


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


def test_most_shipped_concepts_can_be_practised(real_content: Content):
    shipped = Explain(cast(Any, None), real_content, lambda: 0.0, Random(1))
    practised = [concept for concept in real_content.concepts.values() if shipped.items(concept)]
    assert len(practised) > len(real_content.concepts) * 0.6
