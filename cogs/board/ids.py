"""Which board a control asks for: all of it stands in the custom_id."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.board import Metric, Scope
from bot.core.periods import Span

BACK_AT_MOST = 999


class What(StrEnum):
    """What a control does with the board it names."""

    SHOW = "show"
    EARLIER = "earlier"
    LATER = "later"
    SCOPE = "scope"
    SPAN = "span"
    METRIC = "metric"
    PICTURE = "picture"
    SHARE = "share"
    SHARE_PICTURE = "hang"


@dataclass(frozen=True, slots=True)
class Asked:
    """A board that somebody wants to see, `back` periods ago; `group` 0 is the one of theirs that they joined last."""

    scope: Scope = Scope.SERVER
    group: int = 0
    metric: Metric = Metric.POINTS
    span: Span = Span.SEASON
    back: int = 0

    def id(self, what: What) -> str:
        return f"board:{what}:{self.scope}:{self.group}:{self.metric}:{self.span}:{self.back}"

    def after(self, what: What, value: str = "") -> "Asked":
        """The board after a control was used; `value` is what was chosen in a select."""
        match what:
            case What.SCOPE:
                scope, _, group = value.partition(":")
                return replace(self, scope=Scope(scope), group=int(group or 0))
            case What.SPAN:
                return replace(self, span=Span(value), back=0)
            case What.METRIC:
                return replace(self, metric=Metric(value))
            case What.EARLIER:
                return replace(self, back=min(self.back + 1, BACK_AT_MOST))
            case What.LATER:
                return replace(self, back=max(self.back - 1, 0))
            case _:
                return self


TEMPLATE = (
    rf"board:(?P<what>{'|'.join(What)}):(?P<scope>{'|'.join(Scope)}):(?P<group>\d{{1,18}}):(?P<metric>{'|'.join(Metric)})"
    rf":(?P<span>{'|'.join(Span)}):(?P<back>\d{{1,3}})"
)


def asked(ids: dict[str, str]) -> Asked:
    """What a custom_id that fits TEMPLATE asks for."""
    return Asked(Scope(ids["scope"]), int(ids["group"]), Metric(ids["metric"]), Span(ids["span"]), int(ids["back"]))
