"""How exam dates look: the list, what is to confirm, and what follows an exam."""

from collections.abc import Iterable

import discord
from discord import ui

from bot.core.exam_dates import ExamState, Moment
from bot.core.reminders import Reminder
from bot.services.certs import Sheet
from bot.services.exam_dates import Entry, Listing, Proposal, Step
from cogs.exam.ids import write_draft
from cogs.ui.cited import Block, cited
from cogs.ui.exam_facts import apprentice, books, day_text, renewal, retake
from cogs.ui.layout import AMBER, BLUE, GREEN, GREY, Child, button, day, footer, gap, layout, line, plain, row

NOON = 12 * 60
ASKED_AT_ONCE = 3
"""Dates gone by that are asked about in one message."""

MEND_DMS = (
    "Open your direct messages: in a server you share with the bot, its name at the top › Privacy Settings › Direct Messages. "
    "Or have reminders sent to your group's thread or the server's channel, without what is private: /remind settings"
)


NO_REMINDER = "No reminder is left before it; /remind settings says which there are."


def clock(minute: int) -> str:
    return "{:02}:{:02}".format(*divmod(minute, 60))


def moment_text(moment: Moment) -> str:
    """As it was typed, in its own zone."""
    if moment.minute is None:
        return day_text(moment.day)
    return f"{day_text(moment.day)}, {clock(moment.minute)} ({plain(moment.zone)})"


def countdown(moment: Moment) -> str:
    """In each reader's own zone; without a time the day is counted to its noon."""
    if moment.minute is None:
        return f"{day_text(moment.day)} · {_noon(moment)}"
    return f"<t:{moment.starts_at}:F> · <t:{moment.starts_at}:R>"


def _noon(moment: Moment) -> str:
    return f"<t:{Moment(moment.day, NOON, moment.zone).starts_at}:R>"


def offsets_text(offsets: Iterable[int]) -> str:
    """Such as “30, 14 and 1 days before and on the morning”; empty for none."""
    found = list(offsets)
    *others, last = [str(offset) for offset in found if offset] or [""]
    days = f"{', '.join(others)} and {last}" if others else last
    before = f"{days} {'day' if days == '1' else 'days'} before" if days else ""
    return " and ".join(part for part in (before, "on the morning" if 0 in found else "") if part)


# -- setting ---------------------------------------------------------------------------------------------------


def proposal(found: Proposal) -> ui.LayoutView:
    draft, sheet = found.draft, found.sheet
    name, moment = plain(sheet.exam.name), draft.moment
    label = {Step.SET: "Confirm", Step.MOVE: "Confirm the change", Step.RETAKE: "Confirm the retake"}[draft.step]
    before = ""
    if found.before is not None:
        was = moment_text(found.before.moment)
        before = f"Your {name} date so far: {was}."
        if draft.step is Step.RETAKE:
            before += " It is kept as not passed."
    facts = [*books(sheet, moment.day), *(retake(sheet) if draft.step is Step.RETAKE else [])]
    known = cited(facts)
    return layout(
        f"### {name}: {moment_text(moment)}",
        countdown(moment)
        if moment.minute is not None
        else f"{_noon(moment)}, without a time: add it later with /exam edit.",
        before,
        _reminders(found.reminders),
        "No zone was given, so it was read in that of "
        f"{plain(moment.zone)}. Name yours with the option zone, or once for all in /remind settings."
        if found.assumed and moment.minute is not None
        else "",
        *_known(known.text, known.small, sheet),
        row(
            button(label, write_draft(draft), discord.ButtonStyle.success),
            button("Discard", "exam:drop"),
        ),
        footer("Nothing is stored before you confirm", "only you see this"),
    )


def _reminders(due: tuple[Reminder, ...]) -> str:
    if not due:
        return NO_REMINDER
    days = offsets_text(reminder.offset for reminder in due)
    return f"**Reminders**  {days}; the next one <t:{due[0].due_at}:f>."


def _known(text: str, small: str, sheet: Sheet) -> list[Child]:
    if not text:
        return []
    return [line(), text, small, footer(f"Confirm with {plain(sheet.exam.issuer)}")]


def confirmed(entry: Entry) -> ui.LayoutView:
    moment = entry.date.moment
    next_one = f"The next reminder comes <t:{entry.next_at}:f>." if entry.next_at else NO_REMINDER
    return layout(
        f"### {plain(entry.name)} is set ✅",
        countdown(moment),
        next_one,
        row(button("My exam dates", "exam:list"), button("Reminder settings", "remind:open")),
        footer(
            "Only you see your dates",
            "/exam edit, cancel, passed and retake change them",
            "/exam plan shares out the weeks",
        ),
        accent=GREEN,
    )


def dropped() -> ui.LayoutView:
    return layout("Discarded; nothing was stored.", footer("/exam set starts again"), accent=GREY)


# -- the list --------------------------------------------------------------------------------------------------


def listing(found: Listing) -> ui.LayoutView:
    if not (found.coming or found.undecided or found.past):
        return layout(
            "### Your exam dates",
            "You have none yet. /exam set stores one and reminds you in time, with what matters by then.",
            accent=GREY,
        )
    parts: list[Child] = ["### Your exam dates"]
    parts += map(_coming, found.coming)
    for entry in found.undecided[:ASKED_AT_ONCE]:
        date_id = entry.date.id
        parts += [
            line(),
            f"**{plain(entry.name)}**  {moment_text(entry.date.moment)}\nThat is over. How did it go?",
            row(
                button("Passed", f"exam:passed:{date_id}", discord.ButtonStyle.success),
                button("Not passed", f"exam:failed:{date_id}"),
                button("Did not sit it", f"exam:cancel:{date_id}"),
            ),
        ]
    if len(found.undecided) > ASKED_AT_ONCE:
        parts.append(
            footer(f"{len(found.undecided) - ASKED_AT_ONCE} more that are over come up when these are answered")
        )
    if found.past:
        outcomes = {ExamState.PASSED: "passed ✅", ExamState.NOT_PASSED: "not passed"}
        rows = [f"▫️ {plain(e.name)}, {day(e.date.moment.day)}: {outcomes[e.date.state]}" for e in found.past]
        parts += [line(), "\n".join(rows)]
    faults = [entry for entry in found.coming if entry.date.fault]
    if faults:
        reasons = " · ".join(dict.fromkeys(plain(entry.date.fault) for entry in faults))
        parts += [line(), f"**The last reminder did not arrive**  {reasons}\n{MEND_DMS}"]
    return layout(
        *parts,
        line(),
        row(button("Reminder settings", "remind:open")),
        footer("Only you see this", "/exam edit, cancel, passed and retake change your dates"),
        accent=AMBER if faults else BLUE,
    )


def _coming(entry: Entry) -> str:
    moment = entry.date.moment
    typed = f"{moment_text(moment)} · " if moment.minute is not None else ""
    due = f"next reminder <t:{entry.next_at}:f>" if entry.next_at else "no reminder left"
    return f"**{plain(entry.name)}**  {countdown(moment)}\n-# {typed}{due}"


# -- what became of it -----------------------------------------------------------------------------------------


def cancelled(entry: Entry) -> ui.LayoutView:
    return layout(
        f"**{plain(entry.name)}**, {moment_text(entry.date.moment)}, is taken out and its reminders are called off.",
        row(button("My exam dates", "exam:list")),
        footer("/exam set plans another"),
        accent=GREY,
    )


def passed(entry: Entry, sheet: Sheet) -> ui.LayoutView:
    name = plain(entry.name)
    blocks: list[Block] = [*apprentice(sheet), *renewal(sheet)]
    known = cited(blocks)
    follows = ["Keep it: /ceu cycle counts your continuing education and reminds you before a cycle ends."]
    if apprentice(sheet):
        follows.append(f"If you hold it with the mark -A: /cert path {sheet.exam.id} says how to drop that.")
    return layout(
        f"### Congratulations, you passed {name} ✅",
        "Its reminders are called off. What follows:",
        "\n".join(f"▫️ {each}" for each in follows),
        *_known(known.text, known.small, sheet),
        gap(),
        row(button("My exam dates", "exam:list")),
        accent=GREEN,
    )


def not_passed(entry: Entry, sheet: Sheet) -> ui.LayoutView:
    name = plain(entry.name)
    known = cited(retake(sheet))
    return layout(
        f"### {name}: not this time",
        "/exam retake stores the next attempt, /exam plan shares out the weeks until then, and /quiz start asks what you need most.",
        *_known(known.text, known.small, sheet),
        row(button("My exam dates", "exam:list")),
        accent=BLUE,
    )
