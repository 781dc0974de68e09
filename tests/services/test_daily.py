"""The daily question as a guild lives it: posted, answered, revealed, day after day."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from bot.app import Services, build_services
from bot.core.content import Content
from bot.core.daily import REVEAL_LEAD, RoundState
from bot.core.deliveries import Kind, Retry
from bot.core.errors import ChoiceUnknown, NoAnswerYet, RoundUnknown, SetupMissing
from bot.core.streaks import Streak
from bot.services.daily import Post, Reveal
from bot.storage import flags
from tests.services.conftest import World
from tests.services.couriers import Scripted
from tests.services.guild import GUILD, LEARNER, ORGANISER, at, owed, round_of, wrong

pytestmark = pytest.mark.usefixtures("guild")


async def test_a_question_is_posted_answered_revealed_and_followed_by_the_next(
    world: World, services: Services, courier: Scripted
) -> None:
    await world.to(at(3, 2) - 1)
    assert courier.channel == []
    await world.to(at(3, 2))
    assert courier.kinds() == [Kind.DAILY_POST]
    round_ = await round_of(services, 3, 2)
    assert (round_.number, round_.message_id, round_.reveal_at, round_.state) == (
        1,
        1,
        at(3, 3) - REVEAL_LEAD,
        RoundState.OPEN,
    )
    right = await services.daily.answer(round_.id, LEARNER, round_.key)
    assert (right.new, right.answer.correct, right.answer.points) == (True, True, 15)
    missed = await services.daily.answer(round_.id, LEARNER + 1, wrong(round_))
    assert (missed.answer.correct, missed.answer.points) == (False, 0)
    await world.to(at(3, 3))
    assert sorted(courier.kinds()[1:]) == [Kind.DAILY_POST, Kind.REVEAL]
    reveal = next(content for content in courier.content.values() if isinstance(content, Reveal))
    assert (reveal.round.id, reveal.outcome.total, reveal.outcome.correct) == (round_.id, 2, 1)
    assert (await round_of(services, 3, 2)).state is RoundState.REVEALED
    post = [content for content in courier.content.values() if isinstance(content, Post)][-1]
    assert (post.round.number, post.previous and post.previous.id) == (2, round_.id)
    assert [row["subject"] for row in await owed(services)] == ["2026-03-04"]


async def test_each_local_day_has_one_post_at_nine_across_a_change_of_clocks(world: World, courier: Scripted) -> None:
    for day in range(2, 15):
        await world.to(at(3, day))
    posts = [(sent_at, d.subject) for sent_at, d in courier.channel if d.kind is Kind.DAILY_POST]
    assert posts == [(at(3, day), f"2026-03-{day:02}") for day in range(2, 15)]
    assert len(courier.channel) == 2 * 13 - 1


async def test_days_missed_in_an_absence_collapse_into_one_late_post(
    world: World, services: Services, courier: Scripted
) -> None:
    await world.to(at(3, 2))
    # A process that was down for days: what it owes is the post of the 3rd, too old by now, and the latest.
    await world.to(at(3, 7, 11))
    assert courier.subjects()[0] == "2026-03-02"
    posts = [d.subject for _, d in courier.channel if d.kind is Kind.DAILY_POST]
    assert posts == ["2026-03-02", "2026-03-07"]
    latest = [content for content in courier.content.values() if isinstance(content, Post)][-1]
    assert (latest.round.late, latest.round.number) == (True, 2)
    assert (await round_of(services, 3, 2)).state is RoundState.REVEALED
    assert [row["subject"] for row in await owed(services)] == ["2026-03-08"]


async def test_an_absence_that_ends_in_the_night_waits_for_the_morning(world: World, courier: Scripted) -> None:
    await world.to(at(3, 2))
    await world.to(at(3, 6, 23))
    assert [d.subject for _, d in courier.channel if d.kind is Kind.DAILY_POST] == ["2026-03-02"]
    await world.to(at(3, 7))
    assert courier.subjects()[-1] == "2026-03-07"


async def test_a_double_click_scores_once_and_shows_the_first_choice(world: World, services: Services) -> None:
    await world.to(at(3, 2))
    round_ = await round_of(services, 3, 2)
    clicks = await asyncio.gather(*(services.daily.answer(round_.id, LEARNER, c) for c in "ABCD" * 5))
    assert sum(click.new for click in clicks) == 1
    assert len({click.answer for click in clicks}) == 1
    assert {click.streak for click in clicks} == {Streak(1, 1, 1, 0)}
    standing = await services.daily.standing(GUILD, LEARNER)
    assert (standing.answered, standing.points) == (1, clicks[0].answer.points)


async def test_after_the_reveal_an_answer_is_practice(world: World, services: Services) -> None:
    await world.to(at(3, 2))
    round_ = await round_of(services, 3, 2)
    await world.to(at(3, 3, 12))
    late = await services.daily.answer(round_.id, LEARNER, round_.key)
    assert (late.new, late.answer.late, late.answer.correct, late.answer.points) == (True, True, True, 0)
    assert late.streak == Streak()
    standing = await services.daily.standing(GUILD, LEARNER)
    assert (standing.points, standing.answered) == (0, 0)
    assert [answer and answer.late for _, answer in standing.past] == [True]


async def test_an_answer_after_the_time_of_a_reveal_that_is_stuck_is_late_all_the_same(
    world: World, services: Services, courier: Scripted
) -> None:
    await world.to(at(3, 2))
    round_ = await round_of(services, 3, 2)
    courier.script[GUILD] = [Retry("down", unsure=False)] * 20
    await world.to(at(3, 3))
    assert (await round_of(services, 3, 2)).state is RoundState.OPEN
    assert (await services.daily.answer(round_.id, LEARNER, round_.key)).answer.late


async def test_a_streak_grows_earns_a_freeze_spends_it_and_ends(world: World, services: Services) -> None:
    answered = [*range(2, 9), 10, 13]
    seen: dict[int, Streak] = {}
    for day in range(2, 15):
        await world.to(at(3, day))
        if day in answered:
            round_ = await round_of(services, 3, day)
            seen[day] = (await services.daily.answer(round_.id, LEARNER, wrong(round_))).streak
        else:
            seen[day] = await services.daily.streak(GUILD, LEARNER)
    assert (seen[8].current, seen[8].freezes) == (7, 1)
    # The 9th is still open on its day, and was missed on the next: the freeze went, the streak stayed.
    assert (seen[9].current, seen[9].freezes) == (7, 1)
    assert (seen[10].current, seen[10].freezes) == (8, 0)
    # The 11th was missed without a freeze.
    assert (seen[11].current, seen[12].current) == (8, 0)
    assert seen[13] == Streak(12, 1, 8, 0)


async def test_a_right_answer_in_another_order_of_letters_is_right(services: Services, world: World) -> None:
    for day in range(2, 14):
        await world.to(at(3, day))
        round_ = await round_of(services, 3, day)
        if round_.item.multiple:
            assert (await services.daily.answer(round_.id, LEARNER, round_.key[::-1])).answer.points == 20
            assert not (await services.daily.answer(round_.id, LEARNER + 1, round_.key[0])).answer.correct
            return
    raise AssertionError("twelve rounds show all twelve items")


async def test_a_withdrawn_item_is_not_posted(world: World, services: Services) -> None:
    everything = set(services.content.items)
    for item in sorted(everything)[:9]:
        await services.db.write(*flags.decide(GUILD, item, ORGANISER, keep=False, now=world.now))
    shown = set()
    for day in range(2, 8):
        await world.to(at(3, day))
        shown.add((await round_of(services, 3, day)).item.id)
    assert shown == set(sorted(everything)[9:])


async def test_content_edited_under_an_open_round_does_not_regrade_it(world: World, services: Services) -> None:
    await world.to(at(3, 2))
    round_ = await round_of(services, 3, 2)
    before = services.content
    turned = {
        item.id: replace(
            item, version=2, options=tuple(replace(option, correct=not option.correct) for option in item.options)
        )
        for item in before.items.values()
    }
    edited = build_services(services.db, Content(turned, before.concepts, before.exams), services.clock)
    assert (await edited.daily.answer(round_.id, LEARNER, round_.key)).answer.correct
    assert not (await edited.daily.answer(round_.id, LEARNER + 1, wrong(round_))).answer.correct
    assert (await edited.daily.reveal_of(round_.id)).round.item == round_.item


async def test_a_round_of_an_item_that_the_content_lost_is_still_revealed(world: World, services: Services) -> None:
    await world.to(at(3, 2))
    round_ = await round_of(services, 3, 2)
    emptied = build_services(services.db, Content(exams=services.content.exams), services.clock)
    assert (await emptied.daily.answer(round_.id, LEARNER, round_.key)).answer.correct
    assert (await emptied.daily.reveal_of(round_.id)).outcome.total == 1


async def test_a_learners_page_tells_today_the_past_and_the_next(world: World, services: Services) -> None:
    for day in range(2, 16):
        await world.to(at(3, day))
        await services.daily.answer((await round_of(services, 3, day)).id, LEARNER, "A")
    standing = await services.daily.standing(GUILD, LEARNER)
    assert standing.today is not None
    assert standing.today.local_date == date(2026, 3, 15)
    assert standing.today_answer is not None
    assert [round_.local_date.day for round_, _ in standing.past] == list(range(14, 4, -1))
    assert (standing.answered, standing.streak.current, standing.next_at) == (14, 14, at(3, 16))
    await services.setup.pause(GUILD)
    assert (await services.daily.standing(GUILD, LEARNER)).next_at is None


async def test_what_cannot_be_is_refused_with_its_sentence(world: World, services: Services) -> None:
    await world.to(at(3, 2))
    round_ = await round_of(services, 3, 2)
    with pytest.raises(RoundUnknown):
        await services.daily.answer(10**6, LEARNER, "A")
    with pytest.raises(ChoiceUnknown):
        await services.daily.answer(round_.id, LEARNER, "F")
    with pytest.raises(NoAnswerYet):
        await services.daily.own_answer(round_.id, LEARNER)
    with pytest.raises(NoAnswerYet):
        await services.daily.mark_guessed(round_.id, LEARNER)
    with pytest.raises(SetupMissing):
        await services.daily.standing(GUILD + 1, LEARNER)


async def test_a_guess_is_noted_on_the_answer(world: World, services: Services) -> None:
    await world.to(at(3, 2))
    round_ = await round_of(services, 3, 2)
    await services.daily.answer(round_.id, LEARNER, "A")
    assert not (await services.daily.own_answer(round_.id, LEARNER)).answer.guessed
    await services.daily.mark_guessed(round_.id, LEARNER)
    assert (await services.daily.own_answer(round_.id, LEARNER)).answer.guessed
