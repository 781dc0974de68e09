"""A learner's own data: export, erase, and being seen."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

from bot.core.privacy import Visibility
from bot.storage import learners, scores
from bot.storage import privacy as registry
from bot.storage.database import Database


class Privacy:
    """Use cases of /privacy."""

    def __init__(self, db: Database, clock: Callable[[], float]) -> None:
        self._db = db
        self._clock = clock

    async def export(self, user_id: int) -> bytes:
        """Everything stored about a person, as indented JSON."""
        data = {
            "user": str(user_id),
            "exported_at": datetime.fromtimestamp(int(self._clock()), UTC).isoformat(),
            "stored": await registry.export(self._db, user_id),
        }
        return json.dumps(data, indent=2, ensure_ascii=False).encode()

    async def erase(self, user_id: int) -> None:
        """Delete everything stored about a person, at once and for good."""
        await registry.erase(self._db, user_id)

    async def visibility(self, user_id: int) -> Visibility:
        return await learners.visibility(self._db, user_id)

    async def set_visibility(self, user_id: int, choice: Visibility) -> None:
        shown = choice is not Visibility.HIDDEN
        await self._db.write(learners.set_visibility(user_id, choice), *scores.show(user_id, shown=shown))
