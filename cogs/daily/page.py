"""How a learner's own page of /daily looks."""

from collections.abc import Sequence
from textwrap import shorten

import discord
from discord import ui

from bot.core.daily import Answer, Round, Standing
from bot.core.streaks import FREEZES_AT_MOST
from cogs.daily.render import day_name
from cogs.ui.layout import Child, button, footer, layout, line, row


def standing(page: Standing) -> ui.LayoutView:
    """The learner's own page."""
    today: list[Child] = []
    if page.today is not None and page.today_answer is None:
        today = [
            "**Today's question is waiting for you.**",
            row(button("Show today's question", f"show:{page.today.id}", discord.ButtonStyle.primary)),
        ]
    elif page.today is not None and page.today_answer is not None:
        own = page.today_answer
        today = [
            f"Today you answered {own.chosen}: {'right' if own.correct else 'not this time'}.",
            row(button("Show it again", f"show:{page.today.id}")),
        ]
    elif not page.settings.active:
        today = ["The daily question is paused in this server."]
    next_post = f"next question <t:{page.next_at}:R>" if page.next_at else ""
    accuracy = f"{page.correct} of {page.answered} right" if page.answered else "nothing answered yet"
    return layout(
        "### Your daily question",
        *today,
        line(),
        f"**{page.streak.current}** in a row · longest {page.streak.longest} · "
        f"freezes {page.streak.freezes} of {FREEZES_AT_MOST} · **{page.points} points** · {accuracy}",
        footer("A freeze, earned every 7 in a row, saves the streak on a day you miss.")
        if page.settings.freezes
        else "",
        *_past(page.past),
        footer(next_post),
    )


def _past(past: Sequence[tuple[Round, Answer | None]]) -> list[Child]:
    if not past:
        return [footer("No past rounds yet.")]
    lines = [f"{_outcome(answer)}  Question {round_.number} · {day_name(round_)}" for round_, answer in past]
    select: ui.Select[ui.LayoutView] = ui.Select(
        custom_id="past",
        placeholder="Open a past question",
        options=[
            discord.SelectOption(
                label=f"Question {round_.number} · {day_name(round_)}",
                value=str(round_.id),
                description=shorten(round_.item.stem, 100, placeholder="..."),
            )
            for round_, _ in past
        ],
    )
    return ["\n".join(lines), row(select)]


def _outcome(answer: Answer | None) -> str:
    if answer is None:
        return "▫️ not answered:"
    how = "✅ right" if answer.correct else "❌ wrong"
    return f"{how}, practice:" if answer.late else f"{how}:"
