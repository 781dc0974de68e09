"""How entries look: one, the list, and the form to change one."""

import discord
from discord import ui

from bot.core.ceu_cycles import Cycle
from bot.core.ceu_entries import ENTRIES_AT_MOST, LINK_AT_MOST, PROVIDER_AT_MOST, TITLE_AT_MOST, Entry, ceus
from bot.services.ceu_entries import Shown
from bot.services.ceu_ledger import Ledger, Tracked
from cogs.ceu.words import entry, span, units
from cogs.ui.layout import GREEN, GREY, RED, Child, button, day, footer, layout, plain, row
from cogs.ui.paging import turning

ON_A_PAGE = 10
EVERY_ISSUER = "all"


def one(found: Shown, said: str = "") -> ui.LayoutView:
    """One entry with where it counts, and what may be said of it."""
    each = found.entry
    titles = {least.id: least.title for least in found.minimums}
    kinds = ", ".join(plain(titles.get(name, name)) for name in each.categories)
    counts = [f"{plain(one.exam.name)}, {span(cycle.first, cycle.last)} ✅" for one, cycle in found.counts]
    facts = [
        f"**CEUs**  {ceus(each.quarters)}, earned on {day(each.day)}"
        + (f" with {plain(each.provider)}" if each.provider else ""),
        f"**Categories**  {kinds}" if kinds else "",
        f"**Accepted by**  {plain(each.issuer)} only" if each.issuer else "",
        f"**Certificate**  [the link](<{each.link}>) you gave; Discord lets links to uploaded files run out, so keep the file too."
        if each.link
        else "",
        "**Counts in**  " + ("; ".join(counts) if counts else _nowhere(found)),
    ]
    return layout(
        said,
        f"### {plain(each.title)}",
        "\n".join(fact for fact in facts if fact),
        "There is another entry just like this one; remove one if that was not meant." if found.twin else "",
        *_categories(found),
        *_issuers(found),
        row(
            button("Edit", f"ceu:edit:{each.id}"),
            button("Remove", f"ceu:remove:{each.id}", discord.ButtonStyle.danger),
            button("Your entries", "ceu:list:0"),
            button("Where you stand", "ceu:status"),
        ),
        footer("Whether an issuer accepts it, the issuer says"),
        accent=GREEN if counts else GREY,
    )


def _nowhere(found: Shown) -> str:
    if not found.ledger.tracked:
        return "nothing yet: /ceu cycle says which credential it is for."
    return "none of the cycles you track: it was earned outside them, or another issuer accepts it."


def _categories(found: Shown) -> list[Child]:
    if not found.minimums:
        return []
    select: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=f"ceu:kinds:{found.entry.id}",
        placeholder="Categories that it counts in, if any",
        min_values=0,
        max_values=len(found.minimums[:25]),
        options=[
            discord.SelectOption(label=least.title[:100], value=least.id, default=least.id in found.entry.categories)
            for least in found.minimums[:25]
        ],
    )
    return [row(select)]


def _issuers(found: Shown) -> list[Child]:
    names = sorted({*found.ledger.issuers, *filter(None, [found.entry.issuer])})
    if len(names) < 2:
        return []
    chosen = found.entry.issuer
    select: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=f"ceu:issuer:{found.entry.id}",
        options=[
            discord.SelectOption(label="All of your issuers accept it", value=EVERY_ISSUER, default=not chosen),
            *(
                discord.SelectOption(label=f"Only {name} accepts it"[:100], value=name, default=name == chosen)
                for name in names[:24]
            ),
        ],
    )
    return [row(select)]


def listing(ledger: Ledger, page: int = 0) -> ui.LayoutView:
    """The entries, newest first. `page` beyond the last is the last."""
    if not ledger.entries:
        return layout(
            "### Your CEUs, entry by entry",
            "Nothing is noted yet. **/ceu add** takes a day, the CEUs and a title.",
            row(button("Where you stand", "ceu:status")),
            accent=GREY,
        )
    pages = (len(ledger.entries) + ON_A_PAGE - 1) // ON_A_PAGE
    page = min(page, pages - 1)
    shown = ledger.entries[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
    select: ui.Select[ui.LayoutView] = ui.Select(
        custom_id="ceu:entry",
        placeholder="Open one",
        options=[
            discord.SelectOption(label=label(each), value=str(each.id), description=each.provider[:100] or None)
            for each in shown
        ],
    )
    tabs = turning(page, pages, "ceu:list:{}".format)
    counting = ledger.counting()
    total = units(sum(each.quarters for each in ledger.entries))
    return layout(
        "### Your CEUs, entry by entry",
        "\n".join(f"{entry(each)}{_where(ledger, counting[each.id])}" for each in shown),
        row(select),
        *([row(*tabs)] if tabs else []),
        row(button("Where you stand", "ceu:status"), button("Export as CSV", "ceu:export")),
        footer(f"{len(ledger.entries)} of at most {ENTRIES_AT_MOST:,} entries", f"{total} in all cycles"),
    )


def _where(ledger: Ledger, counts: list[tuple[Tracked, Cycle]]) -> str:
    """Said only of an entry that does not count for every credential."""
    names = dict.fromkeys(plain(one.exam.name) for one, _ in counts)
    if len(names) == len(ledger.tracked):
        return ""
    return f"  (for {', '.join(names)} only)" if names else "  (counts in no cycle)"


def label(each: Entry) -> str:
    """An entry as an option or a choice."""
    text = f"{each.day.isoformat()}  {ceus(each.quarters)}  {each.title}"
    return text if len(text) <= 100 else f"{text[:99]}…"


def form(each: Entry) -> ui.Modal:
    modal = ui.Modal(title="Change an entry", custom_id=f"ceu:edited:{each.id}")
    for name, text, about, now, longest, required in (
        ("day", "Day", "When you earned it: 2026-03-01, March 1", each.day.isoformat(), 40, True),
        ("ceus", "CEUs", "In quarters: 1, 1.5, 0.75", ceus(each.quarters), 20, True),
        ("title", "Title", "", each.title, TITLE_AT_MOST, True),
        ("provider", "Provider", "", each.provider, PROVIDER_AT_MOST, False),
        ("link", "Link to the certificate", "Empty for none", each.link, LINK_AT_MOST, False),
    ):
        field: ui.TextInput[ui.Modal] = ui.TextInput(
            custom_id=name, default=now or None, max_length=longest, required=required
        )
        modal.add_item(ui.Label(text=text, description=about or None, component=field))
    return modal


def removing(found: Shown) -> ui.LayoutView:
    return layout(
        "### Remove this entry?",
        f"{entry(found.entry)}\nIt counts nowhere any more. This can't be undone.",
        row(
            button("Remove it", f"ceu:remove:yes:{found.entry.id}", discord.ButtonStyle.danger),
            button("Keep it", f"ceu:entry:{found.entry.id}"),
        ),
        accent=RED,
    )


def removed(each: Entry) -> ui.LayoutView:
    return layout(
        f"Removed: {entry(each)}.",
        row(button("Your entries", "ceu:list:0"), button("Where you stand", "ceu:status")),
        accent=GREY,
    )


def exported(filename: str, count: int) -> ui.LayoutView:
    return layout(
        "### Your CEUs as a table",
        f"{count} entries, one a line; spreadsheets open it as it is."
        if count != 1
        else "1 entry; spreadsheets open it as it is.",
        ui.File(f"attachment://{filename}"),
        accent=GREY,
    )
