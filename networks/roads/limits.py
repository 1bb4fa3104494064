"""What roads let through, as the map says: height, width, weight, hazardous goods, lorries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from networks.osm.extract import Tags
from networks.osm.objects import MapObject
from networks.osm.values import read_length, read_weight
from networks.roads.conditions import conditional
from networks.roads.net_file import NetEdge

LORRY_T = 3.5
"""Above this weight a vehicle is a lorry (`hgv` in OpenStreetMap: more than 3.5 t)."""

ADR_TUNNELS = ("B", "C", "D", "E")
"""Tunnels that some hazardous goods may not pass (ADR 1.9.5, secondary source); A lets all pass. What is carried is not
known here, so all of them shut out hazardous goods."""


@dataclass(frozen=True)
class RoadLimit:
    """One edge's limit.

    Attributes:
        edge_id: The road edge.
        kind: height_m, width_m, weight_t, lorry or hazmat.
        value: The most that passes; 0 for hazmat.
        osm: The way that says so.
        when: Hours at which it holds, as in `opening_hours`; "" for always.
    """

    edge_id: str
    kind: str
    value: float
    osm: str
    when: str = ""


def road_limits(edges: Iterable[NetEdge], objects: Mapping[str, MapObject]) -> list[RoadLimit]:
    """The limits of every edge, each kind once: the strictest of the ways that the edge was made from.

    `maxheight`, `maxheight:physical`, `maxwidth`, `maxwidth:physical`, `maxweight`, `hazmat=no`, `hgv=no` and
    `hazmat:adr_tunnel_cat`; `maxweight:conditional`, `hazmat:conditional` and `hgv:conditional` at their hours. What is
    signed for one direction or as `default` is left out.
    """
    found = []
    for edge in edges:
        strictest: dict[tuple[str, str], RoadLimit] = {}
        for way in edge.osm_ways:
            road = objects.get(f"w{abs(way)}")
            for kind, value, when in _said(road.tags) if road is not None else ():
                if (kind, when) not in strictest or value < strictest[kind, when].value:
                    strictest[kind, when] = RoadLimit(edge.edge_id, kind, value, f"w{abs(way)}", when)
        found += [strictest[kind] for kind in sorted(strictest)]
    return found


def _said(tags: Tags) -> Iterator[tuple[str, float, str]]:
    for kind, key in (("height_m", "maxheight"), ("width_m", "maxwidth")):
        values = [read_length(tags.get(name), least=1.0, most=20.0).value for name in (f"{key}:physical", key)]
        if known := [value for value in values if value is not None]:
            yield kind, min(known), ""
    if (weight := read_weight(tags.get("maxweight")).value) is not None:
        yield "weight_t", weight, ""
    if tags.get("hazmat") == "no" or tags.get("hazmat:adr_tunnel_cat", "").upper() in ADR_TUNNELS:
        yield "hazmat", 0.0, ""
    if tags.get("hgv") == "no":
        yield "lorry", LORRY_T, ""
    for value, when in conditional(tags.get("maxweight:conditional")):
        if (weight := read_weight(value).value) is not None:
            yield "weight_t", weight, when
    for kind, most, key in (("hazmat", 0.0, "hazmat"), ("lorry", LORRY_T, "hgv")):
        yield from ((kind, most, when) for value, when in conditional(tags.get(f"{key}:conditional")) if value == "no")
