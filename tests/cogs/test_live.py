"""Live rounds through real discord.py: played to the end, changed, paused, skipped, ended, restarted."""

from typing import Any

import pytest

from bot.core.live import AGAIN_IN, BETWEEN, RESULT_IN, STARTS_IN, LiveQuestion, LiveState, QuestionState
from bot.core.privacy import Visibility
from bot.storage import live as store
from cogs.ui.layout import button
from tests.cogs.conftest import Server, controls, texts
from tests.samples import wrong

QUESTIONS, SECONDS = 5, 30


@pytest.fixture(autouse=True)
def patience(server: Server) -> None:
    """The simulator waits for real until timers below this have fired; those of a round are longer, and fire when a test
    moves the clock."""
    server.env.settle_timeout = 4


class Played:
    """A round in a channel, and what tests do in it again and again."""

    def __init__(self, server: Server, host: Any, channel: Any, panel: Any, live_id: int) -> None:
        self.server, self.host, self.channel, self.panel, self.id = server, host, channel, panel, live_id

    async def advance(self, seconds: float) -> None:
        await self.server.env.advance_time(seconds)

    async def asked(self) -> LiveQuestion:
        found = await store.current(self.server.services.db, self.id)
        assert found is not None
        return found

    async def message(self, position: int | None = None) -> Any:
        """The message of a question, of the one that is asked now unless said otherwise."""
        asked = await self.asked()
        if position is not None:
            asked = await self.server.services.live.question(self.id, position)
        assert asked.message_id is not None
        return await self.server.message(self.channel.id, asked.message_id)

    async def choose(self, player: Any, letters: str, message: Any = None) -> Any:
        message = message or await self.message()
        asked = await self.asked()
        if asked.asked.item.multiple:
            custom_id = next(name for name in controls(message) if name.startswith("live:choose"))
            return (await player.select(message, list(letters), custom_id=custom_id)).response
        return (await player.click(message, label=letters)).response

    async def right(self, player: Any) -> Any:
        return await self.choose(player, (await self.asked()).asked.key)

    async def wrong(self, player: Any) -> Any:
        return await self.choose(player, wrong((await self.asked()).asked))

    async def press(self, label: str) -> str:
        """What the host's panel says after a press."""
        self.panel = (await self.host.click(self.panel, label=label)).response or self.panel
        return texts(self.panel)

    async def messages(self) -> list[Any]:
        with self.server.env.time_context():
            place = self.server.env.bot.get_partial_messageable(self.channel.id, guild_id=self.server.guild.id)
            return [message async for message in place.history(limit=100, oldest_first=True)]

    async def everything(self) -> str:
        """All that stands in the channel."""
        return "\n".join(texts(message) for message in await self.messages())

    async def state(self) -> LiveState:
        return (await self.asked()).round.state


async def play(server: Server, host: Any = None, place: Any = None, **options: Any) -> Played:
    """Start a round in a channel or thread and let the first question come."""
    host, place = host or server.ana, place or server.channel
    options = {"exam": "cpc", "questions": QUESTIONS, "seconds": SECONDS, **options}
    panel = (await host.slash(place, "quiz live", **options)).response
    round_ = await store.running(server.services.db, place.id)
    assert round_ is not None
    played = Played(server, host, place, panel, round_.id)
    await played.advance(STARTS_IN + 1)
    return played


async def test_a_round_is_played_to_its_end_by_three(server: Server) -> None:
    played = await play(server)
    assert "A live round starts" in await played.everything()
    for position in range(1, QUESTIONS + 1):
        asked = await played.asked()
        assert asked.position == position
        message = await played.message()
        assert asked.asked.item.stem in texts(message)
        assert all(option.rationale not in texts(message) for _, option in asked.asked.options)
        reply = await played.right(server.ana)
        assert reply.ephemeral
        assert "is noted. You can change it" in texts(reply)
        await played.wrong(server.ben)
        if position > 2:
            await played.right(server.cleo)
        await played.advance(SECONDS + 1)
        shown = texts(await server.message(server.channel.id, message.id))
        assert f"the key is {asked.asked.key}" in shown
        assert ("2 of 3 right" if position > 2 else "1 of 2 right") in shown
        assert f"ana\u2069 · {position} right" in shown
        await played.advance(BETWEEN)
    assert await played.state() is LiveState.OVER
    messages = await played.messages()
    result = texts(messages[-1])
    assert len(messages) == QUESTIONS + 2
    assert "5 questions asked · 3 played" in result
    assert result.index("ana") < result.index("cleo") < result.index("ben")
    assert "What to study next" in str(messages[-1].components[0].to_dict())
    own = texts((await server.ben.click(messages[-1], label="My result")).response)
    assert "0 of 5 right, 0 points" in own
    rows = await server.services.db.read("SELECT user_id, points FROM scores WHERE period = 0 ORDER BY user_id")
    assert {row["user_id"]: row["points"] > 0 for row in rows} == {
        server.ana.id: True,
        server.ben.id: False,
        server.cleo.id: True,
    }


async def test_only_the_last_choice_before_the_close_counts(server: Server) -> None:
    played = await play(server)
    await played.wrong(server.ben)
    await played.right(server.ben)
    await played.right(server.cleo)
    await played.wrong(server.cleo)
    await played.advance(SECONDS)
    rows = await server.services.db.read("SELECT user_id, correct FROM live_answers WHERE position = 1")
    assert {row["user_id"]: row["correct"] for row in rows} == {server.ben.id: 1, server.cleo.id: 0}
    stale = await server.left_over(button("A", f"live:pick:{played.id}:1:A@1"))
    late = (await server.ben.click(stale, label="A")).response
    assert "is over. Your answer" in texts(late)


async def test_the_count_is_shown_without_spoiling_and_again_after_a_restart(server: Server) -> None:
    played = await play(server)
    await played.right(server.ben)
    await played.advance(6)
    assert "1 answer so far" in texts(await played.message())
    await played.right(server.cleo)
    await server.restart()
    await played.advance(6)
    message = texts(await played.message())
    assert "2 answers so far" in message
    assert "key" not in message


async def test_a_round_survives_a_restart_at_any_moment(server: Server) -> None:
    played = await play(server)
    first = await played.message()
    await played.right(server.ana)
    await played.right(server.ben)
    await server.restart()  # in the middle of a question
    await played.wrong(server.ben)
    await played.advance(SECONDS + 1)
    assert "1 of 2 right" in texts(await server.message(server.channel.id, first.id))
    await server.restart()  # between a close and the next question
    await played.advance(BETWEEN)
    assert (await played.asked()).position == 2
    for _ in range(2, QUESTIONS + 1):
        await played.right(server.ana)
        await played.right(server.ben)
        await played.advance(SECONDS + 1)
        if (await played.asked()).round.state is LiveState.RUNNING:
            await played.advance(BETWEEN)
    assert await played.state() is LiveState.OVER
    await server.restart()  # before the result
    await played.advance(RESULT_IN + 1)
    messages = await played.messages()
    assert len(messages) == QUESTIONS + 2
    assert "5 questions asked · 2 played" in texts(messages[-1])
    assert "ana\u2069 (75 points) · 5 right" in texts(messages[-1]).replace("80", "75")
    assert "4 right" in texts(messages[-1])


async def test_pausing_stops_the_clock_and_loses_no_answer(server: Server) -> None:
    played = await play(server)
    await played.right(server.ben)
    await played.advance(10)
    text = await played.press("Pause")
    assert "paused" in text
    assert "its clock stopped" in text
    assert "paused: the clock is stopped" in texts(await played.message())
    await played.advance(600)
    reply = texts(await played.right(server.cleo))
    assert "the clock is stopped, and the question is still open" in reply
    await server.restart()
    assert "is running" in await played.press("Go on")
    assert (await played.asked()).closes_at is not None
    await played.advance(15)
    assert (await played.asked()).state is QuestionState.OPEN
    await played.advance(10)
    assert "2 of 2 right" in texts((await played.messages())[1])
    # Paused between two questions, the next one waits.
    await played.press("Pause")
    await played.advance(120)
    assert len(await played.messages()) == 2
    again = await server.left_over(button("Go on", f"live:host:go:{played.id}"))
    await played.press("Go on")
    await server.ana.click(again, label="Go on")
    await played.advance(AGAIN_IN + 1)
    assert len(await played.messages()) == 4


async def test_a_skipped_question_counts_for_nobody_and_is_skipped_once(server: Server) -> None:
    played = await play(server)
    message = await played.message()
    await played.right(server.ben)
    await played.press("Skip it")
    # The panel of before the press, as a second click would use it.
    again = await server.left_over(button("Skip it", f"live:host:skip:{played.id}"))
    await server.ana.click(again, label="Skip it")
    shown = texts(await server.message(server.channel.id, message.id))
    assert "skipped, it counts for nobody; the key is" in shown
    assert "right**" not in shown
    stale = await server.left_over(button("A", f"live:pick:{played.id}:1:A@1"))
    assert "counts for nobody" in texts((await server.cleo.click(stale, label="A")).response)
    await played.advance(BETWEEN + 1)
    assert (await played.asked()).position == 2
    assert await server.services.db.read("SELECT 1 AS one FROM attempts") == []


async def test_closing_now_judges_at_once_and_ending_shows_what_was_closed(server: Server) -> None:
    played = await play(server)
    await played.right(server.ben)
    await played.press("Close this question now")
    assert "1 of 1 right" in texts(await played.message(1))
    await played.advance(BETWEEN + 1)
    await played.right(server.ben)
    assert "The live round is over" in await played.press("End the round")
    await played.advance(RESULT_IN + 1)
    messages = await played.messages()
    assert "counts for nobody" in texts(messages[2])
    assert "1 question asked · 1 played" in texts(messages[-1])
    assert "The host ended it before" in texts(messages[-1])
    own = texts((await server.ben.click(messages[-1], label="My result")).response)
    assert "no points, since only you answered" in own
    again = await server.left_over(button("End", f"live:host:end:{played.id}"))
    assert "is over" in texts((await server.ana.click(again, label="End")).response)
    await played.advance(60)
    assert len(await played.messages()) == len(messages) + 1
    assert (await play(server)).id != played.id


async def test_only_the_host_and_managers_lead(server: Server) -> None:
    played = await play(server)
    running = (await server.ben.slash(server.channel, "quiz live")).response
    assert "A live round is being played here: https://discord.com/channels/" in texts(running)
    stray = await server.left_over(button("End", f"live:host:end:{played.id}"))
    assert "Only the host" in texts((await server.ben.click(stray, label="End")).response)
    server.forgive()
    assert await played.state() is LiveState.RUNNING
    panel = (await server.organiser.slash(server.channel, "quiz live")).response
    await server.organiser.click(panel, label="End the round")
    assert await played.state() is LiveState.OVER


async def test_a_host_who_erased_their_data_leaves_the_round_to_managers(server: Server) -> None:
    played = await play(server)
    await played.right(server.ana)
    await server.services.privacy.erase(server.ana.id)
    assert "Only the host" in texts((await server.ana.click(played.panel, label="Pause")).response)
    server.forgive()
    await played.advance(SECONDS + 1)
    assert "Nobody answered" in texts(await played.message(1))
    panel = (await server.organiser.slash(server.channel, "quiz live")).response
    await server.organiser.click(panel, label="End the round")
    assert await played.state() is LiveState.OVER


async def test_without_permission_nothing_starts_and_a_sentence_says_so(server: Server) -> None:
    server.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, message="Missing Permissions")
    reply = (await server.ana.slash(server.channel, "quiz live", exam="cpc", questions=5)).response
    assert "The bot can't post here (permission missing)" in texts(reply)
    server.forgive()
    assert await store.running(server.services.db, server.channel.id) is None
    await server.env.advance_time(STARTS_IN + 1)
    assert await server.services.db.read("SELECT 1 AS one FROM deliveries WHERE state < 2") == []
    played = await play(server)
    assert await played.state() is LiveState.RUNNING


async def test_a_channel_that_goes_away_ends_the_round_for_good(server: Server) -> None:
    played = await play(server)
    server.env.inject_error("*", "/channels/*/messages*", status=404, code=10003, message="Unknown Channel", times=None)
    await played.advance(SECONDS + 1)
    assert await played.state() is LiveState.OVER
    [row] = await server.services.db.read("SELECT fault FROM live_rounds")
    assert row["fault"] == "channel gone"
    calls = len(server.env.http_requests)
    await played.advance(3 * 3600)
    assert len(server.env.http_requests) == calls
    assert await server.services.db.read("SELECT 1 AS one FROM deliveries WHERE state < 2") == []


async def test_nobody_who_hides_is_named_in_public(server: Server) -> None:
    await server.services.privacy.set_visibility(server.ana.id, Visibility.HIDDEN)
    played = await play(server)
    for _ in range(QUESTIONS):
        await played.right(server.ana)
        await played.wrong(server.ben)
        await played.advance(SECONDS + 1)
        await played.advance(BETWEEN)
    told = await played.everything()
    assert "ben\u2069" in told
    assert "ana\u2069" not in told
    assert str(server.ana.id) not in told
    assert "and 1 who prefer not to be named" in told
    assert "5 questions asked · 2 played" in told
    own = (await server.ana.click((await played.messages())[-1], label="My result")).response
    assert "5 of 5 right" in texts(own)


async def test_a_closed_question_is_explained_and_can_be_reported(server: Server) -> None:
    await server.set_up()
    played = await play(server)
    await played.right(server.ben)
    await played.advance(SECONDS + 1)
    page = (await server.ben.click(await played.message(1), label="Every option explained")).response
    asked = await server.services.live.question(played.id, 1)
    assert page.ephemeral
    assert all(option.rationale in texts(page) for _, option in asked.asked.options)
    form = (await server.ben.click(page, label="Report")).response
    done = await server.ben.select(form, ["0"], custom_id=f"live:reason:{played.id}:1")
    assert "organisers of this server are told" in texts(done.response or form)


async def test_too_few_questions_and_unknown_areas_are_told_in_a_sentence(server: Server) -> None:
    reply = (await server.ana.slash(server.channel, "quiz live", exam="cpc", area="beta", questions=5)).response
    assert "Only 4 questions can be asked for that" in texts(reply)
    reply = (await server.ana.slash(server.channel, "quiz live", exam="cpc", area="nowhere")).response
    assert "has no area “nowhere”" in texts(reply)
    server.forgive()
    found = await server.ana.autocomplete(server.channel, "quiz live", "area", "be", exam="cpc")
    assert [choice["value"] for choice in found] == ["beta"]
    assert await store.running(server.services.db, server.channel.id) is None


async def test_a_round_is_played_in_a_thread(server: Server) -> None:
    opening = await server.left_over(button("Owls", "nothing"))
    with server.env.time_context():
        await opening.create_thread(name="Owls")
    [thread] = server.channel.threads
    played = await play(server, place=thread)
    await played.right(server.ben)
    await played.advance(SECONDS + 1)
    assert "1 of 1 right" in texts(await played.message(1))
