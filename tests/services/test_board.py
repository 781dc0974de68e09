"""Boards: ranks, ties, neighbours and movement against a plain reckoning; who is hidden is nowhere."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import Services, build_services
from bot.core.board import NOBODY, TOP, Asked, Board, Metric, Place, Scope
from bot.core.errors import BoardGroupUnknown, BoardWithoutGroup
from bot.core.periods import Span
from bot.core.privacy import Visibility
from bot.storage.database import Database, connect
from bot.storage.database.migrate import migrate
from tests.samples import START, Clock, sample_content
from tests.storage.scored import FEBRUARY, GUILD, MARCH, Score, fill, found, name

ME = 500
NAMES = {user: f"name {user}" for user in range(490, 530)}
BY = {Metric.POINTS: lambda score: score.points, Metric.ACCURACY: lambda score: score.accuracy}


async def board_of(services: Services, reader: int, asked: Asked | None = None, title: str = "") -> Board:
    return (await services.board.page(GUILD, reader, asked or Asked(), title=title)).board


def standing(scores: list[Score], metric: Metric, period: int, group: int = 0) -> list[Score]:
    """Who is on a board, from the top."""
    here = [s for s in scores if s.period == period and s.group == group and s.shown and BY[metric](s) > 0]
    if metric is Metric.ACCURACY:
        here = [score for score in here if score.enough]
    return sorted(here, key=lambda score: (-BY[metric](score), -score.user))


def rank(scores: list[Score], metric: Metric, score: Score) -> int:
    return 1 + sum(BY[metric](other) > BY[metric](score) for other in standing(scores, metric, score.period))


def reckoned(scores: list[Score], metric: Metric, reader: int, title: str = "") -> Board:
    """The board of March from its definition."""
    places = standing(scores, metric, MARCH.key)
    before = {score.user: rank(scores, metric, score) for score in standing(scores, metric, FEBRUARY.key)}

    def place(score: Score) -> Place:
        own = rank(scores, metric, score)
        moved = before[score.user] - own if score.user in before else None
        value = BY[metric](score)
        return Place(own, NAMES[score.user], value, score.answers, score.correct, moved, score.user == reader)

    mine = next((s for s in scores if s.user == reader and s.period == MARCH.key), None)
    hidden = mine is not None and not mine.shown
    qualified = mine is not None and BY[metric](mine) > 0 and (metric is not Metric.ACCURACY or mine.enough)
    around: list[Score] = []
    if mine is not None and qualified and mine not in places[:TOP]:
        everybody = standing([*(s for s in scores if s.user != reader), replace(mine, shown=True)], metric, MARCH.key)
        at = next(i for i, s in enumerate(everybody) if s.user == reader)
        around = [s for s in everybody[max(at - 1, 0) : at + 2] if s not in places[:TOP]]
        if hidden and places and BY[metric](mine) > BY[metric](places[:TOP][-1]):
            around = []
    return Board(
        Scope.SERVER,
        metric,
        MARCH,
        title,
        tuple(place(score) for score in places[:TOP]),
        tuple(place(score) for score in around),
        place(mine) if mine is not None and qualified else None,
        hidden=hidden and qualified,
        ranked=len(places),
        own_answers=mine.answers if mine else 0,
        earlier=any(score.period == FEBRUARY.key for score in scores),
    )


# Few values, so that there are ties within and across steps, zeros, and learners short of answers.
POINTS = st.sampled_from([0, 10, 12, 14, 15, 15, 20, 45])
ANSWERS = st.sampled_from([(3, 3), (9, 9), (10, 0), (10, 7), (12, 7), (20, 14), (40, 39)])


def row(period: int) -> st.SearchStrategy[Score]:
    return st.builds(
        lambda points, counts, shown: Score(0, points, *counts, period=period, shown=shown),
        POINTS,
        ANSWERS,
        st.sampled_from([True, True, True, False]),
    )


@st.composite
def guilds(draw: Any) -> list[Score]:
    now = draw(st.lists(row(MARCH.key), max_size=24))
    before = draw(st.lists(row(FEBRUARY.key), max_size=12))
    scores = [score.again(user=492 + i) for i, score in enumerate(now)]
    shown = {score.user: score.shown for score in scores}
    scores += [replace(score, user=495 + i, shown=shown.get(495 + i, score.shown)) for i, score in enumerate(before)]
    return scores


async def open_services(url: str) -> Services:
    db = await connect(url)
    await migrate(db)
    await name(db, NAMES)
    return build_services(db, sample_content(), Clock(START), Random(1))


def test_every_board_is_as_reckoned_and_nothing_in_it_comes_from_the_hidden(sqlite_url: str) -> None:
    with asyncio.Runner() as runner:
        services = runner.run(open_services(sqlite_url))

        async def compare(scores: list[Score], reader: int, metric: Metric) -> None:
            await fill(services.db, scores)
            board = await board_of(services, reader, Asked(metric=metric))
            assert board == reckoned(scores, metric, reader)
            # Another reader's board is the one of a server in which nobody is hidden because they are not there.
            seen = [score for score in scores if score.shown]
            other = await board_of(services, 1, Asked(metric=metric))
            assert replace(other, earlier=False) == replace(reckoned(seen, metric, 1), earlier=False)
            assert replace(board.public, earlier=False) == replace(other, earlier=False)

        @settings(max_examples=150)
        @given(guilds(), st.sampled_from(sorted(NAMES)), st.sampled_from([Metric.POINTS, Metric.ACCURACY]))
        def check(scores: list[Score], reader: int, metric: Metric) -> None:
            runner.run(compare(scores, reader, metric))

        check()
        runner.run(services.close())


async def story(db: Database) -> list[Score]:
    """Thirty learners in two seasons: ME is 21st now and was 11th, and shares both ranks."""
    await name(db, NAMES)
    scores = [Score(490 + i, 10 * (30 - i), 20, 20 - i % 3) for i in range(30)]
    scores = [s.again(points=100) if s.user in (ME, 509, 511) else s for s in scores]
    scores += [s.again(period=FEBRUARY.key, points=300 - 10 * i) for i, s in enumerate(scores)]
    await fill(db, scores)
    return scores


@pytest.mark.parametrize("metric", [Metric.POINTS, Metric.ACCURACY])
async def test_both_databases_give_the_same_board(services: Services, metric: Metric) -> None:
    scores = await story(services.db)
    for reader in (490, 499, ME, 511, 519, 1):
        board = await board_of(services, reader, Asked(metric=metric), title="Study")
        assert board == reckoned(scores, metric, reader, "Study")


async def test_all_time_knows_no_movement_and_a_new_week_is_empty(services: Services) -> None:
    await fill(services.db, [Score(ME, 30, 25, 2, period=0), Score(501, 30, 20, 20, period=0)])
    board = await board_of(services, ME, Asked(span=Span.ALL))
    assert [(place.rank, place.moved, place.name) for place in board.top] == [(1, None, NOBODY), (1, None, NOBODY)]
    assert not board.earlier
    week = await board_of(services, ME, Asked(span=Span.WEEK))
    assert (week.top, week.own, week.ranked, week.own_answers) == ((), None, 0, 0)


async def test_earlier_periods_are_read_by_the_local_calendar(services: Services, clock: Clock) -> None:
    await story(services.db)
    february = await board_of(services, ME, Asked(first=FEBRUARY.first))
    assert february.period == FEBRUARY
    assert february.own is not None
    assert not february.earlier
    # Half past two on 1 April in UTC is still March in New York.
    clock.now = START + 30 * 86400 - 9.5 * 3600
    march = await board_of(services, ME)
    assert march.period == MARCH
    clock.now += 3 * 3600
    april = await board_of(services, ME)
    assert (april.top, april.earlier) == ((), True)


async def test_any_day_of_a_period_names_it_and_one_to_come_the_running_one(services: Services) -> None:
    await story(services.db)

    async def shown(asked: Asked) -> tuple[date, date | None, bool]:
        page = await services.board.page(GUILD, ME, asked)
        return page.board.period.first, page.asked.first, page.board.later

    assert await shown(Asked(first=date(2026, 2, 17))) == (FEBRUARY.first, FEBRUARY.first, True)
    for day in (MARCH.first, date(2026, 3, 31), date(2030, 1, 1), date.max):
        assert await shown(Asked(first=day)) == (MARCH.first, None, False)
    for span in Span:
        assert not (await board_of(services, ME, Asked(span=span, first=date.min))).earlier
    # Streaks are those of today, and going back to points shows the period as before.
    february = Asked(metric=Metric.STREAK, first=FEBRUARY.first)
    assert await shown(february) == (MARCH.first, FEBRUARY.first, False)


@pytest.mark.parametrize(
    ("span", "back", "first"),
    [
        (Span.SEASON, 0, None),
        (Span.SEASON, 1, FEBRUARY.first),
        (Span.SEASON, 14, date(2025, 1, 1)),
        (Span.WEEK, 3, date(2026, 2, 9)),
        (Span.WEEK, 999, date(2026, 3, 2) - timedelta(weeks=999)),
        (Span.SEASON, 999, date(1942, 12, 1)),
        (Span.ALL, 5, date.min),
    ],
)
async def test_periods_are_counted_back_as_earlier_releases_named_them(
    services: Services, span: Span, back: int, first: date | None
) -> None:
    assert (await services.board.ago(GUILD, Asked(span=span), back)).first == first


async def test_the_answers_that_are_missing_for_a_rank_are_told(services: Services) -> None:
    await fill(services.db, [Score(ME, 60, 7, 6), Score(501, 10, 10, 1)])
    board = await board_of(services, ME, Asked(metric=Metric.ACCURACY))
    assert (board.own, board.needed, board.own_answers, board.ranked) == (None, 10, 7, 1)


async def test_names_are_the_last_known_or_a_pseudonym_or_none(services: Services) -> None:
    await fill(services.db, [Score(501, 40, 1, 1), Score(502, 30, 1, 1), Score(503, 20, 1, 1)])
    await services.board.remember_names({(GUILD, 501): "Old"})
    await services.board.remember_names({(GUILD, 501): "New"})
    await services.board.remember_names({(GUILD + 1, 501): "Elsewhere"})
    await services.board.remember_names({(GUILD, 502): "Real name"})
    await services.privacy.set_visibility(502, Visibility.PSEUDONYM)
    _, pseudonym = await services.privacy.seen_as(502)
    board = await board_of(services, 1)
    assert [place.name for place in board.top] == ["New", pseudonym, NOBODY]
    await services.privacy.another_pseudonym(502)
    board = await board_of(services, 1)
    assert board.top[1].name not in ("Real name", pseudonym)


async def test_who_hides_is_off_the_board_at_once_and_who_shows_is_back(services: Services) -> None:
    await fill(services.db, [Score(501, 40, 12, 9), Score(502, 30, 12, 8), Score(503, 20, 12, 7)])
    await name(services.db, NAMES)
    first = await board_of(services, 503)
    await services.privacy.set_visibility(502, Visibility.HIDDEN)
    for metric in (Metric.POINTS, Metric.ACCURACY):
        board = await board_of(services, 503, Asked(metric=metric))
        assert [place.name for place in board.top] == ["name 501", "name 503"]
        assert (board.ranked, board.own and board.own.rank) == (2, 2)
        own = await board_of(services, 502, Asked(metric=metric))
        assert own.hidden
        assert own.own is not None
        assert own.own.rank == 2
        assert own.public == board.public
    for choice in (Visibility.HIDDEN, Visibility.SHOWN, Visibility.SHOWN):
        await services.privacy.set_visibility(502, choice)
    assert await board_of(services, 503) == first


async def test_a_group_has_a_board_of_its_own_and_is_named(services: Services) -> None:
    await found(services.db, 1, "Owls", [501, 502])
    await found(services.db, 2, "Larks", [502])
    await fill(services.db, [Score(501, 40, 1, 1), Score(501, 10, 1, 1, group=1), Score(502, 20, 1, 1, group=1)])
    await name(services.db, NAMES)
    for group in (1, 0):
        board = await board_of(services, 501, Asked(Scope.GROUP, group=group))
        assert (board.title, [place.name for place in board.top]) == ("Owls", ["name 502", "name 501"])
    last_joined = await board_of(services, 502, Asked(Scope.GROUP))
    assert last_joined.title == "Larks"
    for group, fault in ((7, BoardGroupUnknown), (0, BoardWithoutGroup)):
        with pytest.raises(fault):
            await board_of(services, 503, Asked(Scope.GROUP, group=group))
    with pytest.raises(BoardGroupUnknown):
        await services.board.page(GUILD + 1, 501, Asked(Scope.GROUP, group=1))


async def test_groups_stand_by_points_per_active_member_so_that_a_small_one_can_win(services: Services) -> None:
    members = {1: (501, 502), 2: (503, 504, 505, 506), 3: (507, 508), 4: (509,), 5: (510, 511)}
    for group, users in members.items():
        await found(services.db, group, f"group {group}", [*users, 529])
    points = {501: 40, 502: 21, 503: 30, 504: 30, 505: 30, 506: 31, 507: 31, 508: 30, 509: 90, 510: 0, 511: 0}
    scores = [Score(user, points[user], 3, 2, group=group) for group, users in members.items() for user in users]
    scores += [replace(s, period=FEBRUARY.key, points=100 if s.group == 2 else 1) for s in scores if s.group != 3]
    # A hidden member of the best counts for nothing here, and the name is nowhere anyway.
    await fill(services.db, [*scores, Score(529, 500, 9, 9, group=1, shown=False)])
    board = await board_of(services, 504, Asked(Scope.GROUPS, metric=Metric.ACCURACY), title="Study")
    assert [(p.rank, p.name, p.value, p.members, p.moved, p.own) for p in board.top] == [
        (1, "group 1", 3050, 2, 1, False),
        (1, "group 3", 3050, 2, None, False),
        (3, "group 2", 3025, 4, -2, True),
    ]
    assert (board.metric, board.ranked, board.own_answers) == (Metric.POINTS, 3, 4)
    assert board.public == (await board_of(services, 1, Asked(Scope.GROUPS), title="Study"))
