"""The end of a season: when its result is due, and how it is named."""

from dataclasses import dataclass
from datetime import date, time

from bot.core.periods import Period, Span, period
from bot.core.schedule import Schedule, first_instant, next_occurrence, occurrence

RESULT_AFTER = 600
"""Seconds after the first daily post of the next month: by then the last round of the season is closed."""

PODIUM = 3
"""Ranks that are kept of a season."""


def season_name(season: Period) -> str:
    """How deliveries and custom_ids name a season: 2026-03."""
    return f"{season.first:%Y-%m}"


def season_named(name: str) -> Period:
    return period(Span.SEASON, date.fromisoformat(f"{name}-01"))


def result_due(schedule: Schedule, season: Period) -> int:
    """When the result of a season is due (UTC seconds): on the first of the next month, soon after the daily post."""
    following = season.following
    due_at = occurrence(schedule, following.first)
    if due_at is None:  # a zone that jumped over that day
        due_at = next_occurrence(schedule, first_instant(following.first, time.min, schedule.zone) - 1)[1]
    return due_at + RESULT_AFTER


@dataclass(frozen=True, slots=True)
class Winner:
    """Somebody on the first places of a season."""

    user_id: int
    rank: int
    points: int
