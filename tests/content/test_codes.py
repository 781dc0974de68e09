"""Every code that the shipped content names, against the official code sets."""

import re
from collections.abc import Iterable, Iterator

import pytest

from bot.core.content import Concept, Content, Item
from tests.content.codesets import (
    ADDENDA,
    HCPCS,
    HCPCS_SHAPE,
    ICD10CM,
    PCS,
    PCS_SHAPE,
    deleted_2027,
    hcpcs,
    icd10cm,
    pcs,
)

Entry = Item | Concept

# Modifiers with a letter that the AMA keeps, so that the HCPCS file has them not: physical status and Category II.
OF_CPT = {f"P{i}" for i in range(1, 7)} | {f"{i}P" for i in (1, 2, 3, 8)}
MODIFIER = re.compile(r"\bmodifiers? ([A-Z0-9]{2})\b")

needs_addenda = pytest.mark.skipif(not ADDENDA.exists(), reason="the FY2027 addenda are not beside the repository")
needs_pcs = pytest.mark.skipif(not PCS.exists(), reason="the ICD-10-PCS tables are not beside the repository")
needs_hcpcs = pytest.mark.skipif(not HCPCS.exists(), reason="the HCPCS file is not beside the repository")


@pytest.fixture(scope="module")
def entries(real_content: Content) -> list[Entry]:
    return [*real_content.items.values(), *real_content.concepts.values()]


def shown(entry: Entry) -> str:
    """What learners read of an entry."""
    if isinstance(entry, Item):
        options = [text for option in entry.options for text in (option.text, option.rationale)]
        return "\n".join([entry.scenario, entry.stem, *options, entry.reference])
    return "\n".join([entry.title, entry.summary, entry.rule, entry.example, entry.trap, entry.reference])


def of_icd10cm(codes: Iterable[str]) -> list[str]:
    """Those of an entry's `codes` that have not the shape of another code set."""
    return [code for code in codes if not HCPCS_SHAPE.fullmatch(code) and not PCS_SHAPE.fullmatch(code)]


def named(entry: Entry) -> Iterator[str]:
    """Every token of an entry that has the shape of an ICD-10-CM code; its `source`, `codes` and aliases included."""
    yield from ICD10CM.findall(f"{shown(entry)}\n{entry.source}")
    yield from of_icd10cm(entry.codes)
    if isinstance(entry, Concept):
        yield from (code for alias in entry.aliases for code in ICD10CM.findall(alias))


def about_headers(item: Item) -> bool:
    """Whether an item asks about headers themselves, so that one may stand among its options."""
    return any(word in f"{item.stem} {item.concept}".lower() for word in ("header", "billable", "valid code"))


def test_there_are_codes_to_check(entries: list[Entry]):
    codes = {code for entry in entries for code in named(entry)}
    assert len(codes) > 150
    assert {"S52.532D", "W11.XXXA", "Z3A.40"} <= codes


def test_every_code_named_anywhere_exists(entries: list[Entry]):
    assert [(entry.id, code) for entry in entries for code in named(entry) if code not in icd10cm()] == []


def test_every_code_that_an_item_lists_is_billable(real_content: Content):
    """A concept may list headers as well: it teaches about categories, and `/code lookup` opens them."""
    listed = [(item.id, code) for item in real_content.items.values() for code in of_icd10cm(item.codes)]
    assert len(listed) > 100
    assert [(name, code) for name, code in listed if not icd10cm()[code]] == []


def test_every_code_in_an_option_is_billable(real_content: Content):
    offered = [
        (item.id, code)
        for item in real_content.items.values()
        if not about_headers(item)
        for option in item.options
        for code in ICD10CM.findall(option.text)
    ]
    assert len(offered) > 60
    assert [(name, code) for name, code in offered if not icd10cm().get(code)] == []


def test_every_billable_code_that_learners_read_is_listed(entries: list[Entry]):
    assert [
        (entry.id, code)
        for entry in entries
        for code in ICD10CM.findall(shown(entry)) + HCPCS_SHAPE.findall(shown(entry)) + PCS_SHAPE.findall(shown(entry))
        if icd10cm().get(code, True) and code not in entry.codes
    ] == []


def test_every_listed_code_is_named_in_the_text(entries: list[Entry]):
    assert [(entry.id, code) for entry in entries for code in entry.codes if code not in shown(entry)] == []


def test_no_code_is_listed_twice(entries: list[Entry]):
    assert [entry.id for entry in entries if len(set(entry.codes)) < len(entry.codes)] == []


@needs_addenda
def test_no_code_that_learners_read_was_deleted_on_1_october_2026(entries: list[Entry]):
    # `source` is left out: an author may note there which codes went away.
    assert [
        (entry.id, code)
        for entry in entries
        for code in {*ICD10CM.findall(shown(entry)), *entry.codes}
        if code.replace(".", "") in deleted_2027()
    ] == []


@needs_hcpcs
def test_every_hcpcs_code_exists_and_is_in_force(entries: list[Entry]):
    found = [
        (entry.id, code) for entry in entries for code in {*HCPCS_SHAPE.findall(shown(entry)), *entry.codes}
        if HCPCS_SHAPE.fullmatch(code)
    ]  # fmt: skip
    assert len(found) >= 10
    assert [(name, code) for name, code in found if code not in hcpcs()] == []
    assert [(name, code) for name, code in found if hcpcs()[code]] == []


@needs_hcpcs
def test_every_modifier_with_a_letter_exists_and_is_in_force(real_content: Content):
    found = [
        (concept.id, modifier)
        for concept in real_content.concepts.values()
        for text in (shown(concept), *concept.aliases)
        for modifier in MODIFIER.findall(text)
        if not modifier.isdigit() and modifier not in OF_CPT
    ]
    assert len(found) > 30
    assert [(name, modifier) for name, modifier in found if hcpcs().get(modifier) is not False] == []


@needs_pcs
def test_every_pcs_code_is_one_that_the_tables_give(entries: list[Entry]):
    found = [
        (entry.id, code)
        for entry in entries
        for code in {*PCS_SHAPE.findall(shown(entry)), *entry.codes}
        if PCS_SHAPE.fullmatch(code)
    ]
    assert len(found) > 200
    assert [(name, code) for name, code in found if code not in pcs()] == []
