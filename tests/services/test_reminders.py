"""Reminders that went out: put off, done with, or not let in."""

import pytest

from bot.app import Services
from bot.core.deliveries import DMS_CLOSED, Retry, State, Undeliverable
from bot.core.exam_errors import ExamDateChanged, SnoozedAlready, SnoozeTooLate
from bot.core.people import Person
from bot.core.privacy import Visibility
from bot.core.reminders import Snooze, WhereTo
from bot.services.exam_owed import Occurrence
from bot.storage.database import Row, sql
from tests.services.conftest import World
from tests.services.couriers import Scripted
from tests.services.guild import CHANNEL, GUILD, LEARNER, ORGANISER, at
from tests.services.test_exam_dates import owed, set_date


async def test_put_off_moved_and_done(world: World, services: Services, courier: Scripted) -> None:
    await set_date(services)
    await world.to(at(4, 4, 9, 1))
    _, first = courier.channel[0]
    occurrence = Occurrence.of(first.subject)
    assert occurrence == Occurrence(1, 1, 30)
    await services.reminders.snooze(LEARNER, occurrence, first.id, Snooze.HOUR)
    _, again = await services.reminders.snooze(LEARNER, occurrence, first.id, Snooze.EVENING)
    assert again == at(4, 4, 19)
    await world.to(at(4, 4, 19, 1))
    assert courier.subjects() == ["1.1.30", f"1.1+30.{first.id}"]
    with pytest.raises(SnoozedAlready):
        await services.reminders.snooze(LEARNER, occurrence, first.id, Snooze.HOUR)
    _, second = courier.channel[1]
    assert Occurrence.of(second.subject) == occurrence
    await services.reminders.snooze(LEARNER, occurrence, second.id, Snooze.TOMORROW)
    await services.reminders.done(LEARNER, occurrence)
    await world.to(at(4, 6))
    assert len(courier.channel) == 2
    assert len(await owed(services)) == 5


async def test_what_was_put_off_goes_when_its_date_does(world: World, services: Services, courier: Scripted) -> None:
    await set_date(services)
    await world.to(at(4, 4, 9, 1))
    _, first = courier.channel[0]
    occurrence = Occurrence.of(first.subject)
    await services.reminders.snooze(LEARNER, occurrence, first.id, Snooze.TOMORROW)
    # Settings leave it; a change of the date takes it along.
    await services.reminders.set(LEARNER, days="none")
    assert list(await owed(services)) == [f"1.1+30.{first.id}"]
    moved = await services.exam_dates.propose_move(LEARNER, "", "2026-06-01", "", "")
    await services.exam_dates.confirm(LEARNER, GUILD, moved.draft)
    assert await owed(services) == {}
    with pytest.raises(ExamDateChanged):
        await services.reminders.snooze(LEARNER, occurrence, first.id, Snooze.HOUR)
    assert await services.reminders.done(LEARNER, occurrence) is None


async def test_a_reminder_is_not_put_off_beyond_the_exam(world: World, services: Services, courier: Scripted) -> None:
    await set_date(services, at="8:00")
    await world.to(at(5, 4, 6, 1))
    _, last = courier.channel[-1]
    with pytest.raises(SnoozeTooLate):
        await services.reminders.snooze(LEARNER, Occurrence.of(last.subject), last.id, Snooze.EVENING)


async def test_closed_direct_messages_are_told_once_for_a_date(
    guild: None, world: World, services: Services, courier: Scripted
) -> None:
    await services.setup.pause(GUILD)
    await services.setup.start(GUILD, CHANNEL, ORGANISER)
    await set_date(services)
    courier.script[0] = [Undeliverable(DMS_CLOSED), Undeliverable(DMS_CLOSED)]
    for day in range(1, 30):
        await world.to(at(4, day, 9, 30))
    told = [delivery for _, delivery in courier.channel if delivery.kind == "unreached"]
    assert [(delivery.user_id, delivery.guild_id) for delivery in told] == [(LEARNER, GUILD)]
    # The third arrived.
    assert "1.1.7" in courier.subjects()
    listing = await services.exam_dates.listing(LEARNER)
    assert listing.coming[0].date.fault == ""


async def test_who_is_hidden_is_named_in_no_channel(
    guild: None, world: World, services: Services, courier: Scripted
) -> None:
    await services.privacy.set_visibility(LEARNER, Visibility.HIDDEN)
    await set_date(services)
    courier.script[0] = [Undeliverable(DMS_CLOSED)]
    await world.to(at(4, 4, 9, 30))
    assert "unreached" not in courier.kinds()
    assert (await services.exam_dates.listing(LEARNER)).coming[0].date.fault == DMS_CLOSED


async def test_who_chose_to_be_hidden_since_is_named_in_no_channel(
    guild: None, world: World, services: Services, courier: Scripted
) -> None:
    await set_date(services)
    # The reminder is not let in; and then neither is the channel's word, which is tried again later.
    courier.script[0] = [Undeliverable(DMS_CLOSED)]
    courier.script[GUILD] = [Retry("busy", unsure=False, after=3600)]
    world.clock.now = at(4, 4, 9) - 1
    await services.setup.pause(GUILD)
    await services.setup.start(GUILD, CHANNEL, ORGANISER, minute=20 * 60)
    await world.to(at(4, 4, 9))
    assert len(await waiting(services)) == 1
    await services.privacy.set_visibility(LEARNER, Visibility.HIDDEN)
    await world.to(at(4, 4, 11))
    assert await waiting(services) == []
    assert "unreached" not in courier.kinds()


async def waiting(services: Services) -> list[Row]:
    """The words to learners who could not be reached that are still to be said."""
    return list(await services.db.read("SELECT id FROM deliveries WHERE kind = 'unreached' AND state < 2"))


async def test_a_closed_direct_message_is_kept_with_the_date(
    world: World, services: Services, courier: Scripted
) -> None:
    await set_date(services, guild=0)
    courier.script[0] = [Undeliverable(DMS_CLOSED)]
    await world.to(at(4, 5))
    listing = await services.exam_dates.listing(LEARNER)
    assert listing.coming[0].date.fault == DMS_CLOSED
    assert listing.coming[0].next_at == at(4, 20)
    assert courier.channel == []


async def test_what_is_late_keeps_the_quiet_hours(world: World, services: Services, courier: Scripted) -> None:
    await set_date(services, at="6:30")
    await services.reminders.set(LEARNER, quiet="22:00 to 7:00")
    # The bot was away from before nine in the morning until late in the evening.
    await world.to(at(5, 1, 23))
    assert courier.subjects() == []
    await world.to(at(5, 2, 6, 59))
    assert courier.subjects() == []
    await world.to(at(5, 2, 7, 1))
    assert courier.subjects() == ["1.1.3"]
    # The last one was due a minute before the last night, after which it would be of no use any more.
    await world.to(at(5, 3, 23))
    assert courier.subjects()[1:] == ["1.1.0"]


async def test_nothing_speaks_of_an_exam_that_is_over(world: World, services: Services, courier: Scripted) -> None:
    await set_date(services)
    await world.to(at(5, 3, 9, 1))
    _, last = courier.channel[-1]
    courier.script[0] = [Undeliverable("refused")]
    await world.to(at(5, 4, 7, 1))
    [failed] = await services.desk.listed(State.FAILED, None, None, 9)
    await world.to(at(5, 5, 9))
    assert (await services.reminders.due(LEARNER, Occurrence.of(last.subject))).over
    await services.desk.again(failed.id)
    await world.settle()
    gone = await services.desk.entry(failed.id)
    assert gone is not None
    assert (gone.state, gone.fault) == (State.CANCELLED, "over")
    assert courier.channel[-1][1] == last


async def test_what_goes_to_a_server_goes_to_the_thread_of_a_group_of_theirs(
    guild: None, world: World, services: Services
) -> None:
    found = await set_date(services)
    await services.reminders.set(LEARNER, where_to=WhereTo.SERVER)
    occurrence = Occurrence(found.id, found.revision, 30)
    assert (await services.reminders.due(LEARNER, occurrence)).channel_id == CHANNEL
    for number, exam in enumerate(("", "cpc"), 1):
        group = await services.groups.create(GUILD, Person(LEARNER), CHANNEL, f"Group {number}", exam=exam)
        await services.db.write(sql("UPDATE study_groups SET thread_id = $2 WHERE id = $1", group.id, 900 + number))
    assert (await services.reminders.due(LEARNER, occurrence)).channel_id == 902
    await services.reminders.set(LEARNER, where_to=WhereTo.DM)
    assert (await services.reminders.due(LEARNER, occurrence)).channel_id is None
