"""Builders of drills over small neighbourhoods made by hand: what is asked, what is refused, what is explained."""

from collections.abc import Sequence
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.codes import Entry, Level, NoteKind, Release, System, Version, dotted
from bot.core.drill_notes import excludes1, seventh
from bot.core.drill_structure import Under, billable, level, parent, place
from bot.core.drills import SEEDS, Drill, given_away, named, next_seed, shortened, some_of, telling
from bot.core.together import Chain, Placed

RELEASE = Release(System.ICD10CM, "FY2026", date(2025, 10, 1), None, (), "FY2026")
CATEGORIES = {name: place for place, name in enumerate(("E08", "E10", "E11", "I10", "I11", "J44", "S72", "W19"))}


def entry(key: str, title: str, level: Level = Level.CODE, parent: str | None = None) -> Version:
    return Version(Entry(key, dotted(key), title, level, parent), None, None, RELEASE)


def header(key: str, title: str, parent: str | None = None) -> Version:
    return entry(key, title, Level.HEADER, parent)


def branch(code: str, title: str, level: Level = Level.BLOCK, parent: str | None = None) -> Version:
    """A chapter or block."""
    return Version(Entry(f"{level} {code}", code, title, level, parent), None, None, RELEASE)


def only(drill: Drill | None) -> Drill:
    assert drill is not None
    assert [option.right for option in drill.options].count(True) == 1
    return drill


def right_key(drill: Drill) -> str:
    return drill.options[drill.right].key


# -- billable, header ----------------------------------------------------------------------------------------

I10 = entry("I10", "Essential (primary) hypertension")
HEADERS = [Under(header(f"I1{i}", f"Header {i}"), [entry(f"I1{i}0", "A"), entry(f"I1{i}9", "B")]) for i in range(1, 5)]


def test_one_billable_code_stands_among_headers_and_each_says_what_is_below_it() -> None:
    drill = only(billable(I10, HEADERS, Random(1)))
    assert right_key(drill) == "I10"
    assert len(drill.options) == 4
    whys = {option.key: option.why for option in drill.options}
    assert whys.pop("I10").startswith("Billable")
    assert all("below it stand I1" in why for why in whys.values())
    assert "I.B.2" in drill.source


def test_headers_that_are_shorter_or_have_nothing_below_them_are_no_options() -> None:
    long = entry("E1165", "Type 2 diabetes mellitus with hyperglycemia")
    assert billable(long, HEADERS, Random(1)) is None
    empty = [Under(one.version, ()) for one in HEADERS]
    assert billable(I10, empty, Random(1)) is None
    assert billable(HEADERS[0].version, HEADERS[1:], Random(1)) is None


def test_headers_of_the_same_length_come_before_longer_ones() -> None:
    longer = [Under(header(f"I13{i}", f"Longer {i}"), [entry(f"I13{i}1", "A")]) for i in range(5)]
    for seed in range(20):
        drill = only(billable(I10, [*longer, *HEADERS], Random(seed)))
        assert {len(option.key) for option in drill.options} == {3}


def test_a_header_that_lacks_its_7th_character_is_explained_so() -> None:
    stem = header("W19", "Unspecified fall")
    codes = [entry(f"W19XXX{char}", f"Unspecified fall, {char}", parent="W19") for char in "ADS"]
    drill = level(Under(stem, codes))
    assert drill.options[drill.right].label == "Header"
    assert "lacks its 7th character, as in W19.XXXA, W19.XXXD and W19.XXXS" in drill.options[drill.right].why


def test_header_or_billable_is_asked_with_the_title_and_both_are_explained() -> None:
    drill = level(Under(I10, ()))
    assert drill.options[drill.right].label == "Billable"
    assert drill.subject == "I10  Essential (primary) hypertension"
    assert [option.why != "" for option in drill.options] == [True, True]


# -- where it belongs ----------------------------------------------------------------------------------------

CHAPTER = branch("Chapter 4", "Endocrine, nutritional and metabolic diseases", Level.CHAPTER)
DIABETES = branch("E08-E13", "Diabetes mellitus", parent=CHAPTER.entry.key)
OTHERS = [
    branch("E00-E07", "Disorders of thyroid gland", parent=CHAPTER.entry.key),
    branch("E15-E16", "Other disorders of glucose regulation", parent=CHAPTER.entry.key),
    branch("E40-E46", "Malnutrition", parent=CHAPTER.entry.key),
]
REACH = {one.entry.key: one.entry.code for one in (DIABETES, *OTHERS)}
TYPE2 = entry("E119", "Type 2 diabetes mellitus without complications", parent="E11")


def test_a_title_that_names_its_block_is_not_asked() -> None:
    assert place(TYPE2, Level.BLOCK, DIABETES, OTHERS, REACH, Random(1)) is None
    hidden = entry("E119", "Wording that shares nothing", parent="E11")
    drill = only(place(hidden, Level.BLOCK, DIABETES, OTHERS, REACH, Random(1)))
    assert right_key(drill) == DIABETES.entry.key
    assert [option.label for option in drill.options] == [""] * 4
    assert drill.options[drill.right].why == "E08-E13, which holds E11.9."


def test_options_with_titles_that_say_the_same_are_not_offered_beside_each_other() -> None:
    hidden = entry("E119", "Wording that shares nothing", parent="E11")
    twins = [branch(f"E{i}0-E{i}9", "Diseases with malnutrition") for i in (4, 5, 6)]
    assert place(hidden, Level.BLOCK, DIABETES, [OTHERS[2], *twins], REACH, Random(1)) is None
    assert (
        place(hidden, Level.BLOCK, DIABETES, [branch("E20", "Diabetes mellitus"), *OTHERS[:2]], REACH, Random(1))
        is None
    )


def test_a_chapter_is_asked_without_the_code() -> None:
    hidden = entry("E119", "Wording that shares nothing", parent="E11")
    chapters = [branch(f"Chapter {i}", f"Diseases of organ number {i}", Level.CHAPTER) for i in (5, 6, 7)]
    reach = {one.entry.key: "X00-X99" for one in (CHAPTER, *chapters)}
    drill = only(place(hidden, Level.CHAPTER, CHAPTER, chapters, reach, Random(1)))
    assert drill.subject == hidden.entry.title
    assert "E11" not in drill.question + "".join(option.text for option in drill.options)


# -- what stands above ---------------------------------------------------------------------------------------

E11 = header("E11", "Type 2 diabetes mellitus", DIABETES.entry.key)
E112 = header("E112", "Type 2 diabetes mellitus with kidney complications", "E11")
NEPHROPATHY = entry("E1121", "Type 2 diabetes mellitus with diabetic nephropathy", parent="E112")
UNCLES = [
    header("E113", "Type 2 diabetes mellitus with ophthalmic complications", "E11"),
    header("E114", "Type 2 diabetes mellitus with neurological complications", "E11"),
    header("E115", "Type 2 diabetes mellitus with circulatory complications", "E11"),
]


def test_the_parent_is_told_from_what_stands_above_it_and_beside_it() -> None:
    drill = only(parent(NEPHROPATHY, [E112, E11, DIABETES, CHAPTER], UNCLES, Random(1)))
    assert right_key(drill) == "E112"
    whys = {option.key: option.why for option in drill.options}
    assert whys["E11"] == "E11: above E11.21 too, but further up."
    assert drill.place.endswith("chapter 4 > E08-E13 > E11 > E11.2 > E11.21")
    beside = [why for key, why in whys.items() if key in ("E113", "E114", "E115")]
    assert beside
    assert all("beside E11.2" in why for why in beside)


def test_a_step_that_a_list_of_codes_left_out_is_not_asked() -> None:
    skipping = entry("E11219", "A code without its header", parent="E112")
    assert parent(skipping, [E112, E11, DIABETES, CHAPTER], UNCLES, Random(1)) is None
    assert parent(E11, [branch("E11", "Something else")], UNCLES, Random(1)) is None
    assert parent(E11, [], UNCLES, Random(1)) is None


def test_the_placeholder_is_explained_where_it_stands_in_for_steps() -> None:
    stem = header("W19", "Unspecified fall", "block W00-W19")
    fall = entry("W19XXXA", "Slipping somewhere, initial encounter", parent="W19")
    others = [header(f"W1{i}", f"Another way {word}", "block W00-W19") for i, word in enumerate(("down", "out", "off"))]
    drill = only(parent(fall, [stem, branch("W00-W19", "Slipping, tripping")], others, Random(3)))
    assert "The X in W19.XXXA is a placeholder" in drill.rule


# -- 7th characters ------------------------------------------------------------------------------------------

STEM = header("S7201", "Fracture of somewhere")
MEANINGS = (("A", "initial encounter"), ("D", "subsequent encounter"), ("S", "sequela"))


def variants(stem: Version, meanings: Sequence[tuple[str, str]]) -> list[Version]:
    return [
        entry(f"{stem.entry.key.ljust(6, 'X')}{char}", f"{stem.entry.title}, {meaning}", parent=stem.entry.key)
        for char, meaning in meanings
    ]


def test_the_7th_character_with_the_meaning_asked_for_is_right() -> None:
    questions: set[str] = set()
    for seed in range(30):
        drill = only(seventh(STEM, variants(STEM, MEANINGS), MEANINGS, STEM, Random(seed)))
        meaning = dict(MEANINGS)[right_key(drill)[-1]]
        assert f"“{meaning}”" in drill.rule
        assert drill.options[drill.right].why.endswith(f"{meaning}.")
        assert [option.key for option in drill.options] == ["S7201XA", "S7201XD", "S7201XS"]
        assert "placeholder" in drill.rule
        assert drill.source.endswith("Sections I.A.4, I.A.5 and I.C.19.a")
        questions.add(drill.question)
    assert any("active treatment" in question for question in questions)


def test_meanings_that_name_their_own_character_or_another_title_are_not_asked() -> None:
    fetuses = (("0", "not applicable or unspecified"), ("1", "fetus 1"), ("2", "fetus 2"))
    stem = header("O311", "Continuing pregnancy")
    for seed in range(20):
        drill = only(seventh(stem, variants(stem, fetuses), fetuses, stem, Random(seed)))
        assert right_key(drill).endswith("0")
    renamed = [entry(one.entry.key, "Another title", parent="S7201") for one in variants(STEM, MEANINGS)]
    assert seventh(STEM, renamed, MEANINGS, STEM, Random(1)) is None
    assert seventh(STEM, variants(STEM, MEANINGS[:1]), MEANINGS, STEM, Random(1)) is None


# -- excludes1 -----------------------------------------------------------------------------------------------


def chain(version: Version, *notes: tuple[NoteKind, str], at: Version | None = None) -> Chain:
    return Chain(version, [Placed(kind, text, at or version) for kind, text in notes])


SUBJECT = chain(TYPE2, (NoteKind.EXCLUDES1, "type 1 diabetes mellitus (E10.-)"), at=E11)
TYPE1 = chain(entry("E109", "Type 1 diabetes mellitus without complications"))
FREE = [chain(entry(key, f"Title {key}")) for key in ("I10", "I110", "J449", "S72001A")]


def test_the_code_that_an_excludes1_note_above_names_is_right_and_the_note_is_quoted() -> None:
    drill = only(excludes1(SUBJECT, [TYPE1, *FREE], CATEGORIES, Random(1)))
    assert right_key(drill) == "E109"
    assert "“type 1 diabetes mellitus (E10.-)”" in drill.rule
    assert drill.place == "Excludes1 note at E11 (Type 2 diabetes mellitus), above E11.9"
    assert drill.source.endswith("I.A.12.a")


def test_a_code_whose_own_note_names_the_subject_is_no_option_at_all() -> None:
    hostile = chain(entry("I119", "Title"), (NoteKind.EXCLUDES1, "diabetes (E08-E13)"))
    assert excludes1(SUBJECT, [TYPE1, hostile, *FREE[:2]], CATEGORIES, Random(1)) is None
    drill = only(excludes1(SUBJECT, [TYPE1, hostile, *FREE], CATEGORIES, Random(1)))
    assert "I119" not in {option.key for option in drill.options}


def test_what_another_note_allows_is_explained_by_that_note() -> None:
    noted = chain(
        TYPE2,
        (NoteKind.EXCLUDES1, "type 1 diabetes mellitus (E10.-)"),
        (NoteKind.EXCLUDES2, "hypertension (I10)"),
        (NoteKind.USE_ADDITIONAL, "to say more (J44.-)"),
    )
    drill = only(excludes1(noted, [TYPE1, *FREE[:3]], CATEGORIES, Random(1)))
    whys = {option.key: option.why for option in drill.options}
    assert "Excludes2, so both may be reported" in whys["I10"]
    assert "“use additional code”" in whys["J449"]
    assert whys["I110"] == "No Excludes1 note on it or on E11.9, or above either, names the other."


@pytest.mark.parametrize(
    "note",
    ["type 1 diabetes mellitus (E10 with fifth to sixth characters 51)", "diabetes of any type (E08-E13)", "no code"],
)
def test_notes_that_are_unclear_or_name_the_subject_itself_make_no_drill(note: str) -> None:
    assert excludes1(chain(TYPE2, (NoteKind.EXCLUDES1, note)), [TYPE1, *FREE], CATEGORIES, Random(1)) is None


def test_headers_and_the_subject_itself_are_no_options() -> None:
    assert excludes1(SUBJECT, [chain(header("E10", "Type 1")), SUBJECT, *FREE], CATEGORIES, Random(1)) is None


# -- what they share -----------------------------------------------------------------------------------------


def test_the_digest_tells_what_is_asked_and_right_but_not_how_it_is_explained() -> None:
    one = only(excludes1(SUBJECT, [TYPE1, *FREE[:3]], CATEGORIES, Random(1)))
    reworded = chain(TYPE2, (NoteKind.EXCLUDES1, "diabetes mellitus, type 1 (E10.-)"), at=E11)
    assert only(excludes1(reworded, [TYPE1, *FREE[:3]], CATEGORIES, Random(1))).digest == one.digest
    renamed = [*FREE[:2], chain(entry("J449", "A new title"))]
    assert only(excludes1(SUBJECT, [TYPE1, *renamed], CATEGORIES, Random(1))).digest != one.digest
    assert len(one.digest) == 8


@given(st.integers(min_value=0, max_value=2**64))
def test_a_seed_follows_from_any_number_and_fits_a_button(number: int) -> None:
    seed = next_seed(number)
    assert 0 <= seed < SEEDS
    assert len(str(seed)) <= 10
    assert next_seed(number) == seed != next_seed(seed)


def test_seeds_do_not_run_in_circles_soon() -> None:
    seed, seen = next_seed(1), set[int]()
    for _ in range(5_000):
        assert seed not in seen
        seen.add(seed)
        seed = next_seed(seed)


def test_titles_are_compared_by_what_they_are_about() -> None:
    assert telling("Malignant neoplasm of breast") == telling("Malignant neoplasms of the breast")
    assert telling("Other specified diseases") == frozenset()
    assert given_away("Disorder of the ear", "Diseases of the ear", ["Diseases of the eye"])
    assert not given_away("Disorder of the ear", "Diseases of the ear", ["Injuries to the ear"])


@pytest.mark.parametrize(
    ("codes", "phrase"),
    [(["A"], "A"), (["A", "B"], "A and B"), (list("ABCD"), "A, B, C and D"), (list("ABCDEF"), "A, B, C and 3 more")],
)
def test_codes_become_a_phrase(codes: list[str], phrase: str) -> None:
    assert some_of(codes) == phrase


def test_long_titles_are_cut_at_a_word() -> None:
    assert named(entry("I10", "word " * 100)).endswith("word …)")
    assert shortened("short", 20) == "short"
