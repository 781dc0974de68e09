"""A learner who practises: answers, right or wrong, and goes on, as tests of /quiz say."""

from typing import Any

from bot.app import Services
from bot.core.quiz import Session
from bot.services.quiz_pages import Explained, Page, Question
from bot.services.quiz_summary import Summary
from tests.samples import nearly
from tests.services.guild import GUILD, LEARNER


async def begin(services: Services, user: int = LEARNER, guild: int = GUILD, **wishes: Any) -> Question:
    """A session of five questions unless said otherwise."""
    page = await services.quiz.start(user, guild, **{"length": 5, **wishes})
    assert isinstance(page, Question), page
    return page


async def answer(services: Services, page: Question, *, right: bool = True) -> Explained:
    session = page.session
    chosen = page.asked.key if right else nearly(page.asked)
    result = await services.quiz.answer(session.user_id, session.id, session.position, chosen)
    assert isinstance(result, Explained), result
    return result


async def go_on(services: Services, page: Explained) -> Page:
    return await services.quiz.go_on(page.session.user_id, page.session.id, page.put.position)


async def play(services: Services, page: Page, *, misses: int = 0) -> Summary:
    """To the end from a question; the first `misses` of those left are answered wrong."""
    while isinstance(page, Question):
        page = await go_on(services, await answer(services, page, right=misses <= 0))
        misses -= 1
    assert isinstance(page, Summary), page
    return page


def asked(session: Session) -> list[str]:
    return [put.item_id for put in session.items]
