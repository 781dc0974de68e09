"""How what failed in a server looks, with how to mend it."""

from discord import ui

from bot.core.deliveries import DAY, Kind
from bot.core.failures import SHOWN_FOR, called, mend
from bot.services.failures import Failure
from cogs.ui.layout import AMBER, GREEN, button, footer, layout, plain, row
from cogs.ui.paging import Under, paged, turning

DAYS = SHOWN_FOR // DAY


def page(failures: tuple[Failure, ...], number: int = 0) -> ui.LayoutView:
    """What did not go out, by kind and reason; pages are counted from 0, and one past the last is the last."""
    if not failures:
        return layout(
            f"✅ Everything for this server that was due in the last {DAYS} days went out.", _ways(), accent=GREEN
        )
    pages = paged(_failure(failure) for failure in failures)
    number = min(number, len(pages) - 1)
    return layout(
        "### What failed",
        pages[number],
        _ways(*turning(number, len(pages), lambda turned: f"setup:failed:{turned}")),
        footer(f"the last {DAYS} days, also what has been mended since"),
        accent=AMBER,
    )


def _ways(*turns: ui.Button[ui.LayoutView]) -> ui.ActionRow[ui.LayoutView]:
    return row(*turns, button("Back to /setup", "setup:panel"))


def _failure(failure: Failure) -> Under:
    there = f"in <#{failure.channel_id}>" if failure.channel_id else ""
    what = f"**{called(failure.kind, failure.count)}**"
    if failure.kind is Kind.UNREACHED:
        # How many they are, but neither who nor what it was about.
        have = "member has" if failure.count == 1 else "members have"
        what = f"**{failure.count} {have} direct messages closed**, and could not be told in the channel"
    when = f"last <t:{failure.last}:R> {there}".rstrip()
    return Under(f"{what}: {plain(failure.reason[:100])}, {when}", f"▫️ {mend(failure.kind, failure.reason, there)}")
