"""/board through real discord.py: each scope, period and metric, switching, sharing, pictures, and being hidden."""

from itertools import product
from typing import Any

from bot.core.board import Metric, Scope
from bot.core.periods import Span
from bot.core.privacy import Visibility
from bot.storage.database import sql
from tests.cogs.conftest import Server, controls, press, texts
from tests.storage.scored import Score, fill, found, name


async def board(server: Server, person: Any = None, **options: str) -> Any:
    return (await (person or server.ana).slash(server.channel, "board", **options)).response


async def choose(person: Any, page: Any, what: str, value: str) -> Any:
    """What the page shows after an option of one of its selects was chosen."""
    control = next(name for name in controls(page) if name.startswith(f"board:{what}:"))
    return (await person.select(page, [value], custom_id=control)).response or page


async def use(person: Any, page: Any, what: str) -> Any:
    control = next(name for name in controls(page) if name.startswith(f"board:{what}:"))
    return (await person.click(page, custom_id=control)).response or page


async def scored(server: Server) -> dict[Span, int]:
    """Ana is third of fourteen everywhere, Ben first, Cleo last; somebody is hidden above them all."""
    keys = {span: (await server.services.board.period(server.guild.id, span)).key for span in Span}
    others = range(900, 911)
    rows = [
        Score(user, 100 - i, 40, 38 - i, period=key)
        for key in keys.values()
        for i, user in enumerate([server.ben.id, 899, server.ana.id, *others])
    ]
    rows += [Score(server.cleo.id, 10, 3, 1, period=key) for key in keys.values()]
    rows += [Score(777, 500, 90, 90, period=key, shown=False) for key in keys.values()]
    rows += [Score(user, 20, 6, 5, period=keys[Span.SEASON], group=1) for user in (server.ana.id, server.ben.id)]
    await fill(server.services.db, rows, server.guild.id)
    await name(server.services.db, {user: f"Learner {user}" for user in (899, *others)}, server.guild.id)
    await name(server.services.db, {777: "Nobody sees me", server.ben.id: "Ben"}, server.guild.id)
    await found(server.services.db, 1, "Night Owls", [server.ana.id, server.ben.id], server.guild.id)
    await found(server.services.db, 2, "Larks", [server.cleo.id], server.guild.id)
    return keys


async def test_the_board_shows_ranks_names_values_and_the_reader(server: Server) -> None:
    await scored(server)
    page = await board(server)
    assert page.ephemeral
    text = texts(page)
    assert "points · January 2026" in text or "points · December 2025" in text
    assert "1\\. \u2068Ben\u2069 · 100 points · 40 answers" in text
    assert "**3\\. \u2068ana\u2069 · 98 points · 40 answers** ← you" in text
    assert "15 learners ranked" in text
    assert "Nobody sees me" not in text
    last = texts(await board(server, server.cleo))
    assert "⋯\n14\\. " in last
    assert "**15\\. \u2068cleo\u2069 · 10 points · 3 answers** ← you" in last


async def test_every_scope_period_and_metric(server: Server) -> None:
    await scored(server)
    await server.services.db.write(
        sql(
            "INSERT INTO streaks (guild_id, user_id, number, current, longest, freezes) VALUES ($1, $2, 1, 7, 8, 0)",
            server.guild.id,
            server.ben.id,
        )
    )
    for scope, period, metric in product(Scope, Span, Metric):
        text = texts(await board(server, scope=scope.value, period=period.value, metric=metric.value))
        season = period is Span.SEASON
        if scope is Scope.GROUPS:
            assert ("1\\. \u2068Night Owls\u2069 · 20 per member · 2 active** ← your group" in text) == season
        elif metric is Metric.STREAK:
            assert f"\u2068Ben\u2069 · {8 if period is Span.ALL else 7} in a row" in text
        elif scope is Scope.GROUP:
            assert text.startswith("### \u2068Night Owls\u2069")
            assert ("\u2068Ben\u2069" in text) == (season and metric is Metric.POINTS)
        else:
            own = "95% · 38 of 40 right" if metric is Metric.ACCURACY else "100 points"
            assert f"\u2068Ben\u2069 · {own}" in text
        assert "Nobody sees me" not in text
        assert "777" not in text


async def test_switching_on_the_page_and_going_back_in_time_survive_a_restart(server: Server) -> None:
    await scored(server)
    page = await board(server)
    await server.restart()
    page = await choose(server.ana, page, "metric", "accuracy")
    assert "95% · 38 of 40 right" in texts(page)
    page = await choose(server.ana, page, "span", "week")
    assert "accuracy · 29 December 2025 to 4 January 2026" in texts(page)
    await server.restart()
    page = await choose(server.ana, page, "scope", "group:1")
    assert "Night Owls" in texts(page)
    page = await choose(server.ana, page, "scope", "groups")
    assert "No group stands here yet" in texts(page)
    assert not any(name.startswith("board:metric") for name in controls(page))
    page = await choose(server.ana, page, "scope", "server")
    page = await choose(server.ana, page, "span", "season")
    assert all(
        controls(page)[name] is False for name in controls(page) if name.startswith(("board:later", "board:earlier"))
    )


async def test_an_earlier_season_is_read_and_left_again(server: Server) -> None:
    keys = await scored(server)
    before = keys[Span.SEASON] - 1
    rows = [Score(user, 50 - i, 9, 9, period=before) for i, user in enumerate([server.ana.id, server.ben.id])]
    now = [
        Score(server.ben.id, 30, 5, 5, period=keys[Span.SEASON]),
        Score(server.ana.id, 20, 5, 5, period=keys[Span.SEASON]),
    ]
    await fill(server.services.db, [*rows, *now], server.guild.id)
    page = await board(server)
    assert "2\\. \u2068ana\u2069 · 20 points · 5 answers · ▼1** ← you" in texts(page)
    assert "· ▲1" in texts(page)
    page = await use(server.ana, page, "earlier")
    assert "**1\\. \u2068ana\u2069 · 50 points" in texts(page)
    await server.restart()
    page = await use(server.ana, page, "later")
    assert "1\\. \u2068Ben\u2069 · 30 points" in texts(page)


async def test_sharing_shows_everybody_the_board_and_nobody_who_asked(server: Server) -> None:
    await scored(server)
    await server.services.privacy.set_visibility(server.ana.id, Visibility.HIDDEN)
    page = await board(server)
    assert "Only you see this: you would stand at **rank 3** with 98 points" in texts(page)
    shared = await use(server.ana, page, "share")
    assert not shared.ephemeral
    text = texts(shared)
    assert "\u2068Ben\u2069 · 100 points" in text
    assert "ana" not in text.casefold()
    assert "you" not in text
    assert "14 learners ranked" in text
    await server.restart()
    own = await use(server.cleo, shared, "show")
    assert own.ephemeral
    assert "\u2068cleo\u2069 · 10 points · 3 answers** ← you" in texts(own)


async def test_the_picture_says_in_words_what_it_shows_and_can_be_shared(server: Server) -> None:
    await scored(server)
    page = await board(server)
    picture = await use(server.ana, page, "picture")
    assert picture.ephemeral
    [file] = picture.attachments
    assert "Ben" in (file.description or "")
    assert "Nobody sees me" not in (file.description or "")
    await server.restart()
    shared = await use(server.ana, picture, "hang")
    assert not shared.ephemeral
    [file] = shared.attachments
    assert "Ben" in (file.description or "")


async def test_empty_boards_invite(server: Server) -> None:
    assert "Nobody has points in this month. `/quiz start`" in texts(await board(server))
    assert "today's question" in texts(await board(server, scope="groups"))
    assert "`/daily`" in texts(await board(server, metric="streak"))
    text = texts(await board(server, metric="accuracy", period="week"))
    assert "Nobody has the 5 answers" in text
    assert "You need 5 more answers to be ranked." in text


async def test_a_group_by_its_name_or_by_suggestion_or_not_at_all(server: Server) -> None:
    await scored(server)
    assert "Night Owls" in texts(await board(server, group=" night  OWLS "))
    offered = await server.ana.autocomplete(server.channel, "board", "group", "ow")
    assert [(choice["name"], choice["value"]) for choice in offered] == [("Night Owls", "1")]
    assert "Night Owls" in texts(await board(server, group="1"))
    assert "no open study group of that name" in texts(await board(server, group="Badgers"))
    await server.services.db.write(sql("DELETE FROM group_members"))
    assert "You are in no study group" in texts(await board(server, scope="group"))
    server.forgive()


async def test_a_pseudonym_stands_in_place_of_the_name(server: Server) -> None:
    await scored(server)
    chosen = (await server.ana.slash(server.channel, "privacy visibility", choice="pseudonym")).response
    _, first = await server.services.privacy.seen_as(server.ana.id)
    assert f"**{first}**" in texts(chosen)
    await server.restart()
    again = await press(server.ana, chosen, label="Another one")
    _, second = await server.services.privacy.seen_as(server.ana.id)
    assert f"**{second}**" in texts(again)
    text = texts(await board(server, server.ben))
    assert f"3\\. \u2068{second}\u2069 · 98 points" in text
    assert "ana" not in text
    assert first not in text


async def test_names_are_remembered_from_presses_and_not_from_erasing(server: Server) -> None:
    db = server.services.db

    async def kept() -> dict[int, str]:
        rows = await db.read("SELECT user_id, name FROM learner_names WHERE guild_id = $1", server.guild.id)
        return {row["user_id"]: row["name"] for row in rows}

    await server.ana.slash(server.channel, "help")
    assert await kept() == {server.ana.id: "ana"}
    await server.ben.slash(server.channel, "privacy visibility")
    asked = (await server.ana.slash(server.channel, "privacy delete")).response
    await server.ana.click(asked, label="Delete everything")
    assert await kept() == {}
    await server.ana.slash(server.channel, "help")
    assert await kept() == {server.ana.id: "ana"}


async def test_names_can_not_break_out_of_their_line(server: Server) -> None:
    await scored(server)
    evil = "**@everyone** <#1> \u202egnp\nhttps://x.example " + "a\u0301\u0301\u0301\u0301\u0301" * 30
    await name(server.services.db, {server.ben.id: evil[:100]}, server.guild.id)
    first = texts(await board(server)).split("\n")[1]
    assert first.startswith("1\\. \u2068\\*\\*@\u200beveryone\\*\\* \\<#1> gnp https")
    assert "\u202e" not in first
    assert first.split("\u2069")[1].startswith(" · 100 points")
