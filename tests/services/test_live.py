"""Live rounds as a guild plays them, with the delivery loop running: faults, outages, ends."""

from typing import Any

import pytest

from bot.app import Services
from bot.core.deliveries import Kind, Retry, Undeliverable
from bot.core.errors import AreaUnknown, ExamUnknown
from bot.core.live import BETWEEN, GOES_ON_WITHIN, OUTAGE, PAUSED_AT_MOST, RESULT_IN, STARTS_IN, LiveQuestion, LiveState
from bot.core.live_errors import LiveNotAsked, LiveNotHost, LiveRunning, LiveTooFew, LiveUnknown
from bot.core.people import Person
from bot.services.live import Result
from bot.services.live_hosting import Control
from bot.services.live_starting import Wish
from bot.storage import daily, learners, live
from bot.storage.database import sql
from tests.samples import START
from tests.services.conftest import World
from tests.services.couriers import Scripted
from tests.services.guild import CHANNEL, GUILD, at

HOST, QUESTIONS, SECONDS = 88, 5, 30
THREAD = 21


def wish(**changes: Any) -> Wish:
    chosen: dict[str, Any] = {"exam": "cpc", "questions": QUESTIONS, "seconds": SECONDS, **changes}
    return Wish(**{"guild_id": GUILD, "channel_id": CHANNEL, "host_id": HOST, **chosen})


@pytest.fixture
async def live_id(world: World, services: Services) -> int:
    """A round whose first question is out."""
    started = await services.live.starting.start(wish())
    await world.advance(seconds=STARTS_IN)
    return started.round.id


async def current(services: Services, live_id: int) -> LiveQuestion:
    found = await live.current(services.db, live_id)
    assert found is not None
    return found


async def open_deliveries(services: Services) -> list[str]:
    rows = await services.db.read("SELECT kind FROM deliveries WHERE state < 2 AND kind LIKE 'live%' ORDER BY id")
    return [row["kind"] for row in rows]


def result_of(courier: Scripted) -> Result:
    [result] = [content for content in courier.content.values() if isinstance(content, Result)]
    return result


async def test_every_question_comes_once_and_then_the_result(
    world: World, services: Services, courier: Scripted, live_id: int
) -> None:
    for _ in range(QUESTIONS):
        asked = await current(services, live_id)
        assert asked.closes_at == world.now + SECONDS
        for user_id in (1, 2):
            key = asked.asked.key
            await services.live.answer(live_id, asked.position, user_id, key if user_id == 1 else "ABCDE"[: len(key)])
        await world.advance(seconds=SECONDS)
        await world.advance(seconds=BETWEEN)
    result = result_of(courier)
    assert (result.asked, result.standings.players, result.round.state) == (QUESTIONS, 2, LiveState.OVER)
    kinds = courier.kinds()
    assert (kinds.count(Kind.LIVE_QUESTION), kinds.count(Kind.LIVE_RESULT)) == (QUESTIONS, 1)
    assert await open_deliveries(services) == []
    own = await services.live.own_result(live_id, 1)
    assert [line.answer and line.answer.correct for line in own.lines] == [True] * QUESTIONS
    assert own.study == ()


async def test_a_question_that_may_have_arrived_is_found_and_asked_once(
    world: World, services: Services, courier: Scripted
) -> None:
    courier.script[GUILD] = [("lost", Retry("connection lost", unsure=True))]
    started = await services.live.starting.start(wish())
    await world.advance(seconds=STARTS_IN)
    asked = await current(services, started.round.id)
    assert asked.message_id is None
    # It stands in the channel, so that people answer it.
    assert (await services.live.answer(started.round.id, 1, 5, asked.asked.key)).taken
    await world.advance(seconds=15)
    asked = await current(services, started.round.id)
    assert asked.message_id == 1
    assert asked.closes_at == world.now + SECONDS
    assert len(courier.channel) == 1


async def test_an_outage_that_is_too_long_ends_the_round_with_what_was_closed(
    world: World, services: Services, courier: Scripted, live_id: int
) -> None:
    first = await current(services, live_id)
    await services.live.answer(live_id, 1, 7, first.asked.key)
    # The process was away: the close falls due, and nobody is left to ask the next question.
    await world.advance(seconds=SECONDS + GOES_ON_WITHIN + 1)
    await world.advance(seconds=RESULT_IN)
    result = result_of(courier)
    assert (result.round.fault, result.asked) == (OUTAGE, 1)
    own = await services.live.own_result(live_id, 7)
    assert [line.answer and line.answer.correct for line in own.lines] == [True]
    assert courier.kinds().count(Kind.LIVE_QUESTION) == 1


async def test_a_question_that_never_got_through_ends_the_round(
    world: World, services: Services, courier: Scripted
) -> None:
    courier.script[GUILD] = [Retry("Discord unavailable", unsure=False)] * 50
    started = await services.live.starting.start(wish())
    await world.advance(seconds=STARTS_IN)
    for _ in range(40):
        await world.advance(seconds=30)
    courier.script[GUILD] = []
    for _ in range(30):
        await world.advance(seconds=60)
    round_ = await services.live.round(started.round.id)
    assert (round_.state, round_.fault) == (LiveState.OVER, OUTAGE)
    assert result_of(courier).asked == 0


@pytest.mark.parametrize("reason", ["channel gone", "permission missing", "server gone"])
async def test_a_channel_that_is_lost_ends_the_round_and_nothing_tries_again(
    world: World, services: Services, courier: Scripted, live_id: int, reason: str
) -> None:
    asked = await current(services, live_id)
    await services.live.answer(live_id, 1, 7, asked.asked.key)
    courier.script[GUILD] = [Undeliverable(reason)] * 9
    await world.advance(seconds=SECONDS)
    attempts = len(courier.attempts)
    await world.advance(days=2)
    assert len(courier.attempts) == attempts
    assert await open_deliveries(services) == []
    round_ = await services.live.round(live_id)
    assert (round_.state, round_.fault) == (LiveState.OVER, reason)
    # What was acknowledged is judged all the same.
    own = await services.live.own_result(live_id, 7)
    assert [line.answer and line.answer.correct for line in own.lines] == [True]


async def test_a_question_whose_message_was_deleted_is_no_reason_to_end(
    world: World, services: Services, courier: Scripted, live_id: int
) -> None:
    courier.script[GUILD] = [Undeliverable("message gone")]
    await world.advance(seconds=SECONDS)
    await world.advance(seconds=BETWEEN)
    asked = await current(services, live_id)
    assert (asked.position, asked.round.state) == (2, LiveState.RUNNING)


async def test_a_round_forgotten_in_a_pause_ends_and_says_so(
    world: World, services: Services, courier: Scripted, live_id: int
) -> None:
    await services.live.hosting.control(live_id, Person(HOST), Control.PAUSE)
    await world.advance(seconds=PAUSED_AT_MOST)
    assert result_of(courier).round.fault == "paused too long"
    await world.advance(seconds=1)
    assert await open_deliveries(services) == []


async def test_a_pause_that_ended_is_not_counted_against_a_later_one(
    world: World, services: Services, courier: Scripted, live_id: int
) -> None:
    host = Person(HOST)
    await services.live.hosting.control(live_id, host, Control.PAUSE)
    await world.advance(seconds=PAUSED_AT_MOST - 10)
    await services.live.hosting.control(live_id, host, Control.GO_ON)
    await world.advance(seconds=5)
    await services.live.hosting.control(live_id, host, Control.PAUSE)
    await world.advance(seconds=60)
    assert (await services.live.round(live_id)).state is LiveState.PAUSED
    await world.advance(seconds=PAUSED_AT_MOST)
    assert (await services.live.round(live_id)).state is LiveState.OVER


async def test_one_round_for_each_channel_and_only_its_host_leads(
    world: World, services: Services, live_id: int
) -> None:
    with pytest.raises(LiveRunning, match=f"{GUILD}/{CHANNEL}/1"):
        await services.live.starting.start(wish(host_id=5))
    assert (await services.live.starting.start(wish(channel_id=CHANNEL + 1))).round.id != live_id
    with pytest.raises(LiveNotHost):
        await services.live.hosting.control(live_id, Person(5), Control.END)
    await services.live.hosting.control(live_id, Person(5, organiser=True), Control.END)
    assert (await services.live.round(live_id)).state is LiveState.OVER
    with pytest.raises(LiveUnknown):
        await services.live.hosting.control(999, Person(5, organiser=True), Control.END)


async def test_what_can_not_be_asked_is_refused_in_a_sentence(world: World, services: Services) -> None:
    with pytest.raises(LiveTooFew, match="Only 12 questions"):
        await services.live.starting.start(wish(questions=13))
    with pytest.raises(ExamUnknown):
        await services.live.starting.start(wish(exam="nothing like it"))
    with pytest.raises(AreaUnknown):
        await services.live.starting.start(wish(area="delta"))
    started = await services.live.starting.start(wish(exam="", area="Alpha", questions=4))
    assert started.area is not None
    with pytest.raises(LiveNotAsked):
        await services.live.answer(started.round.id, 4, 1, "A")
    with pytest.raises(LiveNotAsked):
        await services.live.explained(started.round.id, 1, 1)


async def test_the_open_daily_question_and_withdrawn_items_stay_out_and_seen_ones_come_last(
    world: World, services: Services, guild: None
) -> None:
    await world.to(at(3, 2))
    [of_today] = await daily.latest_rounds(services.db, GUILD, 1)
    await services.db.write(
        sql("INSERT INTO withdrawals (guild_id, item_id, withdrawn_at) VALUES ($1, $2, 1)", GUILD, "item-10")
    )
    asked: list[set[str]] = []
    for _ in range(2):
        started = await services.live.starting.start(wish())
        questions = await live.questions(services.db, started.round.id)
        asked.append({question.asked.item.id for question in questions})
        for position in range(1, QUESTIONS + 1):
            await world.advance(seconds=STARTS_IN if position == 1 else BETWEEN)
            await world.advance(seconds=SECONDS)
        await world.advance(seconds=RESULT_IN)
    assert not asked[0] & asked[1]
    assert not (asked[0] | asked[1]) & {of_today.item.id, "item-10"}


async def test_a_thread_of_a_study_group_is_its_groups(world: World, services: Services) -> None:
    await services.db.write(
        sql(
            "INSERT INTO study_groups (guild_id, name, name_key, exam, joining, state, channel_id, thread_id, created_at)"
            " VALUES ($1, 'Owls', 'owls', 'cpc', 'open', 1, $2, $3, $4)",
            GUILD, CHANNEL, THREAD, START,
        )
    )  # fmt: skip
    for channel_id in (THREAD, CHANNEL):
        await services.live.starting.start(wish(channel_id=channel_id, exam=""))
    rows = await services.db.read("SELECT channel_id, group_id FROM live_rounds")
    assert {row["channel_id"]: row["group_id"] > 0 for row in rows} == {THREAD: True, CHANNEL: False}


async def test_who_is_hidden_or_unknown_stands_in_no_list(
    world: World, services: Services, courier: Scripted, live_id: int
) -> None:
    await services.db.write(learners.remember_name(GUILD, 1, "Ann"))
    asked = await current(services, live_id)
    for user_id in (1, 2):
        await services.live.answer(live_id, 1, user_id, asked.asked.key)
    await world.advance(seconds=SECONDS)
    closed = await services.live.closed(live_id, 1)
    assert [player.name for rank in closed.standings.ranks for player in rank.players] == ["Ann"]
    assert (closed.standings.unnamed, closed.outcome.correct) == (1, 2)
