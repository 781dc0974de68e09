"""Target dates of groups: what the group's place is sent follows the date, and ends with the group."""

from typing import Any

import pytest

from bot.app import Services
from bot.core.groups import Group
from bot.core.people import Person
from bot.storage.database import sql
from tests.services.conftest import World
from tests.services.couriers import Scripted
from tests.services.guild import CHANNEL, GUILD, LEARNER, ORGANISER, at

OWNER = Person(LEARNER, organiser=False)


async def owed(services: Services) -> dict[str, int]:
    rows = await services.db.read(
        "SELECT subject, due_at FROM deliveries WHERE kind = 'group_date' AND state < 2 ORDER BY due_at"
    )
    return {row["subject"]: row["due_at"] for row in rows}


@pytest.fixture
async def group(guild: None, services: Services) -> Group:
    return await services.groups.create(GUILD, OWNER, CHANNEL, "Owls", exam="cpc", target="2026-03-20")


async def edit(services: Services, group: Group, target: str) -> None:
    await services.groups.owners.edit(group.id, OWNER, name="Owls", exam="cpc", target=target, goal="")


async def test_its_place_is_sent_what_is_left(
    group: Group, world: World, services: Services, courier: Scripted
) -> None:
    assert await owed(services) == {
        "1.2026-03-20.14": at(3, 6), "1.2026-03-20.7": at(3, 13), "1.2026-03-20.3": at(3, 17),
        "1.2026-03-20.1": at(3, 19), "1.2026-03-20.0": at(3, 20, 7),
    }  # fmt: skip
    await world.to(at(3, 6, 9, 1))
    assert "1.2026-03-20.14" in courier.subjects()


async def test_another_date_another_name_no_date_and_no_group(group: Group, services: Services) -> None:
    await edit(services, group, "2026-03-05")
    assert list(await owed(services)) == ["1.2026-03-05.3", "1.2026-03-05.1", "1.2026-03-05.0"]
    await edit(services, group, "2026-03-20")
    assert len(await owed(services)) == 5
    await edit(services, group, "")
    assert await owed(services) == {}
    await edit(services, group, "2026-03-20")
    await services.groups.owners.close(group.id, OWNER)
    assert await owed(services) == {}


async def test_a_group_that_its_last_member_leaves_is_sent_nothing(group: Group, services: Services) -> None:
    await services.groups.leave(group.id, LEARNER)
    assert await owed(services) == {}


async def test_another_zone_of_the_server_moves_them(group: Group, services: Services, clock: Any) -> None:
    await services.setup.pause(GUILD)
    await services.setup.change(GUILD, ORGANISER, zone="America/Chicago")
    assert set((await owed(services)).values()) == {at(3, day, 10) for day in (6, 13, 17, 19)} | {at(3, 20, 8)}
    assert await services.group_dates.mend() == 0
    await services.db.write(sql("DELETE FROM deliveries WHERE subject = '1.2026-03-20.7'"))
    assert await services.group_dates.mend() == 1
    assert await services.group_dates.mend() == 0
    assert len(await owed(services)) == 5


async def test_the_first_zone_of_a_server_moves_them_and_those_of_no_other(services: Services) -> None:
    for guild_id in (GUILD, GUILD + 1):
        await services.groups.create(guild_id, OWNER, CHANNEL, "Owls", exam="cpc", target="2026-03-20")
    await services.setup.start(GUILD, CHANNEL, ORGANISER, zone="America/Chicago")
    moved = await owed(services)
    assert (moved["1.2026-03-20.7"], moved["2.2026-03-20.7"]) == (at(3, 13, 10), at(3, 13))


async def test_what_went_out_stays_when_the_server_moves(
    group: Group, world: World, services: Services, courier: Scripted
) -> None:
    await world.to(at(3, 6, 9, 1))
    await services.setup.change(GUILD, ORGANISER, zone="America/Chicago")
    await world.to(at(3, 6, 10, 1))
    assert courier.subjects().count("1.2026-03-20.14") == 1
    assert len(await owed(services)) == 4


async def test_what_an_operator_dropped_stays_dropped_until_the_date_is_set_anew(
    group: Group, services: Services
) -> None:
    [first, *rest] = await owed(services)
    [dropped] = [entry for entry in await services.desk.listed(None, None, GUILD, 10) if entry.subject == first]
    await services.desk.drop(dropped.id)
    assert await services.group_dates.mend() == 0
    assert list(await owed(services)) == rest
    await edit(services, group, "")
    await edit(services, group, "2026-03-20")
    assert list(await owed(services)) == [first, *rest]
