"""Weekly goals: counted from stored answers, settled once, and exact whatever the outage."""

import pytest

from bot.app import Services
from bot.core.deliveries import Kind, Undeliverable
from bot.core.groups import Group, parse_goal
from bot.core.people import Person
from bot.services.goals import WeekPost
from bot.services.group_notices import About, GroupNotice
from bot.storage import groups as store
from bot.storage.database import sql
from tests.services.conftest import World
from tests.services.couriers import Scripted
from tests.services.guild import CHANNEL, GUILD, at, round_of

OWNER = Person(1)


@pytest.fixture
async def group(world: World, services: Services) -> Group:
    """A group of two, founded on Monday 2 March at seven in the morning, that wants two answers a week."""
    made = await services.groups.create(GUILD, OWNER, CHANNEL, "Owls", goal="2 answers")
    await services.groups.join(made.id, 2)
    await world.settle()
    return made


def posts(courier: Scripted) -> list[tuple[int, WeekPost]]:
    """When each message of a week went out, and what it said."""
    return [
        (sent_at, courier.content[number])
        for number, (sent_at, delivery) in enumerate(courier.channel, 1)
        if delivery.kind is Kind.GROUP_WEEK
    ]


async def answer(services: Services, month: int, day: int, *users: int) -> None:
    round_ = await round_of(services, month, day)
    for user_id in users:
        await services.daily.answer(round_.id, user_id, round_.key)


async def rows(services: Services) -> list[tuple[int, int | None]]:
    found = await services.db.read("SELECT goal, reached FROM group_weeks ORDER BY week")
    return [(row["goal"], row["reached"]) for row in found]


@pytest.mark.usefixtures("guild")
async def test_each_week_is_posted_on_its_monday_with_the_result_before(
    world: World, services: Services, courier: Scripted, group: Group
) -> None:
    assert [sent_at for sent_at, _ in posts(courier)] == [world.now]
    await world.to(at(3, 2))
    await answer(services, 3, 2, 1, 2)
    # New York changes its clocks on the Sunday between.
    await world.to(at(3, 9, 7) - 1)
    assert len(posts(courier)) == 1
    await world.to(at(3, 9, 7))
    (_, first), (sent_at, second) = posts(courier)
    assert (first.before, sent_at) == (None, at(3, 9, 7))
    assert second.before is not None
    assert (second.before.reached, second.before.met, second.adjoining, second.streak) == (2, True, True, 1)
    await world.to(at(3, 16, 7))
    _, _, (_, third) = posts(courier)
    assert third.before is not None
    assert (third.before.reached, third.streak) == (0, 0)
    assert await rows(services) == [(2, 2), (2, 0), (2, None)]


@pytest.mark.usefixtures("guild")
async def test_an_outage_of_weeks_settles_each_of_them_and_posts_the_last_one_late(
    world: World, services: Services, courier: Scripted, group: Group
) -> None:
    await world.to(at(3, 2))
    await answer(services, 3, 2, 1, 2)
    await services.deliveries.stop()
    world.clock.now = at(3, 25, 15)
    await services.goals.standing(await services.groups.get(group.id))
    assert await rows(services) == [(2, 2), (2, 0), (2, 0), (2, None)]
    # What comes in afterwards for a week that is settled changes it no more.
    await services.db.write(sql("UPDATE attempts SET week = week + 1"), sql("UPDATE scores SET period = period + 1"))
    await services.goals.standing(await services.groups.get(group.id))
    assert await rows(services) == [(2, 2), (2, 0), (2, 0), (2, None)]


@pytest.mark.usefixtures("guild")
async def test_after_an_absence_the_week_that_runs_is_posted_once(
    world: World, services: Services, courier: Scripted, group: Group
) -> None:
    await world.to(at(3, 25, 15))
    assert [post.week.key for _, post in posts(courier)] == [first := posts(courier)[0][1].week.key, first + 3]
    await world.to(at(3, 30, 7))
    assert len(posts(courier)) == 3


@pytest.mark.usefixtures("guild")
async def test_active_days_are_counted_once_a_day_and_member(world: World, services: Services, group: Group) -> None:
    await services.goals.set_goal(group, parse_goal("3 days"))
    await world.to(at(3, 2))
    await answer(services, 3, 2, 1, 2, 77)
    await world.to(at(3, 3))
    await answer(services, 3, 3, 1)
    standing = await services.goals.standing(await services.groups.get(group.id))
    assert standing.week is not None
    assert (standing.week.reached, standing.week.met) == (3, True)


@pytest.mark.usefixtures("guild")
async def test_weeks_without_a_goal_neither_count_nor_break(world: World, services: Services, group: Group) -> None:
    await world.to(at(3, 2))
    await answer(services, 3, 2, 1, 2)
    await world.to(at(3, 9, 8))
    await services.goals.set_goal(group, None)
    await world.to(at(3, 25, 15))
    await services.goals.set_goal(group, parse_goal("1 answer"))
    await world.settle()
    standing = await services.goals.standing(await services.groups.get(group.id))
    assert standing.streak == 1
    assert await rows(services) == [(2, 2), (0, 0), (1, None)]


async def test_a_goal_that_changes_keeps_what_was_settled_and_counts_for_this_week(
    world: World, services: Services, courier: Scripted, group: Group
) -> None:
    await services.goals.set_goal(group, parse_goal("5 answers"))
    await world.settle()
    assert await rows(services) == [(5, None)]
    assert len(posts(courier)) == 1
    [behind] = await services.goals.outdated(GUILD)
    assert behind.goal == parse_goal("5 answers")


@pytest.mark.usefixtures("guild")
async def test_looking_for_a_lost_message_does_not_make_its_count_current(
    world: World, services: Services, courier: Scripted, group: Group
) -> None:
    [sent] = [delivery for _, delivery in courier.channel if delivery.kind is Kind.GROUP_WEEK]
    await world.to(at(3, 2))
    await answer(services, 3, 2, 1)
    assert await services.goals.place(sent) == CHANNEL
    [behind] = await services.goals.outdated(GUILD)
    assert behind.reached == 1
    await services.goals.shown(behind)
    assert await services.goals.outdated() == []


async def test_what_can_not_be_sent_is_kept_and_told_to_the_owner_and_the_next_week_is_planned(
    world: World, services: Services, courier: Scripted, group: Group
) -> None:
    courier.script[GUILD].append(Undeliverable("permission missing"))
    await world.to(at(3, 9, 7))
    after = await services.groups.get(group.id)
    assert "could not be sent: permission missing" in after.unsent
    assert courier.kinds()[-1] is Kind.GROUP_NOTICE
    await world.to(at(3, 16, 7))
    assert len(posts(courier)) == 2
    assert (await services.groups.get(group.id)).unsent == ""


async def test_a_fault_of_the_role_neither_hides_what_could_not_be_sent_nor_ends_with_the_next_message(
    world: World, services: Services, courier: Scripted, group: Group
) -> None:
    await services.groups.owners.note_fault(group.id, "no role")
    courier.script[GUILD].append(Undeliverable("permission missing"))
    await world.to(at(3, 9, 7))
    [told] = [found for found in courier.content.values() if isinstance(found, GroupNotice)]
    assert (told.about, told.group.fault) == (About.FAULT, "no role")
    assert "could not be sent: permission missing" in told.group.unsent
    await services.groups.owners.note_fault(group.id, "")
    assert (await services.groups.get(group.id)).unsent != ""
    await services.groups.owners.note_fault(group.id, "no role")
    await world.to(at(3, 16, 7))
    after = await services.groups.get(group.id)
    assert (after.fault, after.unsent) == ("no role", "")


async def test_a_message_that_is_not_planned_is_planned_at_the_start(
    world: World, services: Services, courier: Scripted, group: Group
) -> None:
    await services.db.write(sql("DELETE FROM deliveries WHERE kind = 'group_week' AND state < 2"))
    assert await services.goals.mend() == 1
    assert await services.goals.mend() == 0
    await world.to(at(3, 9, 7))
    assert len(posts(courier)) == 2


async def test_a_closed_group_is_sent_nothing_more(
    world: World, services: Services, courier: Scripted, group: Group
) -> None:
    await services.groups.owners.close(group.id, OWNER)
    await world.to(at(3, 16, 8))
    assert len(posts(courier)) == 1
    assert (await store.get(services.db, group.id)) is not None


@pytest.mark.usefixtures("guild")
async def test_an_answer_given_just_before_midnight_counts_though_somebody_looks_just_after(
    world: World, services: Services, group: Group
) -> None:
    await world.to(at(3, 8))
    round_ = await round_of(services, 3, 8)
    await world.to(at(3, 9, 0) - 1)
    await services.daily.answer(round_.id, 1, round_.key)
    await services.db.write(
        sql("UPDATE attempts SET week = week + 100"), sql("UPDATE scores SET period = period + 100")
    )
    world.clock.now = at(3, 9, 0) + 60
    await services.goals.standing(await services.groups.get(group.id))
    assert await rows(services) == [(2, None), (2, None)]
    # Only now the answer's own transaction comes through.
    await services.db.write(
        sql("UPDATE attempts SET week = week - 100"), sql("UPDATE scores SET period = period - 100")
    )
    world.clock.now = at(3, 9, 0) + 121
    await services.goals.standing(await services.groups.get(group.id))
    assert await rows(services) == [(2, 1), (2, None)]
