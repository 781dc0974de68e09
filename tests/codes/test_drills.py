"""Drills from the real code set: one right option each, the same from the same seed, and worth asking."""

import os
from collections import Counter
from dataclasses import replace
from datetime import date
from weakref import WeakKeyDictionary

import pytest

from bot.codes.book import CodeBook
from bot.codes.drills import draw
from bot.codes.neighbourhood import Neighbourhood, number
from bot.core.codes import Level
from bot.core.drills import Drill, DrillKind, NoDrill, telling
from tests.codes.judge import Judge

TODAY = date(2026, 11, 21)
JUDGED = int(os.environ.get("DRILLS_JUDGED", "600"))
"""Drills of each kind. `make torture` judges three times as many."""

TEXT_AT_MOST = 3_200
"""Characters of a drill with its explanations; the rest of a message is headings."""


DRAWN: WeakKeyDictionary[Neighbourhood, dict[tuple[DrillKind | None, int | None], list[Drill]]] = WeakKeyDictionary()


@pytest.fixture(scope="module")
def near(book: CodeBook) -> Neighbourhood:
    return Neighbourhood(book)


@pytest.fixture(scope="module")
def judge(book: CodeBook) -> Judge:
    return Judge(book, TODAY)


def drawn(near: Neighbourhood, kind: DrillKind | None, count: int, chapter: int | None = None) -> list[Drill]:
    """The drills of the first seeds. They are drawn once for all tests that look at them."""
    drills = DRAWN.setdefault(near, {}).setdefault((kind, chapter), [])
    drills += (draw(near, kind, chapter, seed, TODAY) for seed in range(len(drills), count))
    return drills[:count]


def characters(drill: Drill) -> int:
    """All that is shown of a drill once it is answered."""
    told = [drill.question, drill.subject, drill.rule, drill.place, drill.source, drill.release]
    told += [option.label + option.text + option.why for option in drill.options]
    return sum(map(len, told))


@pytest.mark.parametrize("kind", list(DrillKind), ids=lambda kind: kind.name)
def test_exactly_one_option_of_every_drill_is_right(near: Neighbourhood, judge: Judge, kind: DrillKind) -> None:
    """Judged by the tables alone; the same run sees that all fits a message and a button and is told in full."""
    faults: dict[int, list[str]] = {}
    positions: Counter[int] = Counter()
    for seed, drill in enumerate(drawn(near, kind, JUDGED)):
        found = judge.faults(drill)
        if drill.kind is not kind:
            found.append(f"is a drill of kind {drill.kind.name}")
        if characters(drill) > TEXT_AT_MOST:
            found.append("is too long")
        if any(len(option.label) > 9 for option in drill.options):
            found.append("has a label too long for a phone")
        if not all((drill.question, drill.rule, drill.place, drill.source, drill.release)):
            found.append("leaves something unsaid")
        if not all(option.why and option.text for option in drill.options):
            found.append("explains not every option")
        if found:
            faults[seed] = found
        positions[drill.right] += 1
    assert faults == {}
    assert max(positions.values()) < 0.65 * JUDGED, "the right option stands too often in one place"


@pytest.mark.parametrize("kind", list(DrillKind), ids=lambda kind: kind.name)
def test_the_judge_sees_when_another_option_is_called_right(near: Neighbourhood, judge: Judge, kind: DrillKind) -> None:
    for drill in drawn(near, kind, 20):
        options = list(drill.options)
        for at in (drill.right, (drill.right + 1) % len(options)):
            options[at] = replace(options[at], right=not options[at].right)
        assert len(judge.faults(replace(drill, options=tuple(options)))) >= 2


def test_drills_with_a_later_release_and_its_changes_are_right_too(book_of_all: CodeBook) -> None:
    """FY2027 knows its new codes but no new headers, so that some steps of the list are missing."""
    near, judge = Neighbourhood(book_of_all), Judge(book_of_all, TODAY)
    for kind in DrillKind:
        for seed, drill in enumerate(drawn(near, kind, 60)):
            assert judge.faults(drill) == [], (kind.name, seed)
            assert drill.release == "ICD-10-CM FY2027; notes from FY2026, April 2026 update"


def test_on_a_day_of_an_earlier_release_its_codes_are_asked(book_of_all: CodeBook) -> None:
    """Codes that ended on 2026-09-30 are asked for days before that, and never after."""
    near = Neighbourhood(book_of_all)
    before, after = date(2026, 9, 30), date(2026, 10, 1)
    for day in (before, after):
        judge = Judge(book_of_all, day)
        for seed in range(60):
            drill = draw(near, DrillKind.LEVEL, 12, seed, day)
            assert judge.faults(drill) == []
            assert drill.release.startswith("ICD-10-CM FY2026" if day == before else "ICD-10-CM FY2027")


def test_the_same_seed_gives_the_same_drill_from_another_connection(book: CodeBook, near: Neighbourhood) -> None:
    again = CodeBook(book.path)
    other_near = Neighbourhood(again)
    for kind in (None, *DrillKind):
        for seed in range(5):
            one, other = draw(near, kind, None, seed, TODAY), draw(other_near, kind, None, seed, TODAY)
            assert one == other
            assert one.digest == other.digest
    again.close()


def test_without_a_wish_all_kinds_come_hardly_one_twice_and_no_external_causes(near: Neighbourhood) -> None:
    drills = drawn(near, None, 300)
    kinds = Counter(drill.kind for drill in drills)
    assert all(kinds[kind] > 30 for kind in DrillKind), kinds
    assert len({drill.digest for drill in drills}) > 295
    assert not [drill.about.entry.code for drill in drills if drill.about.entry.key[0] in "VWXY"]


def test_common_chapters_come_more_often_than_rare_ones(near: Neighbourhood) -> None:
    letters = Counter(drill.about.entry.key[0] for drill in drawn(near, DrillKind.PARENT, 600))
    assert min(letters[letter] for letter in "EIJKN") > 2 * max(letters[letter] for letter in "PQU")


@pytest.mark.parametrize("chapter", range(1, 23))
def test_a_chapter_that_is_asked_for_is_kept_to(near: Neighbourhood, judge: Judge, chapter: int) -> None:
    for seed, drill in enumerate(drawn(near, None, 12, chapter)):
        assert judge.line(drill.about.entry.key)[-1] == f"chapter {chapter}"
        assert judge.faults(drill) == [], seed


def test_which_chapter_is_not_asked_of_somebody_who_chose_it(near: Neighbourhood) -> None:
    shown = {option.key for drill in drawn(near, DrillKind.PLACE, 80, 9) for option in drill.options}
    assert not [key for key in shown if key.startswith("chapter")]


def test_external_causes_are_asked_when_wanted(near: Neighbourhood) -> None:
    assert {drill.about.entry.key[0] for drill in drawn(near, None, 60, 20)} <= set("VWXY")


@pytest.mark.parametrize(("kind", "chapter"), [(DrillKind.SEVENTH, 9), (DrillKind.LEVEL, 23), (None, 99)])
def test_what_there_is_nothing_for_is_told_in_a_sentence(
    near: Neighbourhood, kind: DrillKind | None, chapter: int
) -> None:
    with pytest.raises(NoDrill, match=f"in chapter {chapter}"):
        draw(near, kind, chapter, 1, TODAY)


def test_length_does_not_tell_a_header_from_a_billable_code(near: Neighbourhood) -> None:
    by_size: dict[int, Counter[Level]] = {}
    for drill in drawn(near, DrillKind.LEVEL, 600):
        entry = drill.about.entry
        by_size.setdefault(len(entry.key), Counter())[entry.level] += 1
    assert set(by_size) == {3, 4, 5, 6}
    for size, levels in by_size.items():
        share = levels[Level.CODE] / sum(levels.values())
        assert 0.3 < share < 0.7, (size, levels)


def test_length_seldom_tells_which_code_is_billable(near: Neighbourhood) -> None:
    alike = 0
    for drill in drawn(near, DrillKind.BILLABLE, 200):
        sizes = [len(option.key) for option in drill.options]
        assert len(drill.about.entry.key) == min(sizes)
        alike += len(set(sizes)) == 1
    assert alike > 160


def test_titles_never_point_to_the_right_option_alone(near: Neighbourhood) -> None:
    for kind in (DrillKind.PLACE, DrillKind.PARENT):
        for drill in drawn(near, kind, 300):
            own = telling(drill.about.entry.title)
            shared = [len(own & telling(option.text)) for option in drill.options]
            right = shared.pop(drill.right)
            assert right <= max(shared), drill.about.entry.code


def test_a_chapter_is_never_given_away_by_the_code(near: Neighbourhood) -> None:
    asked = [drill for drill in drawn(near, DrillKind.PLACE, 200) if drill.options[0].key.startswith("chapter")]
    assert len(asked) > 30
    assert not [drill.subject for drill in asked if drill.about.entry.code in drill.subject]


def test_7th_characters_are_explained_with_their_placeholder(near: Neighbourhood) -> None:
    for drill in drawn(near, DrillKind.SEVENTH, 200):
        has_placeholder = len(drill.subject.partition("-")[0].replace(".", "")) < 6
        assert ("placeholder" in drill.rule) is has_placeholder, drill.subject


def test_fractures_are_drilled_with_more_than_three_characters(near: Neighbourhood) -> None:
    drills = drawn(near, DrillKind.SEVENTH, 300)
    assert sum("fracture" in drill.question for drill in drills) > 40
    assert sum("visit" in drill.question for drill in drills) > 5


def test_excluded_codes_are_quoted_with_the_place_of_the_note(near: Neighbourhood, judge: Judge) -> None:
    for drill in drawn(near, DrillKind.EXCLUDES1, 60):
        quoted = drill.rule.partition("“")[2].partition("”")[0]
        above = judge.line(drill.about.entry.key)
        # The quotation may begin with the heading that the note belongs to, and a long one is cut.
        assert any(
            quoted.removesuffix(" …").endswith(note[: len(quoted)]) or note.startswith(quoted.removesuffix(" …"))
            for at in above
            for note in judge.notes[at]
        ), quoted


def test_the_upper_tree_is_remembered_without_growing_for_ever(book: CodeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.codes.neighbourhood.KEPT", 3)
    small = Neighbourhood(book)
    for chapter in small.chapters(TODAY).values():
        assert small.below(chapter, TODAY) == small.below(chapter, TODAY)
        assert number(chapter) in range(1, 23)
        assert len(small._below) <= 3
