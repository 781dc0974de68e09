"""One server's fault, a dropped gateway connection and a SIGTERM each cost nobody else anything."""

import asyncio
import contextlib
import re
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.core.deliveries import Kind
from bot.storage import deliveries
from tests.e2e.gateway import Press
from tests.e2e.loopback import TOKEN, Loopback
from tests.e2e.payloads import Message, text_of
from tests.e2e.process import BotProcess, prepare
from tests.e2e.proof import acknowledged
from tests.e2e.wire import hang_up, rate_limited

DAY = "2020-01-02"


def server(number: int) -> int:
    return number << 22


@asynccontextmanager
async def owing(
    discord: Loopback, folder: Path, servers: int, module: str = "bot", **environment: str
) -> AsyncIterator[BotProcess]:
    """A bot that owes a post to each of `servers`, not started yet; its output must not show the token."""
    bot = BotProcess(discord, folder, module=module, **environment)
    numbers = [server(number) for number in range(1, servers + 1)]
    db = await prepare(bot.database_url, discord, numbers)
    now = int(time.time())
    await db.write(*(deliveries.owe(Kind.DAILY_POST, number, DAY, now) for number in numbers))
    await db.close()
    try:
        yield bot
    finally:
        await bot.close()
    assert TOKEN not in bot.output


def rows(folder: Path, query: str, *args: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "torture.db")) as db:
        return db.execute(query, args).fetchall()


def press_all(discord: Loopback, message: Message, users: range) -> list[Press]:
    """Each of the users presses the first option at the same moment."""
    channel = discord.channels[message.channel_id]
    custom_id = message.posted_ids[0]
    # An item with several right options is answered by a select.
    letters = ["A", "B", "C", "D", "E"][: 0 if custom_id.startswith("answer:") else _wanted(message)]
    return [discord.gateway.press(message, channel, user, custom_id, letters) for user in users]


def _wanted(message: Message) -> int:
    found = re.search(r"'min_values': (\d)", str(message.components))
    return int(found[1]) if found else 1


async def question(discord: Loopback) -> Message:
    """The first post, once the bot is connected too."""
    posted: asyncio.Future[Message] = asyncio.get_running_loop().create_future()

    def note(message: Message) -> None:
        if not posted.done():
            posted.set_result(message)

    discord.on_message = note
    async with asyncio.timeout(20):
        await discord.gateway.connected.wait()
        return await posted


async def test_50_broken_channels_stop_none_of_500_others(tmp_path: Path) -> None:
    async with Loopback() as discord, owing(discord, tmp_path, 550, DELIVERIES_PER_SECOND="45") as bot:
        gone, forbidden, slow = ({server(n) + 1 for n in range(start, 551, 33)} for start in (1, 12, 23))
        discord.refuse |= dict.fromkeys(gone, (404, 10003)) | dict.fromkeys(forbidden, (403, 50001))
        discord.delays |= dict.fromkeys(slow, 60)
        broken = gone | forbidden | slow
        healthy = {server(n) + 1 for n in range(1, 551)} - broken
        assert (len(broken), len(healthy)) == (50, 500)
        left, done = set(healthy), asyncio.Event()

        def note(message: Message) -> None:
            left.discard(message.channel_id)
            if not left:
                done.set()

        discord.on_message = note
        await bot.start()
        async with asyncio.timeout(45):
            await done.wait()
        assert all(len(discord.messages[channel_id]) == 1 for channel_id in healthy)
        assert not any(discord.messages[channel_id] for channel_id in slow)
        # What the others' faults left behind is stored soon after, while the slow ones still hang.
        bot.kill()
        await bot.ended()
        faults = dict(rows(tmp_path, "SELECT fault, COUNT(*) FROM guilds GROUP BY fault"))
        assert faults == {
            "": 550 - len(gone | forbidden),
            "channel gone": len(gone),
            "no access to the channel": len(forbidden),
        }


async def test_a_resumed_session_loses_no_press(tmp_path: Path) -> None:
    # The client waits some seconds before it connects anew: longer than Discord waits for an answer to a press.
    async with Loopback(deadline=30) as discord, owing(discord, tmp_path, 1) as bot:
        await bot.start()
        message = await question(discord)
        presses = press_all(discord, message, range(100, 110))
        await asyncio.gather(*(press.answered(10) for press in presses))
        discord.gateway.drop()
        presses += press_all(discord, message, range(110, 120))
        callbacks = [await press.answered(20) for press in presses]
        assert all(callback and acknowledged(message.posted_ids[0], 0, callback) for callback in callbacks)
        assert (discord.gateway.identified, discord.gateway.resumed) == (1, 1)
        assert rows(tmp_path, "SELECT COUNT(DISTINCT user_id), COUNT(*) FROM answers") == [(20, 20)]
        bot.terminate()
        assert await bot.ended() == 0


async def test_a_session_that_discord_forgot_is_started_anew(tmp_path: Path) -> None:
    async with Loopback(deadline=30) as discord, owing(discord, tmp_path, 1) as bot:
        await bot.start()
        message = await question(discord)
        discord.gateway.forget_sessions()
        discord.gateway.drop()
        async with asyncio.timeout(30):
            await discord.gateway.connected.wait()
        [press] = press_all(discord, message, range(100, 101))
        assert await press.answered(10) is not None
        assert (discord.gateway.identified, discord.gateway.resumed) == (2, 0)


async def test_a_client_that_died_of_an_event_is_started_again(tmp_path: Path) -> None:
    async with Loopback(deadline=30) as discord, owing(discord, tmp_path, 1) as bot:
        await bot.start()
        message = await question(discord)
        discord.gateway.send_nonsense()
        async with asyncio.timeout(30):
            await discord.gateway.connected.wait()
        [press] = press_all(discord, message, range(100, 101))
        assert await press.answered(10) is not None
        assert discord.gateway.identified == 2
        assert "the client ended by itself and is started again" in bot.output
        bot.terminate()
        assert await bot.ended() == 0


async def test_sigterm_while_answering_finishes_what_is_held(tmp_path: Path) -> None:
    async with Loopback(deadline=30) as discord, owing(discord, tmp_path, 1) as bot:
        held: set[str] = set()
        all_held = asyncio.Event()

        def hold(request: web.Request) -> web.Response | None:
            """Put each callback off once, so that the process has to live on to bring it again."""
            if request.match_info["id"] in held:
                return None
            held.add(request.match_info["id"])
            if len(held) == 20:
                all_held.set()
            return rate_limited(1.5)

        discord.instead["callback"] = hold
        await bot.start()
        message = await question(discord)
        presses = press_all(discord, message, range(100, 120))
        async with asyncio.timeout(10):
            await all_held.wait()
        bot.terminate()
        assert await bot.ended(10) == 0
        assert all(press.reply.done() for press in presses)
        assert rows(tmp_path, "SELECT COUNT(*) FROM answers") == [(20,)]


async def test_an_answer_whose_reply_was_lost_is_counted_in_the_post(tmp_path: Path) -> None:
    async with Loopback() as discord, owing(discord, tmp_path, 1, module="tests.e2e.child") as bot:
        discord.instead["callback"] = hang_up
        await bot.start()
        message = await question(discord)
        press_all(discord, message, range(100, 101))
        # The next edit of the post comes a tally's pause after the answer.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(6):
                while not message.edits:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        assert rows(tmp_path, "SELECT COUNT(*) FROM answers") == [(1,)]
        assert "1 answer so far" in text_of(message.components)


async def test_a_reply_that_cannot_be_sent_at_all_is_one_warning(tmp_path: Path) -> None:
    async with Loopback() as discord, owing(discord, tmp_path, 1) as bot:
        discord.instead["callback"] = hang_up
        await bot.start()
        message = await question(discord)
        [press] = press_all(discord, message, range(100, 101))
        assert await press.answered(1) is None
        bot.terminate()
        assert await bot.ended() == 0
        assert "error reply not delivered" in bot.output
        assert "Ignoring exception" not in bot.output


@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
async def test_a_refused_token_is_not_shown(tmp_path: Path, level: str) -> None:
    token = "a-wrong-token.of-the-usual.form-and-length"
    async with (
        Loopback() as discord,
        owing(discord, tmp_path, 1, DISCORD_TOKEN=token, LOG_LEVEL=level) as bot,
    ):
        await bot.start()
        assert await bot.ended() == 1
        assert "Discord refused the token" in bot.output
        assert token not in bot.output


async def test_the_token_stays_out_of_debug_logs_of_failures(tmp_path: Path) -> None:
    async with Loopback(deadline=0) as discord, owing(discord, tmp_path, 2, LOG_LEVEL="DEBUG") as bot:
        discord.refuse[server(2) + 1] = (403, 50001)
        await bot.start()
        [press] = press_all(discord, await question(discord), range(100, 101))
        assert await press.answered(1) is None
        discord.gateway.drop()
        async with asyncio.timeout(20):
            await discord.gateway.connected.wait()
        bot.terminate()
        assert await bot.ended() == 0
        assert "delivery dropped" in bot.output
        assert TOKEN not in bot.output
