"""The rules of a study plan: no quarter of an hour lost, no area forgotten, mock runs and a review where they belong."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core import plan as rules
from bot.core.plan import Plan, Progress, Studied, Task, Week, WeekKind, make

MONDAY = date(2026, 3, 2)

AREAS = st.lists(st.tuples(st.floats(0.2, 40), st.integers(0, 60), st.integers(0, 6)), min_size=1, max_size=18).map(
    lambda found: [
        Studied(f"area-{i:02}", due, questions, tuple(f"area-{i:02}/{n}" for n in range(pages)))
        for i, (due, questions, pages) in enumerate(found)
    ]
)
PLANS = {
    "areas": AREAS,
    "first": st.integers(0, 6).map(lambda days: MONDAY + timedelta(days=days)),
    "days": st.integers(0, 400),
    "hours": st.integers(rules.HOURS_AT_LEAST, rules.HOURS_AT_MOST),
    "items": st.sampled_from([None, 47, 100, 150]),
}


def studied(count: int = 3, questions: int = 60) -> list[Studied]:
    return [Studied(f"area-{i}", i + 1, questions, (f"page-{i}-0", f"page-{i}-1", f"page-{i}-2")) for i in range(count)]


@settings(max_examples=60)
@given(**PLANS)
@example(studied(18), MONDAY, 41, 1, 100)
def test_every_quarter_of_an_hour_is_shared_out_and_every_day_is_in_one_week(
    areas: list[Studied], first: date, days: int, hours: int, items: int | None
) -> None:
    day = first + timedelta(days=days)
    plan = make(areas, first, day, hours, items)
    planned = [week.first + timedelta(days=i) for week in plan.weeks for i in range(week.days)]
    assert planned == [first + timedelta(days=i) for i in range(days)]
    for week in plan.weeks:
        assert week.monday == week.last - timedelta(days=week.last.weekday())
        if week.days == 7:
            assert week.quarters == 4 * hours
        else:
            assert 2 <= week.quarters <= max(2, 4 * hours * week.days / 7)
        assert all(task.quarters > 0 and task.questions >= 0 for task in week.tasks)
        assert len({task.area for task in week.tasks}) == len(week.tasks)
        assert all(len(set(task.concepts)) == len(task.concepts) for task in week.tasks)
        assert (week.mock > 0) == (week.mock_quarters > 0) == (week.kind is WeekKind.MOCK)
    assert Plan.from_body(plan.body) == plan


@settings(max_examples=60)
@given(**PLANS)
def test_every_area_comes_where_there_is_time_for_all_and_heavier_ones_get_no_less(
    areas: list[Studied], first: date, days: int, hours: int, items: int | None
) -> None:
    plan = make(areas, first, first + timedelta(days=days), hours, items)
    time = {area.id: 0 for area in areas}
    for week in plan.weeks:
        if week.kind is not WeekKind.REVIEW:
            for task in week.tasks:
                time[task.area] += task.quarters
    total = sum(time.values())
    if total >= len(areas):
        assert all(time.values())
    # A block is an hour at most, and the last one may be cut short.
    by_due = sorted(areas, key=lambda area: area.due)
    for light, heavy in pairwise(by_due):
        assert time[heavy.id] >= time[light.id] - 7


@settings(max_examples=60)
@given(**PLANS)
def test_the_last_week_is_a_review_and_mock_runs_come_on_the_way(
    areas: list[Studied], first: date, days: int, hours: int, items: int | None
) -> None:
    plan = make(areas, first, first + timedelta(days=days), hours, items)
    kinds = [week.kind for week in plan.weeks]
    assert kinds == [] or kinds[-1] is WeekKind.REVIEW
    reviewed = sum(week.days for week in plan.weeks if week.kind is WeekKind.REVIEW)
    assert reviewed >= min(days, 3) or len(kinds) < 3
    mocks = [i for i, kind in enumerate(kinds) if kind is WeekKind.MOCK]
    available = sum(area.questions for area in areas)
    if len(kinds) < 6 or available < rules.MOCK_FROM:
        assert mocks == []
        return
    assert len(mocks) == 3
    for place, way in zip(mocks, rules.MOCKS, strict=True):
        assert abs((place + 1) / len(kinds) - way) <= 2.5 / len(kinds)
    for week in plan.weeks:
        if week.mock:
            half = min(50, (items or 100) // 2, available)
            assert 5 <= week.mock <= half
            # Shorter only where the week has no more time.
            assert week.mock == half or week.mock + 5 > 6 * week.quarters


@given(st.lists(st.floats(0.01, 40), min_size=1, max_size=18), st.integers(0, 200))
@settings(max_examples=60)
def test_shares_sum_exactly_and_are_within_one_of_what_is_due_above_the_least(due: list[float], total: int) -> None:
    areas = [Studied(str(i), part) for i, part in enumerate(due)]
    found = rules.share(areas, total)
    assert found.total() == total
    least = 1 if total >= len(areas) else 0
    for area in areas:
        exact = least + (total - least * len(areas)) * area.due / sum(due)
        assert abs(found[area.id] - exact) < 1 + 1e-6


def test_sixteen_weeks_to_an_exam() -> None:
    plan = make(studied(), MONDAY, MONDAY + timedelta(weeks=16), 6, 100)
    assert len(plan.weeks) == 16
    assert [i for i, week in enumerate(plan.weeks) if week.mock] == [7, 11, 13]
    assert plan.weeks[7].mock == 50
    assert plan.weeks[0].tasks == (
        Task("area-2", 12, 40, ("page-2-0", "page-2-1", "page-2-2")),
        Task("area-1", 8, 27, ("page-1-0", "page-1-1", "page-1-2")),
        Task("area-0", 4, 13, ("page-0-0", "page-0-1")),
    )


def test_reading_goes_on_where_the_week_before_left_it() -> None:
    plan = make(studied(1), MONDAY, MONDAY + timedelta(weeks=3), 1, 100)
    assert [week.tasks[0].concepts for week in plan.weeks] == [
        ("page-0-0", "page-0-1"), ("page-0-2", "page-0-0"), ("page-0-1", "page-0-2")
    ]  # fmt: skip


def test_areas_without_questions_have_hours_and_no_mock_runs() -> None:
    plan = make(studied(questions=0), MONDAY, MONDAY + timedelta(weeks=8), 5, 100)
    assert all(week.quarters == 20 and week.mock == 0 for week in plan.weeks)
    assert all(task.questions == 0 for week in plan.weeks for task in week.tasks)
    assert not Progress({}).behind(plan.weeks[0])


def test_weaker_areas_get_more() -> None:
    areas = [Studied("strong", 10 * 0.2, 50), Studied("weak", 10 * 0.9, 50)]
    [week, *_] = make(areas, MONDAY, MONDAY + timedelta(weeks=4), 11, 100).weeks
    hours = {task.area: task.quarters / 4 for task in week.tasks}
    assert hours["weak"] > 3 * hours["strong"] > 0


def test_an_exam_tomorrow_and_one_today() -> None:
    [week] = make(studied(), MONDAY, MONDAY + timedelta(days=1), 7, 100).weeks
    assert (week.kind, week.days, week.quarters) == (WeekKind.REVIEW, 1, 4)
    assert make(studied(), MONDAY, MONDAY, 7, 100).weeks == ()


def test_half_done_is_not_behind() -> None:
    week = Week(MONDAY, MONDAY + timedelta(days=6), WeekKind.MOCK, (Task("a", 4, 10), Task("b", 4, 10)), 20, 4)
    assert Progress({"a": 50, "b": 4}, 6).of(week) == (20, 40)
    assert not Progress({"a": 50, "b": 4}, 6).behind(week)
    assert Progress({"a": 50, "b": 4}, 5).behind(week)
    short = Week(MONDAY, MONDAY + timedelta(days=1), WeekKind.STUDY, week.tasks)
    assert not Progress({}).behind(short)


def test_the_week_of_a_day_and_the_one_before() -> None:
    plan = make(studied(), MONDAY + timedelta(days=2), MONDAY + timedelta(days=16), 7, 100)
    first, second, third = plan.weeks
    assert plan.week_of(MONDAY) is None
    assert plan.week_of(MONDAY + timedelta(days=6)) == first
    assert plan.week_of(MONDAY + timedelta(days=7)) == second
    assert plan.week_before(MONDAY + timedelta(days=8)) == first
    assert plan.week_before(first.first) is None
    assert plan.week_before(plan.day) == third
