"""What is said of two codes together."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from discord import ui

from bot.core.codes import Version
from bot.core.together import Finding, Together, Verdict
from cogs.code.ids import Where, day
from cogs.code.render import HEADINGS, cut, place_name, worded
from cogs.ui.layout import AMBER, GREEN, GREY, RED, button, footer, gap, layout, line, plain, row
from cogs.ui.paging import Under, paged, turning

VERDICTS = {
    Verdict.EXCLUDED: ("Not together", RED),
    Verdict.BOTH: ("Both, if the patient has both", GREEN),
    Verdict.ORDERED: ("Together, in a fixed order", GREEN),
    Verdict.SAME: ("The same code", GREY),
    Verdict.NESTED: ("One above the other", AMBER),
    Verdict.NO_NOTE: ("No note found: that is not permission", GREY),
}
ADVICE = {
    Verdict.EXCLUDED: "An Excludes1 note stands between them. The one exception: the two conditions are clearly "
    "unrelated to one another, and the record says so. If in doubt, ask the provider. (ICD-10-CM Official Guidelines, "
    "Section I.A.12.a)",
    Verdict.BOTH: "An Excludes2 or code-also note names them: neither is part of the other, and both may be reported "
    "when the record supports both.",
    Verdict.ORDERED: "A sequencing note joins them: what is to be coded first stands first. (ICD-10-CM Official "
    "Guidelines, Section I.A.13)",
    Verdict.SAME: "A code is reported once per encounter, however many times the condition is named. (ICD-10-CM "
    "Official Guidelines, Section I.B.12)",
    Verdict.NESTED: "One is the header above the other. Report the more specific code alone.",
    Verdict.NO_NOTE: "Neither code, nor anything above it, has a note that names the other. Combination codes, "
    "symptoms that belong to a diagnosis, other guidelines and payers' edits may still forbid it.",
}


def together(answer: Together, page: int, on: date | None) -> ui.LayoutView:
    """What the notes say of two codes; every note is quoted with its place."""
    title, accent = VERDICTS[answer.verdict]
    pages = paged(_quotes(answer.findings))
    page = min(page, len(pages) - 1)
    a, b = answer.first, answer.second
    pair = f"pair:{a.entry.key}|{b.entry.key}"
    moves = turning(page, len(pages), lambda number: f"{pair}#{number}{day(on)}")
    codes = [
        button(version.entry.code, f"code:{Where(version.release.system, version.entry.key, on=on)}")
        for version in (a, b)
    ]
    return layout(
        f"### {title}",
        "\n".join(f"**{version.entry.code}**  {plain(cut(version.entry.title, 250))}" for version in (a, b)),
        ADVICE[answer.verdict],
        _order(answer),
        *_unreportable((a, b)),
        line(),
        pages[page],
        gap() if pages[page] else "",
        row(*moves) if moves else "",
        row(*(codes if a.entry.key != b.entry.key else codes[:1])),
        footer(f"ICD-10-CM {plain(a.release.name)}", "notes on both codes and everything above them were read"),
        accent=accent,
    )


def _order(answer: Together) -> str:
    if answer.verdict is not Verdict.ORDERED or answer.sequence is None:
        return ""
    first, then = answer.sequence
    return f"**{first.entry.code}** first, then **{then.entry.code}**."


def _unreportable(pair: Iterable[Version]) -> Iterator[str]:
    for version in pair:
        if not version.entry.billable:
            yield f"⚠️ {version.entry.code} is a header and can't be reported itself; notes on single codes below it may say more."


def _quotes(findings: Sequence[Finding]) -> Iterator[Under]:
    for finding in findings:
        note = finding.note
        heading = f"{plain(note.heading.lstrip(', '))} " if note.heading else ""
        above = "" if note.at.entry.key == finding.of.entry.key else f", above {finding.of.entry.code}"
        place = f"-# stands at {place_name(note.at)}{above}; it covers {finding.other.entry.code}"
        yield Under(f"**{HEADINGS[note.kind]}**", f"“{heading}{plain(worded(note))}”\n{place}")
