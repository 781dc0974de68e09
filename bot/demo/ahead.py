"""What the demo's people have ahead of them: a learner's exam with a plan for it, and the organiser's CEUs."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import Services
from bot.core.reminders import AT, WhereTo
from bot.services.ceu_entries import Typed

DAYS_BEFORE = 30
HOURS_A_WEEK = 6
CREDENTIALS = ("cpc", "cpma")
CYCLE_RUNS = 487
"""Days for which the organiser's cycle has been running, of two years."""

# Days ago, CEUs, title, provider, category.
EARNED = (
    (462, "6", "National conference: coding and compliance days", "AAPC", ""),
    (388, "1.5", "Modifiers 25 and 59 after an audit", "Local chapter", "auditing"),
    (301, "2", "What changed in ICD-10-CM", "Local chapter", ""),
    (274, "4", "Auditing evaluation and management", "Community college", "auditing"),
    (188, "3", "Risk adjustment for coders", "AAPC webinar", ""),
    (117, "2.5", "Audit samples and error rates", "AAPC webinar", "auditing"),
    (54, "1", "Reading operative reports: spine", "Local chapter", ""),
    (12, "3", "Writing an audit report that is read", "AAPC webinar", "auditing"),
)


def next_reminder_day(now: datetime) -> datetime:
    """The day on which reminders are sent next; `now` is local."""
    return now if now.hour * 60 + now.minute < AT else now + timedelta(days=1)


async def look_ahead(services: Services, guild: Any, organiser: Any, learners: tuple[Any, ...], zone: str) -> None:
    """The first learner sits an exam, of which the first reminder comes within a day; the organiser is certified."""
    # The page shows one channel and no direct messages.
    for person in (organiser, *learners):
        await services.reminders.set(person.id, where_to=WhereTo.SERVER)
    await _plan_exam(services, guild.id, learners[0].id, zone)
    await _earn(services, guild.id, organiser.id, zone)


async def _plan_exam(services: Services, guild_id: int, user_id: int, zone: str) -> None:
    day = next_reminder_day(_now(services, zone)) + timedelta(days=DAYS_BEFORE)
    proposal = await services.exam_dates.propose(user_id, guild_id, "cpc", f"{day:%Y-%m-%d}", "8:00", zone)
    await services.exam_dates.confirm(user_id, guild_id, proposal.draft)
    await services.plans.open(user_id, "", HOURS_A_WEEK)


async def _earn(services: Services, guild_id: int, user_id: int, zone: str) -> None:
    today = _now(services, zone).date()
    start = (today - timedelta(days=CYCLE_RUNS)).isoformat()
    for credential in CREDENTIALS:
        await services.ceu.track(user_id, guild_id, credential, start=start)
    for days, ceus, title, provider, category in EARNED:
        typed = Typed((today - timedelta(days=days)).isoformat(), ceus, title, provider)
        await services.ceu.entries.add(user_id, guild_id, typed, category=category)


def _now(services: Services, zone: str) -> datetime:
    return datetime.fromtimestamp(services.clock(), ZoneInfo(zone))
