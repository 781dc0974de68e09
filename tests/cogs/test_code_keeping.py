"""Save for review on an entry of a code set, on either kind of database."""

from discord import ui

from bot.core.cards import CardKind
from bot.storage import cards
from tests.cogs.conftest import Server, look_up, texts


async def save(server: Server, page: object) -> str:
    return texts((await server.ana.click(page, label="Save for review")).response)


async def test_a_code_is_kept_once_and_again_after_a_restart_says_so(coded_server: Server) -> None:
    page = await look_up(coded_server, "E11.9")
    assert await save(coded_server, page) == "Kept for review. Cards kept: 1."
    await coded_server.restart()
    assert await save(coded_server, page) == "You have kept this one already. Cards kept: 1."
    other = await look_up(coded_server, "E11")
    assert await save(coded_server, other) == "Kept for review. Cards kept: 2."
    ben = texts((await coded_server.ben.slash(coded_server.channel, "code lookup", code="E11.9")).response)
    assert "Cards kept" not in ben
    assert await cards.count(coded_server.services.db, coded_server.ben.id) == 0


async def test_a_code_kept_in_direct_messages_is_the_same_card(coded_server: Server) -> None:
    await save(coded_server, await look_up(coded_server, "E11.9"))
    page = (await coded_server.ana.user.slash("code lookup", code="E11.9")).response
    told = texts((await coded_server.ana.user.click(page, label="Save for review")).response)
    assert told == "You have kept this one already. Cards kept: 1."


async def test_a_code_that_is_gone_is_not_kept(coded_server: Server) -> None:
    old = await coded_server.left_over(ui.Button(label="Save for review", custom_id="code-save:ICD-10-CM|Z9999"))
    assert "No installed code set has “" in await save(coded_server, old)
    assert await cards.count(coded_server.services.db, coded_server.ana.id) == 0


async def test_an_address_of_a_code_is_a_card_of_its_kind(coded_server: Server) -> None:
    await save(coded_server, await look_up(coded_server, "E11.9"))
    assert not await cards.save(coded_server.services.db, coded_server.ana.id, CardKind.CODE, "ICD-10-CM|E119", 0)
