"""What /cert tells: an exam's own facts before its issuer's, what is missing, comparisons, paths, and finding an exam."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.certs import EXPECTED, CareerFact, Confidence, Fact, Issuer, Stage, Step, Topic
from bot.core.content import Content, Exam
from bot.core.errors import ExamsAlike, ExamUnknown
from bot.packs.load import read_content
from bot.services.certs import CHOICES_AT_MOST, Certs
from tests.samples import make_exam, make_item

ROOT = Path(__file__).parents[2]
DAY = date(2026, 1, 1)


def fact(topic: Topic, text: str) -> Fact:
    return Fact(topic, text, text, Confidence.HIGH, "a test", DAY)


def step(stage: Stage, text: str, *exams: str) -> Step:
    return Step(stage, text, Confidence.HIGH, "a test", DAY, exams)


def exam(name: str, title: str, *facts: Fact, issuer: str = "AAPC") -> Exam:
    return replace(make_exam({"alpha": 1}, name), title=title, facts=facts, issuer=issuer)


ISSUER = Issuer(
    "aapc",
    "AAPC",
    "AAPC in full",
    (fact(Topic.PASS, "70 %"), fact(Topic.TIME, "4 hours")),
    (
        step(Stage.RENEW, "Renew it."),
        step(Stage.PREPARE, "Learn."),
        step(Stage.APPRENTICE, "Remove the A.", "cpc"),
    ),
)
PAY = CareerFact("pay", "Pay", "It varies.", Confidence.HIGH, "a test", DAY)


def certs(*exams: Exam, questions: int = 0) -> Certs:
    items = [make_item(f"item-{i}") for i in range(questions)]
    return Certs(
        Content(
            items={item.id: item for item in items},
            exams={exam.id: exam for exam in exams},
            issuers={"aapc": ISSUER},
            careers={"pay": PAY},
        )
    )


CPC = exam("cpc", "Certified Professional Coder", fact(Topic.TIME, "2 hours"))
COC = exam("coc", "Certified Outpatient Coder")
CCS_P = exam("ccs-p", "Certified Coding Specialist, Physician-based", issuer="AHIMA")
SMALL = certs(CPC, COC, CCS_P, questions=3)


def test_an_exams_own_fact_comes_before_its_issuers() -> None:
    sheet = SMALL.show("cpc")
    assert [(told.topic, told.text) for told in sheet.facts] == [(Topic.TIME, "2 hours"), (Topic.PASS, "70 %")]
    assert sheet.issuer is ISSUER
    assert (sheet.questions, [other.id for other in sheet.others]) == (3, ["coc", "ccs-p"])


def test_what_is_expected_and_not_known_is_listed() -> None:
    sheet = SMALL.show("coc")
    assert set(sheet.missing) == set(EXPECTED) - {Topic.PASS, Topic.TIME}
    alone = SMALL.show("ccs-p")
    assert (alone.issuer, alone.missing) == (None, EXPECTED)
    assert Topic.BLUEPRINT in certs(replace(COC, areas=())).show("coc").missing


@pytest.mark.parametrize(
    "typed",
    [
        "ccs-p",
        "CCS-P",
        "ccsp",
        " ccs p ",
        "CCS-P (AHIMA)",
        "certified coding specialist, physician-based",
        "CCS-P AHIMA",
    ],
)
def test_an_exam_is_found_by_id_name_title_and_issuer_in_any_spelling(typed: str) -> None:
    assert SMALL.show(typed).exam is CCS_P


@pytest.mark.parametrize(
    ("typed", "near"), [("cpcc", "CPC"), ("CPC-A", "CPC"), ("certified professional codr", "CPC"), ("cocs", "COC")]
)
def test_an_unknown_exam_names_the_nearest_first(typed: str, near: str) -> None:
    with pytest.raises(ExamUnknown) as raised:
        SMALL.show(typed)
    assert typed in str(raised.value)
    assert f"Nearest: {near}" in str(raised.value)


def test_where_nothing_is_near_all_are_named() -> None:
    with pytest.raises(ExamUnknown, match=r"Nearest: COC, CPC, CCS-P\."):
        SMALL.show("xyzzy")
    with pytest.raises(ExamUnknown, match="none at all"):
        certs().show("cpc")


@given(st.text(max_size=6000))
def test_whatever_is_typed_is_found_or_answered_in_a_sentence_that_fits(typed: str) -> None:
    assert len(SMALL.suggest(typed)) <= 3
    told = ""
    try:
        SMALL.show(typed)
    except ExamUnknown as error:
        told = str(error)
    assert len(told) < 300


def test_suggestions_put_beginnings_first_and_take_titles_and_issuers() -> None:
    assert [exam.id for exam in SMALL.suggest("c")] == ["coc", "cpc", "ccs-p"]
    assert [exam.id for exam in SMALL.suggest("cp")] == ["cpc"]
    assert [exam.id for exam in SMALL.suggest("physician")] == ["ccs-p"]
    assert [exam.id for exam in SMALL.suggest("ahima")] == ["ccs-p"]
    assert [exam.id for exam in SMALL.suggest("")] == ["coc", "cpc", "ccs-p"]
    assert [exam.id for exam in SMALL.suggest("cpd")] == ["cpc"]


def test_no_more_is_suggested_than_a_field_shows() -> None:
    many = certs(*(exam(f"x{i}", "One of many") for i in range(40)))
    assert len(many.suggest("")) == CHOICES_AT_MOST
    assert len(many.suggest("many")) == CHOICES_AT_MOST
    assert len(many.show("x0").others) < CHOICES_AT_MOST


def test_a_comparison_has_a_row_for_every_topic_with_a_place_for_each_exam() -> None:
    table = SMALL.compare("cpc", "ccs-p", "coc")
    rows = dict(table.rows)
    assert [sheet.exam.id for sheet in table.sheets] == ["cpc", "ccs-p", "coc"]
    assert [told and told.brief for told in rows[Topic.TIME]] == ["2 hours", None, "4 hours"]
    assert rows[Topic.COST] == (None, None, None)
    assert [topic for topic, _ in table.rows] == [topic for topic in Topic if topic in rows]


def test_an_exam_beside_itself_is_refused_and_counts_once_among_three() -> None:
    with pytest.raises(ExamsAlike, match="CPC twice"):
        SMALL.compare("cpc", "Certified Professional Coder")
    assert len(SMALL.compare("cpc", "coc", "CPC").sheets) == 2
    with pytest.raises(ExamUnknown):
        SMALL.compare("cpc", "nothing")


def test_a_path_goes_through_every_stage_with_the_steps_for_that_exam() -> None:
    stages = dict(SMALL.path("cpc").stages)
    assert list(stages) == list(Stage)
    assert [done.text for done in stages[Stage.APPRENTICE]] == ["Remove the A."]
    assert stages[Stage.SIT] == ()
    assert dict(SMALL.path("coc").stages)[Stage.APPRENTICE] == ()
    assert SMALL.path("ccs-p").careers == (PAY,)


@pytest.fixture(scope="module")
def shipped() -> Content:
    """The exams and issuers under content/, whatever state the rest of it is in."""
    return read_content(ROOT / "content")[0]


NAMES = ("cpc", "coc", "cic", "crc", "cpb", "cpma", "cca", "ccs", "ccs-p", "rhit", "rhia", "cmc")


def test_every_exam_that_is_promised_is_described(shipped: Content) -> None:
    assert set(NAMES) <= set(shipped.exams)
    assert {shipped.exams[name].issuer for name in NAMES} == {"AAPC", "AHIMA", "PMI"}
    assert shipped.exams["cmc"].issuer == "PMI"
    assert (shipped.exams["cmc"].items, shipped.exams["cmc"].areas) == (None, ())


@pytest.mark.parametrize("name", NAMES)
def test_every_exam_has_a_title_and_only_cmc_lacks_what_everybody_asks(shipped: Content, name: str) -> None:
    sheet = Certs(shipped).show(name)
    assert sheet.exam.title.startswith(("Certified", "Registered"))
    assert sheet.issuer is not None
    assert bool(sheet.missing) is (name == "cmc")
    assert all(told.source and told.as_of for told in sheet.facts)


@pytest.mark.parametrize("name", NAMES)
def test_every_path_says_something_at_each_stage_but_for_cmc(shipped: Content, name: str) -> None:
    way = Certs(shipped).path(name)
    empty = [stage for stage, steps in way.stages if not steps]
    assert empty == ([Stage.REGISTER, Stage.SIT] if name == "cmc" else [])
    assert {"pay", "outlook", "required"} <= {told.id for told in way.careers}


def test_a_blueprint_is_whole_or_said_to_be_rounded(shipped: Content) -> None:
    """Where the issuer gives ranges, their ends must leave room for a hundred percent."""
    for name in NAMES:
        rows = shipped.exams[name].areas
        if rows and rows[0].percent:
            ends = [row.percent for row in rows if row.percent]
            assert sum(low for low, _ in ends) <= 100 <= sum(high for _, high in ends), name
        elif rows:
            assert sum(row.weight for row in rows) == {"cpma": 99, "cpb": 135}.get(name, 100), name


def test_claims_that_are_wrong_or_outdated_are_not_taught(shipped: Content) -> None:
    texts = [told.text for told in shipped.careers.values()]
    for issuer in shipped.issuers.values():
        texts += [told.text for told in (*issuer.facts, *issuer.steps)]
    for described in shipped.exams.values():
        texts += [told.text for told in described.facts]
    told = "\n".join(texts)
    for claim in ("$45,000", "$44,090", "8 % from", "8.5 %", "63 %", "fifty coders", "$2,000", "numerical code"):
        assert claim not in told
    assert "®" not in told


def test_exams_without_questions_are_not_offered_for_the_daily_question(shipped: Content) -> None:
    asked = {exam.id for exam in shipped.exams.values() if shipped.pool(exam)}
    assert {"cpc", "coc"} <= asked
    assert not asked & {"cic", "ccs-p", "cmc"}
