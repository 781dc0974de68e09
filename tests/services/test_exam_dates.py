"""Exam dates and what they make owed: whatever happens to a date, its reminders are those that are still wanted."""

import asyncio
import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import Services, build_services
from bot.core.content import Content
from bot.core.exam_dates import PLANNED_AT_MOST, ExamDate, ExamState
from bot.core.exam_errors import ExamDateChanged, ExamDateSame, ExamDatesEnough, ExamDateUnknown
from bot.core.reminders import WhereTo, reminders
from bot.storage import exam_dates as store
from bot.storage import privacy
from bot.storage import reminders as settings_store
from bot.storage.database import connect, sql
from tests.samples import START, Clock, sample_content
from tests.services.conftest import World
from tests.services.couriers import Scripted
from tests.services.guild import GUILD, LEARNER, ORGANISER, at


def two_exams() -> Content:
    content = sample_content()
    other = replace(content.exams["cpc"], id="other", name="Other", areas=())
    return replace(content, exams={**content.exams, "other": other})


@pytest.fixture
def content() -> Content:
    return two_exams()


async def set_date(
    services: Services,
    day: str = "2026-05-04",
    *,
    user: int = LEARNER,
    guild: int = GUILD,
    exam: str = "cpc",
    **typed: str,
) -> ExamDate:
    dates = services.exam_dates
    found = await dates.propose(user, guild, exam, day, typed.get("at", ""), typed.get("zone", ""))
    return (await dates.confirm(user, guild, found.draft)).date


async def owed(services: Services, user: int = LEARNER) -> dict[str, int]:
    rows = await services.db.read(
        "SELECT subject, due_at FROM deliveries WHERE kind = 'exam_reminder' AND target_user_id = $1 AND state < 2"
        " AND useful_until >= 0",
        user,
    )
    return {row["subject"]: row["due_at"] for row in rows}


async def wanted(services: Services, user: int = LEARNER) -> dict[str, int]:
    """What should be owed by the dates and settings as they are stored."""
    chosen = await settings_store.settings(services.db, user)
    now = int(services.clock())
    return {
        f"{found.id}.{found.revision}.{due.offset}": due.due_at
        for found in await store.planned(services.db, user)
        for due in reminders(found.moment, chosen, now)
    }


async def test_a_date_is_stored_with_its_reminders(services: Services) -> None:
    found = await set_date(services, at="8:00")
    assert (found.moment.day, found.moment.minute, found.moment.zone) == (date(2026, 5, 4), 480, "America/New_York")
    assert await owed(services) == {
        "1.1.30": at(4, 4), "1.1.14": at(4, 20), "1.1.7": at(4, 27), "1.1.3": at(5, 1), "1.1.1": at(5, 3),
        "1.1.0": at(5, 4, 6),
    }  # fmt: skip


async def test_all_of_them_arrive_once_and_nothing_is_left(world: World, services: Services, courier: Scripted) -> None:
    await set_date(services)
    for _ in range(140):
        await world.advance(hours=12)
    assert courier.subjects() == [f"1.1.{offset}" for offset in (30, 14, 7, 3, 1, 0)]
    assert await owed(services) == {}


async def test_after_a_long_outage_only_what_is_still_useful_goes_out(
    world: World, services: Services, courier: Scripted
) -> None:
    await set_date(services)
    await world.to(at(5, 2, 12))
    assert courier.subjects() == ["1.1.3"]
    await world.to(at(5, 20))
    assert courier.subjects() == ["1.1.3"]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.sampled_from(["cpc", "other"]), st.integers(1, 90)),
        st.tuples(st.just("edit"), st.integers(1, 90), st.sampled_from(["", "8:00", "none"])),
        st.tuples(st.sampled_from(["cancel", "passed", "not_passed", "mend"])),
        st.tuples(st.just("days"), st.sampled_from(["", "none", "20 10 5", "0"])),
        st.tuples(st.just("zone"), st.sampled_from(["", "Asia/Manila", "Pacific/Apia"])),
        st.tuples(st.just("quiet"), st.sampled_from(["none", "20:00 to 10:00"])),
        st.tuples(st.just("wait"), st.integers(1, 40)),
    ),
    max_size=12,
)


async def take(services: Services, step: tuple[Any, ...]) -> None:
    dates, said = services.exam_dates, services.reminders
    match step:
        case ("set", exam, days):
            await set_date(services, f"in {days} days", exam=exam)
        case ("edit", days, clock):
            found = await dates.propose_move(LEARNER, "", f"in {days} days", clock, "")
            await dates.confirm(LEARNER, GUILD, found.draft)
        case ("cancel",):
            await dates.cancel(LEARNER, "")
        case ("passed",):
            await dates.passed(LEARNER, "")
        case ("not_passed",):
            await dates.not_passed(LEARNER, "")
        case ("days", text):
            await said.set(LEARNER, days=text)
        case ("zone", text):
            await said.set(LEARNER, zone=text)
        case ("quiet", text):
            await said.set(LEARNER, quiet=text)
        case _:
            await dates.reminders.mend()


async def play(steps: Any, empty: Path) -> None:
    clock = Clock(START)
    with TemporaryDirectory() as folder:
        shutil.copy(empty, f"{folder}/test.db")
        services = build_services(await connect(f"sqlite:///{folder}/test.db"), two_exams(), clock, Random(1))
        for step in steps:
            if step[0] == "wait":
                # Nothing is sent meanwhile, as in an outage: what fell due stays until somebody looks.
                clock.advance(days=step[1])
            else:
                with suppress(ExamDateUnknown, ExamDateSame):
                    await take(services, step)
            now = int(clock())
            coming = {name: due for name, due in (await owed(services)).items() if due > now}
            assert coming == await wanted(services)
        await services.close()


@given(steps=STEPS)
@settings(max_examples=40)
def test_no_order_of_changes_leaves_a_reminder_that_nobody_wants_or_lacks_one(
    migrated_sqlite: Path, steps: Any
) -> None:
    asyncio.run(play(steps, migrated_sqlite))


async def test_changes_that_race_leave_what_the_last_one_wants(services: Services) -> None:
    found = await set_date(services)
    changes = [
        services.reminders.set(LEARNER, days="20 10"),
        services.reminders.set(LEARNER, quiet="20:00 to 10:00"),
        services.exam_dates.confirm(
            LEARNER, GUILD, (await services.exam_dates.propose_move(LEARNER, "", "2026-06-01", "", "")).draft
        ),
        services.exam_dates.reminders.mend(),
    ]
    await asyncio.gather(*changes)
    assert await owed(services) == await wanted(services) != {}
    await asyncio.gather(
        services.exam_dates.cancel(LEARNER, str(found.id)),
        services.reminders.set(LEARNER, days=""),
        services.exam_dates.reminders.mend(),
        return_exceptions=True,
    )
    assert await owed(services) == {}


async def test_a_confirmation_pressed_twice_at_once_stores_one_date(services: Services) -> None:
    found = await services.exam_dates.propose(LEARNER, GUILD, "cpc", "2026-05-04", "", "")
    await asyncio.gather(*(services.exam_dates.confirm(LEARNER, GUILD, found.draft) for _ in range(3)))
    assert len(await store.planned(services.db, LEARNER)) == 1
    assert await owed(services) == await wanted(services)


async def test_a_stale_confirmation_is_refused(services: Services) -> None:
    await set_date(services)
    one = await services.exam_dates.propose_move(LEARNER, "", "2026-06-01", "", "")
    other = await services.exam_dates.propose_move(LEARNER, "", "2026-07-01", "", "")
    await services.exam_dates.confirm(LEARNER, GUILD, one.draft)
    with pytest.raises(ExamDateChanged):
        await services.exam_dates.confirm(LEARNER, GUILD, other.draft)
    with pytest.raises(ExamDateUnknown):
        await services.exam_dates.cancel(ORGANISER, "1")


async def test_a_reminder_that_was_sent_is_not_sent_again_when_settings_change(
    world: World, services: Services, courier: Scripted
) -> None:
    await set_date(services)
    await world.to(at(4, 4, 9, 1))
    # By the clocks of Honolulu it is four in the morning: nine is still to come, and went out already.
    await services.reminders.set(LEARNER, zone="Pacific/Honolulu")
    await world.to(at(4, 6))
    assert courier.subjects() == ["1.1.30"]


async def test_what_is_due_stays_owed_when_settings_change_in_an_outage(services: Services, clock: Any) -> None:
    await set_date(services)
    clock.now = at(4, 4, 9, 30)
    await services.reminders.set(LEARNER, days="20 10")
    assert await owed(services) == {"1.1.30": at(4, 4), "1.1.20": at(4, 14), "1.1.10": at(4, 24)}


async def test_a_reminder_that_waits_and_is_due_already_in_the_new_zone_comes_at_once(
    world: World, services: Services, courier: Scripted
) -> None:
    await services.reminders.set(LEARNER, zone="America/Los_Angeles")
    await set_date(services, at="14:00", zone="America/Los_Angeles")
    await world.to(at(5, 4, 9, 30))
    sent = courier.subjects()
    assert "1.1.0" not in sent
    await services.reminders.set(LEARNER, zone="America/New_York")
    await world.settle()
    assert courier.subjects() == [*sent, "1.1.0"]
    # Once: back in the old zone it is not due again.
    await services.reminders.set(LEARNER, zone="America/Los_Angeles")
    await world.advance(hours=3)
    assert courier.subjects() == [*sent, "1.1.0"]


async def test_changed_rules_of_a_zone_move_what_is_to_come_and_nothing_else(services: Services, clock: Any) -> None:
    await set_date(services)
    await set_date(services, user=LEARNER + 1)
    right = await owed(services)
    clock.now = at(4, 4, 9, 30)
    # Planned when the zone's rules were an hour off.
    await services.db.write(
        sql(
            "UPDATE deliveries SET due_at = due_at + 3600, wake_at = wake_at + 3600 WHERE target_user_id = $1 AND due_at > $2",
            LEARNER,
            at(4, 5),
        ),
        sql("UPDATE deliveries SET due_at = due_at - 60, wake_at = wake_at - 60 WHERE subject = '1.1.30'"),
        sql("DELETE FROM deliveries WHERE subject = '1.1.7'"),
    )
    assert await services.exam_dates.reminders.mend() == 1
    assert await owed(services) == {**right, "1.1.30": at(4, 4) - 60}
    assert await services.exam_dates.reminders.mend() == 0


async def test_what_an_operator_dropped_stays_dropped_until_the_learner_asks_anew(services: Services) -> None:
    await set_date(services)
    right = await owed(services)
    [dropped] = [entry for entry in await services.desk.listed(None, None, None, 10) if entry.subject == "1.1.7"]
    await services.desk.drop(dropped.id)
    assert await services.exam_dates.reminders.mend() == 0
    assert await owed(services) == {name: due for name, due in right.items() if name != "1.1.7"}
    # What the learner called off and wants again is owed again.
    await services.reminders.set(LEARNER, days="none")
    assert await owed(services) == {}
    await services.reminders.set(LEARNER, days="")
    assert await owed(services) == right


async def test_at_most_so_many(services: Services) -> None:
    for number in range(PLANNED_AT_MOST):
        await services.db.write(
            sql(
                "INSERT INTO exam_dates (user_id, guild_id, exam, day, zone, created_at, changed_at)"
                " VALUES ($1, 0, $2, '2026-05-04', 'America/New_York', 0, 0)",
                LEARNER,
                f"exam-{number}",
            )
        )
    with pytest.raises(ExamDatesEnough):
        await set_date(services)


async def test_a_retake_keeps_the_attempt_before(services: Services, clock: Any) -> None:
    await set_date(services, at="8:00")
    clock.now = at(5, 5)
    listing = await services.exam_dates.listing(LEARNER)
    assert not listing.coming
    assert len(listing.undecided) == 1
    again = await services.exam_dates.propose_retake(LEARNER, "CPC", "in 6 weeks", "", "")
    await services.exam_dates.confirm(LEARNER, GUILD, again.draft)
    assert [found.state for found in await store.of_user(services.db, LEARNER)] == [
        ExamState.PLANNED, ExamState.NOT_PASSED,
    ]  # fmt: skip
    await services.exam_dates.passed(LEARNER, "2")
    await services.exam_dates.passed(LEARNER, "2")
    assert await owed(services) == {}


async def test_the_zone_is_the_one_typed_chosen_used_or_the_servers(guild: None, services: Services) -> None:
    await services.setup.change(GUILD, ORGANISER, zone="America/Chicago")
    found = await services.exam_dates.propose(LEARNER, GUILD, "cpc", "2026-05-04", "", "")
    assert (found.draft.moment.zone, found.assumed) == ("America/Chicago", True)
    found = await services.exam_dates.propose(LEARNER, 0, "cpc", "2026-05-04", "", "")
    assert (found.draft.moment.zone, found.assumed) == ("America/New_York", True)
    await set_date(services, zone="America/Denver")
    found = await services.exam_dates.propose(LEARNER, GUILD, "other", "2026-05-04", "", "")
    assert (found.draft.moment.zone, found.assumed) == ("America/Denver", False)
    await services.reminders.set(LEARNER, zone="america/phoenix", where_to=WhereTo.SERVER)
    found = await services.exam_dates.propose(LEARNER, GUILD, "other", "2026-05-04", "", "")
    assert (found.draft.moment.zone, found.assumed) == ("America/Phoenix", False)


async def test_all_of_it_is_erased(services: Services) -> None:
    await set_date(services)
    await services.reminders.set(LEARNER, quiet="22:00 to 7:00")
    shown = await privacy.export(services.db, LEARNER)
    assert shown["exam_dates"][0]["day"] == "2026-05-04"
    assert shown["reminders"][0]["quiet_from"] == 22 * 60
    await privacy.erase(services.db, LEARNER)
    assert await owed(services) == {}
    assert not any((await privacy.export(services.db, LEARNER)).values())
    assert isinstance(await services.exam_dates.listing(LEARNER), object)


async def test_without_a_name_passed_means_what_is_over_and_cancel_what_is_to_come(
    services: Services, clock: Any
) -> None:
    await set_date(services, "2026-04-20")
    await set_date(services, "2026-06-01", exam="other")
    clock.now = at(4, 21)
    assert (await services.exam_dates.passed(LEARNER, ""))[0].date.exam == "cpc"
    await set_date(services, "2026-05-20")
    clock.now = at(5, 21)
    assert (await services.exam_dates.cancel(LEARNER, "")).date.exam == "other"
    assert (await services.exam_dates.not_passed(LEARNER, ""))[0].date.exam == "cpc"
