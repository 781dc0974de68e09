"""A learner's continuing education units as a table that spreadsheets open right."""

import csv
import io

from bot.core.ceu_entries import ceus
from bot.services.ceu_ledger import Ledger

COLUMNS = ("Date", "CEUs", "Title", "Provider", "Categories", "Accepted by", "Certificate", "Counts in")
BOM = "\ufeff"
"""Without it Excel reads UTF-8 as something else."""

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def sheet(ledger: Ledger) -> bytes:
    """The entries as CSV (RFC 4180, UTF-8), the oldest first."""
    titles = {least.id: least.title for one in ledger.tracked if one.rule for least in one.rule.minimums}
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(COLUMNS)
    counting = ledger.counting()
    for entry in reversed(ledger.entries):
        counts = (f"{one.exam.name} {cycle.first} to {cycle.last}" for one, cycle in counting[entry.id])
        cells = (
            entry.day.isoformat(),
            ceus(entry.quarters),
            entry.title,
            entry.provider,
            "; ".join(titles.get(name, name) for name in entry.categories),
            entry.issuer or "all",
            entry.link,
            "; ".join(counts),
        )
        writer.writerow(map(cell, cells))
    return (BOM + made.getvalue()).encode()


def cell(text: str) -> str:
    """The text, so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULAS) else text
