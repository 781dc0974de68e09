"""What becomes of the state when a daily post or a reveal went out, or never will."""

from datetime import date

from bot.core.daily import REVEAL_LEAD, DailySettings, next_round, round_owed
from bot.core.deliveries import HOUR, Delivery, Kind, State
from bot.core.periods import Span, period
from bot.services.season_owed import owe_result
from bot.storage import daily as store
from bot.storage import deliveries, guilds
from bot.storage.database import Database, Statement

HARMLESS = frozenset({"message gone"})
"""Faults that somebody in the guild has meant: there is nothing to mend."""


def reveal_time(settings: DailySettings, day: date, posted_at: int) -> int:
    """When the round of `day`, posted at `posted_at`, is revealed (UTC seconds): before the next post, at the latest."""
    latest = next_round(settings.schedule, day, posted_at)[1] - REVEAL_LEAD
    if settings.reveal_hours is None:
        return latest
    return min(posted_at + settings.reveal_hours * HOUR, latest)


def plan(settings: DailySettings, last: date | None, now: int) -> Statement:
    """Owe the guild's next daily post after the round of the local date `last`."""
    day, due_at = round_owed(settings.schedule, last, now)
    return deliveries.owe(Kind.DAILY_POST, settings.guild_id, day.isoformat(), due_at, schedule=settings.schedule)


class DailyPosts:
    """What becomes of the state when a daily post went out, or never will."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        day = date.fromisoformat(delivery.subject)
        settings = await guilds.get(self._db, delivery.guild_id)
        round_ = await store.round_by_date(self._db, delivery.guild_id, day)
        if settings is None or round_ is None or message_id is None:
            return []
        reveal_at = reveal_time(settings, day, max(now, delivery.due_at))
        return [
            store.posted(round_.id, message_id, reveal_at, late=delivery.late(now)),
            deliveries.owe(Kind.REVEAL, delivery.guild_id, str(round_.id), reveal_at),
            guilds.set_fault(delivery.guild_id, ""),
            *([plan(settings, day, now), owe_result(settings, period(Span.SEASON, day))] if settings.active else []),
        ]

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        day = date.fromisoformat(delivery.subject)
        settings = await guilds.get(self._db, delivery.guild_id)
        statements = [store.void(delivery.guild_id, day)]
        if settings is not None and settings.active:
            statements.append(plan(settings, day, now))
            if state is State.FAILED:
                statements += fault(settings, delivery, reason, now)
        return statements


class Reveals:
    """What becomes of the state when a round was revealed. A message id means that its thread was opened."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        return [store.revealed(int(delivery.subject), threaded=message_id is not None)]

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        # The post is gone or out of reach; the round is over all the same.
        statements = [store.revealed(int(delivery.subject), threaded=False)]
        settings = await guilds.get(self._db, delivery.guild_id)
        if state is State.FAILED and settings is not None and settings.active:
            statements += fault(settings, delivery, reason, now)
        return statements


def fault(settings: DailySettings, delivery: Delivery, reason: str, now: int) -> list[Statement]:
    """Remember what is wrong in a guild and tell its organiser, once as long as it stays the same."""
    if reason == settings.fault or reason in HARMLESS:
        return []
    return [
        guilds.set_fault(settings.guild_id, reason),
        deliveries.owe(
            Kind.NOTICE, settings.guild_id, f"fault:{delivery.id}:{now}", now, user_id=settings.organiser_id or None
        ),
    ]
