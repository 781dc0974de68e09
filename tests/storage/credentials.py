"""A credential with a cycle that is over and units, written by the statements that the services use."""

from datetime import date

from bot.core.ceu_cycles import Credential
from bot.core.ceu_entries import Entry
from bot.storage import ceu
from bot.storage.database import Database
from tests.samples import START


async def tracked_with_units(db: Database, person: int) -> None:
    begins, ends = date(2024, 1, 1), date(2025, 12, 31)
    await db.write(
        ceu.track(Credential(0, person, 10, "cpc", begins, ends, 24, None, 0, START)),
        ceu.add(
            Entry(0, person, date(2025, 5, 1), 6, "A webinar", "ACDIS", ("core",), "PMI", "https://x.example"), START
        ),
    )
    [found] = await ceu.credentials(db, person)
    await db.write(ceu.settle(found, found.cycle(0), 144, [("auditing", 64)], START))
