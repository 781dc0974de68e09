"""Guards against storms: sessions that Discord keeps closing must not burn the day's identifies or the CPU."""

from collections import deque
from collections.abc import Callable

USUAL_DELAY = 5.0
"""Seconds between identifies that Discord asks for."""

CALM = 5
"""Identifies within WINDOW that are normal for one shard."""

WINDOW = 600.0
LONGEST_DELAY = 300.0


class IdentifyGuard:
    """How long to wait before an identify: 5 s, and doubling once they come too often."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._recent: deque[float] = deque()

    def delay(self, *, initial: bool) -> float:
        """Seconds to wait; counts this identify."""
        now = self._clock()
        while self._recent and now - self._recent[0] > WINDOW:
            self._recent.popleft()
        # Each shard's first session is no storm.
        if initial:
            return 0.0
        self._recent.append(now)
        excess = len(self._recent) - CALM
        if excess <= 0:
            return USUAL_DELAY
        return min(USUAL_DELAY * 2**excess, LONGEST_DELAY)


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
