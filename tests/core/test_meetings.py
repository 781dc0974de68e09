"""Days and times as people type them, in any zone and across every change of clocks."""

import contextlib
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.days import parse_day
from bot.core.errors import DayUnreadable, UserError
from bot.core.meeting_errors import WhenPast, WhenUnreadable
from bot.core.meetings import parse_when, reads_as

NEW_YORK = ZoneInfo("America/New_York")
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))


def at(month: int, day: int, hour: int, minute: int = 0, zone: ZoneInfo = NEW_YORK, year: int = 2026) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=zone).timestamp())


NOW = at(3, 2, 12)


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("2026-12-01 19:00", at(12, 1, 19)),
        ("2026-12-01T19:00", at(12, 1, 19)),
        ("tomorrow 7 pm", at(3, 3, 19)),
        ("Tomorrow at 7pm", at(3, 3, 19)),
        ("today 7 pm", at(3, 2, 19)),
        ("tonight 8", at(3, 2, 20)),
        ("tonight 20:30", at(3, 2, 20, 30)),
        ("Fri 19:30", at(3, 6, 19, 30)),
        ("friday, 7:30 p.m.", at(3, 6, 19, 30)),
        ("Mon 19:00", at(3, 2, 19)),
        ("Mon 9:00", at(3, 9, 9)),
        ("next Mon 19:00", at(3, 9, 19)),
        ("on Sat noon", at(3, 7, 12)),
        ("12/1 7 pm", at(12, 1, 19)),
        ("3/1 7 pm", at(3, 1, 19, year=2027)),
        ("3/1/2027 7 pm", at(3, 1, 19, year=2027)),
        ("Dec 1 19:00", at(12, 1, 19)),
        ("1 December 2026 7 pm", at(12, 1, 19)),
        ("December 1st, 2026 at 7 pm", at(12, 1, 19)),
        ("7 pm", at(3, 2, 19)),
        ("9:00", at(3, 3, 9)),
    ],
)
def test_times_are_read_as_people_type_them(typed: str, instant: int) -> None:
    assert parse_when(typed, NEW_YORK, NOW) == instant


@pytest.mark.parametrize(
    "typed", ["", "soon", "tomorrow", "Fri", "2026-12-01", "2026-13-01 19:00", "Feb 30 9 am", "25:00", "x 9 am"]
)
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(WhenUnreadable, match="is not a day and time"):
        parse_when(typed, NEW_YORK, NOW)


@pytest.mark.parametrize("typed", ["2020-01-01 10:00", "2026-03-02 11:59", "today 9 am", "2028-01-01 10:00"])
def test_what_is_past_or_too_far_is_refused(typed: str) -> None:
    with pytest.raises(WhenPast, match="between now and a year"):
        parse_when(typed, NEW_YORK, NOW)


def test_a_skipped_hour_is_the_instant_of_the_jump_and_a_repeated_one_its_first_passage() -> None:
    jump = int(datetime(2026, 3, 8, 7, 0, tzinfo=UTC).timestamp())
    assert parse_when("2026-03-08 02:30", NEW_YORK, NOW) == jump
    first = int(datetime(2026, 11, 1, 5, 30, tzinfo=UTC).timestamp())
    assert parse_when("2026-11-01 01:30", NEW_YORK, NOW) == first


@given(
    st.sampled_from(ZONES),
    st.integers(int(datetime(2025, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2031, 1, 1, tzinfo=UTC).timestamp())),
    st.integers(2, 364),
    st.integers(0, 1439),
)
@settings(max_examples=120)
def test_what_is_written_out_is_what_a_clock_there_shows(zone_name: str, now: int, days: int, minute: int) -> None:
    zone = ZoneInfo(zone_name)
    day = datetime.fromtimestamp(now, zone).date() + timedelta(days=days)
    instant = parse_when(f"{day.isoformat()} {minute // 60:02}:{minute % 60:02}", zone, now)
    shown = datetime.fromtimestamp(instant, zone)
    wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    assert shown.replace(tzinfo=None) >= wanted
    # Before it no clock there has shown that time on that day.
    before = datetime.fromtimestamp(instant - 1, zone).replace(tzinfo=None)
    assert before < wanted
    assert zone_name in reads_as(instant, zone)


@given(st.text(max_size=30))
@settings(max_examples=150)
def test_no_text_raises_anything_but_a_sentence(text: str) -> None:
    for read in (lambda: parse_when(text, NEW_YORK, NOW), lambda: parse_day(text, date(2026, 3, 2))):
        with contextlib.suppress(UserError):
            assert read()


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-12-01", date(2026, 12, 1)),
        ("12/1/2026", date(2026, 12, 1)),
        ("Feb 29", date(2028, 2, 29)),
        ("march 1", date(2027, 3, 1)),
        ("2 mar", date(2026, 3, 2)),
        ("today", date(2026, 3, 2)),
    ],
)
def test_days_are_read_as_people_type_them(typed: str, day: date) -> None:
    assert parse_day(typed, date(2026, 3, 2)) == day


@pytest.mark.parametrize("typed", ["2026-02-30", "13/1", "ma 1", "someday", "1"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(DayUnreadable, match="is not a date"):
        parse_day(typed, date(2026, 3, 2))
