"""What a learner may choose about being seen."""

from enum import StrEnum


class Visibility(StrEnum):
    SHOWN = "shown"
    HIDDEN = "hidden"
