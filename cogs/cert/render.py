"""How an exam, a comparison and a path look: read on a phone, fact by fact, with sources and dates in small print."""

from collections.abc import Iterable, Sequence

import discord
from discord import ui

from bot.core.certs import Confidence, Fact, Stage, Step, Topic
from bot.core.content import Exam
from bot.services.certs import Comparison, Path, Sheet
from cogs.ui.cited import Block, Citable, Cited, Line, Page, pages
from cogs.ui.layout import Child, button, footer, layout, line, plain, row

LABELS = {
    Topic.ITEMS: "Questions",
    Topic.TIME: "Time",
    Topic.PASS: "Pass rule",
    Topic.BOOKS: "Books",
    Topic.BOOK_YEAR: "Book year",
    Topic.DELIVERY: "Delivery",
    Topic.ELIGIBILITY: "Who may sit it",
    Topic.MEMBERSHIP: "Membership",
    Topic.COST: "Cost",
    Topic.RETAKE: "Retake",
    Topic.RESULTS: "Results",
    Topic.APPRENTICE: "Apprentice mark",
    Topic.RENEWAL: "Renewal",
    Topic.PASS_RATE: "Pass rate",
    Topic.BLUEPRINT: "Areas",
}
SECTIONS = {
    "The exam": (Topic.ITEMS, Topic.TIME, Topic.PASS, Topic.BOOKS, Topic.BOOK_YEAR, Topic.DELIVERY),
    "Rules and cost": (
        Topic.ELIGIBILITY,
        Topic.MEMBERSHIP,
        Topic.COST,
        Topic.RETAKE,
        Topic.RESULTS,
        Topic.APPRENTICE,
        Topic.RENEWAL,
        Topic.PASS_RATE,
    ),
    "Areas": (Topic.BLUEPRINT,),
}
STAGES = {
    Stage.PREPARE: ("Prepare", (Topic.ELIGIBILITY, Topic.BOOKS)),
    Stage.REGISTER: ("Register", (Topic.COST,)),
    Stage.SIT: ("Sit the exam", (Topic.TIME,)),
    Stage.OBTAIN: ("Obtain the credential", (Topic.PASS,)),
    Stage.APPRENTICE: ("Apprentice mark", ()),
    Stage.RENEW: ("Renew", (Topic.RENEWAL,)),
}
"""What each stage is called, and the facts that belong to it."""

AREAS_AT_ONCE = 20
"""Rows of a blueprint that stay together."""

AREA_MARKS = {"high": "Sure", "medium": "Likely", "low": "Unsure", "estimate": "Estimated"}


def show(sheet: Sheet, page: int = 0) -> ui.LayoutView:
    """One exam. `page` beyond the last is the last."""
    exam = sheet.exam
    issuer = sheet.issuer.title if sheet.issuer else exam.issuer
    made = [page for title, topics in SECTIONS.items() for page in pages(title, _section(sheet, topics))]
    return _view(
        f"### {plain(exam.name)}" + (f"  {plain(exam.title)}" if exam.title else "") + f"\nIssued by {plain(issuer)}.",
        made,
        page,
        f"cert:show:{exam.id}",
        [row(button(f"Path to {exam.name}"[:80], f"cert:path:{exam.id}:0")), *_compare_with(sheet)],
        [exam],
    )


def compare(table: Comparison, page: int = 0) -> ui.LayoutView:
    """Exams beside each other, a line for each under every fact. `page` beyond the last is the last."""
    exams = [sheet.exam for sheet in table.sheets]
    rows = dict(table.rows)
    made = [
        page
        for title, topics in SECTIONS.items()
        for page in pages(title, [_beside(table, topic, rows[topic]) for topic in topics if topic in rows])
    ]
    return _view(
        "### " + " · ".join(plain(exam.name) for exam in exams),
        made,
        page,
        "cert:beside:" + "+".join(exam.id for exam in exams),
        [row(*(button(f"Show {exam.name}"[:80], f"cert:show:{exam.id}:0") for exam in exams))],
        exams,
    )


def path(way: Path, page: int = 0) -> ui.LayoutView:
    """The way to a credential, then work and pay. `page` beyond the last is the last."""
    sheet = way.sheet
    exam = sheet.exam
    steps = [
        block
        for number, (stage, of_stage) in enumerate(way.stages, 1)
        for block in _stage(sheet, number, stage, of_stage)
    ]
    careers = [[Line(f"**{plain(fact.title)}**  {_told(fact.text, fact)}", fact)] for fact in way.careers]
    return _view(
        f"### The path to {plain(exam.name)}" + (f"\n{plain(exam.title)}" if exam.title else ""),
        [*pages("Steps", steps), *pages("Work and pay", careers)],
        page,
        f"cert:path:{exam.id}",
        [row(button(f"Show {exam.name}"[:80], f"cert:show:{exam.id}:0")), *_compare_with(sheet)],
        [exam],
    )


def _view(
    heading: str, made: Sequence[Page], page: int, custom_id: str, controls: Iterable[Child], exams: Sequence[Exam]
) -> ui.LayoutView:
    """A page with a button for each other page. `custom_id` gets the number of the page."""
    shown = made[min(page, len(made) - 1)]
    *others, last = dict.fromkeys(plain(exam.issuer) for exam in exams)
    issuers = f"{', '.join(others)} or {last}" if others else last
    tabs = [
        button(
            other.title,
            f"{custom_id}:{number}",
            discord.ButtonStyle.primary if other is shown else discord.ButtonStyle.secondary,
            disabled=other is shown,
        )
        for number, other in enumerate(made)
    ]
    return layout(
        heading,
        *([row(*tabs[at : at + 5]) for at in range(0, len(tabs), 5)] if len(tabs) > 1 else []),
        line(),
        shown.text,
        line(),
        shown.small,
        footer(f"Confirm with {issuers} before you pay or book", f"not affiliated with or endorsed by {issuers}"),
        *controls,
    )


def _compare_with(sheet: Sheet) -> list[Child]:
    if not sheet.others:
        return []
    select: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=f"cert:with:{sheet.exam.id}",
        placeholder="Compare with one or two others",
        max_values=min(2, len(sheet.others)),
        options=[
            discord.SelectOption(
                label=f"{exam.name} ({exam.issuer})"[:100], value=exam.id, description=exam.title[:100] or None
            )
            for exam in sheet.others
        ],
    )
    return [row(select)]


def _told(text: str, known: Citable) -> str:
    return f"Not known. {plain(text)}" if known.confidence is Confidence.UNKNOWN else plain(text)


def _section(sheet: Sheet, topics: Sequence[Topic]) -> list[Block]:
    exam = sheet.exam
    facts = [fact for fact in sheet.facts if fact.topic in topics]
    blocks: list[Block] = [[Line(f"**{LABELS[fact.topic]}**  {_told(fact.text, fact)}", fact)] for fact in facts]
    missing = ", ".join(LABELS[topic].lower() for topic in sheet.missing if topic in topics)
    if missing:
        blocks.append([Line(f"**Not known**  {missing}. Ask {plain(exam.issuer)}.", _looked_at(exam))])
    return [*blocks, *_areas(sheet)] if Topic.BLUEPRINT in topics else blocks


def _areas(sheet: Sheet) -> list[Block]:
    """The rows of the blueprint by how sure their weight is, each group with its source, and the questions there are."""
    exam = sheet.exam
    blocks: list[Block] = []
    for confidence, word in AREA_MARKS.items():
        rows = [
            Line(f"{_share(area.weight, area.percent)}  {plain(area.title)}")
            for area in exam.areas
            if area.confidence == confidence
        ]
        lines = [Line(f"**{word}**", _looked_at(exam)), *rows] if rows else []
        blocks += [lines[at : at + AREAS_AT_ONCE] for at in range(0, len(lines), AREAS_AT_ONCE)]
    count = sheet.questions
    asked = f"{count} questions here serve this exam." if count else "There are no questions for this exam here so far."
    return [*blocks, [Line(asked)]]


def _share(weight: float, percent: tuple[float, float] | None) -> str:
    return f"{percent[0]:g}–{percent[1]:g} %" if percent else f"{weight:g}"


def _beside(table: Comparison, topic: Topic, facts: Sequence[Fact | None]) -> Block:
    lines = [Line(f"**{LABELS[topic]}**")]
    for sheet, fact in zip(table.sheets, facts, strict=True):
        name = plain(sheet.exam.name)
        if fact is not None:
            lines.append(Line(f"{name}: {plain(fact.brief)}", fact))
        elif topic is Topic.BLUEPRINT and sheet.exam.areas:
            lines.append(Line(f"{name}: {len(sheet.exam.areas)} areas", _looked_at(sheet.exam)))
        else:
            lines.append(Line(f"{name}: not known", _looked_at(sheet.exam)))
    return lines


def _stage(sheet: Sheet, number: int, stage: Stage, steps: Sequence[Step]) -> list[Block]:
    """A block for each step of a stage, the first with its heading, the last with the facts that belong to it."""
    label, topics = STAGES[stage]
    lines = [Line(_told(step.text, step), step) for step in steps]
    if not lines:
        lines = [Line(f"Not known. Ask {plain(sheet.exam.issuer)}.", _looked_at(sheet.exam))]
    facts = [fact for topic in topics if (fact := sheet.fact(topic))]
    small = [Line(f"▫️ {LABELS[fact.topic]}: {plain(fact.brief)}", fact) for fact in facts]
    blocks = [[line] for line in lines]
    blocks[0].insert(0, Line(f"**{number}. {label}**"))
    blocks[-1] += small
    return list[Block](blocks)


def _looked_at(exam: Exam) -> Cited:
    """Where an exam was looked up, for what was not found there and for the rows of its blueprint."""
    return Cited(Confidence.UNKNOWN, exam.source, exam.as_of)
