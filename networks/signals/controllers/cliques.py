"""Sets of groups that may be green together, as bit masks: what stages are chosen from."""

from __future__ import annotations

from collections.abc import Sequence

MOST_SETS = 3000
_MOST_STEPS = 4000


def fitting_sets(fits: Sequence[int], most: int = MOST_SETS) -> list[int]:
    """Maximal sets of members that all fit each other (Bron and Kerbosch 1973, with a pivot).

    Args:
        fits: For each member, the bit mask of the others that it fits.
        most: No more sets are listed; a set of each member is always among them.

    Returns:
        Bit masks, in ascending order.
    """
    found: set[int] = set()

    def expand(chosen: int, able: int, done: int) -> None:
        if len(found) >= most:
            return
        if not able and not done:
            found.add(chosen)
            return
        pivot = max(_bits(able | done), key=lambda v: ((able & fits[v]).bit_count(), -v))
        for v in _bits(able & ~fits[pivot]):
            expand(chosen | 1 << v, able & fits[v], done & fits[v])
            able &= ~(1 << v)
            done |= 1 << v

    expand(0, (1 << len(fits)) - 1, 0)
    for v in range(len(fits)):
        if not any(one >> v & 1 for one in found):
            found.add(_grown(1 << v, fits))
    return sorted(found)


def _grown(chosen: int, fits: Sequence[int]) -> int:
    for v in range(len(fits)):
        if not chosen >> v & 1 and chosen & fits[v] == chosen:
            chosen |= 1 << v
    return chosen


def cheapest_cover(sets: Sequence[int], weight: Sequence[float], price: float) -> tuple[int, ...]:
    """Sets that together hold every member at least cost, by branch and bound over a limited number of steps.

    The cost of a set is `price` plus the greatest weight among the members that no earlier set holds: lost time and
    critical flow ratio of a stage.
    """
    everyone = (1 << len(weight)) - 1
    best: list[tuple[float, tuple[int, ...]]] = []
    steps = 0

    def heaviest(members: int) -> float:
        return max((weight[v] for v in _bits(members)), default=0.0)

    def search(left: int, cost: float, chosen: tuple[int, ...]) -> None:
        nonlocal steps
        steps += 1
        if not left:
            if not best or cost < best[0][0] - 1e-9:
                best[:] = [(cost, chosen)]
            return
        if best and (steps > _MOST_STEPS or cost + price + heaviest(left) >= best[0][0] - 1e-9):
            return
        first = max(_bits(left), key=lambda v: (weight[v], -v))
        able = [one for one in sets if one >> first & 1]
        able.sort(key=lambda one: (-sum(weight[v] + 0.02 for v in _bits(one & left)), one))
        for one in able[:40]:
            search(left & ~one, cost + price + heaviest(left & one), (*chosen, one))

    search(everyone, 0.0, ())
    return best[0][1]


def _bits(mask: int) -> list[int]:
    return [v for v in range(mask.bit_length()) if mask >> v & 1]
