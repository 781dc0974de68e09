"""Rounds and answers: what the constraints promise when many write at once."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from bot.core.daily import Answer, Round, RoundState
from bot.core.streaks import Streak
from bot.storage import daily, daily_answers
from bot.storage.database import Database, connect
from tests.samples import START, make_item
from tests.storage.rounds import DAY, GUILD, SEED, opened, posted

LEARNER = 77


async def answer(
    db: Database,
    round_: Round,
    chosen: str = "B",
    *,
    user: int = LEARNER,
    now: int = START,
    streak: Streak | None = None,
) -> tuple[Answer | None, bool]:
    streak = streak or Streak(round_.number, 1, 1, 0)
    correct = chosen == round_.key
    return await daily_answers.answer(
        db, round_, user, chosen, correct=correct, points=15 * correct, streak=streak, now=now
    )  # fmt: skip


async def reread(db: Database, round_: Round) -> Round:
    found = await daily.round_by_id(db, round_.id)
    assert found is not None
    return found


async def test_processes_that_race_open_one_round(db: Database, database_url: str) -> None:
    other = await connect(database_url)
    rounds = await asyncio.gather(*(opened((db, other)[i % 2], item=make_item(f"i{i}")) for i in range(12)))
    await other.close()
    assert len({round_.id for round_ in rounds}) == 1
    assert {(round_.number, round_.item.id, round_.seed) for round_ in rounds} == {(1, rounds[0].item.id, SEED)}


async def test_rounds_are_numbered_in_each_guild(db: Database) -> None:
    for i in range(3):
        assert (await opened(db, day=DAY + timedelta(days=i))).number == i + 1
    assert (await opened(db, guild=GUILD + 1)).number == 1


async def test_fifty_clicks_at_once_leave_one_attempt_and_all_are_shown_the_same(db: Database) -> None:
    round_ = await posted(db)
    choices = [Random(i).choice("ABCD") for i in range(50)]
    results = await asyncio.gather(*(answer(db, round_, chosen) for chosen in choices))
    assert sum(new for _, new in results) == 1
    assert len({standing for standing, _ in results}) == 1
    [row] = await db.read("SELECT COUNT(*) AS n, SUM(points) AS points FROM answers")
    assert (row["n"], row["points"]) == (1, results[0][0].points if results[0][0] else None)


@pytest.mark.parametrize(("state", "now", "late"), [(1, -1, False), (1, 0, True), (2, -1, True), (2, 99, True)])
async def test_late_begins_at_the_reveals_time_or_with_the_reveal_itself(
    db: Database, state: int, now: int, late: bool
) -> None:
    round_ = await posted(db, reveal_at=START)
    if state == 2:
        await db.write(daily.revealed(round_.id, threaded=True))
    standing, new = await answer(db, round_, now=START + now)
    assert standing is not None
    assert (new, standing.late, standing.points) == (True, late, 0 if late else 15)
    assert standing.correct
    assert (await daily_answers.streak(db, GUILD, LEARNER)).number == (0 if late else 1)
    assert await daily_answers.totals(db, GUILD, LEARNER) == ((0, 0, 0) if late else (15, 1, 1))
    assert await daily_answers.answer_count(db, round_.id) == (not late)


async def test_before_the_post_is_recorded_an_answer_is_in_time(db: Database) -> None:
    standing, _ = await answer(db, await opened(db), now=START + 10**6)
    assert standing is not None
    assert not standing.late


async def test_a_round_taken_back_takes_no_answer(db: Database) -> None:
    round_ = await opened(db)
    await db.write(daily.void(GUILD, DAY))
    assert await answer(db, round_) == (None, False)
    assert (await daily_answers.streak(db, GUILD, LEARNER)) == Streak()


async def test_a_streak_only_moves_forward(db: Database) -> None:
    rounds = [await posted(db, day=DAY + timedelta(days=i)) for i in range(3)]
    await answer(db, rounds[2], streak=Streak(3, 8, 9, 1))
    await answer(db, rounds[0], streak=Streak(1, 1, 1, 0))
    assert await daily_answers.streak(db, GUILD, LEARNER) == Streak(3, 8, 9, 1)
    await answer(db, rounds[2], streak=Streak(3, 99, 99, 2))
    assert await daily_answers.streak(db, GUILD, LEARNER) == Streak(3, 8, 9, 1)


async def test_a_round_is_taken_back_if_nobody_saw_it_and_over_if_somebody_answered(db: Database) -> None:
    unseen, answered, out = [await opened(db, day=DAY + timedelta(days=i)) for i in range(3)]
    await answer(db, answered)
    await db.write(daily.posted(out.id, 30, START + 9))
    await db.write(*(daily.void(GUILD, DAY + timedelta(days=i)) for i in range(3)))
    states = [(await reread(db, round_)).state for round_ in (unseen, answered, out)]
    assert states == [RoundState.VOID, RoundState.REVEALED, RoundState.OPEN]
    assert [round_.number for round_ in await daily.latest_rounds(db, GUILD, 9)] == [3, 2]
    assert await daily.history(db, GUILD) == ["x", "x"]


async def test_a_void_round_is_neither_posted_nor_revealed_any_more(db: Database) -> None:
    round_ = await opened(db)
    await db.write(daily.void(GUILD, DAY), daily.posted(round_.id, 30, START), daily.revealed(round_.id, threaded=True))
    found = await reread(db, round_)
    assert (found.state, found.message_id) == (RoundState.VOID, None)


async def test_misses_are_the_rounds_over_with_what_each_allowed(db: Database) -> None:
    for i, freezes in enumerate([True, False, True, True, False, True]):
        await posted(db, day=DAY + timedelta(days=i), reveal_at=START + i, freezes=freezes)
    await db.write(daily.revealed(3, threaded=True))
    assert await daily_answers.missed_since(db, GUILD, 1, None, START + 1) == [False, True]
    assert await daily_answers.missed_since(db, GUILD, 1, None, START + 99) == [False, True, True]
    assert await daily_answers.missed_since(db, GUILD, 3, 6, START) == [True, False]


async def test_a_round_that_was_taken_back_is_not_missed(db: Database) -> None:
    await posted(db)
    await opened(db, day=DAY + timedelta(days=1))
    await db.write(daily.void(GUILD, DAY + timedelta(days=1)))
    await posted(db, day=DAY + timedelta(days=2))
    assert await daily_answers.missed_since(db, GUILD, 1, 3, START + 10**7) == []


async def test_the_distribution_counts_letters_of_answers_in_time(db: Database) -> None:
    round_ = await posted(db, reveal_at=START + 10)
    for user, chosen in enumerate(["B", "B", "A", "AD"]):
        await answer(db, round_, chosen, user=user)
    await answer(db, round_, "C", user=9, now=START + 10)
    outcome = await daily_answers.distribution(db, round_)
    assert (outcome.choices, outcome.total, outcome.correct) == ({"A": 2, "B": 2, "C": 0, "D": 1}, 4, 2)


async def test_answers_of_a_page_of_rounds_come_by_round(db: Database) -> None:
    rounds = [await posted(db, day=DAY + timedelta(days=i)) for i in range(3)]
    await answer(db, rounds[0])
    await answer(db, rounds[2], "A")
    await answer(db, rounds[1], user=8)
    found = await daily_answers.answers_of(db, [round_.id for round_ in rounds], LEARNER)
    assert {round_id: standing.chosen for round_id, standing in found.items()} == {rounds[0].id: "B", rounds[2].id: "A"}
    assert await daily_answers.answers_of(db, [], LEARNER) == {}


async def test_a_post_whose_count_fell_behind_is_found(db: Database) -> None:
    round_, quiet = await posted(db), await posted(db, guild=GUILD + 1)
    await answer(db, round_)
    assert await daily.untallied(db) == [round_.id]
    await db.write(daily.shown(round_.id, 1))
    assert await daily.untallied(db) == []
    await answer(db, quiet, now=quiet.reveal_at or 0)
    assert await daily.untallied(db) == []


async def test_a_round_keeps_the_item_as_it_was_shown(db: Database) -> None:
    before = make_item("x", right=(1,))
    first = await opened(db, item=before)
    edited = replace(before, version=2, stem="Another wording?")
    second = await opened(db, day=date(2026, 3, 3), item=edited)
    assert (await reread(db, first)).item == before
    assert (await reread(db, second)).item == edited


async def test_a_reveal_moves_for_that_open_round_alone(db: Database) -> None:
    over, out = await posted(db), await posted(db, day=DAY + timedelta(days=1))
    unsent, elsewhere = await opened(db, day=DAY + timedelta(days=2)), await posted(db, guild=GUILD + 1)
    await db.write(daily.revealed(over.id, threaded=True))
    await db.write(daily.move_reveal(out.id, START + 5), daily.move_reveal(over.id, START + 5))
    found = [(await reread(db, round_)).reveal_at for round_ in (over, out, unsent, elsewhere)]
    assert found == [START + 86400, START + 5, None, START + 86400]
