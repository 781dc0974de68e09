"""Study plans through real discord.py: made, turned over, told about on Mondays, planned anew, dropped; and the file."""

from typing import Any

import pytest

from tests.cogs.conftest import HOUR, Server, controls, inbox, press, texts, to
from tests.ical import Component, parse


async def dated(server: Server, date: str = "2026-03-17", **options: str) -> Any:
    """Ana's date for the CPC, eleven weeks ahead, confirmed."""
    asked = await server.ana.slash(server.channel, "exam set", exam="cpc", date=date, **options)
    await server.ana.click(asked.response, label="Confirm")
    return asked.response


async def plan(server: Server, **options: Any) -> Any:
    return (await server.ana.slash(server.channel, "exam plan", **options)).response


def weeks(server: Server) -> list[Any]:
    return inbox(server, "your week")


async def test_made_turned_over_and_the_same_after_a_restart(server: Server) -> None:
    await dated(server)
    page = await plan(server, hours=6)
    assert page.ephemeral
    shown = texts(page)
    assert "### CPC: your study plan" in shown
    assert "**This week**, 31 December to 4 January" in shown
    assert "0 of " in shown
    await server.restart()
    later = await press(server.ana, page, label="Page 2 of 2 ›")
    assert "**12 to 18 January** · 6 h" in texts(later)
    assert "▫️ 3 h: " in texts(later)
    assert "**9 to 15 March** · 6 h · review" in texts(later)
    back = await press(server.ana, later, label="‹ Page 1")
    assert texts(back) == shown
    assert texts(await plan(server)) == shown
    assert "**This week**" in texts((await server.ana.user.slash("exam plan", exam="1")).response)


async def test_the_message_of_the_week_and_practice_from_it(server: Server) -> None:
    await dated(server)
    await plan(server, hours=2)
    await to(server, 1, 5, 13, 59)
    assert weeks(server) == []
    await server.restart()
    await to(server, 1, 5, 14, 1)
    [message] = weeks(server)
    assert "### CPC: your week" in texts(message)
    assert "shared out anew" in texts(message)
    assert server.channel.history() == []
    assert any(custom_id.rpartition("@")[2].isdigit() for custom_id in controls(message))
    await server.restart()
    started = (
        await server.ana.user.click(message, custom_id=next(c for c in controls(message) if "practise" in c))
    ).response
    assert "Question 1" in texts(started) or "1 of" in texts(started)
    opened = (await server.ana.user.click(message, label="My plan")).response
    assert "your study plan" in texts(opened)
    await to(server, 1, 12, 14, 1)
    assert len(weeks(server)) == 2


async def test_closed_messages_show_on_the_plan(server: Server) -> None:
    await server.set_up()
    await dated(server)
    page = await plan(server, hours=2)
    server.env.inject_error("POST", "/users/@me/channels", status=403, code=50007)
    await to(server, 1, 5, 14, 1)
    assert weeks(server) == []
    page = await plan(server)
    assert "The last weekly message did not arrive" in texts(page)
    assert "direct messages closed" in texts(page)
    [word] = [texts(message) for message in server.channel.history() if "could not send you" in texts(message)]
    assert str(server.ana.id) in word
    assert "plan" not in word


async def test_in_the_server_s_channel_it_says_nothing_of_what_it_is(server: Server) -> None:
    await server.set_up()
    await dated(server)
    await plan(server, hours=2)
    await server.ana.slash(server.channel, "remind settings", where="server")
    await to(server, 1, 5, 14, 1)
    [word] = [message for message in server.channel.history() if "a reminder of yours is due" in texts(message)]
    assert "CPC" not in texts(word)
    assert "your study plan" in texts((await server.ana.click(word, label="Show it to me")).response)
    other = await server.ben.click(word, label="Show it to me")
    assert "for somebody else" in texts(other.response)
    assert "CPC" not in texts(other.response)
    server.forgive()


async def test_planned_anew_stopped_and_dropped(server: Server) -> None:
    await dated(server)
    page = await plan(server, hours=6)
    anew = await press(server.ana, page, label="I fell behind: plan anew")
    assert "Planned anew" in texts(anew)
    stopped = await press(server.ana, anew, label="Stop the weekly message")
    assert "plan:nudges:1:1" in controls(stopped)
    await to(server, 1, 5, 14, 1)
    assert weeks(server) == []
    await server.restart()
    wanted = await press(server.ana, stopped, label="Message me each week")
    await to(server, 1, 12, 14, 1)
    assert len(weeks(server)) == 1
    dropped = await press(server.ana, wanted, label="Drop the plan")
    assert "The plan is dropped" in texts(dropped)
    gone = await server.ana.user.click(weeks(server)[0], label="My plan")
    assert "not followed any more" in texts(gone.response)
    hours = await server.ana.slash(server.channel, "exam plan")
    assert "How many hours a week" in texts(hours.response)
    server.forgive()
    await to(server, 1, 20)
    assert len(weeks(server)) == 1


async def test_without_a_date_it_says_what_comes_first(server: Server) -> None:
    assert "/exam set stores one" in texts(await plan(server, hours=5))
    server.forgive()
    found = await calendar(server)
    assert found.parts == []


async def test_dates_are_suggested_by_exam(server: Server) -> None:
    await dated(server)
    found = await server.ana.autocomplete(server.channel, "exam plan", "exam", "cp")
    assert [(choice["name"], choice["value"]) for choice in found] == [("CPC, 2026-03-17", "1")]


# -- the calendar file -----------------------------------------------------------------------------------------


async def calendar(server: Server) -> Component:
    reply = (await server.ana.slash(server.channel, "exam calendar")).response
    assert reply.ephemeral
    assert "Your calendar file" in texts(reply)
    [attachment] = reply.attachments
    return parse(await attachment.read())


def events(found: Component) -> dict[str, Component]:
    return {event.text("UID"): event for event in found.all("VEVENT")}


async def test_the_file_brings_an_earlier_one_up_to_date(server: Server) -> None:
    await dated(server, time="8:00")
    await plan(server, hours=6)
    before = events(await calendar(server))
    assert len(before) == 1 + 12
    [exam] = [event for event in before.values() if event.all("VALARM")]
    assert exam.text("SUMMARY") == "CPC exam"
    assert exam.properties["DTSTART"].value == "20260317T080000"
    assert [alarm.text("TRIGGER") for alarm in exam.all("VALARM")][-2:] == ["-PT23H", "-PT2H"]
    edited = await server.ana.slash(server.channel, "exam edit", date="2026-02-24")
    await server.ana.click(edited.response, label="Confirm the change")
    await server.restart()
    await server.env.advance_time(HOUR)
    after = events(await calendar(server))
    assert set(after) == set(before)
    moved = after[exam.text("UID")]
    assert moved.properties["DTSTART"].value == "20260224T080000"
    for name, event in after.items():
        assert int(event.text("SEQUENCE")) > int(before[name].text("SEQUENCE"))
        assert event.text("DTSTAMP") > before[name].text("DTSTAMP")
    off = sorted(event.properties["DTSTART"].value for event in after.values() if event.text("STATUS") == "CANCELLED")
    assert off == ["20260302", "20260309", "20260316"]
    assert sum("review week" in event.text("SUMMARY") for event in after.values()) == 2


@pytest.mark.parametrize("what", ["exam cancel", "plan"])
async def test_what_is_called_off_is_said_in_the_next_file(server: Server, what: str) -> None:
    await dated(server)
    page = await plan(server, hours=6)
    before = events(await calendar(server))
    if what == "plan":
        await server.ana.click(page, label="Drop the plan")
    else:
        await server.ana.slash(server.channel, what)
    after = events(await calendar(server))
    assert set(after) == set(before)
    off = {name for name, event in after.items() if event.text("STATUS") == "CANCELLED"}
    assert len(off) == (13 if what == "exam cancel" else 12)
    for name in off:
        assert int(after[name].text("SEQUENCE")) > int(before[name].text("SEQUENCE"))
        assert after[name].all("VALARM") == []
