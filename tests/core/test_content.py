"""Items as rounds keep them: the body brings the item back, the digest tells any change."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.content import Area, Content, Difficulty, Exam, Item, Option
from tests.samples import make_case, make_exam, make_item, sample_content

TEXT = st.text(max_size=40)
DATES = st.dates(date(2000, 1, 1), date(2100, 1, 1))
ITEMS = st.builds(
    Item,
    id=TEXT,
    version=st.integers(1, 99),
    areas=st.lists(TEXT, max_size=3).map(tuple),
    concept=TEXT,
    difficulty=st.sampled_from(Difficulty),
    stem=TEXT,
    options=st.lists(st.builds(Option, TEXT, TEXT, st.booleans()), min_size=1, max_size=6).map(tuple),
    reference=TEXT,
    source=TEXT,
    as_of=DATES,
    code_year=st.integers(2000, 2100),
    review_after=DATES,
    codes=st.lists(TEXT, max_size=3).map(tuple),
    case=TEXT,
    scenario=TEXT,
)


def changed(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case Difficulty():
            return next(other for other in Difficulty if other != value)
        case str():
            return value + " "
        case int():
            return value + 1
        case date():
            return value + timedelta(days=1)
        case _:
            return (*value, "one more")


@given(ITEMS)
def test_a_body_brings_the_same_item_back(item: Item) -> None:
    again = Item.from_body(item.body)
    assert again == item
    assert (again.body, again.digest, again.key) == (item.body, item.digest, item.key)


@given(item=ITEMS, name=st.sampled_from([field.name for field in fields(Item) if field.name != "options"]))
def test_the_digest_changes_with_any_field(item: Item, name: str) -> None:
    assert replace(item, **{name: changed(getattr(item, name))}).digest != item.digest


@given(item=ITEMS, data=st.data())
def test_the_digest_changes_with_the_wording_rationale_or_key_of_any_option(item: Item, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(item.options) - 1))
    name = data.draw(st.sampled_from([field.name for field in fields(Option)]))
    option = item.options[place]
    edited = replace(option, **{name: changed(getattr(option, name))})
    assert replace(item, options=(*item.options[:place], edited, *item.options[place + 1 :])).digest != item.digest


def test_the_digest_is_the_same_in_every_process_and_release() -> None:
    # Stored rounds refer to it: another value would keep every item a second time.
    assert make_item("pinned").digest == "6a04edf1e8553c2c"


@pytest.mark.parametrize(("right", "multiple"), [((1,), False), ((0, 3), True)])
def test_an_item_with_several_right_options_asks_for_several(right: tuple[int, ...], multiple: bool) -> None:
    item = make_item("x", right=right)
    assert (item.key, item.multiple) == (frozenset(right), multiple)


def test_an_item_serves_the_row_of_its_first_area_that_the_exam_has() -> None:
    rows = (Area("body", "Body", 2, ("skin", "bones"), "high"), Area("codes", "Codes", 1, ("icd",), "high"))
    exam = Exam("x", "X", "AAPC", 3, rows, "a test", date(2026, 1, 1))
    for areas, expected in [(("bones", "icd"), rows[0]), (("law", "icd"), rows[1]), (("law",), None)]:
        assert exam.area_of(replace(make_item("x"), areas=areas)) is expected


def test_a_pool_holds_what_serves_the_exam_in_the_order_of_ids() -> None:
    items = [make_item("c"), make_item("a"), make_item("b", area="elsewhere")]
    content = Content(items={item.id: item for item in items})
    assert [item.id for item in content.pool(make_exam({"alpha": 1}))] == ["a", "c"]


def test_the_items_of_a_case_set_are_in_no_pool_and_their_set_serves_the_exam() -> None:
    whole, asked = make_case("whole", make_item("x"), make_item("y", area="beta"))
    half, half_asked = make_case("half", make_item("v"), make_item("w", area="elsewhere"))
    items = [make_item("a"), *asked, *half_asked]
    content = Content(items={item.id: item for item in items}, cases={"whole": whole, "half": half})
    exam = make_exam({"alpha": 1, "beta": 1})
    assert [item.id for item in content.pool(exam)] == ["a"]
    assert [item.id for item in content.alone] == ["a"]
    assert content.cases_for(exam) == [whole]
    assert content.cases_for(make_exam({"cases": 1, "gamma": 1})) == [half, whole]
    assert content.cases_for(make_exam({"gamma": 1})) == []


def test_the_digest_of_an_item_in_a_case_set_changes_with_the_record() -> None:
    _, [item, _, other] = make_case("one", *(make_item(name) for name in "abc"))
    assert (
        len({item.digest, other.digest, replace(item, scenario="Another record.").digest, make_item("a").digest}) == 4
    )
    assert Item.from_body(item.body) == item


def test_the_sample_has_a_case_set_whose_items_are_asked_together() -> None:
    content = sample_content()
    [case] = content.cases_for(content.exams["cpc"])
    assert case.items == ("case-1", "case-2", "case-3")
    assert {content.items[name].case for name in case.items} == {"fracture-clinic"}
    assert len(content.pool(content.exams["cpc"])) == 12


def test_area_titles_are_those_of_rows_that_draw_from_one_area() -> None:
    rows = (Area("body", "Body", 2, ("skin", "bones"), "high"), Area("codes", "Codes", 1, ("icd",), "high"))
    exam = Exam("x", "X", "AAPC", 3, rows, "a test", date(2026, 1, 1))
    assert Content(exams={"x": exam}).area_titles == {"icd": "Codes"}
