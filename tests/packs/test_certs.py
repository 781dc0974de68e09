"""What a pack may say of exams, issuers and careers, and what is refused with its place."""

from pathlib import Path
from typing import Any

import pytest

from bot.core.certs import Confidence, Stage, Topic
from bot.packs.document import Fault
from bot.packs.load import load_content, read_content
from bot.packs.report import report
from tests.packs.yaml_text import CAREER, EXAM, FACT, ISSUER, STEP, dump, pack

AREA: dict[str, Any] = EXAM["areas"][0]
RANGE = {"id": "alpha", "title": "Alpha", "percent": [30, 34], "confidence": "low"}


def faults_of(root: Path) -> list[Fault]:
    return sorted(read_content(root)[1])


def only_fault(root: Path) -> Fault:
    [fault] = faults_of(root)
    return fault


def exams(root: Path, *changes: dict[str, Any], issuers: list[dict[str, Any]] | None = None) -> Path:
    """A content tree with the exam of the tests and further ones, and with issuers where they are given."""
    pack(root)
    more = [{**EXAM, "id": f"exam-{i}", "areas": [], **change} for i, change in enumerate(changes)]
    if more:
        dump(root / "exams" / "more.yaml", "exams", more)
    if issuers is not None:
        dump(root / "issuers" / "all.yaml", "issuers", issuers)
    return root


def test_facts_issuers_and_careers_are_loaded(tmp_path: Path):
    exams(tmp_path, {"title": "Certified Test Taker", "facts": [FACT]}, issuers=[ISSUER])
    dump(tmp_path / "careers" / "all.yaml", "careers", [CAREER])
    content = load_content(tmp_path)
    exam = content.exams["exam-0"]
    assert (exam.title, exam.areas) == ("Certified Test Taker", ())
    assert [(fact.topic, fact.confidence, fact.as_of.isoformat()) for fact in exam.facts] == [
        (Topic.TIME, Confidence.HIGH, "2026-01-01")
    ]
    [step] = content.issuers["aapc"].steps
    assert (step.stage, step.exams) == (Stage.PREPARE, ())
    assert content.careers["pay"].title == "Pay"


def test_an_exam_of_which_nothing_is_known_is_sound_and_covers_nothing(tmp_path: Path):
    unknown = {"id": "x", "name": "XX", "issuer": "AAPC", "source": "a test", "as_of": "2026-01-01"}
    pack(tmp_path)
    dump(tmp_path / "exams" / "x.yaml", "exams", [unknown])
    exam = load_content(tmp_path).exams["x"]
    assert (exam.items, exam.areas, exam.facts, exam.title) == (None, (), (), "")
    text, sound = report(tmp_path, tmp_path / "none")
    assert sound
    assert "XX (AAPC): described, without items" in text.splitlines()


def test_a_range_weighs_what_its_middle_does(tmp_path: Path):
    exams(tmp_path, {"areas": [RANGE]})
    [area] = load_content(tmp_path).exams["exam-0"].areas
    assert (area.weight, area.percent, area.draws_from) == (32, (30, 34), ())
    [counted] = load_content(tmp_path).exams["cpc"].areas
    assert (counted.weight, counted.percent) == (1, None)


@pytest.mark.parametrize(
    ("change", "place", "text"),
    [
        ({"areas": [{**RANGE, "weight": 3}]}, "areas: 1", "give weight or percent, one of them"),
        ({"areas": [{**AREA, "weight": None}]}, "areas: 1", "give weight or percent, one of them"),
        ({"areas": [{**RANGE, "percent": [34, 30]}]}, "areas: 1", "percent: the lower end first"),
        ({"areas": [{**RANGE, "percent": [30, 101]}]}, "areas: 1", "both between 0 and 100"),
        ({"areas": [{**RANGE, "percent": [30]}]}, "areas: 1: percent", "1 given, at least 2 needed"),
        ({"areas": [AREA, {**RANGE, "id": "beta"}]}, "", "areas: all with weight or all with percent"),
        ({"facts": [FACT, FACT]}, "", "facts: told twice: time"),
        ({"facts": [{**FACT, "topic": "weather"}]}, "facts: 1: topic", "Input should be 'items'"),
        ({"facts": [{**FACT, "confidence": "sure"}]}, "facts: 1: confidence", "'high', 'medium', 'low' or 'unknown'"),
        ({"facts": [{**FACT, "text": "A **bold** claim."}]}, "facts: 1: text", "holds Markdown"),
        ({"facts": [{**FACT, "brief": "x" * 81}]}, "facts: 1: brief", "81 characters, 80 at most"),
        ({"facts": [{**FACT, "as_of": 20260101}]}, "facts: 1: as_of", "write a date in quotes"),
        ({"facts": [{key: FACT[key] for key in FACT if key != "source"}]}, "facts: 1: source", "is missing"),
        ({"facts": [{**FACT, "text": "Ask about 11042 as well."}]}, "exam-0", "names 11042"),
        ({"id": "x" * 25}, "x" * 25 + ": id", "25 characters, 24 at most"),
        ({"titel": "Misspelt"}, "titel", "is not a field here"),
    ],
)
def test_each_fault_is_told_with_its_place(tmp_path: Path, change: dict[str, Any], place: str, text: str):
    fault = only_fault(exams(tmp_path, change))
    assert fault.file.endswith("more.yaml")
    assert fault.place == (place if place.startswith(("exam", "x")) else f"exam-0: {place}" if place else "exam-0")
    assert text in fault.text


def test_an_exams_issuer_must_be_there_once_issuers_are_given(tmp_path: Path):
    exams(tmp_path, {"issuer": "AAPCC"}, issuers=[ISSUER])
    fault = only_fault(tmp_path)
    assert (fault.place, fault.text) == ("exam-0: issuer", "there is no issuer 'AAPCC' under content/issuers/")


@pytest.mark.parametrize("name", ["nothing", "exam-0"])
def test_a_step_is_for_exams_of_its_issuer(tmp_path: Path, name: str):
    other = {**ISSUER, "id": "ahima", "name": "AHIMA", "steps": []}
    issuer = {**ISSUER, "steps": [{**STEP, "exams": ["cpc", name]}]}
    fault = only_fault(exams(tmp_path, {"issuer": "AHIMA"}, issuers=[issuer, other]))
    assert (fault.place, fault.text) == ("aapc: steps", f"'{name}' is no exam of AAPC")


def test_an_issuer_tells_a_topic_once(tmp_path: Path):
    assert "told twice: time" in only_fault(exams(tmp_path, issuers=[{**ISSUER, "facts": [FACT, FACT]}])).text


@pytest.mark.parametrize(
    "issuer",
    [
        {**ISSUER, "facts": [{**FACT, "brief": "as 11042"}]},
        {**ISSUER, "steps": [{**STEP, "text": "Learn 11042 by heart."}]},
    ],
)
def test_issuers_teach_no_cpt_code(tmp_path: Path, issuer: dict[str, Any]):
    assert "11042" in only_fault(exams(tmp_path, issuers=[issuer])).text


def test_careers_teach_no_cpt_code_and_have_ids_of_their_own(tmp_path: Path):
    pack(tmp_path)
    dump(tmp_path / "careers" / "all.yaml", "careers", [CAREER, {**CAREER, "text": "It pays for 11042."}])
    assert [fault.text.partition(" ")[0] for fault in faults_of(tmp_path)] == ["names", "this"]
