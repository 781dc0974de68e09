"""The seam: what a write promises on either database."""

import asyncio
import contextlib

import pytest

from bot.storage.database import Database, DatabaseError, connect, sql
from bot.storage.database.migrate import migrate


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
    database = await connect(sqlite_url)
    await database.close()
    await database.close()
    with pytest.raises(DatabaseError, match="closed"):
        await database.read("SELECT 1")


async def test_what_was_acknowledged_is_read_at_once_and_by_others(db: Database, database_url: str) -> None:
    other = await connect(database_url)
    for i in range(20):
        await db.write(put(f"n{i:02}"))
        assert len(await names(db)) == len(await names(other)) == i + 1
    await other.close()


async def test_one_callers_writes_happen_in_order(db: Database) -> None:
    await db.write(put("a", "0"))
    await asyncio.gather(
        *(db.write(sql("UPDATE meta SET value = $2 WHERE name = $1", "a", str(i))) for i in range(50)),
    )
    [row] = await db.read("SELECT value FROM meta")
    assert 0 <= int(row["value"]) < 50
    await db.write(
        sql("UPDATE meta SET value = $2 WHERE name = $1", "a", "first"),
        sql("UPDATE meta SET value = value || $2 WHERE name = $1", "a", " then second"),
    )
    [row] = await db.read("SELECT value FROM meta")
    assert row["value"] == "first then second"


async def test_a_reference_to_nothing_is_refused(db: Database) -> None:
    with pytest.raises(DatabaseError):
        await db.write(
            sql(
                "INSERT INTO answers (round_id, user_id, guild_id, chosen, correct, late, points, answered_at)"
                " VALUES (1, 2, 3, 'A', 0, 0, 0, 4)"
            )
        )


async def test_the_largest_ids_and_any_text_come_back_as_they_were(db: Database) -> None:
    largest, text = 2**63 - 1, "naïve — “quotes”; 'x' $1 ?1 -- 🩺"
    await db.write(
        sql("INSERT INTO cards (user_id, kind, subject, saved_at) VALUES ($1, 'item', $2, $3)", largest, text, -1),
    )
    [row] = await db.read("SELECT * FROM cards WHERE subject = $1", text)
    assert (row["user_id"], row["subject"], row["saved_at"]) == (largest, text, -1)


# What no column can hold must fail the one call that brought it, not the thread that serves all of them.
UNSTORABLE = {"saved_at": 10**30, "subject": "\ud800"}


@pytest.mark.parametrize("column", UNSTORABLE)
async def test_a_read_with_a_value_that_cannot_be_stored_fails_and_the_next_works(db: Database, column: str) -> None:
    for _ in range(3):
        with pytest.raises(DatabaseError):
            await asyncio.wait_for(db.read(f"SELECT 1 FROM cards WHERE {column} = $1", UNSTORABLE[column]), 2)
    assert await asyncio.wait_for(names(db), 2) == []


@pytest.mark.parametrize("column", UNSTORABLE)
async def test_a_write_with_a_value_that_cannot_be_stored_fails_and_the_next_works(db: Database, column: str) -> None:
    bad = sql(f"UPDATE cards SET {column} = $1 WHERE user_id = 1", UNSTORABLE[column])
    writes = db.write(put("one")), db.write(put("half"), bad), db.write(put("two"))
    results = await asyncio.wait_for(asyncio.gather(*writes, return_exceptions=True), 2)
    assert [isinstance(result, DatabaseError) for result in results] == [False, True, False]
    assert await names(db) == ["one", "two"]


async def test_a_lost_connection_fails_the_calls_of_that_moment_and_no_later_ones(
    postgres_url: str, postgres_server: str
) -> None:
    asyncpg = pytest.importorskip("asyncpg")
    database = await connect(postgres_url)
    await migrate(database)
    await database.write(put("before"))
    admin = await asyncpg.connect(postgres_server)
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", postgres_url.rpartition("/")[2]
    )
    await admin.close()
    for i in range(12):  # more than the pool has connections
        with contextlib.suppress(DatabaseError):
            await database.write(put(f"during {i:02}"))
    await database.write(put("z after"))
    assert (await names(database))[-1] == "z after"
    await database.close()


@pytest.mark.parametrize("url", ["sqlite:////proc/nowhere/x.db", "postgresql://user:hunter2@127.0.0.1:1/x"])
async def test_a_database_that_cannot_be_opened_is_named_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseError, match="can't be") as caught:
        await connect(url)
    assert "hunter2" not in str(caught.value)
