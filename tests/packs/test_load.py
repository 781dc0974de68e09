"""Loading a content tree: all faults of all files in one run, each at its file, line, id and field."""

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.packs import PackFaults, load_content
from bot.packs.document import Fault
from bot.packs.load import read_content
from tests.packs.yaml_text import EXAM, as_yaml, concept, dump, item, line_of, pack, write

OPTIONS = item()["options"]


def faults_of(root: Path) -> list[Fault]:
    return sorted(read_content(root)[1])


def only_fault(root: Path) -> Fault:
    [fault] = faults_of(root)
    return fault


def options(count: int, right: int = 1) -> list[dict[str, Any]]:
    return [
        {"text": f"Text {i}", "rationale": f"The reason why {i} is as it is.", "correct": i < right}
        for i in range(count)
    ]


def test_a_sound_tree_is_loaded_whole(tmp_path: Path):
    content = load_content(pack(tmp_path, item("item-1"), item("item-2", codes=["J18.9"])))
    assert list(content.items) == ["item-1", "item-2"]
    assert content.items["item-1"].key == {1}
    assert content.items["item-2"].codes == ("J18.9",)
    assert list(content.concepts) == ["concept-1"]
    assert content.exams["cpc"].areas[0].weight == 1


def test_files_in_sub_folders_and_with_either_ending_are_read(tmp_path: Path):
    pack(tmp_path)
    dump(tmp_path / "questions" / "deep" / "er" / "more.yml", "items", [item("item-2")])
    assert set(load_content(tmp_path).items) == {"item-1", "item-2"}


def test_a_missing_folder_is_one_clear_fault(tmp_path: Path):
    fault = only_fault(tmp_path / "nowhere")
    assert fault.file == str(tmp_path / "nowhere")
    assert "there is no such folder; set CONTENT_PATH" in fault.text
    with pytest.raises(PackFaults, match="1 fault in the content"):
        load_content(tmp_path / "nowhere")


def test_a_folder_of_one_kind_may_be_missing(tmp_path: Path):
    dump(tmp_path / "concepts" / "all.yaml", "concepts", [concept()])
    content = load_content(tmp_path)
    assert content.items == {}
    assert list(content.concepts) == ["concept-1"]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n"])
def test_an_empty_file_is_a_fault_that_names_the_file(tmp_path: Path, text: str):
    pack(tmp_path)
    path = write(tmp_path / "questions" / "empty.yaml", text)
    assert only_fault(tmp_path).file == str(path)


@pytest.mark.parametrize("text", ["items: []\n", "items:\n", "[]\n", "words\n", "items: 5\n", "things: []\n"])
def test_a_file_of_another_form_is_a_fault(tmp_path: Path, text: str):
    pack(tmp_path)
    path = write(tmp_path / "questions" / "odd.yaml", text)
    assert {fault.file for fault in faults_of(tmp_path)} == {str(path)}


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"levle": "easy"}, "levle", "is not a field here; check its spelling"),
        ({"stem": None}, "stem", "is missing"),
        ({"concept": None}, "concept", "is missing"),
        ({"version": "one"}, "version", "Input should be a valid integer"),
        ({"version": 0}, "version", "greater than or equal to 1"),
        ({"areas": "alpha"}, "areas", "Input should be a valid list"),
        ({"areas": []}, "areas", "0 given, at least 1 needed"),
        ({"difficulty": "tough"}, "difficulty", "'easy', 'medium' or 'hard'"),
        ({"stem": "Too short?"}, "stem", "10 characters, at least 40 needed"),
        ({"stem": "x" * 901}, "stem", "901 characters, 900 at most"),
        ({"stem": " " + "x" * 50}, "stem", "begins or ends with white space"),
        ({"stem": "A **bold** case of which nothing more is known. What is coded?"}, "stem", "holds Markdown"),
        ({"options": options(3)}, "options", "3 given, at least 4 needed"),
        ({"options": options(7)}, "options", "7 given, 6 at most"),
        ({"options": options(5)}, "", "options: 5 given, 4 needed with one right option"),
        ({"options": options(4, 0)}, "", "options: none is marked correct: true"),
        ({"options": options(4, 4)}, "", "options: 4 are marked correct, 3 at most"),
        ({"options": [{**OPTIONS[0], "text": "TEXT 1"}, *OPTIONS[1:]]}, "", "options: two have the same text"),
        ({"options": [{**OPTIONS[0], "rationale": "No."}, *OPTIONS[1:]]}, "options: 1: rationale", "3 characters"),
        ({"options": [*OPTIONS[:3], {**OPTIONS[3], "correct": "maybe"}]}, "options: 4: correct", "valid boolean"),
        ({"codes": ["j18.9"]}, "codes: 1", "String should match pattern"),
        ({"as_of": "yesterday"}, "as_of", "valid date"),
        ({"review_after": "2026-01-01"}, "", "review_after must be later than as_of"),
        ({"code_year": 1999}, "code_year", "greater than or equal to 2024"),
    ],
)
def test_each_fault_names_file_line_id_and_field(tmp_path: Path, changes: dict[str, Any], field: str, text: str):
    pack(tmp_path, item("item-0"), item("item-1", **changes))
    path = tmp_path / "questions" / "all.yaml"
    fault = only_fault(tmp_path)
    assert fault.file == str(path)
    assert fault.place == (f"item-1: {field}" if field else "item-1")
    assert text in fault.text
    entry = line_of(path, "id: item-1")
    name = field.rpartition(": ")[2]
    if name and name in changes and changes[name] is not None and not isinstance(changes[name], list):
        assert fault.line == line_of(path, f"{name}:", 1 if name == "levle" else 2)
    else:
        assert fault.line >= entry
    assert str(fault).startswith(f"{path}:{fault.line}: item-1: ")


def test_control_characters_in_text_are_a_fault(tmp_path: Path):
    pack(tmp_path, item("item-1", stem="A case with a character that nobody\x00 sees in an editor. What is coded?"))
    assert only_fault(tmp_path).place == "item-1: stem"


@pytest.mark.parametrize(
    "written",
    ["0", "1767225600", "20260101", "2026", "1.5"],
)
def test_a_number_is_no_date(tmp_path: Path, written: str):
    pack(tmp_path)
    path = tmp_path / "questions" / "all.yaml"
    write(path, path.read_text().replace("as_of: '2026-01-01'", f"as_of: {written}"))
    fault = only_fault(tmp_path)
    assert (fault.place, fault.line) == ("item-1: as_of", line_of(path, "as_of:"))


def test_an_entry_without_an_id_is_named_by_its_place(tmp_path: Path):
    pack(tmp_path, item("item-1"), item("item-2", id=None))
    assert str(only_fault(tmp_path)).endswith("entry 2: id: is missing")


@pytest.mark.parametrize("written", ["99213", "1.5", "true", "00100", "no"])
def test_an_unquoted_value_where_text_is_wanted_says_to_quote_it(tmp_path: Path, written: str):
    pack(tmp_path)
    path = tmp_path / "questions" / "all.yaml"
    write(path, path.read_text().replace("text: Text 2", f"text: {written}"))
    fault = only_fault(tmp_path)
    assert fault.line == line_of(path, f"text: {written}")
    assert fault.place == "item-1: options: 3: text"
    assert f"YAML reads unquoted {written} as " in fault.text
    assert f'write "{written}" in quotes' in fault.text


def test_nothing_where_text_is_wanted_is_a_fault_at_its_line(tmp_path: Path):
    pack(tmp_path)
    path = tmp_path / "questions" / "all.yaml"
    write(path, path.read_text().replace("text: Text 2", "text: null"))
    fault = only_fault(tmp_path)
    assert (fault.line, fault.place) == (line_of(path, "text: null"), "item-1: options: 3: text")


def test_a_quoted_code_is_taken_as_text(tmp_path: Path):
    pack(tmp_path)
    path = tmp_path / "questions" / "all.yaml"
    write(path, path.read_text().replace("text: Text 2", 'text: "1.5"'))
    assert load_content(tmp_path).items["item-1"].options[2].text == "1.5"


def test_the_faults_of_several_files_come_in_one_run(tmp_path: Path):
    pack(tmp_path, item("item-1", stem=None, levle="easy"), item("item-2", options=options(5)))
    broken = write(tmp_path / "questions" / "broken.yaml", "items:\n\t- id: x\n")
    latin = tmp_path / "concepts" / "latin.yaml"
    latin.write_bytes(b"concepts: caf\xe9\n")
    dump(tmp_path / "concepts" / "more.yaml", "concepts", [concept("concept-2", trap=None)])
    dump(tmp_path / "exams" / "odd.yaml", "exams", [{**EXAM, "id": "odd", "items": -1}])
    wrong = write(tmp_path / "questions" / "number.yaml", "items:\n  - id: item-3\n    version: 007\n    version: 1\n")
    with pytest.raises(PackFaults) as raised:
        load_content(tmp_path)
    told = str(raised.value)
    for part in (
        "item-1: stem: is missing",
        "item-1: levle: is not a field here",
        "item-2: options: 5 given",
        f"{broken}:2: not readable as YAML",
        f"{latin}: the file is not UTF-8",
        "concept-2: trap: is missing",
        "odd: items: Input should be greater than",
        f"{wrong}:3: item-3: version: YAML reads unquoted 007",
        f"{wrong}:4: item-3: version: given twice",
        f"{wrong}:2: item-3: stem: is missing",
    ):
        assert part in told, part
    assert told.startswith(f"{len(raised.value.faults)} faults in the content:\n")


def test_faults_come_in_the_order_of_files_and_lines(tmp_path: Path):
    pack(tmp_path, item("item-1", stem=None), item("item-2", version=0), item("item-3", concept=None))
    with pytest.raises(PackFaults) as raised:
        load_content(tmp_path)
    where = [(fault.file, fault.line) for fault in raised.value.faults]
    assert where == sorted(where)


def test_a_file_with_a_fault_gives_no_entries_and_the_others_do(tmp_path: Path):
    pack(tmp_path, item("item-1"), item("item-2", stem=None))
    dump(tmp_path / "questions" / "sound.yaml", "items", [item("item-3")])
    content, faults = read_content(tmp_path)
    assert len(faults) == 1
    assert list(content.items) == ["item-3"]


@pytest.mark.parametrize("second", ["items: 5", "items: []", "items: [5]", "items:", "items: {a: b}"])
def test_a_list_given_twice_is_a_fault_even_when_the_first_holds_faults(tmp_path: Path, second: str):
    pack(tmp_path)
    write(tmp_path / "questions" / "twice.yaml", f"items:\n  - id: a\n  - id: b\n    version: 007\n{second}\n")
    assert any("given twice" in fault.text for fault in faults_of(tmp_path))


def test_a_folder_named_like_a_pack_is_a_fault_and_no_exception(tmp_path: Path):
    pack(tmp_path)
    (tmp_path / "questions" / "folder.yaml").mkdir()
    assert only_fault(tmp_path).file.endswith("folder.yaml")


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 10**12), st.text("ab0-:#'\"é \n", max_size=12), st.just([]), st.just({}),
    st.just([[]]), st.just({"id": []}), st.just([{"id": {"id": 1}}]), st.just("x" * 1_000),
)  # fmt: skip


@given(st.data())
def test_a_sound_tree_with_any_value_replaced_is_read_or_faulted_in_that_file(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    root = tmp_path_factory.mktemp("tree")
    pack(root)
    entries: Any = {"items": [copy.deepcopy(item("item-1")), copy.deepcopy(item("item-2"))]}
    here: Any = entries
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(here[key], dict | list) or not here[key] or data.draw(st.booleans()):
            here[key] = data.draw(JUNK)
            break
        here = here[key]
    path = root / "questions" / "all.yaml"
    write(path, as_yaml(entries))
    content, faults = read_content(root)
    assert {fault.file for fault in faults} <= {str(path)}
    assert faults or len(content.items) == 2 or len(entries["items"]) != 2
