"""The search for places: pumps go where each of them helps most, then they are exchanged until that helps no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations_with_replacement

Counts = Mapping[str, int]
Cost = Callable[[Counts], float]
ENOUGH = 1e-9


def best_counts(places: Sequence[str], pumps: int, cost: Cost) -> dict[str, int]:
    """How many pumps stand at each place so that the cost is small.

    Greedy by the saving per pump, several at once where one alone saves nothing; then exchanges: pumps move to another
    place as long as that lowers the cost. A pump that lowers nothing stays away. Cornuejols, Fisher & Nemhauser 1977
    (doi:10.1287/mnsc.23.8.789) bound greedy by 1 - 1/e of the best saving where savings diminish; closing depths make
    them grow at first, so what the search reaches is measured against all placements in the tests.

    Args:
        places: Ids, in the order in which ties are decided.
        pumps: At most so many.
        cost: Of a placement.
    """
    counts: dict[str, int] = {}
    now, left = cost(counts), pumps
    while left:
        steps = [
            ((cost(_with(counts, place, many)) - now) / many, many, at, place)
            for at, place in enumerate(places)
            for many in range(1, left + 1)
        ]
        if not steps or min(steps)[0] >= -ENOUGH:
            break
        _, many, _, place = min(steps)
        counts, left = _with(counts, place, many), left - many
        now = cost(counts)
    while True:
        moved = [(cost(one), sorted(one.items()), one) for one in _exchanged(places, counts)]
        if not moved or min(moved)[0] >= now - ENOUGH:
            return counts
        now, _, counts = min(moved)


def _exchanged(places: Sequence[str], counts: Counts) -> Iterator[dict[str, int]]:
    """What becomes of a placement when some pumps of one place move to another."""
    for giver in sorted(counts):
        for many in range(1, counts[giver] + 1):
            for taker in places:
                if taker != giver:
                    yield _with(_with(counts, giver, -many), taker, many)


def alternatives(places: Sequence[str], best: Counts, cost: Cost, most: int) -> list[dict[str, int]]:
    """Placements that differ from the best by one pump, the cheapest first."""
    found = {
        tuple(sorted(_with(_with(best, giver, -1), taker, 1).items()))
        for giver in best
        for taker in places
        if taker != giver
    }
    return [dict(key) for key in sorted(found, key=lambda key: (cost(dict(key)), key))[:most]]


def all_counts(places: Sequence[str], pumps: int) -> Iterator[dict[str, int]]:
    """Every placement of exactly so many pumps."""
    for chosen in combinations_with_replacement(places, pumps):
        yield {place: chosen.count(place) for place in chosen}


def _with(counts: Counts, place: str, more: int) -> dict[str, int]:
    changed = {**counts, place: counts.get(place, 0) + more}
    return {name: count for name, count in changed.items() if count > 0}
