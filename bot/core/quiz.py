"""A session of private practice: what was asked for, what was put, and which step may follow which."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

from bot.core.content import Difficulty
from bot.core.deliveries import DAY

LENGTH_AT_LEAST, LENGTH_AT_MOST, LENGTH = 5, 50, 10

IDLE_AT_MOST = 7 * DAY
"""Seconds without a press after which a session closes itself."""


class State(IntEnum):
    WISHED = 0
    """Asked for while another one was running, and not begun."""
    RUNNING = 1
    FINISHED = 2
    """Every question was answered."""
    CLOSED = 3
    """Ended before that, by the learner or by itself."""


class Phase(StrEnum):
    """What is before the learner."""

    QUESTION = "question"
    EXPLAINED = "explained"
    OVER = "over"


class Reason(StrEnum):
    """How a miss came about, in the learner's own judgement; a hit may have been guessed too."""

    MISREAD = "misread"
    LOOKED_UP = "lookup"
    RULE = "rule"
    GUESSED = "guessed"


class Worth(StrEnum):
    """Why an answer brought the points that it brought."""

    FULL = "full"
    CAPPED = "capped"
    """Practice had brought what it may bring a day, all or in part."""
    REPEATED = "repeated"
    """The item was answered this season before."""
    WRONG = "wrong"
    NOWHERE = "nowhere"
    """In direct messages nothing counts on a board."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a learner wants to practise: ids from the content, empty for any. `length` is a number of questions."""

    exam: str
    area: str = ""
    topic: str = ""
    difficulty: Difficulty | None = None
    length: int = LENGTH


@dataclass(frozen=True, slots=True)
class Put:
    """An item as it is put in a session at `position`, from 1; `chosen` is None until it is answered."""

    position: int
    item_id: str
    digest: str
    seed: int
    chosen: str | None = None
    correct: bool = False
    points: int = 0
    reason: Reason | None = None
    answered_at: int | None = None

    @property
    def missed(self) -> bool:
        return self.chosen is not None and not self.correct


class Impossible(Exception):
    """The session has moved on, so that this step is not one from where it stands."""


@dataclass(frozen=True, slots=True)
class Session:
    """A run of one learner. `guild_id` is the server whose boards it counts for, 0 for none; instants in UTC seconds.

    Steps return the session after them and raise Impossible where they don't lead on from here. A button that was left
    behind therefore never does anything to another question than its own.
    """

    id: int
    user_id: int
    guild_id: int
    state: State
    wishes: Wishes
    redo_of: int | None
    position: int
    items: tuple[Put, ...]
    touched_at: int
    ended_at: int | None = None
    shared_at: int | None = None

    # -- where it stands -------------------------------------------------------------------------------------

    @property
    def current(self) -> Put:
        """The item before the learner, or the last one that was."""
        return self.items[self.position - 1]

    @property
    def phase(self) -> Phase:
        if self.state is not State.RUNNING:
            return Phase.OVER
        return Phase.QUESTION if self.current.chosen is None else Phase.EXPLAINED

    @property
    def answered(self) -> tuple[Put, ...]:
        return tuple(put for put in self.items if put.chosen is not None)

    @property
    def right(self) -> int:
        return sum(put.correct for put in self.answered)

    @property
    def misses(self) -> tuple[Put, ...]:
        return tuple(put for put in self.items if put.missed)

    @property
    def points(self) -> int:
        return sum(put.points for put in self.items)

    @property
    def last(self) -> bool:
        """Whether no question follows the present one."""
        return self.position == len(self.items)

    @property
    def expired(self) -> bool:
        """Whether it closed itself."""
        return self.state is State.CLOSED and self.ended_at is not None and self.ended_at >= self._idle_at

    def overdue(self, now: int) -> bool:
        """Whether it has been left alone so long that it counts as closed, whoever notices first."""
        return self.state is State.RUNNING and now >= self._idle_at

    @property
    def _idle_at(self) -> int:
        return self.touched_at + IDLE_AT_MOST

    def put_at(self, position: int) -> Put | None:
        return self.items[position - 1] if 1 <= position <= len(self.items) else None

    def explains(self, position: int) -> bool:
        """Whether the explanation at `position` is before the learner."""
        return self.phase is Phase.EXPLAINED and position == self.position

    def following(self, barred: Collection[str]) -> int | None:
        """The next position whose item is not `barred`; None when there is none."""
        return next((put.position for put in self.items[self.position :] if put.item_id not in barred), None)

    # -- steps -----------------------------------------------------------------------------------------------

    def answer(self, position: int, chosen: str, *, correct: bool, now: int) -> "Session":
        """The answer to the question at `position`; the last one finishes the session."""
        if self.phase is not Phase.QUESTION or position != self.position:
            raise Impossible
        put = replace(self.current, chosen=chosen, correct=correct, answered_at=now)
        after = replace(self._with(put), touched_at=now)
        return replace(after, state=State.FINISHED, ended_at=now) if self.last else after

    def go_on(self, position: int, barred: Collection[str], now: int) -> "Session":
        """From the explanation at `position` to the next question, or to the end when all that follow are barred."""
        if not self.explains(position):
            raise Impossible
        return self._onward(barred, now)

    def pass_over(self, barred: Collection[str], now: int) -> "Session":
        """Leave out the question before the learner, which has become one of the `barred`."""
        if self.phase is not Phase.QUESTION or self.current.item_id not in barred:
            raise Impossible
        return self._onward(barred, now)

    def _onward(self, barred: Collection[str], now: int) -> "Session":
        to = self.following(barred)
        if to is None:
            return replace(self, state=State.FINISHED, ended_at=now, touched_at=now)
        return replace(self, position=to, touched_at=now)

    def expire(self, now: int) -> "Session":
        """Close itself, as of when it was due."""
        if not self.overdue(now):
            raise Impossible
        return replace(self, state=State.CLOSED, ended_at=self._idle_at)

    def note(self, position: int, reason: Reason) -> "Session":
        """Say how an answer came about; a later word replaces it. A hit can only have been guessed."""
        put = self.put_at(position)
        if put is None or put.chosen is None or (put.correct and reason is not Reason.GUESSED):
            raise Impossible
        return self._with(replace(put, reason=reason))

    def share(self, now: int) -> "Session":
        """Show the result to others, once."""
        if self.state not in (State.FINISHED, State.CLOSED) or self.shared_at is not None or not self.answered:
            raise Impossible
        return replace(self, shared_at=now)

    def _with(self, put: Put) -> "Session":
        return replace(self, items=tuple(put if old.position == put.position else old for old in self.items))


def worth(put: Put, full: int, guild_id: int, *, counted: bool) -> Worth:
    """Why an answer brought its points; `full` is what a first right answer brings, `counted` whether it was the first
    of the season in its guild."""
    if guild_id == 0:
        return Worth.NOWHERE
    if not put.correct:
        return Worth.WRONG
    if not counted:
        return Worth.REPEATED
    return Worth.FULL if put.points >= full else Worth.CAPPED
