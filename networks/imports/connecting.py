"""How zones hang on the road network: by streets inside them, or by the gateways that face them from outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from shapely import STRtree
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

if TYPE_CHECKING:
    import pandas as pd

    from networks.city import City

STREETS_AT_MOST = 8
GATEWAYS_AT_MOST = 3
_NO_DOORS = {"motorway", "motorway_link", "trunk", "trunk_link", "outside"}
_RANK = ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential")
_FACING_RAD = np.pi / 4


class Connecting:
    """Finds the road edges where the trips of a zone begin and end.

    Inside the map: up to eight streets whose middle lies in the zone, the longest ones (motorways, trunk roads, their
    ramps and tunnels have no doors); the nearest street where there is none. A zone beyond the map: for each direction
    up to three gateways, those of the highest class among the ones that face it, seen from the middle of the map.
    """

    def __init__(self, city: City) -> None:
        edges = city.layer("edges")
        usable = edges[edges["passenger"] & ~edges["tunnel"] & ~edges["highway"].isin(_NO_DOORS)]
        self._streets = usable if len(usable) else edges[edges["passenger"]]
        self._middles = [line.interpolate(0.5, normalized=True) for line in self._streets.geometry]
        self._tree, self._lines = STRtree(self._middles), STRtree(list(self._streets.geometry))
        west, south, east, north = city.bounds
        self._centre = Point((west + east) / 2, (south + north) / 2)
        self._gates = self._gateways(city)

    def inside(self, shape: BaseGeometry) -> list[str]:
        """Streets of a zone on the map, the longest first; the nearest one where none is inside."""
        if not len(self._streets):
            return []
        rows = self._streets.iloc[np.sort(self._tree.query(shape, predicate="intersects"))]
        if not len(rows):
            return [str(self._streets["edge_id"].iloc[int(self._lines.nearest(shape))])]
        chosen = rows.sort_values(["length_m", "edge_id"], ascending=[False, True])["edge_id"]
        return [str(edge) for edge in chosen[:STREETS_AT_MOST]]

    def outside(self, place: Point) -> list[str]:
        """Gateways that face a place beyond the map, first those out, then those in."""
        bearing = self._bearing(place)
        found: dict[str, None] = {}
        for ids, bearings, rank in self._gates:
            off = np.abs((bearings - bearing + np.pi) % (2 * np.pi) - np.pi)
            facing = np.flatnonzero(off <= max(_FACING_RAD, float(off.min())))
            best = sorted(facing.tolist(), key=lambda i: (rank[i], off[i], ids[i]))[:GATEWAYS_AT_MOST]
            found.update(dict.fromkeys(ids[i] for i in best))
        return list(found)

    def _gateways(self, city: City) -> list[tuple[list[str], np.ndarray, list[float]]]:
        """Ids, bearings from the middle of the map, and ranks of the gateways out, and of those in."""
        gates = city.layer("gateways")
        found = []
        for direction in ("out", "in"):
            chosen = gates[gates["direction"] == direction]
            if len(chosen):
                bearings = np.array([self._bearing(point) for point in chosen.geometry])
                rank = [_gate_rank(row) for row in chosen[["highway", "lanes"]].to_dict("records")]
                found.append(([str(edge) for edge in chosen["edge_id"]], bearings, rank))
        return found

    def _bearing(self, place: Point) -> float:
        return float(np.arctan2(place.y - self._centre.y, place.x - self._centre.x))


def _gate_rank(gate: Mapping[str, object]) -> float:
    """Lower is better: the class of road, then its lanes."""
    kind = str(gate["highway"]).removesuffix("_link")
    level = _RANK.index(kind) if kind in _RANK else len(_RANK)
    return level - 0.01 * float(str(gate["lanes"]))


def zone_connectors(zones: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Edges where the trips of each zone begin and end, by zone id, from the layer `zones`."""
    return {
        str(zone): tuple(str(text).split()) or ((str(edge),) if edge else ())
        for zone, text, edge in zip(zones["zone_id"], zones["connectors"], zones["edge_id"], strict=True)
    }
