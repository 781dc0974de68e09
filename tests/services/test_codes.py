"""Codes as the bot looks them up: days, what is unknown or meant twice, and a database that comes, goes or is replaced."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.codes.build import Place, build
from bot.codes.sets import CodeSets
from bot.codes.sheet import Sheet
from bot.core.codes import System
from bot.core.content import Content
from bot.core.errors import CodesMissing, CodeUnknown, DateUnreadable, NotOneCodeSet, UserError
from bot.core.together import Verdict
from bot.services.codes import Codes
from tests.codes import databases, small
from tests.codes.databases import own_copy, sets_in
from tests.samples import Clock

content_folder, codes_folder = databases.content_folder, databases.codes_folder
folder_of_all = databases.folder_of_all

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()
TODAY, SPRING = date(2026, 11, 21), date(2026, 6, 1)
Opened = Callable[[CodeSets], Codes]


@pytest.fixture
def opened() -> Iterator[Opened]:
    """Opens the service on code sets, and ends its threads."""
    services: list[Codes] = []

    def _opened(sets: CodeSets) -> Codes:
        services.append(Codes(sets, Clock(NOW)))
        return services[-1]

    yield _opened
    for service in services:
        service.close()


@pytest.fixture(scope="module")
def sets(codes_folder: Path, content_folder: Path) -> CodeSets:
    return sets_in(codes_folder, content_folder)


@pytest.fixture
def codes(opened: Opened, sets: CodeSets) -> Codes:
    """The installed ICD-10-CM."""
    return opened(sets)


@pytest.fixture
def all_codes(opened: Opened, folder_of_all: Path) -> Codes:
    """Everything, without the synonyms of the content."""
    return opened(CodeSets(folder_of_all, Content()))


# Days.


@pytest.mark.parametrize("text", ["2026-06-01", "06/01/2026", "6/1/2026", "06-01-2026", " 2026-06-01 "])
def test_a_day_may_be_written_as_americans_and_computers_do(codes: Codes, text: str):
    assert codes.day(text) == SPRING


@pytest.mark.parametrize("text", ["", "  "])
def test_no_day_is_today(codes: Codes, text: str):
    assert codes.day(text) == codes.today() == TODAY


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-13-01", "02/30/2026", "13/13/2026", "2026", "01.06.2026", "1" * 500]
)
def test_a_day_that_is_none_is_explained(codes: Codes, text: str):
    with pytest.raises(DateUnreadable, match="Write it like 2026-11-21") as error:
        codes.day(text)
    assert len(str(error.value)) < 200


@given(st.text())
def test_any_text_is_a_day_or_explained(text: str):
    service = Codes(CodeSets(Path("/nonexistent"), Content()), Clock(NOW))
    try:
        assert isinstance(service.day(text), date)
    except DateUnreadable:
        pass
    finally:
        service.close()


# Looking up.


async def test_a_code_is_looked_up_with_all_that_is_said_of_it(codes: Codes):
    page = await codes.look_up("e1121", SPRING)
    assert isinstance(page, Sheet)
    assert (page.version.entry.code, page.on) == ("E11.21", SPRING)
    assert [version.entry.key for version in page.path] == ["chapter 4", "block E08-E13", "E11", "E112"]


async def test_a_suggestion_names_its_system(all_codes: Codes):
    for system, code in ((System.ICD10CM, "J11.00"), (System.HCPCS, "J1100")):
        page = await all_codes.look_up(f"{system.value}|J1100", TODAY)
        assert isinstance(page, Sheet)
        assert (page.version.release.system, page.version.entry.code) == (system, code)


async def test_a_code_of_two_systems_is_asked_back(all_codes: Codes):
    answer = await all_codes.look_up("j1100", TODAY)
    assert not isinstance(answer, Sheet)
    assert [version.entry.code for version in answer.versions] == ["J11.00", "J1100"]


async def test_an_ended_code_is_shown_with_its_last_day(all_codes: Codes):
    page = await all_codes.look_up("S23.420A", TODAY)
    assert isinstance(page, Sheet)
    assert (page.version.until, page.version.valid_on(TODAY)) == (date(2026, 9, 30), False)


@pytest.mark.parametrize("text", ["qqqqqqqq", "", "!!!", "ICD-10-CM|E1199", "HCPCS Level II|E119", "x" * 5000, "\x00"])
async def test_what_nobody_knows_is_explained(codes: Codes, text: str):
    with pytest.raises(CodeUnknown, match="No installed code set has") as error:
        await codes.look_up(text, SPRING)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize("text", ["E11.99", "Z99.99"])
async def test_a_code_that_does_not_exist_is_explained(codes: Codes, text: str):
    with pytest.raises(CodeUnknown):
        await codes.look_up(text, SPRING)


async def test_a_code_that_does_not_exist_is_not_judged_as_another(codes: Codes):
    with pytest.raises(CodeUnknown):
        await codes.together("E11.99", "E10.9", SPRING)


async def test_what_is_being_typed_is_suggested(codes: Codes):
    assert [v.entry.code for v in await codes.suggest("E11.2", SPRING)][:2] == ["E11.2", "E11.21"]
    assert (await codes.suggest("hypertens", SPRING))[0].entry.code == "I10"
    assert await codes.suggest("", SPRING) == []
    assert len(await codes.suggest("fracture", SPRING, limit=3)) == 3


async def test_many_may_ask_at_once(codes: Codes):
    answers = await asyncio.gather(*(codes.search("hypertension", SPRING) for _ in range(20)))
    assert {answer[0].entry.code for answer in answers} == {"I10"}


# Two codes.


@pytest.mark.parametrize("second", ["E10.9", "e109", "ICD-10-CM|E109", "type 1 diabetes without complications"])
async def test_two_codes_are_judged_however_they_are_named(codes: Codes, second: str):
    answer = await codes.together("E11.21", second, SPRING)
    assert (answer.verdict, answer.second.entry.code) == (Verdict.EXCLUDED, "E10.9")


@pytest.mark.parametrize("text", ["E0100", "HCPCS Level II|E0100", "0DTJ4ZZ", "LT"])
async def test_other_code_sets_have_no_such_notes(all_codes: Codes, text: str):
    with pytest.raises(NotOneCodeSet, match="is not an ICD-10-CM code"):
        await all_codes.together("E11.9", text, TODAY)


async def test_what_nobody_knows_is_not_judged(codes: Codes):
    with pytest.raises(CodeUnknown):
        await codes.together("E11.9", "qqqqqqqq", SPRING)


# The database.


async def test_without_a_database_the_operator_is_told_what_to_do(opened: Opened, tmp_path: Path):
    codes = opened(CodeSets(tmp_path / "nowhere", Content()))
    for question in (codes.search("x", TODAY), codes.look_up("I10", TODAY), codes.together("I10", "E11.9", TODAY)):
        with pytest.raises(CodesMissing, match="python -m bot codes build"):
            await question
    assert await codes.suggest("I10", TODAY) == []
    assert issubclass(CodesMissing, UserError)


async def test_a_database_that_is_built_later_is_found(opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    small.install(tmp_path, monkeypatch)
    sets = CodeSets(tmp_path / "codes", Content())
    codes = opened(sets)
    assert await codes.suggest("I10", TODAY) == []
    sets.ensure()
    assert [version.entry.code for version in await codes.suggest("I10", TODAY)] == ["I10"]


async def test_a_database_that_is_replaced_is_picked_up(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    small.install(tmp_path, monkeypatch)
    sets = CodeSets(tmp_path / "codes", Content())
    sets.ensure()
    codes = opened(sets)
    before = await codes.look_up("A00.0", TODAY)
    small.install(tmp_path, monkeypatch, small.TABULAR.replace("biovar cholerae", "biovar classical"))
    assert sets.ensure()
    after = await codes.look_up("A00.0", TODAY)
    assert isinstance(before, Sheet)
    assert isinstance(after, Sheet)
    assert (before.version.entry.title[-8:], after.version.entry.title[-9:]) == ("cholerae", "classical")


async def test_a_database_that_vanishes_is_missed(opened: Opened, codes_folder: Path, tmp_path: Path):
    folder = own_copy(codes_folder, tmp_path / "codes")
    codes = opened(CodeSets(folder, Content()))
    assert await codes.search("E11.9", SPRING)
    Place(folder).database.unlink()
    with pytest.raises(CodesMissing):
        await codes.search("E11.9", SPRING)


async def test_answers_that_are_under_way_survive_a_new_database(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    small.install(tmp_path, monkeypatch)
    sets = CodeSets(tmp_path / "codes", Content())
    sets.ensure()
    codes = opened(sets)
    asked = [asyncio.create_task(codes.search("cholera", TODAY)) for _ in range(30)]
    build(sets.place, {"A009": ("the cholera",)})
    asked += [asyncio.create_task(codes.search("cholera", TODAY)) for _ in range(30)]
    for found in await asyncio.gather(*asked):
        assert found[0].entry.code == "A00.9"
