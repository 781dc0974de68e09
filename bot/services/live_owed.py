"""What becomes of a live round when one of its messages went out, or never will."""

from bot.core.deliveries import Delivery, State
from bot.core.live import GOES_ON_WITHIN, OUTAGE
from bot.storage import live_course as course
from bot.storage.database import Statement

GOES_ON_WITHOUT = "message gone"
"""Somebody deleted the question's message: no reason to end the round."""


def place(delivery: Delivery) -> tuple[int, int]:
    """The round and the position that a question's delivery, or its close, is about."""
    live_id, _, position = delivery.subject.partition(":")
    return int(live_id), int(position)


def _reason(state: State, reason: str) -> str:
    return OUTAGE if state is State.EXPIRED else reason


class LiveQuestions:
    """What becomes of a round when a question went out: its clock runs."""

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        return course.asked(*place(delivery), message_id or 0, now)

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        live_id, _ = place(delivery)
        if state is State.CANCELLED:
            return course.mend(live_id, now)
        return course.end(live_id, now, _reason(state, reason))


class LiveCloses:
    """What becomes of a round when the key was shown: it goes on, unless it stood still for too long."""

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        live_id, position = place(delivery)
        late = now - delivery.due_at > GOES_ON_WITHIN
        following = course.advance(live_id, position, now)
        # The last question is followed by the result, however late.
        return [*course.end_unless_last(live_id, position, now, OUTAGE), *following] if late else following

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        live_id, position = place(delivery)
        if state is State.CANCELLED:
            return course.mend(live_id, now)
        if reason == GOES_ON_WITHOUT:
            return course.advance(live_id, position, now)
        return course.end(live_id, now, _reason(state, reason))


class LiveResults:
    """What becomes of a round when its result went out: nothing, it was over before."""

    async def sent(self, delivery: Delivery, message_id: int | None, now: int) -> list[Statement]:
        return []

    async def dropped(self, delivery: Delivery, state: State, reason: str, now: int) -> list[Statement]:
        live_id = int(delivery.subject)
        if state is State.CANCELLED:
            return course.mend(live_id, now)
        return [course.untold(live_id, _reason(state, reason))]
