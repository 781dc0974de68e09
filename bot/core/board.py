"""Boards: who stands where, and how that is read."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.core.periods import Period, Span
from bot.core.scores import ANSWERS_AT_LEAST

TOP = 10
"""Places that a board shows to everybody."""

ACTIVE_AT_LEAST = 2
"""Learners with a counted answer in the period that a group needs to stand against other groups."""

NOBODY = "A learner"
"""What somebody is called whose name is not known."""


class Scope(StrEnum):
    """Whom a board compares: all of a server, the members of a group, or the groups of a server."""

    SERVER = "server"
    GROUP = "group"
    GROUPS = "groups"


class Metric(StrEnum):
    POINTS = "points"
    ACCURACY = "accuracy"
    STREAK = "streak"


@dataclass(frozen=True, slots=True)
class Asked:
    """A board that somebody wants to see. `group` 0 is the one of theirs that they joined last; `first` is a day of the
    period, None for the running one."""

    scope: Scope = Scope.SERVER
    metric: Metric = Metric.POINTS
    span: Span = Span.SEASON
    group: int = 0
    first: date | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """One line of a board. Equal values share a rank, and the next rank is left out for each (1, 2, 2, 4).

    `value` is points, or a streak in rounds, or the accuracy bound in millionths, or in a board of groups the points
    per active member times 100. `moved` is how many ranks were won since the period before; None without a rank then.
    """

    rank: int
    name: str
    value: int
    answers: int
    correct: int
    moved: int | None = None
    own: bool = False
    members: int = 0
    """In a board of groups: the members with a counted answer in the period."""


@dataclass(frozen=True, slots=True)
class Board:
    """A board as one reader sees it: the top places, and the reader's own with the two around it if it is further down.

    `own` is the reader's place, None when they have none; a hidden reader has one that nobody else sees, and `hidden`
    says so. `ranked` counts who is on the board. `own_answers` is what the reader has of those that are `needed`.
    """

    scope: Scope
    metric: Metric
    period: Period
    title: str
    """The name of the server, or of the group."""
    top: tuple[Place, ...]
    around: tuple[Place, ...] = ()
    own: Place | None = None
    hidden: bool = False
    ranked: int = 0
    own_answers: int = 0
    earlier: bool = False
    """Whether something was counted in a period before."""
    later: bool = False
    """Whether a later period has begun."""

    @property
    def needed(self) -> int:
        """The least number of answers for accuracy, of active members for groups, else 0."""
        if self.scope is Scope.GROUPS:
            return ACTIVE_AT_LEAST
        return ANSWERS_AT_LEAST[self.period.span] if self.metric is Metric.ACCURACY else 0

    @property
    def public(self) -> "Board":
        """The board as somebody sees it who is not on it: nothing in it tells who asked."""
        top = tuple(replace(place, own=False) for place in self.top)
        return replace(self, top=top, around=(), own=None, hidden=False, own_answers=0)


def ranks(values: list[int]) -> list[int]:
    """The ranks of values in descending order, from 1: equal ones share theirs, and the next is left out for each."""
    found: list[int] = []
    for i, value in enumerate(values):
        found.append(found[-1] if i and values[i - 1] == value else i + 1)
    return found
