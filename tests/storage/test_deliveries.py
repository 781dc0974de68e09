"""Messages owed: once per name, claimed by one, given back by its holder, settled once."""

import asyncio
from dataclasses import replace

import pytest

from bot.core.deliveries import CALLED_OFF, LEASE, USEFUL_FOR, Delivery, Kind, Lane, State
from bot.storage import deliveries, guilds
from bot.storage.database import Database, Row, connect
from tests.samples import START
from tests.storage.rounds import GUILD
from tests.storage.settings import make_settings


async def rows(db: Database) -> list[Row]:
    return list(await db.read("SELECT * FROM deliveries ORDER BY id"))


async def owe(db: Database, subject: str = "a", due_at: int = START, kind: Kind = Kind.NOTICE) -> None:
    await db.write(deliveries.owe(kind, GUILD, subject, due_at))


async def claim_one(db: Database, now: int = START, lease: str = "mine") -> Delivery:
    [delivery] = await deliveries.claim(db, Lane.SERVERS, now, 10, lease)
    return delivery


async def test_owing_twice_owes_once_and_moves_it(db: Database) -> None:
    await owe(db)
    await owe(db, due_at=START + 60)
    [row] = await rows(db)
    assert (row["due_at"], row["wake_at"]) == (START + 60, START + 60)
    assert row["useful_until"] == START + 60 + USEFUL_FOR[Kind.NOTICE]


async def test_another_kind_guild_or_subject_is_another_message(db: Database) -> None:
    await owe(db)
    await owe(db, kind=Kind.REVEAL)
    await owe(db, subject="b")
    await db.write(deliveries.owe(Kind.NOTICE, GUILD + 1, "a", START))
    assert len(await rows(db)) == 4


async def test_writers_that_race_owe_once(db: Database) -> None:
    await asyncio.gather(*(owe(db, due_at=START + i) for i in range(20)))
    assert len(await rows(db)) == 1


async def test_what_was_called_off_is_owed_again_when_asked_for(db: Database) -> None:
    await owe(db)
    await db.write(deliveries.cancel(GUILD, Kind.NOTICE))
    assert (await rows(db))[0]["state"] == State.CANCELLED
    assert (await deliveries.next_wakes(db))[Lane.SERVERS] is None
    await owe(db, due_at=START + 5)
    [row] = await rows(db)
    assert (row["state"], row["due_at"]) == (State.PENDING, START + 5)


async def test_calling_off_leaves_other_kinds_guilds_and_what_is_being_sent(db: Database) -> None:
    await owe(db)
    held = await claim_one(db)
    await owe(db, "b")
    await owe(db, kind=Kind.REVEAL)
    await db.write(deliveries.owe(Kind.NOTICE, GUILD + 1, "a", START), deliveries.cancel(GUILD, Kind.NOTICE))
    assert [row["state"] for row in await rows(db)] == [State.CLAIMED, State.CANCELLED, State.PENDING, State.PENDING]
    # What is being sent is not stopped, but no other attempt follows.
    await db.write(deliveries.retry(held, START + 5, START, "busy"))
    again = next(d for d in await deliveries.claim(db, Lane.SERVERS, START + 5, 10, "mine") if d.id == held.id)
    assert again.useful_until == CALLED_OFF


@pytest.mark.parametrize("end", [State.FAILED, State.EXPIRED, State.CANCELLED])
async def test_what_never_went_out_can_be_owed_anew(db: Database, end: State) -> None:
    await owe(db)
    delivery = await claim_one(db)
    await db.write(deliveries.settle(delivery, end, START, fault="why"))
    await owe(db, due_at=START + 60)
    again = await claim_one(db, START + 60)
    assert (again.id, again.attempts, again.due_at) == (delivery.id, 1, START + 60)
    # Whether the first attempt got through is still looked at before the next.
    assert again.unsure_since == delivery.unsure_since


async def test_what_was_sent_stays_sent(db: Database) -> None:
    end = State.SENT
    await owe(db)
    delivery = await claim_one(db)
    await db.write(deliveries.settle(delivery, end, START, message_id=5, fault="why"))
    await owe(db, due_at=START + 60)
    await db.write(deliveries.settle(delivery, State.CANCELLED, START + 9), deliveries.cancel(GUILD, Kind.NOTICE))
    [row] = await rows(db)
    assert (row["state"], row["due_at"], row["settled_at"], row["message_id"]) == (end, START, START, 5)
    assert await deliveries.claim(db, Lane.SERVERS, START + 10**7, 10, "later") == []


async def test_what_is_moved_while_it_is_being_sent_is_tried_again_when_it_is_due_by_then(db: Database) -> None:
    await owe(db)
    held = await claim_one(db)
    await owe(db, due_at=START + 999)
    [row] = await rows(db)
    assert (row["state"], row["due_at"], row["wake_at"]) == (State.CLAIMED, START + 999, START + LEASE)
    await db.write(deliveries.retry(held, START + 5, None, "busy"))
    assert (await deliveries.next_wakes(db))[Lane.SERVERS] == START + 999


async def test_what_was_called_off_and_is_wanted_again_while_it_is_being_sent_is_owed(db: Database) -> None:
    await owe(db)
    held = await claim_one(db)
    await db.write(deliveries.cancel(GUILD, Kind.NOTICE))
    await owe(db)
    await db.write(deliveries.retry(held, START + 5, None, "busy"))
    assert (await claim_one(db, START + 5)).useful_until > START


async def test_a_claim_takes_what_is_due_earliest_first_and_no_more_than_asked(db: Database) -> None:
    for subject, due in [("c", -5), ("future", 1), ("a", -60), ("now", 0), ("b", -30)]:
        await owe(db, subject, START + due)
    assert [d.subject for d in await deliveries.claim(db, Lane.SERVERS, START, 3, "mine")] == ["a", "b", "c"]
    assert [d.subject for d in await deliveries.claim(db, Lane.SERVERS, START, 3, "mine")] == ["now"]
    assert (await deliveries.next_wakes(db))[Lane.SERVERS] == START + 1


async def test_a_claim_passes_over_what_the_named_guilds_owe(db: Database) -> None:
    for guild_id in (1, 2, 3, 1, 2):
        await db.write(deliveries.owe(Kind.NOTICE, guild_id, f"{guild_id}", START))
    others = await deliveries.claim(db, Lane.SERVERS, START, 10, "mine", [1, 3])
    assert [delivery.guild_id for delivery in others] == [2]
    assert [d.guild_id for d in await deliveries.claim(db, Lane.SERVERS, START, 10, "mine")] == [1, 3]


async def test_a_claim_of_one_each_takes_the_guilds_that_wait_longest(db: Database) -> None:
    for number, guild_id in enumerate((1, 1, 2, 3, 4, 4)):
        await db.write(deliveries.owe(Kind.NOTICE, guild_id, f"{number}", START - 10 + number))
    await db.write(deliveries.owe(Kind.NOTICE, 5, "later", START + 1))
    taken = await deliveries.claim_one_each(db, Lane.SERVERS, START, 2, "mine", [1])
    assert [(delivery.guild_id, delivery.subject) for delivery in taken] == [(2, "2"), (3, "3")]
    taken = await deliveries.claim_one_each(db, Lane.SERVERS, START, 9, "mine", [])
    assert [(delivery.guild_id, delivery.subject) for delivery in taken] == [(1, "0"), (4, "4")]


async def test_claims_of_two_connections_that_race_are_disjoint(db: Database, database_url: str) -> None:
    for i in range(60):
        await owe(db, f"s{i}", START - i)
    other = await connect(database_url)
    taken = await asyncio.gather(
        *(deliveries.claim((db, other)[i % 2], Lane.SERVERS, START, 7, f"lease{i % 2}") for i in range(12))
    )
    await other.close()
    ids = [delivery.id for claimed in taken for delivery in claimed]
    assert len(ids) == len(set(ids)) == 60
    assert {row["attempts"] for row in await rows(db)} == {1}


async def test_a_lease_holds_until_it_runs_out_and_the_next_claim_knows_of_the_attempt(db: Database) -> None:
    await owe(db)
    first = await claim_one(db)
    assert (first.attempts, first.unsure_since, first.lease) == (1, None, "mine")
    assert await deliveries.claim(db, Lane.SERVERS, START + LEASE - 1, 10, "other") == []
    assert (await deliveries.next_wakes(db))[Lane.SERVERS] == START + LEASE
    second = await claim_one(db, START + LEASE, "other")
    assert (second.id, second.attempts, second.unsure_since) == (first.id, 2, START)


async def test_only_the_holder_of_the_lease_gives_a_claim_back(db: Database) -> None:
    await owe(db)
    first = await claim_one(db)
    second = await claim_one(db, START + LEASE, "other")
    await db.write(deliveries.retry(first, START + 1, None, "from the grave"))
    [row] = await rows(db)
    assert (row["state"], row["lease"], row["fault"]) == (State.CLAIMED, "other", "")
    await db.write(deliveries.retry(second, START + 500, START + LEASE, "busy"))
    assert await deliveries.claim(db, Lane.SERVERS, START + 499, 10, "mine") == []
    again = await claim_one(db, START + 500)
    assert (again.attempts, again.unsure_since) == (3, START + LEASE)


async def test_a_failure_that_surely_sent_nothing_leaves_the_next_attempt_sure(db: Database) -> None:
    await owe(db)
    await db.write(deliveries.retry(await claim_one(db), START + 5, None, "refused"))
    assert (await claim_one(db, START + 5)).unsure_since is None


async def test_a_plan_made_from_older_settings_is_not_written(db: Database) -> None:
    before, after = make_settings(), make_settings(minute=600)
    plan = deliveries.owe(Kind.DAILY_POST, GUILD, "2026-03-03", START, schedule=before.schedule)
    await db.write(plan)
    assert await rows(db) == []
    await db.write(guilds.save(before))
    await db.write(plan)
    assert len(await rows(db)) == 1
    await db.write(guilds.save(replace(after, revision=1)))
    await db.write(deliveries.owe(Kind.DAILY_POST, GUILD, "2026-03-03", START + 60, schedule=before.schedule))
    assert (await rows(db))[0]["due_at"] == START
    await db.write(
        guilds.deactivate(GUILD), deliveries.owe(Kind.DAILY_POST, GUILD, "x", START, schedule=after.schedule)
    )
    assert len(await rows(db)) == 1


async def test_counts_name_the_states(db: Database) -> None:
    for i in range(3):
        await owe(db, f"s{i}", START + i)
    await db.write(deliveries.settle(await claim_one(db), State.SENT, START))
    assert await deliveries.counts(db) == {"sent": 1, "pending": 2}


async def test_each_lane_is_claimed_and_waited_for_by_itself(db: Database) -> None:
    await owe(db, due_at=START + 5)
    for user_id in (1, 2):
        await db.write(deliveries.owe(Kind.EXAM_REMINDER, 0, f"{user_id}.1.7", START, user_id=user_id))
    assert await deliveries.next_wakes(db) == {Lane.SERVERS: START + 5, Lane.PERSONS: START}
    assert await deliveries.claim(db, Lane.SERVERS, START, 10, "mine") == []
    assert [found.user_id for found in await deliveries.claim(db, Lane.PERSONS, START, 1, "mine")] == [1]
    assert [found.guild_id for found in await deliveries.claim(db, Lane.SERVERS, START + 5, 10, "mine")] == [GUILD]
