"""Reminders of units, and cycles that are renewed by themselves, on both databases."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.app import Services
from bot.core.ceu_cycles import When
from bot.core.content import Content
from bot.core.deliveries import DMS_CLOSED, Kind, State, Undeliverable
from bot.core.privacy import Visibility
from bot.core.reminders import ReminderSettings
from bot.storage import ceu as store
from bot.storage import reminders as settings_store
from bot.storage.database import Database, sql
from tests.samples import Clock
from tests.services.conftest import World
from tests.services.couriers import Scripted
from tests.services.credentials import ANA, BEN, content_with_rules, cpc, earn, nine, waiting
from tests.services.guild import CHANNEL, GUILD, ORGANISER


@pytest.fixture
def content() -> Content:
    return content_with_rules()


async def test_reminders_stop_once_nothing_is_missing(
    world: World, services: Services, courier: Scripted, db: Database
) -> None:
    await cpc(services)
    await world.to(nine("2026-05-31") - 1)
    assert courier.channel == []
    await world.to(nine("2026-05-31"))
    [(sent_at, delivery)] = courier.channel
    assert (sent_at, delivery.user_id) == (nine("2026-05-31"), ANA)
    assert courier.content[1].page.standing.missing == 144
    await earn(services, "36", day="2026-05-31")
    await world.to(nine("2026-08-17"))
    assert len(courier.channel) == 1
    rows = await db.read("SELECT state FROM deliveries WHERE kind = 'ceu' ORDER BY due_at")
    assert [State(row["state"]) for row in rows] == [State.SENT, State.CANCELLED, State.CANCELLED, State.PENDING]


async def test_a_reminder_is_decided_when_it_goes_out(world: World, services: Services, courier: Scripted) -> None:
    await cpc(services)
    entry = await earn(services, "36")
    await world.to(nine("2026-05-31"))
    assert courier.channel == []
    await services.ceu.entries.remove(ANA, entry)
    await world.to(nine("2026-07-31"))
    assert [courier.content[1].when] == [When.ONE_MONTH]


async def test_the_next_cycle_begins_by_itself_and_the_last_is_kept(
    world: World, services: Services, courier: Scripted, db: Database
) -> None:
    number = await cpc(services)
    await earn(services, "40")
    await world.to(nine("2026-09-01"))
    [ended] = courier.content.values()
    assert (ended.when, ended.page.standing.over, ended.page.standing.missing) == (When.END, 16, 0)
    assert set(await waiting(db)) == {f"{number}:1:1:{when}" for when in When}
    page = await services.ceu.page(ANA, "cpc")
    # What was over is not carried over.
    assert (page.standing.cycle.first, page.standing.earned) == (date(2026, 9, 1), 0)
    [past] = page.past
    assert (past.standing.earned, past.standing.requirement.needed) == (160, 144)
    # A credential more does not change what a past cycle needed.
    await services.ceu.track(ANA, 0, "cpma", start="2026-09-01")
    [past] = (await services.ceu.page(ANA, "cpc")).past
    assert past.standing.requirement.needed == 144
    await world.to(nine("2028-02-29"))
    assert [found.when for found in courier.content.values()][-2:] == [When.SIX_MONTHS] * 2
    await world.to(nine("2028-09-01"))
    assert len((await services.ceu.page(ANA, "cpc")).past) == 2


async def test_years_without_the_bot_end_in_the_cycle_that_runs(
    world: World, services: Services, clock: Clock, courier: Scripted, db: Database
) -> None:
    number = await cpc(services)
    clock.now = datetime(2031, 1, 15, tzinfo=UTC).timestamp()
    page = await services.ceu.page(ANA, "cpc")
    assert (page.standing.cycle.number, len(page.past)) == (3, 3)
    await world.settle()
    assert courier.channel == []
    assert set(await waiting(db)) == {f"{number}:1:3:{when}" for when in When}
    # What is found late is let go and begins the running cycle all the same.
    assert {
        row["state"]
        for row in await db.read("SELECT state FROM deliveries WHERE kind = 'ceu' AND due_at < $1", world.now)
    } == {State.EXPIRED.value}


async def test_what_is_over_while_nobody_looks_is_renewed_by_the_delivery_that_came_too_late(
    world: World, services: Services, courier: Scripted, db: Database
) -> None:
    number = await cpc(services)
    await world.to(datetime(2027, 1, 15, tzinfo=UTC).timestamp())
    assert courier.channel == []
    assert set(await waiting(db)) == {f"{number}:1:1:{when}" for when in When}
    assert len(await store.ended(db, ANA)) == 1


async def test_the_end_of_a_cycle_that_an_operator_drops_begins_the_next_all_the_same(
    services: Services, clock: Clock, db: Database
) -> None:
    number = await cpc(services)
    clock.now = nine("2026-09-01")
    [end] = [entry for entry in await services.desk.listed(None, Kind.CEU, None, 10) if entry.subject.endswith(":end")]
    await services.desk.drop(end.id)
    assert len(await store.ended(db, ANA)) == 1
    assert {f"{number}:1:1:{when}" for when in When} <= set(await waiting(db))


async def test_closed_messages_are_told_in_the_server_once_a_cycle_and_shown(
    world: World, services: Services, courier: Scripted, db: Database
) -> None:
    await services.setup.start(GUILD, CHANNEL, ORGANISER)
    await services.ceu.track(ANA, GUILD, "cpc", end="2026-08-31")
    closed = Undeliverable(DMS_CLOSED)
    courier.script[0] = [closed, closed]
    await world.to(nine("2026-05-31"))
    assert (await services.ceu.page(ANA, "cpc")).tracked.credential.fault == DMS_CLOSED
    await world.to(nine("2026-07-31"))
    told = await db.read("SELECT subject, target_user_id FROM deliveries WHERE kind = $1", Kind.UNREACHED.value)
    assert [row["target_user_id"] for row in told] == [ANA]
    await world.to(nine("2026-08-17"))
    assert (await services.ceu.page(ANA, "cpc")).tracked.credential.fault == ""


async def test_who_is_hidden_is_named_in_no_channel(
    world: World, services: Services, courier: Scripted, db: Database
) -> None:
    await services.setup.start(GUILD, CHANNEL, ORGANISER)
    await services.privacy.set_visibility(ANA, Visibility.HIDDEN)
    await services.ceu.track(ANA, GUILD, "cpc", end="2026-08-31")
    courier.script[0] = [Undeliverable(DMS_CLOSED)]
    await world.to(nine("2026-05-31"))
    assert await db.read("SELECT 1 AS one FROM deliveries WHERE kind = $1", Kind.UNREACHED.value) == []
    assert (await services.ceu.page(ANA, "cpc")).tracked.credential.fault == DMS_CLOSED


async def test_what_was_changed_or_erased_while_it_was_owed_is_not_sent(
    world: World, services: Services, courier: Scripted, db: Database
) -> None:
    await cpc(services)
    await db.write(sql("UPDATE ceu_credentials SET revision = 9"))
    await world.to(nine("2026-05-31"))
    assert courier.channel == []
    await services.privacy.erase(ANA)
    await world.to(nine("2026-09-01"))
    assert courier.channel == []
    assert await waiting(db) == {}


async def test_who_moved_west_is_reminded_at_their_nine(
    world: World, services: Services, courier: Scripted, db: Database
) -> None:
    await cpc(services)
    await db.write(settings_store.turn(ANA, ReminderSettings(zone="Pacific/Honolulu")))
    await world.to(nine("2026-05-31"))
    assert courier.channel == []
    await world.to(nine("2026-05-31", ZoneInfo("Pacific/Honolulu")) + 2)
    assert len(courier.channel) == 1


async def test_settings_move_what_is_to_come_at_once_and_send_nothing_again(
    world: World, services: Services, courier: Scripted, db: Database
) -> None:
    number = await cpc(services)
    await world.to(nine("2026-05-31"))
    assert len(courier.channel) == 1
    await services.reminders.set(ANA, zone="Asia/Tokyo")
    tokyo = ZoneInfo("Asia/Tokyo")
    assert await waiting(db) == {
        f"{number}:1:0:m1": nine("2026-07-31", tokyo),
        f"{number}:1:0:w2": nine("2026-08-17", tokyo),
        f"{number}:1:0:end": nine("2026-09-01", tokyo),
    }
    await services.reminders.set(ANA, quiet="08:00 to 10:00")
    assert (await waiting(db))[f"{number}:1:0:m1"] == nine("2026-07-31", tokyo) + 3600
    # Who tracks nothing has nothing to move.
    await services.reminders.set(BEN, zone="Asia/Tokyo")
    assert await waiting(db, BEN) == {}


async def test_mending_moves_what_is_due_soon_and_owes_what_is_missing(
    world: World, services: Services, clock: Clock, db: Database
) -> None:
    number = await cpc(services)
    assert await services.ceu.reminders.mend() == 0
    await db.write(settings_store.turn(ANA, ReminderSettings(zone="Asia/Tokyo")))
    # Far off, so it is left for later.
    assert await services.ceu.reminders.mend() == 0
    clock.now = nine("2026-05-20")
    assert await services.ceu.reminders.mend() == 4
    assert (await waiting(db))[f"{number}:1:0:m3"] == nine("2026-05-31", ZoneInfo("Asia/Tokyo"))
    await db.write(sql("DELETE FROM deliveries WHERE kind = 'ceu'"))
    assert await services.ceu.reminders.mend() == 4
    assert await services.ceu.reminders.mend() == 0
    await services.privacy.erase(ANA)
    assert await services.ceu.reminders.mend() == 0
