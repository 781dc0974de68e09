"""How reminders of exams look: to the learner alone, and in a server's channel without what is private."""

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
    first: list[ui.Button[ui.LayoutView]] = []
    if due.asks:
        area = due.weak[0].id if due.weak else ""
        label = "Practise these" if due.weak else f"Practise for {due.exam.name}"[:80]
        custom_id = mark(f"quiz:practise:{due.exam.id}:{area}", delivery_id)
        if len(custom_id) > ID_AT_MOST:  # without the area practice begins with the weak ones all the same
            custom_id = mark(f"quiz:practise:{due.exam.id}:", delivery_id)
        first.append(button(label, custom_id, discord.ButtonStyle.primary))
    if not done:
        first.append(button("Done", mark(f"exam:done:{of_it}", delivery_id), discord.ButtonStyle.success))
    else:
        first.append(button("My exam dates", mark("exam:list", delivery_id)))
    if done or again:
        return [row(*first)]
    later = [button(label, mark(f"exam:snooze:{of_it}:{choice}", delivery_id)) for choice, label in SNOOZES.items()]
    return [row(*first), row(*later)]


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
        footer("What is due next comes then; /exam list shows what you missed"),
    )


def done() -> ui.LayoutView:
    """In the place of a reminder whose date was changed since."""
    return layout("✅ Done.", footer("/exam list shows your dates"), accent=GREEN)
