"""The doctor's findings: what is well, and how to mend what is not."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiohttp import web

from bot import doctor
from bot.config import Settings
from bot.doctor import Finding, examine
from bot.maintenance import migrate_database
from bot.storage.database.migrate import known
from tests.codes.databases import codes_folder, content_folder
from tests.packs.yaml_text import item, pack

__all__ = ["codes_folder", "content_folder"]

TOKEN = "MTk4.Cl2FMQ.secret"


ROOT = Path(__file__).parents[1]


@contextmanager
def freeze(module: Any, day: date) -> Iterator[None]:
    """Let a module believe that it is another day."""

    class Day(date):
        @classmethod
        def today(cls) -> date:
            return day

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "date", Day)
        yield


class Discord(NamedTuple):
    """What a small Discord on loopback answers, and what it was asked."""

    address: str
    asked: list[tuple[str, str]]


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def discord(me: Answer, gateway: Answer) -> AsyncIterator[Discord]:
    asked: list[tuple[str, str]] = []

    @web.middleware
    async def note(request: web.Request, handler: Any) -> web.StreamResponse:
        asked.append((request.path, request.headers.get("Authorization", "")))
        return await handler(request)

    app = web.Application(middlewares=[note])
    app.add_routes([web.get("/api/v10/users/@me", me), web.get("/api/v10/gateway/bot", gateway)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    [(host, port)] = [address[:2] for address in runner.addresses]
    try:
        yield Discord(f"http://{host}:{port}/api/v10", asked)
    finally:
        await runner.cleanup()


def answers(data: Any, status: int = 200) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(data, status=status)

    return answer


ME = answers({"id": "1", "username": "CodeRounds"})
GATEWAY = answers({"url": "wss://x", "session_start_limit": {"total": 1000, "remaining": 987, "max_concurrency": 1}})


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Settings]:
    """Settings of a sound installation but for what is given; no token unless one is."""
    content = pack(tmp_path / "content")

    def build(**values: Any) -> Settings:
        defaults = {
            "database_url": f"sqlite:///{tmp_path}/var/bot.db",
            "codes_path": tmp_path / "codes",
            "content_path": content,
            "discord_token": "",
        }
        return Settings(**{**defaults, **values}, _env_file=None)  # pyright: ignore[reportCallIssue]

    return build


async def found(settings: Settings, subject: str) -> Finding:
    [finding] = [finding for finding in await examine(settings) if finding.subject == subject]
    return finding


async def test_a_sound_installation_has_nothing_to_mend(make: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor, "_codes", lambda _: [])  # they have tests of their own, below
    async with discord(ME, GATEWAY) as server:
        settings = make(discord_token=TOKEN, discord_api_base=server.address)
        await migrate_database(settings)
        findings = await examine(settings)
    assert [finding for finding in findings if not finding.ok] == []
    assert [finding.subject for finding in findings] == [
        "content", "database", "migrations", "deliveries", "disk", "token", "intents", "sessions",
    ]  # fmt: skip
    told = {finding.subject: finding.text for finding in findings}
    assert told["content"] == "1 items, 1 concepts"
    assert told["migrations"] == f"up to date (schema {len(known())})"
    assert told["deliveries"] == "none yet"
    assert told["token"] == "belongs to CodeRounds"
    assert told["sessions"] == "987 of 1000 starts left today"
    assert server.asked == [("/api/v10/users/@me", f"Bot {TOKEN}"), ("/api/v10/gateway/bot", f"Bot {TOKEN}")]


def test_a_finding_shows_at_once_whether_something_is_to_mend():
    assert str(Finding("disk", ok=True, text="plenty")) == "ok    disk: plenty"
    assert str(Finding("disk", ok=False, text="none")) == "MEND  disk: none"


async def test_without_a_token_it_says_where_to_put_one(make: Callable[..., Settings]):
    finding = await found(make(), "token")
    assert not finding.ok
    assert finding.text == "DISCORD_TOKEN is not set: copy .env.example to .env and put it there"


async def test_a_refused_token_is_told_apart_from_an_unreachable_discord(make: Callable[..., Settings]):
    async with discord(answers({"message": "401: Unauthorized", "code": 0}, 401), GATEWAY) as server:
        settings = make(discord_token=TOKEN, discord_api_base=server.address)
        findings = await examine(settings)
        assert [path for path, _ in server.asked] == ["/api/v10/users/@me"]
    [finding] = [finding for finding in findings if finding.subject == "token"]
    assert not finding.ok
    assert finding.text == "Discord refuses it: copy it anew from your application's Bot page"
    # Nobody listens there any more.
    finding = await found(settings, "token")
    assert not finding.ok
    assert finding.text.startswith(f"Discord can't be reached at {server.address} (ClientConnector")
    assert TOKEN not in finding.text


@pytest.mark.parametrize("me", [answers({}, 500), answers({}, 403)], ids=["500", "403"])
async def test_a_discord_that_is_unwell_is_a_finding(make: Callable[..., Settings], me: Answer):
    async with discord(me, GATEWAY) as server:
        finding = await found(make(discord_token=TOKEN, discord_api_base=server.address), "token")
    assert not finding.ok
    assert "ClientResponseError" in finding.text
    assert TOKEN not in finding.text


async def test_an_answer_that_is_not_discords_is_a_finding(make: Callable[..., Settings]):
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<h1>A portal wants you to log in</h1>", content_type="text/html")

    async with discord(page, GATEWAY) as server:
        finding = await found(make(discord_token=TOKEN, discord_api_base=server.address), "token")
    assert not finding.ok


async def test_json_that_is_not_discords_is_a_finding(make: Callable[..., Settings]):
    async with discord(answers(["hello"]), GATEWAY) as server:
        finding = await found(make(discord_token=TOKEN, discord_api_base=server.address), "token")
    assert not finding.ok


@pytest.mark.parametrize(("remaining", "ok"), [(11, True), (10, False), (0, False)])
async def test_few_starts_left_are_a_warning(make: Callable[..., Settings], remaining: int, ok: bool):
    gateway = answers({"session_start_limit": {"total": 1000, "remaining": remaining}})
    async with discord(ME, gateway) as server:
        finding = await found(make(discord_token=TOKEN, discord_api_base=server.address), "sessions")
    assert finding.ok is ok
    assert ("find out why it reconnects" in finding.text) is not ok


async def test_pending_migrations_are_counted_with_the_command(make: Callable[..., Settings]):
    settings = make()
    assert settings.sqlite_path is not None
    settings.sqlite_path.parent.mkdir(exist_ok=True)
    settings.sqlite_path.touch()
    finding = await found(settings, "migrations")
    assert not finding.ok
    assert finding.text == f"{len(known())} to apply: python -m bot migrate, or just start the bot"


async def test_a_newer_database_is_a_finding(make: Callable[..., Settings]):
    settings = make()
    await migrate_database(settings)
    assert settings.sqlite_path is not None
    with closing(sqlite3.connect(settings.sqlite_path)) as connection:
        connection.execute("INSERT INTO migrations VALUES (99, 'later', 'digest')")
        connection.commit()
    finding = await found(settings, "migrations")
    assert not finding.ok
    assert "The database is at schema 99" in finding.text


async def test_a_database_that_can_not_be_opened_is_a_finding_and_the_rest_is_still_looked_at(
    make: Callable[..., Settings], tmp_path: Path
):
    (tmp_path / "file").write_text("")
    findings = await examine(make(database_url=f"sqlite:///{tmp_path}/file/bot.db"))
    assert [finding.subject for finding in findings if not finding.ok] == ["code sets", "database", "token"]
    assert "Check DATABASE_URL" in next(f.text for f in findings if f.subject == "database")


async def test_a_file_that_is_no_database_is_a_finding(make: Callable[..., Settings], tmp_path: Path):
    (tmp_path / "notes.db").write_text("these are notes, " * 400)
    findings = await examine(make(database_url=f"sqlite:///{tmp_path}/notes.db"))
    [finding] = [f for f in findings if f.subject in ("database", "migrations") and not f.ok]
    assert "file is not a database" in finding.text


async def test_faulty_content_is_counted_with_its_first_fault(make: Callable[..., Settings], tmp_path: Path):
    pack(tmp_path / "faulty", item("item-1", stem=None), item("item-2", version=0))
    finding = await found(make(content_path=tmp_path / "faulty"), "content")
    assert not finding.ok
    assert finding.text.startswith("2 faults, the first: ")
    assert "item-1: stem: is missing" in finding.text
    assert finding.text.endswith("See python -m bot check")


async def test_content_that_is_not_there_names_the_setting(make: Callable[..., Settings], tmp_path: Path):
    for name in ("nowhere", "bare"):
        (tmp_path / "bare").mkdir(exist_ok=True)
        finding = await found(make(content_path=tmp_path / name), "content")
        assert not finding.ok
        assert "set CONTENT_PATH" in finding.text


async def test_a_full_disk_is_a_finding(make: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor, "LOW_DISK", 2**80)
    finding = await found(make(), "disk")
    assert not finding.ok
    assert finding.text.endswith("MB free: make room, or answers can't be stored")


async def test_an_old_sqlite_is_a_finding(make: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doctor, "OLDEST_SQLITE", (99, 0, 0))
    finding = await found(make(), "database")
    assert not finding.ok
    assert "is too old" in finding.text


async def test_either_kind_of_database_is_examined(make: Callable[..., Settings], blank_database_url: str):
    settings = make(database_url=blank_database_url)
    if settings.sqlite_path is not None:
        assert "the first start makes it" in (await found(settings, "database")).text
        assert not settings.sqlite_path.exists()
        settings.sqlite_path.touch()
    assert not (await found(settings, "migrations")).ok
    await migrate_database(settings)
    assert (await found(settings, "migrations")).ok
    assert (await found(settings, "deliveries")).text == "none yet"
    kind = "SQLite" if blank_database_url.startswith("sqlite") else "PostgreSQL"
    assert kind in (await found(settings, "database")).text


async def test_without_code_sets_it_says_how_to_build_them(make: Callable[..., Settings], tmp_path: Path):
    finding = await found(make(codes_path=tmp_path / "codes"), "code sets")
    assert not finding.ok
    assert "python -m bot codes build" in finding.text


async def test_code_sets_whose_release_has_ended_are_to_mend(make: Callable[..., Settings], codes_folder: Path):
    settings = make(codes_path=codes_folder, content_path=ROOT / "content")
    with freeze(doctor, date(2026, 9, 30)):
        assert str((await examine(settings))[1]) == "ok    code sets: ICD-10-CM FY2026, April 2026 update"
    with freeze(doctor, date(2026, 10, 1)):
        finding = (await examine(settings))[1]
    assert not finding.ok
    assert "ended on 2026-09-30" in finding.text
    assert "codes update" in finding.text
