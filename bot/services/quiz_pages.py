"""What a learner sees of a session of practice, wherever it stands."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.core import scores
from bot.core.asked import Asked
from bot.core.content import Content, Item
from bot.core.quiz import Phase, Put, Session, Wishes, Worth, worth
from bot.services.quiz_summary import Summary, summary
from bot.storage import quiz as store
from bot.storage.database import Database
from bot.storage.items import item_of


@dataclass(frozen=True, slots=True)
class Case:
    """The case set to which a question belongs, and the how manieth of it that is."""

    title: str
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a session as it is put. `about` names what is practised; `left` says that what was pressed belongs
    to an earlier question."""

    session: Session
    about: str
    asked: Asked
    areas: tuple[str, ...]
    case: Case | None
    left: bool = False


@dataclass(frozen=True, slots=True)
class Explained:
    """An answered question. `full` is what a first right answer brings; `again` says that the answer shown is not the
    one that was just pressed but the one that stands."""

    session: Session
    about: str
    put: Put
    asked: Asked
    worth: Worth
    full: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class Busy:
    """A session is running, so the one asked for waits as `wished` for the learner's word; `about` and `about_wished`
    name what each practises."""

    session: Session
    about: str
    wished: int
    about_wished: str
    redo: bool


Page = Question | Explained | Summary | Busy


class Pages:
    """Makes the pages of sessions; `about` puts wishes into words."""

    def __init__(self, db: Database, content: Content, about: Callable[[Wishes], str]) -> None:
        self._db = db
        self._content = content
        self._about = about

    async def asked(self, put: Put) -> Asked:
        # As it was put, though it was edited since.
        return Asked(await item_of(self._db, put.digest), put.seed)

    async def page(self, session: Session, *, left: bool = False) -> Page:
        match session.phase:
            case Phase.QUESTION:
                return await self._question(session, left=left)
            case Phase.EXPLAINED:
                return await self.explained(session, session.position)
            case Phase.OVER:
                about = self._about(session.wishes)
                return await summary(self._db, self._content, session, about)

    async def _question(self, session: Session, *, left: bool) -> Question:
        asked = await self.asked(session.current)
        about = self._about(session.wishes)
        return Question(session, about, asked, self._content.titles(asked.item), self._case(asked.item), left)

    def _case(self, item: Item) -> Case | None:
        case = self._content.cases.get(item.case)
        if case is None or item.id not in case.items:
            return None
        return Case(case.title, case.items.index(item.id) + 1, len(case.items))

    async def explained(self, session: Session, position: int, *, again: bool = False) -> Explained:
        put = session.items[position - 1]
        asked = await self.asked(put)
        full = scores.points(asked.item.difficulty, correct=True)
        counted = await store.counted(self._db, session, put.item_id)
        why = worth(put, full, session.guild_id, counted=counted)
        return Explained(session, self._about(session.wishes), put, asked, why, full, again)

    def busy(self, running: Session, wished: int, wishes: Wishes, redo_of: int | None) -> Busy:
        return Busy(running, self._about(running.wishes), wished, self._about(wishes), redo_of is not None)
