"""/quiz through real discord.py: a session from its first question to what follows its end, with restarts between."""

from tests.cogs.conftest import Server, press, texts
from tests.cogs.practising import answer, labels, play, put, resume, start


async def test_a_whole_session_with_a_restart_before_each_press(server: Server) -> None:
    await server.set_up()
    page = await start(server, length=15)
    assert page.ephemeral
    first = page.id
    seen: set[str] = set()
    cases: list[str] = []
    for number in range(1, 16):
        assert f"### Practice {number} of 15" in texts(page)
        item, key, _ = await put(server, page)
        assert item.id not in seen
        seen.add(item.id)
        if item.case:
            cases.append(item.id)
            text = texts(page)
            assert f"Case {len(cases)} of 3: The case fracture-clinic" in text.replace("\\", "")
            assert text.index(item.scenario) < text.index(item.stem)
        assert not any(option.rationale in texts(page) for option in item.options)
        if number in (1, 8):
            await server.restart()
        page = await answer(server, page)
        text = texts(page)
        assert f"### Practice {number} of 15: right, {key}" in text
        assert all(option.rationale in text for option in item.options)
        assert item.stem in text
        if number in (1, 8):
            await server.restart()
        page = await press(server.ana, page, label="See the summary" if number == 15 else "Next")
        assert page.id == first
    assert cases == ["case-1", "case-2", "case-3"]
    text = texts(page)
    assert "### Practice: 15 of 15 right" in text
    assert "**60 points** for the boards of this month." in text
    assert "You have answered 15 of 15 questions for CPC at least once." in text
    assert "Nothing was missed." in text
    assert labels(page) == ["New session like this", "Share the result"]


async def test_a_running_session_is_resumed_in_direct_messages(server: Server) -> None:
    page = await start(server)
    await answer(server, page)
    await server.restart()
    elsewhere = (await server.ana.user.slash("quiz resume")).response
    assert "### Practice 1 of 5: right" in texts(elsewhere)
    page = (await server.ana.user.click(elsewhere, label="Next")).response or elsewhere
    assert "### Practice 2 of 5" in texts(page)
    summary = await play(server, page, person=server.ana.user)
    assert "Share the result" not in labels(summary)
    assert "### Practice: 5 of 5 right" in texts(await resume(server))


async def test_a_second_session_waits_until_the_first_is_ended(server: Server) -> None:
    await start(server)
    busy = await start(server, area="beta", length=6)
    text = texts(busy)
    assert "You have a practice session running" in text
    assert "CPC: 0 of 5 answered" in text
    assert "You asked for CPC · Beta." in text
    await server.restart()
    assert "### Practice 1 of 5" in texts(await press(server.ana, busy, label="Resume"))
    busy = await start(server, area="beta", length=6)
    page = await press(server.ana, busy, label="End it and start the new one")
    assert "You asked for 6; there are 4 on this right now." in texts(page)
    assert "### Practice 1 of 4" in texts(page)


async def test_misses_are_redone_and_a_new_session_has_the_same_wishes(server: Server) -> None:
    page = await play(server, await start(server, area="alpha"), misses=2)
    assert "New questions and weak areas come first" in texts(page)
    await server.restart()
    redo = await press(server.ana, page, label="Redo the misses (2)")
    assert "### Practice 1 of 2" in texts(redo)
    again = await answer(server, redo)
    assert "No points: you have answered this one this month already." in texts(again)
    page = await play(server, await press(server.ana, again, label="Next"))
    assert "the misses of an earlier session" in texts(page)
    page = await press(server.ana, page, label="New session like this")
    assert "### Practice 1 of 4" in texts(page)
    assert "CPC · Alpha" in texts(page)


async def test_a_result_is_shared_once_and_tells_nothing_but_the_result(server: Server) -> None:
    page = await play(server, await start(server), misses=1)
    await server.restart()
    public = (await server.ana.click(page, label="Share the result")).response
    assert not public.ephemeral
    assert texts(public) == f"<@{server.ana.id}> practised CPC: **4 of 5** right."
    assert "shared before" in texts((await server.ana.click(page, label="Share the result")).response)
    assert "Share the result" not in labels(await resume(server))
    server.forgive()
