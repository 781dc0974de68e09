"""The message of a group's week through real discord.py: its goal, its progress, its result and the streak."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.groups import name_key
from bot.storage import groups as store
from bot.storage.database import sql
from tests.cogs.conftest import DAY, HOUR, Server, texts


async def create(server: Server, goal: str = "1 answer") -> Any:
    reply = (await server.ana.slash(server.channel, "group create", name="Owls", thread=True, goal=goal)).response
    group = await store.by_name(server.services.db, server.guild.id, name_key("Owls"))
    assert group is not None
    return group, reply


async def weeks(server: Server) -> list[Any]:
    return list(await server.services.db.read("SELECT * FROM group_weeks ORDER BY week"))


async def message(server: Server, row: Any) -> str:
    return texts(await server.message(row["channel_id"], row["message_id"]))


async def to_monday(server: Server, hour: int = 13) -> None:
    """Monday at eight in New York: an hour after the message of the week is due."""
    now = server.env.now()
    ahead = (7 - now.weekday()) % 7 or 7
    monday = datetime(now.year, now.month, now.day, hour, tzinfo=UTC).timestamp() + ahead * DAY
    await server.env.advance_time(monday - now.timestamp())


async def test_the_week_is_posted_counted_and_settled(server: Server) -> None:
    await server.set_up()
    group, _ = await create(server)
    [this] = await weeks(server)
    assert this["channel_id"] == group.thread_id
    assert "0 of 1 answer" in await message(server, this)
    post = await server.next_post()
    await server.press_right(server.ana, post)
    assert "0 of 1 answer" in await message(server, this)
    await server.env.advance_time(60)
    assert "1 of 1 answer, goal met ✅" in await message(server, this)
    await to_monday(server)
    first, second = await weeks(server)
    assert (first["reached"], first["settled_at"] is not None, second["settled_at"]) == (1, True, None)
    assert "Last week: 1 of 1 answer, goal met ✅." in await message(server, second)
    assert "1 week in a row" in await message(server, second)
    info = (await server.ana.slash(server.channel, "group info")).response
    assert "1 week in a row with the goal met" in texts(info)


async def test_a_restart_plans_the_message_that_is_not_planned(server: Server) -> None:
    await server.set_up()
    await create(server)
    await server.services.db.write(sql("DELETE FROM deliveries WHERE kind = 'group_week' AND state < 2"))
    await server.restart()
    await to_monday(server)
    assert len(await weeks(server)) == 2


async def test_a_restart_brings_the_message_up_to_date(server: Server) -> None:
    await server.set_up()
    await create(server)
    post = await server.next_post()
    await server.press_right(server.ana, post)
    await server.restart()
    await server.env.advance_time(60)
    [this] = await weeks(server)
    assert "1 of 1 answer" in await message(server, this)


async def test_another_goal_shows_in_the_message_that_stands(server: Server) -> None:
    group, _ = await create(server)
    panel = (await server.ana.slash(server.channel, "group manage")).response
    form = await server.ana.click(panel, label="Name, exam, date, goal")
    await server.ana.submit_modal(form, {"name": "Owls", "exam": "", "target": "", "goal": "12 days"})
    await server.env.advance_time(60)
    [this] = await weeks(server)
    assert "0 of 12 active days" in await message(server, this)
    assert (await store.get(server.services.db, group.id)) is not None


@pytest.mark.parametrize("gone", [True, False])
async def test_a_thread_that_is_gone_or_closed_to_the_bot(server: Server, gone: bool) -> None:
    group, _ = await create(server)
    status, code = (404, 10003) if gone else (403, 50013)
    server.env.inject_error("POST", f"/channels/{group.thread_id}/messages", status=status, code=code)
    await to_monday(server)
    await server.env.advance_time(HOUR)
    _, second = await weeks(server)
    after = await store.get(server.services.db, group.id)
    assert after is not None
    if gone:
        assert second["channel_id"] == server.channel.id
        assert "the week from" in await message(server, second)
    else:
        assert "could not be sent: permission missing" in after.unsent
        assert "Something to mend" in texts(server.ana.user.dm_channel.last_message)
