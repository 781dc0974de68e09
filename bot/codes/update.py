"""Fetching the current official files and importing those that changed, each judged on its own."""

import asyncio
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Protocol

from bot.codes.addresses import Address
from bot.codes.build import Everyday, Place, file_sha256, read_all
from bot.codes.fetch import Arrived, Fetcher, Moved, NotFetched, Patience, Refused, open_session
from bot.codes.importing import Imported, import_files
from bot.codes.part import Part
from bot.codes.release import FileFault

DOWNLOADS = "downloads"
"""Folder beside the database for what is being fetched."""

_AT_ONCE = 3


class Shown(Protocol):
    """Who hears how far it is."""

    def __call__(self, label: str, done: int, of: int, /) -> None:
        """Steps of building the database."""
        ...

    def arrived(self, label: str, done: int, of: int, /) -> None:
        """Bytes of a file; `of` is 0 while the server doesn't say how many there are."""
        ...


class AnotherRuns(Exception):
    """Another update of these code sets is running; wait for it to end."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one address. `imported` is None unless something new was; `fault` is a sentence, or empty."""

    address: Address
    imported: Imported | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What stands at an address before it is fetched: whether its file was imported, and how many bytes are there."""

    address: Address
    known: bool
    bytes_here: int


@dataclass(frozen=True, slots=True)
class _Brought:
    address: Address
    part: Part
    path: Path
    sha256: str


def plan(place: Place, addresses: Sequence[Address]) -> list[Plan]:
    """What an update would begin with; looks at the disk alone."""
    have = _imported(place)
    parts = [(address, _part(place, address)) for address in addresses]
    return [Plan(address, part.stamp.sha256 in have, part.size) for address, part in parts]


def update(
    place: Place,
    everyday: Everyday,
    addresses: Sequence[Address],
    shown: Shown,
    *,
    patience: Patience | None = None,
    rng: Random | None = None,
) -> list[Outcome]:
    """Fetch the files at the addresses and import those that changed; what became of each, in the same order.

    An address that fails changes nothing and does not keep the others from being imported. Raises AnotherRuns, and
    OSError where the folder of the code sets can't be written.
    """
    with _alone(place):
        found = asyncio.run(_bring_all(place, addresses, shown, patience or Patience(), rng or Random()))
        brought = [one for one in found if isinstance(one, _Brought)]
        outcomes = [one for one in found if isinstance(one, Outcome)] + _take_in(place, everyday, brought, shown)
    return sorted(outcomes, key=lambda outcome: addresses.index(outcome.address))


@contextmanager
def _alone(place: Place) -> Generator[None]:
    """Two updates would write into the same part. The lock of a database ends with the process, however that ends."""
    downloads = place.folder / DOWNLOADS
    downloads.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(downloads / "lock.db", timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        if "locked" in str(error):
            raise AnotherRuns from None
        raise OSError(f"{downloads / 'lock.db'} can't be written ({error})") from None
    try:
        yield
    finally:
        connection.close()


async def _bring_all(
    place: Place, addresses: Sequence[Address], shown: Shown, patience: Patience, rng: Random
) -> list[_Brought | Outcome]:
    have = _imported(place)
    slots = asyncio.Semaphore(_AT_ONCE)
    async with open_session(patience) as session:
        fetcher = Fetcher(session, patience, rng)

        async def bring(address: Address) -> _Brought | Outcome:
            async with slots:
                try:
                    return await _bring(fetcher, place, address, have, shown)
                except NotFetched as error:
                    return Outcome(address, fault=f"could not be fetched: {error}{_advice(address, error)}.")
                except FileFault as fault:
                    return Outcome(address, fault=f"was fetched, but can't be used: {fault}.")

        return list(await asyncio.gather(*(bring(address) for address in addresses)))


async def _bring(
    fetcher: Fetcher, place: Place, address: Address, have: frozenset[str], shown: Shown
) -> _Brought | Outcome:
    part = _part(place, address)
    label = f"{address.system}: {address.what}"

    def arrived(done: int, of: int) -> None:
        shown.arrived(label, done, of)

    brought = await _bring_once(fetcher, part, address, have, arrived)
    if isinstance(brought, FileFault) and part.joined:
        # The pieces may not have belonged together, whatever the server said of them.
        part.forget()
        brought = await _bring_once(fetcher, part, address, have, arrived)
    if isinstance(brought, FileFault):
        part.forget()
        raise brought
    return brought


async def _bring_once(
    fetcher: Fetcher, part: Part, address: Address, have: frozenset[str], arrived: Arrived
) -> _Brought | Outcome | FileFault:
    path = await fetcher.fetch(part, address.at_least, arrived, known=part.stamp.sha256 in have)
    if path is None:
        return Outcome(address)
    sha256 = await asyncio.to_thread(file_sha256, path)
    if sha256 in have:
        _done_with(part, sha256)
        return Outcome(address)
    try:
        await asyncio.to_thread(_check, path, address)
    except FileFault as fault:
        return fault
    return _Brought(address, part, path, sha256)


def _check(path: Path, address: Address) -> None:
    """Read a file as the import will. Raises FileFault if it is damaged or is not what the address promises."""
    sources = [read.source for read in read_all(path)]
    of_system = [source for source in sources if source.system is address.system]
    if not of_system:
        found = " and ".join(sorted({source.system for source in sources}))
        raise FileFault(path.name, "", f"holds {found} in place of {address.system}")
    names = sorted({source.name for source in of_system})
    if address.release not in names:
        what = f"tells of {' and '.join(names)}, where the list of addresses says {address.release}"
        raise FileFault(path.name, "", f"{what}; if that is what you want, correct the release there")


def _take_in(place: Place, everyday: Everyday, brought: Sequence[_Brought], shown: Shown) -> list[Outcome]:
    """Import together what was brought, in one build; or one by one, if together it can't be."""
    if not brought:
        return []
    outcomes: list[Outcome] = []
    groups = [list(brought)] if len(brought) == 1 else [list(brought), *([one] for one in brought)]
    waiting = {one.path: one for one in brought}
    faults: dict[Path, str] = {}
    for group in groups:
        if not all(one.path in waiting for one in group):
            continue
        try:
            imported = import_files(place, [one.path for one in group], everyday, shown)
        except (FileFault, OSError) as error:
            faults |= {one.path: f"was fetched, but can't be imported: {error}." for one in group}
            continue
        for one, result in zip(group, imported, strict=True):
            del waiting[one.path]
            _done_with(one.part, one.sha256)
            outcomes.append(Outcome(one.address, result))
    return outcomes + [Outcome(one.address, fault=faults[one.path]) for one in waiting.values()]


def _done_with(part: Part, sha256: str) -> None:
    """The import keeps a copy of its own; what stays here is which version it was."""
    part.remember(replace(part.stamp, sha256=sha256))
    part.drop()


def _imported(place: Place) -> frozenset[str]:
    return frozenset(file_sha256(path) for path in place.files())


def _part(place: Place, address: Address) -> Part:
    return Part(place.folder / DOWNLOADS, address.url)


def _advice(address: Address, error: NotFetched) -> str:
    if isinstance(error, Moved):
        where = f" on {address.page}" if address.page else ""
        return f"; look up its present address{where} and correct it in the list of addresses"
    if isinstance(error, Refused):
        return f"; open {address.page or address.url} in a browser, and import what you fetch there"
    return ""
