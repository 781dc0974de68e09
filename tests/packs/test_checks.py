"""What holds across files: ids, links, giveaways, copies, and no CPT codes."""

from pathlib import Path
from typing import Any

import pytest

from bot.core.content import Content
from bot.packs.checks import ALIKE, coverage
from bot.packs.document import Fault
from bot.packs.load import load_content, read_content
from tests.packs.yaml_text import EXAM, concept, dump, item, line_of, pack
from tests.samples import make_exam, make_item


def faults_of(root: Path) -> list[Fault]:
    return sorted(read_content(root)[1])


def said(tmp_path: Path, text: str, field: str = "stem") -> list[str]:
    """The faults of a pack whose only item says `text` in a field."""
    if field == "stem":
        entry = item(stem=f"In a case that is told at some length here: {text}")
    else:
        given: list[dict[str, Any]] = item()["options"]
        padded = text if field == "text" else f"Because of this: {text}"
        entry = item(options=[*given[:3], {**given[3], field: padded}])
    return [fault.text for fault in faults_of(pack(tmp_path, entry))]


def test_an_unknown_concept_is_a_fault_at_its_item(tmp_path: Path):
    pack(tmp_path, item("item-1"), item("item-2", concept="nobody-wrote-it"))
    [fault] = faults_of(tmp_path)
    assert fault.place == "item-2: concept"
    assert fault.text == "there is no concept 'nobody-wrote-it' under content/concepts/"
    assert fault.line == line_of(tmp_path / "questions" / "all.yaml", "id: item-2")


def test_an_area_that_no_exam_draws_from_is_a_fault(tmp_path: Path):
    pack(tmp_path, item("item-1", areas=["alpha", "omega"]))
    [fault] = faults_of(tmp_path)
    assert (fault.place, fault.text) == ("item-1: areas", "no exam draws from the area 'omega'")


def test_an_area_of_any_exam_will_do(tmp_path: Path):
    pack(tmp_path, item("item-1", areas=["omega"]))
    row = {"id": "own", "title": "Own", "weight": 2.5, "draws_from": ["omega"], "confidence": "low"}
    dump(tmp_path / "exams" / "coc.yaml", "exams", [{**EXAM, "id": "coc", "areas": [row]}])
    assert faults_of(tmp_path) == []


@pytest.mark.parametrize("kind", ["questions", "concepts", "exams"])
def test_an_id_used_in_two_files_is_a_fault_that_names_the_first(tmp_path: Path, kind: str):
    pack(tmp_path)
    entry, key = {
        "questions": (
            item("item-1", stem="Another case altogether, with the same name as the first one has?"),
            "items",
        ),
        "concepts": (concept(), "concepts"),
        "exams": (EXAM, "exams"),
    }[kind]
    second = dump(tmp_path / kind / "zz.yaml", key, [entry])
    [fault] = faults_of(tmp_path)
    first = tmp_path / kind / ("cpc.yaml" if kind == "exams" else "all.yaml")
    assert fault.file == str(second)
    assert fault.text == f"this id is taken by {first}:2"
    assert fault.place.endswith(": id")


def test_an_item_and_a_concept_may_have_the_same_id(tmp_path: Path):
    pack(tmp_path, item("concept-1"))
    assert faults_of(tmp_path) == []


@pytest.mark.parametrize(
    "text",
    ["Option B is wrong here.", "See answer C for the rule.", "All of the above are right.", "None of the above fit.",
     "both A and C would do", "Options A would be two codes."],
)  # fmt: skip
@pytest.mark.parametrize("field", ["stem", "text", "rationale"])
def test_words_that_need_fixed_letters_are_refused(tmp_path: Path, field: str, text: str):
    [fault] = said(tmp_path, text, field)
    assert "makes no sense once the options are shuffled" in fault


@pytest.mark.parametrize(
    "text",
    ["Hepatitis B is not hepatitis A.", "Medicare Part B pays.", "Vitamin C is given.", "The answer depends on the note.",
     "An option for the patient.", "The Part A and Part B claims."],
)  # fmt: skip
def test_letters_of_other_things_pass(tmp_path: Path, text: str):
    assert said(tmp_path, text, "rationale") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Report 11042 once.", "11042"),
        ("Report 00100.", "00100"),
        ("(36415)", "36415"),
        ("Codes 43235, 43239", "43235"),
        ("Report 3044F for quality.", "3044F"),
        ("Report 0042T.", "0042T"),
        ("Report 99507 at home.", "99507"),
        ("Report 99100 as well.", "99100"),
        ("Critical care is 99291, not 12001.", "12001"),
    ],
)
@pytest.mark.parametrize("field", ["stem", "rationale"])
def test_numbers_that_look_like_cpt_codes_are_refused(tmp_path: Path, field: str, text: str, code: str):
    assert said(tmp_path, text, field) == [
        f"names {code}, which looks like a CPT code; teach the rule without the code"
    ]


def test_a_cpt_code_with_a_modifier_is_refused(tmp_path: Path):
    assert len(said(tmp_path, "Report 11042-59 as well.")) == 1


@pytest.mark.parametrize("field", ["summary", "rule", "example", "trap"])
def test_cpt_codes_are_refused_in_concepts_too(tmp_path: Path, field: str):
    pack(tmp_path, concepts=[concept(**{field: "A sentence that names 11042 in passing."})])
    [fault] = faults_of(tmp_path)
    assert fault.place == "concept-1"
    assert "11042" in fault.text


@pytest.mark.parametrize("field", ["title", "reference"])
def test_cpt_codes_are_refused_in_every_field_of_a_concept_that_learners_read(tmp_path: Path, field: str):
    pack(tmp_path, concepts=[concept(**{field: "A line that names 11042."})])
    assert len(faults_of(tmp_path)) == 1


def test_cpt_codes_are_refused_in_the_reference_of_an_item(tmp_path: Path):
    assert len(faults_of(pack(tmp_path, item(reference="See 11042 in the book")))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Report 99213 or 99214.",
        "Critical care is 99291 and 99292.",
        "Codes 99381-99397 are preventive.",
        "The 10000 series.",
        "The 20000-series codes.",
        "Codes 10004-69990 are surgery.",
        "A fee of $12345 is paid.",
        "It pays 12,345 dollars.",
        "The code J18.9 and J0696 and S52.532A.",
        "The ZIP 1234 or the year 2026.",
        "About 12345% more.",
    ],
)
def test_em_levels_ranges_series_and_other_numbers_pass(tmp_path: Path, text: str):
    assert said(tmp_path, text, "rationale") == []


@pytest.mark.parametrize(
    "text", ["Codes 10004–69990 are surgery.", "Codes 10004 - 69990 are surgery.", "Codes 10004 to 69990 are surgery."]
)
def test_ranges_in_other_spellings_pass(tmp_path: Path, text: str):
    assert said(tmp_path, text, "rationale") == []


LONG = (
    "A 61-year-old man with type 2 diabetes comes to the office because his feet feel numb; the physician "
    "documents diabetic polyneuropathy and long-term insulin use."
)


def test_almost_the_same_stem_twice_is_a_fault(tmp_path: Path):
    pack(tmp_path, item("item-1", stem=f"{LONG} What is coded?"), item("item-2", stem=f"{LONG} Which codes apply?"))
    [fault] = faults_of(tmp_path)
    assert (fault.place, fault.text) == ("item-2: stem", "almost the stem of item-1")


def test_a_stem_within_a_longer_one_is_a_fault(tmp_path: Path):
    pack(tmp_path, item("item-1", stem=LONG), item("item-2", stem=f"{LONG} {item('other')['stem']}"))
    assert [fault.text for fault in faults_of(tmp_path)] == ["almost the stem of item-1"]


def test_three_alike_stems_name_each_pair(tmp_path: Path):
    pack(tmp_path, *(item(f"item-{i}", stem=LONG) for i in range(3)))
    assert [fault.text for fault in faults_of(tmp_path)] == [
        "almost the stem of item-0", "almost the stem of item-0", "almost the stem of item-1",
    ]  # fmt: skip


def test_stems_may_share_phrases_up_to_the_limit(tmp_path: Path):
    # Ten words make eight triples; the first six words shared make four of them.
    shared = "office patient returns with chronic"
    stems = [f"{shared} {' '.join(f'{name}{i}word' for i in range(5))}" for name in ("alpha", "beta")]
    assert ALIKE > 3 / 8
    pack(tmp_path, item("item-1", stem=stems[0]), item("item-2", stem=stems[1]))
    assert faults_of(tmp_path) == []


def longest_key(name: str, *, longest: bool) -> dict[str, Any]:
    options: list[dict[str, Any]] = item()["options"]
    key = {**options[1], "text": "The right one, at length" if longest else "Text 1"}
    return item(name, options=[options[0], key, *options[2:]])


@pytest.mark.parametrize(("count", "longest", "faulty"), [(20, 8, False), (20, 9, True), (19, 19, False)])
def test_the_key_may_be_the_longest_option_in_two_fifths_of_the_items(
    tmp_path: Path, count: int, longest: int, faulty: bool
):
    pack(tmp_path, *(longest_key(f"item-{i}", longest=i < longest) for i in range(count)))
    found = [fault.text for fault in faults_of(tmp_path)]
    assert bool(found) is faulty
    if faulty:
        assert found[0].startswith(f"the key is the longest option in {longest} of {count} items (item-0, item-1,")


def test_coverage_counts_each_item_once_in_the_first_of_its_areas_that_the_exam_has():
    exam = make_exam({"alpha": 3, "beta": 2, "gamma": 1})
    items = [make_item("a"), make_item("b", area="beta"), make_item("c", area="beta"), make_item("d", area="none")]
    content = Content(items={entry.id: entry for entry in items}, exams={exam.id: exam})
    assert coverage(content, exam) == [("Alpha", 3, 1), ("Beta", 2, 2), ("Gamma", 1, 0)]


def test_a_sound_pack_has_no_fault_across_files(tmp_path: Path):
    assert len(load_content(pack(tmp_path, *(item(f"item-{i}") for i in range(5)))).items) == 5
