"""The ids on buttons of exam dates and their reminders."""

import re
from datetime import date

from bot.core.exam_dates import Moment
from bot.services.exam_dates import Draft, Step
from bot.services.exam_owed import Occurrence

DRAFT = (
    r"exam:keep:(?P<step>[smr])(?P<date>\d{1,18})\.(?P<revision>\d{1,9}):(?P<exam>[a-z0-9-]{0,24}):(?P<day>\d{8})"
    r":(?P<minute>\d{0,4}):(?P<zone>[A-Za-z0-9_+/-]{1,40})"
)
OCCURRENCE = r"(?P<date>\d{1,18})\.(?P<revision>\d{1,9})\.(?P<offset>\d{1,3})"


def write_draft(draft: Draft) -> str:
    moment = draft.moment
    minute = "" if moment.minute is None else moment.minute
    # A date that is stored tells its exam; both would not fit into an id.
    exam = "" if draft.date_id else draft.exam
    about = f"{draft.step}{draft.date_id}.{draft.revision}:{exam}"
    return f"exam:keep:{about}:{moment.day:%Y%m%d}:{minute}:{moment.zone}"


def read_draft(ids: dict[str, str]) -> Draft:
    """From the groups of DRAFT. Raises ValueError for a day that is none."""
    text = ids["day"]
    minute = int(ids["minute"]) if ids["minute"] else None
    day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    moment = Moment(day, minute, ids["zone"])
    return Draft(Step(ids["step"]), ids["exam"], moment, int(ids["date"]), int(ids["revision"]))


def write_occurrence(occurrence: Occurrence) -> str:
    return f"{occurrence.date_id}.{occurrence.revision}.{occurrence.offset}"


def read_occurrence(ids: dict[str, str]) -> Occurrence:
    """From the groups of OCCURRENCE."""
    return Occurrence(int(ids["date"]), int(ids["revision"]), int(ids["offset"]))


def delivery_of(custom_id: str) -> int:
    """The delivery that a button's message was sent by, 0 for none."""
    match = re.search(r"@(\d{1,18})$", custom_id)
    return int(match[1]) if match else 0
