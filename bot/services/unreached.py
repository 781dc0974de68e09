"""Learners whose direct messages are closed: the word that a server's channel has for them, without what is private."""

from dataclasses import dataclass

from bot.core.deliveries import DMS_CLOSED, NO_SERVER, Delivery, Kind, State, Unneeded
from bot.core.privacy import Visibility
from bot.storage import deliveries, guilds, learners
from bot.storage.database import Database, Statement

UNREACHED = frozenset({DMS_CLOSED, NO_SERVER})
"""Faults after which the learner is told in the server."""


async def owe_unreached(
    db: Database, reason: str, guild_id: int, user_id: int, about: str, now: int
) -> list[Statement]:
    """Owe a word in the server to a learner whom a message did not reach for this reason, once for what it is `about` (a
    kind and an id). Nothing where they came without a server, or chose to be hidden: then no channel names them."""
    if reason not in UNREACHED or not guild_id:
        return []
    if await learners.visibility(db, user_id) is Visibility.HIDDEN:
        return []
    return [deliveries.owe(Kind.UNREACHED, guild_id, about, now, user_id=user_id)]


@dataclass(frozen=True, slots=True)
class UnreachedPost:
    """Whom a server's channel is asked to tell that their direct messages are closed."""

    user_id: int
    guild_id: int
    channel_id: int


class Unreached:
    """What words to learners who could not be reached mean."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def prepare(self, delivery: Delivery) -> UnreachedPost:
        """Raises Unneeded where the server has no channel for it, or the learner chose to be hidden since it was owed."""
        server = await guilds.get(self._db, delivery.guild_id)
        if server is None or not server.active or delivery.user_id is None:
            raise Unneeded("no channel")
        if await learners.visibility(self._db, delivery.user_id) is Visibility.HIDDEN:
            raise Unneeded("hidden")
        return UnreachedPost(delivery.user_id, delivery.guild_id, server.channel_id)

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        return []

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        # /exam list shows the fault, whether or not this word arrived.
        return []
