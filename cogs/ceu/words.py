"""Days, units and reasons as they are read everywhere under /ceu, in text and in pictures."""

from datetime import date

from bot.core.ceu import Standing, Why
from bot.core.ceu_cycles import days_left, pace
from bot.core.ceu_entries import Entry, ceus
from cogs.ui.layout import day, plain, plural


def units(quarters: int) -> str:
    return f"{ceus(quarters)} CEU" if quarters == 4 else f"{ceus(quarters)} CEUs"


def span(first: date, last: date) -> str:
    return f"{day(first)} to {day(last)}"


def of(standing: Standing) -> str:
    return f"{ceus(standing.earned)} of {units(standing.requirement.needed)}"


def missing(standing: Standing, today: date) -> str:
    """What is missing by when, and at what pace; or that nothing is."""
    cycle = standing.cycle
    if not standing.missing:
        return "✅ Nothing is missing in this cycle."
    left = days_left(cycle, today)
    if not left:
        return f"{units(standing.missing)} were missing on {day(cycle.last)}."
    monthly = pace(standing.missing, left)
    rate = f"in the {plural(left, 'day')} left" if monthly >= standing.missing else f"about {ceus(monthly)} a month"
    return f"{units(standing.missing)} missing by {day(cycle.last)}: {rate}."


def doubt(standing: Standing, issuer: str) -> str:
    """What is said wherever a number is shown that is not known to hold."""
    if standing.requirement.fits:
        return ""
    return f"That number is for a single credential of {plain(issuer)}'s; ask {plain(issuer)} how many yours need together."


def entry(found: Entry) -> str:
    """An entry on one line."""
    by = f", {plain(found.provider)}" if found.provider else ""
    return f"**{ceus(found.quarters)}**  {plain(found.title)}{by}, {day(found.day)}"


def why(found: Entry, reason: Why, standing: Standing) -> str:
    match reason:
        case Why.ISSUER:
            return f"counts with {plain(found.issuer)} only"
        case Why.BEFORE:
            return f"earned before {day(standing.cycle.first)}"
        case Why.AFTER:
            return f"earned after {day(standing.cycle.last)}"
