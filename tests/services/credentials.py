"""Issuers with rules on continuing education units like the real ones, and a learner who tracks a credential."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.app import Services
from bot.core.certs import CeuMinimum, CeuNote, CeuPeriod, CeuRule, CeuStep, Confidence, Issuer
from bot.core.content import Content, Exam
from bot.services.ceu_entries import Typed
from bot.storage.database import Database
from tests.samples import sample_content

READ = date(2026, 1, 1)
ANA, BEN = 101, 102
NEW_YORK = ZoneInfo("America/New_York")


def _step(credentials: int, number: int, confidence: Confidence = Confidence.HIGH, *, more: bool = False) -> CeuStep:
    return CeuStep(credentials, number, more, confidence, "a test of steps", READ)


def _least(name: str, title: str, number: int | None, percent: int | None, *exams: str) -> CeuMinimum:
    return CeuMinimum(name, title, number, percent, Confidence.MEDIUM, "a test of minimums", READ, exams)


AAPC = CeuRule(
    CeuPeriod.TWO_YEARS,
    (_step(1, 36), _step(2, 40, Confidence.MEDIUM), _step(3, 44, Confidence.MEDIUM, more=True)),
    (_least("auditing", "Auditing", 16, None, "cpma"),),
    (CeuNote("What is over is not carried over to the next period.", Confidence.HIGH, "a test of notes", READ),),
)
AHIMA = CeuRule(
    CeuPeriod.TWO_YEARS,
    (_step(1, 20),),
    (_least("hiim", "In HIIM domains", None, 80), _least("from-ahima", "From AHIMA", None, 40)),
    exams=("cca", "ccs"),
)
PMI = CeuRule(CeuPeriod.CALENDAR_YEAR, (_step(1, 12),), (_least("core", "Core subjects", 9, None),))


def _exam(name: str, issuer: str) -> Exam:
    return Exam(name, name.upper(), issuer, 100, (), "a test", READ, f"The exam {name}")


def content_with_rules() -> Content:
    """The sample with cpma beside cpc (AAPC), cca, ccs and rhit (AHIMA), and cmc (PMI)."""
    content = sample_content()
    exams = [_exam("cpma", "AAPC"), *(_exam(name, "AHIMA") for name in ("cca", "ccs", "rhit")), _exam("cmc", "PMI")]
    issuers = [
        Issuer("aapc", "AAPC", "AAPC", (), (), (AAPC,)),
        Issuer("ahima", "AHIMA", "AHIMA", (), (), (AHIMA,)),
        Issuer("pmi", "PMI", "PMI", (), (), (PMI,)),
    ]
    return replace(
        content,
        exams={**content.exams, **{exam.id: exam for exam in exams}},
        issuers={issuer.name: issuer for issuer in issuers},
    )


def nine(day: str, zone: ZoneInfo = NEW_YORK) -> int:
    return int(datetime.fromisoformat(f"{day}T09:00").replace(tzinfo=zone).timestamp())


async def waiting(db: Database, user_id: int = ANA) -> dict[str, int]:
    """The subjects and times of what is owed to somebody."""
    rows = await db.read(
        "SELECT subject, due_at FROM deliveries WHERE target_user_id = $1 AND kind = 'ceu' AND state < 2", user_id
    )
    return {row["subject"]: row["due_at"] for row in rows}


async def cpc(services: Services, **said: str) -> int:
    """Ana's CPC, whose cycle ends on 31 August 2026 unless said otherwise; the id."""
    page = await services.ceu.track(ANA, 0, "cpc", **(said or {"end": "2026-08-31"}))
    return page.tracked.credential.id


async def earn(services: Services, number: str, *, day: str = "2026-02-01", user: int = ANA, **more: str) -> int:
    return (await services.ceu.entries.add(user, 0, Typed(day, number, "A webinar"), **more)).entry.id
