"""A world for the delivery engine's model: real time and the clock on the wall, a channel, and Discord at its worst."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bot.core.deliveries import NONCE_WINDOW, Delivery, Retry, Undeliverable
from tests.samples import START

ARRIVING = ("ok", "lost answer", "5xx after", "timeout after")
FAILING = ("5xx before", "429", "timeout before", "forbidden")


@dataclass
class Message:
    at: float
    """Real seconds."""
    wall: int
    delivery: int


@dataclass
class Gate:
    """A send that has begun, and waits for what becomes of it."""

    delivery: Delivery
    process: int
    outcome: "asyncio.Future[str]"


@dataclass
class World:
    """Real time, the clock on the wall, the channel, and what is under way in each process."""

    real: float = 0.0
    offset: float = START
    channel: list[Message] = field(default_factory=list[Message])
    useless: list[int] = field(default_factory=list[int])
    """Deliveries of which a send began after they had stopped being useful, or were called off."""
    called_off: set[str] = field(default_factory=set[str])
    answers: list[tuple[Delivery, int]] = field(default_factory=list[tuple[Delivery, int]])
    """What Discord made of which send, whether or not the process learned of it."""
    gates: dict["asyncio.Task[Any]", Gate] = field(default_factory=dict["asyncio.Task[Any]", Gate])

    refused: set[int] = field(default_factory=set[int])
    """Deliveries that Discord said no to for good."""
    latest: float = 0.0
    """The latest that the clock on the wall ever showed."""

    def clock(self) -> float:
        self.latest = max(self.latest, self.real + self.offset)
        return self.real + self.offset

    def arrive(self, delivery: Delivery) -> int:
        """Discord answers a repeated nonce with the first message, for a while."""
        for number, message in enumerate(self.channel, 1):
            if message.delivery == delivery.id and self.real - message.at <= NONCE_WINDOW:
                return number
        self.channel.append(Message(self.real, int(self.clock()), delivery.id))
        return len(self.channel)


class Discord:
    """The courier of one process."""

    def __init__(self, world: World, process: int) -> None:
        self.world = world
        self.process = process

    async def send(self, delivery: Delivery) -> int | None:
        task = asyncio.current_task()
        assert task is not None
        if int(self.world.clock()) > delivery.useful_until or delivery.subject in self.world.called_off:
            self.world.useless.append(delivery.id)
        gate = Gate(delivery, self.process, asyncio.get_running_loop().create_future())
        self.world.gates[task] = gate
        try:
            outcome = await gate.outcome
        finally:
            del self.world.gates[task]
        number = 0
        if outcome in ARRIVING:
            number = self.world.arrive(delivery)
            self.world.answers.append((delivery, number))
        match outcome:
            case "ok":
                return number
            case "429":
                raise Retry(outcome, unsure=False, after=7)
            case "forbidden":
                self.world.refused.add(delivery.id)
                raise Undeliverable(outcome)
            case "timeout before" | "timeout after":
                raise TimeoutError
            case _:
                raise Retry(outcome, unsure=True)

    async def find(self, delivery: Delivery) -> int | None:
        found = [number for number, message in enumerate(self.world.channel, 1) if message.delivery == delivery.id]
        return found[0] if found else None
