"""How boards look as text: core types in, views out."""

from collections.abc import Sequence
from dataclasses import replace

import discord
from discord import ui

from bot.core.board import ACTIVE_AT_LEAST, Asked, Board, Metric, Place, Scope
from bot.core.groups import GroupName
from bot.core.periods import Period, Span
from bot.services.board import Page
from cogs.board.ids import What, id_of
from cogs.board.words import about, moved, value
from cogs.ui.layout import GREY, button, footer, layout, line, plural, row
from cogs.ui.names import person, tame
from cogs.ui.pictures import gallery

OPTIONS_AT_MOST = 25

METRICS = {Metric.POINTS: "Points", Metric.ACCURACY: "Accuracy", Metric.STREAK: "Streak"}
SPANS = {Span.WEEK: "This week", Span.SEASON: "This month", Span.ALL: "All time"}


def heading(board: Board) -> str:
    """Whom and what the board compares, and when."""
    return f"{person(board.title) if board.title else 'This server'} · {about(board)}"


def _line(place: Place, board: Board) -> str:
    parts = person(place.name), value(place, board.scope, board.metric), moved(place)
    text = f"{place.rank}. {' · '.join(filter(None, parts))}"
    # A number and a full stop at the beginning would be made a list with numbers of its own.
    text = text.replace(". ", "\\. ", 1)
    if not place.own:
        return text
    return f"**{text}** ← {'your group' if board.scope is Scope.GROUPS else 'you'}"


def lines(board: Board) -> str:
    """The places, the highest first, and the reader's own with its neighbours where they come later."""
    places = [_line(place, board) for place in board.top]
    if board.around:
        places += ["⋯", *(_line(place, board) for place in board.around)]
    return "\n".join(places) if places else _empty(board)


def _empty(board: Board) -> str:
    if board.scope is Scope.GROUPS:
        return (
            f"No group stands here yet: it takes {ACTIVE_AT_LEAST} members who answered. "
            "`/group list` shows the groups, and today's question begins it."
        )
    if board.metric is Metric.STREAK:
        return "No streak is alive. Today's question begins one: `/daily` shows it."
    if board.metric is Metric.ACCURACY:
        return f"Nobody has the {board.needed} answers that a place takes. `/quiz start` and the daily question bring them."
    when = {Span.WEEK: "in this week", Span.SEASON: "in this month", Span.ALL: "yet"}[board.period.span]
    return f"Nobody has points {when}. `/quiz start` or today's question begins it."


def own_state(board: Board) -> str:
    """Where the reader stands, when no line says so; and what is missing for a place."""
    own = board.own
    if own is not None and board.hidden:
        return (
            f"Only you see this: you would stand at **rank {own.rank}** with {value(own, board.scope, board.metric)}. "
            "You are hidden from all boards; `/privacy visibility` changes that."
        )
    if own is not None:
        return ""
    if board.scope is Scope.GROUPS:
        return _own_group(board)
    if board.metric is Metric.STREAK:
        return "You have no streak now. Answer today's question in time and it begins: `/daily`." if board.top else ""
    if board.own_answers < board.needed:
        return f"You need {plural(board.needed - board.own_answers, 'more answer')} to be ranked."
    if board.own_answers:
        return "You have no right answer here so far; the next one brings you onto the board."
    return "You are not on this board yet. `/quiz start` or today's question brings you onto it." if board.top else ""


def _own_group(board: Board) -> str:
    missing = board.needed - board.own_answers
    if 0 < missing < board.needed:
        return f"Your group needs {plural(missing, 'more active member')} to stand here."
    return ""


def rules(board: Board) -> str:
    """How the board is made, in small print."""
    if board.scope is Scope.GROUPS:
        how = f"points per active member, from {board.needed} active members on"
    else:
        how = {
            Metric.POINTS: "",
            Metric.ACCURACY: f"from {board.needed} answers on; more answers weigh more (Wilson's lower bound)",
            Metric.STREAK: "daily questions answered in a row",
        }[board.metric]
    word = "group" if board.scope is Scope.GROUPS else "learner"
    compared = "▲▼ ranks since the period before" if any(place.moved is not None for place in board.top) else ""
    return footer(f"{plural(board.ranked, word)} ranked" if board.ranked else "", how, compared)


def page(found: Page, *, organiser: bool) -> ui.LayoutView:
    """The private board of one reader, with everything that leads to others."""
    board, asked = found.board, found.asked
    return layout(
        f"### {heading(board)}",
        lines(board),
        own_state(board),
        rules(board),
        line(),
        row(_scope_select(asked, found.groups)),
        row(_span_select(asked)),
        *([row(_metric_select(asked))] if asked.scope is not Scope.GROUPS else []),
        row(
            _turn("‹ Earlier", What.EARLIER, asked, board.period.previous if board.earlier else None),
            _turn("Later ›", What.LATER, asked, board.period.following if board.later else None),
            button("As a picture", id_of(asked, What.PICTURE), disabled=not board.top),
            button("Share", id_of(asked, What.SHARE), disabled=not board.top),
            *([button("Winners' role", "board:role")] if organiser else []),
        ),
    )


def _turn(label: str, what: What, asked: Asked, to: Period | None) -> ui.Button[ui.LayoutView]:
    """Leads to the board of another period, if there is one."""
    there = replace(asked, first=to.first) if to is not None else asked
    return button(label, id_of(there, what), disabled=to is None)


def _select(
    asked: Asked, what: What, placeholder: str, options: list[discord.SelectOption]
) -> ui.Select[ui.LayoutView]:
    return ui.Select(custom_id=id_of(asked, what), placeholder=placeholder, options=options)


def _scope_select(asked: Asked, groups: Sequence[GroupName]) -> ui.Select[ui.LayoutView]:
    def option(label: str, value: str, description: str = "") -> discord.SelectOption:
        chosen = value == (f"group:{asked.group}" if asked.scope is Scope.GROUP else asked.scope)
        return discord.SelectOption(label=label, value=value, description=description or None, default=chosen)

    # The group that is shown is among the options, however many there are.
    first = sorted(groups, key=lambda group: group.id != asked.group)[: OPTIONS_AT_MOST - 2]
    return _select(
        asked,
        What.SCOPE,
        "Whom to compare",
        [
            option("This server", Scope.SERVER.value),
            option("Group against group", Scope.GROUPS.value, "Points per active member"),
            *(
                option(f"Group: {tame(group.name)}", f"group:{group.id}", "Yours" if group.own else "")
                for group in first
            ),
        ],
    )


def _span_select(asked: Asked) -> ui.Select[ui.LayoutView]:
    options = [
        discord.SelectOption(label=label, value=span.value, default=span is asked.span) for span, label in SPANS.items()
    ]
    return _select(asked, What.SPAN, "Period", options)


def _metric_select(asked: Asked) -> ui.Select[ui.LayoutView]:
    options = [
        discord.SelectOption(label=label, value=metric.value, default=metric is asked.metric)
        for metric, label in METRICS.items()
    ]
    return _select(asked, What.METRIC, "What to rank by", options)


def shared(board: Board, asked: Asked, picture: discord.File | None = None) -> ui.LayoutView:
    """The board for everybody in a channel; `board` is the public one."""
    return layout(
        f"### {heading(board)}",
        "" if picture else lines(board),
        gallery(picture),
        rules(board),
        row(button("Your place", id_of(asked, What.SHOW))),
    )


def pictured(board: Board, asked: Asked, picture: discord.File) -> ui.LayoutView:
    """The picture for one reader."""
    return layout(
        f"### {heading(board)}",
        gallery(picture),
        own_state(board),
        row(button("Share the picture", id_of(asked, What.SHARE_PICTURE))),
        accent=GREY,
    )
