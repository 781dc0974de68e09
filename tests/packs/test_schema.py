"""The published JSON Schemas say what the models say."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.packs.models import FILES
from tests.packs.yaml_text import CAREER, EXAM, FACT, ISSUER, SYNONYM, TERMS, case, concept, item

ROOT = Path(__file__).parents[2]
SOUND = {
    "questions": {"items": [item()]},
    "cases": {"cases": [case()]},
    "concepts": {"concepts": [concept()]},
    "exams": {"exams": [EXAM]},
    "issuers": {"issuers": [ISSUER]},
    "careers": {"careers": [CAREER]},
    "terms": {"groups": [TERMS]},
    "synonyms": {"synonyms": [SYNONYM]},
}


def schema(name: str) -> dict[str, Any]:
    return json.loads((ROOT / "schema" / f"{name}.schema.json").read_text(encoding="utf-8"))


def accepts(name: str, document: Any) -> bool:
    jsonschema.Draft202012Validator.check_schema(schema(name))
    return jsonschema.Draft202012Validator(schema(name)).is_valid(document)


def test_there_is_one_schema_for_each_kind_of_file():
    assert {path.name for path in (ROOT / "schema").iterdir()} == {f"{name}.schema.json" for name in FILES}


@pytest.mark.parametrize("name", list(FILES))
def test_a_published_schema_equals_its_model(name: str):
    assert schema(name) == FILES[name].model_json_schema()


@pytest.mark.parametrize("name", list(FILES))
def test_a_sound_file_validates(name: str):
    assert accepts(name, SOUND[name])


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("questions", {"items": [item(stem=None)]}),
        ("questions", {"items": [item(levle="easy")]}),
        ("questions", {"items": [item(options=item()["options"][:3])]}),
        ("questions", {"items": [item(codes=["j18"])]}),
        ("questions", {"items": [item(stem="short")]}),
        ("questions", {"items": []}),
        ("questions", []),
        ("cases", {"cases": [case(scenario=None)]}),
        ("cases", {"cases": [case("case-1", item("a"), item("b"))]}),
        ("cases", {"cases": [case("case-1", item("a"), item("b"), item("c", scenario="Its own record."))]}),
        ("concepts", {"concepts": [concept(trap=None)]}),
        ("exams", {"exams": [{**EXAM, "items": 0}]}),
        ("exams", {"exams": [{**EXAM, "facts": [{**FACT, "topic": "weather"}]}]}),
        ("issuers", {"issuers": [{**ISSUER, "steps": [{"stage": "prepare"}]}]}),
        ("careers", {"careers": [{**CAREER, "source": None}]}),
        ("terms", {"groups": [{**TERMS, "terms": {"I10": []}}]}),
        ("terms", {"groups": [{**TERMS, "terms": {"I10": ["High Blood Pressure"]}}]}),
        ("terms", {"groups": [{**TERMS, "review_after": None}]}),
        ("synonyms", {"synonyms": [{**SYNONYM, "means": []}]}),
        ("synonyms", {"synonyms": [{**SYNONYM, "say": "HTN"}]}),
    ],
)
def test_a_faulty_file_does_not_validate(name: str, document: Any):
    assert not accepts(name, document)


@pytest.mark.parametrize("name", list(FILES))
def test_every_shipped_file_validates(name: str):
    validator = jsonschema.Draft202012Validator(schema(name))
    files = sorted((ROOT / "content" / name).rglob("*.yaml"))
    assert files
    for path in files:
        # An editor sees text where YAML would make a date of it only because packs quote their dates.
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
        assert [error.message for error in validator.iter_errors(document)] == [], path.name
