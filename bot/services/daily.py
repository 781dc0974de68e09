"""The daily question: planning and posting it, answering it, revealing it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from bot.core import scores, streaks
from bot.core.asked import Distribution
from bot.core.content import Content
from bot.core.daily import (
    Answer,
    Answered,
    DailySettings,
    Round,
    RoundState,
    Standing,
)
from bot.core.deliveries import DAY, Delivery, Kind, Retry, State, Undeliverable, Unneeded
from bot.core.errors import NoAnswerYet, PoolEmpty, RoundNotOpen, RoundUnknown, SetupMissing
from bot.core.selection import choose
from bot.core.streaks import Streak
from bot.services.daily_owed import DailyPosts, Reveals, plan, reveal_time
from bot.storage import daily as store
from bot.storage import daily_answers, deliveries, flags, guilds
from bot.storage import scores as tally
from bot.storage.database import Database

PAST_ROUNDS = 10
FORGET_AFTER = 90 * DAY


@dataclass(frozen=True, slots=True)
class Post:
    """What a daily post is rendered from. `previous` is the guild's last round before, if any, with its outcome."""

    round: Round
    role_id: int | None
    previous: Round | None
    previous_outcome: Distribution | None


@dataclass(frozen=True, slots=True)
class Reveal:
    """What a reveal is rendered from."""

    round: Round
    outcome: Distribution


class Daily:
    """Use cases of the daily question, and what its deliveries mean."""

    def __init__(self, db: Database, content: Content, clock: Callable[[], float]) -> None:
        self._db = db
        self._content = content
        self._clock = clock
        self.posts = DailyPosts(db)
        self.reveals = Reveals(db)

    @property
    def now(self) -> int:
        return int(self._clock())

    # -- deliveries ------------------------------------------------------------------------------------------

    async def prepare_post(self, delivery: Delivery) -> Post:
        """Open the round that a delivery is to post, or find the one it opened before. Raises Unneeded, Undeliverable."""
        settings = await guilds.get(self._db, delivery.guild_id)
        if settings is None or not settings.active:
            raise Unneeded("not set up")
        day = date.fromisoformat(delivery.subject)
        round_ = await store.round_by_date(self._db, delivery.guild_id, day)
        if round_ is None:
            round_ = await self._open(settings, day, delivery)
        elif round_.state is RoundState.VOID or round_.channel_id != settings.channel_id:
            await self._db.write(store.reopen(round_.id, settings.channel_id, delivery.id))
            round_ = await self.round(round_.id)
        # When it will be revealed and whether it is late is stored once it is out; the post itself can tell it already.
        posted_at = max(self.now, delivery.due_at)
        reveal_at = round_.reveal_at or reveal_time(settings, day, posted_at)
        return await self._post(replace(round_, reveal_at=reveal_at, late=delivery.late(self.now)), settings)

    async def _post(self, round_: Round, settings: DailySettings) -> Post:
        previous = await store.round_before(self._db, round_)
        outcome = await daily_answers.distribution(self._db, previous) if previous else None
        return Post(round_, settings.role_id, previous, outcome)

    async def _open(self, settings: DailySettings, day: date, delivery: Delivery) -> Round:
        exam = self._content.exams.get(settings.exam)
        if exam is None:
            raise Undeliverable("exam unknown")
        history = await store.history(self._db, settings.guild_id)
        withdrawn = await flags.withdrawn(self._db, settings.guild_id)
        # Seeded by guild and day: processes that race for the same round choose the same item.
        rng = Random(f"{settings.guild_id}:{day}")
        try:
            item = choose(exam, self._content.pool(exam), history, withdrawn, rng)
        except PoolEmpty:
            raise Undeliverable("no questions") from None
        await self._db.write(
            *store.open_round(
                settings.guild_id,
                day,
                item,
                secrets.randbits(31),
                channel_id=settings.channel_id,
                freezes=settings.freezes,
                delivery_id=delivery.id,
            )
        )
        round_ = await store.round_by_date(self._db, settings.guild_id, day)
        if round_ is None:
            raise Retry("round not stored", unsure=False)
        return round_

    async def prepare_reveal(self, delivery: Delivery) -> Reveal:
        """The round to reveal and how it went. Raises Unneeded."""
        round_ = await store.round_by_id(self._db, int(delivery.subject))
        if round_ is None or round_.message_id is None or round_.state is RoundState.VOID:
            raise Unneeded("round gone")
        return await self._reveal(round_)

    async def reveal_of(self, round_id: int) -> Reveal:
        """A round and how it went. Raises RoundUnknown."""
        return await self._reveal(await self.round(round_id))

    async def revealed(self, round_id: int) -> bool:
        """Whether the reveal of a round went out, as far back as is known. Raises RoundUnknown."""
        round_ = await self.round(round_id)
        return await deliveries.state(self._db, Kind.REVEAL, round_.guild_id, str(round_id)) is State.SENT

    async def _reveal(self, round_: Round) -> Reveal:
        return Reveal(round_, await daily_answers.distribution(self._db, round_))

    async def forget_old_deliveries(self) -> None:
        """Delete what was sent or dropped more than three months ago."""
        await self._db.write(deliveries.forget_settled(self.now - FORGET_AFTER))

    async def mend_schedules(self) -> int:
        """Plan the next post of active guilds for which none is owed; returns how many there were."""
        missing = await guilds.unscheduled(self._db)
        for settings in missing:
            rounds = await store.latest_rounds(self._db, settings.guild_id, 1)
            await self._db.write(plan(settings, rounds[0].local_date if rounds else None, self.now))
        return len(missing)

    # -- answering -------------------------------------------------------------------------------------------

    async def answer(self, round_id: int, user_id: int, chosen: str) -> Answered:
        """Record a learner's one attempt; a repeat shows the first. Raises RoundUnknown, RoundNotOpen, ChoiceUnknown."""
        round_ = await self.round(round_id)
        chosen = round_.check_choice(chosen)
        now = self.now
        before = await daily_answers.streak(self._db, round_.guild_id, user_id)
        after = before
        if before.number < round_.number:
            missed = (
                await daily_answers.missed_since(self._db, round_.guild_id, before.number, round_.number, self.now)
                if before.number and before.number < round_.number - 1
                else []
            )
            after = streaks.answered(before, round_.number, missed)
        correct = chosen == round_.key
        answer, new = await daily_answers.answer(
            self._db,
            round_,
            user_id,
            chosen,
            correct=correct,
            points=scores.points(round_.item.difficulty, correct=correct),
            streak=after,
            now=now,
            also=tally.daily_attempts(
                round_.guild_id,
                round_.item.id,
                round_.id,
                tally.When(round_.local_date, secrets.randbits(62), now),
                user_id,
            ),
        )
        if answer is None:
            raise RoundNotOpen
        streak = after if new and not answer.late else await self.streak(round_.guild_id, user_id)
        return Answered(round_, answer, streak, new)

    async def own_answer(self, round_id: int, user_id: int) -> Answered:
        """A learner's answer given before. Raises NoAnswerYet, RoundUnknown."""
        round_ = await self.round(round_id)
        answer = await daily_answers.answer_of(self._db, round_id, user_id)
        if answer is None:
            raise NoAnswerYet
        return Answered(round_, answer, await self.streak(round_.guild_id, user_id), new=False)

    async def mark_guessed(self, round_id: int, user_id: int) -> None:
        """Note that the learner guessed. Raises NoAnswerYet."""
        [rows] = await self._db.write(daily_answers.mark_guessed(round_id, user_id))
        if not rows:
            raise NoAnswerYet

    # -- reading ---------------------------------------------------------------------------------------------

    async def round(self, round_id: int) -> Round:
        """Raises RoundUnknown."""
        round_ = await store.round_by_id(self._db, round_id)
        if round_ is None:
            raise RoundUnknown
        return round_

    async def open_question(self, round_id: int, user_id: int) -> tuple[Round, Answer | None]:
        """A round and what the learner answered, for showing the question again."""
        return await self.round(round_id), await daily_answers.answer_of(self._db, round_id, user_id)

    async def streak(self, guild_id: int, user_id: int) -> Streak:
        """The streak as it stands now: rounds that went by unanswered since are accounted for."""
        stored = await daily_answers.streak(self._db, guild_id, user_id)
        if stored.number == 0:
            return stored
        missed = await daily_answers.missed_since(self._db, guild_id, stored.number, None, self.now)
        return streaks.missed(stored, missed)

    async def standing(self, guild_id: int, user_id: int) -> Standing:
        """A learner's own page. Raises SetupMissing."""
        settings = await guilds.get(self._db, guild_id)
        if settings is None:
            raise SetupMissing
        latest = await store.latest_rounds(self._db, guild_id, PAST_ROUNDS + 2)
        # A post that is still on its way is nobody's business yet.
        rounds = [r for r in latest if r.message_id is not None or r.state is not RoundState.OPEN]
        answers = await daily_answers.answers_of(self._db, [round_.id for round_ in rounds], user_id)
        today = next((r for r in rounds[:1] if not self.closed(r)), None)
        past = tuple((r, answers.get(r.id)) for r in rounds if today is None or r.id != today.id)
        points, answered, correct = await daily_answers.totals(self._db, guild_id, user_id)
        return Standing(
            settings=settings,
            today=today,
            today_answer=answers.get(today.id) if today else None,
            streak=await self.streak(guild_id, user_id),
            points=points,
            answered=answered,
            correct=correct,
            past=past[:PAST_ROUNDS],
            next_at=await deliveries.next_due(self._db, guild_id, Kind.DAILY_POST),
        )

    def closed(self, round_: Round) -> bool:
        """Whether answers to the round are practice by now."""
        return round_.state is RoundState.REVEALED or (round_.reveal_at is not None and round_.reveal_at <= self.now)

    async def tally(self, round_id: int) -> tuple[Post, int]:
        """What the round's post shows while it is open: the post and the number of answers."""
        round_ = await self.round(round_id)
        settings = await guilds.get(self._db, round_.guild_id)
        post = await self._post(round_, settings) if settings else Post(round_, None, None, None)
        return post, await daily_answers.answer_count(self._db, round_id)

    async def tally_shown(self, round_id: int, count: int) -> None:
        await self._db.write(store.shown(round_id, count))

    async def untallied(self) -> list[int]:
        return await store.untallied(self._db)
