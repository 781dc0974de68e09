"""How the end of a session of practice looks, for its learner and for those it is shared with."""

from collections.abc import Mapping

import discord
from discord import ui

from bot.core.quiz import Reason, Session, State
from bot.services.quiz import Shown
from bot.services.quiz_summary import Summary
from cogs.ui.concept import reading
from cogs.ui.layout import BLUE, GREY, button, footer, layout, line, plain, plural, row
from cogs.ui.names import person

ENOUGH_BEFORE = 10
"""Answers in earlier sessions from which their share of right ones says something."""

HOW = {
    Reason.MISREAD: "misread",
    Reason.LOOKED_UP: "looked up wrong",
    Reason.RULE: "rule not known",
    Reason.GUESSED: "guessed",
}


def summary(shown: Summary, *, in_guild: bool) -> ui.LayoutView:
    """What a session came to, what to study next, and the ways on."""
    session = shown.session
    answered = len(session.answered)
    heading = f"{session.right} of {answered} right" if answered else "no question answered"
    misses = len(session.misses)
    ways = [button("New session like this", f"quiz:again:{session.id}", _style(not misses))]
    if misses:
        ways.insert(0, button(f"Redo the misses ({misses})", f"quiz:redo:{session.id}", _style(True)))
    if in_guild and answered and session.shared_at is None:
        ways.append(button("Share the result", f"quiz:share:{session.id}"))
    return layout(
        f"### Practice: {heading}",
        footer(plain(shown.about), "the misses of an earlier session" if session.redo_of else ""),
        _ending(session),
        line(),
        "\n".join(
            f"{'▫️' if area.right < area.answered else '✅'} {plain(area.title)}: {area.right} of {area.answered}"
            for area in shown.areas
        ),
        _how(shown.reasons),
        _progress(shown),
        "Nothing was missed. /quiz start with another area or a higher difficulty is one way on."
        if answered and not misses
        else "",
        *reading("study", "What to study next: what you missed", shown.study, custom_id="quiz:read"),
        row(*ways),
        accent=BLUE,
    )


def _style(main: bool) -> discord.ButtonStyle:
    return discord.ButtonStyle.primary if main else discord.ButtonStyle.secondary


def _ending(session: Session) -> str:
    points = f"**{plural(session.points, 'point')}** for the boards of this month." if session.points else ""
    left = len(session.items) - len(session.answered)
    if session.expired:
        how = f"It closed itself after a week, {plural(left, 'question')} before its end."
    elif session.state is State.CLOSED and left:
        how = f"Stopped {plural(left, 'question')} before its end."
    elif left:
        how = f"{plural(left, 'question')} left out: meanwhile they became a daily question or went out of use."
    else:
        how = ""
    return " ".join(part for part in (points, how) if part)


def _how(reasons: Mapping[Reason, int]) -> str:
    told = [f"{HOW[reason]} {reasons[reason]}" for reason in HOW if reasons.get(reason)]
    return f"How they came about: {', '.join(told)}." if told else ""


def _progress(shown: Summary) -> str:
    """A calm word: how far the learner has come, and that practice is harder than it looks."""
    session, (before, right) = shown.session, shown.before
    lines: list[str] = []
    if shown.questions:
        lines.append(
            f"You have answered {shown.seen} of {shown.questions} questions for {plain(shown.exam)} at least once."
        )
    if before >= ENOUGH_BEFORE and session.answered and session.redo_of is None:
        now = session.right / len(session.answered)
        lines.append(f"{now:.0%} right here; {right / before:.0%} in your sessions before.")
    if len(session.misses) * 3 > len(session.answered):
        lines.append("New questions and weak areas come first, so practice feels harder than it will later.")
    return "\n".join(lines)


def shared(shown: Shown, user_id: int) -> ui.LayoutView:
    """The one line that others see."""
    session = shown.session
    name = person(shown.name) if shown.name else f"<@{user_id}>"
    return layout(
        f"{name} practised {plain(shown.about)}: **{session.right} of {len(session.answered)}** right.", accent=GREY
    )
