"""Local calendars in every zone, against readings of the wall clock taken second by second around each jump."""

import contextlib
import itertools
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.errors import TimeUnreadable
from bot.core.schedule import (
    Schedule,
    first_instant,
    latest_occurrence,
    local_date,
    next_occurrence,
    occurrence,
    parse_time,
)

MINUTES = st.integers(0, 24 * 60 - 1)


def utc(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp())  # pyright: ignore[reportArgumentType]


def wall(instant: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(instant, zone).replace(tzinfo=None)


def jumps(name: str, first: int, last: int) -> list[int]:
    """The instants at which the zone's offset changes, found by halving."""

    def offset(instant: int) -> timedelta | None:
        return datetime.fromtimestamp(instant, zone).utcoffset()

    zone, found, step = ZoneInfo(name), [], 14 * 86400
    for low in range(first, last, step):
        high = low + step
        if offset(low) != offset(high):
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == offset(low) else (low, middle)
            found.append(high)
    return found


ODD = [
    ("Pacific/Apia", utc(2011, 12, 30, 10)),
    ("Pacific/Kwajalein", utc(1993, 8, 21, 12)),
    ("Australia/Lord_Howe", utc(2026, 10, 3, 15, 30)),
    ("America/St_Johns", utc(2006, 10, 29, 2, 31)),
    ("America/Sao_Paulo", utc(2018, 11, 4, 3)),
]


def data_of(name: str) -> bytes:
    """What ZoneInfo reads for a zone: the system's file, or else that of the package."""
    installed = (Path(folder, name) for folder in TZPATH)
    packaged = resources.files("tzdata").joinpath("zoneinfo", name)
    return next((path for path in installed if path.is_file()), packaged).read_bytes()


def clocks() -> list[str]:
    """Every zone once: of those that are names of one clock, with the very same data, one stands for all."""
    alike: dict[bytes, str] = {}
    for name in sorted(available_timezones(), key=lambda name: (name not in dict(ODD), name)):
        alike.setdefault(data_of(name), name)
    return sorted(alike.values())


ZONES = clocks()


@cache
def jumps_of_all() -> list[tuple[str, int]]:
    """The years hold each kind of oddity: Samoa's lost day, clocks that change at midnight, half hours, double summer
    time."""
    return [(name, at) for name in ZONES for at in jumps(name, utc(1970, 1, 1), utc(2038, 1, 1))]


JUMPS = st.deferred(lambda: st.sampled_from(jumps_of_all()))


def test_the_jumps_found_hold_the_odd_ones() -> None:
    assert len(jumps_of_all()) > 15_000
    assert set(ODD) <= set(jumps_of_all())


@given(jump=JUMPS, minute=MINUTES, days=st.integers(-1, 1))
@example(jump=ODD[0], minute=540, days=0)
@example(jump=ODD[1], minute=540, days=0)
@example(jump=ODD[2], minute=135, days=0)
@example(jump=ODD[3], minute=1410, days=-1)
@example(jump=ODD[4], minute=0, days=0)
def test_a_post_comes_at_the_first_second_at_which_the_clock_has_reached_its_time(
    jump: tuple[str, int], minute: int, days: int
) -> None:
    zone = ZoneInfo(jump[0])
    day = local_date(jump[1], zone) + timedelta(days=days)
    at = time(*divmod(minute, 60))
    wanted = datetime.combine(day, at)
    instant = first_instant(day, at, zone)
    assert wall(instant, zone) >= wanted
    before = [*range(instant - 2 * 86400, instant, 900), jump[1] - 1, jump[1] - 60, instant - 60, instant - 1]
    assert all(wall(earlier, zone) < wanted for earlier in before if earlier < instant)


@given(jump=JUMPS, minute=MINUTES)
@example(jump=ODD[0], minute=540)
@example(jump=ODD[1], minute=0)
def test_each_date_around_a_jump_that_exists_has_one_post_and_no_other_has_any(
    jump: tuple[str, int], minute: int
) -> None:
    name, at = jump
    schedule = Schedule(minute, ZoneInfo(name))
    existing = {local_date(t, schedule.zone) for t in [*range(at - 3 * 86400, at + 3 * 86400, 1800), at - 1, at]}
    first, last = min(existing), max(existing)
    posts: list[tuple[date, int]] = []
    now = at - 6 * 86400
    while not posts or posts[-1][0] <= last:
        posts.append(next_occurrence(schedule, now))
        now = posts[-1][1]
    assert [day for day, _ in posts if first <= day <= last] == sorted(existing)
    assert all(one[1] < other[1] and one[0] < other[0] for one, other in itertools.pairwise(posts))


@pytest.mark.parametrize("year", [2011, 2026])
def test_a_year_of_posts_in_every_zone_has_each_of_its_dates_once(year: int) -> None:
    all_days = [date(year, 1, 1) + timedelta(days=i) for i in range(365)]
    lost = {date(2011, 12, 30): {"Pacific/Apia", "Pacific/Fakaofo"}}
    for number, name in enumerate(ZONES):
        schedule = Schedule(number * 37 % 1440, ZoneInfo(name))
        instants = {day: occurrence(schedule, day) for day in all_days}
        for day, instant in instants.items():
            assert (instant is None) == (name in lost.get(day, ())), (name, day)
        happened = [instant for instant in instants.values() if instant is not None]
        # Casey station once moved its clocks by three hours; nobody moved theirs by more.
        assert all(20 * 3600 < later - earlier < 28 * 3600 for earlier, later in itertools.pairwise(happened)), name


@given(zone=st.sampled_from(ZONES), minute=MINUTES, now=st.integers(0, utc(2040, 1, 1)))
@example(zone="Pacific/Apia", minute=540, now=utc(2011, 12, 30, 12))
@example(zone="America/St_Johns", minute=1410, now=utc(2006, 10, 29, 3))
def test_next_and_latest_undo_each_other(zone: str, minute: int, now: int) -> None:
    schedule = Schedule(minute, ZoneInfo(zone))
    following, latest = next_occurrence(schedule, now), latest_occurrence(schedule, now)
    assert latest[1] <= now < following[1]
    assert latest_occurrence(schedule, following[1]) == following
    assert latest_occurrence(schedule, following[1] - 1) == latest
    assert next_occurrence(schedule, latest[1]) == following
    assert next_occurrence(schedule, latest[1] - 1) == latest


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("America/New_York", date(2026, 3, 8), time(2, 30), utc(2026, 3, 8, 7)),
        ("America/New_York", date(2026, 3, 8), time(3, 0), utc(2026, 3, 8, 7)),
        ("America/New_York", date(2026, 11, 1), time(1, 30), utc(2026, 11, 1, 5, 30)),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), utc(2026, 10, 3, 15, 30)),
        ("Australia/Lord_Howe", date(2026, 4, 5), time(1, 45), utc(2026, 4, 4, 14, 45)),
        ("America/Sao_Paulo", date(2018, 11, 4), time(0, 0), utc(2018, 11, 4, 3)),
        # Toronto's clocks went from 23:30 on the 30th to 0:30 on the 31st: a post of 23:45 comes at the jump.
        ("America/Toronto", date(1919, 3, 30), time(23, 45), utc(1919, 3, 31, 4, 30)),
        ("America/Toronto", date(1919, 3, 31), time(0, 10), utc(1919, 3, 31, 4, 30)),
    ],
)
def test_known_jumps(zone: str, day: date, at: time, expected: int) -> None:
    assert first_instant(day, at, ZoneInfo(zone)) == expected


def test_apia_never_had_the_30th_of_december_2011() -> None:
    schedule = Schedule(540, ZoneInfo("Pacific/Apia"))
    assert occurrence(schedule, date(2011, 12, 30)) is None
    day, instant = next_occurrence(schedule, utc(2011, 12, 29, 19))
    assert (day, instant) == (date(2011, 12, 31), utc(2011, 12, 30, 19))


@given(MINUTES)
def test_what_a_clock_shows_is_read_back(minute: int) -> None:
    hour, rest = divmod(minute, 60)
    half = "am" if hour < 12 else "pm"
    for text in (
        f"{hour:02}:{rest:02}",
        f" {hour}.{rest:02} ",
        f"{hour}h{rest:02}",
        f"{(hour - 1) % 12 + 1}:{rest:02} {half.upper()}",
        f"{(hour - 1) % 12 + 1}:{rest:02}{half[0]}.m.",
    ):
        assert parse_time(text) == minute
    if rest == 0:
        assert parse_time(str(hour)) == parse_time(f"{(hour - 1) % 12 + 1}{half}") == minute


def test_words_for_the_middle_of_day_and_night() -> None:
    assert [parse_time(word) for word in ("Noon", " midday ", "midnight", "12 am", "12 pm")] == [720, 720, 0, 0, 720]


@pytest.mark.parametrize(
    "text", ["", "24:00", "9:60", "13 pm", "0 am", "9:5", "9:", "-1", "123", "nine", "9:00:00", "{text}", "²", "9 xm"]
)
def test_rubbish_is_refused_with_the_sentence_for_it(text: str) -> None:
    with pytest.raises(TimeUnreadable) as caught:
        parse_time(text)
    assert f"“{text}”" in str(caught.value)


@given(st.text(max_size=12) | st.from_regex(r"\d{0,3}[:.h ]?\d{0,3} ?[aApPmM.]{0,4}", fullmatch=True))
def test_any_text_is_a_minute_of_the_day_or_unreadable(text: str) -> None:
    with contextlib.suppress(TimeUnreadable):
        assert 0 <= parse_time(text) < 1440
