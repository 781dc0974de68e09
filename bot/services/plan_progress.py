"""What a plan is made from and held against: a learner's answers, by the areas of an exam."""

from collections import Counter
from collections.abc import Iterable
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from bot.core import quiz_choice as rules
from bot.core.content import Area, Content, Exam, Item
from bot.core.plan import Progress, Studied, Week
from bot.core.schedule import first_instant
from bot.storage import plan as store
from bot.storage import quiz_history as history
from bot.storage.database import Database


class Measures:
    """Reads answers for plans."""

    def __init__(self, db: Database, content: Content) -> None:
        self._db = db
        self._content = content

    async def areas(self, user_id: int, exam: Exam) -> list[Studied]:
        """The areas of an exam that have weight, due by the learner's last answers. What was missed is read first."""
        past = await history.history(self._db, user_id)
        units = rules.units(self._content, exam)
        due = rules.weights(exam, units, past)
        questions = Counter(area.id for unit in units for item in unit for area in _serves(exam, item))
        missed = [
            self._content.items[name]
            for name, last in sorted(past.items(), key=lambda entry: -entry[1].at)
            if not last.correct and name in self._content.items
        ]
        return [
            Studied(area.id, due[area.id], questions[area.id], self._reading(area, missed))
            for area in exam.areas
            if area.weight > 0
        ]

    def _reading(self, area: Area, missed: Iterable[Item]) -> tuple[str, ...]:
        drawn = set(area.draws_from)
        first = [item.concept for item in missed if not drawn.isdisjoint(item.areas)]
        others = [
            name for name, concept in sorted(self._content.concepts.items()) if not drawn.isdisjoint(concept.areas)
        ]
        return tuple(name for name in dict.fromkeys((*first, *others)) if name in self._content.concepts)

    async def progress(self, user_id: int, exam: Exam, week: Week, zone: ZoneInfo) -> Progress:
        """What was answered on the days of a week, as they are in `zone`."""
        begin = first_instant(week.first, time.min, zone)
        end = first_instant(week.last + timedelta(days=1), time.min, zone)
        answers: Counter[str] = Counter()
        for name, count in (await store.answered(self._db, user_id, begin, end)).items():
            item = self._content.items.get(name)
            for area in _serves(exam, item) if item is not None else ():
                answers[area.id] += count
        run = await store.longest_run(self._db, user_id, exam.id, begin, end) if week.mock else 0
        return Progress(answers, run)


def _serves(exam: Exam, item: Item) -> list[Area]:
    """Each area that an item can be practised in: all that draw from one of its own."""
    return [area for area in exam.areas if not set(area.draws_from).isdisjoint(item.areas)]
