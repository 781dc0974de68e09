"""Study sessions through real discord.py: from planning through the reminder and attendance to their end."""

from typing import Any

import discord

from bot.core.privacy import Visibility
from bot.storage.database import sql
from tests.cogs.conftest import HOUR, Server, controls, texts


def events(server: Server) -> list[Any]:
    return list(server.env.backend.get_guild(server.guild.id).scheduled_events.values())


async def planned(server: Server, **options: Any) -> Any:
    """A group of all three and a session of Ben's tomorrow at seven in the evening; returns its message."""
    await server.ana.slash(server.channel, "group create", name="Owls")
    for learner in (server.ben, server.cleo):
        await learner.slash(server.channel, "group join", group="Owls")
    draft = await server.ben.slash(
        server.channel, "group session", **{"when": "tomorrow 7 pm", "title": "Sepsis", **options}
    )
    assert draft.response.ephemeral
    assert "19:00 (America/New_York)" in texts(draft.response)
    await server.restart()
    await server.ben.click(draft.response, label="Yes, announce it")
    assert "Sepsis is planned" in texts(draft.response)
    return server.channel.last_message


async def start(server: Server) -> int:
    [row] = await server.services.db.read("SELECT starts_at FROM meetings WHERE state = 1")
    return row["starts_at"]


async def to(server: Server, instant: int) -> None:
    await server.env.advance_time(instant - server.env.now().timestamp())


async def shown(server: Server, message: Any) -> str:
    return texts(await server.message(server.channel.id, message.id))


async def test_from_planning_to_its_end(server: Server) -> None:
    server.allow(manage_events=True)
    voice = server.guild.create_voice_channel("Study room")
    message = await planned(server, place=voice)
    [event] = events(server)
    assert (event.name, event.channel_id) == ("Sepsis", voice.id)
    starts_at = await start(server)
    said = await server.ana.click(message, label="I'm coming")
    assert "Noted: you come" in texts(said.response)
    await server.services.privacy.set_visibility(server.cleo.id, Visibility.HIDDEN)
    hidden = await server.cleo.click(message, label="I'm coming")
    assert "named to nobody" in texts(hidden.response)
    await server.env.advance_time(20)
    assert f"**Coming** (2): <@{server.ana.id}> and 1 who prefers not to be named" in await shown(server, message)
    early = await server.ana.click(message, label="I'm here")
    assert "from 15 minutes before the start" in texts(early.response)
    server.forgive()
    await to(server, starts_at - 29 * 60)
    reminder = server.channel.last_message
    assert "Sepsis begins" in texts(reminder)
    await to(server, starts_at - 14 * 60)
    await server.restart()
    here = await server.ben.click(reminder, label="I'm here")
    assert "you are here" in texts(here.response)
    await server.cleo.click(message, label="I'm here")
    await to(server, starts_at + HOUR + 1)
    after = await shown(server, message)
    assert f"**There** (2): <@{server.ben.id}> and 1 who prefers not to be named" in after
    assert str(server.cleo.id) not in after
    late = await server.ana.click(reminder, label="I'm here")
    assert "is over" in texts(late.response)
    server.forgive()
    info = (await server.ana.slash(server.channel, "group info")).response
    assert "Sepsis: 2 came" in texts(info)


async def test_calling_it_off_takes_the_event_and_the_reminder_along(server: Server) -> None:
    server.allow(manage_events=True)
    message = await planned(server)
    assert len(events(server)) == 1
    info = (await server.cleo.slash(server.channel, "group info")).response
    [meeting_id] = [row["id"] for row in await server.services.db.read("SELECT id FROM meetings")]
    await server.cleo.select(info, [str(meeting_id)], custom_id="meeting:show")
    await server.cleo.click(info, label="Call it off")
    refused = await server.cleo.click(info, label="Call it off")
    assert "for the host of this study session" in texts(refused.response)
    server.forgive()
    page = (await server.ana.slash(server.channel, "group info")).response
    await server.ana.select(page, [str(meeting_id)], custom_id="meeting:show")
    await server.ana.click(page, label="Call it off")
    await server.restart()
    await server.ana.click(page, label="Call it off")
    assert "is called off" in texts(page)
    assert "Called off: Sepsis" in await shown(server, message)
    assert events(server) == []
    await server.env.advance_time(48 * HOUR)
    assert server.channel.last_message.id == message.id
    gone = await server.ben.click(
        await server.left_over(discord.ui.Button(label="x", custom_id=f"meeting:comes:{meeting_id}")), label="x"
    )
    assert "was cancelled" in texts(gone.response)
    server.forgive()


async def test_without_the_permission_everything_but_the_event_works(server: Server) -> None:
    message = await planned(server)
    assert events(server) == []
    assert "No event in the server's calendar" in texts(message)
    server.allow(create_events=False)
    everyone = server.env.backend.get_guild(server.guild.id).roles[server.guild.id]
    everyone.permissions &= ~discord.Permissions(create_events=True).value
    server.env.backend.announce_role_updates(server.guild.id, [everyone])
    draft = (await server.ben.slash(server.channel, "group session", when="tomorrow 7 pm")).response
    assert "needs the permission Create Events" in texts(draft)
    await server.ben.click(draft, label="No")
    assert "Nothing was announced" in texts(draft)


async def test_what_can_not_be_read_or_is_past_is_said(server: Server) -> None:
    await planned(server)
    for when, told in (("whenever", "is not a day and time"), ("2020-01-01 10:00", "between now and a year from now")):
        refused = (await server.ben.slash(server.channel, "group session", when=when)).response
        assert told in texts(refused)
    outsider = (
        await server.organiser.slash(server.channel, "group session", when="tomorrow 7 pm", group="Owls")
    ).response
    assert "You are not in “Owls”" in texts(outsider)
    server.forgive()
    assert not [custom_id for custom_id in controls(server.channel.last_message) if "confirm" in custom_id]


async def test_an_announcement_that_broke_off_makes_no_second_event(server: Server) -> None:
    server.allow(manage_events=True)
    await planned(server)
    # As if the process had ended between the event and the row that remembers it.
    await server.services.db.write(
        sql("UPDATE meetings SET event_id = NULL, message_id = NULL"),
        sql(
            "UPDATE deliveries SET state = 0, unsure_since = NULL, wake_at = $1 WHERE kind = 'meeting'",
            int(server.env.now().timestamp()) + 60,
        ),
    )
    await server.restart()
    await server.env.advance_time(70)
    [event] = events(server)
    [row] = await server.services.db.read("SELECT event_id, message_id FROM meetings")
    assert (row["event_id"], row["message_id"]) == (event.id, server.channel.last_message.id)


async def test_a_restart_brings_the_list_of_who_comes_up_to_date(server: Server) -> None:
    message = await planned(server)
    await server.ana.click(message, label="I'm coming")
    await server.restart()
    await server.env.advance_time(20)
    assert f"**Coming** (1): <@{server.ana.id}>" in await shown(server, message)
