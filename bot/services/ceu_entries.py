"""What learners earned: units noted one entry at a time, what minimums they serve, and in which cycles they count."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.core.certs import CeuMinimum
from bot.core.ceu_cycles import Cycle
from bot.core.ceu_entries import (
    ENTRIES_AT_MOST,
    LINK_AT_MOST,
    PROVIDER_AT_MOST,
    TITLE_AT_MOST,
    Entry,
    parse_ceus,
    parse_earned,
)
from bot.core.ceu_errors import CategoryUnknown, EntriesEnough, EntryUnknown, IssuerUnknown, LinkUnfit, TitleMissing
from bot.services.certs import CHOICES_AT_MOST
from bot.services.ceu_ledger import Ledger, Ledgers, Tracked
from bot.storage import ceu as store
from bot.storage.database import Database


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


class CeuEntries:
    """Use cases of entries, those of one learner; another's are unknown."""

    def __init__(
        self,
        db: Database,
        ledgers: Ledgers,
        clock: Callable[[], float],
        read: Callable[[int, int], Awaitable[Ledger]],
    ) -> None:
        """`read` gives what a learner (id) tracks, in a guild (id), brought up to date."""
        self._db = db
        self._ledgers = ledgers
        self._clock = clock
        self._read = read

    @property
    def now(self) -> int:
        return int(self._clock())

    # -- noting and changing -----------------------------------------------------------------------------------

    async def add(self, user_id: int, guild_id: int, typed: Typed, *, category: str = "", issuer: str = "") -> Shown:
        """Note units. Raises EntriesEnough, CategoryUnknown, IssuerUnknown, TitleMissing, LinkUnfit and what days and
        numbers raise."""
        today = (await self._ledgers.holdings(user_id, guild_id)).today
        categories = (self._category(category),) if category.strip() else ()
        blank = Entry(0, user_id, today, 0, "", "", categories, self._issuer(issuer), "")
        entry = _filled(blank, typed, today)
        [rows] = await self._db.write(store.add(entry, self.now))
        if not rows:
            raise EntriesEnough(most=ENTRIES_AT_MOST)
        return await self.show(user_id, rows[0]["id"])

    async def edit(self, user_id: int, entry_id: int, typed: Typed) -> Shown:
        """Raises EntryUnknown and what `add` raises."""
        entry = await self._own_entry(user_id, entry_id)
        return await self._change(_filled(entry, typed, (await self._ledgers.holdings(user_id)).today))

    async def categorise(self, user_id: int, entry_id: int, categories: Sequence[str]) -> Shown:
        """Say which minimums an entry serves; those that are not offered stay. Raises EntryUnknown, CategoryUnknown."""
        entry = await self._own_entry(user_id, entry_id)
        offered = {least.id for least in (await self._ledgers.holdings(user_id)).minimums}
        kept = [name for name in entry.categories if name not in offered]
        chosen = [self._category(name) for name in categories]
        return await self._change(replace(entry, categories=tuple(dict.fromkeys((*kept, *chosen)))))

    async def accepted_by(self, user_id: int, entry_id: int, issuer: str) -> Shown:
        """Say which issuer accepts an entry; empty for all. Raises EntryUnknown, IssuerUnknown."""
        entry = await self._own_entry(user_id, entry_id)
        return await self._change(replace(entry, issuer=self._issuer(issuer)))

    async def _change(self, entry: Entry) -> Shown:
        [rows] = await self._db.write(store.change(entry, self.now))
        if not rows:
            raise EntryUnknown
        return await self.show(entry.user_id, entry.id)

    async def remove(self, user_id: int, entry_id: int) -> Entry:
        """Raises EntryUnknown."""
        entry = await self._own_entry(user_id, entry_id)
        await self._db.write(store.remove(entry_id, user_id))
        return entry

    async def _own_entry(self, user_id: int, entry_id: int) -> Entry:
        entry = await store.entry(self._db, entry_id, user_id)
        if entry is None:
            raise EntryUnknown
        return entry

    # -- reading -----------------------------------------------------------------------------------------------

    async def show(self, user_id: int, entry_id: int | str) -> Shown:
        """One entry, by the number of its row. Raises EntryUnknown."""
        ledger = await self._read(user_id, 0)
        wanted = str(entry_id).strip()
        entry = next((entry for entry in ledger.entries if str(entry.id) == wanted), None)
        if entry is None:
            raise EntryUnknown
        same = [replace(other, id=0, categories=(), issuer="", link="") for other in ledger.entries]
        twin = same.count(replace(entry, id=0, categories=(), issuer="", link="")) > 1
        return Shown(entry, tuple(ledger.counting()[entry.id]), ledger, twin)

    async def like(self, user_id: int, text: str) -> list[Entry]:
        """The newest entries whose title, provider or day holds what was typed."""
        wanted = text.strip().casefold()
        entries = await store.entries(self._db, user_id)
        like = (entry for entry in entries if wanted in f"{entry.title} {entry.provider} {entry.day}".casefold())
        return [entry for entry, _ in zip(like, range(CHOICES_AT_MOST), strict=False)]

    async def categories_like(self, user_id: int, text: str) -> list[CeuMinimum]:
        """Categories that hold what was typed, those of the learner's credentials if they track any."""
        wanted = text.strip().casefold()
        mine = (await self._ledgers.holdings(user_id)).minimums or tuple(self._ledgers.minimums())
        return [least for least in mine if wanted in f"{least.id} {least.title}".casefold()][:CHOICES_AT_MOST]

    # -- what was meant ----------------------------------------------------------------------------------------

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
