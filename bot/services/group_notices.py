"""Messages to one person about a group: a request to decide about, a decision, a group handed over, something to mend."""

from dataclasses import dataclass
from enum import StrEnum

from bot.core.deliveries import Delivery, State, Unneeded
from bot.core.groups import Group
from bot.core.privacy import Visibility
from bot.storage import group_requests as requests
from bot.storage import groups as store
from bot.storage import learners
from bot.storage.database import Database, Statement
from bot.storage.group_requests import Request


class About(StrEnum):
    REQUEST = "request"
    DECIDED = "decided"
    OWNER = "owner"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class GroupNotice:
    """What a notice is rendered from; `to_id` is who should read it."""

    about: About
    group: Group
    to_id: int
    request: Request | None = None
    named: bool = True
    """Whether whoever asked, or else the reader, may be named where others read it."""


class GroupNotices:
    """What notices of groups mean."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def prepare(self, delivery: Delivery) -> GroupNotice:
        """Raises Unneeded when there is nothing left to tell."""
        about, _, rest = delivery.subject.partition(":")
        number = int(rest.split(":")[0])
        request = None
        if about in (About.REQUEST, About.DECIDED):
            request = await requests.request(self._db, number)
            if request is None or (about == About.REQUEST) != (request.state == 0):
                raise Unneeded("decided")
            number = request.group_id
        group = await store.get_open(self._db, number)
        if group is None:
            raise Unneeded("group closed")
        if about == About.FAULT and not group.unsent:
            raise Unneeded("mended")
        if about == About.OWNER and delivery.user_id != group.owner_id:
            raise Unneeded("somebody else owns it")
        to_id = request.user_id if request is not None and about == About.DECIDED else group.owner_id
        chosen = await learners.visibility(self._db, request.user_id if request is not None else to_id)
        return GroupNotice(About(about), group, to_id, request, chosen is Visibility.SHOWN)

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        return []

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        # /group manage shows open requests and what could not be sent, whether or not the notice arrived.
        return []
