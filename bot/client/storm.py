"""Guards against storms: sessions that Discord keeps closing must not burn the day's identifies or the CPU."""

from collections import defaultdict, deque
from collections.abc import Callable

USUAL_DELAY = 5.0
"""Seconds between identifies that Discord asks for."""

CALM = 3
"""Identifies of one shard within WINDOW that are normal."""

WINDOW = 600.0

LONGEST_HOLD = 40.0
"""Seconds that an identify may be held back: discord.py gives a shard's connection up after 60."""

LONGEST_DELAY = 300.0


class IdentifyGuard:
    """How long to wait before an identify: 5 s, and doubling for a shard that needs them too often."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._recent: defaultdict[int, deque[float]] = defaultdict(deque)

    def delay(self, shard_id: int, *, initial: bool) -> float:
        """Seconds to wait; counts this identify. `initial` is the very first of the process."""
        now = self._clock()
        recent = self._recent[shard_id]
        while recent and now - recent[0] > WINDOW:
            recent.popleft()
        recent.append(now)
        if initial:
            return 0.0
        excess = max(len(recent) - CALM, 0)
        return min(USUAL_DELAY * 2**excess, LONGEST_HOLD)


class RestartGuard:
    """How long to wait before the client is started anew after it ended by itself: 1 s, doubling to 5 min."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._started = clock()

    def started(self) -> None:
        self._started = self._clock()

    def delay(self) -> float:
        """Seconds to wait; a run of more than ten minutes starts the count again."""
        if self._clock() - self._started > WINDOW:
            self._failures = 0
        self._failures += 1
        return min(2.0 ** (self._failures - 1), LONGEST_DELAY)
