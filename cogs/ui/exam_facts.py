"""What matters before an exam, as far as it is known: each line with its source, and how sure it is."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.core.book_years import books_on
from bot.core.certs import Confidence, Fact, Stage, Step, Topic
from bot.services.certs import Sheet
from cogs.ui.cited import Block, Line
from cogs.ui.layout import plain

SOON = 7
"""Days before an exam from which the room matters, and no longer how to register."""

SURE = (Confidence.HIGH, Confidence.MEDIUM)

Stages = Iterable[tuple[Stage, Sequence[Step]]]


def day_text(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def books(sheet: Sheet, day: date) -> list[Block]:
    """The code books for an exam on a day."""
    fact = _sure(sheet, Topic.BOOK_YEAR)
    if fact is None:
        return []
    if fact.changes is None:
        return [[Line(f"**Books**  {plain(fact.text)}", fact)]]
    found = books_on(fact.changes, day)
    year, *others = found.years
    if others:
        text = f"On that day the exam follows the code sets of {year}. Printed books of {year} or {others[0]} are admitted."
    else:
        text = f"On that day books of {year} are admitted, and of no other year."
    if found.close:
        turn = date(day.year, fact.changes.month, fact.changes.day)
        text += f" The change comes about {turn.day} {turn:%B}, which is near: ask {plain(sheet.exam.issuer)} which side of it you are on."
    return [[Line(f"**Books**  {text}", fact)]]


def before_exam(sheet: Sheet, stages: Stages, day: date, days: int) -> list[Block]:
    """What matters `days` days before an exam on `day`; what is not known well enough is named, with whom to ask."""
    steps = dict(stages)
    if days > SOON:
        again = retake(sheet) or [_ask("Retake", "When another attempt is possible", sheet)]
        return [*books(sheet, day), *_steps("Register", steps.get(Stage.REGISTER, ())), *again]
    room = _room(sheet, steps.get(Stage.SIT, ()))
    if days > 1:
        return [*books(sheet, day), *room]
    time = _sure(sheet, Topic.TIME)
    return [*room, *([[Line(f"**Time**  {plain(time.text)}", time)]] if time else []), *books(sheet, day)]


def _room(sheet: Sheet, steps: Sequence[Step]) -> list[Block]:
    """Rules of the room, and what to bring."""
    known = _steps("On the day", steps)
    if not known:
        return [_ask("On the day", "What the room allows and which identification to bring", sheet)]
    named = any("identification" in line.text.lower() for block in known for line in block)
    return known if named else [*known, _ask("Identification", "What to bring", sheet)]


def _ask(label: str, what: str, sheet: Sheet) -> Block:
    return [Line(f"**{label}**  {what} is not known well enough here: ask {plain(sheet.exam.issuer)}.")]


def retake(sheet: Sheet) -> list[Block]:
    """The issuer's rule for a second attempt, only where it is known well enough."""
    fact = _sure(sheet, Topic.RETAKE)
    return [[Line(f"**Retake**  {plain(fact.text)}", fact)]] if fact else []


def apprentice(sheet: Sheet) -> list[Block]:
    """What is known of the mark of an apprentice, where there is one."""
    fact = next((fact for fact in sheet.exam.facts if fact.topic is Topic.APPRENTICE), None)
    return [[Line(f"**Apprentice mark**  {plain(fact.text)}", fact)]] if fact and fact.confidence in SURE else []


def renewal(sheet: Sheet) -> list[Block]:
    fact = _sure(sheet, Topic.RENEWAL)
    return [[Line(f"**Renewal**  {plain(fact.text)}", fact)]] if fact else []


def _steps(label: str, steps: Sequence[Step]) -> list[Block]:
    known = [step for step in steps if step.confidence in SURE]
    return [[Line(f"**{label}**  {plain(step.text)}", step)] for step in known]


def _sure(sheet: Sheet, topic: Topic) -> Fact | None:
    fact = sheet.fact(topic)
    return fact if fact is not None and fact.confidence in SURE else None
