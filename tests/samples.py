"""Content and a clock for tests."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.core.asked import Asked
from bot.core.content import Area, CaseSet, Concept, Content, Difficulty, Exam, Item, Option

START = int(datetime(2026, 3, 2, 12, 0, tzinfo=UTC).timestamp())
"""A Monday noon in UTC, some days before New York changes its clocks."""


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, *, days: float = 0, hours: float = 0, seconds: float = 0) -> None:
        self.now += days * 86400 + hours * 3600 + seconds


def make_item(
    name: str,
    *,
    area: str = "alpha",
    concept: str = "",
    options: int = 4,
    right: tuple[int, ...] = (1,),
    difficulty: Difficulty = Difficulty.MEDIUM,
    stem: str = "",
) -> Item:
    return Item(
        id=name,
        version=1,
        areas=(area,),
        concept=concept or f"concept-{name}",
        difficulty=difficulty,
        stem=stem or f"The stem of the question {name}?",
        options=tuple(Option(f"text {i} of {name}", f"rationale {i} of {name}", i in right) for i in range(options)),
        reference="Guidelines, Section I",
        source="a test",
        as_of=date(2026, 1, 1),
        code_year=2026,
        review_after=date(2027, 1, 1),
    )


def wrong(asked: Asked) -> str:
    """As many letters as are needed, none of them right."""
    letters = [letter for letter, option in asked.options if not option.correct]
    return "".join(letters[: len(asked.key)])


def nearly(asked: Asked) -> str:
    """As many letters as are needed, one of them alone not right."""
    return "".join(sorted(asked.key[1:] + wrong(asked)[0]))


def make_concept(item: Item) -> Concept:
    return Concept(
        id=item.concept,
        title=f"About {item.concept}",
        areas=item.areas,
        summary="What it is.",
        rule="The rule.",
        trap="The trap.",
        reference=item.reference,
        source=item.source,
        as_of=item.as_of,
        code_year=item.code_year,
        review_after=item.review_after,
    )


def make_exam(weights: dict[str, float], name: str = "cpc") -> Exam:
    areas = tuple(Area(area, area.title(), weight, (area,), "high") for area, weight in weights.items())
    return Exam(name, name.upper(), "AAPC", 100, areas, "a test", date(2026, 1, 1))


def make_case(name: str, *items: Item, scenario: str = "") -> tuple[CaseSet, list[Item]]:
    """A case set of `items`, and these as its own."""
    scenario = scenario or f"The record of {name}, told before each question."
    asked = [replace(item, areas=("cases", *item.areas), case=name, scenario=scenario) for item in items]
    return CaseSet(name, f"The case {name}", tuple(item.id for item in asked)), asked


def sample_content() -> Content:
    """Twelve items of three areas, item-11 with two right options; and the case set fracture-clinic.

    Its items case-1 to case-3 share the concepts of the first three items; case-2 has two right options.
    """
    items = [make_item(f"item-{i:02}", area=("alpha", "beta", "gamma")[i % 3]) for i in range(11)]
    items.append(make_item("item-11", area="gamma", options=5, right=(0, 3), difficulty=Difficulty.HARD))
    concepts = [make_concept(item) for item in items]
    exam = make_exam({"alpha": 3, "beta": 2, "gamma": 1})
    case, asked = make_case(
        "fracture-clinic",
        make_item("case-1", concept="concept-item-00"),
        make_item("case-2", area="beta", concept="concept-item-01", options=5, right=(0, 3)),
        make_item("case-3", concept="concept-item-02", right=(2,)),
    )
    return Content(
        items={item.id: item for item in (*items, *asked)},
        concepts={concept.id: concept for concept in concepts},
        exams={exam.id: exam},
        cases={case.id: case},
    )


def linked_content() -> Content:
    """The sample with names, links and codes for some of its concepts, and three concepts without questions."""
    content = sample_content()
    like = content.concepts["concept-item-00"]

    def entry(
        name: str, title: str, *aliases: str, related: tuple[str, ...] = (), codes: tuple[str, ...] = ()
    ) -> Concept:
        return replace(like, id=name, title=title, aliases=aliases, related=related, codes=codes, example="An example.")

    changed = [
        entry(
            "concept-item-00",
            "Modifier 25: separate visit",
            "-25",
            "same day visit",
            related=("concept-item-11", "no-question-here"),
            codes=("J18.9", "E11", "J0696", "0DTJ4ZZ"),
        ),
        entry("concept-item-01", "Excludes1 notes", "not coded here", "shared name"),
        entry("concept-item-02", "Sepsis: what comes first", "shared name", related=("concept-item-01",)),
        entry("concept-item-03", "Excludes2 notes", "not included here"),
        entry("concept-item-11", "Late effects of stroke", related=("concept-item-00",)),
        entry("no-question-here", "Bypass of an artery", related=("none-there-either",)),
        entry("none-there-either", "Anatomy of the ear", related=("no-question-here",)),
        entry("only-by-relation", "Burns and corrosions", related=("concept-item-11", "concept-item-01")),
    ]
    return replace(content, concepts={**content.concepts, **{concept.id: concept for concept in changed}})
