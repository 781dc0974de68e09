"""Finding: codes by their letters and never loosely, words by what they mean, and nothing that can be typed breaks it."""

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.codes.book import CodeBook
from bot.codes.find import find
from bot.core.codes import Level, System, Version, key_of
from bot.search.query import Synonyms
from bot.search.words import stems, words
from tests.content.codesets import icd10cm

SPRING = date(2026, 6, 1)
TODAY = date(2026, 11, 21)
Finder = Callable[..., list[Version]]


@pytest.fixture(scope="session")
def found(book: CodeBook, synonyms: Synonyms) -> Finder:
    """Finds in the installed ICD-10-CM, on a day of its release."""

    def _found(text: str, on: date = SPRING, **options: object) -> list[Version]:
        return find(book, synonyms, text, on, **options)  # pyright: ignore[reportArgumentType]

    return _found


@pytest.fixture(scope="session")
def found_in_all(book_of_all: CodeBook, synonyms: Synonyms) -> Finder:
    """Finds in everything, today."""

    def _found(text: str, on: date = TODAY, **options: object) -> list[Version]:
        return find(book_of_all, synonyms, text, on, **options)  # pyright: ignore[reportArgumentType]

    return _found


def codes(versions: Sequence[Version]) -> list[str]:
    return [version.entry.code for version in versions]


REAL = sorted(icd10cm())


# Codes.


@pytest.mark.parametrize("text", ["E11.65", "e11.65", "E1165", "e1165", " E11.65 ", "E11.65-", "e11.65\n"])
def test_a_code_may_be_typed_in_any_case_with_or_without_its_dot(found: Finder, text: str):
    assert codes(found(text)) == ["E11.65"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("E11", ["E11", "E11.0", "E11.1"]),
        ("e11.", ["E11", "E11.0", "E11.1"]),
        ("E11.-", ["E11", "E11.0", "E11.1"]),
        ("E11.6", ["E11.6", "E11.61", "E11.62"]),
        ("S06.0X0", ["S06.0X0", "S06.0X0A", "S06.0X0D", "S06.0X0S"]),
        ("w11.xxx", ["W11.XXXA", "W11.XXXD", "W11.XXXS"]),
        ("QA0", ["QA0"]),
        ("c4a", ["C4A"]),
    ],
)
def test_the_beginning_of_a_code_finds_the_shortest_first(found: Finder, text: str, first: list[str]):
    assert codes(found(text))[: len(first)] == first


@given(st.data())
@settings(max_examples=60)
def test_any_beginning_of_any_code_finds_only_what_begins_so(found: Finder, synonyms: Synonyms, data: st.DataObject):
    code = data.draw(st.sampled_from(REAL))
    typed = data.draw(
        st.sampled_from([code, code.replace(".", "")]).flatmap(lambda c: st.just(c[: max(2, len(c) - 2)]))
    )
    typed = data.draw(st.sampled_from([typed, typed.lower(), typed.swapcase()]))
    assume(tuple(words(typed)) not in synonyms)
    keys = [version.entry.key for version in found(typed)]
    assert keys
    assert all(key.startswith(key_of(typed)) for key in keys)
    assert [len(key) for key in keys] == sorted(len(key) for key in keys)


@given(st.sampled_from(REAL), st.sampled_from([str.lower, str.upper, lambda c: c.replace(".", "")]))
@settings(max_examples=60)
def test_any_code_typed_in_full_stands_first(found: Finder, code: str, typed: Callable[[str], str]):
    assert found(typed(code))[0].entry.code == code


def known(book: CodeBook, key: str) -> bool:
    return any(book.beginning(system, key, 1) for system in book.systems)


NO_CODES = st.from_regex(r"[A-TV-Z][0-9][0-9AB]\.[0-9A-Z]{1,4}", fullmatch=True)


@given(NO_CODES)
@settings(max_examples=60)
def test_what_looks_like_a_code_and_is_none_finds_nothing(book: CodeBook, found: Finder, typed: str):
    assume(not known(book, key_of(typed)))
    assert codes(found(typed)) == []


@given(st.sampled_from(REAL), st.integers(0, 6), st.sampled_from("0123456789ABCDX"))
@settings(max_examples=60)
def test_a_character_off_never_finds_the_code_that_was_nearly_typed(
    book: CodeBook, found: Finder, code: str, at: int, instead: str
):
    key = code.replace(".", "")
    typed = key[:at] + instead + key[at + 1 :]
    assume(at < len(key) and not known(book, typed))
    assert code not in codes(found(typed))


@given(st.from_regex(r"[A-Z][0-9A-Z]", fullmatch=True))
@settings(max_examples=60)
def test_a_modifier_is_never_matched_loosely(found_in_all: Finder, synonyms: Synonyms, typed: str):
    assume(tuple(words(typed)) not in synonyms)
    for version in found_in_all(typed):
        if version.entry.level is Level.MODIFIER and version.entry.key != typed:
            spoken = stems(f"{version.entry.title} {version.entry.facts.get('short description', '')}")
            assert any(word.startswith(typed.lower()) for word in spoken), version.entry.title


@pytest.mark.parametrize("text", ["TC", "tc", "GA", "xu"])
def test_a_modifier_stands_first(found_in_all: Finder, text: str):
    assert found_in_all(text)[0].entry.key == text.upper()


@pytest.mark.parametrize("text", ["LT", "rt"])
def test_a_modifier_that_is_an_abbreviation_too_is_among_the_answers(found_in_all: Finder, text: str):
    assert text.upper() in [version.entry.key for version in found_in_all(text)]


def test_a_diagnosis_and_a_supply_of_the_same_letters_are_both_shown(found_in_all: Finder):
    assert [(v.release.system, v.entry.code) for v in found_in_all("j1100")][:2] == [
        (System.ICD10CM, "J11.00"),
        (System.HCPCS, "J1100"),
    ]


def test_the_system_tells_them_apart(found_in_all: Finder):
    assert codes(found_in_all("J1100", systems=[System.HCPCS])) == ["J1100"]
    assert codes(found_in_all("J1100", systems=[System.ICD10CM])) == ["J11.00"]
    assert codes(found_in_all("J1100", systems=[System.ICD10PCS])) == []
    assert codes(found_in_all("J1100", systems=[System.CPT])) == []


def test_a_dotted_code_is_no_hcpcs_code(found_in_all: Finder):
    assert codes(found_in_all("A00.21")) == []


@pytest.mark.parametrize("system", [System.ICD10CM, System.HCPCS, System.ICD10PCS])
@pytest.mark.parametrize("text", ["hip replacement", "insulin", "0", "A0"])
def test_a_system_asked_for_is_the_only_one_found(found_in_all: Finder, system: System, text: str):
    assert {version.release.system for version in found_in_all(text, systems=[system])} <= {system}


def test_a_procedure_is_found_by_its_code_and_its_words(found_in_all: Finder):
    assert codes(found_in_all("0dtj4zz")) == ["0DTJ4ZZ"]
    hits = found_in_all("resection of appendix", systems=[System.ICD10PCS])
    assert {"0DTJ0ZZ", "0DTJ4ZZ"} <= set(codes(hits))


# Days.


def test_what_is_not_valid_on_the_day_stands_behind_what_is(found_in_all: Finder):
    for on in (date(2026, 9, 30), TODAY):
        valid = [version.valid_on(on) for version in found_in_all("qualitative platelet defects", on=on)]
        assert valid == sorted(valid, reverse=True)
    before, after = (codes(found_in_all("glanzmann", on=on)) for on in (date(2026, 9, 30), TODAY))
    assert before == ["D69.1", "D69.11"]
    assert set(after[:2]) == {"D69.1", "D69.11"}


def test_a_code_typed_in_full_stands_first_even_if_it_ended(found_in_all: Finder, book_of_all: CodeBook):
    rows = book_of_all.connection.execute(
        "SELECT key, max(coalesce(until, '9')) AS last FROM entries WHERE system = ? AND level = 'code'"
        " GROUP BY key HAVING last < ? ORDER BY key",
        (System.HCPCS, TODAY.isoformat()),
    ).fetchall()
    assert len(rows) > 1000
    for key, last in rows[::50]:
        [first, *_] = found_in_all(key.lower(), systems=[System.HCPCS])
        assert (first.entry.key, first.until) == (key, date.fromisoformat(last))


@pytest.mark.parametrize("text", ["D69.1", "d69", "platelet", "hypertension", "A4", "wheelchair"])
def test_no_entry_is_shown_twice(found_in_all: Finder, text: str):
    names = [(version.release.system, version.entry.key) for version in found_in_all(text, limit=60)]
    assert len(names) == len(set(names))


@given(st.sampled_from(["E11", "a", "diabetes", "fracture", "I10", "LT", "dm2"]), st.integers(1, 100))
@settings(max_examples=40)
def test_no_more_are_shown_than_asked_for(found: Finder, text: str, limit: int):
    some = found(text, limit=limit)
    assert len(some) <= limit
    assert codes(some) == codes(found(text, limit=100))[:limit]


# Whatever is typed.

HOSTILE = [
    "",
    " ",
    "\t\n",
    "'",
    '"',
    "'; DROP TABLE entries; --",
    "a' OR '1'='1",
    "NEAR(a b)",
    "a AND OR NOT b",
    "title: diabetes",
    "diabetes*",
    "^diabetes",
    '"unclosed',
    "(((((",
    "{stems}: x",
    "-diabetes +x",
    "%_%",
    "\x00",
    "a\x00b",
    "I10\x00",
    "e" * 10_000,
    "diabetes " * 500,
    "E11.65 " * 500,
    "İ",
    "ﬁbrosis",
    "ＤＩＡＢＥＴＥＳ",
    "𝔇iabetes",
    "糖尿病",
    "سكري",
    "👩‍⚕️",
    "e\u0301" * 50,
    "\u202eI10",
    "Ⅱ",
    "١٠",
    "\ud800",
    "I10\udfff",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_input_breaks_the_search(found_in_all: Finder, text: str):
    assert len(found_in_all(text)) <= 25


@given(st.text(max_size=80))
@settings(max_examples=150)
def test_no_text_breaks_the_search(found: Finder, text: str):
    hits = found(text, limit=5)
    assert len(hits) <= 5
    assert all(version.release.system is System.ICD10CM for version in hits)


@given(st.lists(st.sampled_from(['"', "*", "AND", "OR", "NOT", "NEAR", "(", ")", ":", "^", "pain", "e1", "+", "-"])))
@settings(max_examples=80)
def test_no_operator_of_the_index_is_obeyed(found: Finder, parts: list[str]):
    assert len(found(" ".join(parts))) <= 25
