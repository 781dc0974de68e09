"""Services over a watched database, with a courier whose channel can be read."""

from collections.abc import AsyncIterator
from random import Random

import pytest

from bot.app import Services, build_services
from bot.core.content import Content
from bot.storage.database import Database
from tests.samples import Clock
from tests.services.couriers import Scripted, Watched, loop, settled
from tests.services.guild import CHANNEL, GUILD, ORGANISER


@pytest.fixture
def watched(db: Database, clock: Clock) -> Watched:
    return Watched(db, clock)


@pytest.fixture
def services(watched: Watched, content: Content, clock: Clock) -> Services:
    return build_services(watched, content, clock, Random(1), longest_sleep=3600)


@pytest.fixture
def courier(services: Services) -> Scripted:
    return Scripted(services)


class World:
    """A bot that runs: the clock moves when told, and what fell due then has been dealt with."""

    def __init__(self, services: Services, db: Watched, clock: Clock) -> None:
        self._services = services
        self._db = db
        self.clock = clock

    @property
    def now(self) -> int:
        return int(self.clock())

    async def settle(self) -> None:
        await settled(self._services.deliveries, self._db)

    async def to(self, instant: float) -> None:
        self.clock.now = instant
        await self.settle()

    async def advance(self, *, days: float = 0, hours: float = 0, seconds: float = 0) -> None:
        self.clock.advance(days=days, hours=hours, seconds=seconds)
        await self.settle()


@pytest.fixture
async def world(services: Services, watched: Watched, clock: Clock, courier: Scripted) -> AsyncIterator[World]:
    async with loop(services.deliveries, courier):
        running = World(services, watched, clock)
        await running.settle()
        yield running


@pytest.fixture
async def guild(world: World, services: Services) -> None:
    """A guild that was just set up, with the reveal at the next post."""
    await services.setup.start(GUILD, CHANNEL, ORGANISER)
    await world.settle()
