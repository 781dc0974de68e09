"""Which release a file is: its name, and the days for which it is in force."""

import re
from dataclasses import dataclass
from datetime import date

from bot.codes.release import FileFault

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@dataclass(frozen=True, slots=True)
class Release:
    """A release by the name that people use; `until` is its last day."""

    name: str
    effective: date
    until: date


def fiscal(file: str, year: int, effective: date | None, name: str = "") -> Release:
    """The ICD-10 release of a fiscal year: from 1 October before it, or from 1 April where the file's name says so.

    `effective` is the first day as the operator gave it. Raises FileFault where that is in another fiscal year.
    """
    first, until = date(year - 1, 10, 1), date(year, 9, 30)
    start = effective or (date(year, 4, 1) if "april" in (name or file).lower() else first)
    if not first <= start <= until:
        raise FileFault(file, "", f"is of fiscal year {year} ({first} to {until}), which does not hold {start}")
    return Release(f"FY{year}" if start == first else f"FY{year}, {start:%B %Y} update", start, until)


def fiscal_of_name(file: str, name: str, effective: date | None) -> Release:
    """The ICD-10 release that `name` (of `file`, or of one that it speaks of) tells, or else the first day given."""
    years = {int(year) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", name)}
    if effective is not None and len(years) != 1:
        years = {effective.year + (effective.month >= 10)}
    if len(years) != 1:
        raise FileFault(
            file, "", "doesn't tell its fiscal year; put it into the file's name, e.g. icd10cm_order_2027.txt"
        )
    return fiscal(file, years.pop(), effective, name)


def month_of_name(file: str) -> date | None:
    """The first day of an HCPCS release from a name such as HCPC2025_OCT_ANWEB, January where no month is named."""
    match = re.match(r"HCPCS?(20\d\d)(?:_([A-Z]{3}))?", file.upper())
    if not match:
        return None
    month = _MONTHS.index(match[2]) + 1 if match[2] in _MONTHS else 1
    return date(int(match[1]), month, 1)


def calendar(file: str, effective: date | None) -> Release:
    """The CPT release of a calendar year: from the file's name, or from the first day given."""
    years = {int(year) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", file)}
    if effective is None and len(years) != 1:
        raise FileFault(file, "", "doesn't tell its year; put it into the file's name, e.g. cpt_2027.txt")
    start = effective or date(years.pop(), 1, 1)
    return Release(
        f"{start.year}" if start.month == start.day == 1 else f"{start:%B %Y}", start, date(start.year, 12, 31)
    )
