"""Messages that follow what happens: each is brought up to date a while after something was asked of it, once however often
that was."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine

from bot.client.courier import FAULTS, fault_of
from bot.core.deliveries import DeliveryFault, Retry
from bot.log import fields

log = logging.getLogger(__name__)


class Later:
    """Does something for a key a while after the first of any number of touches; a passing fault counts as another one."""

    def __init__(
        self,
        what: str,
        delay: float,
        do: Callable[[int], Awaitable[None]],
        *,
        pace: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`what` names it in logs, `delay` is in seconds; each time waits for its turn at the `pace`, if there is one."""
        self._what = what
        self._delay = delay
        self._do = do
        self._pace = pace
        self._due: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def touch(self, key: int, after: float = 0) -> None:
        """Something happened: do it after the delay, and not before `after` seconds."""
        if key not in self._due:
            self._due.add(key)
            self._begin(self._wait(key, max(self._delay, after)), key)

    def now(self, key: int) -> None:
        """Do it without the delay."""
        self._begin(self._do_now(key), key)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _begin(self, work: Coroutine[None, None, None], key: int) -> None:
        task = asyncio.create_task(work, name=f"{self._what}-{key}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _wait(self, key: int, delay: float) -> None:
        try:
            await asyncio.sleep(delay)
            await self._turn()
        finally:
            # From here on another touch starts another wait: nothing is left undone, and nothing waits twice.
            self._due.discard(key)
        await self._try(key)

    async def _do_now(self, key: int) -> None:
        await self._turn()
        await self._try(key)

    async def _turn(self) -> None:
        if self._pace is not None:
            await self._pace()

    async def _try(self, key: int) -> None:
        try:
            await self._do(key)
        except (*FAULTS, DeliveryFault) as error:
            fault = fault_of(error)
            log.info("message not brought up to date", extra=fields(what=self._what, key=key, reason=fault.reason))
            if isinstance(fault, Retry):
                self.touch(key, fault.after or 0)
        except Exception:
            # A mistake of ours would go wrong the same way each time.
            log.exception("message not brought up to date", extra=fields(what=self._what, key=key))
