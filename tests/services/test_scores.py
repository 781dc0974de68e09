"""Scores kept beside the answers are what the answers come to, whatever happened and in whatever order."""

import asyncio
from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import Services, build_services
from bot.core.content import Content, Difficulty
from bot.core.privacy import Visibility
from bot.core.scores import ANSWERS_AT_LEAST, POINTS, PRACTICE_AT_MOST, accuracy, accuracy_sql, points
from bot.storage import audit, daily, flags, scores
from bot.storage.database import Database, connect, sql
from bot.storage.database.migrate import migrate
from tests.samples import START, Clock, make_item, sample_content

FIRST = date(2026, 3, 28)
"""Two days before a week ends and four before a month does."""
LEARNERS = (1, 2, 3)
ITEMS = tuple(make_item(f"item-{i}", difficulty=difficulty) for i, difficulty in enumerate(POINTS))

learner = st.sampled_from(LEARNERS)
day = st.integers(0, 5)
item = st.integers(0, len(ITEMS) - 1)
step = st.one_of(
    st.tuples(st.just("daily"), learner, day, st.booleans()),
    st.tuples(st.just("again"), learner, day, st.booleans()),
    st.tuples(st.just("late"), learner, day, st.booleans()),
    st.tuples(st.just("quiz"), learner, item, st.booleans()),
    st.tuples(st.just("live"), st.sets(learner, min_size=1), item, st.booleans()),
    st.tuples(st.just("join"), learner, st.integers(1, 2)),
    st.tuples(st.just("leave"), learner, st.integers(1, 2)),
    st.tuples(st.just("withdraw"), item),
    st.tuples(st.just("keep"), item),
    st.tuples(st.just("hide"), learner),
    st.tuples(st.just("show"), learner),
    st.tuples(st.just("erase"), learner),
    st.tuples(st.just("wait"), st.integers(0, 200_000)),
)


class Play:
    """A guild of its own in which things happen; its learners are no other guild's."""

    def __init__(self, services: Services, clock: Clock, number: int) -> None:
        self.services, self.db, self.clock = services, services.db, clock
        self.guild = number
        self.mark = number * 1_000_000

    def user(self, learner: int) -> int:
        return self.guild * 1000 + learner

    def when(self) -> scores.When:
        self.mark += 1
        now = int(self.clock())
        return scores.When(FIRST + timedelta(days=(now - START) // 86_400), self.mark, now)

    async def do(self, what: str, *args: object) -> None:
        await getattr(self, what)(*args)

    async def daily(self, learner: int, on: int, right: bool, late: bool = False) -> None:
        day, shown = FIRST + timedelta(days=on), ITEMS[on % len(ITEMS)]
        await self.db.write(
            *daily.open_round(self.guild, day, shown, 7, channel_id=20, freezes=True, delivery_id=1),
            sql("UPDATE rounds SET message_id = 30, reveal_at = $2 WHERE guild_id = $1", self.guild, START * 2),
        )
        round_ = await daily.round_by_date(self.db, self.guild, day)
        assert round_ is not None
        if late:
            await self.db.write(daily.revealed(round_.id, threaded=False))
        wrong = next(letter for letter in "ABCD" if letter not in round_.key)
        await self.services.daily.answer(round_.id, self.user(learner), round_.key if right else wrong)

    async def again(self, learner: int, on: int, right: bool) -> None:
        await asyncio.gather(*(self.daily(learner, on, right) for _ in range(2)))

    async def late(self, learner: int, on: int, right: bool) -> None:
        await self.daily(learner, on, right, late=True)

    async def quiz(self, learner: int, number: int, right: bool) -> None:
        shown, user, when = ITEMS[number], self.user(learner), self.when()
        await self.keep_item(number)
        [[session]] = await self.db.write(
            sql(
                "INSERT INTO sessions (user_id, guild_id, state, exam, area, topic, difficulty, length, started_at, touched_at)"
                " VALUES ($1, $2, 2, 'cpc', '', '', '', 5, $3, $3) RETURNING id", user, self.guild, when.at,
            )
        )  # fmt: skip
        await self.db.write(
            sql(
                "INSERT INTO session_items (session_id, position, user_id, item_id, digest, seed, chosen, correct, answered_at)"
                " VALUES ($1, 1, $2, $3, $4, 7, 'A', $5, $6)",
                session["id"], user, shown.id, shown.digest, int(right), when.at,
            ),
            *scores.quiz_attempt(self.guild, user, shown.id, session["id"], 1, POINTS[shown.difficulty], when),
        )  # fmt: skip

    async def live(self, learners: set[int], number: int, right: bool) -> None:
        shown, when = ITEMS[number], self.when()
        await self.keep_item(number)
        answers = [
            sql(
                "INSERT INTO live_answers (live_id, position, user_id, chosen, correct, answered_at)"
                " VALUES ($1, 1, $2, 'A', $3, $4)", self.mark, self.user(learner), int(right), when.at,
            )
            for learner in learners
        ]  # fmt: skip
        await self.db.write(
            *answers, *scores.live_attempts(self.guild, shown.id, self.mark, 1, POINTS[shown.difficulty], when)
        )

    async def keep_item(self, number: int) -> None:
        shown = ITEMS[number]
        await self.db.write(
            sql(
                "INSERT INTO items_shown (digest, item_id, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                shown.digest, shown.id, shown.body,
            )
        )  # fmt: skip

    async def join(self, learner: int, number: int) -> None:
        group, user, now = self.guild * 10 + number, self.user(learner), int(self.clock())
        await self.db.write(
            sql(
                "INSERT INTO study_groups (id, guild_id, name, name_key, joining, state, channel_id, created_at)"
                " VALUES ($1, $2, $3, $3, 'open', 1, 20, $4) ON CONFLICT DO NOTHING", group, self.guild, f"g{group}", now,
            ),
            sql(
                "INSERT INTO group_members (group_id, user_id, guild_id, owner, joined_at) VALUES ($1, $2, $3, 0, $4)"
                " ON CONFLICT DO NOTHING", group, user, self.guild, now,
            ),
            *scores.recount_member(self.guild, group, user),
        )  # fmt: skip

    async def leave(self, learner: int, number: int) -> None:
        group, user = self.guild * 10 + number, self.user(learner)
        await self.db.write(
            sql("DELETE FROM group_members WHERE group_id = $1 AND user_id = $2", group, user),
            *scores.recount_member(self.guild, group, user),
        )

    async def withdraw(self, number: int) -> None:
        await self.services.flags.decide(self.guild, ITEMS[number].id, 99, keep=False)

    async def keep(self, number: int) -> None:
        await self.services.flags.decide(self.guild, ITEMS[number].id, 99, keep=True)

    async def hide(self, learner: int) -> None:
        await self.services.privacy.set_visibility(self.user(learner), Visibility.HIDDEN)

    async def show(self, learner: int) -> None:
        await self.services.privacy.set_visibility(self.user(learner), Visibility.SHOWN)

    async def erase(self, learner: int) -> None:
        await self.services.privacy.erase(self.user(learner))

    async def wait(self, seconds: int) -> None:
        self.clock.now += seconds


def test_scores_kept_are_scores_recounted_whatever_happened(sqlite_url: str) -> None:
    with asyncio.Runner() as runner:
        db = runner.run(prepared(sqlite_url))
        clock = Clock(START)
        services = build_services(db, sample_content(), clock, Random(1))
        number = 0

        @settings(max_examples=120)
        @given(st.lists(step, min_size=1, max_size=25))
        def play(steps: list[tuple[object, ...]]) -> None:
            nonlocal number
            number += 1
            clock.now = START
            runner.run(happen(Play(services, clock, number), steps))

        play()
        runner.run(db.close())


async def prepared(url: str) -> Database:
    db = await connect(url)
    await migrate(db)
    return db


async def happen(play: Play, steps: list[tuple[object, ...]]) -> None:
    for what, *args in steps:
        await play.do(str(what), *args)
    found = await play.services.scores.check()
    assert found.differences == []


async def test_a_long_story_on_either_database(services: Services, clock: Clock, content: Content) -> None:
    rng = Random(5)
    play = Play(services, clock, 1)
    for _ in range(150):
        what, *kinds = rng.choice(STORY)
        await play.do(what, *(kind(rng) for kind in kinds))
    found = await services.scores.check()
    assert (found.differences, found.guilds) == ([], 1)
    assert found.attempts > 8
    # Counting everything anew changes nothing.
    before = await audit.scores(services.db, 1), await audit.steps(services.db, 1)
    assert (await services.scores.rebuild()).differences == []
    assert before == (await audit.scores(services.db, 1), await audit.steps(services.db, 1))


def _learner(rng: Random) -> int:
    return rng.choice(LEARNERS)


def _small(rng: Random) -> int:
    return rng.randrange(3)


def _group(rng: Random) -> int:
    return rng.choice((1, 2))


def _coin(rng: Random) -> bool:
    return rng.random() < 0.7


STORY = (
    ("daily", _learner, _small, _coin),
    ("again", _learner, _small, _coin),
    ("quiz", _learner, _small, _coin),
    ("live", lambda rng: set(rng.sample(LEARNERS, rng.randint(1, 3))), _small, _coin),
    ("join", _learner, _group),
    ("leave", _learner, _group),
    ("withdraw", _small),
    ("keep", _small),
    ("keep", _small),
    ("hide", _learner),
    ("show", _learner),
    ("erase", _learner),
    ("wait", lambda rng: rng.randrange(200_000)),
)


async def test_a_difference_is_found_named_and_mended(services: Services, clock: Clock) -> None:
    play = Play(services, clock, 4)
    await play.daily(1, 0, True)
    await play.daily(2, 0, True)
    await services.db.write(
        sql("UPDATE scores SET points = points + 5 WHERE user_id = $1 AND period = 0", play.user(1)),
        sql("DELETE FROM attempts WHERE user_id = $1", play.user(2)),
    )
    found = await services.scores.check()
    text = "\n".join(found.differences)
    assert f"server 4, all, period 0, learner {play.user(1)}" in text
    assert "1 answers are not counted" in text
    mended = await services.scores.rebuild()
    assert (mended.differences, mended.added) == ([], 1)


async def test_answers_from_before_there_were_scores_are_counted_once(services: Services, clock: Clock) -> None:
    play = Play(services, clock, 4)
    await play.daily(1, 0, True)
    await services.db.write(sql("DELETE FROM attempts"), sql("DELETE FROM scores"), sql("DELETE FROM score_steps"))
    assert await services.scores.ensure() == 1
    assert await services.scores.ensure() == 0
    assert (await services.scores.check()).differences == []
    [score] = [kept for key, (kept, _, _) in (await audit.scores(services.db, 4)).items() if key[1] == 0]
    assert (score.points, score.answers) == (POINTS[ITEMS[0].difficulty], 1)


async def test_practice_brings_no_more_than_its_share_a_day_and_an_item_counts_once_a_season(
    services: Services, clock: Clock
) -> None:
    play = Play(services, clock, 4)
    made = [make_item(f"many-{i}", difficulty=Difficulty.EASY if i == 3 else Difficulty.MEDIUM) for i in range(6)]
    global ITEMS
    kept, ITEMS = ITEMS, tuple(made)
    try:
        for number in range(6):
            await play.quiz(1, number, True)
        await play.quiz(1, 0, True)
        await play.live({1, 2}, 5, True)
    finally:
        ITEMS = kept
    rows = await services.db.read(
        "SELECT item_id, points, mode FROM attempts WHERE user_id = $1 ORDER BY item_id", play.user(1)
    )
    assert [row["points"] for row in rows] == [15, 15, 15, 10, 5, 0]
    assert sum(row["points"] for row in rows) == PRACTICE_AT_MOST
    kept_points = await services.db.read(
        "SELECT points FROM session_items WHERE user_id = $1 ORDER BY session_id", play.user(1)
    )
    assert [row["points"] for row in kept_points] == [15, 15, 15, 10, 5, 0, 0]
    other = await services.db.read("SELECT points FROM live_answers WHERE user_id = $1", play.user(2))
    assert other[0]["points"] == 15


async def test_a_live_question_that_one_person_answered_brings_nothing(services: Services, clock: Clock) -> None:
    play = Play(services, clock, 4)
    await play.live({1}, 0, True)
    [row] = await services.db.read("SELECT points, correct FROM attempts")
    assert (row["points"], row["correct"]) == (0, 1)


async def test_three_reports_take_the_points_of_an_item_back_until_it_is_kept(services: Services, clock: Clock) -> None:
    play = Play(services, clock, 4)
    await services.db.write(
        sql(
            "INSERT INTO guilds (guild_id, channel_id, minute, zone, exam, organiser_user_id, freezes, active)"
            " VALUES (4, 20, 540, 'UTC', 'cpc', 99, 1, 1)"
        )
    )
    await play.daily(1, 0, True)
    for reporter in (1, 2, 3):
        await flags.flag(services.db, 4, ITEMS[0].id, play.user(reporter), "The key is wrong", START)
    assert await audit.scores(services.db, 4) == {}
    await play.keep(0)
    assert len(await audit.scores(services.db, 4)) == 3


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_bound_lies_below_the_share_and_grows_with_it(correct: int, wrong: int) -> None:
    answers = correct + wrong
    if answers:
        assert 0 <= accuracy(correct, answers) <= round(1_000_000 * correct / answers)
        assert accuracy(correct + 1, answers + 1) >= accuracy(correct, answers)
        assert accuracy(correct, answers + 1) <= accuracy(correct, answers)


def test_three_of_three_stand_below_95_of_100() -> None:
    # Wilson's interval for 95 of 100 begins at 0.8882, for 3 of 3 at 0.4385.
    assert (accuracy(95, 100), accuracy(3, 3)) == (888_248, 438_494)


async def test_both_databases_work_the_bound_out_alike(db: Database) -> None:
    pairs = [(correct, answers) for answers in (1, 2, 3, 7, 50, 333, 4000) for correct in {0, 1, answers // 2, answers}]
    for correct, answers in pairs:
        [row] = await db.read(
            f"SELECT {accuracy_sql('c', 'n')} AS bound FROM"
            " (SELECT CAST($1 AS BIGINT) AS c, CAST($2 AS BIGINT) AS n) x", correct, answers,
        )  # fmt: skip
        assert row["bound"] == accuracy(correct, answers)


def test_what_an_answer_brings() -> None:
    for difficulty, worth in POINTS.items():
        assert points(difficulty, correct=True) == worth
        assert points(difficulty, correct=False) == 0
    assert min(ANSWERS_AT_LEAST.values()) >= 5
