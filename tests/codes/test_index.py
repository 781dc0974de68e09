"""The ICD-10-CM index: words that lead to codes. A small file in its format, since the real one isn't at hand."""

from datetime import date
from pathlib import Path

import pytest

from bot.codes.release import FileFault, Scope
from bot.codes.sources.index import read_index
from bot.core.codes import System
from tests.codes.files import INDEX, flips, outcome, sizes, written

NEOPLASMS = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index>
  <version>2027</version>
  <title>ICD-10-CM TABLE of NEOPLASMS</title>
  <indexHeading>
    <head col="1">Neoplasm</head>
    <head col="2">Malignant Primary</head>
    <head col="3">Malignant Secondary</head>
    <head col="4">Ca in situ</head>
  </indexHeading>
  <letter>
    <title>N</title>
    <mainTerm>
      <title>Neoplasm, neoplastic</title>
      <cell col="2">C80.1</cell>
      <term level="1">
        <title>lung</title>
        <cell col="2">C34.9-</cell><cell col="3">C78.0-</cell><cell col="4">-</cell>
      </term>
      <term level="1">
        <title>skin<nemod>(nonmelanoma)</nemod> of ear</title>
        <cell col="2">C44.20-◊</cell>
      </term>
    </mainTerm>
  </letter>
</ICD10CM.index>
"""


def with_term(term: str) -> str:
    return INDEX.replace(
        "    <mainTerm>\n      <title>Abandonment", f"    {term}\n    <mainTerm>\n      <title>Abandonment"
    )


def test_terms_lead_to_codes_by_phrases(tmp_path: Path):
    source = read_index(written(tmp_path, "icd10cm_index_2027.xml", INDEX))
    assert list(source.terms) == [
        ("F444", "Abasia"),
        ("F444", "Abasia (-astasia) (hysterical)"),
        ("L0291", "Abscess"),
        ("L0291", "Abscess (connective tissue)"),
        ("L0241", "Abscess, skin, arm"),
        ("A0681", "Abscess, amebic"),
    ]
    assert (source.system, source.scope, source.name) == (System.ICD10CM, Scope.TERMS, "FY2027")
    assert (source.effective, source.counts) == (date(2026, 10, 1), {"terms": 6, "unread": 0})


def test_tables_give_a_term_for_each_column(tmp_path: Path):
    source = read_index(written(tmp_path, "icd10cm_neoplasm_2027.xml", NEOPLASMS))
    assert list(source.terms) == [
        ("C801", "Neoplasm, neoplastic, Malignant Primary"),
        ("C349", "Neoplasm, neoplastic, lung, Malignant Primary"),
        ("C780", "Neoplasm, neoplastic, lung, Malignant Secondary"),
        ("C4420", "Neoplasm, neoplastic, skin of ear, Malignant Primary"),
    ]


@pytest.mark.parametrize(
    ("code", "key"), [("I63.-", "I63"), ("QA0.1", "QA01"), ("C7A.-", "C7A"), ("I10", "I10"), ("S02.0XXA", "S020XXA")]
)
def test_codes_of_every_shape_are_taken(tmp_path: Path, code: str, key: str):
    text = with_term(f"<mainTerm><title>Aaa</title><code>{code}</code></mainTerm>")
    assert read_index(written(tmp_path, "index.xml", text)).terms[0] == (key, "Aaa")


def test_a_term_said_twice_leads_there_once(tmp_path: Path):
    text = with_term("<mainTerm><title>Aaa</title><code>I10</code><code>I10</code></mainTerm>")
    assert read_index(written(tmp_path, "index.xml", text)).counts["terms"] == 7


def test_a_range_among_many_codes_is_counted_and_passed_over(tmp_path: Path):
    many = "".join(f"<mainTerm><title>Term {n}</title><code>A{n:02}</code></mainTerm>" for n in range(100))
    text = with_term(many + "<mainTerm><title>Range</title><code>A00-A09</code></mainTerm>")
    assert read_index(written(tmp_path, "index.xml", text)).counts == {"terms": 106, "unread": 1}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (with_term("<mainTerm><title>Range</title><code>A00-A09</code></mainTerm>"), "term Range"),
        (with_term("<mainTerm><code>I10</code></mainTerm>"), "a mainTerm without a title"),
        (INDEX.replace("<title>arm</title>", "<title/>"), "term Abscess, skin: has a term without a title"),
        (INDEX.replace("<version>2027</version>", ""), "version: is missing"),
        (INDEX.replace("2027", "twenty"), "version: holds no year"),
        ("<ICD10CM.index><version>2027</version></ICD10CM.index>", "no terms"),
        (INDEX.replace("ICD10CM.index", "ICD10CM.other"), "where ICD10CM.index should"),
        (with_term("<mainTerm><title>a</title>" + "<term><title>a</title>" * 5_000 + "</term>" * 5_000 + "</mainTerm>"),
         "nested deeper than 30"),
    ],
)  # fmt: skip
def test_what_is_no_index_is_refused(tmp_path: Path, text: str, what: str):
    with pytest.raises(FileFault, match=what):
        read_index(written(tmp_path, "index.xml", text))


@pytest.mark.parametrize("text", [INDEX, NEOPLASMS])
def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path, text: str):
    whole = text.rstrip().encode()
    for end in range(1, len(whole), 3):
        assert outcome(written(tmp_path, "index.xml", whole[:end])) is None, end


def test_a_changed_byte_never_raises_anything_else(tmp_path: Path):
    for copy in flips(NEOPLASMS.encode(), 500, seed=15):
        read = outcome(written(tmp_path, "index.xml", copy))
        assert read is None or sizes(read)[0][4] in (3, 4, 5)
