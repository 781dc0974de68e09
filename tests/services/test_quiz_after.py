"""What follows the end of a session of practice: its misses again, how they came about, sharing, and erasing."""

import asyncio

import pytest

from bot.app import Services
from bot.core.privacy import Visibility
from bot.core.quiz import Reason, Worth
from bot.core.quiz_errors import HiddenFromOthers, NoSession, NothingToRedo, SharedAlready
from bot.services.quiz_pages import Busy, Explained, Question
from bot.services.quiz_summary import Summary
from bot.storage import flags, privacy
from tests.services.guild import GUILD, LEARNER, ORGANISER
from tests.services.practising import answer, asked, begin, go_on, play

OTHER = LEARNER + 1


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind is enough here: sessions on both are in test_quiz.py."""
    return sqlite_url


async def test_the_misses_are_asked_again_and_nothing_else(services: Services):
    result = await play(services, await begin(services), misses=2)
    page = await services.quiz.redo(LEARNER, GUILD, result.session.id)
    assert isinstance(page, Question)
    assert set(asked(page.session)) == {put.item_id for put in result.session.misses}
    assert page.session.redo_of == result.session.id
    explained = await answer(services, page)
    assert explained.worth is Worth.REPEATED
    done = await play(services, await go_on(services, explained))
    with pytest.raises(NothingToRedo):
        await services.quiz.redo(LEARNER, GUILD, done.session.id)
    # The wishes are those of the first: the next one like it is of five again.
    following = await services.quiz.again(LEARNER, GUILD, done.session.id)
    assert len(following.session.items) == 5


async def test_misses_wait_too_while_another_session_is_running(services: Services):
    result = await play(services, await begin(services), misses=1)
    running = (await begin(services)).session
    busy = await services.quiz.redo(LEARNER, GUILD, result.session.id)
    assert isinstance(busy, Busy)
    assert busy.redo
    page = await services.quiz.replace(LEARNER, busy.wished, running.id)
    assert asked(page.session) == [put.item_id for put in result.session.misses]


async def test_misses_out_of_use_are_not_asked_again(services: Services):
    result = await play(services, await begin(services), misses=1)
    [missed] = result.session.misses
    await services.db.write(*flags.decide(GUILD, missed.item_id, ORGANISER, keep=False, now=1))
    with pytest.raises(NothingToRedo):
        await services.quiz.redo(LEARNER, GUILD, result.session.id)


async def test_how_misses_came_about_is_kept_and_counted(services: Services):
    explained = await answer(services, await begin(services), right=False)
    session = explained.session
    noted = await services.quiz.note(LEARNER, session.id, 1, Reason.LOOKED_UP)
    assert isinstance(noted, Explained)
    assert noted.put.reason is Reason.LOOKED_UP
    await services.quiz.note(LEARNER, session.id, 1, Reason.RULE)
    # A question without an answer has no reason yet.
    await services.quiz.note(LEARNER, session.id, 2, Reason.RULE)
    page = await services.quiz.stop(LEARNER, session.id)
    assert isinstance(page, Summary)
    assert page.reasons == {Reason.RULE: 1}


async def test_earlier_sessions_are_compared_with_repeats_left_out(services: Services):
    first = await play(services, await begin(services), misses=2)
    redone = await services.quiz.redo(LEARNER, GUILD, first.session.id)
    await play(services, redone)
    last = await play(services, await begin(services))
    assert last.before == (5, 3)


async def test_a_result_is_shared_once(services: Services):
    explained = await answer(services, await begin(services))
    session = explained.session
    with pytest.raises(SharedAlready):
        await services.quiz.share(LEARNER, session.id)
    await services.quiz.stop(LEARNER, session.id)
    results = await asyncio.gather(
        *(services.quiz.share(LEARNER, session.id) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(result, SharedAlready) for result in results) == 3


async def test_who_is_hidden_shares_nothing_and_who_has_a_pseudonym_shares_that(services: Services):
    page = await answer(services, await begin(services))
    await services.quiz.stop(LEARNER, page.session.id)
    await services.privacy.set_visibility(LEARNER, Visibility.HIDDEN)
    with pytest.raises(HiddenFromOthers):
        await services.quiz.share(LEARNER, page.session.id)
    await services.privacy.set_visibility(LEARNER, Visibility.PSEUDONYM)
    _, pseudonym = await services.privacy.seen_as(LEARNER)
    shown = await services.quiz.share(LEARNER, page.session.id)
    assert shown.name == pseudonym != ""


async def test_nothing_is_left_after_erasing(services: Services):
    await play(services, await begin(services))
    await begin(services)
    await begin(services, OTHER)
    await privacy.erase(services.db, LEARNER)
    rows = await services.db.read("SELECT user_id FROM sessions UNION SELECT user_id FROM session_items")
    assert [row["user_id"] for row in rows] == [OTHER]
    with pytest.raises(NoSession):
        await services.quiz.resume(LEARNER)
    assert (await services.scores.check()).differences == []
