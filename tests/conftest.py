"""Fixtures: a database of each kind, a clock that tests move, and content small enough to reason about."""

import asyncio
import os
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


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: tests of processes and browsers mostly wait."""
    return (os.cpu_count() or 1) + 1


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
async def new_database(server: str) -> AsyncIterator[str]:
    """The address of a new PostgreSQL database without any table."""
    asyncpg = pytest.importorskip("asyncpg")
    name = f"test_{uuid.uuid4().hex}"
    admin = await asyncpg.connect(server)
    await admin.execute(f"CREATE DATABASE {name}")
    yield server.rpartition("/")[0] + f"/{name}"
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> str:
    """The address of the one migrated database that the tests of a worker use in turn: a new one for each, or migrating
    it, would take longer than the tests."""
    url = postgres_server.rpartition("/")[0] + "/migrated"

    async def make() -> None:
        asyncpg = pytest.importorskip("asyncpg")
        admin = await asyncpg.connect(postgres_server)
        await admin.execute("CREATE DATABASE migrated")
        await admin.close()
        database = await connect(url)
        await migrate(database)
        await database.close()

    with asyncio.Runner() as runner:
        runner.run(make())
    return url


EMPTY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
SET session_replication_role = replica;
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations' LOOP
    EXECUTE 'DELETE FROM ' || name;
  END LOOP;
  FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
    EXECUTE 'ALTER SEQUENCE ' || name || ' RESTART';
  END LOOP;
END $$;
"""


@pytest.fixture
async def postgres_url(migrated_postgres: str) -> str:
    """A PostgreSQL database, migrated and without a row; whatever the test before left open in it is closed."""
    asyncpg = pytest.importorskip("asyncpg")
    admin = await asyncpg.connect(migrated_postgres)
    await admin.execute(EMPTY)
    await admin.close()
    return migrated_postgres


@pytest.fixture
async def blank_postgres_url(postgres_server: str) -> AsyncIterator[str]:
    """A PostgreSQL database without any table."""
    async with new_database(postgres_server) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/test.db"


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file without a row, for tests that play many stories to copy."""
    path = tmp_path_factory.mktemp("migrated") / "migrated.db"

    async def make() -> None:
        database = await connect(f"sqlite:///{path}")
        await migrate(database)
        await database.close()

    asyncio.run(make())
    return path


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
