"""What a learner may choose about being seen."""

from enum import StrEnum


class Visibility(StrEnum):
    """By the name they have in the server, by a made-up one, or nowhere at all."""

    SHOWN = "shown"
    PSEUDONYM = "pseudonym"
    HIDDEN = "hidden"
