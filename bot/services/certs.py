"""What is known about certifications: one exam, two or three beside each other, and the way to a credential."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.core.certs import EXPECTED, CareerFact, Fact, Issuer, Stage, Step, Topic
from bot.core.content import Content, Exam
from bot.core.errors import ExamsAlike, ExamUnknown

CHOICES_AT_MOST = 25
"""What Discord shows under a field."""

NEAR = 60
"""Likeness in percent from which an exam is worth proposing for what was typed."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """An exam with everything known of it, in the order of topics.

    `missing` are topics of which nothing is known, `questions` counts those that serve the exam, `others` are exams
    to compare it with.
    """

    exam: Exam
    issuer: Issuer | None
    facts: tuple[Fact, ...]
    missing: tuple[Topic, ...]
    questions: int
    others: tuple[Exam, ...]

    def fact(self, topic: Topic) -> Fact | None:
        return next((fact for fact in self.facts if fact.topic is topic), None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Exams beside each other. A row holds a fact for each sheet, None where nothing is known."""

    sheets: tuple[Sheet, ...]
    rows: tuple[tuple[Topic, tuple[Fact | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Path:
    """The way to a credential. Every stage has its steps, none where nothing is known."""

    sheet: Sheet
    stages: tuple[tuple[Stage, tuple[Step, ...]], ...]
    careers: tuple[CareerFact, ...]


class Certs:
    """Use cases of /cert. Exams are named by id, name, title, or `name (issuer)`, in any case."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._issuers = {issuer.name: issuer for issuer in content.issuers.values()}
        self._by_name: dict[str, Exam] = {}
        for exam in content.exams.values():
            for name in (exam.id, exam.name, exam.title, f"{exam.name} {exam.issuer}", f"{exam.name} {exam.title}"):
                self._by_name.setdefault(_key(name), exam)
        self._by_name.pop("", None)

    def show(self, exam: str) -> Sheet:
        """Raises ExamUnknown."""
        return self._sheet(self._find(exam))

    def named(self, exam_id: str) -> Exam | None:
        """The exam of that id, if there is one."""
        return self._content.exams.get(exam_id)

    def compare(self, *exams: str) -> Comparison:
        """Two or three exams; one named twice counts once. Raises ExamUnknown, ExamsAlike."""
        found = list({exam.id: exam for exam in map(self._find, exams)}.values())
        if len(found) < 2:
            raise ExamsAlike(exam=found[0].name)
        sheets = tuple(self._sheet(exam) for exam in found)
        told = {topic for sheet in sheets for topic in (*sheet.missing, *(fact.topic for fact in sheet.facts))}
        rows = tuple((topic, tuple(sheet.fact(topic) for sheet in sheets)) for topic in Topic if topic in told)
        return Comparison(sheets, rows)

    def path(self, exam: str) -> Path:
        """Raises ExamUnknown."""
        sheet = self._sheet(self._find(exam))
        steps = sheet.issuer.steps if sheet.issuer else ()
        mine = [step for step in steps if not step.exams or sheet.exam.id in step.exams]
        stages = tuple((stage, tuple(step for step in mine if step.stage is stage)) for stage in Stage)
        return Path(sheet, stages, tuple(self._content.careers.values()))

    def suggest(self, text: str) -> list[Exam]:
        """Exams for what was typed so far: names that begin with it, then names, titles and issuers that hold it."""
        wanted, squeezed = text.strip().casefold(), _key(text)
        exams = self._sorted(self._content.exams.values())
        if not squeezed:
            return exams[:CHOICES_AT_MOST]
        found = [
            exam
            for exam in exams
            if squeezed in _key(exam.name) or any(wanted in name.casefold() for name in (exam.title, exam.issuer))
        ]
        found.sort(key=lambda exam: (not _key(exam.name).startswith(squeezed), _key(exam.name) != squeezed))
        return (found or self._near(text))[:CHOICES_AT_MOST]

    def _find(self, text: str) -> Exam:
        exam = self._by_name.get(_key(text))
        if exam is None:
            near = self.suggest(text)[:3] or self._sorted(self._content.exams.values())
            raise ExamUnknown(text=text.strip()[:40], near=", ".join(exam.name for exam in near) or "none at all")
        return exam

    def _near(self, text: str) -> list[Exam]:
        """What somebody may have meant who mistyped it; the likeliest first."""
        wanted = text.strip().casefold()[:80]
        best: dict[str, float] = {}
        exams = self._content.exams
        for names in ({exam.id: exam.name for exam in exams.values()}, {e.id: e.title for e in exams.values()}):
            lowered = {exam_id: name.casefold() for exam_id, name in names.items() if name}
            for _, score, exam_id in process.extract(wanted, lowered, scorer=fuzz.ratio, score_cutoff=NEAR, limit=3):
                best[exam_id] = max(score, best.get(exam_id, 0))
        return [exams[exam_id] for exam_id in sorted(best, key=lambda exam_id: (-best[exam_id], exam_id))]

    def _sheet(self, exam: Exam) -> Sheet:
        issuer = self._issuers.get(exam.issuer)
        by_topic = {fact.topic: fact for fact in (*(issuer.facts if issuer else ()), *exam.facts)}
        expected = EXPECTED if exam.areas else (*EXPECTED, Topic.BLUEPRINT)
        return Sheet(
            exam=exam,
            issuer=issuer,
            facts=tuple(by_topic[topic] for topic in Topic if topic in by_topic),
            missing=tuple(topic for topic in expected if topic not in by_topic),
            questions=len(self._content.pool(exam)),
            others=tuple(other for other in self.suggest("") if other.id != exam.id),
        )

    def _sorted(self, exams: Iterable[Exam]) -> list[Exam]:
        """By issuer in the order of their exams' number, then by name."""
        found = list(exams)
        count = {exam.issuer: sum(other.issuer == exam.issuer for other in found) for exam in found}
        return sorted(found, key=lambda exam: (-count[exam.issuer], exam.issuer, exam.name))


def _key(text: str) -> str:
    """A name without case, spaces and signs, so that ccsp, CCS P and ccs-p are one."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())[:200]
