"""A message whose sending was cut off is looked for before it is sent again, and recorded as it was."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from bot.core.deliveries import Kind
from bot.storage import deliveries
from bot.storage.database import Database, Statement, sql
from tests.e2e.loopback import Loopback
from tests.e2e.payloads import Channel, Message, snowflake
from tests.e2e.process import BotProcess, prepare

SERVER = 1 << 22


def cut_off(kind: Kind, now: int) -> Statement:
    """What a kill five minutes ago left: claimed, nobody knows whether it was sent."""
    return sql(
        "UPDATE deliveries SET state = 1, lease = 'gone', attempts = 1, unsure_since = $1, wake_at = $2"
        " WHERE id = (SELECT MIN(id) FROM deliveries WHERE kind = $3)",
        now - 300,
        now - 100,
        kind.value,
    )


async def settled(db: Database, kind: Kind) -> None:
    async with asyncio.timeout(20):
        # Another process settles it: there is nothing to be woken by.
        while not await db.read("SELECT id FROM deliveries WHERE kind = $1 AND state = 2", kind.value):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def posted(db: Database, bot: BotProcess, discord: Loopback) -> Message:
    """Let the bot post a round, and kill it."""
    await db.write(deliveries.owe(Kind.DAILY_POST, SERVER, "2020-01-02", int(time.time())))
    await bot.start()
    await settled(db, Kind.DAILY_POST)
    bot.kill()
    await bot.ended()
    [message] = discord.messages[SERVER + 1]
    return message


def one_row(folder: Path, query: str) -> sqlite3.Row:
    with closing(sqlite3.connect(folder / "torture.db")) as db:
        db.row_factory = sqlite3.Row
        [row] = db.execute(query).fetchall()
        return row


async def test_a_post_that_got_through_is_found_not_repeated(tmp_path: Path) -> None:
    async with Loopback(nonce_seconds=0) as discord:
        bot = BotProcess(discord, tmp_path)
        db = await prepare(bot.database_url, discord, [SERVER])
        message = await posted(db, bot, discord)
        await db.write(cut_off(Kind.DAILY_POST, int(time.time())), sql("UPDATE rounds SET message_id = NULL"))
        await bot.start()
        await settled(db, Kind.DAILY_POST)
        await bot.close()
        await db.close()
        assert discord.messages[SERVER + 1] == [message]
        assert one_row(tmp_path, "SELECT message_id FROM rounds")["message_id"] == message.id


async def test_a_reveal_that_got_through_is_recorded_with_its_thread(tmp_path: Path) -> None:
    async with Loopback(nonce_seconds=0) as discord:
        bot = BotProcess(discord, tmp_path)
        db = await prepare(bot.database_url, discord, [SERVER])
        message = await posted(db, bot, discord)
        now = int(time.time())
        await db.write(deliveries.owe(Kind.REVEAL, SERVER, "1", now - 300), cut_off(Kind.REVEAL, now))
        [row] = await db.read("SELECT id FROM deliveries WHERE kind = 'reveal'")
        button = {"type": 2, "style": 2, "label": "Explain", "custom_id": f"explain:1@{row['id']}"}
        body = {"components": [{"type": 1, "components": [button]}], "flags": 1 << 15}
        discord.channels[message.id] = Channel(message.id, SERVER, 11, SERVER + 1, "Question 1")
        discord.messages[message.id].append(Message(snowflake(), message.id, body))
        await bot.start()
        await settled(db, Kind.REVEAL)
        await bot.close()
        await db.close()
        assert len(discord.messages[message.id]) == 1
        round_ = one_row(tmp_path, "SELECT state, thread_id FROM rounds")
        assert (round_["state"], round_["thread_id"]) == (2, message.id)
