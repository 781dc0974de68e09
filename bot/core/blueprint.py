"""Sharing out rounds over the areas of a blueprint, so that any stretch of them looks like the exam."""

from collections.abc import Collection, Mapping


def next_area(weights: Mapping[str, float], served: Mapping[str, int], available: Collection[str]) -> str:
    """The area that should come next, given how often each was `served`.

    Tijdeman's rule for the chairman assignment problem (Discrete Mathematics 32, 1980): among the areas whose
    quota has grown enough, take the one whose quota runs out first. While all areas stay available, each has
    after any number of rounds been served within 1 - 1/(2k - 2) of its exact share, k being their number;
    no rule can promise less. Areas without items left are passed over and the others share their weight.

    `weights` are positive, `available` is a non-empty subset of their keys; ties go by name.
    """
    areas = sorted(available)
    if len(areas) == 1:
        return areas[0]
    total = sum(weights[area] for area in areas)
    turn = sum(served.get(area, 0) for area in areas) + 1
    slack = 1 / (2 * len(areas) - 2)

    def owed(area: str) -> float:
        return weights[area] / total * turn - served.get(area, 0)

    ready = [area for area in areas if owed(area) >= slack - 1e-9]
    # Areas that were served too often before a blueprint changed can leave nobody ready: then the most owed.
    if not ready:
        return max(areas, key=owed)
    return min(ready, key=lambda area: (1 - slack - owed(area)) * total / weights[area])
