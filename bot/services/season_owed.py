"""When the result of a season is owed."""

from bot.core.daily import DailySettings
from bot.core.deliveries import USEFUL_FOR, Kind, State
from bot.core.periods import Period, Span, period
from bot.core.schedule import local_date
from bot.core.seasons import result_due, season_name
from bot.storage import deliveries, seasons
from bot.storage.database import Database, Statement


def owe_result(settings: DailySettings, season: Period, *, saved: bool = True) -> Statement:
    """Owe the result of a season, or move it to where the schedule is now. Settings that are only being saved with it
    can't be compared with what is stored (`saved` False)."""
    return deliveries.owe(
        Kind.SEASON,
        settings.guild_id,
        season_name(season),
        result_due(settings.schedule, season),
        schedule=settings.schedule if saved else None,
    )


async def plan_results(db: Database, settings: DailySettings, now: int, *, saved: bool = True) -> list[Statement]:
    """Owe the result of the running season, and of the last one if it is still worth posting and never went out."""
    running = period(Span.SEASON, local_date(now, settings.schedule.zone))
    planned = await seasons.planned(db, settings.guild_id)
    statements = [owe_result(settings, running, saved=saved)]
    last = running.previous
    if last is not None and result_due(settings.schedule, last) + USEFUL_FOR[Kind.SEASON] > now:
        if planned.get(season_name(last)) in (State.PENDING, State.CANCELLED):
            statements.append(owe_result(settings, last, saved=saved))
    return statements
