"""What the organisers of a server are told of what failed there: theirs, of late, and nothing of a learner's own."""

import pytest

from bot.app import Services
from bot.core.deliveries import DAY, Delivery, Kind, State, Undeliverable
from bot.core.people import Person
from bot.services.failures import Failure
from bot.storage import deliveries
from tests.services.conftest import World
from tests.services.couriers import Scripted
from tests.services.guild import CHANNEL, GUILD, LEARNER, at
from tests.storage.lives import begun

pytestmark = pytest.mark.usefixtures("guild")
NO_ACCESS = "no access to the channel"


async def ended(
    services: Services,
    kind: Kind,
    subject: str,
    fault: str = NO_ACCESS,
    *,
    guild_id: int = GUILD,
    user_id: int | None = None,
    when: int = 0,
    state: State = State.FAILED,
) -> None:
    """A message that ended at `when`, or just now."""
    when = when or int(services.clock())
    await services.db.write(deliveries.owe(kind, guild_id, subject, when, user_id=user_id))
    [row] = await services.db.read("SELECT id FROM deliveries WHERE dedupe_key = $1", f"{kind}:{guild_id}:{subject}")
    settled = Delivery(row["id"], kind, guild_id, user_id, subject, when, when, 1, "", None)
    await services.db.write(deliveries.settle(settled, state, when, fault=fault))


async def shown(services: Services) -> list[tuple[Kind, str, int]]:
    return [(each.kind, each.reason, each.count) for each in await services.setup.failures.listed(GUILD)]


async def test_it_is_counted_by_kind_and_reason_the_latest_first(services: Services) -> None:
    now = int(services.clock())
    for number in range(3):
        await ended(services, Kind.MEETING_REMINDER, str(number), when=now - 100 + number)
    await ended(services, Kind.MEETING_REMINDER, "9", "too late", state=State.EXPIRED, when=now - 200)
    await ended(services, Kind.GROUP_WEEK, "1:2", "channel gone")
    assert await services.setup.failures.listed(GUILD) == (
        Failure(Kind.GROUP_WEEK, "channel gone", 1, now, None),
        Failure(Kind.MEETING_REMINDER, NO_ACCESS, 3, now - 98, None),
        Failure(Kind.MEETING_REMINDER, "too late", 1, now - 200, None),
    )
    assert (await services.setup.panel(GUILD)).failed == 5


async def test_what_went_out_was_dropped_or_is_still_owed_is_not_among_it(services: Services) -> None:
    await ended(services, Kind.SEASON, "2026-02", "", state=State.SENT)
    await ended(services, Kind.SEASON, "2026-01", "dropped by the operator", state=State.CANCELLED)
    assert await shown(services) == []
    await ended(services, Kind.SEASON, "2025-12")
    assert await shown(services) == [(Kind.SEASON, NO_ACCESS, 1)]
    [row] = await services.db.read("SELECT id FROM deliveries WHERE subject = '2025-12'")
    await services.desk.again(row["id"])
    assert await shown(services) == []
    assert (await services.setup.panel(GUILD)).failed == 0


async def test_nothing_of_another_server_of_learners_or_of_long_ago(services: Services) -> None:
    now = int(services.clock())
    await ended(services, Kind.MEETING, "1", guild_id=GUILD + 1)
    for kind in (Kind.EXAM_REMINDER, Kind.PLAN_WEEK, Kind.CEU):
        await ended(services, kind, "1.1.0", "direct messages closed", guild_id=0, user_id=LEARNER)
        await ended(services, kind, "1.1.0", "direct messages closed", user_id=LEARNER)
    await ended(services, Kind.MEETING, "2", when=now - 14 * DAY - 1)
    assert await shown(services) == []
    assert await services.setup.failures.listed(0) == ()
    await ended(services, Kind.MEETING, "3", when=now - 14 * DAY)
    assert await shown(services) == [(Kind.MEETING, NO_ACCESS, 1)]


async def test_of_those_who_could_not_be_told_only_their_number_is_known(services: Services) -> None:
    for number in range(5):
        await ended(services, Kind.UNREACHED, f"exam.{number}", user_id=LEARNER + number % 2)
    assert await shown(services) == [(Kind.UNREACHED, NO_ACCESS, 2)]
    assert (await services.setup.panel(GUILD)).failed == 2
    await services.privacy.erase(LEARNER)
    assert await shown(services) == [(Kind.UNREACHED, NO_ACCESS, 1)]


async def test_the_channel_of_the_latest_is_told(world: World, services: Services, courier: Scripted) -> None:
    courier.script[GUILD].append(Undeliverable(NO_ACCESS))
    await world.to(at(3, 2))
    group = await services.groups.create(GUILD, Person(LEARNER, organiser=False), CHANNEL + 1, "Owls")
    await ended(services, Kind.GROUP_DATE, f"{group.id}.2026-03-20.7")
    await ended(services, Kind.GROUP_WEEK, f"{group.id}:2930")
    await ended(services, Kind.GROUP_WEEK, "99:2930", when=world.now - 9)
    draft = await services.meetings.draft(group, LEARNER, "tomorrow 7 pm")
    for kind in (Kind.MEETING, Kind.MEETING_REMINDER, Kind.MEETING_END):
        await ended(services, kind, str(draft.meeting.id))
    await services.meetings.stands_in(draft.meeting.id, CHANNEL + 2, 1)
    played = await begun(services.db, channel=CHANNEL + 3)
    assert played is not None
    await ended(services, Kind.LIVE_CLOSE, f"{played.id}:2")
    await ended(services, Kind.LIVE_RESULT, str(played.id))
    await ended(services, Kind.REVEAL, "1")
    await ended(services, Kind.GROUP_NOTICE, f"owner:{group.id}")
    found = {each.kind: each.channel_id for each in await services.setup.failures.listed(GUILD)}
    assert found == {
        Kind.DAILY_POST: CHANNEL, Kind.REVEAL: CHANNEL, Kind.GROUP_DATE: CHANNEL + 1, Kind.GROUP_WEEK: CHANNEL + 1,
        Kind.MEETING: CHANNEL + 2, Kind.MEETING_END: CHANNEL + 2, Kind.MEETING_REMINDER: CHANNEL + 1,
        Kind.LIVE_CLOSE: CHANNEL + 3, Kind.LIVE_RESULT: CHANNEL + 3, Kind.GROUP_NOTICE: None,
    }  # fmt: skip
