"""Study groups: who may join how, the limits that keep a server tidy, and the weekly goal."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

from bot.core.group_errors import GoalUnreadable, GroupNameUnfit
from bot.core.periods import Period
from bot.core.schedule import first_instant

NAME_AT_LEAST, NAME_AT_MOST = 2, 50
GOAL_AT_MOST = {"answers": 5000, "days": 700}
INVITATION_HOLDS = 7 * 86_400
"""Seconds for which an invitation can be accepted."""

WEEK_BEGINS = time(7)
"""When on a Monday, by the guild's clock, the message of the week goes out: the week itself began at midnight, but nobody
wants to be woken by it."""


class Joining(StrEnum):
    """How people come into a group."""

    OPEN = "open"
    REQUEST = "request"
    INVITATION = "invitation"


class GroupState(IntEnum):
    OPEN = 1
    CLOSED = 2


class GoalKind(StrEnum):
    """What a weekly goal counts: answers that count on the board, or days on which a member answered, summed over members."""

    ANSWERS = "answers"
    DAYS = "days"


class Creators(StrEnum):
    """Who may create groups in a server."""

    EVERYONE = "everyone"
    ORGANISERS = "organisers"


@dataclass(frozen=True, slots=True)
class Goal:
    kind: GoalKind
    number: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What an organiser allows: groups in the server, groups a learner owns and is in, and members of a group."""

    groups: int = 25
    owned: int = 2
    joined: int = 5
    members: int = 50
    creators: Creators = Creators.EVERYONE


LIMIT_CHOICES: dict[str, tuple[int, ...]] = {
    "groups": (1, 5, 10, 15, 25, 35, 50),
    "owned": (1, 2, 3, 5, 10),
    "joined": (1, 2, 3, 5, 10, 15),
    "members": (5, 10, 20, 30, 50, 75, 100),
}


@dataclass(frozen=True, slots=True)
class Group:
    """A study group. `thread_id` is its own private thread, if it has one. `fault` says what the bot could not do about its
    thread or role, `unsent` which message could not be sent to its place."""

    id: int
    guild_id: int
    name: str
    exam: str
    target_date: date | None
    joining: Joining
    state: GroupState
    channel_id: int
    thread_id: int | None
    role_id: int | None
    goal: Goal | None
    members: int
    owner_id: int
    fault: str = ""
    unsent: str = ""

    @property
    def place_id(self) -> int:
        """Where its messages go."""
        return self.thread_id or self.channel_id

    @property
    def is_open(self) -> bool:
        return self.state is GroupState.OPEN


@dataclass(frozen=True, slots=True)
class GroupName:
    """An open group of a server, to choose; `own` for the learner who asked."""

    id: int
    name: str
    own: bool


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a group. Who is not `shown` is named to nobody else."""

    user_id: int
    owner: bool
    joined_at: int
    shown: bool


@dataclass(frozen=True, slots=True)
class Week:
    """A week of a group with its goal, None for one without; `reached` counts so far, or for good once it is `settled`."""

    group_id: int
    key: int
    goal: Goal | None
    reached: int
    settled: bool
    channel_id: int | None = None
    message_id: int | None = None
    delivery_id: int | None = None

    @property
    def met(self) -> bool:
        return self.goal is not None and self.reached >= self.goal.number


def clean_name(text: str) -> str:
    """A group's name with single spaces. Raises GroupNameUnfit."""
    name = " ".join("".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text)).split())
    if not NAME_AT_LEAST <= len(name) <= NAME_AT_MOST or not any(c.isalnum() for c in name):
        raise GroupNameUnfit(least=NAME_AT_LEAST, most=NAME_AT_MOST)
    return name


def name_key(name: str) -> str:
    """What two names share that people would take for one: case, spaces and forms of letters don't tell them apart."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


_GOAL = re.compile(
    r"\s*(\d{1,6})\s*(?:x\s*)?(answers?|questions?|(?:active\s*)?days?)?\s*(?:a|per|/|each)?\s*(?:week)?\s*"
)
_NONE = {"", "0", "-", "none", "no", "no goal", "off"}


def parse_goal(text: str) -> Goal | None:
    """A weekly goal from what people type: 60, 60 answers, 12 days a week, none. Raises GoalUnreadable."""
    typed = text.strip().lower()
    if typed in _NONE:
        return None
    match = _GOAL.fullmatch(typed)
    if match is None:
        raise GoalUnreadable(text=text.strip()[:40])
    kind = GoalKind.DAYS if (match[2] or "").endswith(("day", "days")) else GoalKind.ANSWERS
    number = int(match[1])
    if not 1 <= number <= GOAL_AT_MOST[kind]:
        raise GoalUnreadable(text=text.strip()[:40])
    return Goal(kind, number)


def streak(weeks: Iterable[Week]) -> int:
    """The weeks in a row in which the goal was met, from settled weeks, newest first. Weeks without a goal neither count
    nor break it."""
    count = 0
    for week in weeks:
        if week.goal is None:
            continue
        if not week.met:
            break
        count += 1
    return count


def week_begins(week: Period, zone: ZoneInfo) -> int:
    """When the message of a week is due (UTC seconds)."""
    return first_instant(week.first, WEEK_BEGINS, zone)
