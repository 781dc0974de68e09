"""The readers of the official code sets, against the counts that their publishers give."""

import pytest

from tests.content.codesets import (
    ADDENDA,
    HCPCS,
    HCPCS_SHAPE,
    ICD10CM,
    PCS,
    PCS_SHAPE,
    confirmed,
    deleted_2027,
    hcpcs,
    icd10cm,
    pcs,
)


def test_the_tabular_list_expands_to_the_published_counts():
    codes = icd10cm()
    assert sum(codes.values()) == 74_719
    assert len(codes) == 98_186


def test_no_expanded_code_is_missing_from_the_release():
    assert {code.replace(".", "") for code in icd10cm()} <= confirmed()


@pytest.mark.parametrize(
    ("code", "billable"),
    [
        ("A41.9", True),
        ("I10", True),
        ("E11", False),
        ("S00.03", False),
        ("S00.03XA", True),
        ("W11", False),
        ("W11.XXXA", True),
        ("T46.0X5A", True),
        ("T46.0X5", False),
        ("M80.08XA", True),
        ("O24.112", True),
        ("Z3A.40", True),
    ],
)
def test_a_seventh_character_is_added_in_the_seventh_place(code: str, billable: bool):
    assert icd10cm()[code] is billable


@pytest.mark.parametrize("code", ["S00.03A", "W11.A", "W11A", "W11.XXX0", "T46.0X5Q", "S00.03XAA"])
def test_a_wrongly_placed_or_unknown_seventh_character_makes_no_code(code: str):
    assert code not in icd10cm()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Code J18.9, not R05.9.", ["J18.9", "R05.9"]),
        ("Codes K80-K87 and Z3A.40", ["K80", "K87", "Z3A.40"]),
        ("a haemoglobin A1C, vitamin B12 and S00.03XA", ["S00.03XA"]),
        ("J0696 and XA10 and V2.5", []),
        ("I69.35- asks for a sixth", ["I69.35"]),
    ],
)
def test_codes_are_seen_in_running_text(text: str, found: list[str]):
    assert ICD10CM.findall(text) == found


def test_hcpcs_codes_are_seen_in_running_text():
    assert HCPCS_SHAPE.findall("J0696 per 250 mg; G0105. XJ0696, J06961, J18.9") == ["J0696", "G0105"]


def test_pcs_codes_are_seen_in_running_text():
    text = "0FT44ZZ and 10E0XZZ; not 0FT44Z, table 0FT, RELEASE, 5551234, 0ITJ4ZZ or 0DTJ4ZZZ"
    assert PCS_SHAPE.findall(text) == ["0FT44ZZ", "10E0XZZ"]


@pytest.mark.skipif(not ADDENDA.exists(), reason="the FY2027 addenda are not beside the repository")
def test_the_addenda_delete_as_many_codes_as_their_footer_says():
    assert len(deleted_2027()) == 30
    assert "D691" in deleted_2027()


@pytest.mark.skipif(not HCPCS.exists(), reason="the HCPCS file is not beside the repository")
def test_the_hcpcs_file_holds_the_published_counts():
    codes = hcpcs()
    assert sum(len(code) == 5 for code in codes) == 8_463
    assert sum(len(code) == 2 for code in codes) == 383
    assert 1_000 < sum(codes.values()) < 1_300
    assert codes["J0696"] is False


@pytest.mark.skipif(not PCS.exists(), reason="the ICD-10-PCS tables are not beside the repository")
def test_the_pcs_tables_expand_to_every_code():
    assert len(pcs()) == 79_115
    assert "0DTJ4ZZ" in pcs()
    assert "0DTJ4ZX" not in pcs()
