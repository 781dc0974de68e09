"""What a pack may hold: the models behind the published JSON Schemas."""

from dataclasses import replace
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, model_validator

from bot.core.content import CaseSet, Concept, Difficulty, EverydayTerms, Item, Option, Synonym
from bot.packs.certs import CareerFile, ExamFile, IssuerFile
from bot.packs.plain import Day, Id
from bot.packs.plain import PackModel as _Model
from bot.packs.plain import plain as _plain

# An ICD-10-CM, HCPCS Level II or ICD-10-PCS code by shape; which of them exist is checked against the code sets.
Code = Annotated[str, Field(pattern=r"^[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?$|^[A-V][0-9]{4}$|^[0-9A-HJ-NP-Z]{7}$")]

RIGHT_AT_MOST = 3
"""More right options than this would not fit into one message with their reasons at the reveal."""


class OptionModel(_Model):
    text: Annotated[
        str, Field(min_length=1, max_length=160, description="The option as learners read it."), AfterValidator(_plain)
    ]
    correct: bool = Field(False, description="true for each right option.")
    rationale: Annotated[
        str,
        Field(min_length=20, max_length=380, description="Why it is right or wrong in this case."),
        AfterValidator(_plain),
    ]


class _Sourced(_Model):
    reference: Annotated[
        str,
        Field(min_length=5, max_length=300, description="Where a learner can read the rule."),
        AfterValidator(_plain),
    ]
    source: Annotated[str, Field(min_length=5, max_length=600, description="What the author checked it with.")]
    as_of: Day = Field(description="The day it was checked.")
    code_year: int = Field(ge=2024, le=2040, description="The book year it was checked against.")
    review_after: Day = Field(description="When it must be checked again.")
    codes: list[Code] = Field(
        [], description="Every ICD-10-CM, ICD-10-PCS and HCPCS Level II code it names, in quotes."
    )

    @model_validator(mode="after")
    def _dates(self) -> "_Sourced":
        if self.review_after <= self.as_of:
            raise ValueError("review_after must be later than as_of")
        return self


class ItemModel(_Sourced):
    id: Id
    version: int = Field(ge=1, description="Count up with every change of wording or key.")
    areas: list[Id] = Field(min_length=1, max_length=3, description="Areas it serves, the main one first.")
    concept: Id = Field(description="The id of the concept behind it.")
    difficulty: Difficulty
    stem: Annotated[
        str, Field(min_length=40, max_length=900, description="A short case and a question."), AfterValidator(_plain)
    ]
    options: list[OptionModel] = Field(min_length=4, max_length=6)

    @model_validator(mode="after")
    def _key(self) -> "ItemModel":
        right = sum(option.correct for option in self.options)
        if right == 0:
            raise ValueError("options: none is marked correct: true")
        if right > RIGHT_AT_MOST:
            raise ValueError(f"options: {right} are marked correct, {RIGHT_AT_MOST} at most")
        if right == 1 and len(self.options) != 4:
            raise ValueError(f"options: {len(self.options)} given, 4 needed with one right option")
        if len({option.text.casefold() for option in self.options}) < len(self.options):
            raise ValueError("options: two have the same text")
        return self

    def core(self) -> Item:
        return Item(
            id=self.id,
            version=self.version,
            areas=tuple(self.areas),
            concept=self.concept,
            difficulty=self.difficulty,
            stem=self.stem,
            options=tuple(Option(option.text, option.rationale, option.correct) for option in self.options),
            reference=self.reference,
            source=self.source,
            as_of=self.as_of,
            code_year=self.code_year,
            review_after=self.review_after,
            codes=tuple(self.codes),
        )


CASES = "cases"
"""The area that every item of a case set serves first."""


def _subject(area: str) -> str:
    if area == CASES:
        raise ValueError(f"'{CASES}' is put first by itself; name the subject alone")
    return area


Subject = Annotated[Id, AfterValidator(_subject)]


class CaseItemModel(ItemModel):
    areas: list[Subject] = Field(
        [], max_length=2, description="The subject areas it serves; those of its set when left out."
    )


class CaseModel(_Model):
    id: Id
    title: Annotated[
        str, Field(min_length=3, max_length=80, description="What learners choose it by."), AfterValidator(_plain)
    ]
    scenario: Annotated[
        str,
        Field(min_length=80, max_length=1_200, description="A short record, invented, without names."),
        AfterValidator(_plain),
    ]
    areas: list[Subject] = Field([], max_length=2, description="The subject areas of the items that name none.")
    items: list[CaseItemModel] = Field(
        min_length=3, max_length=5, description="The questions about the record, in the order in which they are asked."
    )

    @model_validator(mode="after")
    def _with_areas(self) -> "CaseModel":
        bare = [item.id for item in self.items if not item.areas]
        if bare and not self.areas:
            raise ValueError(f"areas: give them here or at each item ({', '.join(bare)} has none)")
        return self

    def core(self) -> CaseSet:
        return CaseSet(self.id, self.title, tuple(item.id for item in self.items))

    def questions(self) -> list[Item]:
        """The items as they are asked: each with its set, the record, and all its areas."""
        return [
            replace(item.core(), areas=(CASES, *(item.areas or self.areas)), case=self.id, scenario=self.scenario)
            for item in self.items
        ]


class ConceptModel(_Sourced):
    id: Id
    title: Annotated[str, Field(min_length=3, max_length=80), AfterValidator(_plain)]
    areas: list[Id] = Field(min_length=1, max_length=4)
    summary: Annotated[str, Field(min_length=20, max_length=400, description="What it is."), AfterValidator(_plain)]
    rule: Annotated[
        str, Field(min_length=20, max_length=700, description="The rule, in own words."), AfterValidator(_plain)
    ]
    example: Annotated[str, Field(max_length=600, description="A worked example."), AfterValidator(_plain)] = ""
    trap: Annotated[str, Field(min_length=20, max_length=400, description="The usual trap."), AfterValidator(_plain)]
    aliases: list[Annotated[str, Field(min_length=2, max_length=60), AfterValidator(_plain)]] = Field(
        [], max_length=12, description="Other words people look it up by."
    )
    related: list[Id] = Field([], max_length=6, description="Ids of concepts to read next.")

    def core(self) -> Concept:
        return Concept(
            id=self.id,
            title=self.title,
            areas=tuple(self.areas),
            summary=self.summary,
            rule=self.rule,
            trap=self.trap,
            reference=self.reference,
            source=self.source,
            as_of=self.as_of,
            code_year=self.code_year,
            review_after=self.review_after,
            example=self.example,
            codes=tuple(self.codes),
            aliases=tuple(self.aliases),
            related=tuple(self.related),
        )


Words = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^A-Z]+$", description="Lower case.")]


class TermsModel(_Model):
    id: Id
    source: Annotated[str, Field(min_length=5, max_length=600, description="What the terms were checked with.")]
    as_of: Day = Field(description="The day they were checked.")
    code_year: int = Field(ge=2024, le=2040, description="The release they were checked against.")
    review_after: Day = Field(description="When they must be checked again.")
    terms: dict[Code, Annotated[list[Words], Field(min_length=1)]] = Field(
        min_length=1,
        description="For each billable ICD-10-CM code, what people call it, lower case, the commonest first.",
    )

    def core(self) -> EverydayTerms:
        terms = {code: tuple(said) for code, said in self.terms.items()}
        return EverydayTerms(self.id, terms, self.source, self.as_of, self.code_year, self.review_after)


class SynonymModel(_Model):
    say: Words
    means: list[Words] = Field(min_length=1, max_length=4, description="What it stands for, the likeliest first.")
    source: Annotated[str, Field(min_length=5, max_length=300)]
    as_of: Day

    def core(self) -> Synonym:
        return Synonym(self.say, tuple(self.means), self.source, self.as_of)


class QuestionFile(_Model):
    """A file under content/questions/."""

    items: list[ItemModel] = Field(min_length=1)


class CaseFile(_Model):
    """A file under content/cases/."""

    cases: list[CaseModel] = Field(min_length=1)


class ConceptFile(_Model):
    """A file under content/concepts/."""

    concepts: list[ConceptModel] = Field(min_length=1)


class TermsFile(_Model):
    """A file under content/terms/."""

    groups: list[TermsModel] = Field(min_length=1)


class SynonymFile(_Model):
    """A file under content/synonyms/."""

    synonyms: list[SynonymModel] = Field(min_length=1)


FILES: dict[str, type[BaseModel]] = {
    "questions": QuestionFile,
    "cases": CaseFile,
    "concepts": ConceptFile,
    "exams": ExamFile,
    "issuers": IssuerFile,
    "careers": CareerFile,
    "terms": TermsFile,
    "synonyms": SynonymFile,
}
"""The folders of a content tree, and what a file in each holds."""
