"""/explain through real discord.py: finding, reading on, keeping and practising, in servers and direct messages."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from discord import ui

from bot.app import build_services
from bot.core.asked import Asked
from bot.core.content import LETTERS, Content
from cogs.ui import concept
from tests.cogs.conftest import Server, controls, texts
from tests.samples import linked_content

MODIFIER = "concept-item-00"


@pytest.fixture
def content() -> Content:
    return linked_content()


async def explain(server: Server, topic: str, *, direct: bool = False) -> Any:
    """What /explain answers Ana: in the server's channel, or in direct messages."""
    if direct:
        return (await server.ana.user.slash("explain", topic=topic)).response
    return (await server.ana.slash(server.channel, "explain", topic=topic)).response


def ana(server: Server, direct: bool) -> Any:
    """Who presses: a member of the server, or the same person in direct messages."""
    return server.ana.user if direct else server.ana


async def press(person: Any, page: Any, **what: str) -> Any:
    """The page after a press: a private page is replaced."""
    return (await person.click(page, **what)).response or page


async def pick(person: Any, page: Any, value: str, custom_id: str) -> Any:
    return (await person.select(page, [value], custom_id=custom_id)).response or page


def asked_on(page: Any, content: Content) -> Asked:
    """The question on a page, from the ids of its controls, which are all that the bot has as well."""
    name = next(name for name in controls(page) if name.startswith(("concept:answer:", "concept:choose:")))
    digest, seed = name.split(":")[3:5]
    [item] = [item for item in content.items.values() if item.digest == digest]
    return Asked(item, int(seed))


def wrong(asked: Asked) -> str:
    return next(letter for letter in LETTERS[: len(asked.item.options)] if letter not in asked.key)


# -- finding -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("topic", [MODIFIER, "Modifier 25: separate visit", "-25", "25", "same day visit", "J18.9"])
async def test_a_name_alias_or_code_shows_its_explanation_privately(server: Server, topic: str) -> None:
    reply = await explain(server, topic)
    assert reply.ephemeral
    text = texts(reply)
    assert "### Modifier 25: separate visit" in text
    assert [part in text for part in ("What it is.", "The rule.", "An example.", "The trap.")] == [True] * 4
    assert "checked 2026-01-01" in text


async def test_a_misspelt_question_in_own_words_shows_it(server: Server) -> None:
    assert "### Sepsis: what comes first" in texts(await explain(server, "what comes first in sepsiss"))


async def test_a_name_of_two_is_asked_back_and_either_opens(server: Server) -> None:
    page = await explain(server, "shared name")
    assert "### shared name: which of these?" in texts(page)
    assert "Excludes1 notes" in texts(page)
    await server.restart()
    opened = await pick(server.ana, page, "concept-item-02", "concept:read:others")
    assert "### Sepsis: what comes first" in texts(opened)


async def test_other_matches_stand_below_what_was_found(server: Server) -> None:
    page = await explain(server, "burns")
    assert "### Burns and corrosions" in texts(page)
    assert "concept:read:others" not in controls(page)
    page = await explain(server, "notes on what is not coded here")
    assert "### Excludes1 notes" in texts(page)
    await server.restart()
    opened = await pick(server.ana, page, "concept-item-03", "concept:read:others")
    assert "### Excludes2 notes" in texts(opened)


@pytest.mark.parametrize("topic", ["zzzz", "@everyone **x**", "q" * 4000])
async def test_nothing_found_is_said_with_what_is_nearest(server: Server, topic: str) -> None:
    text = texts(await explain(server, topic))
    assert "There is no explanation of “" in text
    assert "Nearest: “" in text
    server.forgive()


async def test_the_field_suggests_titles_for_names_words_and_typos(server: Server) -> None:
    async def suggested(typed: str) -> list[str]:
        choices = await server.ana.autocomplete(server.channel, "explain", "topic", typed)
        assert len(choices) <= 25
        assert all(0 < len(choice["name"]) <= 100 for choice in choices)
        return [choice["value"] for choice in choices]

    assert (await suggested("25"))[0] == MODIFIER
    assert (await suggested("exclu"))[0] == "concept-item-01"
    assert (await suggested("late efects"))[0] == "concept-item-11"
    assert (await suggested("sam"))[0] == MODIFIER
    assert len(await suggested("")) > 10
    assert await suggested("zzzz") == []


# -- reading on ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("direct", [False, True])
async def test_related_explanations_open_in_the_same_place_after_a_restart(server: Server, direct: bool) -> None:
    page = await explain(server, MODIFIER, direct=direct)
    await server.restart()
    page = await pick(ana(server, direct), page, "concept-item-11", "concept:read:related")
    assert "### Late effects of stroke" in texts(page)
    page = await pick(ana(server, direct), page, MODIFIER, "concept:read:related")
    assert "### Modifier 25: separate visit" in texts(page)


async def test_codes_named_are_offered_to_look_up(server: Server) -> None:
    shown = concept.page(server.services.explain.page(MODIFIER))
    [select] = [
        child for child in shown.walk_children() if isinstance(child, ui.Select) and child.custom_id == "code-pick"
    ]
    assert [option.label for option in select.options] == ["J18.9", "E11", "J0696", "0DTJ4ZZ"]
    values = [option.value for option in select.options]
    assert values == ["ICD-10-CM|J189", "ICD-10-CM|E11", "HCPCS Level II|J0696", "ICD-10-PCS|0DTJ4ZZ"]
    page = await explain(server, MODIFIER)
    # No code sets are installed for tests: that the look-up says so shows that the choice arrives there.
    for value in values:
        assert "code sets are not installed" in texts(await pick(server.ana, page, value, "code-pick"))
    server.forgive()


async def test_an_explanation_is_kept_for_review_once(server: Server) -> None:
    page = await explain(server, MODIFIER)
    await server.restart()
    kept = (await server.ana.click(page, label="Save for review")).response
    assert "Kept for review. Cards kept: 1." in texts(kept)
    assert "already" in texts((await server.ana.click(page, label="Save for review")).response)
    rows = await server.services.db.read("SELECT user_id, kind, subject FROM cards")
    assert [(row["user_id"], row["kind"], row["subject"]) for row in rows] == [(server.ana.id, "concept", MODIFIER)]


async def test_the_daily_question_explains_with_the_same_page(server: Server, content: Content) -> None:
    await server.set_up()
    post = await server.next_post()
    [round_] = await server.rounds()
    reply = (await server.press_right(server.ana, post)).response
    page = (await server.ana.click(reply, label="Explain")).response
    direct = await explain(server, round_.item.concept)
    assert texts(page) == texts(direct)
    assert controls(page) == controls(direct)


async def test_a_button_of_an_explanation_that_is_gone_says_so(server: Server) -> None:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.ActionRow(ui.Button(label="old", custom_id="concept:quiz:removed")))
    view.stop()
    with server.env.time_context():
        channel = server.env.bot.get_partial_messageable(server.channel.id, guild_id=server.guild.id)
        old = await channel.send(view=view)
    assert "no longer here under that name" in texts((await server.ana.click(old, label="old")).response)
    server.forgive()


# -- practising ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("direct", [False, True])
async def test_practice_from_the_question_to_the_next_with_restarts_between(
    server: Server, content: Content, direct: bool
) -> None:
    person = ana(server, direct)
    page = await press(person, await explain(server, MODIFIER, direct=direct), label="Quiz me on this")
    asked = asked_on(page, content)
    assert asked.item.id == "item-00"
    assert asked.item.stem in texts(page).replace("\\", "")
    assert not any(option.rationale in texts(page) for option in asked.item.options)
    await server.restart()
    page = await press(person, page, label=asked.key)
    text = texts(page)
    assert f"### Practice: right, {asked.key}" in text
    assert all(option.rationale in text for option in asked.item.options)
    assert "Guidelines, Section I" in text
    await server.restart()
    page = await press(person, page, label="Next question on this")
    following = asked_on(page, content)
    assert following.item.id == "item-11"
    assert "from a related explanation" in texts(page)


async def test_an_item_with_several_right_options_is_chosen_from_a_list(server: Server, content: Content) -> None:
    page = await press(server.ana, await explain(server, "concept-item-11"), label="Quiz me on this")
    asked = asked_on(page, content)
    assert len(asked.key) == 2
    name = f"concept:choose:concept-item-11:{asked.item.digest}:{asked.seed}"
    await server.restart()
    given = sorted([asked.key[0], wrong(asked)])
    page = (await server.ana.select(page, given, custom_id=name)).response or page
    text = texts(page)
    assert f"not this time. You chose {''.join(given)}, the key is {asked.key}" in text
    assert text.count("(yours)") == 2
    assert text.count("✅") == 2


async def test_a_wrong_answer_leads_to_the_explanation_and_to_review(server: Server, content: Content) -> None:
    page = await press(server.ana, await explain(server, MODIFIER), label="Quiz me on this")
    asked = asked_on(page, content)
    page = await press(server.ana, page, label=wrong(asked))
    assert f"You chose {wrong(asked)}, the key is {asked.key}" in texts(page)
    await server.restart()
    kept = (await server.ana.click(page, label="Review later")).response
    assert "Kept for review" in texts(kept)
    [row] = await server.services.db.read("SELECT kind, subject FROM cards")
    assert (row["kind"], row["subject"]) == ("item", "item-00")
    assert "### Modifier 25: separate visit" in texts(await press(server.ana, page, label="Explain"))


async def test_practice_is_neither_stored_nor_scored(server: Server, content: Content) -> None:
    page = await press(server.ana, await explain(server, MODIFIER), label="Quiz me on this")
    await press(server.ana, page, label=asked_on(page, content).key)
    [row] = await server.services.db.read("SELECT (SELECT COUNT(*) FROM answers) + (SELECT COUNT(*) FROM streaks) AS n")
    assert row["n"] == 0


async def test_without_any_question_related_explanations_are_offered(server: Server) -> None:
    page = await press(server.ana, await explain(server, "no-question-here"), label="Quiz me on this")
    assert "There is no question to practise this on right now" in texts(page)
    opened = await pick(server.ana, page, "none-there-either", "concept:read:related")
    assert "### Anatomy of the ear" in texts(opened)


async def test_todays_open_question_is_not_asked(server: Server) -> None:
    await server.set_up()
    await server.next_post()
    [round_] = await server.rounds()
    page = await press(server.ana, await explain(server, round_.item.concept), label="Quiz me on this")
    assert round_.item.stem not in texts(page).replace("\\", "")


async def test_an_answer_to_a_question_that_was_changed_since_is_not_judged(server: Server, content: Content) -> None:
    page = await press(server.ana, await explain(server, MODIFIER), label="Quiz me on this")
    asked = asked_on(page, content)
    edited = replace(asked.item, version=2, stem="The same question in other words?")
    changed = replace(content, items={**content.items, edited.id: edited})
    server.services = build_services(
        server.services.db, changed, server.services.clock, Random(1), longest_sleep=86_400
    )
    await server.restart()
    reply = (await server.ana.click(page, label=asked.key)).response
    assert "was changed since it was shown" in texts(reply)
    server.forgive()
    fresh = await press(server.ana, await explain(server, MODIFIER), label="Quiz me on this")
    assert "The same question in other words?" in texts(fresh)


async def test_the_command_can_be_installed_by_a_person_and_used_everywhere(server: Server) -> None:
    bot: Any = server.env.bot
    data = bot.tree.get_command("explain").to_dict(bot.tree)
    assert sorted(data["integration_types"]) == [0, 1]
    assert sorted(data["contexts"]) == [0, 1, 2]
