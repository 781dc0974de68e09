"""/code together: every verdict with its notes, and what can't be put beside anything."""

from functools import partial

import pytest

from cogs.code import pair
from cogs.ui.layout import AMBER, GREEN, GREY, RED
from cogs.ui.paging import paged
from tests.cogs.conftest import Server, accent, controls, press, texts


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Notes are read from the code sets alone, so one kind of database will do."""
    return sqlite_url


async def ask(server: Server, first: str, second: str, **options: str) -> object:
    return (await server.ana.slash(server.channel, "code together", first=first, second=second, **options)).response


async def test_excluded_codes_come_with_each_note_and_its_place(coded_server: Server) -> None:
    reply = await ask(coded_server, "E11.9", "e109")
    text = texts(reply)
    assert "### Not together" in text
    assert "**E11.9**  Type 2 diabetes mellitus without complications\n**E10.9**  Type 1" in text
    assert "“type 1 diabetes mellitus (E10.-)”\n-# stands at E11, above E11.9; it covers E10.9" in text
    assert "“type 2 diabetes mellitus (E11.-)”\n-# stands at E10, above E10.9; it covers E11.9" in text
    assert (
        "the record says so. If in doubt, ask the provider. (ICD-10-CM Official Guidelines, Section I.A.12.a)" in text
    )
    assert text.count("**Excludes1: not coded together with this**") == 1
    assert accent(reply) == RED.value


@pytest.mark.parametrize(
    ("first", "second", "heading", "said", "colour"),
    [
        ("I10", "E78.5", "Both, if the patient has both", "“endocrine, nutritional and metabolic", GREEN),
        ("N18.6", "E11.22", "Together, in a fixed order", "“code to identify stage of chronic kidney disease", GREEN),
        ("J44.9", "J18.9", "No note found: that is not permission", "payers' edits may still forbid it", GREY),
        ("I10", "i10", "The same code", "A code is reported once per encounter", GREY),
        ("E11", "E11.9", "One above the other", "E11 is a header and can't be reported itself", AMBER),
    ],
)
async def test_each_verdict_has_its_words_and_its_colour(
    coded_server: Server, first: str, second: str, heading: str, said: str, colour: object
) -> None:
    for a, b in ((first, second), (second, first)):
        reply = await ask(coded_server, a, b)
        assert f"### {heading}" in texts(reply)
        assert said in texts(reply)
        assert accent(reply) == getattr(colour, "value", None)


async def test_choices_and_words_stand_for_codes(coded_server: Server) -> None:
    choices = await coded_server.ana.autocomplete(coded_server.channel, "code together", "second", "E10.9")
    assert choices[0]["value"] == "ICD-10-CM|E109"
    text = texts(await ask(coded_server, "type 2 diabetes", choices[0]["value"]))
    assert "### Not together" in text
    assert "**E11.9**" in text


async def test_only_diagnoses_are_offered(full_server: Server) -> None:
    for option in ("first", "second"):
        for typed in ("A0100", "resection", "0DT", "lt", "transport"):
            choices = await full_server.ana.autocomplete(full_server.channel, "code together", option, typed)
            assert {choice["value"].partition("|")[0] for choice in choices} <= {"ICD-10-CM"}


@pytest.mark.parametrize("typed", ["0DTJ4ZZ", "G0556", "LT", "HCPCS Level II|G0556"])
async def test_a_procedure_is_sent_to_the_edits(full_server: Server, typed: str) -> None:
    for a, b in ((typed, "E11.9"), ("E11.9", typed)):
        text = texts(await ask(full_server, a, b))
        assert f"“{typed}” is not an ICD-10-CM code" in text
        assert "NCCI" in text
    full_server.forgive()


async def test_a_choice_of_another_system_is_not_taken_for_a_diagnosis(full_server: Server) -> None:
    text = texts(await ask(full_server, "HCPCS Level II|A0100", "E11.9"))
    full_server.forgive()
    assert "is not an ICD-10-CM code" in text


@pytest.mark.parametrize(
    ("first", "second"), [("Z9999", "E11.9"), ("E11.99", "E10.9"), ("E11.9", "qqqq"), ("", ""), ("99213", "E11.9")]
)
async def test_what_no_code_set_has_is_answered_in_a_sentence(coded_server: Server, first: str, second: str) -> None:
    text = texts(await ask(coded_server, first, second))
    assert "No installed code set has “" in text
    coded_server.forgive()


async def test_the_day_decides_what_is_read_and_stays_on_the_buttons(full_server: Server) -> None:
    now = texts(await ask(full_server, "I42.0", "I25.5"))
    assert "I42.0 is a header and can't be reported itself" in now
    assert "ICD-10-CM FY2027" in now
    reply = await ask(full_server, "I42.0", "I25.5", on="09/30/2026")
    assert "is a header" not in texts(reply)
    assert set(controls(reply)) == {"code:ICD-10-CM|I420~2026-09-30", "code:ICD-10-CM|I255~2026-09-30"}
    entry = await press(full_server.ana, reply, label="I42.0")
    assert "**Billable code** · ICD-10-CM · valid on 2026-09-30" in texts(entry)


async def test_many_notes_are_paged_also_after_a_restart(coded_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair, "paged", partial(paged, room=180))
    page = await ask(coded_server, "E11.22", "N18.6")
    assert "“any associated: diabetic chronic kidney disease" in texts(page)
    await coded_server.restart()
    page = await press(coded_server.ana, page, custom_id="pair:E1122|N186#1")
    assert "“code to identify stage of chronic kidney disease (N18.1-N18.6)" in texts(page)
    page = await press(coded_server.ana, page, label="Page 3 of 3 ›")
    assert "“endocrine, nutritional and metabolic diseases (E00-E88)" in texts(page)
    assert "### Together, in a fixed order" in texts(page)
    page = await press(coded_server.ana, page, label="‹ Page 2")
    page = await press(coded_server.ana, page, label="‹ Page 1")
    assert "“any associated: diabetic chronic kidney disease" in texts(page)
