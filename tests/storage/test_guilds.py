"""Settings are saved by whoever read them last; somebody else's newer ones are never overwritten unseen."""

from dataclasses import replace

import pytest

from bot.storage import guilds
from bot.storage.database import Conflict, Database, sql
from tests.storage.settings import make_settings


async def test_a_save_on_settings_that_changed_meanwhile_writes_nothing_at_all(db: Database) -> None:
    await db.write(guilds.save(make_settings()))
    read = await guilds.get(db, make_settings().guild_id)
    assert read is not None
    await db.write(guilds.save(replace(read, minute=600)))
    note = sql("INSERT INTO meta (name, value) VALUES ('half', 'done')")
    with pytest.raises(Conflict):
        await db.write(note, guilds.save(replace(read, reveal_hours=4)))
    found = await guilds.get(db, read.guild_id)
    assert found is not None
    assert (found.minute, found.reveal_hours, found.revision) == (600, None, read.revision + 1)
    assert await db.read("SELECT 1 AS one FROM meta WHERE name = 'half'") == []


async def test_a_fault_goes_with_the_channel_that_it_was_about(db: Database) -> None:
    await db.write(guilds.save(make_settings()))
    guild_id = make_settings().guild_id
    await db.write(guilds.set_fault(guild_id, "permission missing"))
    kept = await guilds.get(db, guild_id)
    assert kept is not None
    await db.write(guilds.save(replace(kept, freezes=False)))
    kept = await guilds.get(db, guild_id)
    assert kept is not None
    assert kept.fault == "permission missing"
    await db.write(guilds.save(replace(kept, channel_id=kept.channel_id + 1)))
    moved = await guilds.get(db, guild_id)
    assert moved is not None
    assert moved.fault == ""
