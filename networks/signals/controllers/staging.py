"""Legal stages: sets of groups without conflict that together serve everyone, chosen for the least critical flow."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

from networks.signals.controllers.cliques import cheapest_cover, fitting_sets
from networks.signals.groups.conflict_matrix import ConflictMatrix
from networks.signals.groups.group import SignalGroup
from networks.signals.groups.intergreen_matrix import IntergreenMatrix

_STAGE_PRICE = 0.06
"""What one stage more costs, in flow ratio: 5 s lost of a cycle of 80 s."""
_MOST_TO_ORDER = 6


def choose_stages(
    groups: tuple[SignalGroup, ...],
    conflicts: ConflictMatrix,
    intergreens: IntergreenMatrix,
    carried: dict[str, tuple[str, ...]],
    mates: frozenset[tuple[str, str]],
    ratios: dict[str, float],
    stuck: Callable[[tuple[tuple[str, ...], ...]], int] = lambda _: 0,
) -> tuple[tuple[str, ...], ...]:
    """The groups of each stage, in an order that loses least time between them.

    Args:
        groups: All of them.
        conflicts: Between them.
        intergreens: Between them.
        carried: Entry -> the groups inside the controller that its traffic meets next, nearest to straight on first:
            they are green whenever the entry is, and only then.
        mates: Pairs of groups that share a lane inside the controller: one is green with the other where nothing
            forbids it, so that nobody who waits for the one blocks the other.
        ratios: Flow ratio of each group.
        stuck: How often an order lets traffic across while others may stand in a waiting area: as seldom as can be.
    """
    entries = list(carried)
    trains = [_train(name, carried[name], conflicts) for name in entries]
    served = {name for train in trains for name in train}
    entries += [group.name for group in groups if group.name not in served]
    trains += [(name,) for name in entries[len(trains) :]]
    fits = [
        sum(1 << b for b in range(len(entries)) if a != b and _fit(trains[a], trains[b], conflicts))
        for a in range(len(entries))
    ]
    chosen = cheapest_cover(fitting_sets(fits), [ratios[name] for name in entries], _STAGE_PRICE)
    stages = []
    for one in chosen:
        shown = {name for n, train in enumerate(trains) if one >> n & 1 for name in train}
        for a, b in sorted(mates):
            if a in shown and not any(conflicts.forbids(b, other) for other in shown):
                shown.add(b)
        stages.append(tuple(group.name for group in groups if group.name in shown))
    return _ordered(tuple(stages), intergreens, stuck)


def _train(entry: str, carried: tuple[str, ...], conflicts: ConflictMatrix) -> tuple[str, ...]:
    """An entry with what is green with it; of two that it leads to and that conflict, the first."""
    train = [entry]
    for name in carried:
        if not any(conflicts.forbids(name, other) for other in train):
            train.append(name)
    return tuple(train)


def _fit(one: tuple[str, ...], other: tuple[str, ...], conflicts: ConflictMatrix) -> bool:
    return not any(conflicts.forbids(a, b) for a in one for b in other)


def _ordered(
    stages: tuple[tuple[str, ...], ...],
    intergreens: IntergreenMatrix,
    stuck: Callable[[tuple[tuple[str, ...], ...]], int],
) -> tuple[tuple[str, ...], ...]:
    """The order with the least time between stages; the first stays first."""

    def lost(order: tuple[tuple[str, ...], ...]) -> float:
        return sum(
            max((intergreens.between(a, b) for a in one if a not in other for b in other if b not in one), default=0.0)
            + 0.1 * len(set(one) ^ set(other))
            for one, other in zip(order, order[1:] + order[:1], strict=True)
        )

    if not 2 < len(stages) <= _MOST_TO_ORDER:
        return stages
    orders = ((stages[0], *rest) for rest in permutations(stages[1:]))
    return min(orders, key=lambda order: (stuck(order), lost(order)))
