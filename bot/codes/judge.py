"""Whether the codes that content names are there: what `python -m bot check` asks the code database."""

import re
from datetime import date

from bot.codes.book import CodeBook
from bot.core.codes import System, key_of

_SHAPES = (
    (System.ICD10PCS, re.compile(r"[0-9A-HJ-NP-Z]{7}")),
    (System.HCPCS, re.compile(r"[A-V][0-9]{4}")),
    (System.ICD10CM, re.compile(r"[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?")),
)


class CodeJudge:
    """Judges codes on a day, and counts those that the installed releases can't tell of."""

    def __init__(self, book: CodeBook, on: date) -> None:
        self._book = book
        self._on = on
        self.unknowable: set[str] = set()

    def __call__(self, code: str, reported: bool) -> str | None:
        found = [version for version in self._book.named(key_of(code), self._on) if version.entry.code == code]
        valid = [version for version in found if version.valid_on(self._on)]
        if any(version.entry.billable or not reported for version in valid):
            return None
        if valid:
            return f"{code} is a header: it can't be reported"
        if found:
            last = max(version.until for version in found if version.until) if any(v.until for v in found) else None
            return f"{code} ended on {last}" if last else f"{code} is not valid yet on {self._on}"
        if self._untold(code):
            self.unknowable.add(code)
            return None
        return f"{code} is in no installed release: check its letters and digits"

    def _untold(self, code: str) -> bool:
        """Whether a code set that it may be of is not installed, or not in the release of the day."""
        for system, shape in _SHAPES:
            if shape.fullmatch(code):
                if system not in self._book.systems:
                    return True
                until = self._book.newest(system).until
                if until is not None and until < self._on:
                    return True
        return False
