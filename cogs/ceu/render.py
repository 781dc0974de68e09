"""How credentials and their cycles look: where a learner stands, with what that is counted by."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.client.courier import mark
from bot.core.certs import CeuStep
from bot.core.ceu import Part
from bot.core.ceu_cycles import When
from bot.core.ceu_entries import ceus
from bot.services.ceu_ledger import Ledger, Page, Tracked
from bot.services.ceu_owed import CeuReminder
from cogs.ceu.words import doubt, entry, missing, of, span, units, why
from cogs.ui.cited import DOUBTS, Block, Line, pages
from cogs.ui.layout import AMBER, BLUE, GREEN, GREY, RED, Child, button, day, footer, layout, line, plain, row
from cogs.ui.paging import turning
from cogs.ui.pictures import gallery

OUTSIDE_AT_MOST = 6
PAST_AT_MOST = 6
BLOCKS = 12

BEGIN = (
    "You track no credential yet. **/ceu cycle** begins: choose the credential and say when its cycle begins or ends; the rule is "
    "known for most. Then **/ceu add** notes what you earn."
)
MEND_DM = "allow direct messages from members of a server that we share (its name, Privacy Settings), or send this bot a direct message first"


def bar(earned: int, needed: int) -> str:
    filled = BLOCKS if earned >= needed else BLOCKS * earned // max(needed, 1)
    return "▰" * filled + "▱" * (BLOCKS - filled)


def page(found: Page, number: int = 0, said: str = "") -> ui.LayoutView:
    """One credential. `number` beyond the last page is the last; `said` stands above."""
    one, standing = found.tracked, found.standing
    exam, credential = one.exam, one.credential
    made = pages(exam.name, _blocks(found))
    shown = made[min(number, len(made) - 1)]
    controls = [
        button("Change the cycle", f"ceu:form:{credential.id}"),
        button("Your entries", "ceu:list:0"),
        button("As a picture", "ceu:picture"),
        button("Stop tracking", f"ceu:drop:{credential.id}"),
    ]
    if credential.own is not None and one.rule is not None:
        controls.insert(1, button(f"Count by {exam.issuer}'s rule"[:80], f"ceu:rule:{credential.id}"))
    tabs = turning(made.index(shown), len(made), lambda to: f"ceu:page:{credential.id}:{to}")
    return layout(
        said,
        f"### {plain(exam.name)} ({plain(exam.issuer)}): {of(standing)}",
        line(),
        shown.text,
        line(),
        shown.small,
        _confirm(found),
        *([row(*tabs)] if tabs else []),
        row(*controls),
        *_select(found.others, "Another credential"),
        accent=_accent(found),
    )


def _accent(found: Page) -> discord.Colour:
    return BLUE if found.standing.missing else GREEN


def _confirm(found: Page) -> str:
    issuer = plain(found.tracked.exam.issuer)
    step = found.standing.requirement.step
    as_of = f"As of {step.as_of.isoformat()}" if step else "By your own number"
    return footer(as_of, f"confirm with {issuer}", f"not affiliated with or endorsed by {issuer}")


def _sources(found: Sequence[Page]) -> str:
    """Where the numbers of several credentials stand, and who has the last word."""
    steps: dict[CeuStep, list[str]] = {}
    for each in found:
        if step := each.standing.requirement.step:
            steps.setdefault(step, []).append(plain(each.tracked.exam.name))
    lines = [
        f"-# {', '.join(names)}: {plain(step.source)}"
        + (f", {DOUBTS[step.confidence]}" if step.confidence in DOUBTS else "")
        for step, names in steps.items()
    ]
    *others, last = dict.fromkeys(plain(each.tracked.exam.issuer) for each in found)
    issuers = f"{', '.join(others)} or {last}" if others else last
    as_of = f"As of {min(step.as_of for step in steps).isoformat()}" if steps else "By your own numbers"
    return "\n".join(
        [*lines, footer(as_of, f"confirm with {issuers}", f"not affiliated with or endorsed by {issuers}")]
    )


def _blocks(found: Page) -> list[Block]:
    standing, one = found.standing, found.tracked
    cycle, needs = standing.cycle, standing.requirement
    name = plain(one.exam.issuer)
    begins = "" if found.begun else " It has not begun yet."
    blocks: list[Block] = [
        [
            Line(bar(standing.earned, needs.needed)),
            Line(f"**{missing(standing, found.today)}**"),
            Line(f"Cycle from {span(cycle.first, cycle.last)}.{begins}"),
        ]
    ]
    if standing.parts:
        blocks.append([Line("**Among them**"), *(_part(part) for part in standing.parts)])
    if standing.over:
        blocks.append([Line(f"**Over**  {units(standing.over)} more than needed; they count in this cycle alone.")])
    blocks.append([_counted_by(found)])
    if standing.outside:
        listed = [
            Line(f"{entry(each)}: {why(each, reason, standing)}") for each, reason in standing.outside[:OUTSIDE_AT_MOST]
        ]
        more = len(standing.outside) - OUTSIDE_AT_MOST
        rest = [Line(f"and {more} more, see /ceu export")] if more > 0 else []
        blocks.append([Line("**Not counted in this cycle**"), *listed, *rest])
    if found.past:
        blocks.append([Line("**Earlier cycles**"), *_past(found)])
    if one.credential.fault:
        blocks.append(
            [Line(f"**The last reminder did not arrive**  {plain(one.credential.fault)}. For the next one: {MEND_DM}.")]
        )
    if one.rule is not None and one.credential.own is None:
        blocks += [[Line(plain(note.text), note)] for note in one.rule.notes]
    elif needs.step is None:
        blocks.append([Line(f"The minimums of {name}, if there are any, are not counted with your own number.")])
    return blocks


def _part(part: Part) -> Line:
    state = f"{ceus(part.missing)} missing" if part.missing else "✅"
    return Line(f"{plain(part.minimum.title)}: {ceus(part.earned)} of {ceus(part.needed)}, {state}", part.minimum)


def _counted_by(found: Page) -> Line:
    needs, one = found.standing.requirement, found.tracked
    issuer = plain(one.exam.issuer)
    if needs.step is None:
        if one.credential.own is None:
            return Line(
                f"How many CEUs {plain(one.exam.name)} needs is not known here any more. Ask {issuer}, then give the number with Change the cycle."
            )
        return Line(f"Counted by your own number, {ceus(needs.needed)}. Confirm it with {issuer}.")
    if not needs.fits:
        return Line(
            f"{doubt(found.standing, one.exam.issuer)} You track {needs.held}. Give the number with Change the cycle.",
            needs.step,
        )
    count = "one credential" if needs.held == 1 else f"{needs.held} credentials"
    return Line(
        f"Counted for {count} of {issuer}'s that you track here: {needs.step.ceus} CEUs in a cycle.", needs.step
    )


def _past(found: Page) -> list[Line]:
    lines: list[Line] = []
    for past in found.past[:PAST_AT_MOST]:
        gap = f"{units(past.standing.missing)} missing" if past.standing.missing else "✅"
        lines.append(Line(f"{span(past.standing.cycle.first, past.standing.cycle.last)}: {of(past.standing)}, {gap}"))
    return lines


def _select(others: tuple[Tracked, ...], placeholder: str) -> list[Child]:
    if not others:
        return []
    select: ui.Select[ui.LayoutView] = ui.Select(
        custom_id="ceu:pick",
        placeholder=placeholder,
        options=[
            discord.SelectOption(
                label=f"{one.exam.name} ({one.exam.issuer})"[:100],
                value=str(one.credential.id),
                description=one.exam.title[:100] or None,
            )
            for one in others[:25]
        ],
    )
    return [row(select)]


def status(ledger: Ledger) -> ui.LayoutView:
    """All credentials on one page; the only one as its own page."""
    found = ledger.pages
    if not found:
        return layout("### Your CEUs", BEGIN, footer("What is kept is for your eyes only"), accent=GREY)
    if len(found) == 1:
        return page(found[0])
    return layout(
        "### Your CEUs",
        "\n\n".join(map(_brief, found)),
        *_select(ledger.tracked, "One credential, with its sources"),
        row(button("Your entries", "ceu:list:0"), button("As a picture", "ceu:picture")),
        _sources(found),
        accent=BLUE if any(each.standing.missing for each in found) else GREEN,
    )


def _brief(found: Page) -> str:
    standing, exam = found.standing, found.tracked.exam
    lines = [
        f"**{plain(exam.name)}** ({plain(exam.issuer)})  {of(standing)}",
        bar(standing.earned, standing.requirement.needed),
        f"{missing(standing, found.today)} {doubt(standing, exam.issuer)}".rstrip(),
        *(_part(part).text for part in standing.parts if part.missing),
    ]
    return "\n".join(lines)


def pictured(ledger: Ledger, picture: discord.File) -> ui.LayoutView:
    return layout(
        "### Your CEUs",
        gallery(picture),
        row(button("As text", "ceu:status")),
        _sources(ledger.pages),
        accent=GREY,
    )


def cycle_form(found: Page) -> ui.Modal:
    credential = found.tracked.credential
    modal = ui.Modal(title=f"{found.tracked.exam.name}: cycle"[:45], custom_id=f"ceu:cycle:{credential.id}")
    own = "" if credential.own is None else ceus(credential.own)
    cycle = found.standing.cycle
    for name, text, about, now, longest in (
        ("start", "First day", f"Now {cycle.first.isoformat()}; one of the two days is enough", "", 40),
        ("end", "Last day", f"Now {cycle.last.isoformat()}", "", 40),
        ("ceus", "CEUs in a cycle, by your own number", "Only if the rule is not known here", own, 20),
    ):
        field: ui.TextInput[ui.Modal] = ui.TextInput(
            custom_id=name,
            default=now or None,
            placeholder=None if now else "Empty stays as it is",
            max_length=longest,
            required=False,
        )
        modal.add_item(ui.Label(text=text, description=about, component=field))
    return modal


def dropping(one: Tracked) -> ui.LayoutView:
    return layout(
        f"### Stop tracking {plain(one.exam.name)}?",
        "Its cycle, the cycles before it and its reminders go. What you earned stays in /ceu list and in the export.",
        row(
            button("Stop tracking", f"ceu:drop:yes:{one.credential.id}", discord.ButtonStyle.danger),
            button("Keep it", f"ceu:page:{one.credential.id}:0"),
        ),
        accent=RED,
    )


# -- what is sent by itself ------------------------------------------------------------------------------------


def reminder(found: CeuReminder, delivery_id: int) -> ui.LayoutView:
    """A direct message: what is missing by when, or that a cycle has ended and the next begun."""
    page = found.page
    standing, one = page.standing, page.tracked
    name = f"{plain(one.exam.name)} ({plain(one.exam.issuer)})"
    if found.when is When.END:
        running = one.credential.on(page.today)
        gap = f"{units(standing.missing)} were missing: ask {plain(one.exam.issuer)} at once what that means."
        heading = f"### Your CEU cycle for {name} has ended"
        lines = [
            f"It ran from {span(standing.cycle.first, standing.cycle.last)}: {of(standing)}. "
            + (gap if standing.missing else "✅ Nothing was missing."),
            f"The next one runs to {day(running.last)} and begins from zero; /ceu status shows both.",
        ]
    else:
        heading = f"### {units(standing.missing)} missing for {name}"
        lines = [
            f"{bar(standing.earned, standing.requirement.needed)}  {of(standing)}, cycle {span(standing.cycle.first, standing.cycle.last)}.",
            f"**{missing(standing, page.today)}**",
            *(_part(part).text for part in standing.parts if part.missing),
            *filter(None, [doubt(standing, one.exam.issuer)]),
            "Earned some already? **/ceu add** notes them; hand them in with the issuer as well.",
        ]
    return layout(
        heading,
        "\n".join(lines),
        row(button("Where you stand", mark(f"ceu:page:{one.credential.id}:0", delivery_id))),
        _sources([page]),
        accent=GREEN if not standing.missing else AMBER,
    )
