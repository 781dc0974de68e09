"""Study plans with a clock and a courier: made, held against answers, made anew, and told about on Mondays."""

from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest

from bot.app import Services, build_services
from bot.core.deliveries import DMS_CLOSED, Kind, Retry, Undeliverable
from bot.core.exam_errors import (
    ExamDateUnknown,
    NoBlueprint,
    NoDateToPlan,
    PlanGone,
    PlanHoursFirst,
    PlanTooLate,
    ReminderNotYours,
)
from bot.core.plan import Cause, WeekKind
from bot.core.privacy import Visibility
from bot.services.exam_dates import Draft, Step
from bot.services.plan import Standing
from bot.services.quiz_pages import Question
from bot.storage import privacy
from bot.storage.database import Database
from tests.samples import START, Clock
from tests.services.conftest import World
from tests.services.couriers import Scripted

ANA, BEN, GUILD = 501, 502, 77
MONDAY = date(2026, 3, 9)
NINE = int(datetime(2026, 3, 9, 13, tzinfo=UTC).timestamp())
"""Nine in the morning in New York on MONDAY, the day after its clocks changed."""


async def set_date(services: Services, day: str = "2026-05-04", user: int = ANA, zone: str = "America/New_York") -> int:
    found = await services.exam_dates.propose(user, 0, "cpc", day, "", zone)
    return (await services.exam_dates.confirm(user, 0, found.draft)).date.id


async def planned(services: Services, hours: int = 6, day: str = "2026-05-04", **options: Any) -> Standing:
    await set_date(services, day, **options)
    return await services.plans.open(options.get("user", ANA), "", hours)


async def practise(services: Services, count: int, area: str = "", user: int = ANA) -> None:
    """Answer that many questions, all of them right."""
    page = await services.quiz.start(user, 0, exam="cpc", area=area, length=max(5, count))
    for _ in range(count):
        if not isinstance(page, Question):
            break
        answer = page.asked.key
        position = page.session.position
        await services.quiz.answer(user, page.session.id, position, answer)
        page = await services.quiz.go_on(user, page.session.id, position)


async def owed(db: Database) -> list[tuple[str, int]]:
    rows = await db.read(
        "SELECT subject, due_at FROM deliveries WHERE kind = 'plan_week' AND state < 2 ORDER BY due_at"
    )
    return [(row["subject"], row["due_at"]) for row in rows]


def weeks(courier: Scripted) -> list[str]:
    return [delivery.subject for _, delivery in courier.channel if delivery.kind is Kind.PLAN_WEEK]


async def test_a_plan_reaches_from_today_to_the_day_before_the_exam(world: World, services: Services) -> None:
    standing = await planned(services)
    plan = standing.plan
    assert (plan.weeks[0].first, plan.weeks[-1].last, plan.day) == (
        date(2026, 3, 2),
        date(2026, 5, 3),
        date(2026, 5, 4),
    )
    assert len(plan.weeks) == 9
    assert plan.weeks[-1].kind is WeekKind.REVIEW
    assert all(week.quarters == 24 for week in plan.weeks)
    assert {task.area for week in plan.weeks for task in week.tasks} == {"alpha", "beta", "gamma"}
    # The sample has fifteen questions, which is no exam to run through.
    assert not any(week.mock for week in plan.weeks)
    assert standing.week == plan.weeks[0]
    assert (await services.plans.open(ANA, "", None)).kept == standing.kept
    assert (await services.plans.open(ANA, "cpc", 6)).kept == standing.kept
    other = await services.plans.open(ANA, "", 12)
    assert (other.plan.hours, other.kept.revision, other.kept.cause) == (12, 2, Cause.MADE)


async def test_what_is_mastered_gets_less_time_and_what_was_missed_is_read_first(
    world: World, services: Services
) -> None:
    before = (await planned(services)).plan
    for _ in range(2):
        await practise(services, 5, "beta")
    assert (await services.plans.show(ANA, 1)).progress.answers["beta"] >= 5
    after = (await services.plans.replan(ANA, 1)).plan
    share = [sum(t.quarters for w in plan.weeks for t in w.tasks if t.area == "beta") for plan in (before, after)]
    assert share[1] < share[0]
    assert (await services.plans.show(ANA, 1)).kept.cause is Cause.ASKED


async def test_answers_of_the_week_count_by_area_and_only_one_s_own(world: World, services: Services) -> None:
    standing = await planned(services)
    assert standing.week is not None
    assert standing.progress.of(standing.week)[0] == 0
    await planned(services, user=BEN)
    await practise(services, 5, "alpha", user=BEN)
    assert (await services.plans.show(ANA, 1)).progress.answers == {}
    await practise(services, 4, "alpha")
    now = await services.plans.show(ANA, 1)
    assert now.progress.answers["alpha"] == 4
    await world.advance(days=7)
    assert "alpha" not in (await services.plans.show(ANA, 1)).progress.answers


async def test_a_week_less_than_half_done_is_planned_anew(world: World, services: Services) -> None:
    await planned(services)
    await world.to(NINE - 3600)
    behind = await services.plans.show(ANA, 1)
    assert (behind.kept.cause, behind.kept.revision, behind.plan.weeks[0].first) == (Cause.BEHIND, 2, MONDAY)
    assert behind.before == (0, behind.before[1] if behind.before else 0)
    assert (await services.plans.show(ANA, 1)).kept.revision == 2


async def test_a_week_well_done_leaves_the_plan_as_it_is(world: World, services: Services) -> None:
    made = await planned(services, 1)
    for area in ("alpha", "beta", "gamma"):
        await practise(services, 5, area)
    await world.to(NINE - 3600)
    standing = await services.plans.show(ANA, 1)
    assert standing.kept == made.kept
    assert standing.before is not None
    assert 2 * standing.before[0] >= standing.before[1] > 0


async def test_mondays_at_nine_until_the_exam(
    world: World, services: Services, courier: Scripted, db: Database
) -> None:
    await planned(services, day="2026-03-24")
    assert await owed(db) == [(f"1.{MONDAY}", NINE)]
    await world.to(NINE - 1)
    assert weeks(courier) == []
    await world.to(NINE)
    [due] = [found for found in courier.content.values() if hasattr(found, "standing")]
    assert due.standing.kept.cause is Cause.BEHIND
    assert due.standing.week.first == MONDAY
    assert await owed(db) == [("1.2026-03-16", NINE + 7 * 86_400)]
    await world.to(NINE + 20 * 86_400)
    # The exam is on the Tuesday after the last of them.
    assert weeks(courier) == ["1.2026-03-09"]
    assert await owed(db) == []


async def test_one_for_each_week_where_the_bot_is_up(world: World, services: Services, courier: Scripted) -> None:
    await planned(services, day="2026-03-24")
    for week in range(4):
        await world.to(NINE + week * 7 * 86_400)
    assert weeks(courier) == ["1.2026-03-09", "1.2026-03-16", "1.2026-03-23"]


async def test_after_downtime_late_on_tuesday_and_not_on_wednesday(
    world: World, services: Services, courier: Scripted, db: Database
) -> None:
    await planned(services)
    await world.to(NINE + 30 * 3600)
    assert weeks(courier) == ["1.2026-03-09"]
    await world.to(NINE + 9 * 86_400)
    assert weeks(courier) == ["1.2026-03-09"]
    assert await owed(db) == [("1.2026-03-23", NINE + 14 * 86_400)]


async def test_closed_messages_are_told_on_the_plan_and_the_next_week_is_tried_again(
    world: World, services: Services, courier: Scripted
) -> None:
    await planned(services)
    courier.script[0] = [Undeliverable(DMS_CLOSED)]
    await world.to(NINE)
    assert (await services.plans.show(ANA, 1)).kept.fault == DMS_CLOSED
    await world.to(NINE + 7 * 86_400)
    assert weeks(courier) == ["1.2026-03-16"]
    assert (await services.plans.show(ANA, 1)).kept.fault == ""


@pytest.mark.parametrize(("choice", "told"), [(Visibility.SHOWN, [ANA]), (Visibility.HIDDEN, [])])
async def test_the_server_is_told_of_closed_messages_unless_the_learner_is_hidden(
    world: World, services: Services, courier: Scripted, db: Database, choice: Visibility, told: list[int]
) -> None:
    await services.privacy.set_visibility(ANA, choice)
    found = await services.exam_dates.propose(ANA, GUILD, "cpc", "2026-05-04", "", "")
    await services.exam_dates.confirm(ANA, GUILD, found.draft)
    await services.plans.open(ANA, "", 6)
    courier.script[0] = [Undeliverable(DMS_CLOSED)]
    await world.to(NINE)
    rows = await db.read("SELECT target_user_id FROM deliveries WHERE kind = $1", Kind.UNREACHED.value)
    assert [row["target_user_id"] for row in rows] == told


async def test_a_second_attempt_tells_the_same_week(world: World, services: Services, courier: Scripted) -> None:
    await planned(services)
    courier.script[0] = [Retry("Discord unavailable", unsure=True)]
    await world.to(NINE)
    await world.advance(seconds=30)
    assert weeks(courier) == ["1.2026-03-09"]
    assert (await services.plans.show(ANA, 1)).kept.revision == 2


async def test_another_zone_and_quiet_hours_move_the_message_that_waits(
    world: World, services: Services, db: Database
) -> None:
    await planned(services)
    await services.reminders.set(ANA, zone="Europe/Berlin")
    assert await owed(db) == [(f"1.{MONDAY}", int(datetime(2026, 3, 9, 8, tzinfo=UTC).timestamp()))]
    await services.reminders.set(ANA, quiet="22:00 to 10:30")
    assert await owed(db) == [(f"1.{MONDAY}", int(datetime(2026, 3, 9, 9, 30, tzinfo=UTC).timestamp()))]


@pytest.mark.parametrize("way", ["drop", "off", "cancel", "passed"])
async def test_what_ends_the_plan_ends_its_messages(
    world: World, services: Services, courier: Scripted, db: Database, way: str
) -> None:
    await planned(services)
    if way == "drop":
        await services.plans.drop(ANA, 1)
    elif way == "off":
        assert not (await services.plans.set_nudges(ANA, 1, on=False)).kept.nudges
    elif way == "cancel":
        await services.exam_dates.cancel(ANA, "cpc")
    else:
        await services.exam_dates.passed(ANA, "cpc")
    assert await owed(db) == []
    await services.plan_weeks.mend()
    await world.to(NINE + 8 * 86_400)
    assert weeks(courier) == []
    if way == "off":
        await services.plans.set_nudges(ANA, 1, on=True)
        assert await owed(db) == [("1.2026-03-23", NINE + 14 * 86_400)]
        return
    with pytest.raises(PlanGone):
        await services.plans.show(ANA, 1)


async def test_a_plan_that_was_dropped_can_be_made_again(world: World, services: Services, db: Database) -> None:
    await planned(services)
    await services.plans.drop(ANA, 1)
    await services.plans.drop(ANA, 1)
    with pytest.raises(PlanHoursFirst):
        await services.plans.open(ANA, "", None)
    again = await services.plans.open(ANA, "", 3)
    assert (again.kept.revision, again.plan.hours) == (3, 3)
    assert await owed(db) == [(f"1.{MONDAY}", NINE)]


async def test_what_an_operator_dropped_stays_dropped_and_the_week_after_it_comes(
    services: Services, db: Database
) -> None:
    await planned(services)
    [dropped] = await services.desk.listed(None, Kind.PLAN_WEEK, None, 10)
    await services.desk.drop(dropped.id)
    assert await services.plan_weeks.mend() == 0
    assert await owed(db) == [("1.2026-03-16", NINE + 7 * 86_400)]
    await services.plans.set_nudges(ANA, 1, on=False)
    await services.plans.set_nudges(ANA, 1, on=True)
    assert await owed(db) == [(f"1.{MONDAY}", NINE)]


async def test_a_moved_exam_moves_the_plan_and_mending_finds_its_message(
    world: World, services: Services, courier: Scripted, db: Database
) -> None:
    await planned(services, day="2026-03-07")
    assert await owed(db) == []
    change = await services.exam_dates.propose_move(ANA, "cpc", "2026-04-20", "", "")
    await services.exam_dates.confirm(ANA, 0, change.draft)
    assert await services.plan_weeks.mend() == 1
    assert await services.plan_weeks.mend() == 0
    assert await owed(db) == [(f"1.{MONDAY}", NINE)]
    await world.to(NINE)
    [due] = [found for found in courier.content.values() if hasattr(found, "standing")]
    assert due.standing.kept.cause is Cause.MOVED
    assert due.standing.plan.day == date(2026, 4, 20)
    assert due.standing.plan.weeks[0].first == MONDAY


async def test_a_retake_is_planned_with_the_hours_of_before(world: World, services: Services) -> None:
    await planned(services, 9, day="2026-03-07")
    await world.advance(days=8)
    found = await services.exam_dates.propose_retake(ANA, "cpc", "2026-06-01", "", "")
    await services.exam_dates.confirm(ANA, 0, found.draft)
    assert (await services.plans.open(ANA, "", None)).plan.hours == 9


async def test_where_there_is_nothing_to_plan_for(world: World, services: Services) -> None:
    with pytest.raises(NoDateToPlan):
        await services.plans.open(ANA, "", 6)
    await set_date(services, "today")
    with pytest.raises(PlanTooLate):
        await services.plans.open(ANA, "", 6)
    with pytest.raises(ExamDateUnknown):
        await services.plans.open(ANA, "no such exam", 6)
    assert await services.db.read("SELECT 1 AS one FROM study_plans") == []


async def test_an_exam_of_unknown_areas_is_not_planned_and_keeps_its_date(
    services: Services, clock: Clock, db: Database
) -> None:
    exam = replace(services.content.exams["cpc"], areas=())
    other = build_services(db, replace(services.content, exams={"cpc": exam}), clock, Random(1))
    await set_date(other)
    with pytest.raises(NoBlueprint, match="How CPC is shared out"):
        await other.plans.open(ANA, "", 6)
    assert (await other.exam_dates.listing(ANA)).coming


async def test_areas_without_questions_are_never_behind(services: Services, clock: Clock, db: Database) -> None:
    other = build_services(db, replace(services.content, items={}, cases={}), clock, Random(1))
    await planned(other)
    clock.advance(days=10)
    standing = await other.plans.show(ANA, 1)
    assert (standing.kept.cause, standing.kept.revision, standing.asks) == (Cause.MADE, 1, False)


async def test_nobody_else_sees_or_changes_a_plan(world: World, services: Services, db: Database) -> None:
    await planned(services)
    for use in (
        services.plans.show(BEN, 1),
        services.plans.replan(BEN, 1),
        services.plans.set_nudges(BEN, 1, on=False),
    ):
        with pytest.raises(ReminderNotYours):
            await use
    await services.plans.drop(BEN, 1)
    assert (await services.plans.show(ANA, 1)).kept.revision == 1
    assert len(await owed(db)) == 1


async def test_erasing_takes_the_plan_and_its_messages(world: World, services: Services, courier: Scripted) -> None:
    await planned(services)
    [exported] = (await privacy.export(services.db, ANA))["plan"]
    assert exported["hours_a_week"] == 6
    await privacy.erase(services.db, ANA)
    await world.to(NINE)
    assert weeks(courier) == []


async def test_two_who_plan_at_once_get_one_plan(world: World, services: Services) -> None:
    made = await planned(services)
    found = made.exam_date
    # The second one was worked out from what stood before the first one.
    first = await services.plans._made(found, 7, Cause.ASKED, made.kept)
    second = await services.plans._made(found, 8, Cause.ASKED, made.kept)
    assert first.kept == second.kept


async def test_a_draft_that_is_old_changes_no_plan(world: World, services: Services) -> None:
    made = await planned(services)
    stale = Draft(Step.SET, "cpc", made.exam_date.moment)
    await services.exam_dates.confirm(ANA, 0, stale)
    assert (await services.plans.show(ANA, 1)).kept == made.kept


def test_the_clock_of_these_tests_begins_on_a_monday() -> None:
    assert datetime.fromtimestamp(START, UTC).date() == date(2026, 3, 2)
