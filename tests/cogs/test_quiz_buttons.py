"""What else can be pressed in a session of practice, and what a press comes to that is late, doubled or out of place."""

from typing import Any

import pytest

from bot.core.content import Content
from bot.core.quiz import IDLE_AT_MOST
from cogs.quiz.render import LEFT
from tests.cogs.conftest import DAY, Server, controls, options_of, press, texts
from tests.cogs.practising import answer, choose, labels, play, put, resume, start


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind is enough here: the course of a session on both is in test_quiz.py."""
    return sqlite_url


# -- a session -----------------------------------------------------------------------------------------------


async def test_a_miss_is_explained_and_may_be_accounted_for(server: Server) -> None:
    page = await start(server)
    item, key, others = await put(server, page)
    page = await answer(server, page, right=False)
    text = texts(page)
    assert f"not this time. You chose {others}, the key is {key}" in text
    assert "No points for this one." in text
    assert labels(page)[-4:] == ["Misread it", "Looked it up wrong", "Didn't know the rule", "Guessed"]
    await server.restart()
    page = await press(server.ana, page, label="Looked it up wrong")
    assert labels(page)[-4:] == ["Misread it", "Noted: looked it up wrong", "Didn't know the rule", "Guessed"]
    page = await press(server.ana, page, label="Next")
    page = await press(server.ana, page, label="Stop here")
    text = texts(page)
    assert "### Practice: 0 of 1 right" in text
    assert "Stopped 4 questions before its end." in text
    assert "How they came about: looked up wrong 1." in text
    assert options_of(page) == {f"About {item.concept}": item.concept}
    opened = (await server.ana.select(page, [item.concept], custom_id="quiz:read")).response
    assert "The usual trap" in texts(opened)
    assert opened.id != page.id


async def test_a_hit_may_have_been_guessed(server: Server) -> None:
    page = await answer(server, await start(server))
    assert "**15 points**" in texts(page) or "**20 points**" in texts(page)
    page = await press(server.ana, page, label="I guessed")
    assert "Noted: guessed" in labels(page)
    assert not controls(page)["quiz:note:1:1:guessed"]


async def test_what_stands_beside_a_question_opens_beside_it(server: Server) -> None:
    await server.set_up()
    page = await start(server)
    item, _, _ = await put(server, page)
    page = await answer(server, page)
    await server.restart()
    explained = (await server.ana.click(page, label="Explain")).response
    assert f"### About {item.concept}" in texts(explained).replace("\\", "")
    assert "Cards kept: 1" in texts((await server.ana.click(page, label="Review later")).response)
    form = (await server.ana.click(page, label="Report")).response
    done = await server.ana.select(form, ["0"], custom_id="quiz:flag:1:1")
    assert "organisers of this server are told" in texts(done.response or form)
    [row] = await server.services.db.read("SELECT guild_id, item_id, reason FROM flags")
    assert (row["guild_id"], row["item_id"], row["reason"]) == (server.guild.id, item.id, "The key is wrong")


async def test_buttons_left_behind_show_where_the_session_stands(server: Server) -> None:
    old = await start(server)
    shown = await resume(server)
    assert texts(shown) == texts(old)
    later = await press(server.ana, await answer(server, shown), label="Next")
    late = await choose(server.ana, old, "AB")
    assert LEFT in texts(late)
    assert "### Practice 2 of 5" in texts(late)
    rows = await server.services.db.read("SELECT position FROM session_items WHERE chosen IS NOT NULL")
    assert [row["position"] for row in rows] == [1]
    assert "### Practice 2 of 5: " in texts(await answer(server, later))


async def test_a_double_click_shows_the_answer_that_stands(server: Server) -> None:
    page = await start(server)
    again = await resume(server)
    await answer(server, page)
    late = await choose(server.ana, again, "AB")
    assert "your first answer stands" in texts(late)
    assert len(await server.services.db.read("SELECT 1 AS one FROM attempts")) == 1


# -- one at a time, on any device ----------------------------------------------------------------------------


async def test_a_session_in_direct_messages_counts_nowhere_and_shares_nothing(server: Server) -> None:
    page = await start(server, direct=True)
    person = server.ana.user
    page = await answer(server, page, person=person)
    assert "No points: boards count practice in servers alone." in texts(page)
    assert "Report" not in labels(page)
    page = (await person.click(page, label="Stop here")).response or page
    assert labels(page) == ["New session like this"]
    assert await server.services.db.read("SELECT 1 AS one FROM attempts") == []


async def test_without_a_session_there_is_a_next_step(server: Server) -> None:
    assert "/quiz start begins one" in texts(await resume(server))
    server.forgive()


async def test_a_week_later_the_session_has_closed_itself(server: Server) -> None:
    page = await start(server)
    await server.env.advance_time(IDLE_AT_MOST + DAY)
    [row] = await server.services.db.read("SELECT state FROM sessions")
    assert row["state"] == 3
    late = await choose(server.ana, page, "AB")
    assert "It closed itself after a week, 5 questions before its end." in texts(late)
    await server.restart()
    assert "### Practice 1 of 5" in texts(await press(server.ana, late, label="New session like this"))


# -- afterwards ----------------------------------------------------------------------------------------------


async def test_who_is_hidden_is_named_nowhere(server: Server) -> None:
    page = await play(server, await start(server))
    await server.ana.slash(server.channel, "privacy visibility", choice="hidden")
    reply = (await server.ana.click(page, label="Share the result")).response
    assert reply.ephemeral
    assert "You chose to be hidden" in texts(reply)
    server.forgive()


async def test_what_can_not_be_had_names_the_wish_to_relax(server: Server, content: Content) -> None:
    reply = await start(server, area="beta", difficulty="easy")
    assert "There is no question on CPC · Beta · easy to practise right now. Leave out the difficulty" in texts(reply)
    server.forgive()


# -- the command ---------------------------------------------------------------------------------------------


async def test_the_fields_suggest_what_there_is(server: Server) -> None:
    async def suggested(option: str, typed: str, **chosen: str) -> list[str]:
        choices = await server.ana.autocomplete(server.channel, "quiz start", option, typed, **chosen)
        assert all(0 < len(choice["name"]) <= 100 for choice in choices)
        return [choice["value"] for choice in choices]

    assert await suggested("exam", "") == ["cpc"]
    assert await suggested("area", "", exam="cpc") == ["alpha", "beta", "gamma"]
    assert await suggested("area", "gam") == ["gamma"]
    assert "concept-item-03" in await suggested("topic", "item-03")


@pytest.mark.parametrize("name", ["start", "resume"])
async def test_it_can_be_installed_by_a_person_and_used_everywhere(server: Server, name: str) -> None:
    bot: Any = server.env.bot
    group = bot.tree.get_command("quiz")
    assert group.get_command(name) is not None
    data = group.to_dict(bot.tree)
    assert sorted(data["integration_types"]) == [0, 1]
    assert sorted(data["contexts"]) == [0, 1, 2]
