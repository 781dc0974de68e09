"""The seam: what a write promises on either database."""

import asyncio

import pytest

from bot.storage.database import Database, DatabaseError, sql


def put(name: str, value: str = "x"):
    return sql("INSERT INTO meta (name, value) VALUES ($1, $2)", name, value)


async def names(db: Database) -> list[str]:
    return [row["name"] for row in await db.read("SELECT name FROM meta ORDER BY name")]


async def test_a_write_is_all_or_nothing(db: Database) -> None:
    await db.write(put("kept"))
    with pytest.raises(DatabaseError):
        await db.write(put("lost"), put("kept"))
    assert await names(db) == ["kept"]


async def test_one_callers_fault_leaves_the_others_alone(db: Database) -> None:
    await db.write(put("taken"))
    results = await asyncio.gather(
        *(db.write(put("taken" if i % 3 == 0 else f"n{i:03}")) for i in range(60)), return_exceptions=True
    )
    assert sum(isinstance(result, DatabaseError) for result in results) == 20
    assert len(await names(db)) == 41


async def test_rows_come_back_by_statement(db: Database) -> None:
    first, second = await db.write(
        sql("INSERT INTO meta (name, value) VALUES ($1, $2) RETURNING name", "a", "1"),
        sql("SELECT value FROM meta WHERE name = $1", "a"),
    )
    assert (first[0]["name"], second[0]["value"]) == ("a", "1")


async def test_a_cancelled_caller_leaves_no_transaction_open(db: Database) -> None:
    tasks = [asyncio.create_task(db.write(put(f"n{i:03}"), put(f"m{i:03}"))) for i in range(50)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await db.write(put("after"))
    found = await names(db)
    assert "after" in found
    # Each pair is there whole or not at all, and every uncancelled one is.
    for i in range(50):
        assert (f"n{i:03}" in found) == (f"m{i:03}" in found)
    assert all(f"n{i:03}" in found for i in range(1, 50, 2))


async def test_closed_means_closed(sqlite_url: str) -> None:
    from bot.storage.database import connect

    database = await connect(sqlite_url)
    await database.close()
    await database.close()
    with pytest.raises(DatabaseError, match="closed"):
        await database.read("SELECT 1")
