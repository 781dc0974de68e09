"""The message of a week: on Monday at nine wherever the learner lives, outside quiet hours, never when it is of no use."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.plan_nudges import Nudge, nudge_after
from bot.core.reminders import Quiet
from bot.core.schedule import first_instant
from tests.samples import START

ZONES = sorted(available_timezones() - {"localtime"})
MONDAY = date(2026, 3, 9)


@settings(max_examples=150)
@given(st.sampled_from(ZONES), st.integers(0, 400), st.integers(0, 60), st.integers(-20, 20))
@example("America/New_York", 6, 30, 0)
def test_mondays_at_nine_by_the_clock_on_the_wall(key: str, days: int, to_exam: int, elapsed: int) -> None:
    zone, day = ZoneInfo(key), date(2026, 3, 2) + timedelta(days=days)
    exam = day + timedelta(days=to_exam)
    now = first_instant(day, time(12), zone) + elapsed * 86_400
    nudge = nudge_after(day, exam, zone, None, now)
    # The weeks after that of `day` that begin before the exam, and whose message is still of use.
    weeks = [day + timedelta(days=n) for n in range(1, to_exam)]
    mondays = [each for each in weeks if each.weekday() == 0]
    useful = [
        each
        for each in mondays
        if min(first_instant(each + timedelta(days=2), time.min, zone), first_instant(exam, time.min, zone)) > now
    ]
    if not useful:
        assert nudge is None
        return
    assert nudge is not None
    assert nudge.monday == useful[0]
    local = datetime.fromtimestamp(nudge.due_at, zone)
    assert (local.date(), local.time()) == (nudge.monday, time(9))
    assert nudge.due_at < nudge.useful_until <= nudge.due_at + 40 * 3600


@given(st.integers(0, 1439), st.integers(0, 1439))
@settings(max_examples=60)
def test_never_in_quiet_hours(start: int, end: int) -> None:
    quiet, zone = Quiet(start, end), ZoneInfo("America/Chicago")
    nudge = nudge_after(date(2026, 3, 2), date(2026, 6, 1), zone, quiet, START)
    assert nudge is not None
    local = datetime.fromtimestamp(nudge.due_at, zone)
    assert local.hour * 60 + local.minute not in quiet or start == end
    assert nudge.monday <= local.date() <= nudge.monday + timedelta(days=1)


def test_the_example_of_new_york() -> None:
    found = nudge_after(date(2026, 3, 2), date(2026, 3, 10), ZoneInfo("America/New_York"), None, START)
    until = int(datetime(2026, 3, 10, 4, tzinfo=UTC).timestamp())
    assert found == Nudge(MONDAY, int(datetime(2026, 3, 9, 13, tzinfo=UTC).timestamp()), until)
    assert nudge_after(date(2026, 3, 2), MONDAY, ZoneInfo("America/New_York"), None, START) is None
