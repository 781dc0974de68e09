"""/privacy through real discord.py."""

import json

from tests.cogs.conftest import Server, press, texts


async def test_export_holds_what_the_learner_did(server: Server) -> None:
    await server.set_up()
    post = await server.next_post()
    await server.press_right(server.ana, post)
    reply = (await server.ana.slash(server.channel, "privacy export")).response
    assert reply.ephemeral
    [file] = reply.attachments
    with server.env.time_context():
        data = json.loads(await file.read())
    [answer] = [entry for entry in data["stored"]["daily_answers"] if "chosen" in entry]
    assert answer["correct"] is True
    assert data["user"] == str(server.ana.id)


async def test_delete_asks_first_and_then_leaves_nothing(server: Server) -> None:
    await server.set_up()
    post = await server.next_post()
    await server.press_right(server.ana, post)
    await server.press_right(server.ben, post)
    asked = (await server.ana.slash(server.channel, "privacy delete")).response
    await server.restart()
    await server.ana.click(asked, label="Keep everything")
    assert len(await server.services.db.read("SELECT user_id FROM answers")) == 2
    asked = (await server.ana.slash(server.channel, "privacy delete")).response
    await server.ana.click(asked, label="Delete everything")
    left = await server.services.db.read("SELECT user_id FROM answers")
    assert [row["user_id"] for row in left] == [server.ben.id]


async def test_one_press_hides_and_another_shows_again(server: Server) -> None:
    page = (await server.ana.slash(server.channel, "privacy visibility")).response
    await server.restart()
    page = await press(server.ana, page, label="Hide me")
    assert "You are hidden" in texts(page)
    page = await press(server.ana, page, label="Use a pseudonym")
    assert "you are called" in texts(page)
    page = await press(server.ana, page, label="Show my name")
    assert "You are shown" in texts(page)


async def test_visibility_is_kept(server: Server) -> None:
    shown = (await server.ana.slash(server.channel, "privacy visibility")).response
    assert "You are shown" in texts(shown)
    await server.ana.slash(server.channel, "privacy visibility", choice="hidden")
    await server.restart()
    assert "You are hidden" in texts((await server.ana.slash(server.channel, "privacy visibility")).response)
