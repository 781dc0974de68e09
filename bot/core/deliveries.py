"""Messages owed at a time: their states, how long each kind stays useful, and when to try again."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from random import Random

HOUR = 3600
DAY = 24 * HOUR


class Kind(StrEnum):
    DAILY_POST = "daily_post"
    REVEAL = "reveal"
    NOTICE = "notice"
    SEASON = "season"
    LIVE_QUESTION = "live_question"
    LIVE_CLOSE = "live_close"
    LIVE_RESULT = "live_result"
    GROUP_NOTICE = "group_notice"
    GROUP_WEEK = "group_week"
    MEETING = "meeting"
    MEETING_REMINDER = "meeting_reminder"
    MEETING_END = "meeting_end"
    EXAM_REMINDER = "exam_reminder"
    GROUP_DATE = "group_date"
    UNREACHED = "unreached"
    PLAN_WEEK = "plan_week"
    CEU = "ceu"


PRIVATE = frozenset({Kind.EXAM_REMINDER, Kind.PLAN_WEEK, Kind.CEU})
"""What is a learner's own. Its guild is where it was asked for, 0 in direct messages; it need not go there, and the bot need
not be there any more."""


class State(IntEnum):
    """PENDING and CLAIMED are open; the others are final."""

    PENDING = 0
    CLAIMED = 1
    SENT = 2
    FAILED = 3
    EXPIRED = 4
    CANCELLED = 5


class Lane(StrEnum):
    """What goes to a server, and what goes to one person. A server's never waits behind those of its own or another's
    thousand members, which fall due in the same minute, nor a member's behind all servers'."""

    SERVERS = "servers"
    PERSONS = "persons"


USEFUL_FOR: dict[Kind, int] = {
    Kind.DAILY_POST: 12 * HOUR,
    Kind.REVEAL: 14 * DAY,
    Kind.NOTICE: 7 * DAY,
    Kind.SEASON: 7 * DAY,
    Kind.LIVE_QUESTION: 10 * 60,
    # The key belongs on the question's message however late it is.
    Kind.LIVE_CLOSE: 7 * DAY,
    Kind.LIVE_RESULT: DAY,
    Kind.GROUP_NOTICE: 7 * DAY,
    Kind.GROUP_WEEK: 6 * DAY,
    Kind.MEETING: DAY,
    Kind.MEETING_REMINDER: 30 * 60,
    Kind.MEETING_END: 14 * DAY,
    # Each is owed with an end of its own: the next reminder, or the exam.
    Kind.EXAM_REMINDER: DAY,
    Kind.GROUP_DATE: DAY,
    Kind.UNREACHED: 2 * DAY,
    # Owed with an end of its own: Wednesday, or the exam.
    Kind.PLAN_WEEK: DAY,
    # Owed with an end of its own, too: the next one, or the end of the cycle.
    Kind.CEU: 14 * DAY,
}
"""Seconds after its due time during which a message is still worth sending."""

LATE_AFTER = 300
"""A message sent more than this many seconds after it was due says so."""

LEASE = 120
"""Seconds for which a claim holds; a send is given up before."""

CALLED_OFF = -1
"""The end of usefulness of what was called off while an attempt was under way."""

SEND_TIMEOUT = 60

NONCE_WINDOW = 60
"""Seconds within which Discord surely still answers a repeated nonce with the first message ("a few minutes")."""


DMS_CLOSED = "direct messages closed"
NO_SERVER = "no server in common"
"""Reasons why a direct message can't be delivered; both are stored and shown."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message owed. `subject` names what it is about within its kind: a local date, a round's id, an item.

    `unsure_since` is when an attempt began whose end is unknown; None when no message can have got through.
    """

    id: int
    kind: Kind
    guild_id: int
    user_id: int | None
    subject: str
    due_at: int
    useful_until: int
    attempts: int
    lease: str
    unsure_since: int | None

    def late(self, now: int) -> bool:
        return now - self.due_at > LATE_AFTER

    @property
    def nonce(self) -> str:
        return str(self.id)

    @property
    def server_id(self) -> int:
        """The guild whose channels it goes to; 0 for what is a learner's own."""
        return 0 if self.kind in PRIVATE else self.guild_id

    @property
    def lane(self) -> Lane:
        return Lane.SERVERS if self.user_id is None else Lane.PERSONS


def crowding(guilds: Iterable[int], slots: int) -> list[int]:
    """The guilds that hold as many of the `slots` as would be each one's if one more came; `guilds` has one for each slot
    that is taken. What is due in others goes first, so that nobody waits for all of a guild's thousand members. A guild
    with a single slot never crowds."""
    held = Counter(guilds)
    share = max(2, slots // (len(held) + 1))
    return sorted(guild_id for guild_id, count in held.items() if count >= share)


def backoff(attempt: int, rng: Random) -> int:
    """Seconds before attempt number `attempt` + 1: doubling from 5 s to 15 min, with up to a quarter of jitter."""
    base = min(5 * 2 ** (attempt - 1), 900)
    return base + round(rng.uniform(0, base / 4))


def is_off(wanted: int, owed: tuple[State, int] | None, now: int) -> bool:
    """Whether what is wanted at an instant (UTC seconds) was never owed, or waits for another one later than `now`; `owed`
    is what became of it and its due. What is due by `now`, went out, or was given up stays."""
    return owed is None or (owed[0] is State.PENDING and now < owed[1] != wanted)


def must_look_first(delivery: Delivery, age: float | None) -> bool:
    """Whether an earlier attempt may have got through so long ago that a repeated nonce proves nothing any more.

    `age` is the seconds since that attempt began by a clock that nobody sets; None where this process did not see it.
    """
    return delivery.unsure_since is not None and (age is None or age > NONCE_WINDOW)


class DeliveryFault(Exception):
    """A delivery did not go out; `reason` is a short word for logs and metrics."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Retry(DeliveryFault):
    """A passing fault. `unsure` when the message may have got through all the same; `after` seconds if the server says."""

    def __init__(self, reason: str, *, unsure: bool, after: float | None = None) -> None:
        super().__init__(reason)
        self.unsure = unsure
        self.after = after


class Undeliverable(DeliveryFault):
    """A final fault: the channel is gone, forbidden, or the DM is closed."""


class Unneeded(DeliveryFault):
    """There is nothing left to send: the guild left, the round was withdrawn."""
