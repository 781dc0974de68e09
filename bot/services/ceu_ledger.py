"""What a learner's continuing education units come to: credentials, cycles and entries read together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.core.certs import CeuMinimum, CeuRule, Issuer
from bot.core.ceu import Part, Requirement, Standing, requirement, standing
from bot.core.ceu_cycles import Credential, Cycle, Due, reminders
from bot.core.ceu_entries import Entry
from bot.core.content import Content, Exam
from bot.core.reminders import ReminderSettings, outside
from bot.core.schedule import local_date
from bot.services.setup import zone_of
from bot.storage import ceu as store
from bot.storage import reminders as reminder_settings
from bot.storage.database import Database, Statement


@dataclass(frozen=True, slots=True)
class Tracked:
    """A credential with what is known of it. `exam` may have left the content; then its id stands for it."""

    credential: Credential
    exam: Exam
    issuer: Issuer | None
    rule: CeuRule | None


@dataclass(frozen=True, slots=True)
class Past:
    """A cycle that is over, judged by what it needed when it ended."""

    tracked: Tracked
    standing: Standing


@dataclass(frozen=True, slots=True)
class Page:
    """A credential as its page shows it: the cycle that runs, those that are over, newest first."""

    tracked: Tracked
    standing: Standing
    past: tuple[Past, ...]
    today: date
    others: tuple[Tracked, ...]

    @property
    def begun(self) -> bool:
        return self.standing.cycle.first <= self.today


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything a learner tracks, as of `today` on their calendar; entries are the newest first."""

    user_id: int
    today: date
    zone: ZoneInfo
    settings: ReminderSettings
    tracked: tuple[Tracked, ...]
    entries: tuple[Entry, ...]
    ended: tuple[store.Ended, ...]

    def find(self, credential_id: int) -> Tracked | None:
        return next((one for one in self.tracked if one.credential.id == credential_id), None)

    @property
    def issuers(self) -> tuple[str, ...]:
        """The issuers of what is tracked, by name."""
        return tuple(sorted({one.exam.issuer for one in self.tracked}))

    @property
    def minimums(self) -> tuple[CeuMinimum, ...]:
        """The categories that matter for what is tracked."""
        rules = dict.fromkeys(one.rule for one in self.tracked if one.rule and one.credential.own is None)
        mine = {one.exam.id for one in self.tracked}
        return tuple(
            least for rule in rules for least in rule.minimums if not least.exams or mine.intersection(least.exams)
        )

    def held(self, one: Tracked, cycle: Cycle) -> int:
        """How many credentials are held under the same rule by the end of a cycle."""
        if one.rule is None:
            return 1
        return sum(other.rule is one.rule and other.credential.begins <= cycle.last for other in self.tracked)

    def needs(self, one: Tracked, cycle: Cycle) -> Requirement:
        found = requirement(one.rule, one.exam.id, self.held(one, cycle), one.credential.own)
        return found or Requirement(0, None, fits=False)

    def standing(self, one: Tracked, cycle: Cycle | None = None) -> Standing:
        """Where a cycle stands; the one that runs, unless another is named."""
        cycle = cycle or one.credential.on(self.today)
        return standing(one.credential, cycle, self.needs(one, cycle), one.exam.issuer, self.entries)

    def page(self, one: Tracked) -> Page:
        others = tuple(other for other in self.tracked if other is not one)
        ended = (ended for ended in self.ended if ended.credential_id == one.credential.id)
        return Page(one, self.standing(one), self._past(ended), self.today, others)

    @property
    def pages(self) -> tuple[Page, ...]:
        return tuple(map(self.page, self.tracked))

    def _past(self, over: Iterable[store.Ended]) -> tuple[Past, ...]:
        found = ((self.find(ended.credential_id), ended) for ended in over)
        return tuple(Past(one, self._judged(one, ended)) for one, ended in found if one is not None)

    def _judged(self, one: Tracked, ended: store.Ended) -> Standing:
        known = {least.id: least for least in one.rule.minimums} if one.rule else {}
        parts = tuple(Part(known[name], needed) for name, needed in ended.parts if name in known)
        needs = Requirement(ended.needed, None, parts)
        return standing(one.credential, Cycle(-1, ended.first, ended.last), needs, one.exam.issuer, self.entries)

    def counting(self) -> dict[int, list[tuple[Tracked, Cycle]]]:
        """The cycles, running and past, in which each entry counts, by its id."""
        running = [(one, self.standing(one)) for one in self.tracked]
        over = [(past.tracked, past.standing) for past in self._past(self.ended)]
        found: dict[int, list[tuple[Tracked, Cycle]]] = {entry.id: [] for entry in self.entries}
        for one, stands in (*running, *over):
            for entry in stands.counted:
                found[entry.id].append((one, stands.cycle))
        return found

    # -- what follows from it ----------------------------------------------------------------------------------

    def unsettled(self) -> list[tuple[Tracked, Cycle]]:
        """Cycles that ended since their credential was set and of which nothing is noted yet."""
        noted = {(ended.credential_id, ended.first) for ended in self.ended}
        found: list[tuple[Tracked, Cycle]] = []
        for one in self.tracked:
            credential = one.credential
            first = credential.on(local_date(credential.changed_at, self.zone)).number
            for number in range(first, credential.on(self.today).number):
                cycle = credential.cycle(number)
                if (credential.id, cycle.first) not in noted:
                    found.append((one, cycle))
        return found

    def settle(self, one: Tracked, cycle: Cycle, now: int) -> Statement:
        needs = self.needs(one, cycle)
        parts = [(part.minimum.id, part.needed) for part in needs.parts]
        return store.settle(one.credential, cycle, needs.needed, parts, now)

    def owe(self, credential: Credential, now: int) -> list[Statement]:
        """Owe what is still to come of the running cycle of a credential."""
        cycle = credential.on(self.today)
        return [store.owe(credential, cycle.number, due) for due in self.dues(credential, cycle) if due.due_at > now]

    def dues(self, credential: Credential, cycle: Cycle) -> list[Due]:
        """All messages of a cycle, on the learner's clock and outside their quiet hours."""
        found = reminders(cycle, self.zone)
        return [replace(due, due_at=outside(self.settings.quiet, due.due_at, self.zone)) for due in found]


class Ledgers:
    """Reads ledgers."""

    def __init__(self, db: Database, content: Content, clock: Callable[[], float]) -> None:
        self._db = db
        self._content = content
        self._clock = clock
        self._issuers = {issuer.name: issuer for issuer in content.issuers.values()}

    async def read(self, user_id: int, guild_id: int = 0) -> Ledger:
        """Everything, in the zone that the learner chose, or else that of where they set their first credential, or of
        `guild_id`."""
        return replace(
            await self.holdings(user_id, guild_id),
            entries=tuple(await store.entries(self._db, user_id)),
            ended=tuple(await store.ended(self._db, user_id)),
        )

    async def holdings(self, user_id: int, guild_id: int = 0, settings: ReminderSettings | None = None) -> Ledger:
        """The same without entries and cycles that are over: a few rows, where what was earned is not asked for. `settings`
        are those that are only being saved."""
        credentials = await store.credentials(self._db, user_id)
        settings = settings or await reminder_settings.settings(self._db, user_id)
        if settings.zone:
            zone = ZoneInfo(settings.zone)
        else:
            first = min((found for found in credentials if found.guild_id), key=lambda found: found.id, default=None)
            zone = await zone_of(self._db, first.guild_id if first else guild_id)
        return Ledger(
            user_id=user_id,
            today=local_date(int(self._clock()), zone),
            zone=zone,
            settings=settings,
            tracked=tuple(map(self.tracked, credentials)),
            entries=(),
            ended=(),
        )

    def tracked(self, credential: Credential) -> Tracked:
        name = credential.exam
        exam = self._content.exams.get(name)
        if exam is None:
            as_of = datetime.fromtimestamp(credential.changed_at, UTC).date()
            exam = Exam(name, name.upper(), "its issuer", None, (), "", as_of)
        issuer = self._issuers.get(exam.issuer)
        return Tracked(credential, exam, issuer, issuer.ceu_rule(exam.id) if issuer else None)

    def minimums(self) -> Iterable[CeuMinimum]:
        """The categories of all rules."""
        return (least for issuer in self._issuers.values() for rule in issuer.ceus for least in rule.minimums)

    @property
    def issuers(self) -> tuple[str, ...]:
        return tuple(sorted(self._issuers))
