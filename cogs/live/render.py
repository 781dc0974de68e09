"""How a live round looks while it is played: core types in, views out."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.client.courier import mark
from bot.core.content import Concept
from bot.core.live import LiveAnswer, LiveQuestion, LiveState, QuestionState, Standings
from bot.services.live import Closed, Noted
from bot.services.live_hosting import Panel
from bot.services.live_starting import Started
from cogs.ui.concept import reading
from cogs.ui.layout import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    TEXT_AT_MOST,
    button,
    footer,
    gap,
    layout,
    line,
    note,
    plain,
    plural,
    prepared,
    row,
    text_length,
)
from cogs.ui.names import person
from cogs.ui.question import answer_row, paper, rationales, sourced, stem_beside

BAR = 10
"""Blocks of a bar that stands for everybody."""

SHOWN_RANKS, SHOWN_NAMES = 5, 3
"""Ranks of the running score, and names on each."""


def number(question: LiveQuestion) -> str:
    return f"Question {question.position} of {question.round.length}"


def announcement(started: Started) -> ui.LayoutView:
    """What is posted before the first question."""
    round_ = started.round
    area = f" ({plain(started.area.title)})" if started.area else ""
    return layout(
        f"### A live round starts <t:{started.first_at}:R>",
        f"**{plural(round_.length, 'question')}** for {plain(started.exam.name)}{area}, {round_.seconds} seconds each. "
        "Everyone here can play: answer with the controls under a question. Only you see your choice, and you can change it "
        "until the time is over. Speed does not count.",
        footer(
            f"hosted by {person(started.host)}" if started.host else "",
            "right answers bring points by difficulty when two or more play",
        ),
        accent=BLUE,
    )


def _answer_row(question: LiveQuestion) -> ui.ActionRow[ui.LayoutView]:
    place = f"{question.round.id}:{question.position}"
    return answer_row(
        question.asked,
        mark(f"live:choose:{place}", question.delivery_id),
        lambda letter: mark(f"live:pick:{place}:{letter}", question.delivery_id),
    )


def question(shown: LiveQuestion, areas: Sequence[str], closes_at: int | None, *, count: int = 0) -> ui.LayoutView:
    """A question that is open until `closes_at`, None while its clock is stopped."""
    small = footer(
        "Only you see your choice",
        f"closes <t:{closes_at}:R>" if closes_at else "paused: the clock is stopped, and you can still answer",
        f"{plural(count, 'answer')} so far" if count else "",
    )
    return paper(
        shown.asked.item,
        shown.asked.order,
        areas,
        _answer_row(shown),
        heading=f"### {number(shown)}",
        small=[small],
        accent=BLUE if closes_at else AMBER,
    )


def noted(result: Noted) -> ui.LayoutView:
    """The private reply to an answer, built once for all who get the same."""
    asked = result.question
    key = (asked.round.id, asked.position, asked.closes_at, asked.paused, asked.state)
    given = (result.chosen, result.taken, result.standing)
    return prepared(("live", key, given), lambda: _noted(result))


def _noted(result: Noted) -> ui.LayoutView:
    asked = result.question
    if result.taken:
        until = f"the question closes <t:{asked.closes_at}:R>" if asked.closes_at else "the question is still open"
        if asked.paused:
            until = "the clock is stopped, and the question is still open"
        return note(f"**{result.chosen}** is noted. You can change it: {until}.")
    if asked.state is QuestionState.VOID:
        return note(f"{number(asked)} was taken out of the round: it counts for nobody. The next one comes below.")
    stands = f"Your answer **{result.standing}** stands." if result.standing else "You gave no answer in time."
    return note(f"The time for question {asked.position} is over. {stands} Its key is shown under the question.")


# -- after the close ---------------------------------------------------------------------------------------------


def closed(shown: Closed, areas: Sequence[str]) -> ui.LayoutView:
    """A question after its time: key, why, how everybody answered, and the score so far."""
    stem = plain(shown.question.asked.item.stem)
    view = _closed(shown, areas, stem, _score(shown))
    over = text_length(view) - TEXT_AT_MOST
    if over > 0 and over + 4 < len(stem):
        view = _closed(shown, areas, stem[: -over - 4].rstrip("\\ ") + " ...", _score(shown))
    elif over > 0:
        view = _closed(shown, areas, "", footer("The score so far is in the next message."))
    return view


def _closed(shown: Closed, areas: Sequence[str], stem: str, score: str) -> ui.LayoutView:
    asked = shown.question
    item, void = asked.asked.item, asked.state is QuestionState.VOID
    options = [
        f"{'✅' if option.correct else '▫️'} **{letter}**  {plain(option.text)}" + ("" if void else _bar(shown, letter))
        for letter, option in asked.asked.options
    ]
    why = [plain(option.rationale) for option in item.options if option.correct]
    verdict = "skipped, it counts for nobody; the key is" if void else "the key is"
    return layout(
        f"### {number(asked)} · {verdict} {asked.asked.key}",
        stem,
        gap(),
        "\n".join(options),
        line(),
        "**Why**  " + "\n".join(why),
        "" if void else _share(shown),
        score,
        footer(plain(" / ".join(areas)), item.difficulty.value),
        sourced(item),
        row(button("Every option explained", f"live:why:{asked.round.id}:{asked.position}")),
        footer(_following(asked)),
        accent=GREY if void else GREEN,
    )


def _bar(shown: Closed, letter: str) -> str:
    count, total = shown.outcome.choices[letter], shown.outcome.total
    filled = round(BAR * count / total) if total else 0
    return f"\n`{'█' * filled}{'░' * (BAR - filled)}` {count}"


def _share(shown: Closed) -> str:
    if not shown.outcome.total:
        return "Nobody answered this one."
    return f"**{shown.outcome.correct} of {shown.outcome.total} right**"


def _score(shown: Closed) -> str:
    lines = score_lines(shown.standings, SHOWN_RANKS, SHOWN_NAMES)
    return "\n".join(["**So far**", *lines]) if lines else ""


def score_lines(standings: Standings, ranks: int, names: int, *, points: bool = False) -> list[str]:
    """A line for each rank: those who share it, as many as `names`, and how many were right."""
    lines: list[str] = []
    for place in [rank for rank in standings.ranks if rank.rank <= ranks]:
        shown = [
            person(player.name or "") + (f" ({plural(player.points, 'point')})" if points else "")
            for player in place.players[:names]
        ]
        more = len(place.players) - len(shown)
        who = ", ".join(shown) + (f" and {more} more" if more else "")
        lines.append(f"**{place.rank}.** {who} · {place.right} right")
    if standings.unnamed:
        lines.append(footer(f"and {standings.unnamed} who prefer not to be named"))
    return lines


def _following(asked: LiveQuestion) -> str:
    if asked.round.state is LiveState.OVER or asked.last:
        return "The result follows."
    return "The next question follows."


def explained(asked: LiveQuestion, own: LiveAnswer | None, concept: Concept | None) -> ui.LayoutView:
    """Every option of a closed question, privately."""
    why = rationales(asked.asked.options, own.chosen if own else "")
    place = f"{asked.round.id}:{asked.position}"
    return layout(
        f"### {number(asked)}: the key is {asked.asked.key}",
        stem_beside(asked.asked.item, why),
        why,
        sourced(asked.asked.item),
        *reading("live", "The rule behind it", [concept] if concept else []),
        row(button("Report", f"live:report:{place}", discord.ButtonStyle.danger)),
        accent=GREEN,
    )


# -- the host ----------------------------------------------------------------------------------------------------


def panel(shown: Panel) -> ui.LayoutView:
    """The host's private panel."""
    round_ = shown.question.round
    if round_.state is LiveState.OVER:
        return note("The live round is over; its result is in the channel. /quiz live starts another.")
    paused = round_.state is LiveState.PAUSED
    turn = ("Go on", "go", discord.ButtonStyle.success) if paused else ("Pause", "pause", discord.ButtonStyle.primary)
    return layout(
        "### The live round is paused" if paused else "### The live round is running",
        _situation(shown, paused=paused),
        row(
            button(turn[0], f"live:host:{turn[1]}:{round_.id}", turn[2]),
            button("Close this question now", f"live:host:close:{round_.id}"),
            button("Skip it", f"live:host:skip:{round_.id}"),
            button("End the round", f"live:host:end:{round_.id}", discord.ButtonStyle.danger),
            button("Refresh", f"live:host:look:{round_.id}"),
        ),
        footer(
            "Skip: the question counts for nobody",
            "End: the result of what was closed",
            "Paused for an hour, a round ends by itself",
        ),
        footer("/quiz live brings this panel again"),
        accent=AMBER if paused else BLUE,
    )


def _situation(shown: Panel, *, paused: bool) -> str:
    asked = shown.question
    match asked.state:
        case QuestionState.OPEN if paused:
            left = f" with {plural(asked.remaining, 'second')} left" if asked.remaining is not None else ""
            return f"{number(asked)} is out, its clock stopped{left}; {plural(shown.answers, 'answer')} so far."
        case QuestionState.OPEN:
            closing = f"closes <t:{asked.closes_at}:R>" if asked.closes_at else "is on its way"
            return f"{number(asked)} {closing}; {plural(shown.answers, 'answer')} so far."
        case QuestionState.TO_COME:
            return f"{number(asked)} comes " + ("when you go on." if paused else "in a moment.")
        case _:
            what = "the result" if asked.last else "the next one"
            waits = ", when you go on" if paused and not asked.last else ""
            return f"{number(asked)} is closed; {what} follows{waits}."
