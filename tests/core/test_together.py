"""May two codes be reported together: the notes on both and above both, read the same from either side."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from random import Random
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.codes import installed
from bot.codes.book import CodeBook
from bot.codes.sheet import chain
from bot.core.codes import Entry, Level, NoteKind, Release, System, Version
from bot.core.together import Chain, Placed, Together, Verdict, headed, together
from tests.codes import databases
from tests.content.codesets import icd10cm

content_folder, codes_folder, book = databases.content_folder, databases.codes_folder, databases.book

SPRING = date(2026, 6, 1)
Asked = Callable[[str, str], Together]


@pytest.fixture(scope="session")
def asked(book: CodeBook) -> Asked:
    """What the notes of the installed release say of two codes."""

    def _asked(first: str, second: str) -> Together:
        pair: list[Chain] = []
        for code in (first, second):
            version = book.entry(System.ICD10CM, code.replace(".", ""), SPRING)
            assert version is not None, code
            pair.append(chain(book, version, SPRING))
        return together(pair[0], pair[1], book.categories)

    return _asked


def told(answer: Together) -> set[tuple[str, str]]:
    """Each note that the answer rests on: where it stands and of which kind it is."""
    return {(finding.note.at.entry.code, finding.note.kind.value) for finding in answer.findings}


@pytest.mark.parametrize(
    ("first", "second", "verdict", "note"),
    [
        # By a note above either, with a wildcard.
        ("E11.21", "E10.9", Verdict.EXCLUDED, ("E11", "excludes1")),
        ("K80.00", "K81.0", Verdict.EXCLUDED, ("K81", "excludes1")),
        # By a note on a block.
        ("I10", "I27.0", Verdict.EXCLUDED, ("I10-I1A", "excludes1")),
        # By the ending of a code.
        ("I69.193", "R27.0", Verdict.EXCLUDED, ("R27.0", "excludes1")),
        # By a range.
        ("E11.22", "N18.30", Verdict.ORDERED, ("E11.22", "use additional code")),
        ("E11.22", "N18.30", Verdict.ORDERED, ("N18", "code first")),
        # By a range with a condition on a character.
        ("T36.0X5A", "L27.0", Verdict.ORDERED, ("L27.0", "use additional code")),
        ("E11.9", "Z79.4", Verdict.ORDERED, ("E11", "use additional code")),
        ("J44.9", "J45.909", Verdict.BOTH, ("J44", "code also")),
    ],
)
def test_the_notes_decide(asked: Asked, first: str, second: str, verdict: Verdict, note: tuple[str, str]):
    answer = asked(first, second)
    assert answer.verdict is verdict
    assert note in told(answer)


def test_a_condition_that_is_not_met_does_not_connect(asked: Asked):
    """I69.192 is no ataxia; T36.0X1A is a poisoning and no adverse effect."""
    assert asked("I69.192", "R27.0").verdict is not Verdict.EXCLUDED
    assert ("L27.0", "use additional code") not in told(asked("T36.0X1A", "L27.0"))


def test_a_7th_character_may_decide(asked: Asked):
    """A wound of the head with an open fracture of the skull, and with a closed one."""
    assert ("S01", "excludes1") in told(asked("S01.00XA", "S02.0XXB"))
    assert ("S01", "excludes1") not in told(asked("S01.00XA", "S02.0XXA"))


def test_a_note_at_a_chapter_holds_for_all_below(asked: Asked):
    answer = asked("I69.193", "R51.9")
    assert answer.verdict is Verdict.BOTH
    assert ("Chapter 9", "excludes2") in told(answer)


def test_exclusions_stand_first(asked: Asked):
    kinds = [finding.note.kind for finding in asked("I69.193", "R27.0").findings]
    assert kinds[0] is NoteKind.EXCLUDES1
    assert NoteKind.EXCLUDES2 in kinds


def test_each_finding_says_whose_note_it_is(asked: Asked):
    for finding in asked("E11.21", "E10.9").findings:
        assert finding.of.entry.key.startswith(finding.note.at.entry.key)
        assert {finding.of.entry.code, finding.other.entry.code} == {"E11.21", "E10.9"}


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        ("E11.9", "E11.9", Verdict.SAME),
        ("E11", "E11.9", Verdict.NESTED),
        ("E11.9", "E11", Verdict.NESTED),
        ("S06.0X0", "S06.0X0A", Verdict.NESTED),
        ("I10", "Z12.11", Verdict.NO_NOTE),
    ],
)
def test_the_places_of_the_codes_decide_where_no_note_does(asked: Asked, first: str, second: str, verdict: Verdict):
    assert asked(first, second).verdict is verdict


def test_tuberculosis_of_two_organs_is_not_excluded(asked: Asked):
    assert asked("A15.0", "A17.0").verdict is not Verdict.EXCLUDED


@pytest.mark.parametrize(
    ("first", "second"),
    [("M90.80", "E11.9"), ("L99", "E11.9"), ("R41.3", "F10.20"), ("R44.0", "F11.20"), ("S51.001A", "S52.001A")],
)
def test_a_code_that_does_not_meet_the_condition_is_not_excluded(asked: Asked, first: str, second: str):
    assert asked(first, second).verdict is not Verdict.EXCLUDED


# Every plain note of the release.


@cache
def tabular() -> ElementTree.Element:
    return ElementTree.parse(installed.tabular()).getroot()


def plain_notes(tag: str) -> list[tuple[str, str]]:
    """(code, the one code in parentheses) of notes such as "type 1 diabetes mellitus (E10.9)", read independently."""
    found: list[tuple[str, str]] = []
    for node in tabular().iter("diag"):
        for note in (note for group in node.findall(tag) for note in group.findall("note")):
            match = re.search(r"\(([A-Z]\d[0-9A-Z](?:\.[0-9A-Z]+)?)\)$", (note.text or "").strip())
            if match and match[1] in icd10cm():
                found.append((node.findtext("name", ""), match[1]))
    return found


@pytest.mark.parametrize(("tag", "verdicts"), [
    ("excludes1", {Verdict.EXCLUDED}),
    ("excludes2", {Verdict.EXCLUDED, Verdict.BOTH, Verdict.ORDERED}),
    ("useAdditionalCode", {Verdict.EXCLUDED, Verdict.ORDERED, Verdict.NESTED}),
    ("codeFirst", {Verdict.EXCLUDED, Verdict.ORDERED}),
])  # fmt: skip
def test_every_plain_note_has_its_verdict(asked: Asked, tag: str, verdicts: set[Verdict]):
    pairs = [pair for pair in plain_notes(tag) if pair[0] != pair[1]]
    assert len(pairs) > 100
    for code, other in Random(3).sample(pairs, 25):
        assert asked(code, other).verdict in verdicts, (code, other)


# Both ways.


def same(one: Together, other: Together) -> bool:
    return one.verdict is other.verdict and told(one) == told(other)


@given(st.data())
@settings(max_examples=30)
def test_the_order_in_which_they_are_asked_for_does_not_matter(asked: Asked, data: st.DataObject):
    codes = st.sampled_from(sorted(icd10cm()))
    first, second = data.draw(codes), data.draw(codes)
    assert same(asked(first, second), asked(second, first))


def test_the_order_does_not_matter_where_notes_connect(asked: Asked):
    pairs = Random(4).sample(plain_notes("excludes1") + plain_notes("codeFirst") + plain_notes("codeAlso"), 25)
    for code, other in pairs:
        assert same(asked(code, other), asked(other, code)), (code, other)


# Small chains.

RELEASE = Release(System.ICD10CM, "FY2026", date(2025, 10, 1), None, (), "FY2026")
PLACES = {"A00": 0, "B00": 1, "C00": 2}


def small(code: str, *notes: tuple[NoteKind, str]) -> Chain:
    entry = Entry(code.replace(".", ""), code, f"Title of {code}", Level.CODE)
    version = Version(entry, None, None, RELEASE)
    return Chain(version, [Placed(kind, text, version, heading) for kind, text, heading in headed(notes)])


NOTES = st.lists(
    st.tuples(st.sampled_from(NoteKind), st.sampled_from(["x (A00.1)", "y (B00.-)", "z (C00.1, C00.2)", "all of it"])),
    max_size=4,
)
KEYS = st.sampled_from(["A00", "A00.1", "B00.1", "C00.2", "C00.21"])
STRENGTH = [Verdict.NO_NOTE, Verdict.BOTH, Verdict.ORDERED, Verdict.EXCLUDED]


@given(KEYS, NOTES, KEYS, NOTES)
def test_any_two_chains_are_read_the_same_from_either_side(
    one: str, own: Sequence[tuple[NoteKind, str]], other: str, others: Sequence[tuple[NoteKind, str]]
):
    a, b = small(one, *own), small(other, *others)
    forth, back = together(a, b, PLACES), together(b, a, PLACES)
    assert forth.verdict is back.verdict
    assert set(forth.findings) == set(back.findings)


@given(KEYS, NOTES, KEYS, NOTES)
def test_another_note_never_weakens_an_exclusion(
    one: str, own: Sequence[tuple[NoteKind, str]], other: str, others: Sequence[tuple[NoteKind, str]]
):
    less = together(small(one), small(other, *others), PLACES).verdict
    more = together(small(one, *own), small(other, *others), PLACES).verdict
    if less in STRENGTH and more in STRENGTH:
        assert STRENGTH.index(more) >= STRENGTH.index(less)
    if less is Verdict.EXCLUDED:
        assert more is Verdict.EXCLUDED


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        (NoteKind.EXCLUDES1, Verdict.EXCLUDED),
        (NoteKind.EXCLUDES2, Verdict.BOTH),
        (NoteKind.CODE_ALSO, Verdict.BOTH),
        (NoteKind.CODE_FIRST, Verdict.ORDERED),
        (NoteKind.USE_ADDITIONAL, Verdict.ORDERED),
        (NoteKind.INCLUDES, Verdict.NO_NOTE),
        (NoteKind.INCLUSION_TERM, Verdict.NO_NOTE),
        (NoteKind.NOTE, Verdict.NO_NOTE),
        (NoteKind.SEVENTH, Verdict.NO_NOTE),
    ],
)
def test_each_kind_of_note_tells_what_it_is_for(kind: NoteKind, verdict: Verdict):
    assert together(small("A00.1", (kind, "something (B00.-)")), small("B00.1"), PLACES).verdict is verdict


def test_a_line_that_ends_in_a_colon_heads_those_of_its_kind_behind_it():
    lines = [
        (NoteKind.CODE_FIRST, "underlying disease, such as:"),
        (NoteKind.CODE_FIRST, "gout (M10.-)"),
        (NoteKind.EXCLUDES1, "arthritis (M13.-)"),
        (NoteKind.EXCLUDES1, "pneumonia due to:"),
        (NoteKind.EXCLUDES1, "asbestos (J61)"),
        (NoteKind.EXCLUDES1, "also:"),
        (NoteKind.EXCLUDES1, "talc (J62.0)"),
    ]
    assert [heading for _, _, heading in headed(lines)] == [
        "", "underlying disease, such as:", "", "", "pneumonia due to:", "", "also:",
    ]  # fmt: skip
    assert [(kind, text) for kind, text, _ in headed(lines)] == lines
