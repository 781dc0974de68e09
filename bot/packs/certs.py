"""What a pack may say about exams, their issuers, and the work behind them."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.core.book_years import BookChange
from bot.core.certs import (
    CareerFact,
    CeuMinimum,
    CeuNote,
    CeuPeriod,
    CeuRule,
    CeuStep,
    Confidence,
    Fact,
    Issuer,
    Stage,
    Step,
    Topic,
)
from bot.core.content import Area, Exam
from bot.packs.plain import ID_PATTERN, Day, Id, PackModel, Plain

# Three of them and the page stand in the id of a button, which has 100 characters.
ExamId = Annotated[str, Field(pattern=ID_PATTERN, max_length=24, description="Lower-case words with hyphens, short.")]


class _Known(PackModel):
    confidence: Confidence = Field(
        description="high: the issuer's own page, or two sources that agree; medium: one recent source; "
        "low: a weak source, or sources that disagree; unknown: looked for and not found."
    )
    source: Annotated[
        str,
        Field(min_length=5, max_length=160, description="Where it stands, with the source's own date if it has one."),
        Plain,
    ]
    as_of: Day = Field(description="The day the source was read.")


class BookChangeModel(PackModel):
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=28)
    exact: bool = Field(description="Whether it is this day each year; else it is about then.")
    previous_too: bool = Field(description="Whether books of the year before are admitted as well.")

    def core(self) -> BookChange:
        return BookChange(self.month, self.day, self.exact, self.previous_too)


class FactModel(_Known):
    topic: Topic
    brief: Annotated[str, Field(min_length=2, max_length=80, description="For comparisons: a few words."), Plain]
    text: Annotated[str, Field(min_length=2, max_length=400, description="The fact; a conflict is told."), Plain]
    changes: BookChangeModel | None = Field(None, description="With book-year: when the exam goes over to new books.")

    @model_validator(mode="after")
    def _changing(self) -> "FactModel":
        if self.changes is not None and self.topic is not Topic.BOOK_YEAR:
            raise ValueError("changes: only with the topic book-year")
        return self

    def core(self) -> Fact:
        changes = self.changes.core() if self.changes else None
        return Fact(self.topic, self.brief, self.text, self.confidence, self.source, self.as_of, changes)


def _once(topics: list[Topic]) -> None:
    twice = sorted({topic.value for topic in topics if topics.count(topic) > 1})
    if twice:
        raise ValueError(f"facts: told twice: {', '.join(twice)}")


class AreaModel(PackModel):
    id: Id
    title: Annotated[str, Field(min_length=3, max_length=80), Plain]
    weight: float | None = Field(None, gt=0, description="Items of the exam in this area.")
    percent: Annotated[list[float], Field(min_length=2, max_length=2)] | None = Field(
        None, description="Instead of weight, where the issuer gives a range: its lower and upper end."
    )
    draws_from: list[Id] = Field([], description="The item areas that serve it; none while no question does.")
    confidence: Literal["high", "medium", "low", "estimate"] = Field(description="How sure the weight is.")

    @model_validator(mode="after")
    def _weighed(self) -> "AreaModel":
        if (self.weight is None) == (self.percent is None):
            raise ValueError("give weight or percent, one of them")
        if self.percent and not 0 < self.percent[0] <= self.percent[1] <= 100:
            raise ValueError("percent: the lower end first, both between 0 and 100")
        return self

    def core(self) -> Area:
        low, high = self.percent or (0.0, 0.0)
        return Area(
            self.id,
            self.title,
            (low + high) / 2 if self.weight is None else self.weight,
            tuple(self.draws_from),
            self.confidence,
            (low, high) if self.percent else None,
        )


class ExamModel(PackModel):
    id: ExamId
    name: Annotated[str, Field(min_length=2, max_length=80), Plain]
    title: Annotated[str, Field(max_length=80, description="What the letters stand for."), Plain] = ""
    issuer: Annotated[str, Field(min_length=2, max_length=80, description="The name of an issuer."), Plain]
    items: int | None = Field(None, ge=1, le=400, description="How many questions it has; left out when unknown.")
    source: Annotated[str, Field(min_length=5, max_length=300), Plain]
    as_of: Day
    facts: list[FactModel] = Field([], max_length=len(Topic))
    areas: list[AreaModel] = Field([], max_length=30, description="The blueprint; empty when it is unknown.")

    @model_validator(mode="after")
    def _sound(self) -> "ExamModel":
        _once([fact.topic for fact in self.facts])
        if len({area.weight is None for area in self.areas}) > 1:
            raise ValueError("areas: all with weight or all with percent")
        return self

    def core(self) -> Exam:
        return Exam(
            self.id,
            self.name,
            self.issuer,
            self.items,
            tuple(area.core() for area in self.areas),
            self.source,
            self.as_of,
            self.title,
            tuple(fact.core() for fact in self.facts),
        )


class StepModel(_Known):
    stage: Stage
    text: Annotated[str, Field(min_length=10, max_length=400, description="What to do."), Plain]
    exams: list[ExamId] = Field([], description="The exams it is for; all of the issuer's when left out.")

    def core(self) -> Step:
        return Step(self.stage, self.text, self.confidence, self.source, self.as_of, tuple(self.exams))


class CeuStepModel(_Known):
    credentials: int = Field(ge=1, le=20, description="For who holds this many credentials of the issuer.")
    or_more: bool = Field(False, description="The same for more credentials; only in the last step.")
    ceus: int = Field(ge=1, le=500, description="Continuing education units in a cycle.")

    def core(self) -> CeuStep:
        return CeuStep(self.credentials, self.ceus, self.or_more, self.confidence, self.source, self.as_of)


class CeuMinimumModel(_Known):
    id: Annotated[
        str, Field(pattern=ID_PATTERN, max_length=24, description="The category; no other issuer has this id.")
    ]
    title: Annotated[str, Field(min_length=3, max_length=60, description="What the category is called."), Plain]
    ceus: int | None = Field(None, ge=1, le=500, description="How many units must be of it.")
    percent: int | None = Field(None, ge=1, le=100, description="Instead of ceus: which part of them.")
    exams: list[ExamId] = Field([], description="The exams it holds for; all of the rule's when left out.")

    @model_validator(mode="after")
    def _measured(self) -> "CeuMinimumModel":
        if (self.ceus is None) == (self.percent is None):
            raise ValueError("give ceus or percent, one of them")
        return self

    def core(self) -> CeuMinimum:
        known = (self.confidence, self.source, self.as_of)
        return CeuMinimum(self.id, self.title, self.ceus, self.percent, *known, tuple(self.exams))


class CeuNoteModel(_Known):
    text: Annotated[str, Field(min_length=10, max_length=300, description="A rule that nothing here counts by."), Plain]

    def core(self) -> CeuNote:
        return CeuNote(self.text, self.confidence, self.source, self.as_of)


class CeuRuleModel(PackModel):
    period: CeuPeriod = Field(description="How long a cycle is.")
    exams: list[ExamId] = Field([], description="The exams it is for; all of the issuer's when left out.")
    steps: list[CeuStepModel] = Field(min_length=1, description="By the number of credentials held, from one on.")
    minimums: list[CeuMinimumModel] = Field([], max_length=10)
    notes: list[CeuNoteModel] = Field([], max_length=5)

    @model_validator(mode="after")
    def _climbs(self) -> "CeuRuleModel":
        if [step.credentials for step in self.steps] != list(range(1, len(self.steps) + 1)):
            raise ValueError("steps: for 1, 2, 3 and so on credentials, none left out")
        if any(step.or_more for step in self.steps[:-1]):
            raise ValueError("steps: or_more is for the last one")
        return self

    def core(self) -> CeuRule:
        return CeuRule(
            self.period,
            tuple(step.core() for step in self.steps),
            tuple(minimum.core() for minimum in self.minimums),
            tuple(note.core() for note in self.notes),
            tuple(self.exams),
        )


class IssuerModel(PackModel):
    id: Id
    name: Annotated[str, Field(min_length=2, max_length=80, description="As exams name it."), Plain]
    title: Annotated[str, Field(min_length=2, max_length=120, description="The name in full."), Plain]
    facts: list[FactModel] = Field([], description="What holds for each exam that says nothing else on the topic.")
    steps: list[StepModel] = Field([], description="From preparing to renewing.")
    ceus: list[CeuRuleModel] = Field(
        [], description="The units that keep credentials; no exam stands under two of them."
    )

    @model_validator(mode="after")
    def _told_once(self) -> "IssuerModel":
        _once([fact.topic for fact in self.facts])
        return self

    def core(self) -> Issuer:
        facts = tuple(fact.core() for fact in self.facts)
        steps = tuple(step.core() for step in self.steps)
        return Issuer(self.id, self.name, self.title, facts, steps, tuple(rule.core() for rule in self.ceus))


class CareerModel(_Known):
    id: Id
    title: Annotated[str, Field(min_length=2, max_length=60), Plain]
    text: Annotated[str, Field(min_length=10, max_length=400), Plain]

    def core(self) -> CareerFact:
        return CareerFact(self.id, self.title, self.text, self.confidence, self.source, self.as_of)


class ExamFile(PackModel):
    """A file under content/exams/."""

    exams: list[ExamModel] = Field(min_length=1)


class IssuerFile(PackModel):
    """A file under content/issuers/."""

    issuers: list[IssuerModel] = Field(min_length=1)


class CareerFile(PackModel):
    """A file under content/careers/."""

    careers: list[CareerModel] = Field(min_length=1)
