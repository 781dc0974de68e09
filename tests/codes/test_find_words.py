"""Finding by words: what is meant stands first, however it is spelled, abbreviated or mistyped."""

import unicodedata

import pytest

from bot.codes.book import CodeBook
from tests.codes.test_find import Finder, codes, found

__all__ = ["found"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hypertension", "I10"),
        ("HTN", "I10"),
        ("high blood pressure", "I10"),
        ("type 2 diabetes", "E11.9"),
        ("type II diabetes", "E11.9"),
        ("dm2", "E11.9"),
        ("T2DM", "E11.9"),
        ("chf", "I50.9"),
        ("mi", "I21.9"),
        ("afib", "I48.91"),
        ("hypertenson", "I10"),
        ("diabets type 2", "E11.9"),
        ("hypothyriodism", "E03.9"),
        ("anaemia", "D64.9"),
        ("alzheimer's disease", "G30.9"),
        ("Alzheimers disease", "G30.9"),
        ("stroke", "I63.9"),
        ("otitis media left ear", "H66.92"),
        ("Sjögren syndrome", "M35.00"),
    ],
)
def test_the_code_that_is_meant_stands_first(found: Finder, text: str, code: str):
    assert codes(found(text))[0] == code


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("anaemia", "anemia"),
        ("oedema", "edema"),
        ("haemorrhoids", "hemorrhoids"),
        ("diarrhoea", "diarrhea"),
        ("tumour of brain", "tumor of brain"),
        ("leukaemia", "leukemia"),
        ("oesophagitis", "esophagitis"),
        ("coeliac disease", "celiac disease"),
        ("ischaemic stroke", "ischemic stroke"),
        ("fibreoptic centre", "fiberoptic center"),
        ("paediatric haematuria", "pediatric hematuria"),
    ],
)
def test_british_spelling_finds_the_same(found: Finder, british: str, american: str):
    assert codes(found(british)) == codes(found(american)) != []


def test_names_are_found_without_their_accents(found: Finder, book: CodeBook):
    rows = book.connection.execute(
        "SELECT code, title FROM entries WHERE level = 'code' AND length(CAST(title AS BLOB)) > length(title)"
    ).fetchall()
    assert len(rows) > 50
    plain = {code: unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode() for code, title in rows}
    assert [code for code, title in plain.items() if code not in codes(found(title))] == []


def test_a_misspelt_word_is_mended_even_if_its_stem_is_known(found: Finder):
    assert codes(found("migrane"))[0] == "G43.909"


@pytest.mark.parametrize(
    ("text", "code", "header"),
    [
        ("sprain of ankle", "S93.409A", "S93.4"),
        ("type 2 diabetes mellitus", "E11.9", "E11"),
        ("asthma", "J45.909", "J45"),
    ],
)
def test_the_code_that_is_taken_by_default_stands_before_its_header(found: Finder, text: str, code: str, header: str):
    shown = codes(found(text))
    assert shown.index(code) < shown.index(header)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("sprained ankle", "S93.409A"),
        ("sprain of ankle subsequent encounter", "S93.409D"),
        ("ankle sprain sequela", "S93.409S"),
        ("concussion subsequent encounter", "S06.0XAD"),
        ("fracture of femur sequela", "S72.90XS"),
        ("Colles' fracture, subsequent encounter", "S52.539D"),
    ],
)
def test_the_7th_character_may_be_asked_for_in_words(found: Finder, text: str, code: str):
    assert codes(found(text))[0] == code


def test_the_initial_encounter_may_be_asked_for_in_words(found: Finder):
    assert codes(found("sprain of ankle initial encounter"))[0] == "S93.409A"
