"""Packs as text, sound unless a test changes something."""

from pathlib import Path
from typing import Any

import yaml

EXAM: dict[str, Any] = {
    "id": "cpc",
    "name": "CPC",
    "issuer": "AAPC",
    "items": 100,
    "source": "a test",
    "as_of": "2026-01-01",
    "areas": [{"id": "alpha", "title": "Alpha", "weight": 1, "draws_from": ["alpha"], "confidence": "high"}],
}

_KNOWN: dict[str, Any] = {"confidence": "high", "source": "a test", "as_of": "2026-01-01"}
FACT: dict[str, Any] = {"topic": "time", "brief": "4 hours", "text": "4 hours in all.", **_KNOWN}
STEP: dict[str, Any] = {"stage": "prepare", "text": "Learn what is asked.", **_KNOWN}
ISSUER: dict[str, Any] = {"id": "aapc", "name": "AAPC", "title": "AAPC in full", "facts": [FACT], "steps": [STEP]}
CAREER: dict[str, Any] = {"id": "pay", "title": "Pay", "text": "It differs from place to place.", **_KNOWN}
TERMS: dict[str, Any] = {
    "id": "circulatory",
    "source": "a test",
    "as_of": "2026-01-01",
    "code_year": 2026,
    "review_after": "2027-01-01",
    "terms": {"I10": ["high blood pressure"]},
}
SYNONYM: dict[str, Any] = {"say": "htn", "means": ["hypertension"], "source": "a test", "as_of": "2026-01-01"}

_SOURCED = {
    "areas": ["alpha"],
    "reference": "Guidelines, Section I",
    "source": "a test",
    "as_of": "2026-01-01",
    "code_year": 2026,
    "review_after": "2027-01-01",
}


def item(name: str = "item-1", **changes: Any) -> dict[str, Any]:
    """A sound entry of a question file; a change to None takes the field away."""
    entry = {
        "id": name,
        "version": 1,
        **_SOURCED,
        "concept": "concept-1",
        "difficulty": "easy",
        # No three words in a row are those of another stem.
        "stem": " ".join(f"{name}{word}" for word in ("case", "of", "which", "coders", "ask", "what", "is", "coded"))
        + "?",
        "options": [
            {"text": f"Text {i}", "rationale": f"The reason why {i} is as it is.", "correct": i == 1} for i in range(4)
        ],
    }
    return {name: value for name, value in {**entry, **changes}.items() if value is not None}


def case(name: str = "case-1", *items: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A sound entry of a case file, with three items of its own; a change to None takes the field away."""
    asked = items or tuple(item(f"{name}-{i}", areas=None) for i in range(1, 4))
    entry = {
        "id": name,
        "title": "A case",
        "areas": ["alpha"],
        "scenario": " ".join(
            f"{name}{word}" for word in ("record", "of", "a", "visit", "told", "at", "some", "length")
        ),
        "items": list(asked),
    }
    return {name: value for name, value in {**entry, **changes}.items() if value is not None}


def concept(name: str = "concept-1", **changes: Any) -> dict[str, Any]:
    """A sound entry of a concept file; a change to None takes the field away."""
    entry = {
        "id": name,
        "title": "A concept",
        **_SOURCED,
        "summary": "What it is, in a sentence.",
        "rule": "The rule, in a sentence or two.",
        "trap": "The usual trap, in a sentence.",
    }
    return {name: value for name, value in {**entry, **changes}.items() if value is not None}


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True  # packs know no anchors


def as_yaml(data: Any) -> str:
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True)


def dump(path: Path, key: str, entries: list[dict[str, Any]]) -> Path:
    return write(path, as_yaml({key: entries}))


def pack(root: Path, *items: dict[str, Any], concepts: list[dict[str, Any]] | None = None) -> Path:
    """A content tree with one exam, one concept, and `items`."""
    dump(root / "exams" / "cpc.yaml", "exams", [EXAM])
    dump(root / "concepts" / "all.yaml", "concepts", concepts or [concept()])
    dump(root / "questions" / "all.yaml", "items", list(items) or [item()])
    return root


def line_of(path: Path, text: str, nth: int = 1) -> int:
    """The number of the nth line that holds `text`."""
    numbers = [number for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if text in line]
    return numbers[nth - 1]
