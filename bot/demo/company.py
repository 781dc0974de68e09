"""What the demo's learners have done together before the visitor comes: practice, a study group, a live round."""

from random import Random
from typing import Any

from simcord import Env

from bot.app import Services
from bot.core.content import LETTERS, Item
from bot.core.live import LiveQuestion, LiveState
from bot.services.quiz_pages import Question
from bot.storage import live as rounds

GROUP, OTHER_GROUP = "CPC in March", "Weekend coders"
GOAL = "60 answers"
QUESTIONS = 5
SECONDS = 20


class Company:
    """The learners of the demo, by how often each answers rightly, and the room they meet in."""

    def __init__(self, env: Env, services: Services, room: Any, learners: dict[Any, float], rng: Random) -> None:
        self._env, self._services, self._room, self._learners, self._rng = env, services, room, learners, rng

    def _chosen(self, item: Item, key: str, learner: Any) -> list[str]:
        """The letters that a learner presses: the key as often as it is theirs to know it."""
        if self._rng.random() < self._learners[learner]:
            return list(key)
        wrong = [letter for letter in LETTERS[: len(item.options)] if letter not in key]
        return (wrong + list(key))[: len(key)]

    async def practise(self, learner: Any, length: int) -> None:
        """A session of private practice, played to its summary."""
        quiz = self._services.quiz
        page = await quiz.start(learner.id, self._room.guild.id, length=length)
        while isinstance(page, Question):
            session = page.session
            letters = self._chosen(page.asked.item, page.asked.key, learner)
            page = await quiz.answer(learner.id, session.id, session.position, "".join(letters))
            page = await quiz.go_on(learner.id, session.id, session.position)

    async def found_groups(self) -> None:
        """The first learner opens a group with a weekly goal, which the others join; so does the second, without one."""
        first, second, *others = self._learners
        await first.slash(self._room, "group create", name=GROUP, goal=GOAL, exam="cpc")
        await second.slash(self._room, "group create", name=OTHER_GROUP)
        await second.slash(self._room, "group join", group=GROUP)
        for learner in others:
            await learner.slash(self._room, "group join", group=GROUP)
            await learner.slash(self._room, "group join", group=OTHER_GROUP)

    async def play_live(self) -> None:
        """A live round, hosted by the first learner, from its announcement to its result."""
        host = next(iter(self._learners))
        await host.slash(self._room, "quiz live", questions=QUESTIONS, seconds=SECONDS)
        found = await rounds.running(self._services.db, self._room.id)
        if found is None:
            return
        asked = 0
        for _ in range(20 * QUESTIONS):
            current = await rounds.current(self._services.db, found.id)
            if current is None or current.round.state is LiveState.OVER:
                return
            if current.message_id is not None and current.position > asked:
                asked = current.position
                await self._answer(current)
            await self._env.advance_time(5)

    async def _answer(self, question: LiveQuestion) -> None:
        message = await self._env.bot.get_partial_messageable(self._room.id).fetch_message(question.message_id or 0)
        for learner in self._learners:
            letters = self._chosen(question.asked.item, question.asked.key, learner)
            if question.asked.item.multiple:
                await learner.select(message, letters)
            else:
                await learner.click(message, label=letters[0])
