"""How a study plan looks: this week first, then the weeks after it; and the message with which a week begins."""

from collections.abc import Sequence
from datetime import date

import discord
from discord import ui

from bot.client.courier import mark
from bot.core.content import Area, Concept
from bot.core.plan import Cause, Task, Week, WeekKind
from bot.services.plan import Standing
from bot.services.plan_owed import WeekDue
from cogs.exam.render import MEND_DMS, countdown
from cogs.ui.concept import reading
from cogs.ui.layout import AMBER, BLUE, GREY, Child, button, footer, layout, line, plain, plural, row
from cogs.ui.paging import Under, paged, turning

CAUSES = {
    Cause.MADE: "",
    Cause.ASKED: "Planned anew, from then on and by your answers until then.",
    Cause.BEHIND: "Less than half of a week was done, so what is left was shared out anew.",
    Cause.MOVED: "Your exam has another date, so the weeks were shared out anew.",
}
ROOM = 2200
"""Characters for the areas of a week in a message."""

KINDS = {WeekKind.STUDY: "", WeekKind.MOCK: "mock run", WeekKind.REVIEW: "review"}


def page(standing: Standing, number: int = 0) -> ui.LayoutView:
    """A page of a plan, counted from 0: this week, then those after it."""
    later = paged(_later(standing)) if standing.coming else []
    pages = 1 + len(later)
    number = min(number, pages - 1)
    date_id, kept = standing.kept.date_id, standing.kept
    body = [later[number - 1]] if number else _this_week(standing)
    turns = turning(number, pages, lambda to: f"plan:page:{date_id}:{to}")
    return layout(
        f"### {plain(standing.exam.name)}: your study plan",
        f"{countdown(standing.exam_date.moment)}\n{standing.plan.hours} h a week",
        line(),
        *body,
        row(*turns) if turns else "",
        row(
            button("I fell behind: plan anew", f"plan:anew:{date_id}"),
            button("Stop the weekly message", f"plan:nudges:{date_id}:0")
            if kept.nudges
            else button("Message me each week", f"plan:nudges:{date_id}:1"),
            button("Drop the plan", f"plan:drop:{date_id}"),
        ),
        footer(
            "Weak areas get more time, by the blueprint and your last answers",
            "/exam plan with other hours plans anew",
            "only you see this",
        ),
        accent=AMBER if kept.fault else BLUE,
    )


def _this_week(standing: Standing) -> list[Child]:
    week, kept = standing.week, standing.kept
    fault = f"**The last weekly message did not arrive**  {plain(kept.fault)}\n{MEND_DMS}" if kept.fault else ""
    if week is None:
        return ["No day is left to plan. All the best.", fault]
    return [
        _cause(standing),
        f"**This week**, {_span(week)} · {_about(week)}",
        _tasks(standing, week),
        fault,
        *_ways(standing, week),
        *_reading(standing, week),
    ]


def _cause(standing: Standing) -> str:
    text = CAUSES[standing.kept.cause]
    return f"-# {text} (<t:{standing.kept.made_at}:D>)" if text else ""


def _tasks(standing: Standing, week: Week) -> str:
    done, wanted = standing.progress.of(week)
    lines = _fitting(standing, week.tasks)
    if week.mock:
        ran = min(standing.progress.run, week.mock)
        lines.append(
            f"{'✅' if ran >= week.mock else '▫️'} **Mock run over the whole exam**  {hours(week.mock_quarters)} · "
            f"{ran} of {plural(week.mock, 'question')}: /quiz start exam:{standing.exam.id} length:{week.mock}"
        )
    if wanted:
        lines.append(f"{done} of {plural(wanted, 'question')} of this week done.")
    else:
        lines.append("There are no questions for this exam here yet: study these areas in your books and course.")
    return "\n".join(lines)


def _fitting(standing: Standing, tasks: Sequence[Task]) -> list[str]:
    """A line for each area, the last of them in one line where there are too many for a message."""
    lines = [_task(standing, task) for task in tasks]
    shown = len(lines)
    while sum(len(line) + 1 for line in lines[:shown]) > ROOM:
        shown -= 1
    if shown == len(lines):
        return lines
    rest = hours(sum(task.quarters for task in tasks[shown:]))
    return [*lines[:shown], f"▫️ and {plural(len(lines) - shown, 'more area')}  {rest}"]


def _task(standing: Standing, task: Task) -> str:
    area = standing.areas.get(task.area)
    answered = min(standing.progress.answers.get(task.area, 0), task.questions)
    done = 0 < task.questions <= answered
    parts = [hours(task.quarters)]
    if task.questions:
        parts.append(f"{answered} of {plural(task.questions, 'question')}")
    elif standing.asks:
        parts.append("in your books: no questions here yet")
    if task.concepts:
        parts.append(f"{len(task.concepts)} to read")
    return f"{'✅' if done else '▫️'} **{plain(area.title if area else task.area)}**  {' · '.join(parts)}"


def _open(standing: Standing, week: Week) -> Area | None:
    """The area of which the most questions are left to do this week."""
    left = {task.area: task.questions - standing.progress.answers.get(task.area, 0) for task in week.tasks}
    best = max(left, key=lambda name: left[name], default="")
    return standing.areas.get(best) if left.get(best, 0) > 0 else None


def _ways(standing: Standing, week: Week, *others: ui.Button[ui.LayoutView]) -> list[Child]:
    area = _open(standing, week)
    if area is None:
        return [row(*others)] if others else []
    practise = button(
        f"Practise {area.title}"[:80], f"quiz:practise:{standing.exam.id}:{area.id}", discord.ButtonStyle.primary
    )
    return [row(practise, *others)]


def _reading(standing: Standing, week: Week) -> list[Child]:
    found: dict[str, Concept] = {}
    for task in week.tasks:
        found.update({name: standing.concepts[name] for name in task.concepts if name in standing.concepts})
    return reading("plan", "Read for this week", list(found.values()))


def _later(standing: Standing) -> Sequence[Under]:
    return [
        Under(f"**{_span(week)}** · {_about(week)}", text)
        for week in standing.coming
        for text in _brief(standing, week)
    ]


def _brief(standing: Standing, week: Week) -> list[str]:
    """The areas of a week with their times, those of one length together, and how much there is to answer."""
    lines = [f"▫️ {hours(week.mock_quarters)}: mock run of {plural(week.mock, 'question')}"] if week.mock else []
    for quarters in sorted({task.quarters for task in week.tasks}, reverse=True):
        found = [standing.areas.get(task.area, task.area) for task in week.tasks if task.quarters == quarters]
        titles = " · ".join(plain(each if isinstance(each, str) else each.title) for each in found)
        lines.append(f"▫️ {hours(quarters)}{' each' if len(found) > 1 else ''}: {titles}")
    if questions := sum(task.questions for task in week.tasks):
        lines[-1] += f"\n-# {plural(questions, 'question')} on these areas"
    return lines


def _about(week: Week) -> str:
    return " · ".join(part for part in (hours(week.quarters), KINDS[week.kind]) if part)


def _span(week: Week) -> str:
    if week.days == 1:
        return _day(week.first)
    same = (week.first.year, week.first.month) == (week.last.year, week.last.month)
    return f"{week.first.day if same else _day(week.first)} to {_day(week.last)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"


def hours(quarters: int) -> str:
    whole, rest = divmod(quarters * 15, 60)
    return " ".join(part for part in (f"{whole} h" if whole else "", f"{rest} min" if rest else "") if part)


def dropped() -> ui.LayoutView:
    return layout(
        "The plan is dropped, and its weekly message with it. Your exam date and its reminders stay.",
        footer("/exam plan makes another", "/exam calendar tells your calendar"),
        accent=GREY,
    )


# -- the message of a week -------------------------------------------------------------------------------------


def message(due: WeekDue, delivery_id: int) -> ui.LayoutView:
    """The week that begins, to the learner alone."""
    standing = due.standing
    week = standing.week
    assert week is not None
    done, wanted = standing.before or (0, 0)
    before = (
        f"Last week: {done} of {plural(wanted, 'question')} done{' ✅' if done >= wanted else '.'}" if wanted else ""
    )
    anew = CAUSES[standing.kept.cause] if standing.kept.plan.weeks[0] == week else ""
    return layout(
        f"### {plain(standing.exam.name)}: your week",
        countdown(standing.exam_date.moment),
        "\n".join(part for part in (before, anew) if part),
        f"**{_span(week)}** · {_about(week)}",
        _tasks(standing, week),
        # One mark is enough to find the message by, and an area's id may be too long for one beside it.
        *_ways(standing, week, button("My plan", mark(f"plan:page:{standing.kept.date_id}:0", delivery_id))),
        footer("/exam plan shows all weeks, plans anew, and stops this message"),
        accent=BLUE,
    )
