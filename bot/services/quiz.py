"""Private practice: beginning a session, taking it step by step, and sharing what it came to."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from bot.core import scores
from bot.core.content import Content, Difficulty, Item
from bot.core.privacy import Visibility
from bot.core.quiz import LENGTH, Impossible, Phase, Reason, Session, State, Wishes
from bot.core.quiz_errors import HiddenFromOthers, NoSession, SessionUnknown, SharedAlready
from bot.core.schedule import local_date
from bot.services.quiz_choice import Choosing
from bot.services.quiz_pages import Page, Pages
from bot.services.setup import zone_of
from bot.storage import learners
from bot.storage import quiz as store
from bot.storage import scores as tally
from bot.storage.database import Conflict, Database


@dataclass(frozen=True, slots=True)
class Shown:
    """A result that its learner shows to others; without `name` by a mention."""

    session: Session
    about: str
    name: str


class Quiz:
    """Use cases of /quiz. Each gives what the learner sees next: where the session stands, whatever was pressed."""

    def __init__(
        self, db: Database, content: Content, clock: Callable[[], float], rng: Random, choosing: Choosing
    ) -> None:
        self._db = db
        self._clock = clock
        self._rng = rng
        self.choosing = choosing
        self._pages = Pages(db, content, choosing.about)

    @property
    def now(self) -> int:
        return int(self._clock())

    # -- beginning -------------------------------------------------------------------------------------------

    async def start(
        self,
        user_id: int,
        guild_id: int,
        *,
        exam: str = "",
        area: str = "",
        topic: str = "",
        difficulty: Difficulty | None = None,
        length: int = LENGTH,
    ) -> Page:
        """A new session on what the learner typed, for the boards of that guild (0 for none).

        Raises ExamUnknown, AreaUnknown, ConceptUnknown, NothingToAsk.
        """
        wishes = await self.choosing.wishes(user_id, guild_id, exam, area, topic, difficulty, length)
        return await self._start(user_id, guild_id, wishes, None)

    async def again(self, user_id: int, guild_id: int, session_id: int) -> Page:
        """A new session with the wishes of an earlier one. Raises SessionUnknown, NothingToAsk, ExamUnknown."""
        before = await self._session(session_id, user_id)
        return await self._start(user_id, guild_id, before.wishes, None)

    async def redo(self, user_id: int, guild_id: int, session_id: int) -> Page:
        """A new session on exactly what was missed in an earlier one. Raises SessionUnknown, NothingToRedo."""
        before = await self._session(session_id, user_id)
        return await self._start(user_id, guild_id, before.wishes, before)

    async def _start(self, user_id: int, guild_id: int, wishes: Wishes, before: Session | None) -> Page:
        # Chosen first: what can't be had is said before anything is kept.
        items = await self._choose(user_id, guild_id, wishes, before)
        running = await self._running(user_id)
        redo_of = before.id if before else None
        [rows] = await self._db.write(store.wish(user_id, guild_id, wishes, redo_of, self.now))
        wished: int = rows[0]["id"]
        if running is not None:
            return self._pages.busy(running, wished, wishes, redo_of)
        return await self._begin(user_id, wished, items)

    async def replace(self, user_id: int, wished: int, ended: int) -> Page:
        """End the session `ended`, and begin the one that waits as `wished`. Raises SessionUnknown, NothingToAsk."""
        session = await self._session(wished, user_id)
        if session.state is not State.WISHED:
            return await self._pages.page(session)
        before = await self._session(session.redo_of, user_id) if session.redo_of else None
        items = await self._choose(user_id, session.guild_id, session.wishes, before)
        return await self._begin(user_id, wished, items, ended)

    async def _choose(self, user_id: int, guild_id: int, wishes: Wishes, before: Session | None) -> list[Item]:
        if before is not None:
            return await self.choosing.missed(user_id, guild_id, before)
        return await self.choosing.items(user_id, guild_id, wishes)

    async def _begin(self, user_id: int, wished: int, items: list[Item], ended: int | None = None) -> Page:
        chosen = [(item, self._rng.getrandbits(31)) for item in items]
        now = self.now
        stop = [store.stop(ended, user_id, now)] if ended is not None else []
        # A conflict means that another press began it, or another one, in this very moment: that one is running now.
        with suppress(Conflict):
            await self._db.write(*stop, *store.begin(wished, user_id, chosen, now))
        session = await self._session(wished, user_id)
        running = await self._running(user_id) if session.state is State.WISHED else None
        if running is not None:
            return self._pages.busy(running, wished, session.wishes, session.redo_of)
        return await self._pages.page(session)

    # -- steps -----------------------------------------------------------------------------------------------

    async def answer(self, user_id: int, session_id: int, position: int, chosen: str) -> Page:
        """Answer the question at `position`; a second answer changes nothing. Raises SessionUnknown, ChoiceUnknown."""
        session = await self._session(session_id, user_id)
        put = session.put_at(position)
        if put is None:
            return await self._pages.page(session)
        asked = await self._pages.asked(put)
        chosen, now = asked.check_choice(chosen), self.now
        try:
            after = session.answer(position, chosen, correct=chosen == asked.key, now=now)
        except Impossible:
            return await self._left_behind(session, position)
        recorded, *_ = await self._db.write(
            *store.answer(session, after.current), *await self._count(session, asked.item, position, now)
        )
        session = await self._session(session_id, user_id)
        if not recorded:
            return await self._left_behind(session, position)
        return await self._pages.explained(session, position)

    async def _count(self, session: Session, item: Item, position: int, now: int) -> list[tally.Statement]:
        if session.guild_id == 0:
            return []
        day = local_date(now, await zone_of(self._db, session.guild_id))
        when = tally.When(day, secrets.randbits(62), now)
        full = scores.points(item.difficulty, correct=True)
        return tally.quiz_attempt(session.guild_id, session.user_id, item.id, session.id, position, full, when)

    async def _left_behind(self, session: Session, position: int) -> Page:
        """What an answer shows that comes too late: the one that stands, or how far the session has come."""
        put = session.put_at(position)
        if position == session.position and put is not None and put.chosen is not None:
            return await self._pages.explained(session, position, again=True)
        return await self._pages.page(session, left=True)

    async def go_on(self, user_id: int, session_id: int, position: int) -> Page:
        """From the explanation at `position` to what comes next. Raises SessionUnknown."""
        session = await self._session(session_id, user_id)
        if not session.explains(position):
            return await self._pages.page(session)
        barred = await self.choosing.barred(user_id, session.guild_id)
        return await self._pages.page(await self._move(session, session.go_on(position, barred, self.now)))

    async def _move(self, session: Session, after: Session) -> Session:
        to = after.position if after.state is State.RUNNING else None
        await self._db.write(store.move(session, to, self.now))
        return await self._session(session.id, session.user_id)

    async def stop(self, user_id: int, session_id: int) -> Page:
        """End a session here; its summary. Raises SessionUnknown."""
        session = await self._session(session_id, user_id)
        if session.state is State.RUNNING:
            await self._db.write(store.stop(session.id, user_id, self.now))
        return await self._pages.page(await self._session(session_id, user_id))

    async def note(self, user_id: int, session_id: int, position: int, reason: Reason) -> Page:
        """Keep how an answer came about. Raises SessionUnknown."""
        session = await self._session(session_id, user_id)
        try:
            session.note(position, reason)
        except Impossible:
            return await self._pages.page(session)
        await self._db.write(store.note(session, position, reason))
        return await self._pages.explained(await self._session(session_id, user_id), position)

    async def share(self, user_id: int, session_id: int) -> Shown:
        """Take the one right to show a result. Raises SessionUnknown, SharedAlready, HiddenFromOthers."""
        session = await self._session(session_id, user_id)
        visibility, pseudonym = await learners.seen_as(self._db, user_id)
        if visibility is Visibility.HIDDEN:
            raise HiddenFromOthers
        try:
            session.share(self.now)
        except Impossible:
            raise SharedAlready from None
        [rows] = await self._db.write(store.share(session, self.now))
        if not rows:
            raise SharedAlready
        return Shown(session, self.choosing.about(session.wishes), "" if visibility is Visibility.SHOWN else pseudonym)

    # -- reading ---------------------------------------------------------------------------------------------

    async def resume(self, user_id: int) -> Page:
        """Where the running session stands, or what the last one came to. Raises NoSession."""
        session = await self._running(user_id) or await store.latest(self._db, user_id)
        if session is None:
            raise NoSession
        return await self._taken_up(session)

    async def standing(self, user_id: int, session_id: int) -> Page:
        """Where a session stands. Raises SessionUnknown."""
        return await self._taken_up(await self._session(session_id, user_id))

    async def _taken_up(self, session: Session) -> Page:
        """A session after a while: its question may be out of use by now, or wait as today's daily question."""
        if session.phase is Phase.QUESTION:
            barred = await self.choosing.barred(session.user_id, session.guild_id)
            with suppress(Impossible):
                session = await self._move(session, session.pass_over(barred, self.now))
        return await self._pages.page(session)

    async def item(self, user_id: int, session_id: int, position: int) -> tuple[Session, Item]:
        """An item of a session, as it was put. Raises SessionUnknown."""
        session = await self._session(session_id, user_id)
        put = session.put_at(position)
        if put is None:
            raise SessionUnknown
        return session, (await self._pages.asked(put)).item

    async def close_idle(self) -> int:
        """Close what was left alone for so long; returns how many sessions there were."""
        closed, *_ = await self._db.write(*store.expire(self.now))
        return len(closed)

    async def _session(self, session_id: int, user_id: int) -> Session:
        return await self._settled(await store.session(self._db, session_id, user_id))

    async def _running(self, user_id: int) -> Session | None:
        session = await store.running(self._db, user_id)
        if session is None:
            return None
        session = await self._settled(session)
        return session if session.state is State.RUNNING else None

    async def _settled(self, session: Session | None) -> Session:
        """The session as it counts now: one that is overdue closes itself when it is looked at."""
        if session is None:
            raise SessionUnknown
        if not session.overdue(self.now):
            return session
        await self._db.write(store.expire_one(session.id, self.now))
        return await store.session(self._db, session.id, session.user_id) or session.expire(self.now)
