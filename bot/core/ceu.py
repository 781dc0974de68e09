"""Continuing education units: what a cycle needs, what counts in it, and where a learner stands.

Units are counted in quarters, as whole numbers.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.core.certs import CeuMinimum, CeuRule, CeuStep
from bot.core.ceu_cycles import Credential, Cycle
from bot.core.ceu_entries import Entry

# -- what a cycle needs ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """A minimum and the quarters of it: needed in a cycle, and earned."""

    minimum: CeuMinimum
    needed: int
    earned: int = 0

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.earned)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a cycle needs, in quarters. `step` is where the number stands, None for the learner's own; `held` is how many
    credentials are held under the rule; `fits` is False where the rule knows no number for so many."""

    needed: int
    step: CeuStep | None
    parts: tuple[Part, ...] = ()
    held: int = 1
    fits: bool = True


def step_for(rule: CeuRule, held: int) -> CeuStep | None:
    """The step for who holds that many credentials; None where none is known."""
    for step in rule.steps:
        if step.credentials == held or (step.or_more and held > step.credentials):
            return step
    return None


def requirement(rule: CeuRule | None, exam: str, held: int, own: int | None) -> Requirement | None:
    """What a cycle of a credential needs; None where that is not known and the learner gave no number."""
    if own is not None:
        return Requirement(own, None, held=held)
    if rule is None:
        return None
    found = step_for(rule, held)
    step = found or rule.steps[0]
    needed = 4 * step.ceus
    parts = tuple(
        Part(least, 4 * least.ceus if least.ceus is not None else math.ceil(needed * (least.percent or 0) / 100))
        for least in rule.minimums
        if not least.exams or exam in least.exams
    )
    return Requirement(needed, step, parts, held, found is not None)


# -- where a learner stands ------------------------------------------------------------------------------------


class Why(StrEnum):
    """Why an entry does not count in a cycle."""

    BEFORE = "before"
    AFTER = "after"
    ISSUER = "issuer"


@dataclass(frozen=True, slots=True)
class Standing:
    """A cycle with what was earned in it, in quarters; `outside` are the other entries and why they don't count."""

    credential: Credential
    cycle: Cycle
    requirement: Requirement
    parts: tuple[Part, ...]
    counted: tuple[Entry, ...]
    outside: tuple[tuple[Entry, Why], ...]

    @property
    def earned(self) -> int:
        return sum(entry.quarters for entry in self.counted)

    @property
    def missing(self) -> int:
        """The fewest quarters that complete the cycle; one unit may serve several minimums."""
        return max(0, self.requirement.needed - self.earned, *(part.missing for part in self.parts))

    @property
    def over(self) -> int:
        return max(0, self.earned - self.requirement.needed)


def standing(
    credential: Credential, cycle: Cycle, needs: Requirement, issuer: str, entries: Sequence[Entry]
) -> Standing:
    counted: list[Entry] = []
    outside: list[tuple[Entry, Why]] = []
    for entry in entries:
        if entry.issuer and entry.issuer != issuer:
            outside.append((entry, Why.ISSUER))
        elif entry.day < cycle.first:
            outside.append((entry, Why.BEFORE))
        elif entry.day > cycle.last:
            outside.append((entry, Why.AFTER))
        else:
            counted.append(entry)
    parts = tuple(
        Part(part.minimum, part.needed, sum(e.quarters for e in counted if part.minimum.id in e.categories))
        for part in needs.parts
    )
    return Standing(credential, cycle, needs, parts, tuple(counted), tuple(outside))
