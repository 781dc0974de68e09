"""What the parts of a board are called, in text, in pictures and in what is read aloud."""

from bot.core.board import Board, Metric, Place, Scope
from bot.core.periods import Period, Span
from cogs.ui.layout import plural


def period_name(when: Period) -> str:
    """A season by its month, a week by its days."""
    match when.span:
        case Span.SEASON:
            return f"{when.first:%B %Y}"
        case Span.WEEK:
            first, last = when.first, when.last
            month = f" {first:%B}" if first.month != last.month else ""
            year = f" {first.year}" if first.year != last.year else ""
            return f"{first.day}{month}{year} to {last.day} {last:%B %Y}"
        case Span.ALL:
            return "all time"


def about(board: Board) -> str:
    """What the board compares, and when."""
    if board.scope is Scope.GROUPS:
        return f"groups · {period_name(board.period)}"
    if board.metric is Metric.STREAK:
        return f"{'longest' if board.period.span is Span.ALL else 'current'} streaks"
    return f"{board.metric} · {period_name(board.period)}"


def per_member(place: Place) -> str:
    """The points per active member of a group, to a hundredth."""
    return f"{place.value / 100:.2f}".rstrip("0").rstrip(".")


def value(place: Place, scope: Scope, metric: Metric) -> str:
    """What a place has, in words."""
    if scope is Scope.GROUPS:
        return f"{per_member(place)} per member · {place.members} active"
    match metric:
        case Metric.POINTS:
            return f"{plural(place.value, 'point')} · {plural(place.answers, 'answer')}"
        case Metric.ACCURACY:
            return f"{100 * place.correct / place.answers:.0f}% · {place.correct} of {place.answers} right"
        case Metric.STREAK:
            return f"{place.value} in a row"


def moved(place: Place) -> str:
    """The ranks won or lost since the period before; empty without a rank then."""
    if place.moved is None:
        return ""
    return "=" if place.moved == 0 else f"{'▲' if place.moved > 0 else '▼'}{abs(place.moved)}"
