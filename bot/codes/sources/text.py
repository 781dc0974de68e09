"""Text files of code sets as lines, with everything that shows that a file was damaged on its way."""

import re
from datetime import date, datetime
from pathlib import Path

from bot.codes.release import FileFault

_STRANGE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def read_lines(path: Path) -> list[str]:
    """The lines of a file without their ends. The last is empty, unless the file breaks off within a line.

    The publishers write ASCII, UTF-8 or Windows-1252. Raises FileFault for anything else.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileFault(path.name, "", f"can't be read ({error.strerror})") from None
    if not data.strip():
        raise FileFault(path.name, "", "is empty")
    lines = re.split(r"\r\n|\n|\r", _decoded(path.name, data).rstrip("\x1a"))
    for number, line in enumerate(lines, 1):
        if _STRANGE.search(line):
            raise FileFault(path.name, f"line {number}", "holds a character that no text has; fetch the file again")
    return lines


def _decoded(file: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileFault(file, f"line {line}", "is neither UTF-8 nor Windows text; fetch the file again") from None


def day(file: str, place: str, name: str, text: str) -> date | None:
    """A date written YYYYMMDD, or None where there is none. `name` says which date it is, for the fault."""
    if not text.strip("0 "):
        return None
    if re.fullmatch(r"(19|20)\d{6}", text):
        try:
            return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007
        except ValueError:
            pass
    raise FileFault(file, place, f"the {name} {text!r} is no date such as 20261001")
