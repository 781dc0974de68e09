"""/live, /ready and /metrics for whoever watches the process, on an optional port."""

from collections.abc import Callable
from typing import Self

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from bot.app import Services
from bot.config import Settings
from bot.storage.database import DatabaseError

OVERDUE = Gauge("coderounds_deliveries_overdue", "Deliveries due and not settled.", ["kind"])
UNSURE = Gauge("coderounds_deliveries_unsure", "Of those, the ones that may have got through.", ["kind"])


class HealthFault(Exception):
    """The address of the health pages can't be used."""


class HealthServer:
    """A small HTTP server; with port 0 in the settings there is none."""

    def __init__(self, settings: Settings, services: Services, ready: Callable[[], bool]) -> None:
        self._host, self._port = settings.health_host, settings.health_port
        self._services = services
        self._ready = ready
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        if self._port:
            app = web.Application()
            app.add_routes(
                [web.get("/live", self._live), web.get("/ready", self._is_ready), web.get("/metrics", self._metrics)]
            )
            self._runner = web.AppRunner(app, access_log=None)
            await self._runner.setup()
            try:
                await web.TCPSite(self._runner, self._host, self._port).start()
            except OSError as error:
                await self._runner.cleanup()
                raise HealthFault(f"HEALTH_HOST and HEALTH_PORT can't be used: {error.strerror}.") from None
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _live(self, _: web.Request) -> web.Response:
        """The event loop turns."""
        return web.Response(text="live\n")

    async def _is_ready(self, _: web.Request) -> web.Response:
        """Connected to Discord, and the database answers."""
        if not self._ready():
            return web.Response(status=503, text="not connected to Discord\n")
        try:
            await self._services.db.read("SELECT 1 AS one")
        except DatabaseError:
            return web.Response(status=503, text="the database does not answer\n")
        return web.Response(text="ready\n")

    async def _metrics(self, _: web.Request) -> web.Response:
        """Counts since the start, and what the database says is due at this moment."""
        for gauge in (OVERDUE, UNSURE):
            gauge.clear()
        try:
            for kind, (due, unsure) in (await self._services.desk.overdue()).items():
                OVERDUE.labels(kind).set(due)
                UNSURE.labels(kind).set(unsure)
        except DatabaseError:
            pass  # /ready says so; what is counted in memory is told all the same
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
