"""Running the client on Discord until it is told to stop: endpoints, signals, restarts."""

import asyncio
import logging
import signal
import time
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.app import Services
from bot.client.storm import RestartGuard
from bot.client.studybot import StudyBot
from bot.config import Settings
from bot.log import fields

log = logging.getLogger(__name__)


class CannotConnect(Exception):
    """The bot can't run with these settings; the text says what to do."""


def point_at(settings: Settings) -> None:
    """Make discord.py use the configured addresses. It has no option for either; this must come before login."""
    Route.BASE = settings.discord_api_base
    if settings.discord_gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway_url)


class Supervisor:
    """Keeps one client connected, starts a new one when it ended by itself, and stops it on a signal."""

    def __init__(self, settings: Settings, services: Services) -> None:
        self._settings = settings
        self._services = services
        self._stop = asyncio.Event()
        self.bot: StudyBot | None = None

    @property
    def ready(self) -> bool:
        bot = self.bot
        if bot is None or not bot.became_ready or bot.is_closed():
            return False
        return not any(shard.is_closed() for shard in bot.shards.values())

    async def run(self) -> None:
        """Until SIGTERM or SIGINT. Raises CannotConnect for what a restart would not mend."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        point_at(self._settings)
        guard = RestartGuard(time.time)
        while not self._stop.is_set():
            guard.started()
            await self._session()
            if self._stop.is_set():
                break
            delay = guard.delay()
            log.error("the client ended by itself and is started again", extra=fields(seconds=delay))
            try:
                await asyncio.wait_for(self._stop.wait(), delay)
            except TimeoutError:
                continue

    async def _session(self) -> None:
        options: dict[str, Any] = {"shard_count": self._settings.shard_count} if self._settings.shard_count else {}
        if self._settings.discord_gateway_url:
            # With a count given, discord.py takes the default gateway instead of asking for one.
            options.setdefault("shard_count", 1)
        bot = self.bot = StudyBot(self._services, per_second=self._settings.deliveries_per_second, **options)
        client = asyncio.create_task(bot.start(self._settings.discord_token.get_secret_value()), name="client")
        stopped = asyncio.create_task(self._stop.wait(), name="stop")
        await asyncio.wait({client, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        await bot.stop()
        try:
            # A client that was stopped in the middle of logging in may wait for an answer that does not come.
            await asyncio.wait_for(client, 15)
        except TimeoutError:
            log.warning("the client did not end in time")
        except discord.LoginFailure:
            raise CannotConnect(
                "Discord refused the token. Copy it anew from the Bot page of your application into DISCORD_TOKEN."
            ) from None
        except discord.PrivilegedIntentsRequired:
            raise CannotConnect("Discord refused the intents, though none is privileged; update discord.py.") from None
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("the client failed")
