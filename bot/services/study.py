"""What a learner asks for beside an answer: the areas it belongs to, and keeping it for review."""

from collections.abc import Callable

from bot.core.cards import CardKind
from bot.core.content import Content, Item
from bot.storage import cards
from bot.storage.database import Database


class Study:
    """Use cases of Review later."""

    def __init__(self, db: Database, content: Content, clock: Callable[[], float]) -> None:
        self._db = db
        self._content = content
        self._clock = clock

    def areas(self, item: Item) -> tuple[str, ...]:
        """The titles of an item's areas, as blueprints name them."""
        return self._content.titles(item)

    async def save_card(self, user_id: int, kind: CardKind, subject: str) -> tuple[bool, int]:
        """Keep something for review; returns whether it is new, and how many cards the learner has kept."""
        new = await cards.save(self._db, user_id, kind, subject, int(self._clock()))
        return new, await cards.count(self._db, user_id)
