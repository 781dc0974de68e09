"""What a pack may say of continuing education units, and what is refused with its place."""

from pathlib import Path
from typing import Any

import pytest

from bot.core.certs import CeuPeriod, Confidence
from bot.core.ceu import requirement
from bot.core.content import Content
from bot.packs.load import load_content, read_content
from tests.packs.yaml_text import EXAM, ISSUER, dump, pack

KNOWN = {"confidence": "high", "source": "a test", "as_of": "2026-01-01"}
STEPS = [{"credentials": 1, "ceus": 36, **KNOWN}, {"credentials": 2, "or_more": True, "ceus": 40, **KNOWN}]
LEAST = {"id": "core", "title": "Core subjects", "ceus": 9, **KNOWN}
RULE: dict[str, Any] = {"period": "two-years", "steps": STEPS, "minimums": [LEAST], "notes": [{"text": "Nothing is carried over.", **KNOWN}]}  # fmt: skip


def written(root: Path, *rules: dict[str, Any], others: tuple[dict[str, Any], ...] = ()) -> Path:
    pack(root)
    dump(root / "exams" / "more.yaml", "exams", [{**EXAM, "id": "cpma", "areas": []}])
    other = {**ISSUER, "id": "other", "name": "Other", "steps": [], "ceus": list(others)}
    dump(root / "issuers" / "all.yaml", "issuers", [{**ISSUER, "ceus": list(rules)}, other])
    return root


def test_a_rule_is_loaded_and_found_by_exam(tmp_path: Path) -> None:
    content = load_content(written(tmp_path, {**RULE, "exams": ["cpma"]}))
    issuer = content.issuers["aapc"]
    assert issuer.ceu_rule("cpc") is None
    rule = issuer.ceu_rule("cpma")
    assert rule is not None
    assert (rule.period, [(step.ceus, step.or_more) for step in rule.steps]) == (
        CeuPeriod.TWO_YEARS,
        [(36, False), (40, True)],
    )
    assert (rule.minimums[0].id, rule.minimums[0].ceus, rule.notes[0].confidence) == ("core", 9, Confidence.HIGH)


@pytest.mark.parametrize(
    ("rules", "others", "text"),
    [
        ([{**RULE, "steps": []}], [], "0 given, at least 1 needed"),
        ([{**RULE, "steps": STEPS[1:]}], [], "steps: for 1, 2, 3 and so on credentials"),
        ([{**RULE, "steps": [{**STEPS[0], "or_more": True}, STEPS[1]]}], [], "or_more is for the last one"),
        ([{**RULE, "minimums": [{**LEAST, "percent": 80}]}], [], "give ceus or percent, one of them"),
        ([{**RULE, "minimums": [{**LEAST, "ceus": None}]}], [], "give ceus or percent, one of them"),
        ([{**RULE, "minimums": [LEAST, LEAST]}], [], "the category 'core' stands twice"),
        ([RULE], [{**RULE, "exams": []}], "the category 'core' stands twice"),
        ([{**RULE, "period": "three-years"}], [], "Input should be 'two-years' or 'calendar-year'"),
        ([{**RULE, "exams": ["ccs"]}], [], "'ccs' is no exam of AAPC"),
        ([{**RULE, "minimums": [{**LEAST, "exams": ["ccs"]}]}], [], "'ccs' is no exam of AAPC"),
        ([RULE, {**RULE, "exams": ["cpc"], "minimums": []}], [], "'cpc' stands under two rules"),
        ([{**RULE, "notes": [{"text": "Learn 11042 by heart.", **KNOWN}]}], [], "names 11042"),
        ([{**RULE, "hours": 3}], [], "is not a field here"),
    ],
)
def test_each_fault_is_told(tmp_path: Path, rules: list[Any], others: list[Any], text: str) -> None:
    _, [fault] = read_content(written(tmp_path, *rules, others=tuple(others)))
    assert text in fault.text


def test_what_is_shipped(real_content: Content) -> None:
    """The figures of the issuers' rules, as their sources give them."""
    issuers = {issuer.name: issuer for issuer in real_content.issuers.values()}

    def asked(exam: str, held: int = 1) -> tuple[float, list[tuple[str, float]]] | None:
        found = real_content.exams[exam]
        needs = requirement(issuers[found.issuer].ceu_rule(exam), exam, held, None)
        if needs is None or not needs.fits:
            return None
        return needs.needed / 4, [(part.minimum.id, part.needed / 4) for part in needs.parts]

    assert [asked("cpc", held) for held in (1, 2, 3, 4, 5, 7)] == [(n, []) for n in (36, 40, 44, 48, 52, 52)]
    assert asked("cpma") == (36, [("auditing", 16)])
    for exam in ("cca", "ccs", "ccs-p"):
        assert asked(exam) == (20, [("hiim", 16), ("from-ahima", 8)])
        assert asked(exam, 2) is None
    assert asked("cmc") == (12, [("core", 9)])
    assert asked("rhit") is None
    assert asked("rhia") is None
    ladder = issuers["AAPC"].ceus[0].steps
    assert [step.confidence for step in ladder] == [Confidence.HIGH, *[Confidence.MEDIUM] * 4]
