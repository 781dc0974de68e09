"""Continuing education units: cycles of credentials, and where a learner stands in them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.core.ceu import step_for
from bot.core.ceu_cycles import Credential, first_cycle
from bot.core.ceu_entries import parse_ceus, parse_earned, parse_start
from bot.core.ceu_errors import CeusUnknown, CeusUnknownForMore, CredentialUnknown, CycleWhen
from bot.core.content import Content
from bot.core.days import parse_day
from bot.core.deliveries import Kind
from bot.core.errors import UserError
from bot.services.certs import Certs
from bot.services.ceu_entries import CeuEntries
from bot.services.ceu_export import sheet
from bot.services.ceu_ledger import Ledger, Ledgers, Page, Tracked
from bot.services.ceu_owed import CeuReminders
from bot.storage import ceu as store
from bot.storage import deliveries
from bot.storage.database import Database, retrying


class Ceu:
    """Use cases of /ceu. Credentials are those of one learner; another's are unknown."""

    def __init__(
        self, db: Database, content: Content, certs: Certs, clock: Callable[[], float], wake: Callable[[], None]
    ) -> None:
        self._db = db
        self._certs = certs
        self._clock = clock
        self._wake = wake
        self._ledgers = Ledgers(db, content, clock)
        self.reminders = CeuReminders(db, self._ledgers, clock)
        self.entries = CeuEntries(db, self._ledgers, clock, self.ledger)

    @property
    def now(self) -> int:
        return int(self._clock())

    # -- credentials and their cycles --------------------------------------------------------------------------

    async def track(
        self, user_id: int, guild_id: int, exam: str, *, start: str = "", end: str = "", ceus: str = ""
    ) -> Page:
        """Begin to track a credential, or change its cycle; what is left empty stays as it was. Raises ExamUnknown,
        CeusUnknown, CeusUnknownForMore, CycleWhen and what days and numbers raise."""
        found = self._certs.show(exam).exam
        return await self._keep(
            user_id, guild_id, lambda ledger: self._wanted(ledger, user_id, guild_id, found.id, start, end, ceus)
        )

    async def change(self, user_id: int, credential_id: int, *, start: str = "", end: str = "", ceus: str = "") -> Page:
        """The same for one that is tracked. Raises CredentialUnknown, too."""
        one = self._find(await self.ledger(user_id), str(credential_id))
        return await self.track(user_id, one.credential.guild_id, one.exam.id, start=start, end=end, ceus=ceus)

    async def _keep(self, user_id: int, guild_id: int, make: Callable[[Ledger], Credential]) -> Page:
        """Store the credential that `make` gives by what is tracked, with the reminders of its running cycle; again when it
        was changed on another device at that moment."""

        async def attempt() -> Credential:
            ledger = await self.ledger(user_id, guild_id)
            wanted = make(ledger)
            before = ledger.find(wanted.id)
            calling_off = [deliveries.cancel_of(user_id, Kind.CEU, f"{wanted.id}:")] if before else []
            if before and wanted.cycle(0) != before.credential.cycle(0):
                calling_off.append(store.forget_overlapping(wanted.id, wanted.begins))
            following = replace(wanted, revision=wanted.revision + 1)
            await self._db.write(store.track(wanted), *calling_off, *ledger.owe(following, self.now))
            return wanted

        kept = await retrying(attempt)
        self._wake()
        return await self.page(user_id, kept.exam)

    def _wanted(
        self, ledger: Ledger, user_id: int, guild_id: int, exam: str, start: str, end: str, ceus: str
    ) -> Credential:
        old = next((one.credential for one in ledger.tracked if one.exam.id == exam), None)
        today = ledger.today
        first = parse_start(start, today) if start.strip() else None
        last = parse_day(end, today) if end.strip() else None
        own = parse_ceus(ceus) if ceus.strip() else old.own if old else None
        found = old or Credential(0, user_id, guild_id, exam, today, today, 1, own, 0, self.now)
        one = self._ledgers.tracked(found)
        if own is None:
            _check_rule(ledger, one)
        found = replace(found, guild_id=found.guild_id or guild_id, own=own, changed_at=self.now)
        if old is not None and first is None and last is None:
            return found
        period = one.rule.period if one.rule else None
        if period is None and old is not None:
            first, last = first or old.begins, last or old.ends
        cycle = first_cycle(period, first, last, today, one.exam.issuer)
        if cycle is None:
            too_little = CeusUnknown if period is None else CycleWhen
            raise too_little(exam=one.exam.name, issuer=one.exam.issuer)
        return replace(found, begins=cycle[0], ends=cycle[1], months=cycle[2])

    async def by_the_rule(self, user_id: int, credential_id: int) -> Page:
        """Count by the issuer's rule again instead of the learner's own number. Raises CredentialUnknown, CeusUnknown,
        CeusUnknownForMore."""

        def make(ledger: Ledger) -> Credential:
            one = self._find(ledger, str(credential_id))
            _check_rule(ledger, one)
            return replace(one.credential, own=None, changed_at=self.now)

        return await self._keep(user_id, 0, make)

    async def untrack(self, user_id: int, credential_id: int) -> Tracked:
        """Stop tracking a credential and reminding of it; entries stay. Raises CredentialUnknown."""
        one = self._find(await self.ledger(user_id), str(credential_id))
        await self._db.write(
            deliveries.cancel_of(user_id, Kind.CEU, f"{credential_id}:"), *store.untrack(credential_id, user_id)
        )
        return one

    # -- reading -----------------------------------------------------------------------------------------------

    async def ledger(self, user_id: int, guild_id: int = 0) -> Ledger:
        """Everything a learner tracks; cycles that ended meanwhile are noted, and the next ones have their reminders."""
        ledger = await self._ledgers.read(user_id, guild_id)
        over = ledger.unsettled()
        if not over:
            return ledger
        renewed = {one.credential.id: one.credential for one, _ in over}
        await self._db.write(
            *(ledger.settle(one, cycle, self.now) for one, cycle in over),
            *(statement for credential in renewed.values() for statement in ledger.owe(credential, self.now)),
        )
        self._wake()
        return await self._ledgers.read(user_id, guild_id)

    async def page(self, user_id: int, credential: str) -> Page:
        """One credential, by its exam or the number of its row. Raises CredentialUnknown."""
        ledger = await self.ledger(user_id)
        return ledger.page(self._find(ledger, credential))

    async def export(self, user_id: int) -> tuple[bytes, int]:
        """All entries as CSV, and how many they are."""
        ledger = await self.ledger(user_id)
        return sheet(ledger), len(ledger.entries)

    # -- what fields suggest -----------------------------------------------------------------------------------

    async def own(self, user_id: int, text: str) -> list[Tracked]:
        """The learner's credentials whose name or issuer holds what was typed."""
        wanted = text.strip().casefold()
        ledger = await self._ledgers.holdings(user_id)
        return [one for one in ledger.tracked if wanted in f"{one.exam.name} {one.exam.issuer}".casefold()]

    async def read_day(self, user_id: int, guild_id: int, text: str, kind: str) -> date | None:
        """How a day would be read as the `start` or `end` of a cycle, or as one on which units were `earned`."""
        today = (await self._ledgers.holdings(user_id, guild_id)).today
        read = {"start": parse_start, "end": parse_day, "earned": parse_earned}[kind]
        try:
            return read(text, today)
        except UserError:
            return None

    @property
    def issuers(self) -> tuple[str, ...]:
        return self._ledgers.issuers

    def _find(self, ledger: Ledger, text: str) -> Tracked:
        wanted = text.strip().casefold()
        for one in ledger.tracked:
            if wanted in (one.exam.id.casefold(), one.exam.name.casefold(), str(one.credential.id)):
                return one
        raise CredentialUnknown(text=text.strip()[:40])


def _check_rule(ledger: Ledger, one: Tracked) -> None:
    """Raises CeusUnknown, CeusUnknownForMore where no rule says how many units a credential needs."""
    if one.rule is None:
        raise CeusUnknown(exam=one.exam.name, issuer=one.exam.issuer)
    same = [other for other in ledger.tracked if other.rule is one.rule and other.exam.id != one.exam.id]
    if step_for(one.rule, len(same) + 1) is None:
        names = " and ".join(other.exam.name for other in same)
        raise CeusUnknownForMore(issuer=one.exam.issuer, others=names)
