"""The bot as a process of its own, connected to a loopback Discord, and the database that it is given."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from bot.app import code_sets
from bot.codes.build import EverydayFiles
from bot.config import Settings
from bot.core.daily import DailySettings
from bot.preparing import ensure_codes
from bot.storage import guilds
from bot.storage.database import Database, connect
from bot.storage.database.migrate import migrate
from tests.e2e.loopback import TOKEN, Loopback

ROOT = Path(__file__).parent.parent.parent
ORGANISER = 7_000_000


def shared_codes(content: Path) -> Path:
    """A code database for this content that all runs share: what is tested here are starts and kills, not the seconds
    that the very first start takes to build it."""
    settings = Settings(content_path=content, _env_file=None)  # pyright: ignore[reportCallIssue]
    everyday = code_sets(settings).everyday
    name = sha256(everyday.fingerprint.encode()).hexdigest()[:12] if isinstance(everyday, EverydayFiles) else "plain"
    folder = Path(tempfile.gettempdir()) / f"coderounds-codes-{os.getuid()}-{name}"
    ensure_codes(settings.model_copy(update={"codes_path": folder}))
    return folder


class BotProcess:
    """Runs `python -m MODULE` again and again on the same database; what all runs print goes into one file."""

    def __init__(
        self, discord: Loopback, folder: Path, *, module: str = "bot", database_url: str = "", **environment: str
    ) -> None:
        self.discord = discord
        self.database_url = database_url or f"sqlite:///{folder}/torture.db"
        self._arguments = ["-m", module, *(["run"] if module == "bot" else [])]
        self._output = folder / "output.txt"
        # The content is copied once, so that every run has the same. Nobody looks anything up in the runs that are
        # killed, and to read synonyms takes a tenth of a start.
        self._content = folder / "content"
        unread = shutil.ignore_patterns() if module == "bot" else shutil.ignore_patterns("synonyms")
        if not self._content.exists():
            shutil.copytree(ROOT / "content", self._content, ignore=unread)
        self._environment = {"CODES_PATH": str(shared_codes(self._content)), **environment}
        self._process: asyncio.subprocess.Process | None = None

    @property
    def output(self) -> str:
        return self._output.read_text() if self._output.exists() else ""

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        environment = {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API_BASE": self.discord.api_base,
            "DISCORD_GATEWAY_URL": self.discord.gateway.url,
            "DATABASE_URL": self.database_url,
            "CONTENT_PATH": str(self._content),
            **self._environment,
        }
        with self._output.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self._arguments,
                env=environment,
                cwd=self._content.parent,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def kill(self) -> None:
        """SIGKILL at this very moment."""
        if self.running and self._process is not None:
            self._process.kill()

    def terminate(self) -> None:
        if self.running and self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    async def ended(self, seconds: float = 30) -> int:
        """The exit code. Raises TimeoutError."""
        assert self._process is not None
        async with asyncio.timeout(seconds):
            return await self._process.wait()

    async def close(self) -> None:
        if self.running:
            self.kill()
            await self.ended()


async def prepare(url: str, discord: Loopback, guild_ids: Iterable[int]) -> Database:
    """A migrated database in which the daily question of each server is set up; the servers join the loopback."""
    db = await connect(url)
    await migrate(db)
    statements = []
    # In an hour, and last 23 hours ago: no round but those that a test owes falls due by itself, and none is made up for.
    minute = (int(time.time()) // 60 + 60) % 1440
    for guild_id in guild_ids:
        channel = discord.add_guild(guild_id)
        settings = DailySettings(guild_id, channel.id, minute, "UTC", "cpc", ORGANISER, reveal_hours=24)
        statements.append(guilds.save(settings))
    await db.write(*statements)
    return db
