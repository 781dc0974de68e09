"""The daily question: a guild's settings, a round, and what an answer to it comes to."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from zoneinfo import ZoneInfo

from bot.core.asked import Asked
from bot.core.content import Item, Option
from bot.core.deliveries import USEFUL_FOR, Kind
from bot.core.schedule import Schedule, latest_occurrence, next_occurrence
from bot.core.streaks import Streak

REVEAL_LEAD = 60
"""Seconds by which a reveal "at the next post" comes before that post, so that a channel reads in order."""


@dataclass(frozen=True, slots=True)
class DailySettings:
    """What an organiser chose in /setup. `reveal_hours` None means: at the next post."""

    guild_id: int
    channel_id: int
    minute: int
    zone: str
    exam: str
    organiser_id: int
    role_id: int | None = None
    reveal_hours: int | None = None
    freezes: bool = True
    active: bool = True
    fault: str = ""
    revision: int = 0

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.minute, ZoneInfo(self.zone))


class RoundState(IntEnum):
    OPEN = 1
    REVEALED = 2
    VOID = 3
    """The post never went out: nobody could answer, so nobody missed it."""


@dataclass(frozen=True, slots=True)
class Round:
    """One daily question in one guild on one local date; `number` counts a guild's rounds from 1."""

    id: int
    guild_id: int
    local_date: date
    number: int
    item: Item
    seed: int
    state: RoundState
    channel_id: int
    message_id: int | None
    thread_id: int | None
    reveal_at: int | None
    delivery_id: int
    late: bool = False

    @property
    def asked(self) -> Asked:
        """The item with its options in the order shown."""
        return Asked(self.item, self.seed)

    @property
    def order(self) -> tuple[int, ...]:
        """The author's positions of the options in the order shown."""
        return self.asked.order

    @property
    def options(self) -> list[tuple[str, Option]]:
        """Each letter with its option, in the order shown."""
        return self.asked.options

    @property
    def key(self) -> str:
        """The right letters as shown, in order: "B" or "AD"."""
        return self.asked.key

    def check_choice(self, chosen: str) -> str:
        """`chosen` as sorted letters. Raises ChoiceUnknown for letters that the round does not show."""
        return self.asked.check_choice(chosen)


@dataclass(frozen=True, slots=True)
class Answer:
    """A learner's one attempt at a round. `late` answers are practice: they score nothing."""

    round_id: int
    user_id: int
    chosen: str
    correct: bool
    late: bool
    points: int
    guessed: bool
    answered_at: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What the private reply shows. `new` is False when the learner had answered this round before."""

    round: Round
    answer: Answer
    streak: Streak
    new: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A learner's own page: today's round, streak, and past rounds newest first with the answer given to each."""

    settings: DailySettings
    today: Round | None
    today_answer: Answer | None
    streak: Streak
    points: int
    answered: int
    correct: int
    past: tuple[tuple[Round, Answer | None], ...]
    next_at: int | None


def next_round(schedule: Schedule, last: date | None, now: int) -> tuple[date, int]:
    """The local date and instant of the next round after `now`, a local date having one round at most.

    `last` is the local date of the guild's last round: its clock may have been set to a later time since.
    """
    day, due_at = next_occurrence(schedule, now)
    while last is not None and day <= last:
        day, due_at = next_occurrence(schedule, due_at)
    return day, due_at


def round_owed(schedule: Schedule, last: date | None, now: int) -> tuple[date, int]:
    """The round to plan after that of `last`: the latest that went by if it is still worth posting, else the next.

    Rounds missed in a longer absence thereby collapse into one.
    """
    day, due_at = latest_occurrence(schedule, now)
    if last is not None and day > last and now - due_at <= USEFUL_FOR[Kind.DAILY_POST]:
        return day, due_at
    return next_round(schedule, last, now)
