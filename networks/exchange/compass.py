"""Movements by compass, as American tools name them: NBL is who comes northbound and turns left."""

from __future__ import annotations

import math

from networks.signals.layouts.layout import Layout
from networks.signals.layouts.movement import Movement, turned

BOUNDS = ("EB", "NE", "NB", "NW", "WB", "SW", "SB", "SE")
"""Directions of travel, anticlockwise from east."""
TURNS = ("U", "L2", "L", "T", "R", "R2")
PED = "PED"
_TURN = {"s": "T", "l": "L", "L": "L", "r": "R", "R": "R", "t": "U"}


def approach_bounds(layout: Layout) -> dict[str, str]:
    """Edge -> direction of travel, each direction once, the edges nearest to theirs first; at most eight have one.

    Edges that lead into the junction come before those inside it.
    """
    headings: dict[str, float] = {}
    for movement in layout.movements:
        if movement.kind != "pedestrian":
            headings.setdefault(movement.from_edge, movement.heading_in)
    wishes = sorted(
        (edge in layout.inner, round(abs(turned(heading, n * math.pi / 4)), 3), n % 2, edge, n)
        for edge, heading in headings.items()
        for n in range(len(BOUNDS))
    )
    found: dict[str, str] = {}
    for _, _, _, edge, n in wishes:
        if edge not in found and BOUNDS[n] not in found.values():
            found[edge] = BOUNDS[n]
    return found


def columns_of(layout: Layout) -> dict[str, tuple[int, ...]]:
    """Column -> its links; people on foot are all in PED, links without a direction in none."""
    bounds = approach_bounds(layout)
    found: dict[str, set[int]] = {}
    for movement in layout.movements:
        if movement.kind == "pedestrian":
            found.setdefault(PED, set()).add(movement.index)
        elif movement.from_edge in bounds:
            name = bounds[movement.from_edge] + turn_of(movement, layout)
            found.setdefault(name, set()).add(movement.index)
    return {name: tuple(sorted(found[name])) for name in sorted(found, key=column_rank)}


def turn_of(movement: Movement, layout: Layout) -> str:
    """U, L2, L, T, R or R2: of two ways to the left (right) the sharper one is L2 (R2)."""
    turn = _TURN.get(movement.direction, "T")
    if turn not in "LR":
        return turn
    beside = [
        abs(turned(m.heading_in, m.heading_out))
        for m in layout.movements
        if m.from_edge == movement.from_edge and m.to_edge != movement.to_edge and _TURN.get(m.direction) == turn
    ]
    own = abs(turned(movement.heading_in, movement.heading_out))
    return turn + "2" if beside and own > max(beside) else turn


def column_rank(name: str) -> tuple[int, int, str]:
    """The order of columns: NB, SB, EB, WB, then the others, PED last."""
    order = ("NB", "SB", "EB", "WB", "NE", "NW", "SE", "SW")
    if name[:2] not in order or name == PED:
        return len(order), 0, name
    turn = name[2:]
    return order.index(name[:2]), TURNS.index(turn) if turn in TURNS else len(TURNS), name
