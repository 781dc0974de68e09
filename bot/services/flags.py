"""Reported items: one flag a learner, three withdraw an item, organisers are told and decide."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.core.content import Content, Item
from bot.core.deliveries import Delivery, Kind, State, Unneeded
from bot.storage import deliveries, guilds
from bot.storage import flags as store
from bot.storage.database import Database, Statement
from bot.storage.flags import WITHDRAW_AT, Flagged

REASONS = ("The key is wrong", "Retired code or old rule", "Unclear or two right answers", "Something else")


@dataclass(frozen=True, slots=True)
class Reported:
    """What a learner is told after reporting. `new` is False when they had reported the item before."""

    new: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """A private message to organisers: about a flagged item, or about a post that failed for `fault`."""

    guild_id: int
    channel_id: int
    item: Item | None
    flagged: Flagged | None
    fault: str


class Flags:
    """Use cases of Report, and what notices mean."""

    def __init__(self, db: Database, content: Content, clock: Callable[[], float], wake: Callable[[], None]) -> None:
        self._db = db
        self._content = content
        self._clock = clock
        self._wake = wake

    async def report(self, guild_id: int, item_id: str, user_id: int, reason: str) -> Reported:
        """Store a learner's flag and tell the organisers of the first one and of a withdrawal."""
        now = int(self._clock())
        new, count = await store.flag(self._db, guild_id, item_id, user_id, reason, now)
        if new and count in (1, WITHDRAW_AT):
            settings = await guilds.get(self._db, guild_id)
            organiser = settings.organiser_id if settings else 0
            subject = f"flag:{item_id}:{count}:{now}"
            await self._db.write(deliveries.owe(Kind.NOTICE, guild_id, subject, now, user_id=organiser or None))
            self._wake()
        return Reported(new, count >= WITHDRAW_AT)

    async def undecided(self, guild_id: int) -> list[tuple[Flagged, Item | None]]:
        return [
            (flagged, self._content.items.get(flagged.item_id)) for flagged in await store.undecided(self._db, guild_id)
        ]

    async def decide(self, guild_id: int, item_id: str, user_id: int, *, keep: bool) -> None:
        """Carry out an organiser's decision; deciding again simply decides anew."""
        await self._db.write(*store.decide(guild_id, item_id, user_id, keep=keep, now=int(self._clock())))

    async def may_decide_privately(self, guild_id: int, user_id: int) -> bool:
        """Whether this person set up that server: in a DM Discord doesn't tell their permissions there."""
        settings = await guilds.get(self._db, guild_id)
        return settings is not None and settings.organiser_id == user_id

    async def prepare_notice(self, delivery: Delivery) -> Notice:
        """What a notice is rendered from. Raises Unneeded when it has been settled meanwhile."""
        settings = await guilds.get(self._db, delivery.guild_id)
        if settings is None:
            raise Unneeded("not set up")
        kind, _, rest = delivery.subject.partition(":")
        if kind == "fault":
            if not settings.fault:
                raise Unneeded("mended")
            return Notice(delivery.guild_id, settings.channel_id, None, None, settings.fault)
        item_id = rest.split(":")[0]
        for flagged in await store.undecided(self._db, delivery.guild_id):
            if flagged.item_id == item_id:
                return Notice(delivery.guild_id, settings.channel_id, self._content.items.get(item_id), flagged, "")
        raise Unneeded("decided")

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        return []

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        # /setup shows undecided flags and the last fault, whether or not the notice arrived.
        return []
