"""What people read when something goes wrong: a sentence, and nothing lost."""

import pytest

from bot.storage.database import DatabaseError
from tests.cogs.conftest import Server, texts


async def test_a_database_fault_is_told_and_the_next_press_counts(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    await server.set_up()
    post = await server.next_post()
    write = server.services.db.write

    async def refuse(*statements: object) -> object:
        raise DatabaseError("disk full")

    monkeypatch.setattr(server.services.db, "write", refuse)
    told = texts((await server.press_right(server.ana, post)).response)
    assert "could not be confirmed as stored" in told
    assert "disk full" not in told
    monkeypatch.setattr(server.services.db, "write", write)
    assert ": right," in texts((await server.press_right(server.ana, post)).response)


async def test_a_bug_gets_a_number_and_no_traceback(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> object:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(type(server.services.daily), "standing", broken)
    told = texts((await server.ana.slash(server.channel, "daily")).response)
    assert "Something went wrong on our side" in told
    assert "secret detail" not in told
    number = told.rsplit(": ", 1)[1]
    assert any(getattr(record, "error_id", None) == number for record in caplog.records)
    server.forgive()


@pytest.mark.parametrize(
    "custom_id", ["answer:999999:A@1", "explain:999999", "review:999999", "report:999999", "show:424242"]
)
async def test_a_button_of_a_forgotten_round_says_so(server: Server, custom_id: str) -> None:
    from discord import ui

    view = ui.LayoutView(timeout=None)
    view.add_item(ui.ActionRow(ui.Button(label="old", custom_id=custom_id)))
    view.stop()
    with server.env.time_context():
        channel = server.env.bot.get_partial_messageable(server.channel.id, guild_id=server.guild.id)
        old = await channel.send(view=view)
    assert "no longer stored" in texts((await server.ana.click(old, label="old")).response)
