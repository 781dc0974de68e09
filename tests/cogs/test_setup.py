"""The organiser's panel through real discord.py."""

from pathlib import Path

import discord
import pytest

from bot.core.daily import DailySettings
from bot.storage import guilds
from cogs.setup.permissions import INVITE
from tests.cogs.conftest import DAY, Server, controls, texts


async def settings(server: Server) -> DailySettings:
    found = await guilds.get(server.services.db, server.guild.id)
    assert found is not None
    return found


async def test_choosing_a_channel_is_all_it_needs(server: Server) -> None:
    panel = (await server.organiser.slash(server.channel, "setup")).response
    assert panel.ephemeral
    assert "Choose the channel. That is all it needs" in texts(panel)
    await server.organiser.select(panel, [server.channel], custom_id="setup:channel")
    assert "every permission it needs" in texts(panel)
    await server.env.advance_time(DAY)
    assert "Question 1" in texts(await server.post())


async def test_each_control_saves_at_once_and_works_after_a_restart(server: Server) -> None:
    await server.set_up()
    role = server.guild.create_role("Coders")
    panel = (await server.organiser.slash(server.channel, "setup")).response
    await server.restart()
    for custom_id, values in (
        ("setup:time", ["420"]),
        ("setup:zone", ["America/Chicago"]),
        ("setup:reveal", ["4"]),
        ("setup:role", [role]),
    ):
        await server.organiser.select(panel, values, custom_id=custom_id)
    await server.organiser.click(panel, label="Turn freezes off")
    saved = await settings(server)
    assert (saved.minute, saved.zone, saved.reveal_hours, saved.role_id, saved.freezes) == (
        420, "America/Chicago", 4, role.id, False,
    )  # fmt: skip
    assert "can't be pinged: make it mentionable" in texts(panel)


async def test_options_of_the_command_and_autocomplete(server: Server) -> None:
    zones = await server.organiser.autocomplete(server.channel, "setup", "zone", "chic")
    assert [choice["value"] for choice in zones][:1] == ["America/Chicago"]
    assert await server.organiser.autocomplete(server.channel, "setup", "exam", "cp")
    reply = await server.organiser.slash(
        server.channel, "setup", channel=server.channel, time="7:30 pm", zone="Europe/London"
    )
    assert "**19:30** (7:30 PM, Europe/London)" in texts(reply.response)


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [("time", "25:99", "is not a time of day"), ("zone", "Mars/Base", "is not a time zone")],
)
async def test_what_can_not_be_read_is_said_and_nothing_is_lost(
    server: Server, option: str, value: str, told: str
) -> None:
    before = await server.set_up()
    reply = await server.organiser.slash(server.channel, "setup", **{option: value})
    assert told in texts(reply.response)
    assert await settings(server) == before
    server.forgive()


async def test_the_form_is_answered_even_by_another_process(server: Server) -> None:
    await server.set_up()
    panel = (await server.organiser.slash(server.channel, "setup")).response
    shown = await server.organiser.click(panel, label="Other time or zone")
    assert shown.modal
    await server.restart()
    await server.organiser.submit_modal(shown, {"time": "6:45", "zone": "Asia/Kolkata"})
    saved = await settings(server)
    assert (saved.minute, saved.zone) == (405, "Asia/Kolkata")


async def test_preview_and_test_post(server: Server) -> None:
    await server.set_up()
    panel = (await server.organiser.slash(server.channel, "setup")).response
    preview = (await server.organiser.click(panel, label="Preview")).response
    assert preview.ephemeral
    assert not any(controls(preview).values())
    tested = await server.organiser.click(panel, label="Post a test now")
    assert "It works" in texts(tested.response)
    assert "Test of the daily question" in texts(server.channel.last_message)


async def test_missing_permissions_are_named_and_a_failed_test_says_why(server: Server) -> None:
    denied = discord.PermissionOverwrite(send_messages=False, attach_files=False)
    hidden = server.guild.create_text_channel("staff", overwrites={server.env.bot.user: denied})
    await server.set_up(channel_id=hidden.id)
    panel = (await server.organiser.slash(server.channel, "setup")).response
    assert "**Send Messages** is missing" in texts(panel)
    assert "**Attach Files** is missing" in texts(panel)
    tested = await server.organiser.click(panel, label="Post a test now")
    assert "It did not work: permission missing" in texts(tested.response)


async def test_a_failed_post_is_told_to_the_organiser_and_tried_the_next_day(server: Server) -> None:
    await server.set_up()
    server.env.inject_error("POST", f"/channels/{server.channel.id}/messages", status=403, code=50013)
    await server.env.advance_time(DAY)
    [row] = await server.services.db.read("SELECT state FROM rounds")
    assert row["state"] == 3
    panel = (await server.organiser.slash(server.channel, "setup")).response
    assert "The last post failed: permission missing" in texts(panel)
    await server.env.advance_time(DAY)
    assert "Question" in texts(await server.post())


def test_the_invite_link_of_the_readme_asks_for_what_the_bot_needs() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    assert f"permissions={INVITE.value}`" in readme


async def test_only_those_who_may_manage_the_server(server: Server) -> None:
    await server.set_up()
    assert "setup" not in server.ana.available_commands(server.channel)
    panel = (await server.organiser.slash(server.channel, "setup")).response
    server.env.backend.remove_member_role(server.guild.id, server.organiser.id, server.managers.id)
    pressed = await server.organiser.click(panel, label="Pause")
    assert "Manage Server" in texts(pressed.response)
    assert (await settings(server)).active
    server.forgive()


async def test_pause_and_start_again(server: Server) -> None:
    await server.set_up()
    panel = (await server.organiser.slash(server.channel, "setup")).response
    await server.organiser.click(panel, label="Pause")
    assert "Paused" in texts(panel)
    await server.env.advance_time(3 * DAY)
    assert await server.rounds() == []
    await server.organiser.click(panel, label="Start again")
    await server.env.advance_time(DAY)
    assert len(await server.rounds()) == 1
