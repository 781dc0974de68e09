"""A learner's own data: all of it as a file, none of it after erasing, and being seen or not."""

import json
from datetime import date
from random import Random
from typing import Any

import pytest

from bot.app import Services
from bot.core.cards import CardKind
from bot.core.errors import PseudonymNotChosen
from bot.core.privacy import Visibility
from bot.core.pseudonyms import FIRST, NUMBERS, SECOND
from bot.core.streaks import Streak
from bot.services.privacy import Privacy
from bot.storage import daily as store
from tests.services.conftest import World

GUILD, LEARNER = 10, 987_654_321_012_345


async def study(world: World, services: Services, learner: int = LEARNER) -> None:
    """Set up, post, answer, save and report."""
    await services.setup.start(GUILD, 20, 99)
    await world.advance(hours=2)
    round_ = await store.round_by_date(services.db, GUILD, date(2026, 3, 2))
    assert round_ is not None
    await services.daily.answer(round_.id, learner, "A")
    await services.study.save_card(learner, CardKind.ITEM, round_.item.id)
    await services.flags.report(GUILD, round_.item.id, learner, "Unclear")
    await services.privacy.set_visibility(learner, Visibility.HIDDEN)


async def test_the_export_is_json_that_names_the_person_and_all_that_is_kept(world: World, services: Services) -> None:
    await study(world, services)
    data = json.loads(await services.privacy.export(LEARNER))
    assert data["user"] == str(LEARNER)
    assert data["exported_at"] == "2026-03-02T14:00:00+00:00"
    assert {kind for kind, entries in data["stored"].items() if entries} == {
        "daily_answers", "cards", "flags", "learners", "scores",
    }  # fmt: skip
    assert data["stored"]["flags"][0]["reason"] == "Unclear"


async def test_the_export_of_a_stranger_is_empty(services: Services) -> None:
    data = json.loads(await services.privacy.export(LEARNER))
    assert not any(data["stored"].values())


async def test_after_erasing_the_learner_is_a_stranger_and_may_start_anew(world: World, services: Services) -> None:
    await study(world, services)
    await services.privacy.erase(LEARNER)
    assert not any(json.loads(await services.privacy.export(LEARNER))["stored"].values())
    assert await services.privacy.visibility(LEARNER) is Visibility.SHOWN
    assert await services.daily.streak(GUILD, LEARNER) == Streak()
    await world.advance(days=1)
    round_ = await store.round_by_date(services.db, GUILD, date(2026, 3, 3))
    assert round_ is not None
    assert (await services.daily.answer(round_.id, LEARNER, "A")).streak.current == 1


async def test_a_learner_is_seen_until_they_choose_otherwise(services: Services) -> None:
    assert await services.privacy.visibility(LEARNER) is Visibility.SHOWN
    for choice in (Visibility.HIDDEN, Visibility.PSEUDONYM, Visibility.SHOWN, Visibility.HIDDEN):
        await services.privacy.set_visibility(LEARNER, choice)
        assert await services.privacy.visibility(LEARNER) is choice


async def test_a_pseudonym_stays_until_another_is_asked_for(services: Services) -> None:
    with pytest.raises(PseudonymNotChosen):
        await services.privacy.another_pseudonym(LEARNER)
    await services.privacy.set_visibility(LEARNER, Visibility.PSEUDONYM)
    _, first = await services.privacy.seen_as(LEARNER)
    assert first.split()[0] in FIRST
    for choice in (Visibility.PSEUDONYM, Visibility.HIDDEN, Visibility.PSEUDONYM):
        await services.privacy.set_visibility(LEARNER, choice)
        assert await services.privacy.seen_as(LEARNER) == (choice, first)
    await services.privacy.another_pseudonym(LEARNER)
    choice, second = await services.privacy.seen_as(LEARNER)
    assert choice is Visibility.PSEUDONYM
    assert second != first
    # Asking for another name shows nobody who has hidden meanwhile.
    await services.privacy.set_visibility(LEARNER, Visibility.HIDDEN)
    with pytest.raises(PseudonymNotChosen):
        await services.privacy.another_pseudonym(LEARNER)
    assert await services.privacy.visibility(LEARNER) is Visibility.HIDDEN


async def test_no_two_learners_have_the_same_pseudonym(services: Services) -> None:
    class Same(Random):
        """A chance that says the same for every two learners."""

        drawn = 0

        def choice(self, seq: Any) -> Any:
            self.drawn += 1
            return seq[(self.drawn - 1) // 6]

    privacy = Privacy(services.db, services.clock, Same(), services.deliveries.wake)
    for user in (1, 2, 3):
        await privacy.set_visibility(user, Visibility.PSEUDONYM)
    names = {(await privacy.seen_as(user))[1] for user in (1, 2, 3)}
    assert names == {f"{FIRST[i]} {SECOND[i]} {NUMBERS[i]}" for i in range(3)}


async def test_a_card_is_kept_once_and_counted(world: World, services: Services) -> None:
    cards = [(CardKind.ITEM, "x"), (CardKind.CONCEPT, "x"), (CardKind.ITEM, "x")]
    saved = [await services.study.save_card(LEARNER, kind, subject) for kind, subject in cards]
    assert saved == [(True, 1), (True, 2), (False, 2)]
    assert await services.study.save_card(LEARNER + 1, CardKind.ITEM, "x") == (True, 1)
