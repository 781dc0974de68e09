"""/ceu through real discord.py: every command and control, restarts between, and reminders in direct messages."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import discord
import pytest

from bot.core.content import Content
from bot.storage.database import Database
from cogs.ceu import entries, render
from cogs.ceu.picture import ceu_alt, ceu_png
from cogs.ui.layout import TEXT_AT_MOST, text_length
from cogs.ui.pictures import ALT_AT_MOST
from tests.cogs.conftest import Server, choose, controls, options_of, press, serving, texts
from tests.services.credentials import content_with_rules


@pytest.fixture
def content() -> Content:
    return content_with_rules()


@pytest.fixture
async def server(db: Database, content: Content) -> AsyncIterator[Server]:
    """A server on 2 March 2026."""
    async with serving(db, content, start=datetime(2026, 3, 2, 17, tzinfo=UTC)) as made:
        yield made


async def to(server: Server, day: str) -> None:
    """Let the bot be away until a minute after nine in New York, by summer time."""
    then = datetime.fromisoformat(f"{day}T13:01").replace(tzinfo=UTC)
    server.env.backend.advance_clock((then - server.env.now()).total_seconds())
    await server.restart()
    await server.env.advance_time(5)


async def slash(server: Server, command: str, **options: Any) -> Any:
    return (await server.ana.slash(server.channel, f"ceu {command}", **options)).response


async def add(server: Server, number: str, title: str = "A webinar", date: str = "2026-02-01", **more: Any) -> Any:
    return await slash(server, "add", date=date, ceus=number, title=title, **more)


async def test_a_server_without_the_bot_is_not_kept(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    await slash(server, "cycle", credential="cpc", end="August 31")
    # The command came with Ana, and not with the server in which she uses it.
    monkeypatch.setattr(discord.Interaction, "is_user_integration", lambda _: True)
    monkeypatch.setattr(discord.Interaction, "is_guild_integration", lambda _: False)
    await slash(server, "cycle", credential="cca", end="August 31")
    kept = await server.services.db.read("SELECT exam, guild_id FROM ceu_credentials")
    assert {row["exam"]: row["guild_id"] for row in kept} == {"cpc": server.guild.id, "cca": 0}


async def test_from_a_cycle_through_what_was_earned_to_nothing_missing(server: Server) -> None:
    empty = await slash(server, "status")
    assert empty.ephemeral
    assert "/ceu cycle" in texts(empty)
    page = await slash(server, "cycle", credential="cpc", end="August 31")
    assert page.ephemeral
    text = texts(page)
    assert "CPC (AAPC): 0 of 36 CEUs" in text
    assert "1 September 2024 to 31 August 2026" in text
    assert "36 CEUs missing by 31 August 2026: about 6 a month." in text
    assert "Sources, read 2026-01-01" in text
    assert "a test of steps" in text
    assert "As of 2026-01-01 · confirm with AAPC" in text
    assert "carried over" in text
    noted = await add(server, "1.5", provider="ACDIS", certificate=("proof.pdf", b"%PDF"))
    assert noted.ephemeral
    assert "Counts in**  CPC, 1 September 2024 to 31 August 2026 ✅" in texts(noted)
    assert "proof.pdf" in texts(noted)
    await add(server, "36", "A conference")
    await add(server, "2", "Long ago", date="2024-03-01")
    await server.restart()
    text = texts(await slash(server, "status"))
    assert "CPC (AAPC): 37.5 of 36 CEUs" in text
    assert "✅ Nothing is missing" in text
    assert "1.5 CEUs more than needed" in text
    assert "Long ago, 1 March 2024: earned before 1 September 2024" in text


async def test_several_credentials_with_the_ladder_their_pages_and_a_picture(server: Server) -> None:
    await slash(server, "cycle", credential="cpc", start="2026-01-01")
    await slash(server, "cycle", credential="cpma", start="2026-02-01")
    await slash(server, "cycle", credential="cmc")
    await add(server, "4", category="core", issuer="PMI")
    status = await slash(server, "status")
    text = texts(status)
    assert "**CPC** (AAPC)  0 of 40 CEUs" in text
    assert "**CMC** (PMI)  4 of 12 CEUs" in text
    assert "confirm with" in text
    assert "CPC, CPMA: a test of steps, likely" in text
    assert "Auditing: 0 of 16, 16 missing" in text
    assert "A webinar, 1 February 2026  (for CMC only)" in texts(await slash(server, "list"))
    one = await choose(server.ana, status, options_of(status)["CPMA (AAPC)"])
    assert "Auditing: 0 of 16, 16 missing" in texts(one)
    assert "Counted for 2 credentials of AAPC's that you track here: 40 CEUs in a cycle." in texts(one)
    await server.restart()
    picture = (await server.ana.click(one, label="As a picture")).response
    assert picture.ephemeral
    [file] = picture.attachments
    assert file.filename == "ceus.png"
    assert "CMC (PMI): 4 of 12 CEUs." in str(picture.components)
    back = await press(server.ana, picture, label="As text")
    assert "### Your CEUs" in texts(back)


async def test_what_the_facts_do_not_know_is_refused_with_what_to_do(server: Server) -> None:
    refused = await slash(server, "cycle", credential="rhit", start="2026-01-01")
    assert "add the option ceus with the number they give you" in texts(refused)
    server.forgive()
    refused = await slash(server, "cycle", credential="cpc")
    assert "Say when the cycle of CPC begins or ends" in texts(refused)
    server.forgive()
    page = await slash(server, "cycle", credential="rhit", start="2026-01-01", end="2027-12-31", ceus="20")
    assert "Counted by your own number, 20. Confirm it with AHIMA." in texts(page)
    for bad, sentence in (({"date": "tomorrow"}, "has not come yet"), ({"date": "then"}, "is not a date")):
        assert sentence in texts(await add(server, "1", **bad))
        server.forgive()
    assert "in quarters" in texts(await add(server, "1.1"))
    server.forgive()


async def test_entries_are_listed_changed_put_into_categories_and_removed(server: Server) -> None:
    await slash(server, "cycle", credential="ccs", start="2026-01-01")
    await slash(server, "cycle", credential="cpc", start="2026-01-01")
    for number in range(12):
        await add(server, "1", f"Lesson {number}")
    listing = await slash(server, "list")
    assert "Lesson 11" in texts(listing)
    assert "Lesson 1," not in texts(listing)
    listing = await press(server.ana, listing, label="Page 2 of 2 ›")
    assert "Lesson 1," in texts(listing)
    await server.restart()
    entry = await choose(server.ana, listing, next(iter(options_of(listing).values())))
    assert "Lesson 1\n" in texts(entry)
    number = next(name for name in controls(entry) if name.startswith("ceu:kinds:")).rpartition(":")[2]
    entry = (await server.ana.select(entry, ["hiim", "from-ahima"], custom_id=f"ceu:kinds:{number}")).response or entry
    assert "**Categories**  In HIIM domains, From AHIMA" in texts(entry)
    entry = (await server.ana.select(entry, ["AHIMA"], custom_id=f"ceu:issuer:{number}")).response or entry
    assert "**Accepted by**  AHIMA only" in texts(entry)
    form = await server.ana.click(entry, label="Edit")
    await server.restart()
    await server.ana.submit_modal(
        form, {"day": "Feb 3", "ceus": "2.25", "title": "Sepsis *day*", "provider": "", "link": ""}
    )
    assert "Sepsis \\*day\\*" in texts(entry)
    assert "2.25, earned on 3 February 2026" in texts(entry)
    page = await slash(server, "status", credential="ccs")
    assert "In HIIM domains: 2.25 of 16" in texts(page)
    asked = await server.ana.slash(server.channel, "ceu edit", entry=number)
    await server.ana.submit_modal(asked, {"day": "Feb 3", "ceus": "3", "title": "Sepsis", "provider": "", "link": ""})
    question = await slash(server, "remove", entry=number)
    kept = await press(server.ana, question, label="Keep it")
    assert "### Sepsis" in texts(kept)
    question = await press(server.ana, kept, label="Remove")
    await server.restart()
    gone = await press(server.ana, question, label="Remove it")
    assert "Removed: **3**  Sepsis" in texts(gone)
    again = await slash(server, "remove", entry=number)
    assert "These CEUs are not stored here" in texts(again)
    server.forgive()


async def test_a_cycle_is_changed_counted_by_the_rule_again_and_dropped(server: Server) -> None:
    page = await slash(server, "cycle", credential="cca", start="2026-01-01", ceus="30")
    assert "CCA (AHIMA): 0 of 30 CEUs" in texts(page)
    page = await press(server.ana, page, label="Count by AHIMA's rule")
    assert "CCA (AHIMA): 0 of 20 CEUs" in texts(page)
    form = await server.ana.click(page, label="Change the cycle")
    await server.restart()
    await server.ana.submit_modal(form, {"end": "2026-12-31"})
    assert "1 January 2025 to 31 December 2026" in texts(page)
    question = await press(server.ana, page, label="Stop tracking")
    done = await press(server.ana, question, label="Stop tracking")
    assert "CCA is not tracked any more" in texts(done)
    assert await server.services.db.read("SELECT 1 AS one FROM deliveries WHERE kind = 'ceu' AND state < 2") == []


async def test_somebody_elses_numbers_open_nothing(server: Server) -> None:
    page = await slash(server, "cycle", credential="cpc", start="2026-01-01")
    entry = await add(server, "1")
    numbers = {name.split(":")[1]: name for name in (*controls(page), *controls(entry))}
    for custom_id in (numbers["form"], numbers["drop"], numbers["edit"], numbers["remove"]):
        message = await server.left_over(discord.ui.Button(label="x", custom_id=custom_id))
        refused = (await server.ben.click(message, label="x")).response
        assert "You track no credential" in texts(refused) or "not stored here" in texts(refused)
        server.forgive()


async def test_the_export_is_a_table(server: Server) -> None:
    await slash(server, "cycle", credential="cpc", start="2026-01-01")
    await add(server, "1.5", "=1+1", provider="ACDIS")
    reply = await slash(server, "export")
    assert reply.ephemeral
    [file] = reply.attachments
    assert file.filename == "ceus.csv"
    with server.env.time_context():
        data = await file.read()
    head, row = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert head[:3] == ["Date", "CEUs", "Title"]
    assert row[:4] == ["2026-02-01", "1.5", "'=1+1", "ACDIS"]


async def test_fields_suggest_and_say_how_a_day_is_read(server: Server) -> None:
    await slash(server, "cycle", credential="ccs", start="2026-01-01")
    await add(server, "1", "A webinar on sepsis")

    async def names(command: str, option: str, typed: str) -> list[str]:
        return [
            choice["name"] for choice in await server.ana.autocomplete(server.channel, f"ceu {command}", option, typed)
        ]

    assert await names("cycle", "credential", "ccs") == ["CCS (AHIMA) The exam ccs"]
    assert await names("status", "credential", "") == ["CCS (AHIMA)"]
    assert await names("add", "category", "dom") == ["In HIIM domains"]
    assert await names("add", "issuer", "a") == ["AAPC", "AHIMA"]
    assert await names("add", "date", "Feb 20") == ["Feb 20: Friday 20 February 2026"]
    assert await names("cycle", "end", "Feb 20") == ["Feb 20: Saturday 20 February 2027"]
    assert await names("cycle", "start", "once") == []
    assert await names("edit", "entry", "sepsis") == ["2026-02-01  1  A webinar on sepsis"]


async def test_reminders_come_privately_and_stop_once_nothing_is_missing(server: Server) -> None:
    await slash(server, "cycle", credential="cpc", end="2026-08-31")
    await server.restart()
    await to(server, "2026-05-31")
    dm = server.ana.user.dm_channel
    first = dm.last_message
    assert "36 CEUs missing for CPC (AAPC)" in texts(first)
    assert "confirm with AAPC" in texts(first)
    assert "a test of steps" in texts(first)
    before = server.channel.last_message
    await server.restart()
    page = (await server.ana.user.click(first, label="Where you stand")).response
    assert "CPC (AAPC): 0 of 36 CEUs" in texts(page)
    await add(server, "36")
    await to(server, "2026-08-20")
    assert dm.last_message.id == first.id
    await to(server, "2026-09-01")
    assert "Your CEU cycle for CPC (AAPC) has ended" in texts(dm.last_message)
    assert "The next one runs to 31 August 2028" in texts(dm.last_message)
    assert server.channel.last_message == before
    page = await slash(server, "status")
    assert "1 September 2024 to 31 August 2026: 36 of 36 CEUs, ✅" in texts(page)


async def test_sent_to_the_server_they_name_nothing_and_open_for_one(server: Server) -> None:
    await server.set_up()
    await slash(server, "cycle", credential="cpc", end="2026-08-31")
    await server.ana.slash(server.channel, "remind settings", where="server")
    await to(server, "2026-05-31")
    [told] = [message for message in server.channel.history() if "a reminder of yours" in texts(message)]
    assert f"<@{server.ana.id}>" in texts(told)
    assert "CPC" not in texts(told)
    await server.restart()
    await server.ben.click(told, label="Show it to me")
    server.forgive()
    shown = (await server.ana.click(told, label="Show it to me")).response
    assert shown.ephemeral
    assert "CPC (AAPC): 0 of 36 CEUs" in texts(shown)
    assert server.ana.user.dm_channel is None or not list(server.ana.user.dm_channel.history())


async def test_closed_messages_are_shown_with_how_to_mend_them(server: Server) -> None:
    await server.set_up()
    await slash(server, "cycle", credential="cpc", end="2026-08-31")
    dm = server.ana.user.dm_channel
    server.env.inject_error("POST", f"/channels/{dm.id}/messages", status=403, code=50007)
    await to(server, "2026-05-31")
    with server.env.time_context():
        posted = server.env.bot.get_partial_messageable(server.channel.id, guild_id=server.guild.id).history(limit=10)
        [told] = [text async for message in posted if f"<@{server.ana.id}>" in (text := texts(message))]
    assert "CPC" not in told
    assert "36 CEUs" not in told
    assert "The last reminder did not arrive**  direct messages closed" in texts(await slash(server, "status"))


async def test_everything_works_in_direct_messages(server: Server) -> None:
    page = (await server.ana.user.slash("ceu cycle", credential="cpc", end="2026-08-31")).response
    assert "CPC (AAPC): 0 of 36 CEUs" in texts(page)
    await server.ana.user.slash("ceu add", date="today", ceus="1", title="A book")
    assert "A book" in texts((await server.ana.user.slash("ceu list")).response)


async def test_pages_fit_with_everything_at_its_longest(server: Server, real_content: Content) -> None:
    """Five AAPC credentials, long words, a thousand entries: within Discord's limits, alt text too."""
    long = "W" * 80
    for exam in ("cpc", "cpma", "ccs", "cca", "cmc", "rhit"):
        own = {"ceus": "199.75"} if exam in ("cca", "rhit") else {}
        end = {"end": "2027-12-31"} if exam == "rhit" else {}
        await slash(server, "cycle", credential=exam, start="2026-01-01", **own, **end)
    for number in range(11):
        await add(server, "199.75", long, provider="M" * 60, issuer="PMI" if number % 2 else "AAPC")
    ledger = await server.services.ceu.ledger(server.ana.id)
    shown = [await server.services.ceu.entries.show(server.ana.id, entry.id) for entry in ledger.entries]
    views = [
        render.status(ledger), entries.listing(ledger), entries.listing(ledger, 99), *map(entries.one, shown),
        *map(entries.removing, shown),
        *(render.page(page, number) for page in ledger.pages for number in range(3)),
    ]  # fmt: skip
    for view in views:
        assert text_length(view) <= TEXT_AT_MOST
        assert len(list(view.walk_children())) <= 40
        assert all(len(name) <= 100 for name in _ids(view))
    assert len(ceu_alt(ledger)) <= ALT_AT_MOST
    assert ceu_png(ledger).startswith(b"\x89PNG")


def _ids(view: discord.ui.LayoutView) -> list[str]:
    return [
        item.custom_id
        for item in view.walk_children()
        if isinstance(item, discord.ui.Button | discord.ui.Select) and item.custom_id
    ]
