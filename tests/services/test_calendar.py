"""What the calendar file holds: dates, study weeks, and for a while what was called off."""

from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random

import pytest

from bot.app import Services, build_services
from bot.core.certs import Confidence, Fact, Topic
from bot.core.content import Content
from tests.ical import Component, moment, parse
from tests.samples import Clock, sample_content

ANA = 501


def timed(content: Content, brief: str, confidence: Confidence) -> Content:
    fact = Fact(Topic.TIME, brief, f"{brief}.", confidence, "a test", date(2026, 1, 1))
    exam = replace(content.exams["cpc"], facts=(fact,))
    return replace(content, exams={**content.exams, "cpc": exam})


@pytest.fixture
def content(request: pytest.FixtureRequest) -> Content:
    brief, confidence = getattr(request, "param", ("4 hours, 2.4 minutes a question", Confidence.HIGH))
    return timed(sample_content(), brief, confidence)


async def set_date(services: Services, day: str, at: str = "", zone: str = "America/New_York") -> None:
    found = await services.exam_dates.propose(ANA, 0, "cpc", day, at, zone)
    await services.exam_dates.confirm(ANA, 0, found.draft)


async def file(services: Services) -> tuple[Component, dict[str, Component]]:
    calendar = parse((await services.calendars.export(ANA)).data)
    return calendar, {event.text("UID"): event for event in calendar.all("VEVENT")}


def span(calendar: Component, event: Component) -> tuple[object, object]:
    return moment(calendar, event, "DTSTART"), moment(calendar, event, "DTEND")


async def test_an_exam_with_a_time_takes_as_long_as_is_known(services: Services) -> None:
    await set_date(services, "2026-03-20", "8:00", "Europe/London")
    calendar, events = await file(services)
    [event] = events.values()
    assert span(calendar, event) == (datetime(2026, 3, 20, 8, tzinfo=UTC), datetime(2026, 3, 20, 12, tzinfo=UTC))
    assert "It takes 4 hours." in event.text("DESCRIPTION")
    assert "Confirm time and place with AAPC." in event.text("DESCRIPTION")


@pytest.mark.parametrize(
    "content", [("4 hours", Confidence.LOW), ("see the candidate handbook", Confidence.HIGH)], indirect=True
)
async def test_what_is_not_known_well_is_not_claimed(services: Services) -> None:
    await set_date(services, "2026-03-20", "8:00")
    calendar, events = await file(services)
    [event] = events.values()
    assert span(calendar, event) == (datetime(2026, 3, 20, 12, tzinfo=UTC), datetime(2026, 3, 20, 13, tzinfo=UTC))
    assert "not known here" in event.text("DESCRIPTION")


async def test_reminders_ring_in_the_reader_s_zone(services: Services) -> None:
    await set_date(services, "2026-04-20")
    await services.reminders.set(ANA, days="7 0", zone="Asia/Tokyo")
    _, events = await file(services)
    [event] = events.values()
    assert [alarm.text("TRIGGER") for alarm in event.all("VALARM")] == ["-P6DT15H", "PT7H"]


async def test_weeks_are_whole_days_that_leave_the_time_free(services: Services) -> None:
    await set_date(services, "2026-04-20")
    standing = await services.plans.open(ANA, "", 6)
    found = await services.calendars.export(ANA)
    assert (found.exams, found.weeks, found.cancelled) == (1, 7, 0)
    calendar, events = await file(services)
    weeks = [event for event in events.values() if event.text("TRANSP") == "TRANSPARENT"]
    assert [event.text("SUMMARY") for event in weeks] == [*["CPC: study week, 6 h"] * 6, "CPC: review week, 6 h"]
    assert span(calendar, weeks[0]) == (date(2026, 3, 2), date(2026, 3, 9))
    for line in weeks[0].text("DESCRIPTION").splitlines():
        assert line.partition(":")[0] in {"Alpha", "Beta", "Gamma"}
    assert len(weeks[0].text("DESCRIPTION").splitlines()) == len(standing.plan.weeks[0].tasks)


async def test_a_plan_made_anew_keeps_the_names_of_its_weeks(services: Services, clock: Clock) -> None:
    await set_date(services, "2026-04-20")
    await services.plans.open(ANA, "", 6)
    _, before = await file(services)
    clock.advance(days=8)
    # Nothing was done in the first week, so the file shows the plan that follows from that.
    _, after = await file(services)
    assert set(after) < set(before)
    first = min(e.properties["DTSTART"].value for e in after.values())
    assert first == "20260310"
    clock.advance(hours=1)
    assert {name: e.text("SEQUENCE") for name, e in (await file(services))[1].items()} == {
        name: e.text("SEQUENCE") for name, e in after.items()
    }


async def test_what_is_called_off_stands_there_for_three_months(services: Services, clock: Clock) -> None:
    await set_date(services, "2026-04-20")
    await services.plans.open(ANA, "", 6)
    await services.exam_dates.cancel(ANA, "cpc")
    _, events = await file(services)
    assert {event.text("STATUS") for event in events.values()} == {"CANCELLED"}
    assert len(events) == 8
    clock.advance(days=90)
    assert set((await file(services))[1]) == set(events)
    clock.advance(seconds=1)
    assert (await file(services))[1] == {}


async def test_an_exam_that_was_passed_stays_and_the_weeks_after_it_go(services: Services, clock: Clock) -> None:
    await set_date(services, "2026-04-20")
    await services.plans.open(ANA, "", 6)
    clock.advance(days=15)
    await services.exam_dates.passed(ANA, "cpc")
    _, events = await file(services)
    states = [event.text("STATUS") for event in sorted(events.values(), key=lambda e: e.properties["DTSTART"].value)]
    assert states == [*["CONFIRMED"] * 2, *["CANCELLED"] * 5, "CONFIRMED"]


async def test_a_plan_that_was_dropped_long_before_the_date_was_moved_stays_called_off(
    services: Services, clock: Clock
) -> None:
    await set_date(services, "2026-04-20")
    await services.plans.open(ANA, "", 6)
    await services.plans.drop(ANA, 1)
    clock.advance(days=10)
    moved = await services.exam_dates.propose_move(ANA, "cpc", "2026-05-20", "", "")
    await services.exam_dates.confirm(ANA, 0, moved.draft)
    _, events = await file(services)
    assert [event.text("STATUS") for event in events.values()].count("CANCELLED") == 7


async def test_an_exam_that_the_content_lost_is_still_in_the_file(services: Services, clock: Clock) -> None:
    await set_date(services, "2026-04-20", "8:00")
    await services.plans.open(ANA, "", 6)
    other = build_services(services.db, replace(services.content, exams={}), clock, Random(1))
    _, events = await file(other)
    assert len(events) == 8
    assert "cpc exam" in {event.text("SUMMARY") for event in events.values()}


async def test_other_settings_of_reminders_are_a_newer_version_of_the_entry(services: Services) -> None:
    await set_date(services, "2026-05-04")
    [before] = (await file(services))[1].values()
    await services.reminders.set(ANA, days="20 10")
    [after] = (await file(services))[1].values()
    assert len(after.all("VALARM")) == 2
    assert after.properties["UID"].value == before.properties["UID"].value
    assert int(after.text("SEQUENCE")) > int(before.text("SEQUENCE"))
