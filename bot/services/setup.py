"""Setting up a server: what an organiser chooses, kept together with what that makes owed."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from bot.core.content import Content, Exam, Item
from bot.core.daily import REVEAL_LEAD, DailySettings, RoundState, next_round, round_owed
from bot.core.deliveries import Kind
from bot.core.errors import PoolEmpty, SetupMissing, ZoneUnknown
from bot.services import group_owed
from bot.services.daily_owed import plan
from bot.services.failures import Failures
from bot.services.season_owed import plan_results
from bot.storage import daily as rounds
from bot.storage import deliveries, flags, guilds
from bot.storage.database import Database, Statement, retrying
from bot.storage.flags import Flagged

DEFAULT_MINUTE = 9 * 60
DEFAULT_ZONE = "America/New_York"
COMMON_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "Europe/London",
    "Asia/Kolkata",
    "Asia/Manila",
)
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
ZONE_NAMES = {zone.lower(): zone for zone in (*ZONES, "UTC")}
"""What is taken, in any case. Abbreviations are not: EST knows no daylight saving."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What the /setup panel shows. `settings` is None before the first save; `failed` counts the messages of the server
    that did not go out of late."""

    settings: DailySettings | None
    exams: tuple[tuple[Exam, int], ...]
    flagged: tuple[Flagged, ...]
    next_at: int | None
    rounds: int
    failed: int


class Setup:
    """Use cases of /setup."""

    def __init__(self, db: Database, content: Content, clock: Callable[[], float], wake: Callable[[], None]) -> None:
        self._db = db
        self._content = content
        self._clock = clock
        self._wake = wake
        self.failures = Failures(db, clock)

    async def panel(self, guild_id: int) -> Panel:
        settings = await guilds.get(self._db, guild_id)
        latest = await rounds.latest_rounds(self._db, guild_id, 1)
        return Panel(
            settings=settings,
            exams=tuple(self.exams()),
            flagged=tuple(await flags.undecided(self._db, guild_id)),
            next_at=await deliveries.next_due(self._db, guild_id, Kind.DAILY_POST),
            rounds=latest[0].number if latest else 0,
            failed=await self.failures.count(guild_id),
        )

    async def settings(self, guild_id: int) -> DailySettings:
        """Raises SetupMissing."""
        settings = await guilds.get(self._db, guild_id)
        if settings is None:
            raise SetupMissing
        return settings

    def exams(self) -> list[tuple[Exam, int]]:
        """The exams for which there are questions, with how many; those whose blueprint is covered best first."""

        def uncovered(exam: Exam) -> float:
            covered = {area.id for item in self._content.pool(exam) if (area := exam.area_of(item))}
            return sum(area.weight for area in exam.areas if area.id not in covered)

        found = [(exam, len(self._content.pool(exam))) for exam in self._content.exams.values()]
        return sorted((pair for pair in found if pair[1]), key=lambda pair: (uncovered(pair[0]), pair[0].id))

    async def start(self, guild_id: int, channel_id: int, organiser_id: int, **changes: Any) -> DailySettings:
        """Choose the channel. The first choice starts the daily question with defaults for all the rest."""
        exams = self.exams()
        first = DailySettings(
            guild_id=guild_id,
            channel_id=channel_id,
            minute=DEFAULT_MINUTE,
            zone=DEFAULT_ZONE,
            exam=exams[0][0].id if exams else "",
            organiser_id=organiser_id,
        )
        return await self._change(
            first, {"channel_id": channel_id, "organiser_id": organiser_id, "active": True, **changes}
        )

    async def change(self, guild_id: int, organiser_id: int, **changes: Any) -> DailySettings:
        """Change what is named and leave the rest as it is by then. Raises SetupMissing, ZoneUnknown, PoolEmpty."""
        return await self._change(await self.settings(guild_id), {"organiser_id": organiser_id, **changes})

    async def save(self, settings: DailySettings) -> DailySettings:
        """Store all settings at once, as a script does. Raises ZoneUnknown, PoolEmpty."""
        changes = {field.name: getattr(settings, field.name) for field in fields(settings)}
        return await self._change(
            settings, {name: changes[name] for name in changes if name not in ("fault", "revision")}
        )

    async def _change(self, first: DailySettings, changes: dict[str, Any]) -> DailySettings:
        """Save, and move what is owed to match, in one transaction; again when somebody else saved at that moment."""

        async def attempt() -> None:
            before = await guilds.get(self._db, first.guild_id)
            settings = self._sound(replace(before or first, **changes))
            await self._db.write(
                guilds.save(settings), *await self._replan(before, settings), *await self._moved(before, settings)
            )

        await retrying(attempt)
        saved = await self.settings(first.guild_id)
        if saved.active and await deliveries.next_due(self._db, first.guild_id, Kind.DAILY_POST) is None:
            # A post went out between the reading and the write, and what it planned was called off with the rest.
            latest = await rounds.latest_rounds(self._db, first.guild_id, 1)
            await self._db.write(plan(saved, latest[0].local_date if latest else None, int(self._clock())))
        self._wake()
        return saved

    def _sound(self, settings: DailySettings) -> DailySettings:
        zone = zone_named(settings.zone)
        exam = self._content.exams.get(settings.exam)
        if exam is None or not self._content.pool(exam):
            raise PoolEmpty(exam=exam.name if exam else settings.exam)
        return replace(settings, zone=zone)

    async def _replan(self, before: DailySettings | None, settings: DailySettings) -> list[Statement]:
        """What makes owed what the new settings say; nothing when they leave the schedule as it was.

        A post that is waiting for another attempt thereby stays owed. After a fault in the old channel today's post
        is owed again in the new one, if it is still useful; else nothing that went by is caught up.
        """
        mended = before is not None and bool(before.fault) and before.channel_id != settings.channel_id
        if before and before.active == settings.active and before.schedule == settings.schedule and not mended:
            return []
        guild_id, now = settings.guild_id, int(self._clock())
        statements = [
            deliveries.cancel(guild_id, Kind.DAILY_POST),
            deliveries.cancel(guild_id, Kind.SEASON),
            rounds.void_unposted(guild_id),
        ]
        if not settings.active:
            return statements
        statements += await plan_results(self._db, settings, now, saved=False)
        latest = next((r for r in await rounds.latest_rounds(self._db, guild_id, 3) if r.message_id is not None), None)
        last = latest.local_date if latest else None
        if mended:
            day, due_at = round_owed(settings.schedule, last or date.min, now)
        else:
            day, due_at = next_round(settings.schedule, last, now)
        statements.append(deliveries.owe(Kind.DAILY_POST, guild_id, day.isoformat(), due_at))
        if latest and latest.state is RoundState.OPEN:
            reveal_at = due_at - REVEAL_LEAD
            if settings.reveal_hours is not None and latest.reveal_at is not None:
                reveal_at = min(reveal_at, latest.reveal_at)
            statements.append(rounds.move_reveal(latest.id, reveal_at))
            statements.append(deliveries.owe(Kind.REVEAL, guild_id, str(latest.id), reveal_at))
        return statements

    async def _moved(self, before: DailySettings | None, settings: DailySettings) -> list[Statement]:
        """What another zone makes of the reminders that groups have, whether or not the daily question is posted."""
        if settings.zone == (before.zone if before else DEFAULT_ZONE):
            return []
        return await group_owed.replan(self._db, settings.guild_id, ZoneInfo(settings.zone), int(self._clock()))

    async def pause(self, guild_id: int) -> None:
        """Stop posting; settings, rounds and streaks stay."""
        await self._db.write(
            guilds.deactivate(guild_id),
            deliveries.cancel(guild_id, Kind.DAILY_POST),
            deliveries.cancel(guild_id, Kind.SEASON),
            rounds.void_unposted(guild_id),
        )

    async def sample(self, guild_id: int) -> Item:
        """An item to show how a post looks; the same each time. Raises SetupMissing, PoolEmpty."""
        settings = await self.settings(guild_id)
        exam = self._content.exams.get(settings.exam)
        pool = self._content.pool(exam) if exam else []
        if not pool:
            raise PoolEmpty(exam=settings.exam)
        return pool[0]

    async def note_fault(self, guild_id: int, fault: str) -> None:
        """Remember why a post failed; the empty text clears it."""
        await self._db.write(guilds.set_fault(guild_id, fault))


async def zone_of(db: Database, guild_id: int) -> ZoneInfo:
    """The time zone of a guild, that of most learners where /setup was never used."""
    settings = await guilds.get(db, guild_id)
    return ZoneInfo(settings.zone if settings else DEFAULT_ZONE)


def zone_named(text: str) -> str:
    """The time zone that somebody typed. Raises ZoneUnknown."""
    zone = ZONE_NAMES.get(text.strip().lower())
    if zone is None:
        raise ZoneUnknown(text=text.strip()[:40])
    return zone


def zones_like(text: str, limit: int = 25) -> list[str]:
    """Time zones whose name holds `text`, those of the Americas and exact beginnings first."""
    wanted = text.strip().lower().replace(" ", "_")
    if not wanted:
        return [*COMMON_ZONES, *(zone for zone in ZONES if zone not in COMMON_ZONES)][:limit]
    found = [zone for zone in ZONES if wanted in zone.lower()]

    def rank(zone: str) -> tuple[bool, bool, str]:
        return zone not in COMMON_ZONES, not zone.lower().rpartition("/")[2].startswith(wanted), zone

    return sorted(found, key=rank)[:limit]
