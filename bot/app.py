"""The only place where the parts are wired together."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.codes.build import EverydayFiles
from bot.codes.sets import CodeSets, everyday_of
from bot.config import Settings
from bot.core.content import Content
from bot.core.deliveries import SEND_TIMEOUT, Kind
from bot.packs import TERMS, load_content
from bot.services.board import Boards
from bot.services.calendar import Calendars
from bot.services.certs import Certs
from bot.services.ceu import Ceu
from bot.services.codes import Codes
from bot.services.daily import Daily
from bot.services.deliveries import Deliveries
from bot.services.delivery_desk import DeliveryDesk
from bot.services.drills import Drills
from bot.services.exam_dates import ExamDates
from bot.services.explain import Explain
from bot.services.flags import Flags
from bot.services.goals import Goals
from bot.services.group_dates import GroupDates
from bot.services.groups import Groups
from bot.services.live import Live
from bot.services.meetings import Meetings
from bot.services.plan import Plans
from bot.services.plan_owed import PlanWeeks
from bot.services.privacy import Privacy
from bot.services.processes import Processes
from bot.services.quiz import Quiz
from bot.services.quiz_choice import Choosing
from bot.services.reminders import Reminders
from bot.services.scores import Scores
from bot.services.seasons import Seasons
from bot.services.setup import Setup
from bot.services.study import Study
from bot.services.unreached import Unreached
from bot.storage.database import Database, connect
from bot.storage.database.migrate import migrate

NOWHERE = Path("/nonexistent")
"""Where no code sets are."""


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases, each a noun with verb methods."""

    db: Database
    content: Content
    clock: Callable[[], float]
    deliveries: Deliveries
    desk: DeliveryDesk
    daily: Daily
    setup: Setup
    flags: Flags
    study: Study
    privacy: Privacy
    processes: Processes
    certs: Certs
    ceu: Ceu
    codes: Codes
    drills: Drills
    explain: Explain
    quiz: Quiz
    board: Boards
    seasons: Seasons
    scores: Scores
    live: Live
    groups: Groups
    goals: Goals
    meetings: Meetings
    exam_dates: ExamDates
    reminders: Reminders
    unreached: Unreached
    group_dates: GroupDates
    plans: Plans
    plan_weeks: PlanWeeks
    calendars: Calendars

    async def close(self) -> None:
        self.codes.close()
        await self.db.close()


def build_services(
    db: Database,
    content: Content,
    clock: Callable[[], float] = time.time,
    rng: Random | None = None,
    *,
    codes: CodeSets | None = None,
    longest_sleep: float = 60,
    per_second: float = 40,
) -> Services:
    """Wire the services over an open, migrated database; `per_second` is the pace of requests they share. Without
    `codes` every look-up says that the code sets are not installed."""
    rng = rng or Random()
    daily = Daily(db, content, clock)
    # Flags both are the subject of notices and wake the deliveries that send them.
    deliveries: Deliveries
    flags = Flags(db, content, clock, lambda: deliveries.wake())
    board = Boards(db, clock)
    seasons = Seasons(db, board, clock)
    certs = Certs(content)
    live = Live(db, content, clock, lambda: deliveries.wake(), certs)
    ceu = Ceu(db, content, certs, clock, lambda: deliveries.wake())
    goals = Goals(db, clock, lambda: deliveries.wake())
    meetings = Meetings(db, clock, lambda: deliveries.wake())
    groups = Groups(db, content, certs, goals, clock, lambda: deliveries.wake())
    group_dates = GroupDates(db, certs, clock)
    unreached = Unreached(db)
    exam_dates = ExamDates(db, certs, clock, lambda: deliveries.wake())
    plans = Plans(db, content, exam_dates, clock, lambda: deliveries.wake())
    plan_weeks = PlanWeeks(db, plans, clock)
    subjects = {
        Kind.DAILY_POST: daily.posts,
        Kind.REVEAL: daily.reveals,
        Kind.NOTICE: flags,
        Kind.SEASON: seasons,
        Kind.LIVE_QUESTION: live.questions,
        Kind.LIVE_CLOSE: live.closes,
        Kind.LIVE_RESULT: live.results,
        Kind.GROUP_NOTICE: groups.notices,
        Kind.GROUP_WEEK: goals.weeks,
        Kind.MEETING: meetings.posts,
        Kind.MEETING_REMINDER: meetings.reminders,
        Kind.MEETING_END: meetings.ends,
        Kind.EXAM_REMINDER: exam_dates.reminders,
        Kind.GROUP_DATE: group_dates,
        Kind.UNREACHED: unreached,
        Kind.PLAN_WEEK: plan_weeks,
        Kind.CEU: ceu.reminders,
    }
    # A delivery takes up to five requests. No more run at once than can have their turns well before they time out.
    slots = max(1, min(256, int(per_second * SEND_TIMEOUT / 8)))
    monotonic = time.monotonic if clock is time.time else clock
    deliveries = Deliveries(db, subjects, clock, rng, slots=slots, longest_sleep=longest_sleep, monotonic=monotonic)
    looked_up = Codes(codes or CodeSets(NOWHERE, content), clock)
    explain = Explain(db, content, clock, rng)
    setup = Setup(db, content, clock, deliveries.wake)
    choosing = Choosing(db, content, clock, rng, certs, explain, setup.exams)
    return Services(
        db=db,
        content=content,
        clock=clock,
        deliveries=deliveries,
        desk=DeliveryDesk(db, subjects, clock),
        daily=daily,
        setup=setup,
        flags=flags,
        study=Study(db, content, clock),
        privacy=Privacy(db, clock, rng, deliveries.wake),
        processes=Processes(db, clock),
        certs=certs,
        ceu=ceu,
        codes=looked_up,
        drills=Drills(looked_up.read),
        explain=explain,
        quiz=Quiz(db, content, clock, rng, choosing),
        board=board,
        seasons=seasons,
        scores=Scores(db, clock),
        live=live,
        groups=groups,
        goals=goals,
        meetings=meetings,
        exam_dates=exam_dates,
        reminders=Reminders(db, exam_dates, certs, choosing, ceu.reminders, clock, deliveries.wake),
        unreached=unreached,
        group_dates=group_dates,
        plans=plans,
        plan_weeks=plan_weeks,
        calendars=Calendars(db, content, certs, plans, clock),
    )


async def open_services(settings: Settings) -> Services:
    """Load the content, open and migrate the database, wire the services. Raises PackFaults, DatabaseError."""
    content = load_content(settings.content_path, without=[TERMS])
    db = await connect(settings.database_url)
    try:
        await migrate(db)
    except BaseException:
        await db.close()
        raise
    services = build_services(
        db, content, codes=code_sets(settings, content), per_second=settings.deliveries_per_second
    )
    await services.scores.ensure()
    return services


def code_sets(settings: Settings, content: Content | None = None) -> CodeSets:
    """The code sets that the settings name, with the synonyms of the content. Raises PackFaults."""
    root = settings.content_path
    files = sorted((root / TERMS).rglob("*.y*ml"))
    everyday = EverydayFiles(files, lambda: everyday_of(load_content(root)))
    return CodeSets(settings.codes_path, content or load_content(root, without=[TERMS]), everyday)
