"""The end of a season through real discord.py: its result, its picture, and the role for the winners."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.core.content import Content
from bot.core.periods import Span
from bot.core.privacy import Visibility
from bot.storage import seasons
from bot.storage.database import Database, sql
from cogs.ui.layout import button
from tests.cogs.conftest import DAY, HOUR, Server, serving, texts
from tests.storage.scored import Score, fill, found, name

LAST_DAY = datetime(2026, 1, 31, 18, tzinfo=UTC)
"""An hour after the daily post of the last day of January."""


@pytest.fixture
async def january(db: Database, content: Content) -> AsyncIterator[Server]:
    """A server on the last day of a season that Ana and Ben lead together."""
    async with serving(db, content, start=LAST_DAY) as server:
        await server.set_up()
        season = await server.services.board.period(server.guild.id, Span.SEASON)
        rows = [Score(user, 60, 5, 4, period=season.key) for user in (server.ana.id, server.ben.id)]
        rows += [Score(server.cleo.id, 30, 5, 2, period=season.key), Score(777, 90, 9, 9, season.key, shown=False)]
        await fill(server.services.db, [*rows, *(row.again(group=1) for row in rows)], server.guild.id)
        names = {server.ana.id: "Ana", server.ben.id: "Ben <3", server.cleo.id: "cleo", 777: "Nobody sees me"}
        await name(server.services.db, names, server.guild.id)
        await found(server.services.db, 1, "Owls", [server.ana.id], server.guild.id)
        yield server


async def end_season(server: Server) -> Any:
    """Let the first of February come; returns the message with the result."""
    await server.env.advance_time(DAY)
    [row] = await server.services.db.read("SELECT message_id FROM deliveries WHERE kind = 'season' AND state = 2")
    return await server.message(server.channel.id, row["message_id"])


def wearers(server: Server, role: Any) -> set[int]:
    members = server.env.backend.get_guild(server.guild.id).members.values()
    return {member.user_id for member in members if role.id in member.role_ids}


async def test_the_result_is_posted_once_with_winners_board_and_picture(january: Server) -> None:
    result = await end_season(january)
    text = texts(result)
    assert "### January 2026 is over" in text
    assert "**\u2068Ben \\<3\u2069 and \u2068Ana\u2069** win together with **60 points** each." in text
    assert "Best study group: **\u2068Owls\u2069**, 50 per member · 3 active." in text
    assert "3\\. \u2068cleo\u2069 · 30 points" in text
    assert "3 learners had points in January" in text
    assert "`/privacy visibility`" in text
    assert "Nobody sees me" not in text
    [file] = result.attachments
    assert "Ana" in (file.description or "")
    assert "Nobody sees me" not in (file.description or "")
    await january.restart()
    await january.env.advance_time(3 * HOUR)
    with january.env.time_context():
        channel = january.env.bot.get_partial_messageable(january.channel.id)
        assert len([m async for m in channel.history() if "is over" in texts(m)]) == 1
    own = (await january.cleo.click(result, label="Your place")).response
    assert own.ephemeral
    assert "points · January 2026" in texts(own)
    assert "**3\\. \u2068cleo\u2069 · 30 points · 5 answers** ← you" in texts(own)


async def test_your_place_stays_that_of_its_season(january: Server) -> None:
    result = await end_season(january)
    february = Score(january.cleo.id, 90, 9, 9, period=2026 * 12 + 1)
    season = (await january.services.board.period(january.guild.id, Span.SEASON)).key
    assert season == february.period
    await fill(january.services.db, [february, replace(february, points=30, period=season - 1)], january.guild.id)
    # At once, without the days between.
    january.env.backend.advance_clock(28 * DAY)
    own = (await january.cleo.click(result, label="Your place")).response
    assert "points · January 2026" in texts(own)
    later = (await january.cleo.click(own, label="Later ›")).response or own
    assert "points · February 2026" in texts(later)


async def test_the_buttons_of_earlier_releases_count_back_from_today(january: Server) -> None:
    result = await january.left_over(button("Your place", "board:show:server:0:points:season:1@7"))
    await january.env.advance_time(DAY)
    own = (await january.cleo.click(result, label="Your place")).response
    assert "points · January 2026" in texts(own)
    before = await january.left_over(button("‹ Earlier", "board:earlier:server:0:points:season:0"))
    assert "points · January 2026" in texts((await january.cleo.click(before, label="‹ Earlier")).response)
    after = await january.left_over(button("Later ›", "board:later:server:0:points:season:1"))
    assert "points · February 2026" in texts((await january.cleo.click(after, label="Later ›")).response)


async def test_without_attach_files_the_result_comes_as_text(january: Server) -> None:
    # Between the daily post and the result, to which Discord says no as long as it comes with a file.
    await january.env.advance_time(DAY - HOUR + 300)
    january.env.inject_error("POST", f"/channels/{january.channel.id}/messages", status=403, code=50013)
    result = await end_season(january)
    assert "January 2026 is over" in texts(result)
    assert result.attachments == []


async def test_the_winners_role_is_chosen_checked_given_and_handed_on(january: Server) -> None:
    role = january.guild.create_role("Champions")
    board = (await january.organiser.slash(january.channel, "board")).response
    panel = (await january.organiser.click(board, label="Winners' role")).response
    assert "Now: no role" in texts(panel)
    refused = (await january.organiser.select(panel, [role], custom_id="board:role:set")).response
    assert "the bot needs the permission Manage Roles" in texts(refused)
    january.forgive()
    january.allow(manage_roles=True)
    await january.restart()
    chosen = await january.organiser.select(panel, [role], custom_id="board:role:set")
    assert f"Now: <@&{role.id}>." in texts(chosen.response or panel)
    await january.services.db.write(
        *seasons.ended(january.guild.id, 2026 * 12 - 1, 1, [seasons.Winner(january.cleo.id, 1, 9)])
    )
    await january.env.bot.http.add_role(january.guild.id, january.cleo.id, role.id)
    result = await end_season(january)
    assert f"<@&{role.id}>" in texts(result)
    assert "was not given" not in texts(result)
    assert wearers(january, role) == {january.ana.id, january.ben.id}


async def test_a_role_that_can_not_be_given_never_holds_up_the_result(january: Server) -> None:
    role = january.guild.create_role("Champions")
    await january.services.seasons.set_role(january.guild.id, role.id)
    result = await end_season(january)
    assert "The winners' role was not given: the bot needs the permission Manage Roles" in texts(result)
    assert "January 2026 is over" in texts(result)
    assert wearers(january, role) == set()


async def test_the_role_is_for_organisers_and_can_be_cleared(january: Server) -> None:
    board = (await january.ana.slash(january.channel, "board")).response
    assert "board:role" not in {getattr(item, "custom_id", None) for item in _walk(board.components)}
    await january.services.seasons.set_role(january.guild.id, 5)
    board = (await january.organiser.slash(january.channel, "board")).response
    panel = (await january.organiser.click(board, label="Winners' role")).response
    assert "It can't be given at the moment: it is gone." in texts(panel)
    cleared = await january.organiser.select(panel, [], custom_id="board:role:set")
    assert "Now: no role" in texts(cleared.response or panel)
    assert await january.services.seasons.role(january.guild.id) is None


def _walk(components: Any) -> list[Any]:
    return [*components, *(inner for item in components for inner in _walk(getattr(item, "children", ())))]


async def test_somebody_who_hid_is_in_no_result(january: Server) -> None:
    await january.services.privacy.set_visibility(january.ana.id, Visibility.HIDDEN)
    result = await end_season(january)
    assert "**\u2068Ben \\<3\u2069** wins with **60 points**." in texts(result)
    assert "Ana" not in texts(result) + (result.attachments[0].description or "")
    rows = await january.services.db.read("SELECT user_id FROM season_winners")
    assert january.ana.id not in {row["user_id"] for row in rows}


async def test_a_server_without_points_hears_nothing(january: Server) -> None:
    await january.services.db.write(sql("UPDATE scores SET points = 0"), sql("DELETE FROM score_steps"))
    await january.env.advance_time(DAY)
    assert await january.services.db.read("SELECT 1 FROM seasons") == []
