"""What may be wished for, what is left of it for a learner now, and what is suggested."""

from dataclasses import replace
from typing import Any

import pytest

from bot.app import Services
from bot.core.content import Content, Difficulty
from bot.core.errors import AreaUnknown, ConceptUnknown, ExamUnknown
from bot.core.quiz import LENGTH_AT_LEAST, LENGTH_AT_MOST, State
from bot.core.quiz_errors import NothingToAsk
from bot.services.quiz_pages import Question
from bot.storage import daily, flags
from bot.storage.database import sql
from tests.samples import START, Clock, linked_content, make_exam, make_item
from tests.services.guild import CHANNEL, GUILD, LEARNER, ORGANISER
from tests.services.practising import answer, asked, begin, go_on, play
from tests.storage.rounds import DAY, posted


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind is enough here: sessions on both are in test_quiz.py."""
    return sqlite_url


@pytest.fixture
def content() -> Content:
    """The linked sample with three exams: coc over the same areas, one without questions, and one item of a fourth area."""
    content = linked_content()
    exams = [
        content.exams["cpc"],
        make_exam({"alpha": 1, "beta": 1, "gamma": 1, "delta": 1}, "coc"),
        make_exam({"elsewhere": 1}, "ccs"),
    ]
    extra = make_item("delta-1", area="delta", difficulty=Difficulty.EASY)
    return replace(content, items={**content.items, extra.id: extra}, exams={exam.id: exam for exam in exams})


# -- wishes --------------------------------------------------------------------------------------------------


async def test_the_exam_is_the_servers_else_the_last_one_else_the_best_covered(services: Services):
    await services.setup.start(GUILD, CHANNEL, ORGANISER, exam="coc")
    assert (await begin(services)).session.wishes.exam == "coc"
    await services.quiz.stop(LEARNER, (await services.quiz.resume(LEARNER)).session.id)
    # In direct messages there is no server to follow.
    assert (await begin(services, guild=0)).session.wishes.exam == "coc"
    assert (await begin(services, LEARNER + 1, guild=0)).session.wishes.exam == "coc"
    await play(services, await begin(services, LEARNER + 2, exam="CPC"))
    assert (await begin(services, LEARNER + 2, guild=0)).session.wishes.exam == "cpc"
    assert (await begin(services, LEARNER + 3, guild=GUILD + 1)).session.wishes.exam == "coc"


async def test_wishes_are_taken_by_id_or_name(services: Services, content: Content):
    page = await begin(services, exam="CPC", area="Beta", difficulty=Difficulty.MEDIUM)
    assert page.about == "CPC · Beta · medium"
    assert page.session.wishes.area == "beta"
    for name in asked(page.session):
        item = content.items[name]
        assert ("beta" in item.areas, item.difficulty) == (True, Difficulty.MEDIUM)
    topic = await begin(services, LEARNER + 1, topic="same day visit")
    assert topic.session.wishes.topic == "concept-item-00"
    # Its own item and that of the related concept: fewer than asked for.
    assert set(asked(topic.session)) == {"item-00", "item-11"}


@pytest.mark.parametrize(("length", "expected"), [(1, LENGTH_AT_LEAST), (500, LENGTH_AT_MOST)])
async def test_a_length_out_of_bounds_is_brought_within(services: Services, length: int, expected: int):
    assert (await begin(services, length=length)).session.wishes.length == expected


@pytest.mark.parametrize(
    ("wishes", "error", "told"),
    [
        ({"exam": "XYZ"}, ExamUnknown, "XYZ"),
        ({"exam": "cpc", "area": "Delta"}, AreaUnknown, "CPC has no area “Delta”"),
        ({"topic": "zzzz"}, ConceptUnknown, "zzzz"),
        ({"topic": "shared name"}, ConceptUnknown, "Excludes1 notes"),
        ({"exam": "ccs"}, NothingToAsk, "Exams with questions: COC, CPC"),
        ({"exam": "cpc", "difficulty": Difficulty.EASY}, NothingToAsk, "Leave out the difficulty, and there are 15"),
        ({"exam": "coc", "area": "delta", "difficulty": Difficulty.HARD}, NothingToAsk, "Leave out the difficulty, and there is 1"),
        ({"exam": "coc", "area": "delta", "topic": "25"}, NothingToAsk, "Leave out the topic, and there is 1"),
        ({"exam": "cpc", "area": "beta", "topic": "25", "difficulty": Difficulty.EASY}, NothingToAsk, "more than one"),
    ],
)  # fmt: skip
async def test_what_can_not_be_had_is_said_with_what_to_relax(
    services: Services, wishes: dict[str, Any], error: type[Exception], told: str
):
    with pytest.raises(error) as raised:
        await services.quiz.start(LEARNER, GUILD, **wishes)
    assert told in str(raised.value)
    assert await services.db.read("SELECT id FROM sessions") == []


async def test_without_any_content_that_is_said(services: Services):
    services.quiz.choosing.__dict__.update({"_with_questions": [], "_units": {}})
    with pytest.raises(NothingToAsk, match="no questions yet"):
        await services.quiz.start(LEARNER, GUILD)


# -- what is left --------------------------------------------------------------------------------------------


async def test_neither_what_waits_as_a_daily_question_nor_what_is_out_of_use_or_live_is_asked(
    services: Services, content: Content, clock: Clock
):
    clock.now = START
    round_ = await posted(services.db, guild=GUILD)
    waiting = content.items["item-00"]
    await services.db.write(
        sql("UPDATE rounds SET item_id = $1 WHERE id = $2", waiting.id, round_.id),
        *flags.decide(GUILD, "case-2", ORGANISER, keep=False, now=START),
        sql(
            "INSERT INTO live_rounds (guild_id, channel_id, host_user_id, exam, length, seconds, state, mark, started_at)"
            " VALUES ($1, 1, 5, 'cpc', 5, 30, 1, 1, $2)",
            GUILD,
            START,
        ),
        sql(
            "INSERT INTO live_questions (live_id, position, item_id, digest, seed) VALUES (1, 1, 'item-04', $1, 1)",
            round_.item.digest,
        ),
    )
    page = await begin(services, length=50, exam="cpc")
    names = set(asked(page.session))
    assert len(names) == 10
    # The whole case set of a question that is out of use stays away.
    assert not names & {"item-00", "item-04", "case-1", "case-2", "case-3"}
    elsewhere = await begin(services, LEARNER + 1, guild=0, length=50, exam="cpc")
    assert len(elsewhere.session.items) == 15


async def test_when_all_are_out_of_use_no_wish_is_to_blame(services: Services, content: Content):
    for name in content.items:
        await services.db.write(*flags.decide(GUILD, name, ORGANISER, keep=False, now=START))
    with pytest.raises(NothingToAsk, match="wait for you as a daily question"):
        await services.quiz.start(LEARNER, GUILD)


async def test_what_was_answered_as_a_daily_question_counts_as_seen(services: Services, content: Content):
    item = content.items["item-03"]
    await services.db.write(*daily.open_round(GUILD, DAY, item, 1, channel_id=1, freezes=True, delivery_id=1))
    round_ = await daily.round_by_date(services.db, GUILD, DAY)
    assert round_ is not None
    await services.daily.answer(round_.id, LEARNER, round_.key)
    page = await begin(services, exam="cpc", length=14)
    assert item.id not in asked(page.session)
    assert isinstance(page, Question)


async def test_two_sessions_after_one_another_ask_everything_once(services: Services):
    first = await play(services, await begin(services, exam="cpc", length=8), misses=3)
    second = await begin(services, exam="cpc", length=7)
    assert len({*asked(first.session), *asked(second.session)}) == 15


async def test_seen_items_come_again_after_a_week_the_missed_ones_first(services: Services, clock: Clock):
    page = await begin(services, exam="cpc", area="gamma")
    missed: set[str] = set()
    while isinstance(page, Question):
        right = len(missed) > 1
        missed |= set() if right else {page.asked.item.id}
        following = await go_on(services, await answer(services, page, right=right))
        if not isinstance(following, Question):
            break
        page = following
    clock.advance(days=8)
    again = await begin(services, exam="cpc", area="gamma", length=5)
    assert again.session.state is State.RUNNING
    assert missed <= set(asked(again.session))


# -- suggestions ---------------------------------------------------------------------------------------------


async def test_exams_without_questions_are_not_suggested(services: Services):
    choosing = services.quiz.choosing
    assert [exam.id for exam in choosing.exams("")] == ["coc", "cpc"]
    assert [exam.id for exam in choosing.exams("c")] == ["coc", "cpc"]
    assert choosing.exams("ccs") == []


async def test_areas_are_those_of_the_exam_chosen_with_how_many_questions_each_has(services: Services):
    choosing = services.quiz.choosing

    async def suggested(exam: str, typed: str = "", guild: int = GUILD) -> dict[str, int]:
        return {area.id: count for area, count in await choosing.areas(LEARNER, guild, exam, typed)}

    assert await suggested("cpc") == {"alpha": 4, "beta": 4, "gamma": 4}
    assert await suggested("cpc", "BET") == {"beta": 4}
    assert "delta" in await suggested("")
    assert await suggested("unheard of") == {}
    assert await suggested("ccs") == {}


async def test_topics_are_explanations_with_questions_behind_them(services: Services):
    found = [concept.id for concept in services.quiz.choosing.topics("")]
    assert "no-question-here" in {concept.id for concept in services.explain.suggest("", 100)}
    assert "no-question-here" not in found
    assert "only-by-relation" in found
    assert services.quiz.choosing.topics("25")[0].id == "concept-item-00"
