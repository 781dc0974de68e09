"""What a learner may wish to practise, and which items fit that now."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from random import Random

from bot.core import quiz_choice as rules
from bot.core.content import Area, Concept, Content, Difficulty, Exam, Item
from bot.core.errors import ConceptUnknown, ExamUnknown
from bot.core.quiz import LENGTH_AT_LEAST, LENGTH_AT_MOST, Session, Wishes
from bot.core.quiz_choice import Unit
from bot.core.quiz_errors import NothingToAsk, NothingToRedo
from bot.services.certs import Certs
from bot.services.explain import CHOICES_AT_MOST, Explain
from bot.storage import daily, flags, guilds
from bot.storage import quiz as store
from bot.storage import quiz_history as history
from bot.storage.database import Database

REMEMBERED = 60
"""Practice answers that are looked at to share out the areas over several short sessions."""

SUGGESTED = 100
"""Explanations looked at for those with questions behind them, of which a field shows CHOICES_AT_MOST."""


class Choosing:
    """From what a learner typed to the items of a session. `exams` gives those with questions, the best covered first."""

    def __init__(
        self,
        db: Database,
        content: Content,
        clock: Callable[[], float],
        rng: Random,
        certs: Certs,
        explain: Explain,
        exams: Callable[[], list[tuple[Exam, int]]],
    ) -> None:
        self._db = db
        self._content = content
        self._clock = clock
        self._rng = rng
        self._certs = certs
        self._explain = explain
        self._exams = exams

    @cached_property
    def _with_questions(self) -> list[Exam]:
        return [exam for exam, _ in self._exams()]

    @cached_property
    def _units(self) -> dict[str, list[Unit]]:
        """All that can be asked, by exam."""
        return {exam.id: rules.units(self._content, exam) for exam in self._with_questions}

    # -- wishes ----------------------------------------------------------------------------------------------

    async def wishes(
        self,
        user_id: int,
        guild_id: int,
        exam: str,
        area: str,
        topic: str,
        difficulty: Difficulty | None,
        length: int,
    ) -> Wishes:
        """What was typed, as ids. Raises ExamUnknown, AreaUnknown, ConceptUnknown."""
        found = await self._exam(user_id, guild_id, exam)
        return Wishes(
            exam=found.id,
            area=found.area_named(area, found.areas).id if area else "",
            topic=self._topic(topic).id if topic else "",
            difficulty=difficulty,
            length=max(LENGTH_AT_LEAST, min(LENGTH_AT_MOST, length)),
        )

    async def _exam(self, user_id: int, guild_id: int, text: str) -> Exam:
        """The exam that is named; else the server's, the learner's last one, the one that questions cover best."""
        if text:
            return self._certs.show(text).exam
        settings = await guilds.get(self._db, guild_id) if guild_id else None
        for name in (settings.exam if settings else "", await store.latest_exam(self._db, user_id)):
            if name in self._units:
                return self._content.exams[name]
        if not self._with_questions:
            raise NothingToAsk(wishes="any exam", advice="The installed content has no questions yet.")
        return self._with_questions[0]

    def _topic(self, text: str) -> Concept:
        match = self._explain.find(text)
        if match.page is None:
            titles = ", ".join(f"“{concept.title}”" for concept in match.others[:3])
            raise ConceptUnknown(text=text.strip()[:60], near=titles or "none at all")
        return match.page.concept

    def about(self, wishes: Wishes) -> str:
        """Wishes in words, the exam first."""
        content = self._content
        exam = content.exams.get(wishes.exam)
        area = next((area.title for area in exam.areas if area.id == wishes.area), wishes.area) if exam else wishes.area
        topic = content.concepts[wishes.topic].title if wishes.topic in content.concepts else wishes.topic
        difficulty = wishes.difficulty.value if wishes.difficulty else ""
        return " · ".join(part for part in (exam.name if exam else wishes.exam, area, topic, difficulty) if part)

    # -- suggestions -----------------------------------------------------------------------------------------

    def exams(self, typed: str) -> list[Exam]:
        """Exams with questions for what was typed so far."""
        if not typed.strip():
            return self._with_questions[:CHOICES_AT_MOST]
        return [exam for exam in self._certs.suggest(typed) if exam.id in self._units]

    async def areas(self, user_id: int, guild_id: int, exam: str, typed: str) -> list[tuple[Area, int]]:
        """Areas of the exam chosen so far, or of the one that would be taken, with how many questions each has."""
        try:
            found = await self._exam(user_id, guild_id, exam)
        except (ExamUnknown, NothingToAsk):
            return []
        wanted = typed.strip().casefold()
        counted = [
            (area, _count(self._fitting(found, Wishes(found.id, area.id))))
            for area in found.areas
            if wanted in area.title.casefold() or wanted in area.id
        ]
        return [pair for pair in counted if pair[1]][:CHOICES_AT_MOST]

    def topics(self, typed: str) -> list[Concept]:
        """Explanations with questions behind them for what was typed so far."""
        found = self._explain.suggest(typed, SUGGESTED)
        return [concept for concept in found if self._explain.items(concept)][:CHOICES_AT_MOST]

    # -- items -----------------------------------------------------------------------------------------------

    async def items(self, user_id: int, guild_id: int, wishes: Wishes) -> list[Item]:
        """The items of a session, in order; fewer than wished where there are fewer. Raises ExamUnknown, NothingToAsk."""
        exam = self._content.exams.get(wishes.exam)
        if exam is None:
            near = ", ".join(exam.name for exam in self._with_questions[:3])
            raise ExamUnknown(text=wishes.exam, near=near or "none at all")
        barred = await self.barred(user_id, guild_id)
        found = rules.free(self._fitting(exam, wishes), barred)
        if not found:
            raise NothingToAsk(wishes=self.about(wishes), advice=self._advice(exam, wishes, barred))
        past = await history.history(self._db, user_id)
        due = rules.weights(exam, self._units[exam.id], past)
        recent = await history.recent(self._db, user_id, REMEMBERED)
        return rules.choose(exam, found, wishes, due, past, recent, int(self._clock()), self._rng)

    async def weakest(self, user_id: int, exam: Exam, limit: int) -> list[Area]:
        """The areas of an exam that a learner should practise first, by their last answers; none without a miss."""
        past = await history.history(self._db, user_id)
        return rules.weakest(exam, self._units.get(exam.id, ()), past, limit)

    def asks(self, exam_id: str) -> bool:
        """Whether there are questions for an exam."""
        return exam_id in self._units

    async def missed(self, user_id: int, guild_id: int, session: Session) -> list[Item]:
        """The items missed in a session, as they are now. Raises NothingToRedo."""
        barred = await self.barred(user_id, guild_id)
        items = rules.again(self._content, (put.item_id for put in session.misses), barred)
        if not items:
            raise NothingToRedo
        return items

    async def barred(self, user_id: int, guild_id: int) -> set[str]:
        """The ids of items that may not be asked now: those that wait for the learner as a daily question, and in the
        guild those out of use and those of live rounds under way."""
        barred = await daily.still_to_answer(self._db, user_id, guild_id or None, int(self._clock()))
        if guild_id:
            barred |= await flags.withdrawn(self._db, guild_id)
            barred |= await history.in_live_rounds(self._db, guild_id)
        return barred

    def _fitting(self, exam: Exam, wishes: Wishes) -> list[Unit]:
        topic = self._content.concepts.get(wishes.topic)
        concepts = {topic.id, *(concept.id for concept in self._explain.related(topic))} if topic else {wishes.topic}
        return rules.fitting(self._units.get(exam.id, ()), exam, wishes, concepts)

    def _advice(self, exam: Exam, wishes: Wishes, barred: set[str]) -> str:
        """Which wish to relax, where one alone stands in the way."""
        if exam.id not in self._units:
            names = ", ".join(exam.name for exam in self._with_questions)
            return f"Exams with questions: {names or 'none at all'}."
        for name, relaxed in (
            ("the difficulty", replace(wishes, difficulty=None)),
            ("the topic", replace(wishes, topic="")),
            ("the area", replace(wishes, area="")),
        ):
            count = _count(rules.free(self._fitting(exam, relaxed), barred)) if relaxed != wishes else 0
            if count:
                return f"Leave out {name}, and there {'is' if count == 1 else 'are'} {count}."
        if rules.free(self._units[exam.id], barred):
            return "Leave out more than one of these, and there are some."
        return "Those there are wait for you as a daily question, run in a live round, or are out of use."


def _count(found: Iterable[Unit]) -> int:
    return sum(map(len, found))
