"""Looking for what is wrong with an installation, and saying how to mend it."""

import os
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import aiohttp

from bot.app import code_sets
from bot.codes.book import NoCodes
from bot.codes.release import FileFault
from bot.config import Settings
from bot.packs import PackFaults
from bot.packs.load import read_content
from bot.storage import deliveries
from bot.storage.database import DatabaseError, connect
from bot.storage.database.migrate import known, pending

OLDEST_SQLITE = (3, 35, 0)
LOW_DISK = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: well, or what is wrong and how to mend it."""

    subject: str
    ok: bool
    text: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.ok else 'MEND'}  {self.subject}: {self.text}"


async def examine(settings: Settings) -> list[Finding]:
    """Everything that `run` will need, in the order in which it needs it."""
    return [
        _content(settings),
        *_codes(settings),
        *(await _database(settings)),
        _disk(settings),
        *(await _discord(settings)),
    ]


def _content(settings: Settings) -> Finding:
    content, faults = read_content(settings.content_path)
    if faults:
        return Finding(
            "content", ok=False, text=f"{len(faults)} faults, the first: {faults[0]}. See python -m bot check"
        )
    if not content.items:
        return Finding("content", ok=False, text=f"no questions under {settings.content_path}; set CONTENT_PATH")
    return Finding("content", ok=True, text=f"{len(content.items)} items, {len(content.concepts)} concepts")


def _codes(settings: Settings) -> list[Finding]:
    try:
        sets = code_sets(settings)
        current = sets.is_current()
        book = sets.book()
    except NoCodes:
        return [Finding("code sets", ok=False, text="not built yet: python -m bot codes build, or just start the bot")]
    except (FileFault, OSError, PackFaults) as error:
        return [Finding("code sets", ok=False, text=str(error))]
    findings: list[Finding] = []
    today = date.today()
    for system in book.systems:
        newest = book.newest(system)
        past = newest.until is not None and newest.until < today
        text = f"{system} {newest.name}" + (
            f" ended on {newest.until}: python -m bot codes update, or import the release in force" if past else ""
        )
        findings.append(Finding("code sets", ok=not past, text=text))
    if not current:
        findings.append(
            Finding("code sets", ok=False, text="what they are built from changed: python -m bot codes build")
        )
    return findings


async def _database(settings: Settings) -> list[Finding]:
    if settings.sqlite_path is not None and sqlite3.sqlite_version_info < OLDEST_SQLITE:
        return [
            Finding(
                "database",
                ok=False,
                text=f"SQLite {sqlite3.sqlite_version} is too old; 3.35 is needed: use a newer Python",
            )
        ]
    if settings.sqlite_path is not None and not settings.sqlite_path.exists():
        return [_to_be_made(settings.sqlite_path)]
    try:
        db = await connect(settings.database_url)
    except DatabaseError as error:
        return [Finding("database", ok=False, text=f"{error} Check DATABASE_URL")]
    try:
        kind = "SQLite " + sqlite3.sqlite_version if settings.sqlite_path else "PostgreSQL"
        findings = [Finding("database", ok=True, text=f"{kind} answers")]
        missing = await pending(db)
        if missing:
            findings.append(
                Finding(
                    "migrations",
                    ok=False,
                    text=f"{len(missing)} to apply: python -m bot migrate, or just start the bot",
                )
            )
            return findings
        findings.append(Finding("migrations", ok=True, text=f"up to date (schema {len(known())})"))
        counts = await deliveries.counts(db)
        text = ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "none yet"
        findings.append(Finding("deliveries", ok=True, text=text))
        return findings
    except DatabaseError as error:
        return [Finding("migrations", ok=False, text=str(error))]
    finally:
        await db.close()


def _to_be_made(path: Path) -> Finding:
    """Looking makes no file: whether the first start could."""
    around = next(parent for parent in path.absolute().parents if parent.exists())
    if around.is_dir() and os.access(around, os.W_OK):
        return Finding("database", ok=True, text=f"{path} is not there yet; the first start makes it")
    return Finding(
        "database",
        ok=False,
        text=f"{path} can't be made: {around} is no folder that this user may write to. Check DATABASE_URL",
    )


def _disk(settings: Settings) -> Finding:
    path = (settings.sqlite_path or settings.content_path).parent
    free = shutil.disk_usage(path if path.exists() else ".").free
    text = f"{free // (1024 * 1024):,} MB free"
    return Finding(
        "disk", ok=free > LOW_DISK, text=text if free > LOW_DISK else f"{text}: make room, or answers can't be stored"
    )


async def _discord(settings: Settings) -> list[Finding]:
    token = settings.discord_token.get_secret_value()
    if not token:
        return [Finding("token", ok=False, text="DISCORD_TOKEN is not set: copy .env.example to .env and put it there")]
    headers = {"Authorization": f"Bot {token}"}
    try:
        async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(total=10)) as session:
            async with session.get(f"{settings.discord_api_base}/users/@me") as response:
                if response.status == 401:
                    return [
                        Finding(
                            "token", ok=False, text="Discord refuses it: copy it anew from your application's Bot page"
                        )
                    ]
                response.raise_for_status()
                name = _field(await response.json(), "username")
            findings = [Finding("token", ok=True, text=f"belongs to {name}")]
            async with session.get(f"{settings.discord_api_base}/gateway/bot") as response:
                response.raise_for_status()
                limits = _field(await response.json(), "session_start_limit")
                remaining, total = int(_field(limits, "remaining")), int(_field(limits, "total"))
    except (aiohttp.ClientError, TimeoutError, ValueError, TypeError) as error:
        text = f"Discord can't be reached at {settings.discord_api_base} ({type(error).__name__})"
        return [Finding("token", ok=False, text=text)]
    text = f"{remaining} of {total} starts left today"
    return [
        *findings,
        Finding("intents", ok=True, text="only `guilds` is asked for; no privileged intent is needed"),
        Finding(
            "sessions",
            ok=remaining > 10,
            text=text if remaining > 10 else f"{text}: find out why it reconnects before starting it again",
        ),
    ]


def _field(answer: object, name: str) -> Any:
    """A field of a JSON answer. Raises ValueError where a proxy answered something else."""
    found = cast(dict[str, Any], answer) if isinstance(answer, dict) else {}
    if name not in found:
        raise ValueError(f"no {name} in the answer")
    return found[name]
