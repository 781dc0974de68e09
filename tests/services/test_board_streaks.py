"""Boards of streaks: which are alive follows from the rounds missed since, as the rules of streaks have it."""

import asyncio
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import Services
from bot.core import streaks
from bot.core.board import Asked, Metric, Scope
from bot.core.periods import Span
from bot.core.privacy import Visibility
from bot.core.streaks import Streak
from bot.storage import daily
from bot.storage.database import Database, sql
from tests.samples import make_item
from tests.services.test_board import NAMES, board_of, open_services
from tests.storage.rounds import DAY
from tests.storage.scored import GUILD, found, name

FIRST = 490


async def rounds(db: Database, freezable: list[bool], *, last_open: bool) -> None:
    """Rounds that are over, each with whether freezes were allowed on its day; and one that still takes answers."""
    await db.write(sql("DELETE FROM rounds WHERE guild_id = $1", GUILD))
    item = make_item("x")
    for number, allowed in enumerate(freezable + [True] * last_open, 1):
        day = DAY + timedelta(days=number)
        await db.write(
            *daily.open_round(GUILD, day, item, 7, channel_id=20, freezes=allowed, delivery_id=number),
            sql(
                "UPDATE rounds SET state = $2, message_id = 30 WHERE guild_id = $1 AND local_date = $3",
                GUILD,
                2 if number <= len(freezable) else 1,
                day.isoformat(),
            ),
        )


async def keep(db: Database, kept: list[tuple[Streak, bool]]) -> None:
    await db.write(
        sql("DELETE FROM streaks WHERE guild_id = $1", GUILD),
        *(
            sql(
                "INSERT INTO streaks (guild_id, user_id, number, current, longest, freezes, shown)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                GUILD, FIRST + i, s.number, s.current, s.longest, s.freezes, int(shown),
            )
            for i, (s, shown) in enumerate(kept)
        ),
    )  # fmt: skip


KEPT = st.tuples(
    st.builds(
        lambda number, current, more, freezes: Streak(number, current, current + more, freezes),
        st.integers(1, 6),
        st.integers(1, 4),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    st.sampled_from([True, True, True, False]),
)


def test_the_alive_are_those_whom_the_rules_let_live(sqlite_url: str) -> None:
    with asyncio.Runner() as runner:
        services = runner.run(open_services(sqlite_url))

        async def compare(
            freezable: list[bool], last_open: bool, kept: list[tuple[Streak, bool]], reader: int, span: Span
        ) -> None:
            await rounds(services.db, freezable, last_open=last_open)
            await keep(services.db, kept)
            now: dict[int, int] = {}
            for i, (streak, _) in enumerate(kept):
                standing = streaks.missed(streak, freezable[streak.number :])
                now[FIRST + i] = standing.longest if span is Span.ALL else standing.current
            shown = {FIRST + i for i, (_, seen) in enumerate(kept) if seen}
            values = sorted((value for user, value in now.items() if user in shown and value), reverse=True)
            board = await board_of(services, reader, Asked(metric=Metric.STREAK, span=span, first=DAY))
            assert [place.value for place in board.top] == values[:10]
            assert [place.rank for place in board.top] == [1 + sum(v > p.value for v in values) for p in board.top]
            assert {place.name for place in board.top} <= {NAMES[user] for user in shown}
            assert board.ranked == len(values)
            mine = now.get(reader, 0)
            assert (board.own and (board.own.value, board.own.rank)) == (
                (mine, 1 + sum(v > mine for v in values)) if mine else None
            )
            assert board.hidden == (mine > 0 and reader not in shown)
            if any(place.own for place in board.top) or not mine:
                assert board.around == ()
            else:
                assert len(board.around) <= 3
                assert [p.value for p in board.around] == sorted((p.value for p in board.around), reverse=True)

        @settings(max_examples=100)
        @given(
            st.lists(st.booleans(), max_size=6),
            st.booleans(),
            st.lists(KEPT, max_size=14),
            st.integers(FIRST, FIRST + 14),
            st.sampled_from([Span.SEASON, Span.ALL]),
        )
        def check(
            freezable: list[bool], last_open: bool, kept: list[tuple[Streak, bool]], reader: int, span: Span
        ) -> None:
            runner.run(compare(freezable, last_open, kept, reader, span))

        check()
        runner.run(services.close())


async def test_both_databases_know_who_is_alive_and_who_stands_beside(services: Services) -> None:
    await rounds(services.db, [True] * 6, last_open=False)
    await name(services.db, NAMES)
    alive = [(Streak(6, 20 - i, 30, 0), True) for i in range(14)]
    dead = [(Streak(3, 50, 60, 2), True), (Streak(5, 40, 60, 0), True)]
    frozen = [(Streak(4, 3, 3, 2), True)]
    await keep(services.db, [*alive, *dead, *frozen])
    board = await board_of(services, FIRST + 12, Asked(metric=Metric.STREAK, span=Span.WEEK))
    assert [place.value for place in board.top] == list(range(20, 10, -1))
    assert [(place.rank, place.value, place.own) for place in board.around] == [
        (12, 9, False), (13, 8, True), (14, 7, False),
    ]  # fmt: skip
    assert board.ranked == 15
    longest = await board_of(services, FIRST, Asked(metric=Metric.STREAK, span=Span.ALL))
    assert [place.value for place in longest.top[:3]] == [60, 60, 30]


async def test_a_group_compares_its_own_members(services: Services) -> None:
    await rounds(services.db, [True], last_open=False)
    await name(services.db, NAMES)
    await found(services.db, 1, "Owls", [FIRST, FIRST + 2])
    await keep(services.db, [(Streak(1, 5 + i, 9, 0), True) for i in range(3)])
    for span, values in ((Span.SEASON, [7, 5]), (Span.ALL, [9, 9])):
        board = await board_of(services, FIRST, Asked(Scope.GROUP, metric=Metric.STREAK, span=span))
        assert [place.value for place in board.top] == values
        assert (board.title, board.ranked, board.own and board.own.value) == ("Owls", 2, values[1])
    await services.privacy.set_visibility(FIRST + 2, Visibility.HIDDEN)
    board = await board_of(services, FIRST, Asked(Scope.GROUP, metric=Metric.STREAK))
    assert [place.name for place in board.top] == [NAMES[FIRST]]
