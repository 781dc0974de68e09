"""Live rounds: what is asked in which order, what state a round and its questions are in, and who stands where."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from random import Random

from bot.core.asked import Asked
from bot.core.blueprint import next_area
from bot.core.content import Exam, Item
from bot.core.live_errors import LiveTooFew

QUESTIONS = (5, 20)
"""The fewest and the most questions of a round."""

SECONDS = (20, 120)
"""The shortest and the longest time for a question."""

QUESTIONS_USUALLY, SECONDS_USUALLY = 10, 45

STARTS_IN = 15
"""Seconds from the announcement to the first question."""

BETWEEN = 12
"""Seconds to read the key before the next question comes."""

AGAIN_IN = 5
"""Seconds from "Go on" to the next question, when the round was paused between two."""

RESULT_IN = 6
"""Seconds from the last key to the result."""

GOES_ON_WITHIN = 600
"""A round that stood still for longer than this many seconds, since the bot was away, ends: nobody waits for it."""

PAUSED_AT_MOST = 3600
"""Seconds after which a paused round ends by itself, so that a forgotten one does not block its channel."""

RECENT = 200
"""Items asked last in a guild, daily and live, that come again only when no others are left."""


class LiveState(IntEnum):
    RUNNING = 1
    PAUSED = 2
    OVER = 3
    """No more questions; the result is on its way or out."""


class QuestionState(IntEnum):
    TO_COME = 0
    OPEN = 1
    CLOSED = 2
    """Its answers are judged."""
    VOID = 3
    """Skipped, or the round ended over it: its answers count for nothing."""


OUTAGE, FORGOTTEN = "outage", "paused too long"
"""Why a round ended before its time, where the result still goes out."""


@dataclass(frozen=True, slots=True)
class LiveRound:
    """`host_id` is 0 when the host had their data erased; `position` is the question asked now or last, from 1."""

    id: int
    guild_id: int
    channel_id: int
    host_id: int
    exam: str
    area: str
    length: int
    seconds: int
    state: LiveState
    position: int
    fault: str


@dataclass(frozen=True, slots=True)
class LiveQuestion:
    """A question of a round. `closes_at` (UTC seconds) is None before it is out, and while its clock is stopped."""

    round: LiveRound
    position: int
    asked: Asked
    state: QuestionState
    delivery_id: int
    message_id: int | None
    closes_at: int | None
    remaining: int | None

    @property
    def paused(self) -> bool:
        return self.state is QuestionState.OPEN and self.round.state is LiveState.PAUSED

    @property
    def last(self) -> bool:
        return self.position == self.round.length


@dataclass(frozen=True, slots=True)
class LiveAnswer:
    """`correct` is None until the question closes, and for good when it was void."""

    position: int
    chosen: str
    correct: bool | None
    points: int


@dataclass(frozen=True, slots=True)
class Player:
    """What a player has by now; `name` is None for those who prefer not to be named."""

    name: str | None
    right: int
    points: int


@dataclass(frozen=True, slots=True)
class Rank:
    """Everybody with the same number of right answers: they share the rank, and as many ranks after it are left out."""

    rank: int
    right: int
    players: tuple[Player, ...]


@dataclass(frozen=True, slots=True)
class Standings:
    """Who stands where. `unnamed` counts the players left out, who prefer not to be named."""

    ranks: tuple[Rank, ...]
    players: int
    unnamed: int


def standings(players: Iterable[Player]) -> Standings:
    """Rank players by right answers alone; ties are ties (1, 2, 2, 4), in the order of their names. A rank counts only
    those who are named: nothing shows where somebody who isn't stands."""
    everybody = list(players)
    named = [player for player in everybody if player.name is not None]
    ranks: list[Rank] = []
    above = 0
    for right in sorted({player.right for player in named}, reverse=True):
        tied = sorted((player for player in named if player.right == right), key=lambda player: player.name or "")
        ranks.append(Rank(above + 1, right, tuple(tied)))
        above += len(tied)
    return Standings(tuple(ranks), len(everybody), len(everybody) - len(named))


def select(
    exam: Exam,
    pool: Sequence[Item],
    count: int,
    *,
    area: str = "",
    recent: Sequence[str] = (),
    excluded: Collection[str] = (),
    rng: Random,
) -> list[Item]:
    """`count` items of an exam, or of one row of its blueprint, in the order in which they are asked.

    Items not among `recent` (ids, oldest first) come first, then those used longest ago; areas follow the blueprint
    (bot/core/blueprint.py); no concept comes twice in a row; no item of a case set and none of `excluded`.
    Raises LiveTooFew.
    """
    rows = {item.id: row.id for item in pool if (row := exam.area_of(item)) is not None}
    left = [
        item
        for item in pool
        if item.id in rows and not item.case and item.id not in excluded and area in ("", rows[item.id])
    ]
    possible = _longest_course(Counter(item.concept for item in left), count)
    if possible < count:
        raise LiveTooFew(available=possible, wanted=count, fewest=QUESTIONS[0])
    used = {item_id: turn for turn, item_id in enumerate(recent)}
    weights = {row.id: row.weight for row in exam.areas}
    served: Counter[str] = Counter()
    course: list[Item] = []
    while len(course) < count:
        last = course[-1].concept if course else None
        following = _may_follow(left, last, count - len(course) - 1)
        fresh = [item for item in following if item.id not in used] or following
        row = next_area(weights, served, {rows[item.id] for item in fresh})
        here = sorted(
            (item for item in fresh if rows[item.id] == row), key=lambda item: (used.get(item.id, -1), item.id)
        )
        unseen = [item for item in here if item.id not in used]
        item = rng.choice(unseen or here[: (len(here) + 1) // 2])
        served[row] += 1
        course.append(item)
        left.remove(item)
    return course


def _longest_course(concepts: Counter[str], at_most: int) -> int:
    """How many items can follow one another, no concept twice in a row: each fills at most every other place."""
    for length in range(at_most, 0, -1):
        if sum(min(number, (length + 1) // 2) for number in concepts.values()) >= length:
            return length
    return 0


def _may_follow(left: Sequence[Item], last: str | None, after: int) -> list[Item]:
    """The items of `left` of another concept than `last` after which `after` more can be asked the same way."""
    counts = Counter(item.concept for item in left)
    half = (after + 1) // 2
    total = sum(min(number, half) for number in counts.values())
    # What follows may not begin with the concept just asked, which leaves it one place less if `after` is odd.
    fits = {
        concept
        for concept, number in counts.items()
        if concept != last and total - min(number, half) + min(number - 1, after // 2) >= after
    }
    return [item for item in left if item.concept in fits]
