"""Which codes a note names, over every way in which the real notes write them."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.codes import installed
from bot.core.references import Reference, references

ONE = re.compile(r"(?<![\w.])[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{0,4})?(?![\w])")
TELLING = ("codeFirst", "useAdditionalCode", "codeAlso", "excludes1", "excludes2")


@cache
def real_notes() -> Counter[str]:
    """Every note of the installed release that says something of other codes, and how often it stands there."""
    root = ElementTree.parse(installed.tabular()).getroot()
    notes = (note.text or "" for tag in TELLING for group in root.iter(tag) for note in group.findall("note"))
    return Counter(" ".join(note.split()) for note in notes)


@cache
def categories() -> dict[str, int]:
    """The categories in the order of the tabular list."""
    root = ElementTree.parse(installed.tabular()).getroot()
    names = (category.findtext("name", "") for section in root.iter("section") for category in section.findall("diag"))
    return {name: place for place, name in enumerate(names)}


@cache
def real_keys() -> tuple[str, ...]:
    return tuple(sorted(key for key in installed.code_list() if re.fullmatch(r"[A-Z][0-9A-Z]{2,6}", key)))


def spans(note: str) -> list[str]:
    return [one.first if one.first == one.last else f"{one.first}-{one.last}" for one in references(note)]


def covers(note: str, code: str, places: Mapping[str, int] | None = None) -> bool:
    return any(one.covers(code.replace(".", ""), places or categories()) for one in references(note))


# One of each shape in parentheses: single codes are # without a dot, #.# with one.
SHAPES = [
    ("HIV disease (B20)", ["B20"]),
    ("carrier (Z22.6)", ["Z226"]),
    ("Human immunodeficiency (B20-B24)", ["B20-B24"]),
    ("infection (A04.7-)", ["A047"]),
    ("resistance (Z16.-)", ["Z16"]),
    ("anemia (E53-)", ["E53"]),
    ("disorders (A04.0-A04.4)", ["A040-A044"]),
    ("influenza (J09.X3, J10.2, J11.2)", ["J09X3", "J102", "J112"]),
    ("agent (B95, B96)", ["B95", "B96"]),
    ("infection (T80.22-, T80.29-)", ["T8022", "T8029"]),
    ("hepatitis (B16.-, B18.0-B18.1)", ["B16", "B180-B181"]),
    ("melanoma (C43.2-,C44.2-)", ["C432", "C442"]),
    ("neoplasm (C51-C52, C60.-, C63.2)", ["C51-C52", "C60", "C632"]),
    ("neoplasm (C81-C86, C88, C96.-)", ["C81-C86", "C88", "C96"]),
    ("epididymis (D29.2.-)", ["D292"]),
    ("malaria (B50.0-B54)", ["B500-B54"]),
    ("infections (J00-J06; J20-J22)", ["J00-J06", "J20-J22"]),
    ("pancreas (K85-K86.-)", ["K85-K86"]),
    ("use (F11.-F17.-)", ["F11-F17"]),
    ("overdose (T40.0-T40.2-)", ["T400-T402"]),
    ("sequelae (I69.01-I69.11-, I69.21-I69.31-, I69.81- I69.91-)", ["I6901-I6911", "I6921-I6931", "I6981", "I6991"]),
    ("episode (F31.-,  F32.-, F33.-)", ["F31", "F32", "F33"]),
    ("hemorrhage (I60.-. I61.-, I62.-)", ["I60", "I61", "I62"]),
    ("injury (S00 - S09)", ["S00-S09"]),
    ("fever (I01.0 -I01.9)", ["I010-I019"]),
    ("atherosclerosis (I70.2--I70.7-)", ["I702-I707"]),
    ("fracture (S12.0--S12.6.-)", ["S120-S126"]),
    ("use (F10.--F19.-)", ["F10-F19"]),
    ("use (F10.- -F19.-)", ["F10-F19"]),
    ("apnea (P28.3- - P28.4-)", ["P283-P284"]),
    ("webbing (Q70.0- -Q70.3-)", ["Q700-Q703"]),
    ("arthritis (M05.00 to M05.8A)", ["M0500-M058A"]),
    ("pneumoconiosis (J60-J67.9)", ["J60-J679"]),
    ("lack (Z95.1-Z95.5, Z95.811-Z97)", ["Z951-Z955", "Z95811-Z97"]),
    ("conditions (A00-R94 and T80-T88.6, T88.8)", ["A00-R94", "T80-T886", "T888"]),
    ("abscess (K50.014, K50.114, K50.814, K50.914,)", ["K50014", "K50114", "K50814", "K50914"]),
    ("infarction (I21.0-I21.B, I22.-)", ["I210-I21B", "I22"]),
    ("habit (F98.2.-F98.3)", ["F982", "F983"]),
    ("imbalance (E87.8}", ["E878"]),
    ("perinatal (P03.82 )", ["P0382"]),
    # Outside of parentheses.
    ("dementia as classified in F01-F02", ["F01-F02"]),
    ("conditions classified to A74.-", ["A74"]),
    ("code(s) from F11-F16 and F18-F19 to identify manifestations", ["F11-F16", "F18-F19"]),
    ("from categories E08, E09 and E13 to identify any manifestation", ["E08", "E09", "E13"]),
    ("injuries classified in subcategories S06.1- to S06.6-, and S06.81- to S06.89-, code to it",
     ["S061-S066", "S0681-S0689"]),
    ("conditions classifiable to S06.0- to S06.8-code to specified injury", ["S060-S068"]),
    ("tendinitis (baby) R68.11", ["R6811"]),
    ("code, if applicable, from category Z3A, Weeks of gestation", ["Z3A"]),
    # Nothing that is a code.
    ("insulin pump status", []),
    ("glucose-6-phosphate dehydrogenase (G6PD) deficiency", []),
    ("influenza A/H1N1", []),
    ("CD30-positive T-cell proliferations", []),
    ("a 5-HT1A agonist", []),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("note", "named"), SHAPES)
def test_each_way_of_writing_codes_is_read(note: str, named: list[str]):
    assert spans(note) == named


def shape_of(parenthesised: str) -> str:
    """What stands in parentheses with # for each code, and repeated items once."""
    text = re.sub(r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{0,4})?", "#", parenthesised)
    text = re.sub(r"#\.?-?\.?-?", "#", text)
    text = re.sub(r" ?(-|–|to) ?(?=#)", "-", text)
    return re.sub(r"(#(?:-#)?)([,;.]? ?#(?:-#)?)+", r"\1", text).strip(" ,")


KNOWN_SHAPES = {"#", "#-#", "#-# and #", "# and #"}


def test_the_real_notes_write_codes_in_no_other_way():
    """All but the conditions, which begin with "with" and are looked at below."""
    shapes: Counter[str] = Counter()
    for note in real_notes():
        for part in re.findall(r"\(([^()]*)\)", note):
            if ONE.search(part):
                shapes[re.sub(r",? ?-?with .*$", "", shape_of(part))] += 1
    assert set(shapes) <= KNOWN_SHAPES, sorted(set(shapes) - KNOWN_SHAPES)
    assert shapes.total() > 4_000


def test_every_code_in_the_parentheses_of_a_real_note_is_named():
    for note in real_notes():
        for part in re.findall(r"\(([^()]*)\)", note):
            seen = [code.replace(".", "") for code in ONE.findall(part)]
            found = references(f"({part})")
            ends = [end for one in found for end in dict.fromkeys([one.first, one.last])]
            assert sorted(set(ends)) == sorted(set(seen)), note


MISPRINTS = {"G3190", "R104"}
"""Codes that the release itself names and does not have."""


def test_every_code_that_a_real_note_names_exists():
    keys = {key[:length] for key in real_keys() for length in range(3, 8)}
    unknown = {
        end
        for note in real_notes()
        for one in references(note.replace("vitamin B12", "vitamin"))
        for end in (one.first, one.last)
        if end not in keys
    }
    assert unknown == MISPRINTS & unknown


def test_a_vitamin_is_no_code():
    assert spans("vitamin B12 deficiency anemia (D51.-)") == ["D51"]


def test_no_range_runs_backwards():
    order = categories()
    for note in real_notes():
        for one in references(note):
            if one.first[:3] in order and one.last[:3] in order:
                assert order[one.first[:3]] <= order[one.last[:3]], note
                if one.first[:3] == one.last[:3]:
                    assert one.first[3:] <= one.last[3:] or one.last[3:] == "", note


# What a reference covers.


@pytest.mark.parametrize(
    ("note", "inside", "outside"),
    [
        ("(E10.-)", ["E10", "E10.9", "E10.3211"], ["E11.9", "E1"]),
        ("(N18.30)", ["N18.30"], ["N18.3", "N18.31", "N18"]),
        ("(A04.0-A04.4)", ["A04.0", "A04.4", "A04.2"], ["A04.5", "A04", "A05.0"]),
        ("(I25.70-I25.73-, I25.79-)", ["I25.700", "I25.739", "I25.790"], ["I25.750", "I25.6"]),
        ("(J60-J67.9)", ["J60", "J67.9", "J64"], ["J68.0", "J59"]),
        ("(O00-O07, O08.1)", ["O00.101", "O07.4", "O08.1"], ["O08.0"]),
        ("(I21.0-I21.B)", ["I21.A9", "I21.B", "I21.4"], ["I22.0"]),
        ("(M05.00 to M05.8A)", ["M05.271", "M05.8A"], ["M05.9", "M06.00"]),
        ("(C43-C44)", ["C43.9", "C4A.9", "C44.90"], ["C45.0", "C49.A0"]),
        ("(A00-R94 and T80-T88.6, T88.8)", ["B20", "T88.6XXA", "T88.8XXA"], ["R97.0", "T88.7XXA", "U07.1"]),
        ("(Z95.811-Z97)", ["Z95.811", "Z96.1", "Z97.9"], ["Z95.810", "Z98.0"]),
        ("(S06.-)", ["S06.0X0A"], ["S07.0XXA"]),
        ("(Q05.0, Q05.5, Q67.5, Q76.0-Q76.4)", ["Q05.5", "Q76.411"], ["Q05.1", "Q76.5"]),
    ],
)
def test_a_reference_covers_what_is_at_or_below_it(note: str, inside: list[str], outside: list[str]):
    assert [code for code in inside if not covers(note, code)] == []
    assert [code for code in outside if covers(note, code)] == []


@pytest.mark.parametrize(
    ("note", "inside", "outside"),
    [
        ("(T36-T50 with fifth or sixth character 5)", ["T36.0X5A", "T45.515D", "T41.45XA"], ["T36.0X1A", "T45.511A"]),
        ("(T36-T65 with fifth or sixth character 1-4)", ["T36.0X1A", "T50.904S", "T58.11XA"], ["T36.0X5A", "T36.0X6A"]),
        ("(T36-T50 with final character 6)", ["T36.0X6A", "T45.516A"], ["T36.0X5A"]),
        ("(T43.1X with sixth character 1-4)", ["T43.1X2A"], ["T43.1X5A", "T43.2X2A"]),
        ("(T39.0-, with sixth character 5)", ["T39.015A"], ["T39.011A"]),
        ("(J96. with 5th character 2)", ["J96.02", "J96.92"], ["J96.01"]),
        ("(B27.0-B27.9 with fifth character 1)", ["B27.01", "B27.91"], ["B27.09"]),
        ("(V01-V09 with 5th character 9)", ["V01.09XA"], ["V01.01XA"]),
        ("(I69. with final characters -93)", ["I69.193", "I69.393"], ["I69.192", "I69.30"]),
        ("(E08-E13 with .44)", ["E08.44", "E11.44"], ["E11.43", "E11.9"]),
        ("(E08-E13 with .51-.52)", ["E10.51", "E13.52"], ["E11.59"]),
        ("(F10-F19, with .17, .27, .97)", ["F10.27", "F13.97", "F19.17"], ["F10.26"]),
        ("(F10, F13, F19 with .26, .96)", ["F13.26", "F10.96"], ["F13.20", "F14.26"]),
        ("(E08-E13 with .620)", ["E11.620"], ["E11.621", "E11.62"]),
        ("(S06.0X- with seventh character S)", ["S06.0X0S"], ["S06.0X0A"]),
        ("(S02.- with 7th character B)", ["S02.0XXB"], ["S02.0XXA"]),
        ("(S32.1--S32.9 with 7th character B)", ["S32.10XB"], ["S32.10XA", "S32.001B"]),
        ("(S92.-with 7th character B)", ["S92.001B"], ["S92.001A"]),
        ("leukemia in remission C91.0-C95.9 with 5th character 1", ["C91.01", "C95.91"], ["C91.00", "C95.92"]),
    ],
)
def test_a_condition_picks_out_of_what_is_covered(note: str, inside: list[str], outside: list[str]):
    assert [code for code in inside if not covers(note, code)] == []
    assert [code for code in outside if covers(note, code)] == []


@pytest.mark.parametrize(
    ("note", "outside"),
    [
        ("(T36-T50 with fifth or six character 5)", "T36.0X1A"),
        ("(T36-T65 with fifth or sixth character 1-4 or 6)", "T36.0X5A"),
        ("(E08, E09, E11, E13 with final characters .00 or .01)", "E11.9"),
        ("(A37 with fifth-character 1)", "A37.00"),
        ("(F10-F19 with 5th character .6)", "F10.20"),
        ("(F11-F19 with fifth to sixth characters 51)", "F11.20"),
        ("(F11-F19 with .15. .25, .95)", "F11.20"),
        ("(E08-E13 with .62-)", "E11.9"),
        ("(E08-E13 with .61-)", "E11.9"),
        ("(E08-E13 with .69-)", "E11.9"),
        ("(S42.- with 7th character B or C)", "S42.001A"),
        ("(S52.- with open fracture 7th character)", "S52.001A"),
    ],
)
def test_a_condition_is_kept_however_it_is_worded(note: str, outside: str):
    assert not covers(note, outside)


def test_no_other_condition_of_the_real_notes_is_beyond_reading():
    unread = {
        condition
        for note in real_notes()
        if any(not one.condition.understood for one in references(note))
        for condition in re.findall(r"with [^()]*character[^()]*", note)
    }
    assert unread == {"with fifth or sixth character to indicate intent"}


# Any notes.

CATEGORY = st.sampled_from(sorted(categories()))
ENDING = st.from_regex(r"[0-9A-Z]{1,4}", fullmatch=True)
CODE = st.builds(lambda category, ending: f"{category}.{ending}", CATEGORY, ENDING)


@given(st.lists(CATEGORY | CODE, min_size=1, max_size=6), st.sampled_from([", ", ",", "; ", " and "]))
def test_a_list_of_codes_names_each_in_order(codes: list[str], between: str):
    assert spans(f"something else ({between.join(codes)})") == [code.replace(".", "") for code in codes]


@given(CATEGORY, CATEGORY, st.sampled_from(real_keys()), st.sampled_from(["-", " - ", "–", " to "]))
def test_a_range_of_categories_covers_those_between_in_the_tabular_list(first: str, last: str, key: str, dash: str):
    order = categories()
    [one] = references(f"({first}{dash}{last})")
    assert (one.first, one.last) == (first, last)
    assert one.covers(key, order) is (order[first] <= order[key[:3]] <= order[last])


@given(st.sampled_from(real_keys()), st.sampled_from(real_keys()), st.sampled_from(["", "-"]))
def test_a_single_code_covers_itself_and_what_is_below(code: str, key: str, wildcard: str):
    dotted = code if len(code) == 3 else f"{code[:3]}.{code[3:]}"
    [one] = references(f"({dotted}{wildcard})")
    assert one.covers(key, categories()) is key.startswith(code)
    assert one.covers(code, categories())


@given(st.sampled_from(real_keys()), st.sampled_from(real_keys()), st.sampled_from(real_keys()))
def test_a_range_within_a_category_is_that_of_its_endings(first: str, last: str, key: str):
    last = first[:3] + last[3:]
    width_first, width_last = len(first), len(last)
    one = Reference(first, last)
    expected = key[:3] == first[:3] and key[3:width_first] >= first[3:] and key[3:width_last] <= last[3:]
    assert one.covers(key, categories()) is expected


@given(st.text())
def test_no_text_breaks_the_reading(text: str):
    for one in references(text) + references(f"E11 ({text})") + references(f"(E11 with {text})"):
        assert re.fullmatch(r"[A-Z]\d[0-9A-Z]{1,5}", one.first)
        one.covers("E119", categories())
