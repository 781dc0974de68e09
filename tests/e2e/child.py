"""`python -m bot run` with the times of deliveries cut short, so that what takes minutes on Discord takes seconds here.

The proportions stay: a send is given up before its lease ends, a nonce is trusted for less time than the loopback
Discord remembers it, and after a kill the lease outlives that memory, so that the message must be looked for.
"""

import logging
from random import Random

from aiolimiter import AsyncLimiter

from bot import app
from bot.client.courier import DiscordCourier
from bot.core import deliveries
from bot.core.deliveries import Delivery
from bot.services import deliveries as service
from bot.storage import deliveries as storage
from cogs.daily import posting

LEASE, NONCE_WINDOW, SEND_TIMEOUT = 8, 2, 1.5
NONCE_REMEMBERED = 7.0
LONGEST_BACKOFF = 3
AT_ONCE = 32
SPEED = deliveries.SEND_TIMEOUT / SEND_TIMEOUT

log = logging.getLogger(__name__)


def backoff(attempt: int, rng: Random) -> float:
    return min(0.2 * 2 ** (attempt - 1), LONGEST_BACKOFF) + rng.uniform(0, 0.2)


def limiter(rate: float, period: float) -> AsyncLimiter:
    """As many requests within a send's time as there are in the real one."""
    return AsyncLimiter(rate * SPEED, period)


class LoudCourier(DiscordCourier):
    """Says in the log how each look for an earlier message ended."""

    async def find(self, delivery: Delivery) -> int | None:
        found = await super().find(delivery)
        log.info("looked: %s", "found" if found is not None else "nothing")
        return found


def shorten() -> None:
    """Cut the times in every module that holds a copy of them."""
    deliveries.LEASE = storage.LEASE = LEASE
    deliveries.SEND_TIMEOUT = service.SEND_TIMEOUT = SEND_TIMEOUT  # pyright: ignore[reportAttributeAccessIssue]
    deliveries.NONCE_WINDOW = NONCE_WINDOW
    # As many at once as get through in that time on a machine that is busy with other tests.
    app.SEND_TIMEOUT = AT_ONCE * 8 / 40  # pyright: ignore[reportPrivateImportUsage, reportAttributeAccessIssue]
    service.backoff = backoff  # pyright: ignore[reportAttributeAccessIssue]
    posting.TALLY_EVERY = posting.AGAIN_IN = 0.4
    defaults = app.build_services.__kwdefaults__
    assert defaults is not None
    defaults["longest_sleep"] = 0.3


def main() -> None:
    from bot.__main__ import app as command_line
    from bot.client import studybot

    shorten()
    studybot.AsyncLimiter = limiter  # pyright: ignore[reportPrivateImportUsage, reportAttributeAccessIssue]
    studybot.DiscordCourier = LoudCourier  # pyright: ignore[reportPrivateImportUsage]
    command_line(["run"])


if __name__ == "__main__":
    main()
