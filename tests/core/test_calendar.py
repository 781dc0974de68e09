"""Calendar files, read back by a reader that knows RFC 5545 and not the writer."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.calendar import Days, Entry, Hours, ics, uid
from tests.ical import Component, duration, moment, parse
from tests.samples import START

NEW_YORK = ZoneInfo("America/New_York")
ZONES = sorted(available_timezones() - {"localtime"})


def entry(when: Days | Hours, **changes: Any) -> Entry:
    return replace(Entry(uid("exam", 1), 2, START, when, "CPC exam"), **changes)


def only(data: bytes) -> tuple[Component, Component]:
    calendar = parse(data)
    [event] = calendar.all("VEVENT")
    return calendar, event


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=NEW_YORK).timestamp())


@settings(max_examples=80)
@given(st.text(), st.text(max_size=300))
@example('CPC; the exam, \\n of "two" parts: ' + "ü" * 80, "one\r\ntwo\nthree\n\n BEGIN:VEVENT")
def test_any_text_is_read_back(title: str, text: str) -> None:
    _, event = only(ics([entry(Days(date(2027, 3, 14), date(2027, 3, 14)), title=title, text=text)], START))

    def kept(value: str) -> str:
        return "".join(" " if (ord(c) < 32 and c not in "\t\n") or c == "\x7f" else c for c in value)

    assert event.text("SUMMARY") == kept(title)
    assert event.text("DESCRIPTION") == kept(text)


@settings(max_examples=150)
@given(st.sampled_from(ZONES), st.integers(START, START + 3 * 366 * 86_400), st.integers(1, 9))
@example("Asia/Jerusalem", at(2027, 10, 31, 12), 4)
@example("Africa/Casablanca", at(2027, 2, 8, 12), 4)
@example("America/New_York", at(2027, 3, 14, 3), 4)
@example("America/New_York", at(2027, 11, 7, 0, 30), 1)
@example("Australia/Lord_Howe", at(2027, 4, 4, 12), 4)
def test_every_time_of_every_zone_is_that_instant_by_the_rules_in_the_file(key: str, instant: int, hours: int) -> None:
    zone = ZoneInfo(key)
    starts_at = instant // 900 * 900
    # Of an hour that comes twice a calendar file can only name the first.
    if datetime.fromtimestamp(starts_at, zone).fold or datetime.fromtimestamp(starts_at + hours * 3600, zone).fold:
        starts_at += 3 * 3600
    ends_at = starts_at + hours * 3600
    if datetime.fromtimestamp(ends_at, zone).fold:
        ends_at += 2 * 3600
    calendar, event = only(ics([entry(Hours(starts_at, ends_at, zone))], START))
    assert moment(calendar, event, "DTSTART") == datetime.fromtimestamp(starts_at, UTC)
    assert moment(calendar, event, "DTEND") == datetime.fromtimestamp(ends_at, UTC)


def test_zones_with_a_yearly_rule_say_so_and_others_name_the_changes() -> None:
    hours = [entry(Hours(at(2027, 3, 20, 8), at(2027, 3, 20, 12), ZoneInfo(key)), uid=uid(key)) for key in
             ("America/New_York", "Asia/Jerusalem", "Asia/Kolkata", "UTC")]  # fmt: skip
    data = ics(hours, START)
    assert b"DTSTART:20260308T020000\r\n" in data
    assert b"RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\n" in data
    zones = {zone.text("TZID"): zone for zone in parse(data).all("VTIMEZONE")}
    assert sorted(zones) == ["America/New_York", "Asia/Jerusalem", "Asia/Kolkata"]
    assert [len(zones[key].parts) for key in sorted(zones)] == [2, 7, 1]
    assert not any("RRULE" in rule.properties for rule in zones["Asia/Jerusalem"].parts)


def test_a_day_without_a_time_is_a_whole_day_everywhere() -> None:
    calendar, event = only(ics([entry(Days(date(2027, 3, 14), date(2027, 3, 14)))], START))
    assert moment(calendar, event, "DTSTART") == date(2027, 3, 14)
    assert moment(calendar, event, "DTEND") == date(2027, 3, 15)
    assert calendar.all("VTIMEZONE") == []
    assert "METHOD" not in calendar.properties


@pytest.mark.parametrize(
    ("when", "alarm", "trigger"),
    [
        # Seven days before at nine, across the change of clocks: days as people count them.
        (Days(date(2027, 3, 20), date(2027, 3, 20)), at(2027, 3, 13, 9), "-P6DT15H"),
        (Days(date(2027, 3, 20), date(2027, 3, 20)), at(2027, 3, 20, 7), "PT7H"),
        (Hours(at(2027, 3, 20, 8), at(2027, 3, 20, 12), NEW_YORK), at(2027, 3, 13, 9), "-P6DT23H"),
        (Hours(at(2027, 3, 20, 8), at(2027, 3, 20, 12), NEW_YORK), at(2027, 3, 20, 6), "-PT2H"),
    ],
)
def test_alarms_ring_at_the_clock_time_of_the_reminders(when: Days | Hours, alarm: int, trigger: str) -> None:
    _, event = only(ics([entry(when, alarms=(alarm,), zone=NEW_YORK)], START))
    [found] = event.all("VALARM")
    assert found.properties["TRIGGER"].value == trigger
    assert abs(duration(trigger)) < timedelta(days=8)


def test_what_is_called_off_says_so_and_rings_no_more() -> None:
    when = Days(date(2027, 3, 14), date(2027, 3, 14))
    _, before = only(ics([entry(when, alarms=(at(2027, 3, 13, 9),))], START))
    _, after = only(ics([entry(when, alarms=(at(2027, 3, 13, 9),), sequence=3, cancelled=True)], START + 60))
    assert before.properties["UID"].value == after.properties["UID"].value
    assert (before.text("STATUS"), after.text("STATUS")) == ("CONFIRMED", "CANCELLED")
    assert (before.text("TRANSP"), after.text("TRANSP")) == ("OPAQUE", "TRANSPARENT")
    assert (before.text("SEQUENCE"), after.text("SEQUENCE")) == ("2", "3")
    assert before.text("DTSTAMP") < after.text("DTSTAMP")
    assert after.all("VALARM") == []


def test_names_of_events_last_and_differ() -> None:
    assert uid("exam", 7, 1) == uid("exam", 7, 1)
    assert len({uid("exam", 1, 11), uid("exam", 11, 1), uid("week", 1, 11)}) == 3


def test_nothing_to_take_along_is_a_calendar_all_the_same() -> None:
    assert parse(ics([], START)).parts == []
