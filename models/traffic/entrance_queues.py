"""Who stands on the street because of a car park's entrance: found from car to car, whatever road they stand on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

STANDS_MPS = 0.5
"""Slower than this a car stands in a queue, or creeps forward in one."""
NEXT_M = 40.0
"""Who stands so near behind somebody stands in the same queue: a junction that is kept clear lies between (assumed)."""


def queues(sumo: Any, first: Mapping[str, str], others: Iterable[str]) -> dict[str, list[str]]:
    """Who stands behind whom, from those at the entrances backward.

    Args:
        sumo: libsumo, started.
        first: Cars that stand at an entrance, and the car park.
        others: Cars on the road that want to park; whoever stands between them is found too.

    Returns:
        Cars that stand in the queue of each car park, those at the entrance first, else in no order.
    """
    found: dict[str, str | None] = dict(first)
    for vehicle in others:
        chain: list[str] = []
        ahead: str | None = vehicle
        while ahead is not None and ahead not in found:
            found[ahead] = None  # who comes back to it drives in a circle, which leads to no entrance
            chain.append(ahead)
            ahead = _before(sumo, ahead)
        park = found[ahead] if ahead is not None else None
        found.update(dict.fromkeys(chain, park))
    lines: dict[str, list[str]] = {}
    for vehicle, of_park in found.items():
        if of_park is not None:
            lines.setdefault(of_park, []).append(vehicle)
    return lines


def _before(sumo: Any, vehicle: str) -> str | None:
    """Who stands right before a car that stands; None where nobody does, or it drives."""
    if sumo.vehicle.getSpeed(vehicle) > STANDS_MPS:
        return None
    leader = sumo.vehicle.getLeader(vehicle, NEXT_M)
    return str(leader[0]) if leader is not None and leader[0] and leader[1] <= NEXT_M else None
