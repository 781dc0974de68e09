"""Who asks for something."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asks for something in a server; an `organiser` has the permission Manage Server there."""

    user_id: int
    organiser: bool = False
