"""Streaks of answered daily rounds, with freezes that protect a missed one without counting it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

FREEZE_EVERY = 7
FREEZES_AT_MOST = 2
MISSES_THAT_MATTER = FREEZES_AT_MOST + 1
"""More missed rounds than this in a row change nothing further."""


@dataclass(frozen=True, slots=True)
class Streak:
    """A learner's streak in a guild as of the last round that it accounts for.

    `number` is that round's number in its guild, `current` the answered rounds in a row, `freezes` what is held.
    """

    number: int = 0
    current: int = 0
    longest: int = 0
    freezes: int = 0


def missed(streak: Streak, freezable: Iterable[bool]) -> Streak:
    """The streak after rounds that went by unanswered, oldest first; each says whether its guild allowed freezes."""
    for allowed in freezable:
        if streak.current == 0:
            break
        if allowed and streak.freezes > 0:
            streak = replace(streak, freezes=streak.freezes - 1)
        else:
            streak = replace(streak, current=0, freezes=0)
    return streak


def answered(streak: Streak, number: int, freezable: Iterable[bool]) -> Streak:
    """The streak after round `number` was answered in time, the rounds since `streak.number` having been missed."""
    streak = missed(streak, freezable)
    current = streak.current + 1
    earned = current % FREEZE_EVERY == 0
    return Streak(
        number=number,
        current=current,
        longest=max(streak.longest, current),
        freezes=min(streak.freezes + earned, FREEZES_AT_MOST),
    )
