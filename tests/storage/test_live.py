"""Live rounds in the database: what constraints and gates promise when many press at once."""

import asyncio

from bot.core.live import FORGOTTEN, PAUSED_AT_MOST, LiveState, QuestionState
from bot.storage import live, scores
from bot.storage import live_course as course
from bot.storage.database import Database, connect
from bot.storage.database.migrate import migrate
from bot.storage.database.postgres import Postgres
from tests.samples import START
from tests.storage.lives import CHANNEL, HOST, SECONDS, begun, out
from tests.storage.rounds import DAY, GUILD

WAITING = "SELECT 1 AS one FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def started(db: Database) -> int:
    round_ = await begun(db)
    assert round_ is not None
    return round_.id


async def close(db: Database, live_id: int, position: int, now: int, mark: int = 1) -> None:
    asked = await live.question(db, live_id, position)
    assert asked is not None
    attempts = scores.live_attempts(
        GUILD, asked.asked.item.id, live_id, position, 15, scores.When(DAY, mark, now)
    )  # fmt: skip
    await db.write(*course.close(live_id, position, asked.asked.key, now, attempts))


async def owed(db: Database) -> list[tuple[str, str, int]]:
    rows = await db.read("SELECT kind, subject, due_at FROM deliveries WHERE state = 0 ORDER BY id")
    return [(row["kind"], row["subject"], row["due_at"]) for row in rows]


async def test_of_two_who_start_at_once_one_does(db: Database) -> None:
    found = await asyncio.gather(*(begun(db, host=host) for host in (1, 2, 3)))
    [round_] = [one for one in found if one is not None]
    assert (round_.length, round_.state, round_.position) == (3, LiveState.RUNNING, 1)
    assert len(await live.questions(db, round_.id)) == 3
    assert await owed(db) == [("live_question", f"{round_.id}:1", START)]
    # Elsewhere, and here once it is over, another may.
    assert await begun(db, channel=CHANNEL + 1) is not None
    await db.write(*course.end(round_.id, START))
    assert await begun(db) is not None


async def test_no_answer_is_stored_before_the_question_opens_or_after_its_time(db: Database) -> None:
    live_id = await started(db)
    assert not await live.answer(db, live_id, 1, 7, "A", START)
    await out(db, live_id)
    assert await live.answer(db, live_id, 1, 7, "A", START + SECONDS - 1)
    assert not await live.answer(db, live_id, 1, 7, "B", START + SECONDS)
    assert not await live.answer(db, live_id, 2, 7, "B", START)
    own = await live.answer_of(db, live_id, 1, 7)
    assert own is not None
    assert own.chosen == "A"


async def test_answers_that_race_the_close_are_judged_or_refused(db: Database) -> None:
    live_id = await started(db)
    await out(db, live_id)

    async def answer(user_id: int) -> bool:
        # Their clock is a moment behind that of the close.
        return await live.answer(db, live_id, 1, user_id, "ABCD"[user_id % 4], START + SECONDS - 1)

    first = [asyncio.create_task(answer(user_id)) for user_id in range(1, 30)]
    closing = asyncio.create_task(close(db, live_id, 1, START + SECONDS))
    then = [asyncio.create_task(answer(user_id)) for user_id in range(30, 60)]
    taken = await asyncio.gather(*first, *then)
    await closing
    rows = await db.read("SELECT user_id, chosen, correct FROM live_answers")
    asked = await live.question(db, live_id, 1)
    assert asked is not None
    assert {row["user_id"] for row in rows} == {user_id for user_id, stood in enumerate(taken, 1) if stood}
    assert all(row["correct"] == (row["chosen"] == asked.asked.key) for row in rows)
    counted = await db.read("SELECT user_id FROM attempts")
    assert len(counted) == len(rows)


async def test_a_close_waits_for_answers_that_are_being_stored(postgres_url: str) -> None:
    # SQLite has one writer, where that goes without saying.
    db = await connect(postgres_url)
    assert isinstance(db, Postgres)
    await migrate(db)
    live_id = await started(db)
    await out(db, live_id)
    async with db.pool.acquire() as connection, connection.transaction():
        storing = live.answering(db, live_id, 1, 7, "A", START + SECONDS - 1)
        assert await connection.fetch(storing.sql, *storing.args)
        closing = asyncio.create_task(close(db, live_id, 1, START + SECONDS))
        while not closing.done() and not await db.read(WAITING):
            pass
    await closing
    own = await live.answer_of(db, live_id, 1, 7)
    assert own is not None
    assert own.correct is not None
    await db.close()


async def test_a_question_is_judged_once(db: Database) -> None:
    live_id = await started(db)
    await out(db, live_id)
    await close(db, live_id, 1, START + SECONDS - 1)
    asked = await live.question(db, live_id, 1)
    assert asked is not None
    assert asked.state is QuestionState.OPEN
    for user_id in (7, 8):
        await live.answer(db, live_id, 1, user_id, asked.asked.key, START)
    await asyncio.gather(*(close(db, live_id, 1, START + SECONDS, mark) for mark in (1, 2)))
    await close(db, live_id, 1, START + SECONDS + 5, 3)
    rows = await db.read("SELECT points, answers FROM scores WHERE period = 0")
    assert [(row["points"], row["answers"]) for row in rows] == [(15, 1), (15, 1)]
    assert await live.scoreboard(db, live_id) in ([(7, 1, 15), (8, 1, 15)], [(8, 1, 15), (7, 1, 15)])


async def test_alone_there_are_no_points_and_an_item_counts_once_a_season(db: Database) -> None:
    for number in (1, 2):
        live_id = await started(db)
        await out(db, live_id)
        asked = await live.question(db, live_id, 1)
        assert asked is not None
        for user_id in range(7, 7 + number):
            await live.answer(db, live_id, 1, user_id, asked.asked.key, START)
        await close(db, live_id, 1, START + SECONDS, number)
        await db.write(*course.end(live_id, START + SECONDS))
    rows = await db.read("SELECT user_id, points FROM scores WHERE period = 0 ORDER BY user_id")
    assert [(row["user_id"], row["points"]) for row in rows] == [(7, 0), (8, 15)]


async def test_a_pause_keeps_the_seconds_left_and_repeats_change_nothing(db: Database) -> None:
    live_id = await started(db)
    await out(db, live_id)
    for now in (START + 10, START + 15):
        await db.write(*course.pause(live_id, now))
    assert await live.answer(db, live_id, 1, 7, "A", START + 900)
    for now in (START + 1000, START + 1007):
        await db.write(*course.go_on(live_id, now))
    asked = await live.question(db, live_id, 1)
    assert asked is not None
    assert (asked.closes_at, asked.remaining, asked.round.state) == (START + 1020, None, LiveState.RUNNING)
    assert ("live_close", f"{live_id}:1", START + 1020) in await owed(db)


async def test_time_that_is_over_can_be_neither_skipped_nor_paused_nor_ended_away(db: Database) -> None:
    live_id = await started(db)
    await out(db, live_id)
    await live.answer(db, live_id, 1, 7, "A", START)
    for step in (course.skip, course.pause, course.end):
        await db.write(*step(live_id, START + SECONDS))
    await close(db, live_id, 1, START + SECONDS)
    asked = await live.question(db, live_id, 1)
    own = await live.answer_of(db, live_id, 1, 7)
    assert asked is not None
    assert own is not None
    assert asked.state is QuestionState.CLOSED
    assert own.correct is not None


async def test_a_round_forgotten_in_a_pause_ends(db: Database) -> None:
    live_id = await started(db)
    await out(db, live_id)
    await db.write(*course.pause(live_id, START + 10))
    assert ("live_result", str(live_id), START + 10 + PAUSED_AT_MOST) in await owed(db)
    await db.write(*course.forget(live_id, START + 9 + PAUSED_AT_MOST))
    round_ = await live.round_by_id(db, live_id)
    assert round_ is not None
    assert round_.state is LiveState.PAUSED
    await db.write(*course.forget(live_id, START + 10 + PAUSED_AT_MOST))
    asked = await live.current(db, live_id)
    assert asked is not None
    assert (asked.round.state, asked.round.fault, asked.state) == (LiveState.OVER, FORGOTTEN, QuestionState.VOID)
    assert asked.round.host_id == HOST
