"""Buttons and selects of /code: after restarts, in direct messages, and when what they name is gone."""

import logging
from typing import Any

import pytest
from discord import SelectOption, ui

from bot.codes.book import CodeBook
from tests.cogs.conftest import Server, choose, controls, look_up, options_of, press, texts


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Looking up reads the code sets alone, so one kind of database will do."""
    return sqlite_url


async def test_up_before_and_after_lead_to_the_neighbours(coded_server: Server) -> None:
    ana = coded_server.ana
    page = await look_up(coded_server, "E11.8")
    page = await press(ana, page, label="E11.9 ›")
    assert "### E11.9 ·" in texts(page)
    page = await press(ana, page, label="‹ E11.8")
    assert "### E11.8 ·" in texts(page)
    page = await press(ana, page, label="Up: E11")
    assert "### E11 · Type 2 diabetes mellitus" in texts(page)
    page = await press(ana, page, label="Up: E08-E13")
    assert "### E08-E13 · Diabetes mellitus" in texts(page)
    page = await press(ana, page, label="Up: Chapter 4")
    assert "### Chapter 4 ·" in texts(page)
    assert not [name for name in controls(page) if name.startswith("code-save")]
    page = await choose(ana, page, options_of(page)["E08-E13 Diabetes mellitus"])
    assert "### E08-E13 · Diabetes mellitus" in texts(page)


async def test_a_block_of_one_category_is_told_from_the_category(coded_server: Server) -> None:
    page = await look_up(coded_server, "ICD-10-CM|Z68")
    page = await press(coded_server.ana, page, label="Up: block Z68")
    assert "**Block, not a code**" in texts(page)


async def test_the_neighbours_of_a_category_are_those_of_the_list(coded_server: Server) -> None:
    page = await look_up(coded_server, "I42")
    assert {"code:ICD-10-CM|I41", "code:ICD-10-CM|I43"} <= set(controls(page))


async def test_more_than_twenty_four_below_are_reached_and_begin_again(coded_server: Server) -> None:
    page = await look_up(coded_server, "ICD-10-CM|chapter 20")
    await coded_server.restart()
    first = options_of(page)
    *entries, more = first
    assert len(entries) == 24
    left = int(more.removeprefix("… ").removesuffix(" more"))
    page = await choose(coded_server.ana, page, first[more])
    *others, back = options_of(page)
    assert len(others) == left
    assert not set(others) & set(entries)
    assert "### Chapter 20 ·" in texts(page)
    assert back == "… back to the first"
    page = await choose(coded_server.ana, page, options_of(page)[back])
    assert options_of(page) == first


def longest_noted(book: CodeBook) -> str:
    """The entry with the longest notes of all, as autocomplete names it."""
    [(system, key)] = book.connection.execute(
        "SELECT e.system, e.key FROM notes n JOIN entries e ON e.id = n.entry GROUP BY e.id"
        " ORDER BY sum(length(n.text)) DESC LIMIT 1"
    )
    return f"{system}|{key}"


async def test_every_page_of_the_longest_notes_is_reached_after_a_restart(coded_server: Server, book: CodeBook) -> None:
    name = longest_noted(book)
    page = await look_up(coded_server, name)
    await coded_server.restart()
    seen = [texts(page)]
    while controls(page)[f"code:{name}#{len(seen)}"]:
        page = await press(coded_server.ana, page, custom_id=f"code:{name}#{len(seen)}")
        seen.append(texts(page))
    assert len(seen) >= 4
    assert len(set(seen)) == len(seen)
    noted = book.connection.execute(
        "SELECT n.text FROM notes n JOIN entries e ON e.id = n.entry WHERE e.system || '|' || e.key = ?", (name,)
    )
    everything = "".join(seen).replace("\\", "")
    for (text,) in noted:
        assert text in everything
    page = await press(coded_server.ana, page, label=f"‹ Page {len(seen) - 1}")
    assert texts(page) == seen[-2]


@pytest.mark.parametrize("privately", [False, True])
async def test_every_control_of_every_kind_works_after_a_restart(full_server: Server, privately: bool) -> None:
    person = full_server.ana.user if privately else full_server.ana

    async def ask(name: str, **options: str) -> Any:
        where = () if privately else (full_server.channel,)
        return (await person.slash(*where, name, **options)).response

    commands: list[tuple[str, dict[str, str]]] = [
        ("code lookup", {"code": "E11"}),
        ("code lookup", {"code": "G0556"}),
        ("code lookup", {"code": "S06.1X7A", "on": "2026-09-30"}),
        ("code lookup", {"code": "A0100"}),
        ("code together", {"first": "E11.22", "second": "N18.6", "on": "2026-09-30"}),
    ]
    pressed: set[str] = set()
    for name, options in commands:
        shown = await ask(name, **options)
        await full_server.restart()
        for custom_id in [custom_id for custom_id, usable in controls(shown).items() if usable]:
            page = await ask(name, **options)
            if custom_id == "code-pick":
                after = await choose(person, page, next(iter(options_of(page).values())))
            else:
                after = await press(person, page, custom_id=custom_id)
            assert texts(after) != texts(shown), custom_id
            assert "Something went wrong" not in texts(after)
            pressed.add(custom_id.partition(":")[0])
    assert pressed == {"code", "code-pick", "code-save"}


async def test_the_commands_can_be_installed_by_a_person_and_used_everywhere(coded_server: Server) -> None:
    bot: Any = coded_server.env.bot
    data = bot.tree.get_command("code").to_dict(bot.tree)
    assert sorted(data["integration_types"]) == [0, 1]
    assert sorted(data["contexts"]) == [0, 1, 2]


# -- what is gone or was never there -------------------------------------------------------------------------


def old_button(custom_id: str) -> ui.Button[Any]:
    return ui.Button(label="old", custom_id=custom_id)


@pytest.mark.parametrize(
    "custom_id",
    [
        "code:ICD-10-CM|Z9999",
        "code:ICD-10-CM|Z9999#2+24~2026-11-21",
        "code:HCPCS Level II|A0100",
        "code:CPT|12345",
        "code:Nonsense|E119",
        "code:ICD-10-CM|E119~2026-13-45",
        "pair:Z9999|E119#0",
        "pair:E119|Z9999#0~2026-11-21",
        "pair:E119|E109#0~2026-02-30",
        "code-pick",
    ],
)
async def test_a_button_of_something_that_is_gone_says_so(
    coded_server: Server, caplog: pytest.LogCaptureFixture, custom_id: str
) -> None:
    old = await coded_server.left_over(old_button(custom_id))
    text = texts((await coded_server.ana.click(old, label="old")).response)
    assert "No installed code set has “" in text
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize(
    ("custom_id", "heading"),
    [
        ("code:ICD-10-CM|E119#999", "### E11.9 ·"),
        ("code:ICD-10-CM|E11+99999", "### E11 ·"),
        ("code:ICD-10-CM|E119~0001-01-01", "### E11.9 ·"),
        ("pair:E119|E109#999", "### Not together"),
    ],
)
async def test_a_page_that_is_no_more_shows_one_that_is(coded_server: Server, custom_id: str, heading: str) -> None:
    old = await coded_server.left_over(old_button(custom_id))
    reply = (await coded_server.ana.click(old, label="old")).response
    assert reply.ephemeral
    assert heading in texts(reply)


@pytest.mark.parametrize(
    "custom_id",
    ["code:", "code:ICD-10-CM", "code:|E119", "code:ICD-10-CM|E119#", "code:ICD-10-CM|" + "E" * 25, "pair:E119",
     "pair:E119|E109", "code-save:", "code-pick:x", "code:ICD-10-CM|E11\n9", "code:ICD-10-CM|E119#1#2"],
)  # fmt: skip
async def test_a_custom_id_of_no_form_is_left_alone(
    coded_server: Server, caplog: pytest.LogCaptureFixture, custom_id: str
) -> None:
    old = await coded_server.left_over(old_button(custom_id))
    assert (await coded_server.ana.click(old, label="old")).response is None
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("value", ["ICD-10-CM|Z9999", "nonsense", "E119", "ICD-10-CM|E119#x", "|"])
async def test_an_option_of_something_that_is_gone_says_so(
    coded_server: Server, caplog: pytest.LogCaptureFixture, value: str
) -> None:
    select: ui.Select[Any] = ui.Select(custom_id="code-pick", options=[SelectOption(label="old", value=value)])
    old = await coded_server.left_over(select)
    text = texts((await coded_server.ana.select(old, [value])).response)
    assert "No installed code set has “" in text
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_buttons_say_so_when_the_code_sets_are_gone(server: Server) -> None:
    for custom_id in ("code:ICD-10-CM|E119", "pair:E119|E109#0"):
        old = await server.left_over(old_button(custom_id))
        assert "The code sets are not installed here yet" in texts((await server.ana.click(old, label="old")).response)
