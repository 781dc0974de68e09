"""The end of a season: its result is owed once, at its time, and says who won."""

import pytest

from bot.app import Services
from bot.core.deliveries import Kind, Undeliverable
from bot.core.privacy import Visibility
from bot.services.seasons import WINNERS_AT_MOST, Result
from bot.storage import seasons
from bot.storage.database import sql
from tests.services.conftest import World
from tests.services.couriers import Scripted
from tests.services.guild import CHANNEL, GUILD, ORGANISER, at
from tests.storage.scored import FEBRUARY, MARCH, Score, fill, found, name

NAMES = {user: f"name {user}" for user in range(490, 530)}
DUE = at(4, 1, 9, 10)


async def owed(services: Services) -> list[tuple[str, int, int]]:
    rows = await services.db.read(
        "SELECT subject, due_at, state FROM deliveries WHERE kind = 'season' AND guild_id = $1 ORDER BY due_at", GUILD
    )
    return [(row["subject"], row["due_at"], row["state"]) for row in rows]


async def play(services: Services) -> None:
    """Two winners and a third of March; somebody hidden would have beaten them."""
    await name(services.db, NAMES)
    scores = [Score(501, 60, 5, 4), Score(502, 60, 4, 4), Score(503, 30, 3, 2), Score(504, 90, 9, 9, shown=False)]
    await fill(services.db, [*scores, *(score.again(group=1) for score in scores[:2])])


def results(courier: Scripted) -> list[tuple[int, str]]:
    return [(when, delivery.subject) for when, delivery in courier.channel if delivery.kind is Kind.SEASON]


def the_result(courier: Scripted) -> Result:
    """What the one result was rendered from."""
    return courier.content[1 + courier.kinds().index(Kind.SEASON)]


@pytest.mark.usefixtures("guild")
async def test_the_result_comes_on_the_first_soon_after_the_daily_post(
    world: World, services: Services, courier: Scripted
) -> None:
    assert await owed(services) == [("2026-03", DUE, 0)]
    await found(services.db, 1, "Owls", [501, 502])
    await play(services)
    await world.to(DUE - 1)
    assert results(courier) == []
    await world.to(DUE)
    assert results(courier) == [(DUE, "2026-03")]
    result = the_result(courier)
    assert result.channel_id == CHANNEL
    assert [place.name for place in result.winners] == ["name 502", "name 501"]
    assert [(place.rank, place.name) for place in result.board.top] == [
        (1, "name 502"), (1, "name 501"), (3, "name 503"),
    ]  # fmt: skip
    assert [place.name for place in result.groups] == ["Owls"]
    assert not result.late
    # What is kept, and the next one is owed as soon as a post of the new month is out.
    assert await seasons.first_of_last(services.db, GUILD, MARCH.key + 1) == [501, 502]
    rows = await services.db.read("SELECT user_id, rank, points FROM season_winners ORDER BY user_id")
    assert [tuple(row[name] for name in ("user_id", "rank", "points")) for row in rows] == [
        (501, 1, 60), (502, 1, 60), (503, 3, 30),
    ]  # fmt: skip
    assert await seasons.export(services.db, 504) == []
    assert (await owed(services))[-1][:2] == ("2026-04", at(5, 1, 9, 10))


@pytest.mark.usefixtures("guild")
async def test_the_last_round_of_the_month_is_closed_by_then(world: World, services: Services) -> None:
    await world.to(at(3, 31, 12))
    [round_] = await services.db.read("SELECT reveal_at FROM rounds WHERE local_date = '2026-03-31'")
    assert round_["reveal_at"] < DUE


@pytest.mark.usefixtures("guild")
async def test_nothing_is_posted_where_nobody_has_points(world: World, services: Services, courier: Scripted) -> None:
    await fill(services.db, [Score(501, 0, 5, 0), Score(502, 40, 5, 3, shown=False)])
    await world.to(DUE)
    assert results(courier) == []
    assert await services.db.read("SELECT 1 FROM seasons") == []


@pytest.mark.usefixtures("guild")
async def test_the_result_moves_with_the_schedule_and_goes_with_a_pause(world: World, services: Services) -> None:
    await services.setup.change(GUILD, ORGANISER, minute=15 * 60, zone="Europe/London")
    moved = at(4, 1, 10, 10)  # three in the afternoon in London, ten in New York
    assert await owed(services) == [("2026-03", moved, 0)]
    await services.setup.pause(GUILD)
    assert [state for _, _, state in await owed(services)] == [5]
    await services.setup.change(GUILD, ORGANISER, active=True, minute=540, zone="America/New_York")
    assert await owed(services) == [("2026-03", DUE, 0)]


@pytest.mark.usefixtures("guild")
async def test_a_change_on_the_first_morning_moves_the_result_that_waits(
    world: World, services: Services, courier: Scripted
) -> None:
    await play(services)
    await world.to(at(4, 1, 8))
    await services.setup.change(GUILD, ORGANISER, minute=11 * 60)
    await world.to(at(4, 1, 11, 10))
    assert results(courier) == [(at(4, 1, 11, 10), "2026-03")]


async def test_after_downtime_one_result_comes_late_and_an_older_one_not_at_all(
    services: Services, world: World, courier: Scripted
) -> None:
    await services.setup.start(GUILD, CHANNEL, ORGANISER)
    await world.settle()
    await play(services)
    await world.to(at(4, 6, 12))
    assert results(courier) == [(at(4, 6, 12), "2026-03")]
    assert the_result(courier).late
    await fill(services.db, [Score(501, 60, 5, 4, period=MARCH.key + 1)])
    await world.to(at(5, 9, 12))
    assert results(courier) == [(at(4, 6, 12), "2026-03")]


@pytest.mark.usefixtures("guild")
async def test_what_should_be_owed_and_is_not_is_mended(services: Services) -> None:
    await services.db.write(sql("DELETE FROM deliveries WHERE kind = 'season'"))
    assert await services.seasons.mend() == 1
    assert await owed(services) == [("2026-03", DUE, 0)]
    assert await services.seasons.mend() == 0


@pytest.mark.usefixtures("guild")
async def test_a_result_that_went_out_is_never_owed_again(world: World, services: Services, courier: Scripted) -> None:
    await play(services)
    await world.to(DUE)
    await services.setup.pause(GUILD)
    await services.setup.change(GUILD, ORGANISER, active=True, minute=20 * 60)
    await services.db.write(sql("DELETE FROM deliveries WHERE kind = 'season' AND subject = '2026-04'"))
    await services.seasons.mend()
    await world.advance(days=2)
    assert results(courier) == [(DUE, "2026-03")]
    assert [subject for subject, _, _ in await owed(services)] == ["2026-03", "2026-04"]


@pytest.mark.usefixtures("guild")
async def test_a_result_that_can_not_be_posted_is_told_to_the_organiser(
    world: World, services: Services, courier: Scripted
) -> None:
    await play(services)
    await world.to(DUE - 300)
    courier.script[GUILD] = [Undeliverable("no access to the channel")]
    await world.to(DUE)
    settings = await services.setup.settings(GUILD)
    assert settings.fault == "no access to the channel"
    assert Kind.NOTICE in courier.kinds()
    assert await services.db.read("SELECT 1 FROM seasons") == []


@pytest.mark.usefixtures("guild")
async def test_the_role_goes_to_the_winners_and_from_those_before(
    world: World, services: Services, courier: Scripted
) -> None:
    await play(services)
    await services.db.write(
        *seasons.ended(
            GUILD, FEBRUARY.key, 1, [seasons.Winner(502, 1, 9), seasons.Winner(507, 1, 9), seasons.Winner(508, 2, 8)]
        )
    )
    await services.seasons.set_role(GUILD, 77)
    await services.seasons.set_role(GUILD, 78)
    await world.to(DUE)
    result = the_result(courier)
    assert (result.role_id, result.role_for, result.role_from) == (78, (501, 502), (507,))
    await services.seasons.set_role(GUILD, None)
    assert await services.seasons.role(GUILD) is None


@pytest.mark.usefixtures("guild")
async def test_so_many_on_the_first_place_get_no_role(world: World, services: Services, courier: Scripted) -> None:
    await fill(services.db, [Score(600 + i, 15, 1, 1) for i in range(WINNERS_AT_MOST + 1)])
    await services.seasons.set_role(GUILD, 77)
    await world.to(DUE)
    result = the_result(courier)
    assert (len(result.winners), result.role_for) == (WINNERS_AT_MOST, ())


@pytest.mark.usefixtures("guild")
async def test_who_hides_on_the_last_day_did_not_win(world: World, services: Services, courier: Scripted) -> None:
    await play(services)
    await services.privacy.set_visibility(502, Visibility.HIDDEN)
    await world.to(DUE)
    result = the_result(courier)
    assert [place.name for place in result.winners] == ["name 501"]
    assert result.board.ranked == 2
    assert await seasons.export(services.db, 502) == []
