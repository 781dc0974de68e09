"""What `run` does: services, health pages and the client, from start to an orderly end."""

from bot.app import open_services
from bot.client.connect import Supervisor
from bot.config import Settings
from bot.health import HealthServer
from bot.preparing import ensure_codes


async def run_bot(settings: Settings) -> None:
    """Until SIGTERM or Ctrl-C. Raises CannotConnect, DatabaseError, PackFaults."""
    ensure_codes(settings)
    services = await open_services(settings)
    try:
        supervisor = Supervisor(settings, services)
        async with HealthServer(settings, services, lambda: supervisor.ready):
            await supervisor.run()
    finally:
        await services.close()
