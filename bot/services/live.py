"""Live rounds: answering in one, what its messages show, and what its deliveries mean."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from bot.core import live, scores
from bot.core.asked import Distribution, distribution
from bot.core.content import Concept, Content, Exam
from bot.core.deliveries import Delivery, Retry, Unneeded
from bot.core.live import LiveAnswer, LiveQuestion, LiveRound, LiveState, Player, QuestionState, Standings
from bot.core.live_errors import LiveNotAsked, LiveUnknown
from bot.core.schedule import local_date
from bot.services.certs import Certs
from bot.services.live_hosting import LiveHosting
from bot.services.live_owed import LiveCloses, LiveQuestions, LiveResults, place
from bot.services.live_starting import LiveStarting
from bot.services.setup import zone_of
from bot.storage import learners
from bot.storage import live as store
from bot.storage import live_course as course
from bot.storage import scores as tally
from bot.storage.database import Database

TO_STUDY = 5
"""Concepts that a result names."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of an answer. `taken` is False after the close; `standing` is what counts then, if anything."""

    question: LiveQuestion
    chosen: str
    taken: bool
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """A question whose key is shown, with the score so far."""

    question: LiveQuestion
    outcome: Distribution
    standings: Standings


@dataclass(frozen=True, slots=True)
class Result:
    """How a round went. `asked` counts the judged questions; `study` are the concepts missed most."""

    round: LiveRound
    exam: Exam | None
    asked: int
    standings: Standings
    study: tuple[Concept, ...]


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One question in a player's own result; `answered` is how many answered it."""

    question: LiveQuestion
    answer: LiveAnswer | None
    answered: int


@dataclass(frozen=True, slots=True)
class OwnResult:
    """A player's own result: the judged questions, and the concepts they missed."""

    round: LiveRound
    lines: tuple[OwnLine, ...]
    study: tuple[Concept, ...]


@dataclass(frozen=True, slots=True)
class Tallied:
    """A question whose message is kept up to date. `outdated` says whether it shows something else by now."""

    question: LiveQuestion
    count: int
    outdated: bool


class Live:
    """Use cases of live rounds, and what their deliveries mean."""

    def __init__(
        self, db: Database, content: Content, clock: Callable[[], float], wake: Callable[[], None], certs: Certs
    ) -> None:
        self._db = db
        self._content = content
        self._clock = clock
        self.starting = LiveStarting(db, content, clock, wake, certs)
        self.hosting = LiveHosting(db, clock, wake)
        self.questions = LiveQuestions()
        self.closes = LiveCloses()
        self.results = LiveResults()

    @property
    def now(self) -> int:
        return int(self._clock())

    # -- answering -------------------------------------------------------------------------------------------

    async def answer(self, live_id: int, position: int, user_id: int, chosen: str) -> Noted:
        """Store a player's choice, or tell which one stands. Raises LiveUnknown, LiveNotAsked, ChoiceUnknown."""
        question = await self.question(live_id, position)
        chosen = question.asked.check_choice(chosen)
        if await store.answer(self._db, live_id, position, user_id, chosen, self.now):
            return Noted(question, chosen, taken=True)
        # Judged or void by now, perhaps since a moment ago.
        question = await self.question(live_id, position)
        if question.state is QuestionState.TO_COME:
            raise LiveNotAsked
        own = await store.answer_of(self._db, live_id, position, user_id)
        return Noted(question, chosen, taken=False, standing=own.chosen if own else "")

    async def explained(self, live_id: int, position: int, user_id: int) -> tuple[LiveQuestion, LiveAnswer | None]:
        """A question whose key may be told, and the player's answer. Raises LiveUnknown, LiveNotAsked."""
        question = await self.question(live_id, position)
        if question.state in (QuestionState.TO_COME, QuestionState.OPEN):
            raise LiveNotAsked
        return question, await store.answer_of(self._db, live_id, position, user_id)

    async def own_result(self, live_id: int, user_id: int) -> OwnResult:
        """A player's own result so far. Raises LiveUnknown."""
        round_ = await self.round(live_id)
        answers = await store.answers_of(self._db, live_id, user_id)
        turnout = await store.turnout(self._db, live_id)
        lines = tuple(
            OwnLine(question, answers.get(question.position), turnout.get(question.position, (0, 0))[0])
            for question in await store.questions(self._db, live_id)
            if question.state is QuestionState.CLOSED
        )
        missed = [line.question for line in lines if line.answer is None or not line.answer.correct]
        return OwnResult(round_, lines, self._concepts(missed))

    # -- reading ---------------------------------------------------------------------------------------------

    async def running(self, channel_id: int) -> LiveRound | None:
        """The round that is being played in a channel."""
        return await store.running(self._db, channel_id)

    async def round(self, live_id: int) -> LiveRound:
        """Raises LiveUnknown."""
        round_ = await store.round_by_id(self._db, live_id)
        if round_ is None:
            raise LiveUnknown
        return round_

    async def question(self, live_id: int, position: int) -> LiveQuestion:
        """Raises LiveUnknown."""
        question = await store.question(self._db, live_id, position)
        if question is None:
            raise LiveUnknown
        return question

    def concept(self, question: LiveQuestion) -> Concept | None:
        """What explains the rule behind a question."""
        return self._content.concepts.get(question.asked.item.concept)

    def _concepts(self, questions: list[LiveQuestion]) -> tuple[Concept, ...]:
        found = dict.fromkeys(concept for question in questions if (concept := self.concept(question)))
        return tuple(found)[:TO_STUDY]

    async def _standings(self, round_: LiveRound) -> Standings:
        rows = await store.scoreboard(self._db, round_.id)
        names = await learners.public_names(self._db, round_.guild_id, [user_id for user_id, _, _ in rows])
        return live.standings(Player(names.get(user_id), right, points) for user_id, right, points in rows)

    async def closed(self, live_id: int, position: int) -> Closed:
        """What the message of a closed question shows. Raises LiveUnknown."""
        question = await self.question(live_id, position)
        outcome = distribution(question.asked, await store.chosen(self._db, live_id, position))
        return Closed(question, outcome, await self._standings(question.round))

    async def tally(self, live_id: int) -> Tallied | None:
        """The question that is out, as its message should show it; None when none is open."""
        question = await store.current(self._db, live_id)
        if question is None or question.state is not QuestionState.OPEN:
            return None
        count = await store.answer_count(self._db, live_id, question.position)
        shown = await store.shown(self._db, live_id, question.position)
        return Tallied(question, count, shown != (count, question.closes_at))

    async def tally_shown(self, tallied: Tallied) -> None:
        question = tallied.question
        await self._db.write(store.show(question.round.id, question.position, tallied.count, question.closes_at))

    async def outdated(self) -> list[int]:
        """Rounds whose open question's message should be edited."""
        return await store.outdated(self._db)

    # -- deliveries ------------------------------------------------------------------------------------------

    async def channel_of(self, delivery: Delivery) -> int:
        """Where a delivery's message goes. Raises Unneeded."""
        round_ = await store.round_by_id(self._db, int(delivery.subject.partition(":")[0]))
        if round_ is None:
            raise Unneeded("round gone")
        return round_.channel_id

    async def prepare_question(self, delivery: Delivery) -> LiveQuestion:
        """Open the question that a delivery is to post; it takes answers from now on. Raises Unneeded."""
        live_id, position = place(delivery)
        await self._db.write(*course.open_question(live_id, position, delivery.id))
        question = await store.question(self._db, live_id, position)
        if question is None or question.state is not QuestionState.OPEN:
            raise Unneeded("paused or over")
        return question

    async def prepare_close(self, delivery: Delivery) -> Closed:
        """Judge the question's answers, if its time is over; what its message shows then. Raises Unneeded, Retry."""
        live_id, position = place(delivery)
        question = await store.question(self._db, live_id, position)
        if question is None:
            raise Unneeded("round gone")
        if question.state is QuestionState.OPEN:
            await self._close(question)
            question = await self.question(live_id, position)
        if question.state is QuestionState.OPEN and question.closes_at is not None:
            raise Retry("moved", unsure=False, after=max(question.closes_at - self.now, 0))
        if question.state in (QuestionState.OPEN, QuestionState.TO_COME):
            raise Unneeded("paused")
        return await self.closed(live_id, position)

    async def _close(self, question: LiveQuestion) -> None:
        round_, item, now = question.round, question.asked.item, self.now
        day = local_date(now, await zone_of(self._db, round_.guild_id))
        worth = scores.points(item.difficulty, correct=True)
        attempts = tally.live_attempts(
            round_.guild_id, item.id, round_.id, question.position, worth, tally.When(day, secrets.randbits(62), now)
        )
        await self._db.write(*course.close(round_.id, question.position, question.asked.key, now, attempts))

    async def prepare_result(self, delivery: Delivery) -> Result:
        """How the round went. Raises Unneeded while it goes on, Retry while a question waits to be judged."""
        live_id = int(delivery.subject)
        await self._db.write(*course.forget(live_id, self.now))
        round_ = await store.round_by_id(self._db, live_id)
        if round_ is None or round_.state is not LiveState.OVER:
            raise Unneeded("goes on")
        questions = await store.questions(self._db, live_id)
        if any(question.state is QuestionState.OPEN for question in questions):
            raise Retry("a question is being closed", unsure=False)
        return await self._result(round_, questions)

    async def _result(self, round_: LiveRound, questions: list[LiveQuestion]) -> Result:
        turnout = await store.turnout(self._db, round_.id)
        closed = [question for question in questions if question.state is QuestionState.CLOSED]

        def wrong(question: LiveQuestion) -> float:
            answers, missed = turnout.get(question.position, (0, 0))
            return missed / answers if answers else 0

        missed = sorted((q for q in closed if wrong(q) > 0), key=lambda q: (-wrong(q), q.position))
        exam = self._content.exams.get(round_.exam)
        return Result(round_, exam, len(closed), await self._standings(round_), self._concepts(missed))
