"""StudyBot: discord.py's client, slim, with the services at hand."""

import asyncio
import gc
import logging
import time
from contextlib import suppress
from typing import Any

import discord
from aiolimiter import AsyncLimiter
from discord.ext import commands, tasks

from bot.app import Services
from bot.client import sync
from bot.client.courier import DiscordCourier
from bot.client.slim import keep_guilds_slim, sweep_seldom
from bot.client.storm import IdentifyGuard
from bot.log import fields
from bot.storage.database import DatabaseError

log = logging.getLogger(__name__)

COGS = (
    "cogs.ui.errors",
    "cogs.ui.press",
    "cogs.daily.cog",
    "cogs.setup.cog",
    "cogs.help.cog",
    "cogs.code.cog",
    "cogs.privacy.cog",
    "cogs.cert.cog",
    "cogs.ceu.cog",
    "cogs.explain.cog",
    "cogs.group.cog",
    "cogs.quiz.cog",
    "cogs.live.cog",
    "cogs.board.cog",
    "cogs.exam.cog",
    "cogs.exam.plan",
)

# Tasks in which discord.py runs what a learner started; their names are its own.
_INTERACTION_TASKS = ("CommandTree-invoker", "discord-ui-", "discord.py: on_interaction")


def _limiter(per_second: float) -> AsyncLimiter:
    # A quarter second at a time, so that a burst after a quiet spell stays inside Discord's limit too.
    return AsyncLimiter(max(per_second / 4, 1), max(0.25, 1 / per_second))


class StudyBot(commands.AutoShardedBot):
    """The bot. `deliver` False leaves what is owed to another process."""

    def __init__(
        self,
        services: Services,
        *,
        cogs: tuple[str, ...] = COGS,
        per_second: float = 40,
        deliver: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            **options,
        )
        self.services = services
        self.courier = DiscordCourier(self)
        self.guard = IdentifyGuard(time.monotonic)
        self._cogs_to_load = cogs
        self._deliver = deliver
        keep_guilds_slim(self)
        sweep_seldom(self)
        self._per_second = per_second
        self._share(1)
        self._deliveries: asyncio.Task[None] | None = None
        self.became_ready = False

    def _share(self, processes: int) -> None:
        """Keep to this one's part of the requests a second, and of what is sent at once."""
        self._processes = processes
        self.services.deliveries.share(processes)
        per_second = self._per_second / processes
        # Counts of answers have a fifth of their own: however many posts are busy, what is owed does not wait for them.
        self._limiter = _limiter(per_second * 0.8)
        self._tally_limiter = _limiter(per_second * 0.2)

    async def pace(self) -> None:
        """Wait for a place among the requests per second that are left to messages the bot sends by itself. Discord's limit
        is the bot's: processes that share it, if only while a new version takes over, divide it."""
        processes = await self.services.processes.sending()
        if processes != self._processes:
            self._share(processes)
        await self._limiter.acquire()

    async def pace_tally(self) -> None:
        """The same for edits that count answers."""
        await self._tally_limiter.acquire()

    async def setup_hook(self) -> None:
        for name in self._cogs_to_load:
            await self.load_extension(name)
        await sync.sync_if_changed(self)
        if self._deliver:
            self.mend_schedules.start()
            self._deliveries = asyncio.create_task(self.services.deliveries.run(self.courier), name="deliveries")

    @tasks.loop(hours=6)
    async def mend_schedules(self) -> None:
        """Plan what should be planned and is not; there should be none, but nobody would notice until a day is missed."""
        services = self.services
        try:
            posts = await services.daily.mend_schedules()
            mended = posts + sum(
                [
                    await services.seasons.mend(),
                    await services.goals.mend(),
                    await services.exam_dates.reminders.mend(),
                    await services.plan_weeks.mend(),
                    await services.group_dates.mend(),
                    await services.ceu.reminders.mend(),
                ]
            )
            await services.daily.forget_old_deliveries()
            await services.quiz.close_idle()
        except DatabaseError as error:
            log.error("schedules can't be looked at", extra=fields(error=str(error)))
            return
        if posts:
            log.warning("daily posts were not planned and are now", extra=fields(guilds=posts))
        if mended:
            services.deliveries.wake()

    async def on_ready(self) -> None:
        self.became_ready = True
        # What is here now stays: the collector need not look at it again (p99 91 -> 23 ms at 2,000 guilds). What an
        # earlier session left is thawed first, or it would stay for ever.
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        log.info("ready", extra=fields(guilds=len(self.guilds), shards=self.shard_count))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self.services.setup.pause(guild.id)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        await asyncio.sleep(self.guard.delay(shard_id or 0, initial=initial))

    async def stop(self, grace: float = 10) -> None:
        """Take no more work, let what is under way end, and disconnect."""
        self.mend_schedules.cancel()
        await self.services.deliveries.stop(grace)
        if self._deliveries is not None:
            self._deliveries.cancel()
            await asyncio.gather(self._deliveries, return_exceptions=True)
        await self._finish_interactions(grace)
        if self._deliver:
            with suppress(DatabaseError):
                await self.services.processes.leave()
        await self.close()
        gc.unfreeze()

    async def _finish_interactions(self, grace: float) -> None:
        # New interactions may still come in until the connection closes; each batch is waited for once.
        current = asyncio.current_task()
        tasks = [
            task
            for task in asyncio.all_tasks()
            if task is not current and task.get_name().startswith(_INTERACTION_TASKS)
        ]
        if tasks:
            await asyncio.wait(tasks, timeout=grace)
