"""Reminders of exams: what each says when it goes out, putting one off, and how learners want to be reminded."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.certs import Stage, Step
from bot.core.content import Area, Exam
from bot.core.deliveries import Delivery, Kind, State, Unneeded
from bot.core.errors import (
    ExamDateChanged,
    OffsetsUnreadable,
    QuietUnreadable,
    SnoozedAlready,
    SnoozeTooLate,
    UserError,
    ZoneUnknown,
)
from bot.core.exam_dates import ExamDate, ExamState
from bot.core.reminders import (
    OFFSET_AT_MOST,
    OFFSETS,
    OFFSETS_AT_MOST,
    Quiet,
    ReminderSettings,
    Snooze,
    WhereTo,
    days_left,
    ends_at,
    snoozed,
)
from bot.core.schedule import parse_time
from bot.services.certs import Certs, Sheet
from bot.services.exam_dates import ExamDates
from bot.services.quiz_choice import Choosing
from bot.services.setup import ZONE_NAMES
from bot.storage import deliveries, guilds
from bot.storage import exam_dates as store
from bot.storage import reminders as settings_store
from bot.storage.database import Database, Statement

WEAK_SHOWN = 3
DMS_CLOSED = "direct messages closed"
UNREACHED = frozenset({DMS_CLOSED, "no server in common"})
"""Faults after which the learner is told in the server, without what is private."""

_SPAN = re.compile(r"\s*(.+?)\s*(?:-|–|to|until|till)\s*(.+?)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Which reminder of which date, from a delivery's subject."""

    date_id: int
    revision: int
    offset: int

    @classmethod
    def of(cls, subject: str) -> "Occurrence":
        date_id, rest = subject.split(".", 1)
        revision, offset, *_ = re.split(r"[.+]", rest)
        return cls(int(date_id), int(revision), int(offset))


@dataclass(frozen=True, slots=True)
class Due:
    """What a reminder is rendered from. `channel_id` is that of the server's messages, None where it goes to the
    learner alone; `weak` are the areas to practise; `asks` whether there are questions for the exam."""

    occurrence: Occurrence
    date: ExamDate
    sheet: Sheet
    steps: tuple[tuple[Stage, tuple[Step, ...]], ...]
    zone: ZoneInfo
    days: int
    weak: tuple[Area, ...]
    asks: bool
    guild_id: int
    channel_id: int | None

    @property
    def exam(self) -> Exam:
        return self.sheet.exam


class Reminders:
    """Use cases of reminders and /remind."""

    def __init__(
        self,
        db: Database,
        dates: ExamDates,
        certs: Certs,
        choosing: Choosing,
        clock: Callable[[], float],
        wake: Callable[[], None],
    ) -> None:
        self._db = db
        self._dates = dates
        self._certs = certs
        self._choosing = choosing
        self._clock = clock
        self._wake = wake

    @property
    def now(self) -> int:
        return int(self._clock())

    # -- one reminder ------------------------------------------------------------------------------------------

    async def prepare(self, delivery: Delivery) -> Due:
        """Raises Unneeded when the date was changed or taken out."""
        try:
            return await self.due(delivery.user_id or 0, Occurrence.of(delivery.subject))
        except UserError as error:
            raise Unneeded("changed") from error

    async def due(self, user_id: int, occurrence: Occurrence) -> Due:
        """Raises ExamDateChanged, ExamUnknown."""
        found = await self._current(user_id, occurrence)
        settings = await settings_store.settings(self._db, user_id)
        zone = settings.zone_for(found.moment)
        way = self._certs.path(found.exam)
        server = await guilds.get(self._db, found.guild_id) if found.guild_id else None
        public = settings.where_to is WhereTo.SERVER and server is not None and server.active
        return Due(
            occurrence=occurrence,
            date=found,
            sheet=way.sheet,
            steps=way.stages,
            zone=zone,
            days=days_left(found.moment, zone, self.now),
            weak=tuple(await self._choosing.weakest(user_id, way.sheet.exam, WEAK_SHOWN)),
            asks=self._choosing.asks(found.exam),
            guild_id=found.guild_id,
            channel_id=server.channel_id if public and server else None,
        )

    async def _current(self, user_id: int, occurrence: Occurrence) -> ExamDate:
        found = await store.get(self._db, occurrence.date_id)
        if (
            found is None
            or found.user_id != user_id
            or found.state is not ExamState.PLANNED
            or found.revision != occurrence.revision
        ):
            raise ExamDateChanged
        return found

    async def snooze(self, user_id: int, occurrence: Occurrence, pressed_id: int, choice: Snooze) -> tuple[Due, int]:
        """Put a reminder off; returns it and when it comes again (UTC seconds). `pressed_id` is the delivery of the
        message that was pressed. Once more moves it. Raises ExamDateChanged, SnoozeTooLate, SnoozedAlready."""
        due = await self.due(user_id, occurrence)
        settings = await settings_store.settings(self._db, user_id)
        at = snoozed(choice, settings, due.zone, self.now)
        last = ends_at(due.date.moment, due.zone)
        if at >= last:
            raise SnoozeTooLate
        [rows] = await self._db.write(store.owe_again(self._db, due.date, occurrence.offset, pressed_id, at, last))
        if not rows:
            await self._current(user_id, occurrence)
            raise SnoozedAlready
        self._wake()
        return due, at

    async def done(self, user_id: int, occurrence: Occurrence) -> Due | None:
        """Have done with a reminder: what of it was put off is called off. The other reminders of the exam stay. Returns
        it, or None where its date was changed since."""
        prefix = store.again_prefix(occurrence.date_id, occurrence.revision, occurrence.offset)
        await self._db.write(deliveries.cancel_of(user_id, Kind.EXAM_REMINDER, prefix))
        try:
            return await self.due(user_id, occurrence)
        except UserError:
            return None

    # -- settings ----------------------------------------------------------------------------------------------

    async def settings(self, user_id: int) -> ReminderSettings:
        return await settings_store.settings(self._db, user_id)

    async def set(
        self,
        user_id: int,
        *,
        zone: str | None = None,
        days: str | None = None,
        quiet: str | None = None,
        where_to: WhereTo | None = None,
    ) -> ReminderSettings:
        """Change what is given, if anything, and move the reminders to come to match; an empty zone is that of each
        exam. Raises
        ZoneUnknown, OffsetsUnreadable, QuietUnreadable."""
        changes: dict[str, Any] = {}
        if zone is not None:
            changes["zone"] = _zone(zone)
        if days is not None:
            changes["offsets"] = parse_offsets(days)
        if quiet is not None:
            changes["quiet"] = parse_quiet(quiet)
        if where_to is not None:
            changes["where_to"] = where_to
        saved = ReminderSettings()
        if not changes:
            return await self.settings(user_id)

        async def make(before: ReminderSettings) -> tuple[ReminderSettings, list[Statement]]:
            nonlocal saved
            saved = replace(before, **changes)
            planned = await store.planned(self._db, user_id)
            return saved, [statement for found in planned for statement in self._dates.replan(found, saved)]

        await self._dates.change(user_id, make)
        return saved


class ExamReminders:
    """What reminders mean to the rest of the state."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        return [store.set_fault(Occurrence.of(delivery.subject).date_id, "")]

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        if state is not State.FAILED:
            return []
        found = await store.get(self._db, Occurrence.of(delivery.subject).date_id)
        if found is None or found.state is not ExamState.PLANNED:
            return []
        statements = [store.set_fault(found.id, reason)]
        if reason in UNREACHED:
            statements += owe_unreached(found.guild_id, found.user_id, f"exam.{found.id}", now)
        return statements


def owe_unreached(guild_id: int, user_id: int, about: str, now: int) -> list[Statement]:
    """Owe a word in the server to a learner whose direct messages are closed, once for what it is `about` (a kind and
    an id). Nothing where the learner came without a server."""
    return [deliveries.owe(Kind.UNREACHED, guild_id, about, now, user_id=user_id)] if guild_id else []


@dataclass(frozen=True, slots=True)
class UnreachedPost:
    """Whom a server's channel is asked to tell that their direct messages are closed."""

    user_id: int
    guild_id: int
    channel_id: int


class Unreached:
    """What words to learners who could not be reached mean."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def prepare(self, delivery: Delivery) -> UnreachedPost:
        """Raises Unneeded where the server has no channel for it."""
        server = await guilds.get(self._db, delivery.guild_id)
        if server is None or not server.active or delivery.user_id is None:
            raise Unneeded("no channel")
        return UnreachedPost(delivery.user_id, delivery.guild_id, server.channel_id)

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        return []

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        # /exam list shows the fault, whether or not this word arrived.
        return []


def parse_offsets(text: str) -> tuple[int, ...]:
    """Days before an exam as people type them; “none” stops all, the empty text is the usual. Raises OffsetsUnreadable."""
    typed = text.strip().lower()
    if not typed:
        return OFFSETS
    if typed in ("none", "never", "off"):
        return ()
    words = re.split(r"[\s,;]+(?:and\s+)?", typed)
    sound = all(re.fullmatch(r"[0-9]{1,4}", word) for word in words)
    numbers = sorted({int(word) for word in words}, reverse=True) if sound else []
    if not 0 < len(numbers) <= OFFSETS_AT_MOST or numbers[0] > OFFSET_AT_MOST:
        raise OffsetsUnreadable(text=text.strip()[:40], most=OFFSETS_AT_MOST, longest=OFFSET_AT_MOST)
    return tuple(numbers)


def parse_quiet(text: str) -> Quiet | None:
    """A span of hours as people type it; nothing, or “none”, is no quiet hours. Raises QuietUnreadable."""
    typed = text.strip()
    if typed.lower() in ("", "none", "off", "no"):
        return None
    match = _SPAN.fullmatch(typed)
    try:
        quiet = Quiet(parse_time(match[1]), parse_time(match[2])) if match else None
    except UserError:
        quiet = None
    if quiet is None or quiet.start == quiet.end:
        raise QuietUnreadable(text=typed[:40])
    return quiet


def _zone(text: str) -> str:
    if text.strip().lower() in ("", "none"):
        return ""
    zone = ZONE_NAMES.get(text.strip().lower())
    if zone is None:
        raise ZoneUnknown(text=text.strip()[:40])
    return zone
