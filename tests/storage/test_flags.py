"""Flags: one a learner, three withdraw, an organiser's word settles them."""

import asyncio

from bot.storage import flags, guilds
from bot.storage.database import Database
from tests.samples import START
from tests.storage.rounds import GUILD
from tests.storage.settings import make_settings


async def flag(db: Database, user: int, item: str = "x", guild: int = GUILD) -> tuple[bool, int]:
    return await flags.flag(db, guild, item, user, f"reason {user}", START + user)


async def test_a_learner_flags_an_item_once(db: Database) -> None:
    assert await flag(db, 1) == (True, 1)
    assert await flag(db, 1) == (False, 1)
    assert await flags.withdrawn(db, GUILD) == set()


async def test_the_third_learner_withdraws_the_item_in_that_guild_alone(db: Database) -> None:
    for user in (1, 2):
        await flag(db, user)
    assert await flags.withdrawn(db, GUILD) == set()
    await flag(db, 3, guild=GUILD + 1)
    await flag(db, 3, item="y")
    assert await flags.withdrawn(db, GUILD) == set()
    assert await flag(db, 3) == (True, 3)
    assert await flags.withdrawn(db, GUILD) == {"x"}
    assert await flags.withdrawn(db, GUILD + 1) == set()


async def test_a_learner_who_clicks_often_at_once_flags_once(db: Database) -> None:
    results = await asyncio.gather(*(flag(db, user % 2) for user in range(20)))
    assert sum(new for new, _ in results) == 2
    assert [flagged.flags for flagged in await flags.undecided(db, GUILD)] == [2]


async def test_three_learners_at_once_withdraw_the_item(db: Database) -> None:
    await db.write(guilds.save(make_settings()))
    items = {f"item-{i:02}" for i in range(40)}
    for item in sorted(items):
        results = await asyncio.gather(*(flag(db, user, item) for user in range(3)))
        assert max(count for _, count in results) == 3
    assert await flags.withdrawn(db, GUILD) == items


async def test_keeping_an_item_brings_it_back_and_three_new_flags_withdraw_it_again(db: Database) -> None:
    for user in range(3):
        await flag(db, user)
    await db.write(*flags.decide(GUILD, "x", 99, keep=True, now=START))
    assert await flags.withdrawn(db, GUILD) == set()
    assert await flags.undecided(db, GUILD) == []
    # After the decision a learner may report again, perhaps about a mended wording; and once, as before.
    assert [await flag(db, user) for user in (1, 1, 4, 5)] == [(True, 1), (False, 1), (True, 2), (True, 3)]
    assert await flags.withdrawn(db, GUILD) == {"x"}


async def test_dropping_an_item_withdraws_it_whatever_the_count_and_can_be_undone(db: Database) -> None:
    await flag(db, 1)
    await db.write(*flags.decide(GUILD, "x", 99, keep=False, now=START))
    await db.write(*flags.decide(GUILD, "x", 98, keep=False, now=START + 1))
    assert await flags.withdrawn(db, GUILD) == {"x"}
    assert await flags.undecided(db, GUILD) == []
    [row] = await db.read("SELECT * FROM withdrawals")
    assert (row["decided_user_id"], row["withdrawn_at"]) == (98, START)
    await db.write(*flags.decide(GUILD, "x", 99, keep=True, now=START))
    assert await flags.withdrawn(db, GUILD) == set()


async def test_undecided_items_come_most_flagged_first_with_their_reasons_in_order(db: Database) -> None:
    for user, item in [(1, "y"), (2, "x"), (3, "x"), (4, "x"), (5, "z"), (6, "elsewhere")]:
        await flag(db, user, item, GUILD + (item == "elsewhere"))
    found = await flags.undecided(db, GUILD)
    assert [(flagged.item_id, flagged.flags, flagged.withdrawn) for flagged in found] == [
        ("x", 3, True), ("y", 1, False), ("z", 1, False),
    ]  # fmt: skip
    assert found[0].reasons == ("reason 2", "reason 3", "reason 4")
