"""What is shown about exam dates stays inside Discord's limits, for each exam that is shipped."""

import re
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.client.courier import mark
from bot.core.content import Content
from bot.core.exam_dates import PLANNED_AT_MOST, ExamDate, ExamState, Moment
from bot.core.groups import NAME_AT_MOST, Group, GroupState, Joining
from bot.core.reminders import OFFSETS_AT_MOST, Quiet, ReminderSettings, WhereTo, reminders
from bot.services.certs import Certs
from bot.services.exam_dates import PAST_SHOWN, Draft, Entry, Listing, Proposal, Step
from bot.services.exam_owed import Occurrence
from bot.services.group_dates import GroupDue
from bot.services.reminders import Due
from bot.services.unreached import UnreachedPost
from cogs.exam import reminding, render, settings
from cogs.exam.ids import DRAFT, read_draft, write_draft, write_occurrence
from cogs.group import messages
from cogs.ui.direct import in_server
from tests.content.test_limits import SNOWFLAKE, faults

LONG = 10**18 - 1
ZONE = max(available_timezones(), key=len)
MOMENT = Moment(date(2027, 9, 22), 13 * 60 + 30, ZONE)
CLOSE = Moment(date(2028, 1, 5), None, ZONE)
MANY = ReminderSettings(
    offsets=tuple(range(365, 365 - OFFSETS_AT_MOST, -1)), quiet=Quiet(1, 2), where_to=WhereTo.SERVER
)


def stored(moment: Moment, exam: str, state: ExamState = ExamState.PLANNED) -> ExamDate:
    return ExamDate(LONG, SNOWFLAKE, SNOWFLAKE, exam, moment, state, 10**9 - 1, "direct messages closed", 0, 0)


@pytest.mark.parametrize("moment", [MOMENT, CLOSE])
@pytest.mark.parametrize("days", [365, 30, 7, 1, 0])
def test_reminders(real_content: Content, moment: Moment, days: int) -> None:
    certs = Certs(real_content)
    for exam in real_content.exams.values():
        way = certs.path(exam.id)
        weak = tuple(sorted(exam.areas, key=lambda area: -len(area.title + area.id))[:3])
        due = Due(
            Occurrence(LONG, 10**9 - 1, 365), stored(moment, exam.id), way.sheet, way.stages, MANY, ZoneInfo(ZONE), days,
            False, weak, True, SNOWFLAKE, SNOWFLAKE,
        )  # fmt: skip
        views = [
            reminding.reminder(due, LONG),
            reminding.reminder(due, LONG, again_at=4_000_000_000),
            reminding.reminder(due, LONG, done=True),
            reminding.reminder(replace(due, over=True, days=-1), LONG),
            in_server(SNOWFLAKE, mark(f"exam:see:{write_occurrence(due.occurrence)}", LONG)),
        ]
        assert [fault for view in views for fault in faults(view)] == []
        group = Group(
            SNOWFLAKE, SNOWFLAKE, "*" * NAME_AT_MOST, exam.id, moment.day, Joining.OPEN, GroupState.OPEN, SNOWFLAKE, None,
            None, None, 1, SNOWFLAKE,
        )  # fmt: skip
        assert faults(messages.target_date(GroupDue(group, way.sheet, moment, days), LONG)) == []


@pytest.mark.parametrize("step", Step)
def test_what_is_to_confirm_and_what_follows(real_content: Content, step: Step) -> None:
    certs = Certs(real_content)
    for exam in real_content.exams.values():
        sheet = certs.show(exam.id)
        for moment in (MOMENT, CLOSE):
            before = None if step is Step.SET else stored(moment, exam.id)
            draft = Draft(step, exam.id, moment, before.id if before else 0, before.revision if before else 0)
            shown = Proposal(draft, sheet, tuple(reminders(moment, MANY, 0)), before, True)
            assert faults(render.proposal(shown)) == []
            match = re.fullmatch(DRAFT, write_draft(draft))
            assert match is not None
            assert read_draft(match.groupdict()) == (draft if step is Step.SET else replace(draft, exam=""))
        entry = Entry(stored(MOMENT, exam.id), exam, 4_000_000_000)
        views = [
            render.passed(entry, sheet),
            render.not_passed(entry, sheet),
            render.cancelled(entry),
            render.confirmed(entry),
        ]
        assert [fault for view in views for fault in faults(view)] == []


def test_the_id_of_a_confirmation_fits_for_the_longest_exam() -> None:
    draft = Draft(Step.SET, "x" * 24, MOMENT)
    assert len(write_draft(draft)) <= 100


@pytest.mark.parametrize("coming", [0, 4, PLANNED_AT_MOST])
def test_lists_settings_and_words(real_content: Content, coming: int) -> None:
    exam = max(real_content.exams.values(), key=lambda exam: len(exam.name))
    entry = Entry(stored(MOMENT, exam.id), exam, 4_000_000_000)
    past = (Entry(stored(MOMENT, exam.id, ExamState.NOT_PASSED), exam, None),) * PAST_SHOWN
    each = [replace(entry, date=replace(entry.date, id=LONG - number)) for number in range(PLANNED_AT_MOST)]
    listing = Listing(tuple(each[:coming]), tuple(each[coming:]), past, MANY)
    views = [
        render.listing(listing),
        settings.panel(MANY),
        reminding.unreached(UnreachedPost(SNOWFLAKE, SNOWFLAKE, SNOWFLAKE), LONG),
        reminding.mending(),
        reminding.done(),
        render.dropped(),
    ]
    assert [fault for view in views for fault in faults(view)] == []
