"""Scores worked out from first answers alone: what the rows kept beside them must come to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.scores import accuracy

Key = tuple[int, int, int]
"""A group (0 for the whole server), the key of a period, a learner."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A learner's first answer to an item in a guild and season; season and week are keys of periods."""

    user_id: int
    item_id: str
    season: int
    week: int
    points: int
    correct: bool
    attempted_at: int


@dataclass(frozen=True, slots=True)
class Score:
    """What a learner has on one board."""

    points: int = 0
    answers: int = 0
    correct: int = 0

    @property
    def accuracy(self) -> int:
        """In millionths, as boards rank it."""
        return accuracy(self.correct, self.answers)

    def plus(self, attempt: Attempt) -> "Score":
        return Score(self.points + attempt.points, self.answers + 1, self.correct + attempt.correct)


def recount(
    attempts: Iterable[Attempt], members: Mapping[int, Sequence[tuple[int, int]]], withdrawn: Collection[str]
) -> dict[Key, Score]:
    """The scores of a guild. `members` has for each learner the groups with the instant of joining, from which on
    answers count for the group; items that are `withdrawn` count for nobody."""
    scores: dict[Key, Score] = {}
    for attempt in attempts:
        if attempt.item_id in withdrawn:
            continue
        joined = (group for group, since in members.get(attempt.user_id, ()) if since <= attempt.attempted_at)
        for group in (0, *joined):
            for period in (0, attempt.season, attempt.week):
                key = (group, period, attempt.user_id)
                scores[key] = scores.get(key, Score()).plus(attempt)
    return scores
