"""Which board a control asks for: all of it stands in the custom_id."""

from dataclasses import replace
from datetime import date
from enum import StrEnum

from bot.core.board import Asked, Metric, Scope
from bot.core.periods import Span


class What(StrEnum):
    """What a control does with the board it names; a select names the one from which something else is chosen."""

    SHOW = "show"
    EARLIER = "earlier"
    LATER = "later"
    SCOPE = "scope"
    SPAN = "span"
    METRIC = "metric"
    PICTURE = "picture"
    SHARE = "share"
    SHARE_PICTURE = "hang"


RUNNING = "now"
"""What stands for the running period."""

_BOARD = (
    rf"board:(?P<what>{'|'.join(What)}):(?P<scope>{'|'.join(Scope)}):(?P<group>\d{{1,18}}):(?P<metric>{'|'.join(Metric)})"
    rf":(?P<span>{'|'.join(Span)})"
)
TEMPLATE = _BOARD + rf":(?P<first>{RUNNING}|\d{{4}}-\d\d-\d\d)"
FORMER = _BOARD + r":(?P<back>\d{1,3})"
"""As earlier releases named boards: `back` periods before the running one, to which the control adds its own step."""


def id_of(asked: Asked, what: What) -> str:
    first = asked.first.isoformat() if asked.first is not None else RUNNING
    return f"board:{what}:{asked.scope}:{asked.group}:{asked.metric}:{asked.span}:{first}"


def asked_of(ids: dict[str, str]) -> Asked:
    """What a custom_id asks for that fits TEMPLATE, or FORMER but for its `back`."""
    return Asked(
        Scope(ids["scope"]),
        Metric(ids["metric"]),
        Span(ids["span"]),
        int(ids["group"]),
        _day(ids.get("first", RUNNING)),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def after(asked: Asked, what: What, value: str) -> Asked:
    """The board once `value` was chosen in a select; what other controls show is the board they name."""
    match what:
        case What.SCOPE:
            scope, _, group = value.partition(":")
            return replace(asked, scope=Scope(scope), group=int(group or 0))
        case What.SPAN:
            return replace(asked, span=Span(value), first=None)
        case What.METRIC:
            return replace(asked, metric=Metric(value))
        case _:
            return asked
