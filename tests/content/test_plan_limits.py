"""Discord's limits in a study plan, for every shipped exam and for the longest that a pack may hold."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from discord import ui

from bot.client.courier import mark
from bot.core import quiz_choice
from bot.core.content import Content, Exam
from bot.core.exam_dates import ExamDate, ExamState, Moment
from bot.core.plan import HOURS_AT_LEAST, HOURS_AT_MOST, Cause, Kept, Progress, Studied, Week, make
from bot.packs.certs import ExamModel
from bot.services.calendar import Export
from bot.services.plan import Standing
from bot.services.plan_owed import WeekDue
from cogs.exam import plan_render as render
from cogs.exam.calendar import exported
from cogs.ui.direct import in_server
from tests.content.test_limits import AREA_TITLE, SNOWFLAKE, faults, longest, longest_concept

FIRST = date(2026, 12, 30)
FAULT = "refused by Discord (400, code 50035)"


def kept(exam: Exam, studied: list[Studied], hours: int, weeks: int, cause: Cause, fault: str) -> Kept:
    plan = make(studied, FIRST, FIRST + timedelta(weeks=weeks), hours, exam.items)
    return Kept(10**18 - 1, SNOWFLAKE, exam.id, plan, cause, False, not fault, fault, FIRST, 1, 4_000_000_000, 0)


def views(exam: Exam, studied: list[Studied], content: Content) -> Iterator[ui.LayoutView]:
    """Each page of plans short and long, and the message of each of their weeks."""
    moment = Moment(FIRST, 480, "America/Argentina/ComodRivadavia")
    found = ExamDate(10**18 - 1, SNOWFLAKE, SNOWFLAKE, exam.id, moment, ExamState.PLANNED, 1, "", 0, 0)
    for hours, weeks in ((HOURS_AT_LEAST, 1), (6, 16), (HOURS_AT_MOST, 12), (HOURS_AT_MOST, 157)):
        for cause, fault in ((Cause.BEHIND, FAULT), (Cause.MADE, "")):
            made = kept(exam, studied, hours, weeks, cause, fault)
            for week in (*made.plan.weeks[-6:], made.plan.weeks[0], None):
                standing = standing_in(exam, made, week, found, content)
                yield render.page(standing)
                if week is not None:
                    yield render.message(WeekDue(standing, SNOWFLAKE, SNOWFLAKE), SNOWFLAKE)
                    yield in_server(SNOWFLAKE, mark(f"plan:page:{standing.kept.date_id}:0", SNOWFLAKE))
            first = standing_in(exam, made, made.plan.weeks[0], found, content)
            yield from (render.page(first, number) for number in (1, 2, 999))


def standing_in(exam: Exam, made: Kept, week: Week | None, found: ExamDate, content: Content) -> Standing:
    return Standing(
        kept=made,
        exam_date=found,
        exam=exam,
        today=week.first if week else made.plan.day,
        week=week,
        progress=Progress({task.area: 9 for task in week.tasks} if week else {}, 7),
        areas={area.id: area for area in exam.areas},
        concepts=content.concepts,
        asks=True,
        before=(1234, 5678),
    )


def test_every_shipped_exam(real_content: Content) -> None:
    concepts = list(real_content.concepts)
    planned = 0
    for exam in real_content.exams.values():
        due = quiz_choice.weights(exam, [], {})
        studied = [Studied(area.id, due[area.id], 60, tuple(concepts[:6])) for area in exam.areas]
        if studied:
            planned += 1
            for view in views(exam, studied, real_content):
                assert faults(view) == []
    assert planned > 5


@pytest.mark.parametrize("questions", [0, 999])
def test_the_longest_exam(real_content: Content, questions: int) -> None:
    like = next(exam for exam in real_content.exams.values() if exam.areas)
    count = longest(ExamModel, "areas")
    areas = tuple(replace(like.areas[0], id=f"{i:02}" + "a" * 46, title=AREA_TITLE) for i in range(count))
    exam = replace(like, id="x" * 24, areas=areas, items=150)
    pages = [replace(longest_concept(), id=f"{i:02}" + "y" * 46) for i in range(5)]
    content = replace(real_content, concepts={page.id: page for page in pages})
    studied = [Studied(area.id, 1 + i, questions, tuple(content.concepts)) for i, area in enumerate(areas)]
    for view in views(exam, studied, content):
        assert faults(view) == []


@pytest.mark.parametrize("held", [(10, 999, 0), (0, 0, 999), (0, 0, 0)])
def test_the_file(held: tuple[int, int, int]) -> None:
    assert faults(exported(Export(b"", *held))) == []
    assert faults(render.dropped()) == []
