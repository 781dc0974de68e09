"""What a session of practice came to, and what to study next."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core import quiz_choice as rules
from bot.core.content import Concept, Content, Item
from bot.core.quiz import Reason, Session
from bot.storage import quiz as store
from bot.storage import quiz_history as history
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class AreaResult:
    """How many of an area's questions were answered, and how many right."""

    title: str
    answered: int
    right: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A session that is over.

    `areas` begin with what was missed most; `study` are the concepts of the misses; `reasons` counts how the answers
    came about as far as that was said; `seen` of the exam's `questions` have been answered at least once; `before` are
    the answers in earlier sessions for the exam, and the right ones among them.
    """

    session: Session
    about: str
    exam: str
    areas: tuple[AreaResult, ...]
    study: tuple[Concept, ...]
    reasons: Mapping[Reason, int]
    seen: int
    questions: int
    before: tuple[int, int]


async def summary(db: Database, content: Content, session: Session, about: str) -> Summary:
    exam = content.exams.get(session.wishes.exam)
    items = await store.items(db, session.id)
    past = await history.history(db, session.user_id)
    pool = {item.id for unit in rules.units(content, exam) for item in unit} if exam else set[str]()
    missed = (items[put.digest].concept for put in session.misses)
    return Summary(
        session=session,
        about=about,
        exam=exam.name if exam else session.wishes.exam,
        areas=_by_area(content, session, items),
        study=tuple(content.concepts[name] for name in dict.fromkeys(missed) if name in content.concepts),
        reasons=Counter(put.reason for put in session.answered if put.reason is not None),
        seen=len(pool & past.keys()),
        questions=len(pool),
        before=await store.before(db, session),
    )


def _by_area(content: Content, session: Session, items: Mapping[str, Item]) -> tuple[AreaResult, ...]:
    exam = content.exams.get(session.wishes.exam)
    answered: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for put in session.answered:
        item = items[put.digest]
        row = exam.area_of(item) if exam else None
        title = row.title if row else content.area_titles.get(item.areas[0], item.areas[0])
        answered[title] += 1
        right[title] += put.correct
    found = (AreaResult(title, answered[title], right[title]) for title in answered)
    return tuple(sorted(found, key=lambda area: (area.right - area.answered, -area.answered, area.title)))
