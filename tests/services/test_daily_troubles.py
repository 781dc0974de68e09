"""A guild's daily question in trouble: posts that fail, pauses, settings saved at awkward moments, processes that race."""

import asyncio
from dataclasses import replace

import pytest

from bot.app import Services, build_services
from bot.core.daily import RoundState
from bot.core.deliveries import Kind, Lane, Retry, Undeliverable, Unneeded
from bot.core.errors import RoundNotOpen
from bot.storage import daily as store
from bot.storage import deliveries
from tests.services.conftest import World
from tests.services.couriers import Scripted
from tests.services.guild import CHANNEL, GUILD, LEARNER, ORGANISER, at, owed, round_of

pytestmark = pytest.mark.usefixtures("guild")


async def test_a_post_that_can_never_arrive_is_taken_back_told_and_followed_by_the_next(
    world: World, services: Services, courier: Scripted
) -> None:
    courier.script[GUILD] = [Undeliverable("channel gone")]
    await world.to(at(3, 2))
    round_ = await round_of(services, 3, 2)
    assert round_.state is RoundState.VOID
    with pytest.raises(RoundNotOpen):
        await services.daily.answer(round_.id, LEARNER, "A")
    assert (await services.setup.settings(GUILD)).fault == "channel gone"
    [notice] = [delivery for _, delivery in courier.channel]
    assert (notice.kind, notice.user_id) == (Kind.NOTICE, ORGANISER)
    await world.to(at(3, 3))
    assert (await services.setup.settings(GUILD)).fault == ""
    assert (await round_of(services, 3, 3)).state is RoundState.OPEN


async def test_a_post_lost_in_an_outage_is_neither_missed_by_anyone_nor_its_item_used(
    world: World, services: Services, courier: Scripted
) -> None:
    await world.to(at(3, 2))
    await services.daily.answer((await round_of(services, 3, 2)).id, LEARNER, "A")
    courier.script[GUILD] = [Retry("down", unsure=False)] * 500
    for hour in range(9, 23):
        for quarter in range(0, 60, 10):
            await world.to(at(3, 3, hour, quarter))
    assert (await round_of(services, 3, 3)).state is RoundState.VOID
    courier.script.clear()
    await world.to(at(3, 4))
    after = await services.daily.answer((await round_of(services, 3, 4)).id, LEARNER, "A")
    assert after.streak.current == 2
    assert len(await store.history(services.db, GUILD)) == 2


async def test_a_pause_stops_the_posts_and_a_start_takes_them_up_with_streaks_and_numbers_kept(
    world: World, services: Services, courier: Scripted
) -> None:
    await world.to(at(3, 2))
    await services.daily.answer((await round_of(services, 3, 2)).id, LEARNER, "A")
    await services.setup.pause(GUILD)
    await world.to(at(3, 5, 12))
    assert courier.kinds() == [Kind.DAILY_POST, Kind.REVEAL]
    await services.setup.start(GUILD, CHANNEL, ORGANISER)
    await world.to(at(3, 6))
    round_ = await round_of(services, 3, 6)
    assert round_.number == 2
    assert (await services.daily.answer(round_.id, LEARNER, "A")).streak.current == 2


async def test_a_later_time_chosen_on_the_day_of_a_failed_post_leaves_a_post_owed(
    world: World, services: Services, courier: Scripted
) -> None:
    courier.script[GUILD] = [Undeliverable("missing permissions")]
    await world.to(at(3, 2))
    await services.setup.save(replace(await services.setup.settings(GUILD), minute=11 * 60))
    assert await owed(services)


async def test_settings_saved_while_a_post_is_retried_cost_nobody_their_streak(
    world: World, services: Services, courier: Scripted
) -> None:
    await world.to(at(3, 2))
    await services.daily.answer((await round_of(services, 3, 2)).id, LEARNER, "A")
    courier.script[GUILD] = [Retry("down", unsure=False), Retry("down", unsure=False)]
    await world.to(at(3, 3))
    await services.setup.save(replace(await services.setup.settings(GUILD), role_id=5))
    courier.script.clear()
    await world.to(at(3, 3, 10))
    await world.to(at(3, 4))
    round_ = await round_of(services, 3, 4)
    streak = await services.daily.streak(GUILD, LEARNER)
    posted = [d.subject for _, d in courier.channel if d.kind is Kind.DAILY_POST]
    answered = await services.daily.answer(round_.id, LEARNER, "A")
    assert "2026-03-03" in posted or (streak.current, answered.streak.current) == (1, 2)


async def test_a_day_taken_back_in_a_pause_and_started_again_has_a_question_that_takes_answers(
    world: World, services: Services, courier: Scripted
) -> None:
    # The pause falls between the opening of the round and its next attempt.
    courier.script[GUILD] = [Unneeded("paused meanwhile")]
    await world.to(at(3, 2))
    assert (await round_of(services, 3, 2)).state is RoundState.VOID
    await services.setup.pause(GUILD)
    await services.setup.start(GUILD, CHANNEL, ORGANISER, minute=11 * 60)
    await world.to(at(3, 2, 11))
    await world.to(at(3, 3, 11))
    for content in courier.content.values():
        assert content.round.state is not RoundState.VOID
    assert courier.channel


async def test_posts_that_race_in_two_processes_are_one_round(services: Services) -> None:
    [row] = await owed(services)
    [delivery] = await deliveries.claim(services.db, Lane.SERVERS, row["due_at"], 1, "a test")
    twin = build_services(services.db, services.content, services.clock)
    posts = await asyncio.gather(services.daily.prepare_post(delivery), twin.daily.prepare_post(delivery))
    assert posts[0].round == posts[1].round


async def test_a_guild_without_a_plan_is_mended_at_start_up(world: World, services: Services) -> None:
    await world.to(at(3, 2))
    await services.db.write(deliveries.cancel(GUILD, Kind.DAILY_POST))
    assert await services.daily.mend_schedules() == 1
    assert await services.daily.mend_schedules() == 0
    assert [row["due_at"] for row in await owed(services)] == [at(3, 3)]
