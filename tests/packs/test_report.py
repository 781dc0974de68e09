"""What `check` prints: faults, stale schemas, coverage, what is overdue."""

import json
from datetime import date
from pathlib import Path

from bot.packs.models import FILES
from bot.packs.report import report
from tests.packs.yaml_text import EXAM, case, concept, dump, item, pack

TODAY = date(2026, 6, 1)


def test_a_sound_pack_is_reported_with_its_coverage(tmp_path: Path):
    row = {"id": "beta", "title": "Beta", "weight": 2.5, "draws_from": ["beta"], "confidence": "low"}
    pack(tmp_path / "content", item("item-1"), item("item-2"))
    dump(tmp_path / "content" / "exams" / "cpc.yaml", "exams", [{**EXAM, "areas": [*EXAM["areas"], row]}])
    text, sound = report(tmp_path / "content", tmp_path / "none", today=TODAY)
    assert sound
    assert text.splitlines() == [
        "CPC (AAPC): 2 items",
        "     2  Alpha (weight 1)",
        "     0  Beta (weight 2.5)",
        "2 items, 1 concepts, 1 exams: no faults.",
    ]


def test_case_sets_are_counted_with_their_area(tmp_path: Path):
    row = {"id": "cases", "title": "Cases", "weight": 2.5, "draws_from": ["cases"], "confidence": "low"}
    pack(tmp_path / "content", item("item-1"), item("item-2"))
    dump(tmp_path / "content" / "exams" / "cpc.yaml", "exams", [{**EXAM, "areas": [*EXAM["areas"], row]}])
    dump(tmp_path / "content" / "cases" / "all.yaml", "cases", [case("case-1"), case("case-2")])
    text, sound = report(tmp_path / "content", tmp_path / "none", today=TODAY)
    assert sound, text
    assert text.splitlines() == [
        "CPC (AAPC): 8 items, 6 of them in 2 case sets",
        "     2  Alpha (weight 1)",
        "     6  Cases (weight 2.5)",
        "8 items, 2 case sets, 1 concepts, 1 exams: no faults.",
    ]


def test_every_fault_is_on_a_line_of_its_own_and_they_are_counted(tmp_path: Path):
    pack(tmp_path, item("item-1", stem=None), item("item-2", version=0))
    text, sound = report(tmp_path, tmp_path / "none", today=TODAY)
    assert not sound
    lines = text.splitlines()
    assert "item-1: stem: is missing" in lines[0]
    assert "item-2: version" in lines[1]
    assert lines[2] == "2 faults."


def test_a_single_fault_is_counted_in_the_singular(tmp_path: Path):
    text, _ = report(tmp_path / "nowhere", tmp_path / "none", today=TODAY)
    assert text.endswith("\n1 fault.")


def test_what_is_overdue_is_named_and_no_fault(tmp_path: Path):
    old = {"as_of": "2025-01-01", "review_after": "2026-05-31"}
    due = {"as_of": "2025-01-01", "review_after": "2026-06-01"}
    pack(tmp_path, item("item-1", **old), item("item-2", **due), concepts=[concept(**old)])
    text, sound = report(tmp_path, tmp_path / "none", today=TODAY)
    assert sound
    assert [line for line in text.splitlines() if line.startswith("To be")] == [
        "To be checked again since 2026-05-31: item-1",
        "To be checked again since 2026-05-31: concept-1",
    ]


def test_schemas_are_written_and_then_agree(tmp_path: Path):
    pack(tmp_path / "content")
    schemas = tmp_path / "schema"
    text, sound = report(tmp_path / "content", schemas, write_schemas=True, today=TODAY)
    assert sound, text
    assert json.loads((schemas / "exams.schema.json").read_text()) == FILES["exams"].model_json_schema()
    assert report(tmp_path / "content", schemas, today=TODAY) == (text, True)


def test_a_stale_or_missing_schema_is_a_fault_that_names_the_command(tmp_path: Path):
    pack(tmp_path / "content")
    schemas = tmp_path / "schema"
    report(tmp_path / "content", schemas, write_schemas=True, today=TODAY)
    (schemas / "exams.schema.json").write_text("{}")
    (schemas / "concepts.schema.json").unlink()
    text, sound = report(tmp_path / "content", schemas, today=TODAY)
    assert not sound
    assert text.splitlines()[0] == (
        f"{schemas / 'concepts.schema.json'}, {schemas / 'exams.schema.json'}: not what the models say; "
        "run python -m bot check --write-schemas"
    )
