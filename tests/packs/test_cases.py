"""Case sets: how they are loaded, and every fault of their folder at its file, line, id and field."""

from pathlib import Path
from typing import Any

import pytest

from bot.core.content import CaseSet
from bot.packs.document import Fault
from bot.packs.load import load_content, read_content
from bot.packs.models import CaseItemModel, CaseModel, OptionModel
from tests.packs.yaml_text import case, dump, item, line_of, pack, write

ROOM = 3_300
"""Characters that a page of Discord leaves for what an author wrote: the rest is for progress, points and buttons."""


def tree(root: Path, *cases: dict[str, Any]) -> Path:
    """A content tree with one question and `cases`; the path of the case file."""
    pack(root)
    return dump(root / "cases" / "all.yaml", "cases", list(cases))


def faults_of(root: Path) -> list[Fault]:
    return sorted(read_content(root)[1])


def only_fault(root: Path) -> Fault:
    [fault] = faults_of(root)
    return fault


def asked(second: dict[str, Any]) -> dict[str, Any]:
    """A set whose second item has these changes."""
    return case("case-1", item("case-1-1", areas=None), item("case-1-2", **{"areas": None, **second}), item("case-1-3"))


def test_a_set_is_loaded_with_its_items_in_their_order(tmp_path: Path):
    given = [item("z", areas=["alpha"], codes=["J18.9"]), item("a", areas=None), item("m", areas=None)]
    tree(tmp_path, case("case-1", *given, title="Two bones"))
    content = load_content(tmp_path)
    assert content.cases == {"case-1": CaseSet("case-1", "Two bones", ("z", "a", "m"))}
    assert set(content.items) == {"item-1", "z", "a", "m"}
    assert {content.items[name].scenario for name in "zam"} == {case("case-1")["scenario"]}
    assert {content.items[name].case for name in "zam"} == {"case-1"}
    assert (content.items["z"].codes, content.items["z"].key) == (("J18.9",), {1})


def test_an_item_serves_cases_first_and_then_its_own_subject_or_that_of_its_set(tmp_path: Path):
    given = [item("x", areas=["alpha"]), item("y", areas=None), item("z", areas=None)]
    tree(tmp_path, case("case-1", *given, areas=["beta", "gamma"]))
    content, _ = read_content(tmp_path)
    assert [content.items[name].areas for name in "xyz"] == [
        ("cases", "alpha"), ("cases", "beta", "gamma"), ("cases", "beta", "gamma"),
    ]  # fmt: skip


def test_items_of_sets_are_in_no_pool(tmp_path: Path):
    tree(tmp_path, case())
    content = load_content(tmp_path)
    exam = content.exams["cpc"]
    assert [found.id for found in content.pool(exam)] == ["item-1"]
    assert [found.id for found in content.cases_for(exam)] == ["case-1"]


@pytest.mark.parametrize(
    ("changed", "place", "text"),
    [
        (case(title="A"), "case-1: title", "1 characters, at least 3 needed"),
        (case(title="x" * 81), "case-1: title", "81 characters, 80 at most"),
        (case(scenario="Too short."), "case-1: scenario", "10 characters, at least 80 needed"),
        (case(scenario="x" * 1_201), "case-1: scenario", "1201 characters, 1200 at most"),
        (case(scenario=f"A **bold** {'record ' * 12}"), "case-1: scenario", "holds Markdown"),
        (case(scenario=None), "case-1: scenario", "is missing"),
        (case(senario="x"), "case-1: senario", "is not a field here; check its spelling"),
        (case("case-1", item("a"), item("b")), "case-1: items", "2 given, at least 3 needed"),
        (case("case-1", *(item(f"a{i}") for i in range(6))), "case-1: items", "6 given, 5 at most"),
        (case(areas=["cases"]), "case-1: areas: 1", "'cases' is put first by itself"),
        (case(areas=["a", "b", "c"]), "case-1: areas", "3 given, 2 at most"),
        (case(areas=None), "case-1", "areas: give them here or at each item (case-1-1, case-1-2, case-1-3 has none)"),
        (asked({"areas": ["alpha", "cases"]}), "case-1-2: areas: 2", "'cases' is put first by itself"),
        (asked({"stem": None}), "case-1-2: stem", "is missing"),
        (asked({"stem": "x" * 901}), "case-1-2: stem", "901 characters, 900 at most"),
        (asked({"scenario": "x" * 90}), "case-1-2: scenario", "is not a field here"),
        (asked({"options": item()["options"][:3]}), "case-1-2: options", "3 given, at least 4 needed"),
        (asked({"options": [*item()["options"][:3], {"text": "Text 3"}]}), "case-1-2: options: 4: rationale", "is missing"),
        (asked({"review_after": "2025-01-01"}), "case-1-2", "review_after must be later than as_of"),
        (asked({"id": None}), "case-1: items: 2: id", "is missing"),
    ],
)  # fmt: skip
def test_each_fault_of_form_has_its_place(tmp_path: Path, changed: dict[str, Any], place: str, text: str):
    path = tree(tmp_path, case("case-0"), changed)
    fault = only_fault(tmp_path)
    assert (fault.file, fault.place) == (str(path), place)
    assert text in fault.text
    assert fault.line >= line_of(path, "id: case-1")


def test_a_fault_of_an_item_is_on_the_line_of_its_field(tmp_path: Path):
    path = tree(tmp_path, case("case-0"), asked({"difficulty": "tough"}))
    assert only_fault(tmp_path).line == line_of(path, "difficulty: tough")


@pytest.mark.parametrize("text", ["cases: []\n", "cases:\n", "items: []\n", "cases: 5\n", "cases: [5]\n", "cases: [{items: 5}]\n"])  # fmt: skip
def test_a_file_of_another_form_is_a_fault_and_no_exception(tmp_path: Path, text: str):
    pack(tmp_path)
    path = write(tmp_path / "cases" / "odd.yaml", text)
    assert {fault.file for fault in faults_of(tmp_path)} == {str(path)}


@pytest.mark.parametrize(
    ("changes", "place", "text"),
    [
        ({"concept": "nobody-wrote-it"}, "case-1-2: concept", "there is no concept 'nobody-wrote-it'"),
        ({"areas": ["omega"]}, "case-1-2: areas", "no exam draws from the area 'omega'"),
        ({"stem": "In this record, which option A or another is right, and why is it?"}, "case-1-2", "'option A' makes"),
        ({"stem": "How is the service reported when 11042 was done at the visit?"}, "case-1-2", "names 11042"),
        ({"reference": "See 11042 in the book"}, "case-1-2", "names 11042"),
        ({"stem": item("case-1-1")["stem"]}, "case-1-2: stem", "almost the stem of case-1-1"),
        ({"stem": item("item-1")["stem"]}, "case-1-2: stem", "almost the stem of item-1"),
    ],
)  # fmt: skip
def test_what_holds_across_files_holds_for_case_items(tmp_path: Path, changes: dict[str, Any], place: str, text: str):
    path = tree(tmp_path, asked(changes))
    fault = only_fault(tmp_path)
    assert (fault.file, fault.place) == (str(path), place)
    assert text in fault.text
    assert fault.line == line_of(path, "id: case-1-2")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"scenario": "A record that is long enough and in which by mistake 11042 is named as the code of a service."}, "names 11042"),
        ({"scenario": "A record that is long enough and in which by mistake answer B is spoken of as if it stood there."}, "'answer B' makes no sense"),
        ({"title": "All about 11042"}, "names 11042"),
    ],
)  # fmt: skip
def test_a_fault_of_the_record_is_told_once_at_the_set(tmp_path: Path, changes: dict[str, Any], text: str):
    path = tree(tmp_path, case(**changes))
    fault = only_fault(tmp_path)
    assert (fault.line, fault.place) == (line_of(path, "id: case-1"), "case-1")
    assert text in fault.text


def test_almost_the_same_record_twice_is_a_fault(tmp_path: Path):
    tree(tmp_path, case("case-1"), case("case-2", scenario=f"{case('case-1')['scenario']} And a little more of it."))
    fault = only_fault(tmp_path)
    assert (fault.place, fault.text) == ("case-2: scenario", "almost the scenario of case-1")


@pytest.mark.parametrize("second", ["item-1", "case-1-1"])
def test_an_item_has_an_id_that_no_question_and_no_other_case_has(tmp_path: Path, second: str):
    stem = "Another question altogether, which only happens to have the name of the first?"
    path = tree(tmp_path, case("case-1"), case("case-2", item(second, stem=stem), item("b"), item("c")))
    fault = only_fault(tmp_path)
    assert (fault.file, fault.place) == (str(path), f"{second}: id")
    assert fault.text.startswith("this id is taken by ")


@pytest.mark.parametrize("name", ["case-0", "item-1"])
def test_a_set_has_an_id_that_no_other_set_and_no_question_has(tmp_path: Path, name: str):
    path = tree(tmp_path, case("case-0"), case("case-1", id=name))
    fault = only_fault(tmp_path)
    assert (fault.file, fault.place) == (str(path), f"{name}: id")


def test_codes_of_case_items_are_asked_of_the_code_sets(tmp_path: Path):
    tree(tmp_path, asked({"codes": ["J18.9"]}))
    asked_for: list[tuple[str, bool]] = []

    def judge(code: str, reported: bool) -> str | None:
        asked_for.append((code, reported))
        return f"there is no {code}"

    [fault] = read_content(tmp_path, judge=judge)[1]
    assert (fault.place, fault.text, asked_for) == ("case-1-2: codes", "there is no J18.9", [("J18.9", True)])


def longest(model: Any, field: str) -> int:
    [length] = [m.max_length for m in model.model_fields[field].metadata if hasattr(m, "max_length")]
    return length


def test_the_longest_case_has_room_on_a_page():
    """The limits of the fields alone see to it, so that no set can break it."""
    options = longest(CaseItemModel, "options")
    texts = options * longest(OptionModel, "text")
    assert longest(CaseModel, "scenario") + longest(CaseItemModel, "stem") + texts <= ROOM
    assert options * longest(OptionModel, "rationale") + texts <= ROOM
