"""Fixtures: a database of each kind, a clock that tests move, and content small enough to reason about."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, settings

from bot.app import Services, build_services
from bot.core.content import Content
from bot.packs import load_content
from bot.storage.database import Database, connect
from bot.storage.database.migrate import migrate
from tests import postgres
from tests.samples import START, Clock, sample_content

ROOT = Path(__file__).parent.parent

settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture(scope="session")
def real_content() -> Content:
    """What is shipped under content/."""
    return load_content(ROOT / "content")


@pytest.fixture
def content() -> Content:
    return sample_content()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    binaries = postgres.find_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with postgres.server(binaries) as url:
        yield url


@asynccontextmanager
async def new_database(server: str, like: str = "") -> AsyncIterator[str]:
    """The address of a new PostgreSQL database, empty or a copy of another."""
    asyncpg = pytest.importorskip("asyncpg")
    name = f"test_{uuid.uuid4().hex}"
    admin = await asyncpg.connect(server)
    # Copying the files takes half as long as writing a log of them.
    await admin.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {like} STRATEGY FILE_COPY" if like else ""))
    yield server.rpartition("/")[0] + f"/{name}"
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture(scope="session")
def migrated_template(postgres_server: str) -> str:
    """The name of a migrated database that others are copied from: migrating each anew would take as long as the tests."""

    async def make() -> str:
        asyncpg = pytest.importorskip("asyncpg")
        admin = await asyncpg.connect(postgres_server)
        await admin.execute("CREATE DATABASE migrated")
        await admin.close()
        database = await connect(postgres_server.rpartition("/")[0] + "/migrated")
        await migrate(database)
        await database.close()
        return "migrated"

    with asyncio.Runner() as runner:
        return runner.run(make())


@pytest.fixture
async def postgres_url(postgres_server: str, migrated_template: str) -> AsyncIterator[str]:
    """A new PostgreSQL database, migrated and without a row."""
    async with new_database(postgres_server, migrated_template) as url:
        yield url


@pytest.fixture
async def blank_postgres_url(postgres_server: str) -> AsyncIterator[str]:
    """A PostgreSQL database without any table."""
    async with new_database(postgres_server) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/test.db"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a new, empty database: each test runs once on either kind."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(params=["sqlite", "blank_postgres"])
def blank_database_url(request: pytest.FixtureRequest) -> str:
    """The address of a new database of either kind that was never migrated."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """A migrated database of either kind."""
    database = await connect(database_url)
    await migrate(database)
    yield database
    await database.close()


@pytest.fixture
def services(db: Database, content: Content, clock: Clock) -> Services:
    return build_services(db, content, clock, Random(1))
