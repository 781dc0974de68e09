"""Text into words the same way on both sides: case, apostrophes, spelling, stop words, stems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.words import FAINT, STOP, stem, stems, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Type 2 diabetes mellitus", ["type", "2", "diabetes", "mellitus"]),
        ("TYPE II DIABETES", ["type", "2", "diabetes"]),
        ("stage III, stage IV", ["stage", "3", "stage", "4"]),
        ("Crohn's disease", ["crohn", "disease"]),
        ("Crohn’s disease", ["crohn", "disease"]),
        ("Colles' fracture", ["colles", "fracture"]),
        ("pain in the left hip", ["pain", "left", "hip"]),
        ("fracture without displacement", ["fracture", "without", "displacement"]),
        ("not elsewhere classified", ["not", "elsewhere", "classified"]),
        ("gastro-esophageal reflux", ["gastro", "esophageal", "reflux"]),
        ("I10", ["i10"]),
        ("E11.65", ["e11", "65"]),
        ("vitamin B12", ["vitamin", "b12"]),
        ("of the", ["of", "the"]),
        ("AS", ["as"]),
        ("", []),
        ("!?.,;", []),
        ("糖尿病", []),
        ("a_b|c", ["a", "b", "c"]),
    ],
)
def test_text_becomes_words(text: str, found: list[str]):
    assert words(text) == found


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("anaemia", "anemia"),
        ("haemorrhage", "hemorrhage"),
        ("ischaemia", "ischemia"),
        ("oedema", "edema"),
        ("oesophagus", "esophagus"),
        ("diarrhoea", "diarrhea"),
        ("gonorrhoea", "gonorrhea"),
        ("paediatric", "pediatric"),
        ("orthopaedic", "orthopedic"),
        ("anaesthesia", "anesthesia"),
        ("gynaecology", "gynecology"),
        ("foetus", "fetus"),
        ("foetal", "fetal"),
        ("coeliac", "celiac"),
        ("tumour", "tumor"),
        ("behavioural", "behavioral"),
        ("labour", "labor"),
        ("fibre", "fiber"),
        ("hospitalisation", "hospitalization"),
        ("sulphate", "sulfate"),
    ],
)
def test_british_and_american_spelling_meet(british: str, american: str):
    assert words(british) == words(american)
    assert words(british.upper()) == words(american)


@pytest.mark.parametrize(
    ("accented", "plain"), [("Sjögren", "sjogren"), ("Ménière", "meniere"), ("Charcôt", "charcot")]
)
def test_accents_are_taken_off(accented: str, plain: str):
    assert words(accented) == [plain]


@pytest.mark.parametrize(
    ("one", "other"),
    [("fractures", "fracture"), ("fractured", "fracture"), ("infections", "infection"), ("ulcers", "ulcer")],
)
def test_forms_of_a_word_share_a_stem(one: str, other: str):
    assert stem(one) == stem(other)


@pytest.mark.parametrize("word", ["hip", "left", "e11", "b12", "65", "s93409a", "x"])
def test_short_words_and_words_with_digits_stay_as_they_are(word: str):
    assert stem(word) == word


def test_faint_words_are_kept_by_their_stems():
    assert all(stem(word) in FAINT for word in ("unspecified", "other", "encounter", "bilateral"))
    assert all(0 < share < 1 for share in FAINT.values())
    assert not FAINT.keys() & STOP


@given(st.text())
def test_any_text_becomes_plain_words(text: str):
    for word in words(text):
        assert word
        assert word.isascii()
        assert word.isalnum()
        assert word == word.lower()
    assert len(stems(text)) == len(words(text))


@given(st.lists(st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True), min_size=1))
def test_case_and_punctuation_change_nothing(parts: list[str]):
    plain = words(" ".join(parts))
    assert words(", ".join(parts).upper()) == plain
    assert words(f"({' - '.join(parts)})") == plain


@given(st.lists(st.sampled_from([*sorted(STOP), "pain", "hip"]), min_size=1))
def test_stop_words_are_left_out_unless_nothing_else_is_there(parts: list[str]):
    telling = [part for part in parts if part not in STOP]
    assert words(" ".join(parts)) == (telling or parts)
