"""Groups at their largest stay within what Discord takes in one message."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
from discord import ui

from bot.core.groups import Goal, GoalKind, Group, GroupState, Joining, Limits, Member, Week
from bot.core.meetings import Attendance, Meeting, MeetingState
from bot.core.periods import Span, period
from bot.services.goals import Standing, WeekPost
from bot.services.group_notices import About, GroupNotice
from bot.services.groups import Info, Listing
from bot.services.meetings import Draft, Gathering
from bot.storage.group_requests import Request
from cogs.group import meeting_render, messages, panels, render
from cogs.ui.layout import TEXT_AT_MOST, text_length

BIG = 2**63 - 1
NAME = "*" * 50
GROUP = Group(
    BIG, BIG, NAME, "ccs-p", date(2026, 12, 30), Joining.REQUEST, GroupState.OPEN, BIG, BIG, BIG,
    Goal(GoalKind.ANSWERS, 5000), 100, BIG, "The bot could not " + "x" * 400,
    "The announcement of a study session could not be sent: " + "x" * 60,
)  # fmt: skip
MEETING = Meeting(
    BIG, BIG, BIG, BIG, "_" * 80, 2**33, 2**33 + 28_800, BIG, True, MeetingState.PLANNED, BIG, BIG, BIG, BIG, "No event " * 12
)  # fmt: skip
WEEK = Week(BIG, 1_105_668, GROUP.goal, 4999, settled=False)
CROWD = Attendance(tuple(range(BIG - 100, BIG)), 20)
FULL = Limits(members=100, groups=50)


def components(view: ui.LayoutView) -> int:
    return sum(1 for _ in view.walk_children())


def custom_ids(view: ui.LayoutView) -> list[str]:
    return [item.custom_id for item in view.walk_children() if isinstance(item, (ui.Button, ui.Select)) and item.custom_id]  # fmt: skip


def info(own: Member | None) -> Info:
    members = tuple(Member(BIG - i, i == 0, BIG, i % 5 != 4) for i in range(100))
    requests = tuple(Request(BIG, BIG, BIG, 0, 2**33) for _ in range(30))
    return Info(
        GROUP, "CCS-P", date(2026, 3, 2), members, own, own is None, FULL, Standing(WEEK, 99), (MEETING,) * 10,
        ((MEETING, 100),) * 3, requests,
    )  # fmt: skip


def views() -> dict[str, ui.LayoutView]:
    own = Member(BIG, True, BIG, False)
    gathering = Gathering(MEETING, GROUP, CROWD, 0)
    over = Gathering(MEETING, GROUP, CROWD, BIG)
    post = WeekPost(GROUP, WEEK, period(Span.WEEK, date(2026, 12, 28)), WEEK, adjoining=False, streak=99)
    notices = {
        f"notice {about} {public}": messages.notice(
            GroupNotice(about, GROUP, BIG, Request(BIG, BIG, BIG, 1, BIG)), NAME, BIG, public=public
        )
        for about in About
        for public in (True, False)
    }
    return notices | {
        "list": render.listing(Listing((GROUP,) * 50, frozenset(), frozenset(), Limits(members=200, groups=50)), 2),
        "info of a member": render.info(info(own), organiser=True),
        "info of another": render.info(info(None), organiser=False),
        "manage": panels.manage(info(own), ["x" * 300], roles=True),
        "limits": panels.limits(Limits(groups=7, owned=7, joined=7, members=7)),
        "week": messages.week(post, BIG),
        "invitation": render.invitation(GROUP, BIG, BIG),
        "draft": meeting_render.draft(Draft(MEETING, GROUP, ZoneInfo("America/Argentina/ComodRivadavia")), ["x" * 200]),
        "meeting": meeting_render.message(gathering, BIG),
        "meeting over": meeting_render.message(over, BIG),
        "reminder": meeting_render.reminder(gathering, BIG),
        "own meeting": meeting_render.own(gathering, "✅ Noted: you come."),
    }


@pytest.mark.parametrize("name", sorted(views()))
def test_the_largest_group_fits(name: str) -> None:
    view = views()[name]
    assert text_length(view) <= TEXT_AT_MOST
    assert components(view) <= 40
    assert all(len(custom_id) <= 100 for custom_id in custom_ids(view))
    for item in view.walk_children():
        if isinstance(item, ui.Select):
            assert 1 <= len(item.options) <= 25
            assert all(len(option.label) <= 100 and len(option.value) <= 100 for option in item.options)
        if isinstance(item, ui.Button):
            assert len(item.label or "") <= 80


def test_what_people_wrote_is_shown_as_written() -> None:
    for view in views().values():
        shown = "".join(item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay))
        assert NAME not in shown


def test_the_form_takes_what_the_group_has() -> None:
    form: Any = panels.form(GROUP).to_dict()
    assert len(form["components"]) == 4
    assert isinstance(panels.form(GROUP), discord.ui.Modal)
