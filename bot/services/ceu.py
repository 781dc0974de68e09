"""Continuing education units: cycles of credentials, what was earned, and where a learner stands."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.core.certs import CeuMinimum
from bot.core.ceu import (
    ENTRIES_AT_MOST,
    LINK_AT_MOST,
    PROVIDER_AT_MOST,
    TITLE_AT_MOST,
    Credential,
    Cycle,
    Entry,
    first_cycle,
    parse_ceus,
    parse_earned,
    parse_start,
    step_for,
)
from bot.core.ceu_errors import (
    CategoryUnknown,
    CeusUnknown,
    CeusUnknownForMore,
    CredentialUnknown,
    CycleWhen,
    EntriesEnough,
    EntryUnknown,
    IssuerUnknown,
    LinkUnfit,
    TitleMissing,
)
from bot.core.content import Content
from bot.core.days import parse_day
from bot.core.deliveries import Kind
from bot.core.errors import UserError
from bot.services.certs import CHOICES_AT_MOST, Certs
from bot.services.ceu_export import sheet
from bot.services.ceu_ledger import Ledger, Ledgers, Page, Tracked
from bot.services.ceu_owed import CeuReminders
from bot.storage import ceu as store
from bot.storage import deliveries
from bot.storage.database import Conflict, Database

TRIES = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as its page shows it, with the cycles it counts in, and what may be chosen for it."""

    entry: Entry
    counts: tuple[tuple[Tracked, Cycle], ...]
    ledger: Ledger
    twin: bool = False
    """Whether another entry says the same."""

    @property
    def minimums(self) -> tuple[CeuMinimum, ...]:
        return self.ledger.minimums


@dataclass(frozen=True, slots=True)
class Typed:
    """An entry as somebody types it; what is None stays as it is."""

    day: str
    ceus: str
    title: str
    provider: str = ""
    link: str | None = None


class Ceu:
    """Use cases of /ceu. Credentials are those of one learner, entries too; another's are unknown."""

    def __init__(
        self, db: Database, content: Content, certs: Certs, clock: Callable[[], float], wake: Callable[[], None]
    ) -> None:
        self._db = db
        self._certs = certs
        self._clock = clock
        self._wake = wake
        self._ledgers = Ledgers(db, content, clock)
        self.reminders = CeuReminders(db, self._ledgers, clock)

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
        for attempt in range(1, TRIES + 1):
            ledger = await self._read(user_id, guild_id)
            before = next((one for one in ledger.tracked if one.exam.id == found.id), None)
            wanted = self._wanted(ledger, before, user_id, guild_id, found.id, start, end, ceus)
            following = replace(wanted, revision=wanted.revision + 1)
            calling_off = [deliveries.cancel_of(user_id, Kind.CEU, f"{wanted.id}:")] if before else []
            if before and wanted.cycle(0) != before.credential.cycle(0):
                calling_off.append(store.forget_overlapping(wanted.id, wanted.begins))
            try:
                await self._db.write(store.track(wanted), *calling_off, *ledger.owe(following, self.now))
                break
            except Conflict:  # changed on another device meanwhile
                if attempt == TRIES:
                    raise
        self._wake()
        return await self.page(user_id, found.id)

    async def change(self, user_id: int, credential_id: int, *, start: str = "", end: str = "", ceus: str = "") -> Page:
        """The same for one that is tracked. Raises CredentialUnknown, too."""
        one = self._find(await self._read(user_id), str(credential_id))
        return await self.track(user_id, one.credential.guild_id, one.exam.id, start=start, end=end, ceus=ceus)

    def _wanted(
        self,
        ledger: Ledger,
        before: Tracked | None,
        user_id: int,
        guild_id: int,
        exam: str,
        start: str,
        end: str,
        ceus: str,
    ) -> Credential:
        old = before.credential if before else None
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
        ledger = await self._read(user_id)
        one = self._find(ledger, str(credential_id))
        _check_rule(ledger, one)
        await self._db.write(
            store.track(replace(one.credential, own=None, changed_at=self.now)),
            deliveries.cancel_of(user_id, Kind.CEU, f"{credential_id}:"),
            *ledger.owe(replace(one.credential, revision=one.credential.revision + 1), self.now),
        )
        self._wake()
        return await self.page(user_id, one.exam.id)

    async def untrack(self, user_id: int, credential_id: int) -> Tracked:
        """Stop tracking a credential and reminding of it; entries stay. Raises CredentialUnknown."""
        one = self._find(await self._read(user_id), str(credential_id))
        await self._db.write(
            deliveries.cancel_of(user_id, Kind.CEU, f"{credential_id}:"), *store.untrack(credential_id, user_id)
        )
        return one

    # -- what was earned ---------------------------------------------------------------------------------------

    async def add(self, user_id: int, guild_id: int, typed: Typed, *, category: str = "", issuer: str = "") -> Shown:
        """Note units. Raises EntriesEnough, CategoryUnknown, IssuerUnknown, TitleMissing, LinkUnfit and what days and
        numbers raise."""
        ledger = await self._read(user_id, guild_id)
        categories = (self._category(category),) if category.strip() else ()
        blank = Entry(0, user_id, ledger.today, 0, "", "", categories, self._issuer(issuer), "")
        entry = _filled(blank, typed, ledger.today)
        [rows] = await self._db.write(store.add(entry, self.now))
        if not rows:
            raise EntriesEnough(most=ENTRIES_AT_MOST)
        return await self.entry(user_id, rows[0]["id"])

    async def edit(self, user_id: int, entry_id: int, typed: Typed) -> Shown:
        """Raises EntryUnknown and what `add` raises."""
        shown = await self.entry(user_id, entry_id)
        return await self._change(_filled(shown.entry, typed, shown.ledger.today))

    async def categorise(self, user_id: int, entry_id: int, categories: Sequence[str]) -> Shown:
        """Say which minimums an entry serves; those that are not offered stay. Raises EntryUnknown, CategoryUnknown."""
        shown = await self.entry(user_id, entry_id)
        offered = {least.id for least in shown.minimums}
        kept = [name for name in shown.entry.categories if name not in offered]
        chosen = [self._category(name) for name in categories]
        return await self._change(replace(shown.entry, categories=tuple(dict.fromkeys((*kept, *chosen)))))

    async def accepted_by(self, user_id: int, entry_id: int, issuer: str) -> Shown:
        """Say which issuer accepts an entry; empty for all. Raises EntryUnknown, IssuerUnknown."""
        shown = await self.entry(user_id, entry_id)
        return await self._change(replace(shown.entry, issuer=self._issuer(issuer)))

    async def _change(self, entry: Entry) -> Shown:
        [rows] = await self._db.write(store.change(entry, self.now))
        if not rows:
            raise EntryUnknown
        return await self.entry(entry.user_id, entry.id)

    async def remove(self, user_id: int, entry_id: int) -> Entry:
        """Raises EntryUnknown."""
        entry = await store.entry(self._db, entry_id, user_id)
        if entry is None:
            raise EntryUnknown
        await self._db.write(store.remove(entry_id, user_id))
        return entry

    # -- reading -----------------------------------------------------------------------------------------------

    async def ledger(self, user_id: int, guild_id: int = 0) -> Ledger:
        """Everything a learner tracks; cycles that ended meanwhile are noted, and the next ones have their reminders."""
        return await self._read(user_id, guild_id)

    async def page(self, user_id: int, credential: str) -> Page:
        """One credential, by its exam or the number of its row. Raises CredentialUnknown."""
        ledger = await self._read(user_id)
        return ledger.page(self._find(ledger, credential))

    async def entry(self, user_id: int, entry_id: int | str) -> Shown:
        """Raises EntryUnknown."""
        ledger = await self._read(user_id)
        wanted = str(entry_id).strip()
        entry = next((entry for entry in ledger.entries if str(entry.id) == wanted), None)
        if entry is None:
            raise EntryUnknown
        same = [replace(other, id=0, categories=(), issuer="", link="") for other in ledger.entries]
        twin = same.count(replace(entry, id=0, categories=(), issuer="", link="")) > 1
        return Shown(entry, tuple(ledger.counting()[entry.id]), ledger, twin)

    async def export(self, user_id: int) -> bytes:
        """All entries as CSV."""
        return sheet(await self._read(user_id))

    async def _read(self, user_id: int, guild_id: int = 0) -> Ledger:
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

    # -- what fields suggest -----------------------------------------------------------------------------------

    async def own(self, user_id: int, text: str) -> list[Tracked]:
        """The learner's credentials whose name or issuer holds what was typed."""
        wanted = text.strip().casefold()
        ledger = await self._ledgers.read(user_id)
        return [one for one in ledger.tracked if wanted in f"{one.exam.name} {one.exam.issuer}".casefold()]

    async def entries_like(self, user_id: int, text: str) -> list[Entry]:
        """The newest entries whose title, provider or day holds what was typed."""
        wanted = text.strip().casefold()
        entries = await store.entries(self._db, user_id)
        like = (entry for entry in entries if wanted in f"{entry.title} {entry.provider} {entry.day}".casefold())
        return [entry for entry, _ in zip(like, range(CHOICES_AT_MOST), strict=False)]

    async def categories_like(self, user_id: int, text: str) -> list[CeuMinimum]:
        """Categories that hold what was typed, those of the learner's credentials if they track any."""
        wanted = text.strip().casefold()
        mine = (await self._ledgers.read(user_id)).minimums or tuple(self._ledgers.minimums())
        return [least for least in mine if wanted in f"{least.id} {least.title}".casefold()][:CHOICES_AT_MOST]

    async def read_day(self, user_id: int, guild_id: int, text: str, kind: str) -> date | None:
        """How a day would be read as the `start` or `end` of a cycle, or as one on which units were `earned`."""
        today = (await self._ledgers.read(user_id, guild_id)).today
        read = {"start": parse_start, "end": parse_day, "earned": parse_earned}[kind]
        try:
            return read(text, today)
        except UserError:
            return None

    @property
    def issuers(self) -> tuple[str, ...]:
        return self._ledgers.issuers

    # -- what was meant ----------------------------------------------------------------------------------------

    def _find(self, ledger: Ledger, text: str) -> Tracked:
        wanted = text.strip().casefold()
        for one in ledger.tracked:
            if wanted in (one.exam.id.casefold(), one.exam.name.casefold(), str(one.credential.id)):
                return one
        raise CredentialUnknown(text=text.strip()[:40])

    def _category(self, text: str) -> str:
        wanted = text.strip().casefold()
        for least in self._ledgers.minimums():
            if wanted in (least.id, least.title.casefold()):
                return least.id
        raise CategoryUnknown(text=text.strip()[:40])

    def _issuer(self, text: str) -> str:
        wanted = text.strip().casefold()
        for name in ("", *self._ledgers.issuers):
            if wanted == name.casefold():
                return name
        raise IssuerUnknown(text=text.strip()[:40])


def _check_rule(ledger: Ledger, one: Tracked) -> None:
    """Raises CeusUnknown, CeusUnknownForMore where no rule says how many units a credential needs."""
    if one.rule is None:
        raise CeusUnknown(exam=one.exam.name, issuer=one.exam.issuer)
    same = [other for other in ledger.tracked if other.rule is one.rule and other.exam.id != one.exam.id]
    if step_for(one.rule, len(same) + 1) is None:
        names = " and ".join(other.exam.name for other in same)
        raise CeusUnknownForMore(issuer=one.exam.issuer, others=names)


def _filled(entry: Entry, typed: Typed, today: date) -> Entry:
    title = " ".join(typed.title.split())[:TITLE_AT_MOST]
    if not title:
        raise TitleMissing(most=TITLE_AT_MOST)
    link = entry.link if typed.link is None else typed.link.strip()
    if link and (not link.startswith("https://") or len(link) > LINK_AT_MOST or re.search(r"[^\x21-\x7e]|[<>]", link)):
        raise LinkUnfit(most=LINK_AT_MOST)
    return replace(
        entry,
        day=parse_earned(typed.day, today),
        quarters=parse_ceus(typed.ceus),
        title=title,
        provider=" ".join(typed.provider.split())[:PROVIDER_AT_MOST],
        link=link,
    )
