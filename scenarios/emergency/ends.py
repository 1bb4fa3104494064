"""Where a route begins or ends, as somebody types it: a road edge, longitude and latitude, or a name on the map."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from networks.errors import NotThere
from scenarios.interventions import Place
from scenarios.places import NAMED_LAYERS, locate, nearest_edge

if TYPE_CHECKING:
    from networks import City

_DEGREES = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*")
FAR_M = 50.0
"""Somewhere further than this from any road that leads on is told to be off the road (guess)."""


@dataclass(frozen=True)
class End:
    """One end of a route.

    Attributes:
        told: As it was typed.
        x, y: Where that is, m.
        edges: The road there: its edge, and the one of the other direction where there is one.
        away_m: From the place to that road.
    """

    told: str
    x: float
    y: float
    edges: tuple[str, ...]
    away_m: float


def find_end(city: City, told: str, *, vclass: Literal["passenger", "emergency"] = "emergency") -> End:
    """The place that somebody means, and the road of a class of vehicles that leads there.

    Raises:
        NotThere: No edge, no name on the map and no degrees.
        BadScenario: Outside the map.
    """
    from shapely.geometry import Point

    edges = city.layer("edges")
    place = _place(city, told)
    x, y = locate(city, place, what=f"{told!r}")
    edge = place.edge or nearest_edge(city, x, y, vclass=vclass)
    row = edges[edges["edge_id"] == edge].iloc[0]
    back = edges[(edges["from_node"] == row["to_node"]) & (edges["to_node"] == row["from_node"])]
    back = back[back[vclass] & (back["highway"] == row["highway"]) & (back["name"] == row["name"])]
    both = (edge, *back["edge_id"].tolist()[:1])
    return End(told, x, y, both, float(row.geometry.distance(Point(x, y))))


def _place(city: City, told: str) -> Place:
    if degrees := _DEGREES.fullmatch(told):
        return Place(lon=float(degrees[1]), lat=float(degrees[2]))
    if (city.layer("edges")["edge_id"] == told).any():
        return Place(edge=told)
    names = sorted({name for layer in NAMED_LAYERS for name in city.layer(layer)["name"] if name})
    if told in names:
        return Place(attraction=told)
    near = get_close_matches(told, names, n=3, cutoff=0.5)
    raise NotThere(
        f"{city.name} has no road edge and no place called {told!r}",
        expected="a road edge, longitude,latitude, or a name on the map",
        remedy=f"did you mean {' or '.join(near)}?" if near else None,
    )
