"""What an organiser chooses, and what that moves."""

import asyncio
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.app import Services, build_services
from bot.core.content import Content
from bot.core.daily import REVEAL_LEAD
from bot.core.deliveries import Kind
from bot.core.errors import PoolEmpty, SetupMissing, ZoneUnknown
from bot.core.schedule import next_occurrence
from bot.services.setup import COMMON_ZONES, ZONES, zones_like
from bot.storage import daily as store
from bot.storage import guilds
from bot.storage.database import sql
from tests.samples import Clock, make_exam, make_item
from tests.services.conftest import World
from tests.services.couriers import Scripted

GUILD, CHANNEL, ORGANISER = 10, 20, 99


def at(day: int, hour: int = 9, minute: int = 0, zone: str = "America/New_York") -> int:
    return int(datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo(zone)).timestamp())


async def owed(services: Services) -> list[tuple[str, int]]:
    rows = await services.db.read(
        "SELECT subject, due_at FROM deliveries WHERE kind = 'daily_post' AND state < 2 ORDER BY due_at"
    )
    return [(row["subject"], row["due_at"]) for row in rows]


async def test_the_channel_alone_starts_the_daily_question(services: Services) -> None:
    settings = await services.setup.start(GUILD, CHANNEL, ORGANISER)
    assert (settings.minute, settings.zone, settings.exam, settings.active) == (540, "America/New_York", "cpc", True)
    assert (settings.freezes, settings.reveal_hours, settings.role_id, settings.fault) == (True, None, None, "")
    assert await owed(services) == [("2026-03-02", at(2))]


async def test_a_later_time_today_moves_todays_post(world: World, services: Services, courier: Scripted) -> None:
    settings = await services.setup.start(GUILD, CHANNEL, ORGANISER)
    await services.setup.save(replace(settings, minute=10 * 60))
    assert await owed(services) == [("2026-03-02", at(2, 10))]
    await world.to(at(2, 9, 59))
    assert not courier.channel
    await world.to(at(2, 10))
    assert len(courier.channel) == 1


async def test_an_earlier_time_than_now_waits_for_tomorrow(world: World, services: Services) -> None:
    settings = await services.setup.start(GUILD, CHANNEL, ORGANISER)
    await world.to(at(2, 8))
    await services.setup.save(replace(settings, minute=7 * 60))
    assert await owed(services) == [("2026-03-03", at(3, 7))]


@pytest.mark.parametrize(("minute", "due"), [(18 * 60, at(3, 18)), (8 * 60, at(3, 8))])
async def test_a_day_that_had_its_question_gets_no_second_and_its_reveal_moves_along(
    world: World, services: Services, minute: int, due: int
) -> None:
    settings = await services.setup.start(GUILD, CHANNEL, ORGANISER)
    await world.to(at(2, 12))
    await services.setup.save(replace(settings, minute=minute))
    assert await owed(services) == [("2026-03-03", due)]
    round_ = await store.round_by_date(services.db, GUILD, date(2026, 3, 2))
    assert round_ is not None
    assert round_.reveal_at == due - REVEAL_LEAD
    [reveal] = await services.db.read("SELECT due_at FROM deliveries WHERE kind = 'reveal'")
    assert reveal["due_at"] == due - REVEAL_LEAD


async def test_a_zone_further_west_repeats_no_date(world: World, services: Services, courier: Scripted) -> None:
    settings = await services.setup.start(GUILD, CHANNEL, ORGANISER)
    settings = await services.setup.save(replace(settings, zone="Pacific/Auckland"))
    await world.to(at(3, 9, zone="Pacific/Auckland"))
    await services.setup.save(replace(settings, zone="Pacific/Honolulu"))
    assert courier.subjects() == ["2026-03-03"]
    assert await owed(services) == [("2026-03-04", at(4, 9, zone="Pacific/Honolulu"))]


async def test_reveal_hours_are_counted_from_the_post(world: World, services: Services, courier: Scripted) -> None:
    settings = await services.setup.start(GUILD, CHANNEL, ORGANISER)
    await services.setup.save(replace(settings, reveal_hours=4))
    await world.to(at(2))
    await world.to(at(2, 13) - 1)
    assert courier.kinds() == [Kind.DAILY_POST]
    await world.to(at(2, 13))
    assert courier.kinds() == [Kind.DAILY_POST, Kind.REVEAL]


async def test_saving_again_and_again_owes_one_post(services: Services) -> None:
    settings = await services.setup.start(GUILD, CHANNEL, ORGANISER)
    for minute in (600, 660, 540, 600):
        settings = await services.setup.save(replace(settings, minute=minute))
    assert await owed(services) == [("2026-03-02", at(2, 10))]
    assert settings.revision == 5


async def test_a_pause_owes_nothing_and_keeps_the_settings(services: Services) -> None:
    settings = await services.setup.start(GUILD, CHANNEL, ORGANISER)
    settings = await services.setup.save(replace(settings, minute=700, role_id=7))
    await services.setup.pause(GUILD)
    assert await owed(services) == []
    assert (await services.setup.panel(GUILD)).next_at is None
    again = await services.setup.start(GUILD, CHANNEL + 1, ORGANISER + 1)
    assert (again.minute, again.role_id, again.channel_id, again.organiser_id) == (700, 7, CHANNEL + 1, ORGANISER + 1)
    assert await owed(services) == [("2026-03-02", at(2, 11, 40))]
    assert await services.daily.mend_schedules() == 0


async def test_what_cannot_work_is_refused_and_changes_nothing(services: Services) -> None:
    settings = await services.setup.start(GUILD, CHANNEL, ORGANISER)
    for zone in ("Mars/Olympus", "", "../../etc/passwd", "EST", "Factory"):
        with pytest.raises(ZoneUnknown):
            await services.setup.save(replace(settings, zone=zone))
    with pytest.raises(PoolEmpty, match="ccs"):
        await services.setup.save(replace(settings, exam="ccs"))
    assert await services.setup.settings(GUILD) == settings
    assert (await services.setup.change(GUILD, ORGANISER, zone=" america/new_york")).zone == "America/New_York"
    with pytest.raises(SetupMissing):
        await services.setup.settings(GUILD + 1)


async def test_without_any_questions_nothing_is_started(services: Services) -> None:
    empty = build_services(services.db, Content(), services.clock)
    with pytest.raises(PoolEmpty):
        await empty.setup.start(GUILD, CHANNEL, ORGANISER)
    assert (await empty.setup.panel(GUILD)).settings is None


async def test_exams_are_offered_by_how_well_their_blueprint_is_covered(services: Services) -> None:
    items = [make_item("a"), make_item("b", area="beta")]
    exams = [
        make_exam({"alpha": 1, "law": 9}, "gaps"),
        make_exam({"alpha": 1, "beta": 1}, "whole"),
        make_exam({"law": 1}, "none"),
    ]
    content = Content(items={item.id: item for item in items}, exams={exam.id: exam for exam in exams})
    offered = build_services(services.db, content, services.clock).setup.exams()
    assert [(exam.id, count) for exam, count in offered] == [("whole", 2), ("gaps", 1)]


async def test_the_panel_counts_rounds_and_shows_a_fault_until_it_is_cleared(world: World, services: Services) -> None:
    await services.setup.start(GUILD, CHANNEL, ORGANISER)
    assert ((await services.setup.panel(GUILD)).rounds, (await services.setup.panel(GUILD)).next_at) == (0, at(2))
    await world.to(at(2))
    await services.setup.note_fault(GUILD, "missing permissions")
    panel = await services.setup.panel(GUILD)
    assert panel.settings is not None
    assert (panel.rounds, panel.settings.fault, panel.next_at) == (1, "missing permissions", at(3))
    # Another setting does not mend it, another channel does.
    await services.setup.change(GUILD, ORGANISER, freezes=False)
    assert (await services.setup.settings(GUILD)).fault == "missing permissions"
    await services.setup.change(GUILD, ORGANISER, channel_id=CHANNEL + 1)
    assert (await services.setup.settings(GUILD)).fault == ""


async def test_changes_made_at_once_by_two_organisers_are_all_kept(services: Services) -> None:
    await services.setup.start(GUILD, CHANNEL, ORGANISER)
    for round_number in range(12):
        minute = 480 + round_number
        await asyncio.gather(
            services.setup.change(GUILD, 1, minute=minute),
            services.setup.change(GUILD, 2, reveal_hours=round_number % 5 + 1),
            services.setup.change(GUILD, 3, channel_id=CHANNEL + round_number),
        )
        settings = await services.setup.settings(GUILD)
        found = (settings.minute, settings.reveal_hours, settings.channel_id)
        assert found == (minute, round_number % 5 + 1, CHANNEL + round_number)
        [row] = await services.db.read("SELECT due_at FROM deliveries WHERE kind = 'daily_post' AND state < 2")
        assert row["due_at"] == next_occurrence(settings.schedule, int(services.clock()))[1]


async def test_a_pause_and_a_change_made_at_once_never_leave_an_active_server_without_a_post(
    services: Services,
) -> None:
    await services.setup.start(GUILD, CHANNEL, ORGANISER)
    for minute in range(480, 500):
        await asyncio.gather(
            services.setup.pause(GUILD), services.setup.change(GUILD, 2, minute=minute), services.setup.pause(GUILD)
        )
        owed = await services.db.read("SELECT 1 AS one FROM deliveries WHERE kind = 'daily_post' AND state < 2")
        assert len(owed) == (1 if (await services.setup.settings(GUILD)).active else 0)
        await services.setup.change(GUILD, ORGANISER, active=True)


async def test_another_channel_after_a_failed_post_still_gets_todays_question(services: Services, clock: Clock) -> None:
    await services.setup.start(GUILD, CHANNEL, ORGANISER)
    await services.db.write(
        sql("UPDATE deliveries SET state = 3, settled_at = 1 WHERE kind = 'daily_post'"),
        guilds.set_fault(GUILD, "channel gone"),
    )
    clock.now = at(2, 10)
    await services.setup.change(GUILD, ORGANISER, channel_id=CHANNEL + 1)
    [row] = await services.db.read("SELECT subject, due_at FROM deliveries WHERE kind = 'daily_post' AND state < 2")
    assert (row["subject"], row["due_at"]) == ("2026-03-02", at(2))


async def test_the_sample_is_always_the_same_question(services: Services) -> None:
    await services.setup.start(GUILD, CHANNEL, ORGANISER)
    assert (await services.setup.sample(GUILD)).id == (await services.setup.sample(GUILD)).id == "item-00"


def test_zones_are_suggested_by_what_was_typed() -> None:
    assert zones_like("new york")[0] == "America/New_York"
    assert zones_like("Lond")[0] == "Europe/London"
    assert zones_like("  ")[: len(COMMON_ZONES)] == list(COMMON_ZONES)
    assert zones_like("nowhere at all") == []
    assert set(COMMON_ZONES) <= set(ZONES)
    assert all(len(zones_like(text)) <= 25 for text in ("", "a", "america"))
