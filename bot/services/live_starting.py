"""Starting a live round: whose exam, which questions, and where it can be found."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bot.core import live
from bot.core.asked import Asked
from bot.core.content import Area, Content, Exam
from bot.core.errors import ExamUnknown
from bot.core.live import LiveRound
from bot.core.live_errors import LiveRunning, LiveUnknown
from bot.services.certs import Certs
from bot.storage import flags, guilds, learners
from bot.storage import live as store
from bot.storage import live_starting as begin
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody typed after /quiz live; empty texts are filled in."""

    guild_id: int
    channel_id: int
    host_id: int
    exam: str = ""
    area: str = ""
    questions: int = live.QUESTIONS_USUALLY
    seconds: int = live.SECONDS_USUALLY


@dataclass(frozen=True, slots=True)
class Started:
    """A round that was stored. `host` is None when they prefer not to be named."""

    round: LiveRound
    exam: Exam
    area: Area | None
    first_at: int
    host: str | None


class LiveStarting:
    """Use cases of /quiz live until the first question is owed."""

    def __init__(
        self, db: Database, content: Content, clock: Callable[[], float], wake: Callable[[], None], certs: Certs
    ) -> None:
        self._db = db
        self._content = content
        self._clock = clock
        self._wake = wake
        self._certs = certs

    def areas(self, exam: str) -> list[Area]:
        """The rows of an exam's blueprint for which there are questions."""
        found = self._content.exams.get(exam)
        if found is None:
            return []
        served = {row.id for item in self._content.pool(found) if (row := found.area_of(item))}
        return [row for row in found.areas if row.id in served]

    async def usual_exam(self, guild_id: int, channel_id: int) -> str:
        """The exam of the study group whose thread this is, else of the daily question, else the one with the most
        questions. Raises ExamUnknown when the content has none."""
        _, of_group = await begin.group_in(self._db, guild_id, channel_id)
        settings = await guilds.get(self._db, guild_id)
        for exam in (of_group, settings.exam if settings else ""):
            if exam in self._content.exams:
                return exam
        if not self._content.exams:
            raise ExamUnknown(text="", near="none at all")
        return max(self._content.exams.values(), key=lambda exam: len(self._content.pool(exam))).id

    async def start(self, wish: Wish) -> Started:
        """Choose the questions and store the round, the first question owed. Raises LiveRunning, LiveTooFew,
        ExamUnknown, AreaUnknown."""
        exam = await self._exam(wish)
        area = exam.area_named(wish.area, self.areas(exam.id)) if wish.area.strip() else None
        group_id, _ = await begin.group_in(self._db, wish.guild_id, wish.channel_id)
        mark = secrets.randbits(62)
        items = live.select(
            exam,
            self._content.pool(exam),
            wish.questions,
            area=area.id if area else "",
            recent=await begin.recent_items(self._db, wish.guild_id, live.RECENT),
            excluded=await flags.withdrawn(self._db, wish.guild_id)
            | await begin.open_daily_items(self._db, wish.guild_id),
            rng=Random(mark),
        )
        now = int(self._clock())
        begun = begin.Course(
            guild_id=wish.guild_id,
            channel_id=wish.channel_id,
            group_id=group_id,
            host_id=wish.host_id,
            exam=exam.id,
            area=area.id if area else "",
            seconds=wish.seconds,
            asked=[Asked(item, secrets.randbits(31)) for item in items],
            mark=mark,
        )
        [added, *_] = await self._db.write(*begin.start(begun, now, now + live.STARTS_IN))
        if not added:
            raise LiveRunning(link=await self.link(wish.guild_id, wish.channel_id))
        self._wake()
        round_ = await store.round_by_id(self._db, added[0]["id"])
        if round_ is None:
            raise LiveUnknown
        names = await learners.public_names(self._db, wish.guild_id, [wish.host_id])
        return Started(round_, exam, area, now + live.STARTS_IN, names.get(wish.host_id))

    async def _exam(self, wish: Wish) -> Exam:
        if wish.exam:
            return self._certs.show(wish.exam).exam
        return self._content.exams[await self.usual_exam(wish.guild_id, wish.channel_id)]

    async def link(self, guild_id: int, channel_id: int) -> str:
        """Where to find the round that is being played in a channel."""
        running = await store.running(self._db, channel_id)
        message_id = await store.message_before(self._db, running.id) if running else None
        return f"https://discord.com/channels/{guild_id}/{channel_id}" + (f"/{message_id}" if message_id else "")
