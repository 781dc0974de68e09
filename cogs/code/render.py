"""How an entry of a code set looks."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from textwrap import shorten

import discord
from discord import ui

from bot.codes.sheet import Sheet
from bot.core.codes import Level, NoteKind, System, Version
from bot.core.together import Placed
from cogs.code.ids import Where
from cogs.ui.layout import AMBER, BLUE, GREEN, RED, Child, button, footer, layout, line, plain, row
from cogs.ui.paging import Under, paged, turning

CHILDREN_SHOWN = 24
OTHER_TITLE_SHOWN = 300
DAY = timedelta(days=1)
HEADINGS = {
    NoteKind.INCLUSION_TERM: "Also covers",
    NoteKind.INCLUDES: "Includes",
    NoteKind.CODE_FIRST: "Code first",
    NoteKind.USE_ADDITIONAL: "Use additional code",
    NoteKind.CODE_ALSO: "Code also",
    NoteKind.EXCLUDES1: "Excludes1: not coded together with this",
    NoteKind.EXCLUDES2: "Excludes2: not in this code; both may be reported",
    NoteKind.SEVENTH: "7th character",
    NoteKind.NOTE: "Note",
}
LEVELS = {
    Level.CHAPTER: "Chapter",
    Level.BLOCK: "Block, not a code",
    Level.HEADER: "Header, not billable: choose a code below it",
    Level.CODE: "Billable code",
    Level.MODIFIER: "Modifier",
    Level.TABLE: "Table, not a code: choose one below it",
}


def choice_name(version: Version, on: date) -> str:
    """What autocomplete shows: the code, its title, and its system where that isn't plain."""
    system = "" if version.release.system is System.ICD10CM else f" ({_short(version.release.system)})"
    state = "" if version.valid_on(on) else " [not valid now]"
    kind = " [header]" if version.entry.level is Level.HEADER else ""
    room = 100 - len(version.entry.code) - len(system) - len(state) - len(kind) - 1
    return f"{version.entry.code} {cut(version.entry.title, room)}{kind}{system}{state}"


def _short(system: System) -> str:
    return "HCPCS" if system is System.HCPCS else system.value


def cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"


def choice_value(version: Version) -> str:
    return f"{version.release.system}|{version.entry.key}"


def sheet(found: Sheet, where: Where) -> ui.LayoutView:
    """An entry with everything that holds for it, a page of it."""
    entry = found.version.entry
    heading, rest = _title(entry.code, entry.title)
    pages = paged([*rest, *_lines(found)])
    page = min(where.page, len(pages) - 1)
    return layout(
        heading,
        _standing(found),
        *_warnings(found),
        _path(found),
        line(),
        pages[page] or "No notes stand on this entry or above it.",
        line(),
        *_children(found, where),
        *_moves(found, where, page, len(pages)),
        _source(found),
        accent=_accent(found),
    )


def _title(code: str, title: str) -> tuple[str, list[str]]:
    """The heading, and what of a very long title is left for the pages."""
    if len(title) <= 600:
        return f"### {code} · {plain(title)}", []
    return f"### {code} · {plain(cut(title, 300))}", [f"**In full**  {plain(title)}", ""]


def _accent(found: Sheet) -> discord.Colour:
    if not found.version.valid_on(found.on):
        return RED
    if found.outdated:
        return AMBER
    return GREEN if found.version.entry.billable else BLUE


def _standing(found: Sheet) -> str:
    version = found.version
    valid = f"valid on {found.on}" if version.valid_on(found.on) else f"**not valid on {found.on}**"
    return f"**{LEVELS[version.entry.level]}** · {version.release.system} · {valid}"


def _warnings(found: Sheet) -> Iterator[str]:
    version, newest = found.version, found.newest
    if version.until is not None and version.until < found.on:
        last = f"Its last valid day was **{version.until}**."
        if version.gone:
            last = (
                f"{plain(version.release.name)} has it, the next release installed here does not: it ended by "
                f"**{version.until}**, maybe long before."
            )
        yield f"⛔ **Ended.** {last} Claims for later dates of service can't carry it."
    elif version.until is not None and not _goes_on(found):
        yield (
            f"⚠️ **Ended by {version.until}**, maybe before {found.on}: {plain(version.release.name)} has it, the next "
            "release installed here does not."
            if version.gone
            else f"⚠️ **Ends on {version.until}**, the last day of service on which it may be reported."
        )
    if version.since is not None and version.since > found.on:
        yield f"⛔ **Not yet valid** on {found.on}: from **{version.since}** on."
    yield from _changes(found)
    if found.outdated and (version.until is None or version.until >= found.on):
        yield (
            f"⚠️ The newest {version.release.system} release installed here is {plain(newest.name)}, which ended on "
            f"{newest.until}. Check a current book: this code may have changed since."
        )
    elif found.early:
        yield f"⚠️ No release installed here reaches back to {found.on}; this is how {plain(version.release.name)} has it."


def _goes_on(found: Sheet) -> bool:
    """Whether only the wording ends: the next version begins on the day after and is of the same kind."""
    version = found.version
    return any(
        version.until is not None and after.since == version.until + DAY and after.entry.level is version.entry.level
        for after in found.history
    )


def _changes(found: Sheet) -> Iterator[str]:
    for before, after in zip(found.history, found.history[1:], strict=False):
        if after.since is None:
            continue
        what: list[str] = []
        later = after.since > found.on
        if before.entry.title != after.entry.title:
            other = plain(cut((after if later else before).entry.title, OTHER_TITLE_SHOWN))
            what.append(f"new title: “{other}”" if later else f"new title; before: “{other}”")
        if before.entry.billable and after.entry.level is Level.HEADER:
            what.append(
                "subdivided from then on, and no longer billable"
                if later
                else "was a billable code until then; now it is subdivided"
            )
        if what:
            when = "by" if before.gone else "on"
            yield f"🆕 **Changed {when} {after.since}:** {'; '.join(what)}."
    first = found.history[0]
    if first.since is not None and len(found.history) == 1 and first.release.system is not System.HCPCS:
        yield f"🆕 **New on {first.since}.**"


def _path(found: Sheet) -> str:
    if not found.path:
        return ""
    return "\n".join(f"-# {'　' * min(depth, 5)}{_named(above)}" for depth, above in enumerate(found.path))


def _named(above: Version) -> str:
    """Code and title, or the title alone where it says the code."""
    code, title = above.entry.code, plain(cut(above.entry.title, 110))
    return title if title.startswith(f"{code} codes") or title.endswith(f" {code}") else f"{plain(code)} {title}"


def _lines(found: Sheet) -> Iterator[str | Under]:
    """Everything below the heading, a line each."""
    for meaning in found.meanings:
        explained = f"\n-# {plain(meaning.explained)}" if meaning.explained else ""
        yield f"**{meaning.value}**  {plain(meaning.axis)}: {plain(meaning.label)}{explained}"
    if found.sevenths:
        yield from (Under("**7th characters**", f"**{char}**  {plain(meaning)}") for char, meaning in found.sevenths)
    order = list(HEADINGS)
    notes = sorted(found.notes, key=lambda note: order.index(note.kind))
    for kind, group in groupby(notes, key=lambda note: note.kind):
        yield from _notes(kind, list(group), found.version)
    if found.version.entry.level is not Level.TABLE:
        for name, value in found.version.entry.facts.items():
            yield f"**{plain(name[:1].upper() + name[1:])}**  {plain(str(value))}"


def _notes(kind: NoteKind, notes: Sequence[Placed], own: Version) -> Iterator[Under]:
    for note in notes:
        bullet = "　• " if note.heading else "• "
        yield Under(f"**{HEADINGS[kind]}**{_place(note.at, own)}", f"{bullet}{plain(worded(note))}")


def _place(at: Version, own: Version) -> str:
    if at.entry.key == own.entry.key:
        return ""
    return f" (at {place_name(at)})"


def place_name(at: Version) -> str:
    """An entry as a reader finds it in a book."""
    if at.entry.level is Level.BLOCK:
        return f"block {plain(at.entry.code)}"
    return plain(at.entry.code.lower() if at.entry.level is Level.CHAPTER else at.entry.code)


def worded(note: Placed) -> str:
    """Notes such as "code to identify ..." begin with their heading's last word; a heading may begin with a comma."""
    return note.text.lstrip(", ")


def _children(found: Sheet, where: Where) -> Iterator[Child]:
    if not found.children:
        return
    count = len(found.children)
    # A release with fewer of them may have come since the button was made.
    skip = where.skip if where.skip < count else 0
    shown = found.children[skip : skip + CHILDREN_SHOWN]
    options = [
        discord.SelectOption(
            label=cut(f"{child.entry.code} {child.entry.title}", 100),
            value=str(where.other(child)),
            description="billable" if child.entry.billable else child.entry.level.value,
        )
        for child in shown
    ]
    end = skip + len(shown)
    if end < count:
        options.append(discord.SelectOption(label=f"… {count - end} more", value=str(where.further(end))))
    elif skip:
        options.append(discord.SelectOption(label="… back to the first", value=str(where.further(0))))
    which = count if len(shown) == count else f"{skip + 1} to {end} of {count}"
    select: ui.Select[ui.LayoutView] = ui.Select(
        custom_id="code-pick", placeholder=f"Open what stands below it ({which})", options=options
    )
    yield row(select)


def _moves(found: Sheet, where: Where, page: int, pages: int) -> Iterator[Child]:
    if turn := turning(page, pages, lambda number: f"code:{where.turned(number)}"):
        yield row(*turn)
    moves: list[ui.Item[ui.LayoutView]] = []
    if found.path:
        parent = found.path[-1]
        # A block of one category has its code: then the name has to say which is which.
        code = parent.entry.code if parent.entry.code != found.version.entry.code else place_name(parent)
        moves.append(button(cut(f"Up: {code}", 40), f"code:{where.other(parent)}"))
    if found.before:
        moves.append(button(cut(f"‹ {found.before.entry.code}", 40), f"code:{where.other(found.before)}"))
    if found.after:
        moves.append(button(cut(f"{found.after.entry.code} ›", 40), f"code:{where.other(found.after)}"))
    if found.version.entry.level in (Level.CODE, Level.HEADER, Level.MODIFIER, Level.TABLE):
        moves.append(button("Save for review", f"code-save:{choice_value(found.version)}"))
    if moves:
        yield row(*moves)


def _source(found: Sheet) -> str:
    version, newest = found.version, found.newest
    notes = f"notes from {plain(newest.notes_from)}" if newest.notes_from and newest.notes_from != newest.name else ""
    since = f"since {version.since}" if version.since else ""
    licence = "CPT © American Medical Association, shown under the operator's licence"
    return footer(
        f"{version.release.system} {plain(version.release.name)}",
        notes,
        since,
        licence if version.release.system is System.CPT else "",
        "payers' rules may differ",
    )


def matches(text: str, found: Sequence[Version], on: date, chosen_on: date | None) -> ui.LayoutView:
    """Several entries to choose from."""
    lines = [
        f"**{version.entry.code}**  {plain(cut(version.entry.title, 160))}"
        f"\n-# {version.release.system} · {LEVELS[version.entry.level]}"
        for version in found
    ]
    options = [
        discord.SelectOption(
            label=cut(f"{version.entry.code} {version.entry.title}", 100),
            value=str(Where(version.release.system, version.entry.key, on=chosen_on)),
            description=f"{version.release.system}, {version.entry.level}",
        )
        for version in found
    ]
    select: ui.Select[ui.LayoutView] = ui.Select(custom_id="code-pick", placeholder="Open one", options=options)
    return layout(f"### “{plain(shorten(text, 80))}”", "\n".join(lines), row(select), footer(f"As of {on}"))
