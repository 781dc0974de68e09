"""The operator's desk: what is listed, why one stands as it does, trying again and dropping."""

import pytest

from bot.app import Services
from bot.core.deliveries import USEFUL_FOR, Kind, State, Undeliverable
from bot.storage import deliveries
from bot.storage.database import sql
from tests.services.conftest import World
from tests.services.couriers import Scripted
from tests.services.guild import GUILD, at, owed

pytestmark = pytest.mark.usefixtures("guild")


async def test_what_is_owed_is_listed_and_what_failed_too(world: World, services: Services, courier: Scripted) -> None:
    [waiting] = await services.desk.listed(None, Kind.DAILY_POST, None, 10)
    assert (waiting.kind, waiting.state, waiting.guild_id) == (Kind.DAILY_POST, State.PENDING, GUILD)
    assert await services.desk.listed(None, Kind.REVEAL, None, 10) == []
    assert await services.desk.listed(None, None, GUILD + 1, 10) == []
    courier.script[GUILD].append(Undeliverable("channel gone"))
    await world.to(at(3, 2))
    [failed] = await services.desk.listed(State.FAILED, None, None, 10)
    assert (failed.id, failed.fault) == (waiting.id, "channel gone")


async def test_what_failed_is_tried_again_once_and_is_useful_from_then_on(
    world: World, services: Services, courier: Scripted
) -> None:
    courier.script[GUILD].append(Undeliverable("no access to the channel"))
    await world.to(at(3, 2))
    [failed] = await services.desk.listed(State.FAILED, None, None, 10)
    await world.to(at(3, 2, 23))
    again = await services.desk.again(failed.id)
    assert again is not None
    assert (again.state, again.useful_until) == (State.PENDING, world.now + USEFUL_FOR[Kind.DAILY_POST])
    await world.settle()
    assert [delivery.id for _, delivery in courier.channel].count(failed.id) == 1
    assert await services.desk.again(failed.id) is None


async def test_what_is_dropped_is_not_sent_and_the_next_one_is_planned(
    world: World, services: Services, courier: Scripted
) -> None:
    [waiting] = await services.desk.listed(None, Kind.DAILY_POST, None, 10)
    dropped = await services.desk.drop(waiting.id)
    assert dropped is not None
    assert (dropped.state, dropped.fault) == (State.CANCELLED, "dropped by the operator")
    assert await services.desk.drop(waiting.id) is None
    await world.to(at(3, 2))
    assert courier.channel == []
    assert [row["subject"] for row in await owed(services)] == ["2026-03-03"]


async def test_what_is_due_and_not_settled_is_counted(world: World, services: Services) -> None:
    assert await services.desk.overdue() == {}
    world.clock.now = at(3, 2) + 5
    assert await services.desk.overdue() == {Kind.DAILY_POST: (1, 0)}


async def test_what_is_not_due_yet_is_not_sent_at_once(world: World, services: Services, courier: Scripted) -> None:
    [waiting] = await services.desk.listed(None, Kind.DAILY_POST, None, 10)
    assert await services.desk.again(waiting.id) is None
    await world.settle()
    assert courier.channel == []
    assert await services.desk.entry(waiting.id) == waiting


async def test_states_are_listed_past_any_number_of_others(services: Services) -> None:
    [waiting] = await services.desk.listed(None, Kind.DAILY_POST, None, 10)
    for number in range(5):
        await services.db.write(deliveries.owe(Kind.NOTICE, GUILD, f"plain {number}", waiting.due_at - 1))
    await services.db.write(sql("UPDATE deliveries SET state = 1 WHERE id = $1", waiting.id))
    assert [entry.id for entry in await services.desk.listed(State.CLAIMED, None, None, 2)] == [waiting.id]
    assert len(await services.desk.listed(State.PENDING, Kind.NOTICE, None, 2)) == 2
