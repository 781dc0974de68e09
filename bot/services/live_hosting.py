"""What the host of a live round does while it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.core.live import LiveQuestion, LiveRound, LiveState
from bot.core.live_errors import LiveNotHost, LiveUnknown
from bot.core.people import Person
from bot.storage import live as store
from bot.storage import live_course as course
from bot.storage.database import Database, Statement


class Control(StrEnum):
    PAUSE = "pause"
    GO_ON = "go"
    CLOSE = "close"
    SKIP = "skip"
    END = "end"
    LOOK = "look"
    """Changes nothing: the panel as it is now."""


STEPS: dict[Control, Callable[[int, int], list[Statement]]] = {
    Control.PAUSE: course.pause,
    Control.GO_ON: course.go_on,
    Control.CLOSE: course.close_now,
    Control.SKIP: course.skip,
    Control.END: course.end,
}


@dataclass(frozen=True, slots=True)
class Panel:
    """What a host's panel shows: the question asked now, next or last, and how many answered it."""

    question: LiveQuestion
    answers: int


def leads(person: Person, round_: LiveRound) -> bool:
    return person.organiser or round_.host_id == person.user_id


class LiveHosting:
    """Use cases of the host's panel. Each step may be repeated: what was done before is not done again."""

    def __init__(self, db: Database, clock: Callable[[], float], wake: Callable[[], None]) -> None:
        self._db = db
        self._clock = clock
        self._wake = wake

    async def control(self, live_id: int, person: Person, what: Control) -> Panel:
        """Carry out a step; returns the panel after it. Raises LiveUnknown, LiveNotHost."""
        round_ = await store.round_by_id(self._db, live_id)
        if round_ is None:
            raise LiveUnknown
        if not leads(person, round_):
            raise LiveNotHost
        if what in STEPS and round_.state is not LiveState.OVER:
            await self._db.write(*STEPS[what](live_id, int(self._clock())))
            self._wake()
        question = await store.current(self._db, live_id)
        if question is None:
            raise LiveUnknown
        return Panel(question, await store.answer_count(self._db, live_id, question.position))

    async def call_off(self, live_id: int, reason: str) -> None:
        """End a round that could not be announced."""
        await self._db.write(*course.end(live_id, int(self._clock()), reason))
