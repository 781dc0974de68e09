"""How a session of practice looks: question, explanation, and what stands in the way; its summary is summary.py."""

import discord
from discord import ui

from bot.core.content import Item
from bot.core.quiz import Reason, Session, Worth
from bot.core.scores import PRACTICE_AT_MOST
from bot.services.quiz_pages import Busy, Explained, Page, Question
from bot.services.quiz_summary import Summary
from cogs.quiz.summary import summary
from cogs.ui.layout import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    TEXT_AT_MOST,
    button,
    footer,
    layout,
    line,
    plain,
    plural,
    row,
)
from cogs.ui.question import ROOM_FOR_THE_REST, answer_row, paper, rationales, sourced, stem_beside, verdict

REASONS = {
    Reason.MISREAD: "Misread it",
    Reason.LOOKED_UP: "Looked it up wrong",
    Reason.RULE: "Didn't know the rule",
    Reason.GUESSED: "Guessed",
}

LEFT = "You had moved on from that question; this is where the session stands."


def page(shown: Page, *, in_guild: bool) -> ui.LayoutView:
    """What a learner sees of a session; `in_guild` where a result can be shared."""
    match shown:
        case Question():
            return question(shown)
        case Explained():
            return explained(shown)
        case Summary():
            return summary(shown, in_guild=in_guild)
        case Busy():
            return busy(shown)


def question(shown: Question) -> ui.LayoutView:
    """The question before the learner."""
    session, asked = shown.session, shown.asked
    ids = f"{session.id}:{session.position}"
    case = f"\nCase {shown.case.number} of {shown.case.of}: {plain(shown.case.title)}" if shown.case else ""
    small = [footer(plain(shown.about)), footer(_fewer(session))]
    return paper(
        asked.item,
        asked.order,
        shown.areas,
        answer_row(asked, f"quiz:choose:{ids}", lambda letter: f"quiz:answer:{ids}:{letter}"),
        heading=f"### {_progress(session)}{case}",
        small=[LEFT, *small] if shown.left else [text for text in small if text],
        tail=row(button("Stop here", f"quiz:stop:{session.id}")),
        accent=BLUE,
    )


def _progress(session: Session, position: int | None = None) -> str:
    return f"Practice {position or session.position} of {len(session.items)}"


def _fewer(session: Session) -> str:
    """At the first question, why there are fewer than asked for."""
    if session.position > 1 or session.redo_of is not None or len(session.items) >= session.wishes.length:
        return ""
    return f"You asked for {session.wishes.length}; there are {len(session.items)} on this right now."


def explained(shown: Explained) -> ui.LayoutView:
    """An answered question with every option explained."""
    session, put, asked = shown.session, shown.put, shown.asked
    why = rationales(asked.options, put.chosen or "")
    ids = f"{session.id}:{put.position}"
    over = put.position == len(session.items) or session.ended_at is not None
    buttons = [
        button("See the summary" if over else "Next", f"quiz:next:{ids}", discord.ButtonStyle.primary),
        button("Explain", f"quiz:explain:{ids}"),
        button("Review later", f"quiz:keep:{ids}"),
    ]
    if session.guild_id:
        buttons.append(button("Report", f"quiz:report:{ids}", discord.ButtonStyle.danger))
    if not over:
        buttons.append(button("Stop here", f"quiz:stop:{session.id}"))
    return layout(
        f"### {_progress(session, put.position)}: {verdict(asked, put.chosen or '')}",
        "You have answered this one; your first answer stands." if shown.again else _worth(shown),
        line(),
        _seen_again(asked.item, why),
        why,
        line(),
        sourced(asked.item),
        row(*buttons),
        "" if put.correct else footer("How did it come about? One press, if you like"),
        _how(session, put.position, put.reason, correct=put.correct),
        accent=GREEN if put.correct else AMBER,
    )


def _seen_again(item: Item, why: str) -> str:
    """The record and the stem above the explanation, as far as there is room."""
    both = f"{plain(item.scenario)}\n\n{plain(item.stem)}"
    if item.scenario and len(both) + len(why) <= TEXT_AT_MOST - ROOM_FOR_THE_REST:
        return both
    return stem_beside(item, why)


def _worth(shown: Explained) -> str:
    match shown.worth:
        case Worth.FULL:
            return f"**{shown.put.points} points**"
        case Worth.CAPPED if shown.put.points:
            return f"**{plural(shown.put.points, 'point')}**: practice brings {PRACTICE_AT_MOST} a day at most."
        case Worth.CAPPED:
            return f"No points: practice has brought its {PRACTICE_AT_MOST} of the day."
        case Worth.REPEATED:
            return "No points: you have answered this one this month already."
        case Worth.NOWHERE:
            return "No points: boards count practice in servers alone."
        case Worth.WRONG:
            return "No points for this one."


def _how(session: Session, position: int, chosen: Reason | None, *, correct: bool) -> ui.ActionRow[ui.LayoutView]:
    """One optional press: how the answer came about."""
    offered = {Reason.GUESSED: "I guessed"} if correct else REASONS
    return row(
        *(
            button(
                f"Noted: {REASONS[reason].lower()}" if reason is chosen else label,
                f"quiz:note:{session.id}:{position}:{reason}",
                discord.ButtonStyle.success if reason is chosen else discord.ButtonStyle.secondary,
                disabled=reason is chosen,
            )
            for reason, label in offered.items()
        )
    )


def busy(shown: Busy) -> ui.LayoutView:
    """A session is running while another one is asked for."""
    session = shown.session
    wanted = f"the misses again ({plain(shown.about_wished)})" if shown.redo else plain(shown.about_wished)
    return layout(
        "### You have a practice session running",
        f"{plain(shown.about)}: {len(session.answered)} of {len(session.items)} answered, last touched "
        f"<t:{session.touched_at}:R>.",
        f"You asked for {wanted}. Ending the running one keeps its answers and points.",
        row(
            button("Resume", f"quiz:show:{session.id}", discord.ButtonStyle.primary),
            button("End it and start the new one", f"quiz:replace:{shown.wished}:{session.id}"),
        ),
        accent=GREY,
    )
