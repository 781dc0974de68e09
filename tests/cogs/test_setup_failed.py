"""What failed in a server, as its organisers see it through real discord.py."""

import itertools
from typing import Any

from bot.core.daily import DailySettings
from bot.core.deliveries import Kind
from bot.core.failures import KNOWN, OF_SERVERS
from bot.services.failures import Failure
from bot.services.flags import Flagged
from bot.services.setup import Panel
from cogs.setup import failed, render
from cogs.setup.permissions import NEEDED, WANTED, Check
from tests.cogs.conftest import DAY, Server, controls, press, texts
from tests.content.test_limits import SNOWFLAKE, faults
from tests.samples import make_exam

BUTTON = "setup:failed:0"


async def panel(server: Server) -> Any:
    return (await server.organiser.slash(server.channel, "setup")).response


async def test_where_nothing_failed_nothing_is_shown(server: Server) -> None:
    await server.set_up()
    await server.next_post()
    assert BUTTON not in controls(await panel(server))


async def test_what_failed_is_shown_with_its_channel_and_how_to_mend_it(server: Server) -> None:
    await server.set_up()
    await server.ana.slash(server.channel, "group create", name="Owls")
    server.env.inject_error("POST", f"/channels/{server.channel.id}/messages", status=403, code=50001, times=None)
    for day in ("tomorrow", "in 2 days"):
        draft = await server.ana.slash(server.channel, "group session", when=f"{day} 7 pm")
        await server.ana.click(draft.response, label="Yes, announce it")
    await server.env.advance_time(DAY)
    shown = await panel(server)
    assert "did not go out" in texts(shown)
    await server.restart()
    page = await press(server.organiser, shown, custom_id=BUTTON)
    assert page.ephemeral
    text = texts(page)
    channel = f"in <#{server.channel.id}>"
    assert "**2 announcements of study sessions**: no access to the channel, last <t:" in text
    assert f":R> {channel}" in text
    assert f"Give the bot View Channel {channel}, or open the group anew in another channel" in text
    assert "**1 daily question**: no access to the channel" in text
    assert f"Give the bot View Channel {channel}, or choose another channel in /setup" in text
    back = await press(server.organiser, page, custom_id="setup:panel")
    assert "### Daily question" in texts(back)


async def test_before_the_daily_question_is_set_up_it_is_shown_too(server: Server) -> None:
    server.env.inject_error("POST", f"/channels/{server.channel.id}/messages", status=404, code=10003, times=None)
    await server.ana.slash(server.channel, "group create", name="Owls", goal="1 answer")
    await server.env.advance_time(60)
    shown = await panel(server)
    assert "Set up the daily question" in texts(shown)
    assert "weekly message of a study group" in texts(await press(server.organiser, shown, custom_id=BUTTON))


async def test_nobody_is_named_whose_direct_messages_are_closed(server: Server) -> None:
    await server.set_up()
    for person in (server.ana, server.ben):
        asked = await person.slash(server.channel, "exam set", exam="cpc", date="in 3 days")
        await person.click(asked.response, label="Confirm")
    server.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
    server.env.inject_error("POST", f"/channels/{server.channel.id}/messages", status=403, code=50001, times=None)
    await server.env.advance_time(2 * DAY)
    page = await press(server.organiser, await panel(server), custom_id=BUTTON)
    text = texts(page)
    assert "**2 members have direct messages closed**, and could not be told in the channel: no access" in text
    for private in (str(server.ana.id), str(server.ben.id), "CPC", "exam"):
        assert private not in text


async def test_only_for_those_who_may_manage_the_server(server: Server) -> None:
    await server.set_up()
    server.env.inject_error("POST", f"/channels/{server.channel.id}/messages", status=403, code=50013)
    await server.env.advance_time(DAY)
    shown = await panel(server)
    server.env.backend.remove_member_role(server.guild.id, server.organiser.id, server.managers.id)
    assert "Manage Server" in texts((await server.organiser.click(shown, custom_id=BUTTON)).response)
    server.forgive()


def longest(kinds: tuple[Kind, ...]) -> tuple[Failure, ...]:
    reasons = (*sorted(KNOWN), "x" * 500)
    return tuple(
        Failure(kind, reason, 999_999, 9_999_999_999, SNOWFLAKE) for kind, reason in itertools.product(kinds, reasons)
    )


def test_the_longest_page_keeps_to_the_limits() -> None:
    everything = longest(OF_SERVERS)
    told, number = "", -1
    while number < 0 or f"setup:failed:{number + 1}'" in told:
        number += 1
        page = failed.page(everything, number)
        assert faults(page) == []
        told += str(page.to_components())
    assert number > 1
    assert all(told.count(failed.called(kind, 999_999)) >= len(KNOWN) for kind in OF_SERVERS if kind != Kind.UNREACHED)
    assert failed.page(everything, 999).to_components() == failed.page(everything, number).to_components()
    assert faults(failed.page(())) == []


def test_the_longest_panel_keeps_to_the_limits() -> None:
    settings = DailySettings(
        SNOWFLAKE, SNOWFLAKE, 1439, "America/Argentina/ComodRivadavia", "cpc", SNOWFLAKE, SNOWFLAKE, 23, fault="x" * 100
    )
    check = Check(
        tuple(f"**{title}** is missing: {effect}." for _, title, effect in NEEDED),
        (
            *(f"**{title}** is missing: {effect}." for _, title, effect in WANTED),
            "The role to ping is gone: choose another, or none.",
        ),
    )
    flagged = tuple(Flagged(f"{'x' * 46}{i:02}", 99, (), True) for i in range(25))
    exams = tuple((make_exam({"a": 1}, f"exam-{i}"), 9999) for i in range(25))
    for chosen in (settings, None):
        state = Panel(chosen, exams, flagged, 9_999_999_999, 9999, 999_999)
        assert faults(render.panel(state, check)) == []
