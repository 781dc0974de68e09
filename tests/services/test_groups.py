"""Study groups: joining, leaving and limits under races, and what becomes of a group when people are erased."""

import asyncio
from typing import Any

import pytest

from bot.app import Services
from bot.core.errors import UserError
from bot.core.group_errors import (
    GroupClosed,
    GroupFull,
    GroupNameTaken,
    GroupsFull,
    JoinedEnough,
    NoSuchMember,
    NotGroupOwner,
    OrganisersCreate,
    OwnedEnough,
    OwnsEnough,
    RequestGone,
)
from bot.core.groups import Creators, Group, Joining
from bot.core.people import Person
from bot.services.groups import Outcome
from bot.storage import groups as store
from tests.samples import Clock
from tests.services.guild import CHANNEL, GUILD

OWNER = Person(1)
ORGANISER = Person(99, organiser=True)


async def create(services: Services, owner: Person = OWNER, name: str = "Owls", **options: Any) -> Group:
    return await services.groups.create(GUILD, owner, CHANNEL, name, **options)


async def settled(*calls: Any) -> list[Any]:
    """What calls at once come to: results, or the errors people read."""
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert all(not isinstance(result, BaseException) or isinstance(result, UserError) for result in results), results
    return results


async def owners(services: Services) -> list[tuple[int, int]]:
    rows = await services.db.read("SELECT group_id, user_id FROM group_members WHERE owner = 1 ORDER BY group_id")
    return [(row["group_id"], row["user_id"]) for row in rows]


async def notices(services: Services, about: str) -> list[int]:
    """Whom messages of a kind are owed to."""
    rows = await services.db.read(
        "SELECT target_user_id FROM deliveries WHERE kind = 'group_notice' AND subject LIKE $1 ORDER BY id",
        f"{about}:%",
    )
    return [row["target_user_id"] for row in rows]


async def test_two_who_want_the_last_place_come_to_one_member_and_one_sentence(services: Services) -> None:
    group = await create(services)
    await services.groups.set_limit(GUILD, "members", 5)
    for user_id in (2, 3, 4):
        await services.groups.join(group.id, user_id)
    results = await settled(*(services.groups.join(group.id, user_id) for user_id in range(10, 16)))
    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert {type(result) for result in results if isinstance(result, Exception)} == {GroupFull}
    assert (await services.groups.get(group.id)).members == 5


async def test_one_learner_who_joins_everywhere_at_once_stays_within_the_limit(services: Services) -> None:
    groups = [await create(services, Person(100 + i), f"Group {i}") for i in range(6)]
    await services.groups.set_limit(GUILD, "joined", 3)
    results = await settled(*(services.groups.join(group.id, 7) for group in groups))
    assert sum(isinstance(result, JoinedEnough) for result in results) == 3
    assert len(await store.of_member(services.db, GUILD, 7)) == 3


async def test_founding_at_once_keeps_names_and_limits(services: Services) -> None:
    results = await settled(*(create(services, Person(i), "Same name") for i in range(1, 5)))
    assert sum(isinstance(result, GroupNameTaken) for result in results) == 3
    await services.groups.set_limit(GUILD, "groups", 5)
    results = await settled(*(create(services, Person(20 + i), f"Group {i}") for i in range(8)))
    assert sum(isinstance(result, GroupsFull) for result in results) == 4
    results = await settled(*(create(services, Person(1), f"Mine {i}") for i in range(3)))
    assert all(isinstance(result, (GroupsFull, OwnedEnough)) for result in results)


async def test_owners_who_leave_at_once_leave_one_owner_or_a_closed_group(services: Services, clock: Clock) -> None:
    group = await create(services)
    for user_id in (2, 3):
        clock.advance(seconds=1)
        await services.groups.join(group.id, user_id)
    await settled(services.groups.leave(group.id, 1), services.groups.leave(group.id, 2))
    assert await owners(services) == [(group.id, 3)]
    assert 3 in await notices(services, "owner")
    await settled(services.groups.leave(group.id, 3), services.groups.join(group.id, 4))
    left = await store.get(services.db, group.id)
    assert left is not None
    assert left.is_open == (left.members > 0)
    assert [owner for _, owner in await owners(services)] == ([4] if left.is_open else [])


async def test_joining_again_is_no_error_and_joining_a_closed_group_is(services: Services) -> None:
    group = await create(services)
    assert (await services.groups.join(group.id, 2))[1] is Outcome.JOINED
    assert (await services.groups.join(group.id, 2))[1] is Outcome.ALREADY
    _, gone = await services.groups.owners.close(group.id, OWNER)
    assert sorted(gone) == [1, 2]
    with pytest.raises(GroupClosed):
        await services.groups.join(group.id, 2)
    # Its name is free again.
    assert (await create(services)).id != group.id


async def test_a_request_asked_and_decided_twice_counts_once(services: Services) -> None:
    group = await create(services, joining=Joining.REQUEST)
    results = await settled(*(services.groups.join(group.id, 2) for _ in range(3)))
    assert sorted(outcome for _, outcome in results) == [Outcome.ASKED, Outcome.ASKED_BEFORE, Outcome.ASKED_BEFORE]
    assert await notices(services, "request") == [1]
    [request] = (await services.groups.info(group.id, OWNER)).requests
    assert (await services.groups.info(group.id, Person(2))).requests == ()
    with pytest.raises(NotGroupOwner):
        await services.groups.owners.decide(request.id, Person(2), accept=True)
    decide = services.groups.owners.decide
    results = await settled(decide(request.id, OWNER, accept=True), decide(request.id, ORGANISER, accept=True))
    assert any(not isinstance(result, Exception) for result in results)
    assert (await services.groups.get(group.id)).members == 2
    assert await notices(services, "decided") == [2]
    with pytest.raises(RequestGone):
        await decide(request.id, OWNER, accept=False)


async def test_a_declined_request_may_be_made_again(services: Services) -> None:
    group = await create(services, joining=Joining.REQUEST)
    await services.groups.join(group.id, 2)
    [request] = (await services.groups.info(group.id, OWNER)).requests
    await services.groups.owners.decide(request.id, OWNER, accept=False)
    assert (await services.groups.join(group.id, 2))[1] is Outcome.ASKED
    assert await notices(services, "request") == [1, 1]


async def test_handing_over_needs_a_member_who_may_own_one_more(services: Services) -> None:
    group = await create(services)
    await services.groups.join(group.id, 2)
    await services.groups.set_limit(GUILD, "owned", 1)
    with pytest.raises(NoSuchMember):
        await services.groups.owners.hand_over(group.id, OWNER, 3)
    own = await create(services, Person(2), "Own")
    with pytest.raises(OwnsEnough):
        await services.groups.owners.hand_over(group.id, OWNER, 2)
    await services.groups.owners.close(own.id, Person(2))
    assert (await services.groups.owners.hand_over(group.id, OWNER, 2)).owner_id == 2
    assert await notices(services, "owner") == [2]
    with pytest.raises(NotGroupOwner):
        await services.groups.owners.remove(group.id, OWNER, 2)


async def test_handing_over_to_somebody_who_leaves_at_that_moment_leaves_one_owner(services: Services) -> None:
    group = await create(services)
    await services.groups.join(group.id, 2)
    await settled(services.groups.owners.hand_over(group.id, OWNER, 2), services.groups.leave(group.id, 2))
    assert await owners(services) == [(group.id, 1)]


async def test_renaming_to_a_name_that_is_taken_changes_nothing(services: Services) -> None:
    await create(services)
    other = await create(services, name="Larks")
    with pytest.raises(GroupNameTaken):
        await services.groups.owners.edit(other.id, OWNER, name="OWLS", exam="cpc", target="", goal="")
    assert (await services.groups.get(other.id)).exam == ""


async def test_organisers_may_keep_creating_to_themselves(services: Services) -> None:
    await services.groups.set_creators(GUILD, Creators.ORGANISERS)
    with pytest.raises(OrganisersCreate):
        await create(services)
    assert (await create(services, ORGANISER)).owner_id == 99


async def test_erasing_an_owner_hands_the_group_over_or_closes_it(services: Services, clock: Clock) -> None:
    alone = await create(services, name="Alone")
    group = await create(services)
    for user_id in (3, 2):
        clock.advance(seconds=1)
        await services.groups.join(group.id, user_id)
    await services.privacy.erase(1)
    assert await owners(services) == [(group.id, 3)]
    with pytest.raises(GroupClosed):
        await services.groups.get(alone.id)
    assert (await services.groups.get(group.id)).members == 2
