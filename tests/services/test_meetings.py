"""Study sessions: planned once, reminded of, attended within their time, called off with all that was owed."""

import asyncio
from typing import Any

import pytest

from bot.app import Services
from bot.core.deliveries import CALLED_OFF, Kind, State, Undeliverable
from bot.core.group_errors import NotGroupMember
from bot.core.groups import Group
from bot.core.meeting_errors import (
    MeetingGone,
    MeetingNotYet,
    MeetingOver,
    MeetingsEnough,
    MinutesUnfit,
    NotHost,
    WhenPast,
)
from bot.core.meetings import HERE_BEFORE, REMIND_BEFORE, Meeting, MeetingState
from bot.core.people import Person
from bot.core.privacy import Visibility
from bot.services.group_notices import About, GroupNotice
from bot.storage.database import sql
from tests.services.conftest import World
from tests.services.couriers import Scripted
from tests.services.guild import CHANNEL, GUILD, at

OWNER, HOST, OTHER = Person(1), Person(2), Person(3)
START = at(3, 3, 19)


@pytest.fixture
async def group(world: World, services: Services) -> Group:
    made = await services.groups.create(GUILD, OWNER, CHANNEL, "Owls")
    for person in (HOST, OTHER):
        await services.groups.join(made.id, person.user_id)
    await world.settle()
    return await services.groups.get(made.id)


async def plan(services: Services, group: Group, when: str = "tomorrow 7 pm") -> Meeting:
    draft = await services.meetings.draft(group, HOST.user_id, when, minutes=60)
    return (await services.meetings.confirm(draft.meeting.id, HOST.user_id)).meeting


async def owed(services: Services) -> list[tuple[str, int]]:
    rows = await services.db.read("SELECT kind, due_at FROM deliveries WHERE state < 2 ORDER BY due_at, id")
    return [(row["kind"], row["due_at"]) for row in rows]


async def about_sessions(services: Services) -> list[Kind]:
    """What is owed about sessions, or went out already."""
    return [
        Kind(row["kind"]) for row in await services.db.read("SELECT kind FROM deliveries WHERE kind LIKE 'meeting%'")
    ]


def last(courier: Scripted) -> Any:
    return courier.content[len(courier.channel)]


async def test_it_is_announced_reminded_of_and_ended(
    world: World, services: Services, courier: Scripted, group: Group
) -> None:
    meeting = await plan(services, group)
    await world.settle()
    assert courier.kinds() == [Kind.MEETING]
    assert await owed(services) == [("meeting_reminder", START - REMIND_BEFORE), ("meeting_end", START + 3600)]
    await world.to(START - REMIND_BEFORE)
    assert courier.kinds()[-1] is Kind.MEETING_REMINDER
    await world.to(START - HERE_BEFORE)
    await services.meetings.is_here(meeting.id, 3)
    await world.to(START + 3600)
    assert courier.kinds()[-1] is Kind.MEETING_END
    assert last(courier).people.named == (3,)
    [(past, came)] = (await services.groups.info(group.id, OWNER)).past
    assert (past.state, came) == (MeetingState.OVER, 1)


async def test_nothing_stands_before_the_host_says_yes_and_saying_it_twice_plans_one(
    world: World, services: Services, group: Group
) -> None:
    first = await services.meetings.draft(group, HOST.user_id, "tomorrow 7 pm")
    await world.settle()
    assert await owed(services) == []
    with pytest.raises(MeetingGone):
        await services.meetings.confirm(first.meeting.id, OTHER.user_id)
    draft = await services.meetings.draft(group, HOST.user_id, "tomorrow 8 pm")
    with pytest.raises(MeetingGone):
        await services.meetings.confirm(first.meeting.id, HOST.user_id)
    confirm = services.meetings.confirm
    await asyncio.gather(confirm(draft.meeting.id, HOST.user_id), confirm(draft.meeting.id, HOST.user_id))
    assert sorted(await about_sessions(services)) == [Kind.MEETING, Kind.MEETING_END, Kind.MEETING_REMINDER]
    await services.meetings.discard(draft.meeting.id, HOST.user_id)
    assert len((await services.groups.info(group.id, OWNER)).upcoming) == 1


async def test_a_yes_that_comes_too_late_plans_nothing(world: World, services: Services, group: Group) -> None:
    draft = await services.meetings.draft(group, HOST.user_id, "tomorrow 7 pm")
    await world.to(START)
    with pytest.raises(WhenPast):
        await services.meetings.confirm(draft.meeting.id, HOST.user_id)
    assert await owed(services) == []


async def test_a_session_within_half_an_hour_has_no_reminder(services: Services, group: Group) -> None:
    await plan(services, group, "7:20")
    assert sorted(await about_sessions(services)) == [Kind.MEETING, Kind.MEETING_END]


async def test_what_members_may_plan_is_limited(services: Services, group: Group) -> None:
    with pytest.raises(NotGroupMember):
        await services.meetings.draft(group, 50, "tomorrow 7 pm")
    with pytest.raises(MinutesUnfit):
        await services.meetings.draft(group, HOST.user_id, "tomorrow 7 pm", minutes=5)
    for hour in range(8, 18):
        await plan(services, group, f"tomorrow {hour}:00")
    with pytest.raises(MeetingsEnough):
        await plan(services, group)


async def test_being_there_counts_from_a_quarter_of_an_hour_before_until_the_end(
    world: World, services: Services, group: Group
) -> None:
    meeting = await plan(services, group)
    is_here = services.meetings.is_here
    await world.to(START - HERE_BEFORE - 1)
    with pytest.raises(MeetingNotYet):
        await is_here(meeting.id, 1)
    await world.to(START - HERE_BEFORE)
    await asyncio.gather(*(is_here(meeting.id, 1) for _ in range(3)))
    with pytest.raises(NotGroupMember):
        await is_here(meeting.id, 50)
    await world.to(START + 3599)
    await is_here(meeting.id, 2)
    await is_here(meeting.id, 1)
    await world.to(START + 3600)
    for late in (is_here(meeting.id, 3), services.meetings.comes(meeting.id, 3, coming=True)):
        with pytest.raises(MeetingOver):
            await late
    rows = await services.db.read("SELECT user_id, here_at FROM meeting_people ORDER BY user_id")
    assert [(row["user_id"], row["here_at"]) for row in rows] == [(1, START - HERE_BEFORE), (2, START + 3599)]


async def test_who_comes_may_change_their_mind_and_who_hides_is_counted(
    world: World, services: Services, group: Group
) -> None:
    meeting = await plan(services, group)
    await world.settle()
    await services.privacy.set_visibility(3, Visibility.HIDDEN)
    for user_id in (1, 2, 3):
        await services.meetings.comes(meeting.id, user_id, coming=True)
    found = await services.meetings.comes(meeting.id, 1, coming=False)
    assert (found.people.named, found.people.unnamed, found.people.total) == ((2,), 1, 2)
    assert await services.meetings.outdated() == [meeting.id]
    await services.meetings.shown(found)
    assert await services.meetings.outdated() == []


async def test_calling_it_off_takes_the_reminder_along_in_one_step(
    world: World, services: Services, courier: Scripted, group: Group
) -> None:
    meeting = await plan(services, group)
    await world.settle()
    with pytest.raises(NotHost):
        await services.meetings.cancel(meeting.id, OTHER)
    await services.meetings.cancel(meeting.id, OWNER)
    await world.settle()
    assert await owed(services) == []
    assert courier.kinds() == [Kind.MEETING, Kind.MEETING_END]
    assert last(courier).meeting.state is MeetingState.CANCELLED
    await services.meetings.cancel(meeting.id, HOST)
    await world.to(START + 7200)
    assert len(courier.channel) == 2
    with pytest.raises(MeetingGone):
        await services.meetings.is_here(meeting.id, 1)


async def test_what_is_over_can_not_be_called_off(world: World, services: Services, group: Group) -> None:
    meeting = await plan(services, group)
    await world.settle()
    draft = await services.meetings.draft(group, HOST.user_id, "tomorrow 9 pm")
    await world.to(START + 3600)
    assert (await services.meetings.gathering(meeting.id)).meeting.state is MeetingState.OVER
    with pytest.raises(MeetingOver):
        await services.meetings.cancel(meeting.id, HOST)
    with pytest.raises(MeetingGone):
        await services.meetings.cancel(draft.meeting.id, HOST)


async def test_calling_it_off_before_it_was_announced_announces_nothing(
    world: World, services: Services, courier: Scripted, group: Group
) -> None:
    await services.deliveries.stop()
    meeting = await plan(services, group)
    await services.meetings.cancel(meeting.id, HOST)
    assert (await services.meetings.gathering(meeting.id)).meeting.state is MeetingState.CANCELLED
    rows = await services.db.read("SELECT kind FROM deliveries WHERE kind LIKE 'meeting%' AND state = 0 ORDER BY kind")
    assert [row["kind"] for row in rows] == ["meeting", "meeting_end"]


async def test_a_reminder_that_is_being_sent_when_it_is_called_off_is_not_tried_again(
    world: World, services: Services, courier: Scripted, group: Group
) -> None:
    meeting = await plan(services, group)
    await world.settle()
    await services.db.write(sql("UPDATE deliveries SET state = 1 WHERE kind = 'meeting_reminder'"))
    await services.meetings.cancel(meeting.id, HOST)
    [row] = await services.db.read("SELECT state, useful_until FROM deliveries WHERE kind = 'meeting_reminder'")
    assert (row["state"], row["useful_until"]) == (State.CLAIMED, CALLED_OFF)


async def test_closing_the_group_calls_its_sessions_off(
    world: World, services: Services, courier: Scripted, group: Group
) -> None:
    await plan(services, group)
    await world.settle()
    await services.groups.owners.close(group.id, OWNER)
    await world.settle()
    assert courier.kinds() == [Kind.MEETING, Kind.MEETING_END]
    assert await owed(services) == []


async def test_an_outage_over_its_end_still_says_who_came_and_reminds_nobody(
    world: World, services: Services, courier: Scripted, group: Group
) -> None:
    meeting = await plan(services, group)
    await world.settle()
    await world.to(START + 5 * 3600)
    assert courier.kinds() == [Kind.MEETING, Kind.MEETING_END]
    assert (await services.meetings.gathering(meeting.id)).meeting.state is MeetingState.OVER


async def test_an_announcement_that_can_not_be_sent_is_told_to_the_owner(
    world: World, services: Services, courier: Scripted, group: Group
) -> None:
    courier.script[GUILD].append(Undeliverable("permission missing"))
    await plan(services, group)
    await world.settle()
    assert courier.kinds() == [Kind.GROUP_NOTICE]
    assert "study session could not be sent: permission missing" in (await services.groups.get(group.id)).unsent
    await plan(services, group, "tomorrow 9 pm")
    await world.settle()
    assert (await services.groups.get(group.id)).unsent == ""


async def test_an_erased_host_is_forgotten_and_the_session_stands(services: Services, group: Group) -> None:
    meeting = await plan(services, group)
    await services.meetings.comes(meeting.id, HOST.user_id, coming=True)
    await services.privacy.erase(HOST.user_id)
    found = await services.meetings.gathering(meeting.id)
    assert (found.meeting.host_id, found.meeting.state, found.people.total) == (0, MeetingState.PLANNED, 0)


async def test_whoever_is_erased_is_followed_and_the_last_one_leaves_nothing_planned(
    world: World, services: Services, courier: Scripted, group: Group
) -> None:
    meeting = await plan(services, group)
    await world.settle()
    await services.privacy.erase(OWNER.user_id)
    await world.settle()
    told = last(courier)
    assert isinstance(told, GroupNotice)
    assert (told.about, told.to_id) == (About.OWNER, HOST.user_id)
    assert (await services.meetings.gathering(meeting.id)).meeting.state is MeetingState.PLANNED
    for person in (HOST, OTHER):
        await services.privacy.erase(person.user_id)
    await world.settle()
    assert courier.kinds()[-1] is Kind.MEETING_END
    assert last(courier).meeting.state is MeetingState.CANCELLED
    assert await owed(services) == []
