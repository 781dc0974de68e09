"""/code lookup: what may be typed, and what is said of it, on the real code sets of every system."""

import pytest

from cogs.ui.layout import AMBER, GREEN
from tests.cogs.conftest import Server, accent, choose, look_up, options_of, press, texts

ODD = [
    "", " ", "|", "ICD-10-CM|", "ICD-10-CM|nope", "CPT|1", "%", "'", '"', "*", "(((", "a AND NOT b", "NEAR(", "\x00", "🙂", "ﷺ",
    "١٢٣", "E11.", ".", "-", "--", "0", "e", "ms", "the of and", "x" * 6_000, "type 2 " * 800, "\n", "a\u0301", "E11.9 E10.9",
]  # fmt: skip
"""What a person or a paste may put into the field."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Looking up reads the code sets alone, so one kind of database will do."""
    return sqlite_url


async def test_what_autocomplete_offers_first_is_shown_in_full_and_privately(coded_server: Server) -> None:
    choices = await coded_server.ana.autocomplete(coded_server.channel, "code lookup", "code", "type 2 diabetes")
    assert choices[0]["name"] == "E11.9 Type 2 diabetes mellitus without complications"
    reply = await look_up(coded_server, choices[0]["value"])
    assert reply.ephemeral
    text = texts(reply)
    assert "### E11.9 · Type 2 diabetes mellitus without complications" in text
    assert "**Billable code** · ICD-10-CM · valid on 2026-11-21" in text
    assert "-# Chapter 4 Endocrine, nutritional and metabolic diseases\n-# 　E08-E13 Diabetes mellitus" in text
    assert "**Excludes1: not coded together with this** (at E11)\n• diabetes mellitus due to underlying" in text
    assert "FY2026, April 2026 update, which ended on 2026-09-30. Check a current book" in text
    assert accent(reply) == AMBER.value


@pytest.mark.parametrize("typed", ["E11.9", "E119", "e11.9", "e119", " E11.9 ", "E 11.9", "E11.9-", "ICD-10-CM|E119"])
async def test_a_code_is_found_however_it_is_typed(coded_server: Server, typed: str) -> None:
    assert "### E11.9 · Type 2 diabetes" in texts(await look_up(coded_server, typed))


@pytest.mark.parametrize("typed", ["Z68", "e89"])
async def test_a_category_is_found_before_the_block_of_its_name(coded_server: Server, typed: str) -> None:
    assert "**Header, not billable: choose a code below it**" in texts(await look_up(coded_server, typed))


async def test_words_give_a_list_to_open_one_of(coded_server: Server) -> None:
    reply = await look_up(coded_server, "hypertension")
    assert reply.ephemeral
    text = texts(reply)
    assert "### “hypertension”" in text
    assert "**I10**  Essential (primary) hypertension\n-# ICD-10-CM · Billable code" in text
    assert "As of 2026-11-21" in text
    options = options_of(reply)
    assert len(options) == 10
    assert next(iter(options)).startswith("I10 Essential")
    chosen = await choose(coded_server.ana, reply, options["I10 Essential (primary) hypertension"])
    assert "### I10 · Essential (primary) hypertension" in texts(chosen)


async def test_what_is_typed_is_shown_as_typed_and_pings_nobody(coded_server: Server) -> None:
    assert "@everyone" not in texts(await look_up(coded_server, "**diabetes** @everyone"))


async def test_a_code_of_two_systems_asks_which_is_meant(full_server: Server) -> None:
    reply = await look_up(full_server, "a0100")
    text = texts(reply)
    assert "**A01.00**  Typhoid fever, unspecified\n-# ICD-10-CM" in text
    assert "**A0100**  Non-emergency transportation; taxi\n-# HCPCS Level II" in text
    options = options_of(reply)
    assert list(options.values()) == ["ICD-10-CM|A0100", "HCPCS Level II|A0100"]
    text = texts(await choose(full_server.ana, reply, "HCPCS Level II|A0100"))
    assert "### A0100 · Non-emergency transportation; taxi" in text
    assert "Typhoid" not in text
    choices = await full_server.ana.autocomplete(full_server.channel, "code lookup", "code", "A0100")
    assert [choice["name"] for choice in choices[:2]] == [
        "A01.00 Typhoid fever, unspecified",
        "A0100 Non-emergency transportation; taxi (HCPCS)",
    ]


async def test_a_dot_says_which_system_is_meant(full_server: Server) -> None:
    assert "### A01.00 · Typhoid fever" in texts(await look_up(full_server, "A01.00"))


async def test_what_people_say_is_not_taken_for_a_modifier(full_server: Server) -> None:
    choices = await full_server.ana.autocomplete(full_server.channel, "code lookup", "code", "ms")
    assert choices[0]["value"] == "ICD-10-CM|G35D"
    offered = list(options_of(await look_up(full_server, "ms")).values())
    assert offered[0] == "ICD-10-CM|G35D"
    assert "HCPCS Level II|MS" in offered


@pytest.mark.parametrize(
    ("typed", "heading"), [("I10-I1A", "### I10-I1A · Hypertensive diseases"), ("Chapter 9", "### Chapter 9 ·")]
)
async def test_a_block_or_chapter_is_found_by_its_name(coded_server: Server, typed: str, heading: str) -> None:
    text = texts(await look_up(coded_server, typed))
    coded_server.forgive()
    assert heading in text


# -- other systems -------------------------------------------------------------------------------------------


async def test_an_icd_10_pcs_code_is_read_character_by_character(full_server: Server) -> None:
    reply = await look_up(full_server, "0dtj4zz")
    text = texts(reply)
    assert "### 0DTJ4ZZ · Resection" in text
    for line in (
        "**0**  Section: Medical and Surgical",
        "**J**  Body Part: Appendix",
        "**Z**  Qualifier: No Qualifier",
    ):
        assert f"\n{line}" in text
    assert "**T**  Operation: Resection\n-# Cutting out or off, without replacement, all of a body part" in text
    assert "The newest ICD-10-PCS release installed here is FY2026, which ended on 2026-09-30" in text
    assert accent(reply) == AMBER.value
    in_time = await look_up(full_server, "0DTJ4ZZ", on="2026-09-30")
    assert "newest ICD-10-PCS release" not in texts(in_time)
    assert accent(in_time) == GREEN.value


async def test_a_table_of_icd_10_pcs_gives_its_axes_and_its_codes(full_server: Server) -> None:
    reply = await look_up(full_server, "0DT")
    assert "**Table, not a code: choose one below it**" in texts(reply)
    assert "**D**  Body System: Gastrointestinal System" in texts(reply)
    assert "{" not in texts(reply)
    code = await choose(full_server.ana, reply, next(iter(options_of(reply).values())))
    assert "**Billable code** · ICD-10-PCS" in texts(code)
    assert "### 0DT ·" in texts(await press(full_server.ana, code, label="Up: 0DT"))


async def test_a_modifier_is_called_one(full_server: Server) -> None:
    text = texts(await look_up(full_server, "LT"))
    assert "### LT · Left side" in text
    assert "**Modifier** · HCPCS Level II" in text
    assert "-# HCPCS Level II modifiers" in text


# -- nothing to show -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["Z9999", "Z99.99", "E11.99", "qqqq", "ICD-10-CM|Z9999"])
async def test_what_no_code_set_has_is_answered_in_a_sentence(coded_server: Server, typed: str) -> None:
    text = texts(await look_up(coded_server, typed))
    coded_server.forgive()
    assert "No installed code set has “" in text
    assert "describe it in words" in text


async def test_a_cpt_code_is_said_to_be_one(coded_server: Server) -> None:
    text = texts(await look_up(coded_server, "99213"))
    coded_server.forgive()
    assert "CPT belongs to the American Medical Association and is not included here" in text


async def test_without_code_sets_the_reply_says_how_to_get_them(server: Server) -> None:
    told = "The code sets are not installed here yet. Whoever runs this bot can build them: python -m bot codes build"
    assert texts(await look_up(server, "E11.9")) == told
    pair = await server.ana.slash(server.channel, "code together", first="E11.9", second="E10.9")
    assert texts(pair.response) == told
    assert await server.ana.autocomplete(server.channel, "code lookup", "code", "E11") == []
    server.forgive()


@pytest.mark.parametrize("typed", ODD)
async def test_whatever_is_typed_gets_choices_that_fit_and_a_reply(full_server: Server, typed: str) -> None:
    for command, option in (("code lookup", "code"), ("code together", "first"), ("code together", "second")):
        choices = await full_server.ana.autocomplete(full_server.channel, command, option, typed)
        assert len(choices) <= 25
        assert all(0 < len(choice["name"]) <= 100 and 0 < len(choice["value"]) <= 100 for choice in choices)
        assert len({choice["value"] for choice in choices}) == len(choices)
    for reply in (
        await look_up(full_server, typed),
        (await full_server.ana.slash(full_server.channel, "code together", first=typed, second="E11.9")).response,
    ):
        assert "Something went wrong" not in texts(reply)
    full_server.forgive()


@pytest.mark.parametrize(
    "typed",
    ["E11", "E11.9", "fracture femur", "diabetes", "0DT", "transport", "J", "a", "advanced primary care management"],
)
async def test_choices_name_their_system_within_a_hundred_characters(full_server: Server, typed: str) -> None:
    choices = await full_server.ana.autocomplete(full_server.channel, "code lookup", "code", typed)
    assert 0 < len(choices) <= 25
    for choice in choices:
        assert len(choice["name"]) <= 100
        system = choice["value"].partition("|")[0]
        assert ("(HCPCS)" in choice["name"]) == (system == "HCPCS Level II")
        assert ("(ICD-10-PCS)" in choice["name"]) == (system == "ICD-10-PCS")
