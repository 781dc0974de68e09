"""How reminders of exams look: to the learner alone, and to others."""

import discord
from discord import ui

from bot.client.courier import mark
from bot.core.reminders import Snooze
from bot.services.reminders import Due
from bot.services.unreached import UnreachedPost
from cogs.exam.ids import write_occurrence
from cogs.exam.render import MEND_DMS, countdown
from cogs.ui.cited import cited
from cogs.ui.exam_facts import before_exam
from cogs.ui.layout import AMBER, BLUE, GREEN, GREY, Child, button, footer, layout, line, plain, plural, row

ID_AT_MOST = 100
"""What Discord allows a custom_id."""

SNOOZES = {
    Snooze.HOUR: "Snooze 1 hour",
    Snooze.EVENING: "Snooze till this evening",
    Snooze.TOMORROW: "Snooze till tomorrow",
}


def when(days: int) -> str:
    return {0: "today", 1: "tomorrow"}.get(days, f"in {plural(days, 'day')}")


def reminder(due: Due, delivery_id: int, *, again_at: int | None = None, done: bool = False) -> ui.LayoutView:
    """The reminder itself; `again_at` once it was put off (UTC seconds), `done` once it was ticked off."""
    exam, moment = due.exam, due.date.moment
    name = plain(exam.name)
    if due.over:
        ask = button("My exam dates", mark("exam:list", delivery_id))
        return layout(
            f"### {name} is over", countdown(moment), "How did it go? Say it in your exam dates.", row(ask), accent=GREY
        )
    known = cited(before_exam(due.sheet, due.steps, moment.day, due.days))
    weak = ", ".join(plain(area.title) for area in due.weak)
    said = "✅ Done." if done else f"Put off: it comes again <t:{again_at}:F>." if again_at else ""
    return layout(
        f"### {name} {when(due.days)}",
        said,
        countdown(moment) + ("" if moment.minute is not None else "\nIts time is not stored: /exam edit adds it."),
        f"**To practise**  {weak}" if weak else "",
        *([line(), known.text, known.small, footer(f"Confirm with {plain(exam.issuer)}")] if known.text else []),
        *_controls(due, delivery_id, done=done, again=again_at is not None),
        footer("/exam list shows your dates, /remind settings changes when and where you are reminded"),
        accent=GREEN if done else GREY if again_at else BLUE,
    )


def _controls(due: Due, delivery_id: int, *, done: bool, again: bool) -> list[Child]:
    of_it = write_occurrence(due.occurrence)
    rows: list[Child] = [row(*_practice(due, delivery_id))] if due.asks else []
    if done:
        return [*rows, row(button("My exam dates", mark("exam:list", delivery_id)))]
    tick = button("Done", mark(f"exam:done:{of_it}", delivery_id), discord.ButtonStyle.success)
    if again:
        return [*rows, row(tick)]
    later = [button(label, mark(f"exam:snooze:{of_it}:{choice}", delivery_id)) for choice, label in SNOOZES.items()]
    return [*rows, row(tick, *later)]


def _practice(due: Due, delivery_id: int) -> list[ui.Button[ui.LayoutView]]:
    """A button for each weak area; without one, practice begins with what was never answered."""
    found: list[ui.Button[ui.LayoutView]] = []
    for area in due.weak:
        custom_id = mark(f"quiz:practise:{due.exam.id}:{area.id}", delivery_id)
        if len(custom_id) <= ID_AT_MOST:
            style = discord.ButtonStyle.secondary if found else discord.ButtonStyle.primary
            found.append(button(f"Practise {area.title}"[:80], custom_id, style))
    whole = mark(f"quiz:practise:{due.exam.id}:", delivery_id)
    return found or [button(f"Practise for {due.exam.name}"[:80], whole, discord.ButtonStyle.primary)]


def unreached(post: UnreachedPost, delivery_id: int) -> ui.LayoutView:
    return layout(
        f"<@{post.user_id}>, I could not send you a direct message: open your DMs or use /remind settings.",
        row(button("How to mend it", mark("remind:mend", delivery_id))),
        accent=AMBER,
    )


def mending() -> ui.LayoutView:
    return layout(
        "### If direct messages don't arrive",
        MEND_DMS,
        row(button("Reminder settings", "remind:open")),
        footer("What is due next comes then; /exam list and /ceu status show how things stand"),
    )


def done() -> ui.LayoutView:
    """In the place of a reminder whose date was changed since."""
    return layout("✅ Done.", footer("/exam list shows your dates"), accent=GREEN)
