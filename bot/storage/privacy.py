"""The registry of everything stored about a person: what to export and what to erase."""

from typing import Any, Protocol

from bot.storage import (
    cards,
    ceu,
    daily_answers,
    deliveries,
    exam_dates,
    flags,
    group_members,
    group_requests,
    guilds,
    learners,
    live,
    meetings,
    plan,
    quiz,
    reminders,
    scores,
    seasons,
)
from bot.storage.database import Database, Statement


class Holder(Protocol):
    """A storage module that keeps something about people."""

    __name__: str

    async def export(self, db: Database, user_id: int) -> list[dict[str, Any]]: ...
    def erase(self, user_id: int) -> list[Statement]: ...


# Each table with a column that names a person, and the module that exports and erases it. A test compares this
# with the schema, so that a new table can't be forgotten.
HOLDERS: dict[str, Holder] = {
    "guilds": guilds,
    "deliveries": deliveries,
    "answers": daily_answers,
    "streaks": daily_answers,
    "cards": cards,
    "flags": flags,
    "withdrawals": flags,
    "learners": learners,
    "learner_names": learners,
    "attempts": scores,
    "scores": scores,
    "sessions": quiz,
    "session_items": quiz,
    "season_winners": seasons,
    "live_rounds": live,
    "live_answers": live,
    "group_members": group_members,
    "group_requests": group_requests,
    "meetings": meetings,
    "meeting_people": meetings,
    "exam_dates": exam_dates,
    "ceu_credentials": ceu,
    "ceu_entries": ceu,
    "ceu_cycles": ceu,
    "reminder_settings": reminders,
    # After the dates: a plan is only written for a date that is still there.
    "study_plans": plan,
}


async def export(db: Database, user_id: int) -> dict[str, list[dict[str, Any]]]:
    """All that is stored about a person, by kind."""
    modules = dict.fromkeys(HOLDERS.values())
    return {module.__name__.rpartition(".")[2]: await module.export(db, user_id) for module in modules}


async def erase(db: Database, user_id: int, *first: Statement) -> None:
    """Erase all of it in one transaction that begins with `first`."""
    erased = (statement for module in dict.fromkeys(HOLDERS.values()) for statement in module.erase(user_id))
    await db.write(*first, *erased)
