"""The daily question through real discord.py: posting, answering, restarting, revealing."""

import asyncio

import discord
import pytest

from bot.services.daily import Post
from bot.storage.database import sql
from cogs.daily import render
from tests.cogs.conftest import DAY, HOUR, Server, controls, texts


async def test_the_post_comes_at_its_time_and_tells_no_key(server: Server) -> None:
    await server.set_up()
    post = await server.next_post()
    [round_] = await server.rounds()
    assert post.created_at.astimezone(discord.utils.utcnow().tzinfo).hour == 17  # noon in New York, in winter
    assert f"Question {round_.number}" in texts(post)
    assert round_.item.stem in texts(post)
    assert all(option.rationale not in texts(post) for option in round_.item.options)
    nonces = [call.json.get("nonce") for call in server.env.http_requests if call.json and "nonce" in call.json]
    assert nonces == [str(round_.delivery_id)]


async def test_an_answer_is_private_explained_and_scored(server: Server) -> None:
    await server.set_up()
    post = await server.next_post()
    [round_] = await server.rounds()
    reply = (await server.press_right(server.ana, post)).response
    assert reply.ephemeral
    text = texts(reply)
    assert ": right," in text
    assert "streak 1" in text
    assert all(option.rationale in text for option in round_.item.options)
    assert round_.item.reference.replace("-", r"\-") in text or round_.item.reference in text
    wrong = texts((await server.press_wrong(server.ben, post)).response)
    assert f"the key is {round_.key}" in wrong


async def test_a_second_press_changes_nothing(server: Server) -> None:
    await server.set_up()
    post = await server.next_post()
    await server.press_wrong(server.ana, post)
    again = texts((await server.press_right(server.ana, post)).response)
    assert "your first answer stands" in again
    assert "not this time" in again
    [row] = await server.services.db.read("SELECT COUNT(*) AS n FROM answers")
    assert row["n"] == 1


async def test_buttons_work_after_a_restart(server: Server) -> None:
    await server.set_up()
    post = await server.next_post()
    first = (await server.press_right(server.ana, post)).response
    await server.restart()
    assert ": right," in texts((await server.press_right(server.ben, post)).response)
    explained = await server.ana.click(first, label="Explain")
    assert "The usual trap" in texts(explained.response)
    page = (await server.ana.slash(server.channel, "daily")).response
    await server.restart()
    shown = await server.ana.click(page, label="Show it again")
    assert ": right," in texts(shown.response or page)


async def test_the_post_counts_answers_without_spoiling(server: Server) -> None:
    await server.set_up()
    post = await server.next_post()
    await server.press_right(server.ana, post)
    await server.press_wrong(server.ben, post)
    edits = server.edits()
    await server.env.advance_time(60)
    post = await server.post()
    assert "2 answers so far" in texts(post)
    assert "key" not in texts(post)
    assert server.edits() == edits + 1


async def test_counting_leaves_the_rest_of_the_post_as_it_was(server: Server) -> None:
    role = server.guild.create_role("Coders", mentionable=True)
    await server.set_up(role_id=role.id)
    await server.next_post()
    post = await server.next_post()
    before = texts(post)
    await server.press_right(server.ana, post)
    await server.env.advance_time(60)
    after = texts(await server.post())
    assert f"<@&{role.id}>" in after
    assert "See why" in after
    assert after.replace(" · 1 answer so far", "") == before


async def test_a_count_lost_in_a_crash_is_shown_after_the_restart(server: Server) -> None:
    await server.set_up()
    post = await server.next_post()
    await server.press_right(server.ana, post)
    await server.restart()
    await server.env.advance_time(60)
    assert "1 answer so far" in texts(await server.post())


async def test_the_reveal_shows_key_outcome_picture_and_opens_a_thread(server: Server) -> None:
    await server.set_up()
    post = await server.next_post()
    [round_] = await server.rounds()
    await server.press_right(server.ana, post)
    await server.press_wrong(server.ben, post)
    await server.env.advance_time(DAY)
    revealed = await server.message(server.channel.id, post.id)
    text = texts(revealed)
    assert f"the key is {round_.key}" in text
    assert "50% right on the first try" in text
    [picture] = revealed.attachments
    assert "1 right" in (picture.description or "")
    with server.env.time_context():
        thread = await server.env.bot.fetch_channel(post.id)
        assert isinstance(thread, discord.Thread)
        opening = [message async for message in thread.history() if message.components]
    assert len(opening) == 1
    assert all(option.rationale in texts(opening[0]) for option in round_.item.options)
    # The next post looks back.
    assert f"the key was {round_.key}" in texts(await server.post())


async def test_a_reveal_that_a_late_count_covered_is_shown_again_at_a_press(server: Server) -> None:
    await server.set_up()
    post = await server.next_post()
    [round_] = await server.rounds()
    await server.env.advance_time(DAY)
    revealed = await server.message(server.channel.id, post.id)
    # What a process sent before it was killed, and Discord carries out now.
    with server.env.time_context():
        count = render.question(Post(round_, None, None, None), (), count=1)
        channel = server.env.bot.get_partial_messageable(server.channel.id)
        await channel.get_partial_message(post.id).edit(view=count, attachments=[])
    covered = await server.message(server.channel.id, post.id)
    assert "the key is" not in texts(covered)
    edits = server.edits()
    reply = (await server.choose(server.ana, covered, round_.key)).response
    assert "Practice after the reveal" in texts(reply)
    await server.env.advance_time(60)
    assert server.edits() == edits + 1
    assert texts(await server.message(server.channel.id, post.id)) == texts(revealed)


async def test_a_count_that_ends_after_the_reveal_shows_it_once_more(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.set_up()
    post = await server.next_post()
    [round_] = await server.rounds()
    edits = server.edits()

    async def closed_meanwhile(round_id: int, count: int) -> None:
        await server.services.db.write(sql("UPDATE rounds SET state = 2 WHERE id = $1", round_id))

    monkeypatch.setattr(server.services.daily, "tally_shown", closed_meanwhile)
    await server.press_right(server.ana, post)
    await server.env.advance_time(60)
    assert server.edits() == edits + 2
    assert f"the key is {round_.key}" in texts(await server.message(server.channel.id, post.id))


async def test_a_reveal_that_never_went_out_is_not_shown_by_a_press(server: Server) -> None:
    await server.set_up()
    post = await server.next_post()
    [round_] = await server.rounds()
    await server.services.db.write(
        sql("UPDATE rounds SET state = 2, reveal_at = $2 WHERE id = $1", round_.id, int(server.services.clock()))
    )
    edits = server.edits()
    assert "Practice" in texts((await server.choose(server.ana, post, round_.key)).response)
    await server.env.advance_time(60)
    assert server.edits() == edits


async def test_after_the_reveal_answers_are_practice(server: Server) -> None:
    await server.set_up()
    await server.next_post()
    [first] = await server.rounds()
    await server.next_post()
    page = (await server.ana.slash(server.channel, "daily")).response
    opened = await server.ana.select(page, [str(first.id)], custom_id="past")
    assert "Practice: this round is over" in texts(opened.response or page)
    control = next(name for name in controls(opened.response or page) if name.startswith(("answer", "choose")))
    if control.startswith("answer"):
        letter = f"answer:{first.id}:{first.key}@{first.delivery_id}"
        done = await server.ana.click(opened.response or page, custom_id=letter)
    else:
        done = await server.ana.select(opened.response or page, list(first.key), custom_id=control)
    assert "Practice after the reveal: no points" in texts(done.response or page)
    [row] = await server.services.db.read("SELECT late, points FROM answers")
    assert (row["late"], row["points"]) == (1, 0)


async def test_reveal_after_hours_and_role_ping(server: Server) -> None:
    role = server.guild.create_role("Coders", mentionable=True)
    await server.set_up(reveal_hours=2, role_id=role.id)
    await server.env.advance_time(DAY - 6 * HOUR)  # from midnight UTC to an hour after noon in New York
    post = await server.post()
    assert texts(post).startswith(f"<@&{role.id}>")
    [sent] = [call.json for call in server.env.http_requests if call.json and "nonce" in call.json]
    assert [str(role_id) for role_id in sent["allowed_mentions"]["roles"]] == [str(role.id)]
    assert sent["allowed_mentions"].get("parse", []) == []
    await server.env.advance_time(HOUR + 5)
    assert "the key is" in texts(await server.post())


async def test_multiple_answers_by_select(server: Server) -> None:
    await server.set_up()
    for _ in range(12):
        post = await server.next_post()
        [round_] = await server.rounds(1)
        if round_.item.multiple:
            break
    else:
        raise AssertionError("the item with two right options never came in a full cycle")
    reply = (await server.press_right(server.ana, post)).response
    assert f": right, {round_.key}" in texts(reply)
    assert "20 points" in texts(reply)


async def test_review_later_and_guessed(server: Server) -> None:
    await server.set_up()
    post = await server.next_post()
    reply = (await server.press_right(server.ana, post)).response
    assert "Cards kept: 1" in texts((await server.ana.click(reply, label="Review later")).response)
    assert "already" in texts((await server.ana.click(reply, label="Review later")).response)
    await server.ana.click(reply, label="I guessed")
    [row] = await server.services.db.read("SELECT guessed FROM answers")
    assert row["guessed"] == 1


async def test_daily_without_setup_says_what_to_do(server: Server) -> None:
    reply = (await server.ana.slash(server.channel, "daily")).response
    assert "/setup" in texts(reply)
    server.forgive()


async def test_a_hundred_presses_at_once_count_each_learner_once(server: Server) -> None:
    await server.set_up()
    await server.next_post()
    [round_] = await server.rounds()
    daily = server.services.daily
    presses = [daily.answer(round_.id, 1000 + i % 20, "ABCD"[i % 4]) for i in range(100) if not round_.item.multiple]
    results = await asyncio.gather(*presses)
    assert sum(result.new for result in results) == len({result.answer.user_id for result in results})
