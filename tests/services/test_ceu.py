"""Continuing education units on both databases: what is tracked, noted, owed, and renewed by itself."""

import asyncio
import csv
import io
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot.app import Services
from bot.core.ceu_errors import (
    CategoryUnknown,
    CeusUnknown,
    CeusUnknownForMore,
    CredentialUnknown,
    CycleWhen,
    EntriesEnough,
    EntryUnknown,
    IssuerUnknown,
    LinkUnfit,
    TitleMissing,
)
from bot.core.content import Content
from bot.core.errors import ExamUnknown
from bot.core.reminders import Quiet, ReminderSettings
from bot.services.ceu_entries import Typed
from bot.services.ceu_export import COLUMNS, cell
from bot.storage import ceu as store
from bot.storage import reminders as settings_store
from bot.storage.database import Conflict, Database, sql
from tests.services.credentials import ANA, BEN, content_with_rules, cpc, earn, nine, waiting


@pytest.fixture
def content() -> Content:
    return content_with_rules()


# -- tracking --------------------------------------------------------------------------------------------------


async def test_a_cycle_is_stored_with_its_reminders_on_the_learners_clock(services: Services, db: Database) -> None:
    number = await cpc(services)
    # Six months before the end is over: it was on 28 February.
    assert await waiting(db) == {
        f"{number}:1:0:m3": nine("2026-05-31"),
        f"{number}:1:0:m1": nine("2026-07-31"),
        f"{number}:1:0:w2": nine("2026-08-17"),
        f"{number}:1:0:end": nine("2026-09-01"),
    }
    page = await services.ceu.page(ANA, "cpc")
    assert (page.standing.cycle.first, page.standing.missing) == (date(2024, 9, 1), 144)


async def test_a_change_calls_off_what_was_owed_and_owes_anew(services: Services, db: Database) -> None:
    number = await cpc(services)
    await services.ceu.track(ANA, 0, "CPC", end="2027-12-31")
    assert await waiting(db) == {
        f"{number}:2:0:m6": nine("2027-06-30"),
        f"{number}:2:0:m3": nine("2027-09-30"),
        f"{number}:2:0:m1": nine("2027-11-30"),
        f"{number}:2:0:w2": nine("2027-12-17"),
        f"{number}:2:0:end": nine("2028-01-01"),
    }
    await services.ceu.untrack(ANA, number)
    assert await waiting(db) == {}
    with pytest.raises(CredentialUnknown):
        await services.ceu.page(ANA, "cpc")


async def test_what_is_read_with_another_revision_is_not_written(services: Services, db: Database) -> None:
    await cpc(services)
    [before] = await store.credentials(db, ANA)
    await services.ceu.track(ANA, 0, "cpc", end="2027-12-31")
    owed = await waiting(db)
    with pytest.raises(Conflict):
        await db.write(store.track(before), sql("DELETE FROM deliveries"))
    assert await waiting(db) == owed
    ledger = await services.ceu.ledger(ANA)
    # Nor is anything owed by a revision that is over.
    await db.write(*ledger.owe(before, int(services.clock())))
    assert await waiting(db) == owed


async def test_changes_that_race_are_made_one_after_the_other(services: Services, db: Database) -> None:
    number = await cpc(services, end="2026-08-31", ceus="50")
    await asyncio.gather(
        services.ceu.change(ANA, number, end="2027-12-31"),
        services.ceu.by_the_rule(ANA, number),
        services.ceu.by_the_rule(ANA, number),
    )
    page = await services.ceu.page(ANA, "cpc")
    assert (page.standing.cycle.last, page.standing.requirement.needed) == (date(2027, 12, 31), 144)
    assert {name.split(":")[1] for name in await waiting(db)} == {"4"}


async def test_the_learners_own_zone_and_quiet_hours_go_before_the_servers(services: Services, db: Database) -> None:
    quiet = ReminderSettings(zone="Asia/Tokyo", quiet=Quiet(8 * 60, 11 * 60))
    await db.write(settings_store.turn(ANA, quiet))
    number = await cpc(services)
    tokyo = ZoneInfo("Asia/Tokyo")
    assert (await waiting(db))[f"{number}:1:0:m1"] == nine("2026-07-31", tokyo) + 2 * 3600


async def test_the_ladder_is_over_the_credentials_of_one_issuer(services: Services) -> None:
    await cpc(services)
    await services.ceu.track(ANA, 0, "cpma", start="2026-01-01")
    await services.ceu.track(ANA, 0, "ccs", start="2026-01-01")
    pages = {page.tracked.exam.id: page.standing for page in (await services.ceu.ledger(ANA)).pages}
    assert {name: found.requirement.needed / 4 for name, found in pages.items()} == {"cpc": 40, "cpma": 40, "ccs": 20}
    assert [part.minimum.id for part in pages["cpma"].parts] == ["auditing"]
    # A credential that begins after a cycle has ended is not held in it.
    other = await services.ceu.track(BEN, 0, "cpma", start="2028-06-01")
    assert (other.standing.requirement.held, other.begun) == (1, False)
    page = await services.ceu.track(BEN, 0, "cpc", end="2026-08-31")
    assert page.standing.requirement.needed == 144


async def test_what_is_not_known_is_refused_or_counted_by_ones_own_number(services: Services) -> None:
    with pytest.raises(CeusUnknown):
        await services.ceu.track(ANA, 0, "rhit", start="2026-01-01")
    with pytest.raises(CeusUnknown):
        await services.ceu.track(ANA, 0, "rhit", start="2026-01-01", ceus="20")
    page = await services.ceu.track(ANA, 0, "rhit", start="2026-01-01", end="2027-12-31", ceus="20")
    assert (page.standing.requirement.needed, page.tracked.credential.months) == (80, 24)
    moved = await services.ceu.track(ANA, 0, "rhit", end="2028-03-31")
    assert (moved.standing.cycle.first, moved.standing.cycle.last) == (date(2026, 1, 1), date(2028, 3, 31))
    await services.ceu.track(ANA, 0, "cca", start="2026-01-01")
    with pytest.raises(CeusUnknownForMore) as refused:
        await services.ceu.track(ANA, 0, "ccs", start="2026-01-01")
    assert "CCA" in str(refused.value)
    own = await services.ceu.track(ANA, 0, "ccs", start="2026-01-01", ceus="30")
    assert own.standing.requirement.needed == 120
    assert not (await services.ceu.page(ANA, "cca")).standing.requirement.fits
    with pytest.raises(CeusUnknownForMore):
        await services.ceu.by_the_rule(ANA, own.tracked.credential.id)
    await services.ceu.untrack(ANA, (await services.ceu.page(ANA, "cca")).tracked.credential.id)
    assert (await services.ceu.by_the_rule(ANA, own.tracked.credential.id)).standing.requirement.needed == 80


async def test_what_is_missing_or_somebody_elses_is_refused(services: Services) -> None:
    with pytest.raises(ExamUnknown):
        await services.ceu.track(ANA, 0, "law school", start="2026-01-01")
    with pytest.raises(CycleWhen):
        await services.ceu.track(ANA, 0, "cpc")
    number, entry = await cpc(services), await earn(services, "1")
    for attempt in (
        services.ceu.page(BEN, str(number)),
        services.ceu.untrack(BEN, number),
        services.ceu.change(BEN, number, end="2027-01-01"),
        services.ceu.by_the_rule(BEN, number),
    ):
        with pytest.raises(CredentialUnknown):
            await attempt
    for attempt in (
        services.ceu.entries.show(BEN, entry),
        services.ceu.entries.remove(BEN, entry),
        services.ceu.entries.edit(BEN, entry, Typed("today", "1", "x")),
        services.ceu.entries.categorise(BEN, entry, []),
        services.ceu.entries.accepted_by(BEN, entry, ""),
        services.ceu.entries.show(ANA, "a webinar"),
    ):
        with pytest.raises(EntryUnknown):
            await attempt
    assert (await services.ceu.entries.show(ANA, entry)).entry.title == "A webinar"


# -- entries ---------------------------------------------------------------------------------------------------


async def test_entries_count_where_they_belong_and_are_changed_and_removed(services: Services) -> None:
    await cpc(services)
    await services.ceu.track(ANA, 0, "ccs", start="2026-01-01")
    both = await earn(services, "1.5", category="hiim")
    one = await earn(services, "2", issuer="aapc")
    early = await earn(services, "4", day="2024-03-01")
    pages = {page.tracked.exam.id: page.standing for page in (await services.ceu.ledger(ANA)).pages}
    assert (pages["cpc"].earned, pages["ccs"].earned) == (14, 6)
    assert [(entry.id, why.value) for entry, why in pages["ccs"].outside] == [(one, "issuer"), (early, "before")]
    shown = await services.ceu.entries.show(ANA, both)
    assert [one.exam.id for one, _ in shown.counts] == ["ccs", "cpc"]
    shown = await services.ceu.entries.categorise(ANA, both, ["hiim", "from-ahima"])
    assert shown.entry.categories == ("hiim", "from-ahima")
    assert (await services.ceu.entries.accepted_by(ANA, both, "AHIMA")).entry.issuer == "AHIMA"
    changed = await services.ceu.entries.edit(ANA, both, Typed("2026-02-14", "0.75", " Sepsis   day ", "ACDIS"))
    assert (changed.entry.quarters, changed.entry.title, changed.entry.categories) == (
        3,
        "Sepsis day",
        ("hiim", "from-ahima"),
    )
    assert not changed.twin
    await services.ceu.entries.remove(ANA, one)
    twin = await services.ceu.entries.add(ANA, 0, Typed("2026-02-14", "0.75", "Sepsis day", "ACDIS"))
    assert twin.twin
    assert [entry.title for entry in await services.ceu.entries.like(ANA, "acdis")] == ["Sepsis day"] * 2
    assert [least.id for least in await services.ceu.entries.categories_like(ANA, "")] == ["hiim", "from-ahima"]


async def test_what_can_not_be_noted_is_refused(services: Services, db: Database) -> None:
    for typed, more, error in (
        (Typed("today", "1", "  "), {}, TitleMissing),
        (Typed("today", "1", "x", link="http://plain"), {}, LinkUnfit),
        (Typed("today", "1", "x"), {"category": "weather"}, CategoryUnknown),
        (Typed("today", "1", "x"), {"issuer": "AMA"}, IssuerUnknown),
    ):
        with pytest.raises(error):
            await services.ceu.entries.add(ANA, 0, typed, **more)
    await db.write(
        sql(
            "INSERT INTO ceu_entries (user_id, day, quarters, title, provider, added_at, changed_at)"
            " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
            " SELECT CAST($1 AS BIGINT), '2026-01-01', 1, 'x', '', 0, 0 FROM n",
            ANA,
        )
    )
    with pytest.raises(EntriesEnough):
        await earn(services, "1")
    await earn(services, "1", user=BEN)


async def test_the_export_reads_back_and_holds_no_formula(services: Services) -> None:
    await cpc(services)
    await services.ceu.entries.add(
        ANA, 0, Typed("2026-02-01", "1.5", '=HYPERLINK("x"), "a"', "Zoë & Søn", "https://cdn.example/a,b")
    )
    await services.ceu.entries.add(ANA, 0, Typed("2020-02-01", "2", "-1+1", "@cmd"), category="core", issuer="PMI")
    data, count = await services.ceu.export(ANA)
    assert count == 2
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [
        list(COLUMNS),
        ["2020-02-01", "2", "'-1+1", "'@cmd", "core", "PMI", "", ""],
        [
            "2026-02-01", "1.5", "'=HYPERLINK(\"x\"), \"a\"", "Zoë & Søn", "", "all", "https://cdn.example/a,b",
            "CPC 2024-09-01 to 2026-08-31",
        ],
    ]  # fmt: skip
    assert [cell(text) for text in ("\t=1", " +1", "a=1", "2")] == ["'\t=1", "' +1", "a=1", "2"]
