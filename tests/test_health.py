"""/live, /ready and /metrics."""

import socket

import aiohttp
import pytest

from bot.app import Services
from bot.config import Settings
from bot.health import HealthServer


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind is enough: these pages only ask whether the database answers."""
    return sqlite_url


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def settings(port: int) -> Settings:
    return Settings(health_port=port, _env_file=None)  # pyright: ignore[reportCallIssue]


async def get(port: int, path: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, await response.text()


async def test_it_is_live_as_long_as_the_loop_turns(services: Services, port: int):
    async with HealthServer(settings(port), services, lambda: False):
        assert await get(port, "/live") == (200, "live\n")


async def test_it_is_ready_when_connected_with_a_database_that_answers(services: Services, port: int):
    async with HealthServer(settings(port), services, lambda: True):
        assert await get(port, "/ready") == (200, "ready\n")


async def test_it_is_ready_only_while_connected(services: Services, port: int):
    connected = False
    async with HealthServer(settings(port), services, lambda: connected):
        assert await get(port, "/ready") == (503, "not connected to Discord\n")
        connected = True
        assert (await get(port, "/ready"))[0] == 200
        connected = False
        assert (await get(port, "/ready"))[0] == 503


async def test_it_is_not_ready_when_the_database_does_not_answer(services: Services, port: int):
    async with HealthServer(settings(port), services, lambda: True):
        await services.close()
        assert await get(port, "/ready") == (503, "the database does not answer\n")
        assert (await get(port, "/live"))[0] == 200


async def test_metrics_are_in_the_format_of_prometheus(services: Services, port: int):
    async with (
        HealthServer(settings(port), services, lambda: True),
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/metrics") as response,
    ):
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/plain; version=")
        text = await response.text()
    assert "# TYPE python_info gauge" in text


async def test_nothing_else_is_served(services: Services, port: int):
    async with HealthServer(settings(port), services, lambda: True):
        assert (await get(port, "/"))[0] == 404


async def test_with_port_0_there_is_no_server(services: Services):
    server = HealthServer(settings(0), services, lambda: True)
    async with server:
        assert server._runner is None


async def test_it_stops_with_the_bot(services: Services, port: int):
    async with HealthServer(settings(port), services, lambda: True):
        pass
    with pytest.raises(aiohttp.ClientConnectorError):
        await get(port, "/live")
