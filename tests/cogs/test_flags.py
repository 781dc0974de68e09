"""Report: from a learner's press to the organiser's decision."""

from typing import Any

from tests.cogs.conftest import Server, controls, texts


async def report(server: Server, learner: Any, post: Any) -> str:
    reply = (await server.press_wrong(learner, post)).response
    form = (await learner.click(reply, label="Report")).response
    custom_id = next(name for name in controls(form) if name.startswith("reason"))
    done = await learner.select(form, ["0"], custom_id=custom_id)
    return texts(done.response or form)


async def last_private(server: Server, person: Any) -> Any:
    return person.user.dm_channel.last_message


async def test_the_organiser_is_told_and_decides_in_private(server: Server) -> None:
    await server.set_up()
    post = await server.next_post()
    [round_] = await server.rounds()
    assert "organisers of this server are told" in await report(server, server.ana, post)
    await server.env.advance_time(5)
    notice = await last_private(server, server.organiser)
    assert "The key is wrong" in texts(notice)
    assert round_.item.stem in texts(notice)
    await server.restart()
    withdraw = next(name for name in controls(notice) if name.startswith("flag:drop"))
    await server.organiser.user.click(notice, custom_id=withdraw)
    [row] = await server.services.db.read("SELECT item_id, decided_user_id FROM withdrawals")
    assert (row["item_id"], row["decided_user_id"]) == (round_.item.id, server.organiser.id)


async def test_three_reports_withdraw_until_an_organiser_keeps_it(server: Server) -> None:
    await server.set_up()
    post = await server.next_post()
    [round_] = await server.rounds()
    await report(server, server.ana, post)
    await report(server, server.ben, post)
    assert "out of use in this server until" in await report(server, server.cleo, post)
    for _ in range(12):
        await server.next_post()
    asked = [past.item.id for past in await server.rounds(12)]
    assert round_.item.id not in asked
    panel = (await server.organiser.slash(server.channel, "setup")).response
    shown = (await server.organiser.select(panel, [round_.item.id], custom_id="setup:flag")).response
    assert "**out of use**" in texts(shown)
    await server.organiser.click(shown, label="Keep it in use")
    assert await server.services.db.read("SELECT 1 AS one FROM withdrawals") == []


async def test_one_report_for_each_learner(server: Server) -> None:
    await server.set_up()
    post = await server.next_post()
    await report(server, server.ana, post)
    assert "before; your report counts" in await report(server, server.ana, post)
    [row] = await server.services.db.read("SELECT COUNT(*) AS n FROM flags")
    assert row["n"] == 1


async def test_a_closed_dm_falls_back_to_the_channel_without_what_is_private(server: Server) -> None:
    await server.set_up()
    post = await server.next_post()
    [round_] = await server.rounds()
    dm = server.organiser.user.dm_channel
    server.env.inject_error("POST", f"/channels/{dm.id}/messages", status=403, code=50007)
    await report(server, server.ana, post)
    await server.env.advance_time(5)
    told = texts(server.channel.last_message)
    assert "Open /setup" in told
    assert round_.item.stem not in told


async def test_a_learner_can_not_decide(server: Server) -> None:
    await server.set_up()
    post = await server.next_post()
    await report(server, server.ana, post)
    await server.env.advance_time(5)
    [round_] = await server.rounds()
    assert not await server.services.flags.may_decide_privately(server.guild.id, server.ana.id)
    panel = (await server.organiser.slash(server.channel, "setup")).response
    shown = (await server.organiser.select(panel, [round_.item.id], custom_id="setup:flag")).response
    server.env.backend.remove_member_role(server.guild.id, server.organiser.id, server.managers.id)
    refused = await server.organiser.click(shown, label="Withdraw it here")
    assert "Manage Server" in texts(refused.response)
    assert await server.services.db.read("SELECT 1 AS one FROM withdrawals") == []
    server.forgive()
