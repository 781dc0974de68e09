"""Reports by learners, the notices they owe, and the organiser's decision."""

import pytest

from bot.app import Services
from bot.core.deliveries import Delivery, Kind, Lane, State, Unneeded
from bot.services.flags import Notice
from bot.storage import deliveries as store
from bot.storage import flags
from tests.samples import START
from tests.services.conftest import World
from tests.services.couriers import Scripted
from tests.services.guild import CHANNEL, GUILD, ORGANISER

ITEM = "item-03"

pytestmark = pytest.mark.usefixtures("guild")


def notices(courier: Scripted) -> list[tuple[Delivery, Notice]]:
    return [
        (delivery, courier.content[message_id])
        for message_id, (_, delivery) in enumerate(courier.channel, 1)
        if delivery.kind is Kind.NOTICE
    ]


async def test_three_learners_withdraw_an_item_and_the_organiser_hears_of_the_first_and_third(
    world: World, services: Services, courier: Scripted
) -> None:
    withdrawn: list[bool] = []
    for learner in (1, 1, 2, 3, 4):
        reported = await services.flags.report(GUILD, ITEM, learner, f"reason {learner}")
        withdrawn.append(reported.withdrawn)
        await world.advance(seconds=1)
    assert withdrawn == [False, False, False, True, True]
    told = notices(courier)
    assert [delivery.user_id for delivery, _ in told] == [ORGANISER, ORGANISER]
    assert [notice.flagged and notice.flagged.flags for _, notice in told] == [1, 3]
    assert [notice.flagged and notice.flagged.withdrawn for _, notice in told] == [False, True]
    assert told[0][1].item == services.content.items[ITEM]
    assert told[0][1].channel_id == CHANNEL
    panel = await services.setup.panel(GUILD)
    assert [(flagged.item_id, flagged.flags) for flagged in panel.flagged] == [(ITEM, 4)]


async def test_a_repeat_by_the_same_learner_is_no_new_report(services: Services) -> None:
    assert (await services.flags.report(GUILD, ITEM, 1, "a")).new
    assert not (await services.flags.report(GUILD, ITEM, 1, "b")).new
    [(flagged, item)] = await services.flags.undecided(GUILD)
    assert (flagged.reasons, item) == (("a",), services.content.items[ITEM])


@pytest.mark.parametrize("keep", [True, False])
async def test_an_organiser_keeps_or_drops_an_item(services: Services, keep: bool) -> None:
    for learner in range(3):
        await services.flags.report(GUILD, ITEM, learner, "wrong")
    await services.flags.decide(GUILD, ITEM, ORGANISER, keep=keep)
    rows = await services.db.read("SELECT item_id FROM withdrawals WHERE guild_id = $1", GUILD)
    assert [row["item_id"] for row in rows] == ([] if keep else [ITEM])
    assert await services.flags.undecided(GUILD) == []
    # Deciding again simply decides anew.
    await services.flags.decide(GUILD, ITEM, ORGANISER, keep=not keep)
    rows = await services.db.read("SELECT item_id FROM withdrawals WHERE guild_id = $1", GUILD)
    assert [row["item_id"] for row in rows] == ([ITEM] if keep else [])


async def test_a_kept_item_that_is_reported_anew_is_told_anew(
    world: World, services: Services, courier: Scripted
) -> None:
    await services.flags.report(GUILD, ITEM, 1, "wrong")
    await world.settle()
    await services.flags.decide(GUILD, ITEM, ORGANISER, keep=True)
    await world.advance(seconds=5)
    await services.flags.report(GUILD, ITEM, 2, "wrong still")
    await world.settle()
    assert [notice.flagged and notice.flagged.reasons for _, notice in notices(courier)] == [
        ("wrong",), ("wrong still",),
    ]  # fmt: skip


async def test_a_notice_about_what_was_decided_meanwhile_is_called_off(services: Services, world: World) -> None:
    await flags.flag(services.db, GUILD, ITEM, 1, "wrong", START)
    await services.db.write(store.owe(Kind.NOTICE, GUILD, f"flag:{ITEM}:1:{START}", START, user_id=ORGANISER))
    [claimed] = await store.claim(services.db, Lane.PERSONS, START, 1, "another process")
    await services.flags.decide(GUILD, ITEM, ORGANISER, keep=True)
    with pytest.raises(Unneeded, match="decided"):
        await services.flags.prepare_notice(claimed)
    await world.advance(seconds=3600 - 5)
    rows = await services.db.read("SELECT state FROM deliveries WHERE kind = 'notice'")
    assert [row["state"] for row in rows] == [State.CANCELLED]


async def test_a_fault_that_was_mended_meanwhile_is_not_told(services: Services) -> None:
    await services.setup.note_fault(GUILD, "channel gone")
    await services.db.write(store.owe(Kind.NOTICE, GUILD, "fault:2026-03-02", START, user_id=ORGANISER))
    [claimed] = await store.claim(services.db, Lane.PERSONS, START, 1, "a test")
    notice = await services.flags.prepare_notice(claimed)
    assert (notice.fault, notice.item, notice.channel_id) == ("channel gone", None, CHANNEL)
    await services.setup.note_fault(GUILD, "")
    with pytest.raises(Unneeded, match="mended"):
        await services.flags.prepare_notice(claimed)


async def test_an_item_that_the_content_lost_can_still_be_decided_about(services: Services) -> None:
    await services.flags.report(GUILD, "long gone", 1, "wrong")
    [(flagged, item)] = await services.flags.undecided(GUILD)
    assert (flagged.item_id, item) == ("long gone", None)
    await services.flags.decide(GUILD, "long gone", ORGANISER, keep=False)
    assert await services.flags.undecided(GUILD) == []


async def test_only_who_set_the_server_up_decides_in_private(services: Services) -> None:
    assert await services.flags.may_decide_privately(GUILD, ORGANISER)
    assert not await services.flags.may_decide_privately(GUILD, ORGANISER + 1)
    assert not await services.flags.may_decide_privately(GUILD + 1, ORGANISER)


async def test_when_the_organiser_was_forgotten_notices_go_to_the_channel_and_nobody_decides_in_private(
    world: World, services: Services, courier: Scripted
) -> None:
    await services.privacy.erase(ORGANISER)
    await services.flags.report(GUILD, ITEM, 1, "wrong")
    await world.settle()
    assert [delivery.user_id for delivery, _ in notices(courier)] == [None]
    assert not await services.flags.may_decide_privately(GUILD, ORGANISER)
