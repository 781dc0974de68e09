"""Lists as parts of a sentence."""

from collections.abc import Sequence


def listed(parts: Sequence[str]) -> str:
    """Ana, Ben and Cleo."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def first_of(parts: Sequence[str], at_most: int) -> list[str]:
    """The first `at_most` parts, and how many more there are: Ana, Ben, 3 more."""
    more = len(parts) - at_most
    return [*parts[:at_most], f"{more} more"] if more > 0 else list(parts)
