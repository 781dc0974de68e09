"""Reading one file: hostile, broken and merely careless YAML become faults with a line, never exceptions."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.packs.document import DEPTH_AT_MOST, SIZE_AT_MOST, Document, parse, read_document


def parsed(text: str) -> Document:
    document = Document()
    parse(text, document)
    return document


def only_fault(document: Document) -> tuple[tuple[str | int, ...], int, str]:
    [fault] = document.faults
    return fault


def test_plain_values_come_out_as_written():
    document = parsed("text: words\nnumber: 7\nnegative: -3\nhalf: 0.5\nyes: true\nno_: false\nlist: [a, '1']\n")
    assert document.faults == []
    assert document.data == {
        "text": "words", "number": 7, "negative": -3, "half": 0.5, "yes": True, "no_": False, "list": ["a", "1"],
    }  # fmt: skip


def test_every_value_has_its_line():
    document = parsed("items:\n  - id: a\n    stem: >-\n      folded\n      text\n  - id: b\n")
    assert document.data == {"items": [{"id": "a", "stem": "folded text"}, {"id": "b"}]}
    assert document.line(("items", 0, "id")) == 2
    assert document.line(("items", 0, "stem")) == 3
    assert document.line(("items", 1)) == 6


def test_a_missing_value_has_the_line_of_what_is_around_it():
    document = parsed("items:\n  - id: a\n  - id: b\n")
    assert document.line(("items", 1, "stem")) == 3
    assert Document().line(("items", 1)) == 0


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb: !!python/object/apply:os.system ['true']\n",
        "a: 1\nb: !ruby/object {}\n",
        "a: 1\nb: !!str 5\n",
        "a: 1\nb: !!binary aGVsbG8=\n",
        "a: 1\nb: !!set {x}\n",
    ],
)
def test_tags_are_refused_with_their_line(text: str):
    document = parsed(text)
    place, line, reason = only_fault(document)
    assert (place, line) == ((), 2)
    assert "tags such as" in reason
    assert document.data is None


@pytest.mark.parametrize("text", ["a: 1\nb: &name [1]\n", "a: 1\nb: *name\n", "a: 1\n<<: *base\n", "a: 1\nb: &x y\n"])
def test_anchors_and_aliases_are_refused_with_their_line(text: str):
    document = parsed(text)
    _, line, reason = only_fault(document)
    assert line == 2
    assert "anchors (&) and aliases (*)" in reason
    assert document.data is None


def test_an_alias_bomb_is_refused_before_it_is_expanded():
    rows = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    _, line, reason = only_fault(parsed("\n".join(rows)))
    assert line == 1
    assert "anchors" in reason


@pytest.mark.parametrize(
    "text",
    ["[" * 5_000 + "]" * 5_000, "{a: " * 5_000, "- " * 5_000 + "x", "\n".join("  " * i + "a:" for i in range(300))],
)
def test_deep_nesting_is_refused(text: str):
    document = parsed(text)
    assert f"deeper than {DEPTH_AT_MOST} levels" in only_fault(document)[2]
    assert document.data is None


def test_nesting_is_allowed_up_to_the_limit_and_not_beyond():
    assert parsed("[" * DEPTH_AT_MOST + "]" * DEPTH_AT_MOST).faults == []
    assert len(parsed("[" * (DEPTH_AT_MOST + 1) + "]" * (DEPTH_AT_MOST + 1)).faults) == 1


def test_many_siblings_are_no_depth():
    assert parsed("\n".join(f"- [{i}]" for i in range(1_000))).faults == []


def test_a_huge_file_is_refused_unread(tmp_path: Path):
    path = tmp_path / "huge.yaml"
    path.write_bytes(b"#" * (SIZE_AT_MOST + 1))
    assert "larger than 1,000,000 bytes: split it" in only_fault(read_document(path))[2]
    path.write_bytes(b"#" * SIZE_AT_MOST)
    assert read_document(path).faults == []


@pytest.mark.parametrize("data", [b"items:\n  - id: caf\xe9\n", "items: ä".encode("utf-16"), b"\xff\xfe\x00"])
def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path, data: bytes):
    path = tmp_path / "latin.yaml"
    path.write_bytes(data)
    assert "not UTF-8" in only_fault(read_document(path))[2]


def test_a_utf_8_file_with_a_byte_order_mark_is_read(tmp_path: Path):
    path = tmp_path / "bom.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: caf\xc3\xa9\n")
    document = read_document(path)
    assert document.faults == []
    assert document.data == {"a": "café"}


@pytest.mark.parametrize("make", [lambda path: path, lambda path: path.mkdir()], ids=["missing", "folder"])
def test_what_is_no_file_is_a_fault(tmp_path: Path, make):
    path = tmp_path / "here.yaml"
    make(path)
    assert only_fault(read_document(path))[1] == 0


def test_an_empty_file_holds_nothing():
    for text in ("", "\n\n", "# only a comment\n", "---\n"):
        assert parsed(text).data is None


def test_a_second_document_in_a_file_is_refused():
    _, line, reason = only_fault(parsed("a: 1\n---\nb: 2\n"))
    assert line == 2
    assert "not readable as YAML" in reason


def test_a_field_given_twice_is_a_fault_at_the_second():
    place, line, reason = only_fault(parsed("items:\n  - id: a\n    stem: one\n    stem: two\n"))
    assert (place, line, reason) == (("items", 0, "stem"), 4, "given twice: keep one")


def test_fields_of_two_entries_are_not_the_same_field():
    assert parsed("- id: a\n- id: b\n").faults == []


def test_a_tab_as_indentation_is_a_fault_with_its_line():
    _, line, reason = only_fault(parsed("items:\n\t- id: a\n"))
    assert line == 2
    assert "not readable as YAML" in reason


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("00100", 'YAML reads unquoted 00100 as a number; write "00100" in quotes'),
        ("0x1F", 'YAML reads unquoted 0x1F as a number; write "0x1F" in quotes'),
        ("1_000", 'YAML reads unquoted 1_000 as a number; write "1_000" in quotes'),
        ("12:30", 'YAML reads unquoted 12:30 as a number; write "12:30" in quotes'),
        ("no", 'YAML reads unquoted no as true or false; write "no" in quotes'),
        ("Yes", 'YAML reads unquoted Yes as true or false; write "Yes" in quotes'),
        ("on", 'YAML reads unquoted on as true or false; write "on" in quotes'),
        (".inf", 'YAML reads unquoted .inf as a number; write ".inf" in quotes'),
        ("1e+3", None),
    ],
)
def test_unquoted_values_that_yaml_would_change_are_faults_with_place_and_line(written: str, reason: str | None):
    document = parsed(f"a: 1\ncodes:\n  - {written}\n")
    if reason is None:
        assert document.faults == []
    else:
        assert only_fault(document) == (("codes", 0), 3, reason)
    assert document.data["codes"][0] == written


@pytest.mark.parametrize("written", ['"00100"', "'no'", '"1.5"', "'null'", '"~"'])
def test_quoted_values_stay_text(written: str):
    document = parsed(f"a: {written}\n")
    assert document.faults == []
    assert document.data == {"a": written[1:-1]}


@pytest.mark.parametrize(
    ("written", "value"),
    [("99213", 99213), ("1.5", 1.5), ("null", None), ("~", None), ("", None), ("0", 0), ("-12", -12)],
)
def test_numbers_and_nothing_are_taken_but_remembered_as_written(written: str, value: object):
    """Where text is wanted, the model refuses them; the document knows what stood there."""
    document = parsed(f"a: {written}\n")
    assert document.faults == []
    assert document.data == {"a": value}
    assert document.written[("a",)] == written


def test_a_date_stays_text():
    document = parsed("day: 2026-01-01\n")
    assert document.faults == []
    assert document.data == {"day": "2026-01-01"}


def test_a_field_whose_name_yaml_would_change_keeps_its_name():
    document = parsed("no: a\n2026-01-01: b\n00100: c\n")
    assert document.faults == []
    assert document.data == {"no": "a", "2026-01-01": "b", "00100": "c"}


def test_every_fault_of_a_file_is_found_in_one_go():
    document = parsed("a: 00100\nb: no\nc: ok\na: x\n")
    assert sorted(line for _, line, _ in document.faults) == [1, 2, 4]


@pytest.mark.parametrize(
    "text", ["a: [1\n", "a: 'open\n", "a: b: c\n", "%TAG\n", "? \n: [", "a: \x00\n", 'a: "\\ud800"']
)
def test_broken_yaml_is_a_fault(text: str):
    document = parsed(text)
    assert only_fault(document)[2].startswith("not readable as YAML: ")
    assert document.data is None


YAML_LIKE = st.text(alphabet="abc019-_:.~'\"&*!|>[]{}#%@,? \n\t\\é\u2028", max_size=200)


@given(st.one_of(st.text(max_size=300), YAML_LIKE))
def test_no_text_whatever_raises(text: str):
    document = parsed(text)
    for place, line, reason in document.faults:
        assert isinstance(place, tuple)
        assert line >= 0
        assert reason


@given(data=st.binary(max_size=300))
def test_no_bytes_whatever_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(data)
    document = read_document(path)
    assert document.data is None or document.lines


SCALARS = st.one_of(st.text(max_size=20), st.integers(), st.booleans(), st.floats(allow_nan=False), st.none())
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=15)  # fmt: skip


@given(TREES)
def test_whatever_a_yaml_writer_writes_is_read_or_faulted(tree: object):
    import yaml

    document = parsed(yaml.safe_dump(tree, allow_unicode=True))
    for place, _, _ in document.faults:
        assert place in document.lines or not place


def test_a_number_of_5000_digits_is_a_fault_and_no_exception():
    assert parsed("a: 1\nb: " + "9" * 5_000 + "\n").faults[0][1] == 2
