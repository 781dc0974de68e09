"""How the result of a live round looks, for everybody and for one player."""

from discord import ui

from bot.client.courier import mark
from bot.core.live import FORGOTTEN, OUTAGE
from bot.core.scores import PLAYERS_AT_LEAST
from bot.services.live import OwnLine, OwnResult, Result
from cogs.live.render import score_lines
from cogs.ui.concept import reading
from cogs.ui.layout import BLUE, GREEN, footer, gap, layout, line, plain, plural, row
from cogs.ui.layout import button as button_of

SHOWN_RANKS, SHOWN_NAMES = 10, 3


def result(shown: Result, delivery_id: int) -> ui.LayoutView:
    """The last message of a round."""
    played = shown.standings.players
    table = score_lines(shown.standings, SHOWN_RANKS, SHOWN_NAMES, points=True)
    return layout(
        "### The live round is over",
        " · ".join(
            part
            for part in (
                plain(shown.exam.name) if shown.exam else "",
                f"{plural(shown.asked, 'question')} asked",
                f"{played} played" if played else "nobody played",
            )
            if part
        ),
        _cut_short(shown),
        gap(),
        "\n".join(table),
        line(),
        "**Missed most:** what to read next is below." if shown.study else "",
        *reading("live", "What to study next", shown.study),
        row(button_of("My result", mark(f"live:own:{shown.round.id}", delivery_id))),
        footer("/quiz live starts another round"),
        accent=GREEN,
    )


def _cut_short(shown: Result) -> str:
    match shown.round.fault:
        case "" if shown.round.position < shown.round.length:
            return "The host ended it before all questions were asked."
        case fault if fault == OUTAGE:
            return "The bot was away for too long to go on, so the round ended early. What was closed before counts."
        case fault if fault == FORGOTTEN:
            return "It was paused for an hour, so it ended by itself. What was closed before counts."
        case _:
            return ""


def own(shown: OwnResult) -> ui.LayoutView:
    """A player's own result, privately."""
    if not shown.lines:
        return layout("### Your result", "No question of this round was closed, so there is nothing to judge.")
    right = sum(1 for entry in shown.lines if entry.answer and entry.answer.correct)
    points = sum(entry.answer.points for entry in shown.lines if entry.answer)
    return layout(
        f"### Your result: {right} of {len(shown.lines)} right, {plural(points, 'point')}",
        "\n".join(_line(entry) for entry in shown.lines),
        *reading("live", "Read the rules you missed", shown.study),
        footer("a question you have answered this season, here or elsewhere in this server, brings no points again"),
        accent=BLUE,
    )


def _line(entry: OwnLine) -> str:
    key = entry.question.asked.key
    if entry.answer is None:
        return f"▫️ {entry.question.position}. not answered, the key is {key}"
    if not entry.answer.correct:
        return f"❌ {entry.question.position}. you chose {entry.answer.chosen}, the key is {key}"
    return f"✅ {entry.question.position}. {key}: {_worth(entry)}"


def _worth(entry: OwnLine) -> str:
    if entry.answer is not None and entry.answer.points:
        return plural(entry.answer.points, "point")
    if entry.answered < PLAYERS_AT_LEAST:
        return "no points, since only you answered"
    return "no points, since you had answered it this season"
