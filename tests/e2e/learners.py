"""Learners who press the buttons of each post: several at once, some twice, again when nothing came back."""

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Any

from tests.e2e.loopback import Loopback
from tests.e2e.payloads import Message, walk
from tests.e2e.proof import Acknowledged, acknowledged

TRIES = 6
PATIENCE = 3.2
"""Seconds after which Discord shows a press as failed."""


class Learners:
    """Everybody in the channels; `acks` holds what they were shown as recorded."""

    def __init__(self, discord: Loopback, rng: Random) -> None:
        self._discord = discord
        self._rng = rng
        self._tasks: set[asyncio.Task[None]] = set()
        self.acks: list[Acknowledged] = []

    def see(self, message: Message) -> None:
        """A message was posted: if it is a question, some learners answer it."""
        if not any(name.startswith(("answer:", "choose:")) for name in message.posted_ids):
            return
        for number in self._rng.sample(range(1, 9), self._rng.randint(2, 5)):
            task = asyncio.create_task(self._answer(message, number * 1_000_000 + message.channel_id % 1000))
            self._tasks.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        # One that failed stays, for `done` to raise what it met.
        if task.cancelled() or task.exception() is None:
            self._tasks.discard(task)

    async def press(self, messages: Sequence[Message]) -> int:
        """Somebody answers each of these; returns how many there are."""
        for message in messages:
            await self._answer(message, 9_000_000 + message.channel_id % 1000)
        return len(messages)

    async def done(self) -> None:
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _answer(self, message: Message, user_id: int) -> None:
        await asyncio.sleep(self._rng.uniform(0, 1))
        for _ in range(TRIES):
            if not _controls(message):
                return  # revealed by now
            clicks = 2 if self._rng.random() < 0.3 else 1
            shown = await asyncio.gather(*(self._press(message, user_id) for _ in range(clicks)))
            if any(shown):
                return
            await asyncio.sleep(self._rng.uniform(0.2, 1))

    async def _press(self, message: Message, user_id: int) -> bool:
        """Press one control at random; whether an answer was shown as recorded."""
        controls = _controls(message)
        if not controls:
            return False
        control = self._rng.choice(controls)
        values: list[str] = []
        if options := control.get("options"):
            values = self._rng.sample([option["value"] for option in options], control["min_values"])
        channel = self._discord.channels[message.channel_id]
        press = self._discord.gateway.press(message, channel, user_id, control["custom_id"], values)
        callback = await press.answered(PATIENCE)
        ack = acknowledged(press.custom_id, user_id, callback) if callback else None
        if ack is not None:
            self.acks.append(ack)
        return ack is not None


def _controls(message: Message) -> list[dict[str, Any]]:
    """The components that answer the question, as the message is now."""
    return [part for part in walk(message.components) if part.get("custom_id", "").startswith(("answer:", "choose:"))]
