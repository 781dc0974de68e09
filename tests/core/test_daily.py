"""Which round is owed when, and what a round makes of a choice."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.content import LETTERS
from bot.core.daily import DailySettings, Round, RoundState, next_round, round_owed
from bot.core.deliveries import USEFUL_FOR, Kind
from bot.core.errors import ChoiceUnknown
from bot.core.schedule import Schedule, latest_occurrence, local_date, next_occurrence, occurrence
from tests.samples import START, make_item

DAY = 86400
USEFUL = USEFUL_FOR[Kind.DAILY_POST]
ZONES = sorted(available_timezones())
SCHEDULES = st.builds(
    lambda minute, zone: Schedule(minute, ZoneInfo(zone)), st.integers(0, 1439), st.sampled_from(ZONES)
)
NEW_YORK = Schedule(540, ZoneInfo("America/New_York"))


def make_round(*, options: int = 4, right: tuple[int, ...] = (1,), seed: int = 3) -> Round:
    item = make_item("x", options=options, right=right)
    return Round(1, 2, date(2026, 3, 2), 1, item, seed, RoundState.OPEN, 4, 5, None, None, 6)


# What happens to a guild: time passes, or an organiser sets the clock anew.
EVENTS = st.lists(st.tuples(st.integers(0, 20 * DAY) | st.integers(0, DAY), st.none() | SCHEDULES), max_size=30)


@given(schedule=SCHEDULES, events=EVENTS, start=st.integers(START, START + 400 * DAY))
def test_a_local_date_has_one_round_under_any_clock_changes_and_absences(
    schedule: Schedule, events: list[tuple[int, Schedule | None]], start: int
) -> None:
    now = start
    day, due_at = next_round(schedule, None, now)
    last: date | None = None
    for wait, changed in events:
        now += wait
        if changed is not None:
            schedule = changed
            day, due_at = next_round(schedule, last, now)
        elif due_at <= now:
            assert last is None or day > last
            last = day
            day, due_at = round_owed(schedule, last, now)
        assert last is None or day > last
        assert occurrence(schedule, day) == due_at


@given(schedule=SCHEDULES, now=st.integers(START, START + 400 * DAY), behind=st.integers(1, 400))
def test_rounds_missed_in_an_absence_collapse_into_the_latest_or_are_let_go(
    schedule: Schedule, now: int, behind: int
) -> None:
    latest_day, latest_at = latest_occurrence(schedule, now)
    day, due_at = round_owed(schedule, latest_day - timedelta(days=behind), now)
    if now - latest_at <= USEFUL:
        assert (day, due_at) == (latest_day, latest_at)
    else:
        assert (day, due_at) == next_occurrence(schedule, now)


@given(schedule=SCHEDULES, now=st.integers(START, START + 400 * DAY), ahead=st.integers(0, 5))
@example(schedule=Schedule(540, ZoneInfo("Pacific/Honolulu")), now=START, ahead=2)
def test_a_round_of_a_date_further_on_is_never_repeated(schedule: Schedule, now: int, ahead: int) -> None:
    last = local_date(now, schedule.zone) + timedelta(days=ahead)
    for day, due_at in (next_round(schedule, last, now), round_owed(schedule, last, now)):
        assert day > last
        assert due_at > now


@given(schedule=SCHEDULES, now=st.integers(START, START + 400 * DAY))
def test_a_guilds_first_round_lies_ahead(schedule: Schedule, now: int) -> None:
    assert round_owed(schedule, None, now) == next_round(schedule, None, now) == next_occurrence(schedule, now)


def test_usefulness_ends_to_the_second() -> None:
    day, due_at = latest_occurrence(NEW_YORK, START)
    last = day - timedelta(days=3)
    assert round_owed(NEW_YORK, last, due_at + USEFUL) == (day, due_at)
    assert round_owed(NEW_YORK, last, due_at + USEFUL + 1) == next_occurrence(NEW_YORK, due_at)


@given(seed=st.integers(0, 2**31), options=st.integers(2, 6), data=st.data())
def test_the_key_names_the_right_options_where_they_are_shown(seed: int, options: int, data: st.DataObject) -> None:
    right = tuple(data.draw(st.sets(st.integers(0, options - 1), min_size=1, max_size=options)))
    round_ = make_round(options=options, right=right, seed=seed)
    assert {round_.order[LETTERS.index(letter)] for letter in round_.key} == set(right)
    assert round_.key == "".join(sorted(round_.key))
    assert round_.check_choice(round_.key[::-1] * 2) == round_.key


@given(st.text(max_size=5) | st.text("ABCDEFab", max_size=5))
def test_a_choice_is_letters_that_are_shown_or_refused(chosen: str) -> None:
    round_ = make_round(options=4)
    if chosen and set(chosen) <= set("ABCD"):
        assert round_.check_choice(chosen) == "".join(sorted(set(chosen)))
    else:
        with pytest.raises(ChoiceUnknown):
            round_.check_choice(chosen)


def test_settings_make_the_schedule() -> None:
    assert DailySettings(1, 2, 540, "America/New_York", "cpc", 3).schedule == NEW_YORK
