"""When learners are reminded of an exam: in every zone, across every change of clocks, never in their quiet hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.deliveries import DAY, HOUR
from bot.core.exam_dates import Moment
from bot.core.reminders import (
    OFFSETS,
    Quiet,
    ReminderSettings,
    Snooze,
    days_left,
    ends_at,
    read_offsets,
    reminders,
    snoozed,
    write_offsets,
)

ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
NEW_YORK = "America/New_York"
LONG_AGO = 0

zones = st.sampled_from(ZONES)
minutes = st.integers(0, 1439)
moments = st.builds(Moment, st.dates(date(2026, 1, 1), date(2031, 12, 31)), st.none() | minutes, zones)
quiets = st.none() | st.builds(Quiet, minutes, minutes).filter(lambda quiet: quiet.start != quiet.end)


def at(month: int, day: int, hour: int, minute: int = 0, zone: str = NEW_YORK) -> int:
    return int(datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(zone)).timestamp())


def local(instant: int, zone: str) -> datetime:
    return datetime.fromtimestamp(instant, ZoneInfo(zone)).replace(tzinfo=None)


@given(moments, zones)
@settings(max_examples=300)
def test_each_comes_at_its_local_time_in_the_readers_zone(moment: Moment, zone: str) -> None:
    found = {due.offset: due for due in reminders(moment, ReminderSettings(zone=zone), LONG_AGO)}
    day = moment.day if moment.minute is None else local(moment.starts_at, zone).date()
    for offset in OFFSETS[:-1]:
        shown = local(found[offset].due_at, zone)
        assert shown == datetime.combine(day - timedelta(days=offset), time(9)) or (
            offset == 1 and shown > datetime.combine(day - timedelta(days=1), time(9))
        )
    morning = found[0].due_at
    if moment.minute is None or local(moment.starts_at, zone).time() >= time(9, 30):
        assert local(morning, zone) == datetime.combine(day, time(7))
    else:
        assert moment.starts_at - morning >= 2 * HOUR


@given(moments, zones, quiets, st.sets(st.integers(0, 365), max_size=8), st.integers(0, 400))
@settings(max_examples=300)
def test_none_overlaps_the_next_the_exam_the_past_or_quiet_hours(
    moment: Moment, zone: str, quiet: Quiet | None, offsets: set[int], days: int
) -> None:
    now = moment.starts_at - days * DAY
    found = reminders(moment, ReminderSettings(zone=zone, offsets=tuple(offsets), quiet=quiet), now)
    last = ends_at(moment, ZoneInfo(zone))
    assert all(now < due.due_at < due.useful_until <= last for due in found)
    assert {due.offset for due in found} <= offsets
    for due in found:
        clock = local(due.due_at, zone)
        # A jump of the clocks at the end of quiet hours may land on either side of it.
        if quiet is not None and local(due.due_at + 3 * HOUR, zone) - clock == timedelta(hours=3) == clock - local(
            due.due_at - 3 * HOUR, zone
        ):
            assert clock.hour * 60 + clock.minute not in quiet


def test_an_early_exam_is_reminded_of_two_hours_before_and_a_night_one_the_evening_before() -> None:
    early = reminders(Moment(date(2026, 5, 4), 8 * 60, NEW_YORK), ReminderSettings(offsets=(0,)), LONG_AGO)
    assert [due.due_at for due in early] == [at(5, 4, 6)]
    night = reminders(Moment(date(2026, 5, 4), 30, NEW_YORK), ReminderSettings(offsets=(0,)), LONG_AGO)
    assert [due.due_at for due in night] == [at(5, 3, 22, 30)]


def test_the_days_are_those_of_the_reader_where_the_exam_is_elsewhere() -> None:
    # Eight in the evening in New York is the next morning in Manila.
    moment = Moment(date(2026, 5, 4), 20 * 60, NEW_YORK)
    [due] = reminders(moment, ReminderSettings(zone="Asia/Manila", offsets=(1,)), LONG_AGO)
    assert due.due_at == at(5, 4, 9, zone="Asia/Manila")


def test_clocks_that_change_in_between_leave_the_local_time() -> None:
    found = reminders(Moment(date(2026, 3, 14), None, NEW_YORK), ReminderSettings(offsets=(14, 1)), LONG_AGO)
    assert [due.due_at for due in found] == [at(2, 28, 9), at(3, 13, 9)]
    assert found[1].due_at - found[0].due_at == 13 * DAY - HOUR


@pytest.mark.parametrize(
    ("quiet", "due"),
    [
        (Quiet(8 * 60, 10 * 60), at(5, 1, 10)),
        (Quiet(22 * 60, 9 * 60 + 30), at(5, 1, 9, 30)),
        (Quiet(22 * 60, 9 * 60), at(5, 1, 9)),
        (Quiet(20 * 60, 8 * 60), at(5, 1, 9)),
    ],
)
def test_quiet_hours_move_a_reminder_to_their_end(quiet: Quiet, due: int) -> None:
    [found] = reminders(Moment(date(2026, 5, 4), None, NEW_YORK), ReminderSettings(offsets=(3,), quiet=quiet), LONG_AGO)
    assert found.due_at == due


def test_one_whose_quiet_hours_end_too_late_comes_before_they_begin() -> None:
    moment = Moment(date(2026, 5, 4), 8 * 60, NEW_YORK)
    [found] = reminders(moment, ReminderSettings(offsets=(0,), quiet=Quiet(22 * 60, 9 * 60)), LONG_AGO)
    assert found.due_at == at(5, 3, 21, 59)


@pytest.mark.parametrize(
    ("choice", "now", "due"),
    [
        (Snooze.HOUR, at(5, 1, 9), at(5, 1, 10)),
        (Snooze.EVENING, at(5, 1, 9), at(5, 1, 19)),
        (Snooze.EVENING, at(5, 1, 20), at(5, 2, 19)),
        (Snooze.TOMORROW, at(5, 1, 9), at(5, 2, 9)),
        (Snooze.HOUR, at(5, 1, 21, 30), at(5, 2, 7)),
    ],
)
def test_what_is_put_off_comes_again(choice: Snooze, now: int, due: int) -> None:
    settings = ReminderSettings(quiet=Quiet(22 * 60, 7 * 60))
    assert snoozed(choice, settings, ZoneInfo(NEW_YORK), now) == due


@given(zones, quiets, st.sampled_from(Snooze), st.integers(at(1, 1, 0), at(12, 31, 0)))
@settings(max_examples=100)
def test_what_is_put_off_comes_later_and_within_two_days(
    zone: str, quiet: Quiet | None, choice: Snooze, now: int
) -> None:
    assert now < snoozed(choice, ReminderSettings(quiet=quiet), ZoneInfo(zone), now) <= now + 3 * DAY


@given(st.sets(st.integers(0, 365)))
def test_offsets_are_read_as_they_were_written(offsets: set[int]) -> None:
    assert read_offsets(write_offsets(offsets)) == tuple(sorted(offsets, reverse=True))


def test_days_are_counted_on_the_readers_calendar() -> None:
    moment = Moment(date(2026, 5, 4), 8 * 60, NEW_YORK)
    late = int(datetime(2026, 5, 4, 3, 59, tzinfo=UTC).timestamp())
    assert days_left(moment, ZoneInfo(NEW_YORK), late) == 1
    assert days_left(moment, ZoneInfo(NEW_YORK), late + 60) == 0
