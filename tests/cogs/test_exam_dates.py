"""Exam dates through real discord.py: typed, confirmed, reminded of, put off, passed."""

from datetime import UTC, datetime
from typing import Any

from bot.core.deliveries import State
from bot.storage.database import sql
from tests.cogs.conftest import Server, controls, inbox, texts, to


async def stored(server: Server, **options: str) -> Any:
    """Ana's date, typed and confirmed in the server: the CPC on 3 February 2026 in New York unless said otherwise."""
    asked = await server.ana.slash(server.channel, "exam set", **{"exam": "cpc", "date": "2026-02-03", **options})
    return await server.ana.click(asked.response, label="Confirm")


async def owed(server: Server) -> list[str]:
    rows = await server.services.db.read(
        "SELECT subject, due_at FROM deliveries WHERE kind = 'exam_reminder' AND state < 2 ORDER BY due_at"
    )
    return [f"{row['subject']} {datetime.fromtimestamp(row['due_at'], UTC):%m-%d %H:%M}" for row in rows]


async def test_typed_confirmed_and_reminded_of_until_the_morning(server: Server) -> None:
    asked = await server.ana.slash(
        server.channel, "exam set", exam="cpc", date="3 February", time="1:30 pm", zone="america/chicago"
    )
    assert asked.response.ephemeral
    assert "Tuesday 3 February 2026, 13:30 (America/Chicago)" in texts(asked.response)
    assert await owed(server) == []
    await server.restart()
    await server.ana.click(asked.response, label="Confirm")
    assert "CPC is set" in texts(asked.response)
    assert await owed(server) == [
        "1.1.30 01-04 15:00", "1.1.14 01-20 15:00", "1.1.7 01-27 15:00", "1.1.3 01-31 15:00", "1.1.1 02-02 15:00",
        "1.1.0 02-03 13:00",
    ]  # fmt: skip
    await to(server, 1, 4, 15, 1)
    [first] = inbox(server)
    assert "CPC in 30 days" in texts(first)
    await server.restart()
    await to(server, 2, 3, 13, 1)
    assert [texts(message).partition("\n")[0] for message in inbox(server)] == [
        f"### CPC {when}" for when in ("in 30 days", "in 14 days", "in 7 days", "in 3 days", "tomorrow", "today")
    ]
    assert server.channel.history() == []
    listed = await server.ana.slash(server.channel, "exam list")
    assert "no reminder left" in texts(listed.response)


async def test_what_was_typed_is_shown_back_and_stored_by_nobody_else(server: Server) -> None:
    for typed, read in (
        ("2026-03-14", "Saturday 14 March 2026"),
        ("3/14/2026", "Saturday 14 March 2026"),
        ("Saturday, March 14th", "Saturday 14 March 2026"),
        ("in 6 weeks", "Wednesday 11 February 2026"),
    ):
        asked = await server.ana.user.slash("exam set", exam="CPC", date=typed)
        assert read in texts(asked.response)
        assert "add it later" in texts(asked.response)
    await server.ana.user.click(asked.response, label="Discard")
    assert await server.services.db.read("SELECT 1 AS one FROM exam_dates") == []


async def test_what_can_not_be_is_refused_in_a_sentence(server: Server) -> None:
    for options, said in (
        ({"date": "2025-03-14"}, "over already"),
        ({"date": "30 February"}, "is not a date"),
        ({"date": "2036-03-14"}, "three years ahead"),
        ({"time": "25:00"}, "not a time of day"),
        ({"zone": "EST"}, "not a time zone"),
        ({"exam": "xyz"}, "There is no exam"),
    ):
        asked = await server.ana.slash(server.channel, "exam set", **{"exam": "cpc", "date": "2026-03-14", **options})
        assert said in texts(asked.response)
    server.forgive()


async def test_an_edit_moves_the_reminders_and_cancelling_silences_them(server: Server) -> None:
    await stored(server)
    await to(server, 1, 21)
    assert len(inbox(server)) == 2
    asked = await server.ana.slash(server.channel, "exam edit", date="in 10 days", time="8:00")
    assert "so far: Tuesday 3 February 2026" in texts(asked.response)
    await server.restart()
    await server.ana.click(asked.response, label="Confirm the change")
    await server.ana.click(asked.response, label="My exam dates")
    assert await owed(server) == ["1.2.7 01-23 14:00", "1.2.3 01-27 14:00", "1.2.1 01-29 14:00", "1.2.0 01-30 11:00"]
    await to(server, 1, 23, 14, 1)
    assert len(inbox(server)) == 3
    gone = await server.ana.slash(server.channel, "exam cancel", exam="1")
    assert "called off" in texts(gone.response)
    await to(server, 2, 4)
    assert len(inbox(server)) == 3
    assert "none yet" in texts((await server.ana.slash(server.channel, "exam list")).response)


async def test_pressing_confirm_twice_stores_one_date(server: Server) -> None:
    asked = await server.ana.slash(server.channel, "exam set", exam="cpc", date="2026-03-14")
    again = await server.ana.slash(server.channel, "exam set", exam="cpc", date="2026-03-15")
    page = asked.response
    await server.ana.click(page, label="Confirm")
    refused = await server.ana.click(again.response, label="Confirm")
    assert "changed or taken out" in texts(refused.response)
    rows = await server.services.db.read("SELECT day FROM exam_dates WHERE state = 1")
    assert [row["day"] for row in rows] == ["2026-03-14"]
    server.forgive()


async def test_a_reminder_is_put_off_and_done_with(server: Server) -> None:
    await stored(server)
    await to(server, 1, 4, 14, 1)
    [first] = inbox(server)
    await server.restart()
    await server.ana.user.click(first, label="Snooze 1 hour")
    assert texts(inbox(server)[0]).splitlines()[1].startswith("Put off: it comes again")
    await to(server, 1, 4, 15, 2)
    assert len(inbox(server)) == 2
    again = inbox(server)[-1]
    assert "CPC in 30 days" in texts(again)
    await server.ana.user.click(again, label="Snooze till this evening")
    await to(server, 1, 4, 20)
    await server.restart()
    await server.ana.user.click(inbox(server)[-1], label="Done")
    assert "Done" in texts(inbox(server)[-1])
    await to(server, 1, 5, 12)
    assert len(inbox(server)) == 2
    await to(server, 1, 20, 14, 1)
    assert "CPC in 14 days" in texts(inbox(server)[-1])
    await server.ana.user.click(inbox(server)[-1], label="Snooze till tomorrow")
    await to(server, 1, 21, 14, 1)
    assert "CPC in 13 days" in texts(inbox(server)[-1])


async def test_a_reminder_of_a_date_that_was_changed_since_says_so(server: Server) -> None:
    await stored(server)
    await to(server, 1, 4, 14, 1)
    [first] = inbox(server)
    await server.ana.slash(server.channel, "exam cancel")
    said = await server.ana.user.click(first, label="Snooze 1 hour")
    assert "changed or taken out" in texts(said.response)
    await server.ana.user.click(first, label="Done")
    assert texts(inbox(server)[0]).startswith("✅ Done.")
    server.forgive()


async def test_closed_direct_messages_are_told_in_the_channel_without_what_is_private(server: Server) -> None:
    await server.set_up()
    await stored(server)
    server.env.inject_error("POST", "/users/@me/channels", status=403, code=50007, times=None)
    await to(server, 1, 4, 14, 2)
    told = [message for message in server.channel.history() if "direct message" in texts(message)]
    assert len(told) == 1
    assert f"<@{server.ana.id}>, I could not send you a direct message" in texts(told[0])
    assert "CPC" not in texts(told[0])
    await to(server, 1, 20, 14, 2)
    assert len([m for m in server.channel.history() if "direct message" in texts(m)]) == 1
    listed = texts((await server.ana.slash(server.channel, "exam list")).response)
    assert "did not arrive" in listed
    assert "Open your direct messages" in listed
    mend = await server.ana.click(told[0], label="How to mend it")
    assert mend.response.ephemeral


async def test_one_that_may_have_got_through_is_looked_for_though_the_bot_has_left_the_server(server: Server) -> None:
    await stored(server)
    await to(server, 1, 4, 13, 55)
    [row] = await server.services.db.read(
        "SELECT * FROM deliveries WHERE kind = 'exam_reminder' ORDER BY due_at LIMIT 1"
    )
    assert row["guild_id"] == server.guild.id
    gone, began = server.guild.id + 1, row["due_at"] - 200
    await server.services.db.write(
        sql("UPDATE deliveries SET guild_id = $2, unsure_since = $3 WHERE id = $1", row["id"], gone, began)
    )
    await to(server, 1, 4, 14, 2)
    assert len(inbox(server)) == 1
    [row] = await server.services.db.read("SELECT state, fault FROM deliveries WHERE id = $1", row["id"])
    assert (State(row["state"]), row["fault"]) == (State.SENT, "")


async def test_sent_to_the_server_it_names_nothing_and_opens_for_one(server: Server) -> None:
    await server.set_up()
    await stored(server)
    await server.ana.slash(server.channel, "remind settings", where="server")
    await to(server, 1, 4, 14, 1)
    [told] = [message for message in server.channel.history() if "a reminder of yours" in texts(message)]
    assert "CPC" not in texts(told)
    await server.restart()
    other = await server.ben.click(told, label="Show it to me")
    assert "for somebody else" in texts(other.response)
    server.forgive()
    shown = await server.ana.click(told, label="Show it to me")
    assert shown.response.ephemeral
    assert "CPC in 30 days" in texts(shown.response)
    await server.ana.click(shown.response, label="Snooze 1 hour")
    await to(server, 1, 4, 15, 3)
    assert len([m for m in server.channel.history() if "a reminder of yours" in texts(m)]) == 2
    assert inbox(server) == []


async def test_settings_move_the_reminders_to_come(server: Server) -> None:
    await stored(server)
    panel = await server.ana.slash(
        server.channel, "remind settings", days="10, 2 and 0", zone="America/Los_Angeles", quiet="10 pm - 9:30 am"
    )
    assert "10 and 2 days before and on the morning" in texts(panel.response)
    assert await owed(server) == ["1.1.10 01-24 17:30", "1.1.2 02-01 17:30", "1.1.0 02-03 17:30"]
    form = await server.ana.click(panel.response, label="Days, zone, quiet hours")
    await server.ana.submit_modal(form, {"days": "7", "zone": "", "quiet": ""})
    assert await owed(server) == ["1.1.7 01-27 14:00"]
    await server.ana.slash(server.channel, "remind settings", days="none")
    assert await owed(server) == []
    refused = await server.ana.slash(server.channel, "remind settings", days="soon")
    assert "not a list of days" in texts(refused.response)
    refused = await server.ana.slash(server.channel, "remind settings", quiet="at night")
    assert "not a span of quiet hours" in texts(refused.response)
    server.forgive()


async def test_passed_says_what_follows_and_a_retake_is_planned(server: Server) -> None:
    await stored(server)
    await to(server, 2, 5)
    page = (await server.ana.slash(server.channel, "exam list")).response
    assert "How did it go?" in texts(page)
    await server.restart()
    await server.ana.click(page, label="Not passed")
    assert "/exam retake" in texts(page)
    asked = await server.ana.slash(server.channel, "exam retake", date="in 6 weeks", exam="CPC")
    await server.ana.click(asked.response, label="Confirm the retake")
    listed = texts((await server.ana.slash(server.channel, "exam list")).response)
    assert "not passed" in listed
    assert "18 March 2026" in listed
    done = await server.ana.slash(server.channel, "exam passed")
    assert "Congratulations, you passed CPC" in texts(done.response)
    assert "/ceu cycle" in texts(done.response)
    assert await owed(server) == []


async def test_setting_an_exam_that_is_over_counts_it_as_not_passed(server: Server) -> None:
    await stored(server)
    await to(server, 2, 5)
    asked = await server.ana.slash(server.channel, "exam set", exam="cpc", date="2026-05-01")
    assert "kept as not passed" in texts(asked.response)
    await server.ana.click(asked.response, label="Confirm the retake")
    rows = await server.services.db.read("SELECT day, state FROM exam_dates ORDER BY id")
    assert [(row["day"], row["state"]) for row in rows] == [("2026-02-03", 4), ("2026-05-01", 1)]


async def test_the_button_starts_practice(server: Server) -> None:
    await stored(server)
    await to(server, 1, 4, 14, 1)
    [first] = inbox(server)
    [practise] = [custom_id for custom_id in controls(first) if custom_id.startswith("quiz:practise")]
    page = await server.ana.user.click(first, custom_id=practise)
    assert "### Practice 1 of" in texts(page.response)


async def test_fields_suggest_own_dates_exams_and_zones(server: Server) -> None:
    await stored(server)
    own = await server.ana.autocomplete(server.channel, "exam cancel", "exam", "cp")
    assert [choice["name"] for choice in own] == ["CPC, 2026-02-03"]
    assert await server.ben.autocomplete(server.channel, "exam cancel", "exam", "") == []
    refused = await server.ben.slash(server.channel, "exam cancel", exam="1")
    assert "no such exam date" in texts(refused.response)
    server.forgive()


async def test_a_group_is_reminded_in_its_place_and_only_of_its_own_date(server: Server) -> None:
    await server.set_up()
    await server.ana.slash(server.channel, "group create", name="Owls", exam="cpc", target_date="2026-02-03")
    await stored(server, date="2026-03-20")
    await to(server, 1, 4, 14, 1)
    told = [m for m in server.channel.history() if "Owls: the target date is in 30 days" in texts(m)]
    assert len(told) == 1
    assert "20 March" not in texts(told[0])
