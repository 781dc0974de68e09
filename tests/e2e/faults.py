"""Faults that the loopback Discord puts into its answers, drawn from a seeded plan."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random


class Fault(StrEnum):
    RATE_LIMITED = "429"
    ERROR = "500"
    UNAVAILABLE = "503"
    DROPPED = "dropped"
    """The connection breaks before anything happened."""
    SLOW = "slow"
    """It happens late."""
    LOST = "done, answer lost"
    DONE_ERROR = "done, 500"
    DONE_UNAVAILABLE = "done, 503"
    STALLED = "done, answer late"


STATUS = {
    Fault.ERROR: 500,
    Fault.DONE_ERROR: 500,
    Fault.UNAVAILABLE: 503,
    Fault.DONE_UNAVAILABLE: 503,
}

WEIGHTS = {
    Fault.RATE_LIMITED: 2,
    Fault.ERROR: 1,
    Fault.UNAVAILABLE: 2,
    Fault.DROPPED: 2,
    Fault.SLOW: 2,
    Fault.LOST: 4,
    Fault.DONE_ERROR: 2,
    Fault.DONE_UNAVAILABLE: 2,
    Fault.STALLED: 2,
}


@dataclass
class Plan:
    """How often a route fails, by route name; what happened is counted in `injected`."""

    rng: Random = field(default_factory=lambda: Random(0))
    rates: Mapping[str, float] = field(default_factory=dict)
    slow: tuple[float, float] = (0.1, 0.9)
    stalled: tuple[float, float] = (0.2, 2.5)
    retry_after: float = 0.3
    injected: Counter[Fault] = field(default_factory=Counter)

    def draw(self, route: str) -> Fault | None:
        if self.rng.random() >= self.rates.get(route, 0):
            return None
        [fault] = self.rng.choices(list(WEIGHTS), list(WEIGHTS.values()))
        self.injected[fault] += 1
        return fault

    def seconds(self, fault: Fault) -> float:
        """How long a slow or stalled request takes."""
        return self.rng.uniform(*(self.slow if fault is Fault.SLOW else self.stalled))
