"""Paths of a day that take fewer people than the map's width says: a bridge, a gate in a wall, works."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from models.crowd.speed import CAPACITY_PMS
from networks.errors import BadInput
from scenarios.visits.day_places import DayPlaces
from scenarios.visits.text import NarrowText

if TYPE_CHECKING:
    from networks import WalkGraph

BESIDE_M = 30.0
"""A path farther away than this is not the one that is meant (m)."""


def narrowed(
    graph: WalkGraph, places: DayPlaces, said: Sequence[NarrowText], refused: Callable[..., BadInput]
) -> WalkGraph:
    """The walk graph with those paths as wide as what they take: so many persons a minute each way.

    A width of `per_min` / 60 / 1.225 m (Weidmann's specific capacity, persons/m/s) takes so many, and holds as many as
    stand on it.

    Raises:
        BadInput: No path is near, or it takes no more than that as it is.
    """
    width = graph.width_m.copy()
    for index, one in enumerate(said):
        try:
            link, away_m = places.nearest_path(one.at, one.name)
        except BadInput as error:
            raise refused(error.what, "narrow", index) from error
        if away_m > BESIDE_M:
            raise refused(f"{one.name}: the nearest path is {away_m:.0f} m away", "narrow", index,
                          expected=f"{BESIDE_M:g} m or less", remedy="move it onto the path")  # fmt: skip
        takes = 60.0 * CAPACITY_PMS * float(graph.width_m[link])
        if one.per_min >= takes:
            raise refused(
                f"{one.name} is said to take {one.per_min:g} people a minute; as the map has it it takes {takes:.0f}",
                "narrow", index, expected=f"fewer than {takes:.0f}", remedy="leave it out, or move it to its path",
            )  # fmt: skip
        width[link] = one.per_min / 60.0 / CAPACITY_PMS
    return replace(graph, width_m=width) if said else graph
