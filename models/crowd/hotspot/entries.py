"""Where the links of a city's walk graph lead onto a hot spot's ground, and through which door each way goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from shapely import contains_xy, distance, points

from models.crowd.hotspot.map_doors import ON_EDGE_M
from models.crowd.hotspot.map_spot import MapSpot

if TYPE_CHECKING:
    from networks import WalkGraph


@dataclass(frozen=True)
class Entries:
    """Ways onto the ground, shape (entries,) each.

    Attributes:
        door: Number of the door.
        node: Node outside, or on the edge, from which it leads in.
        link: The first link on the ground.
        heading: Heading of who comes in on it: 0 from its start to its end.
        off_m: Way from the node to the door (m): a link of the map may begin well before the edge.
    """

    door: np.ndarray
    node: np.ndarray
    link: np.ndarray
    heading: np.ndarray
    off_m: np.ndarray

    def __len__(self) -> int:
        return len(self.door)


def entries_of(graph: WalkGraph, spot: MapSpot) -> Entries:
    """The entries of a hot spot, by door; a door on whose ground no link of the map leads has none.

    Where a door's street ends at a node on the edge, its entries are the links of the ground that begin there; where a
    street crosses the edge between two nodes it is the entry itself, from its node outside.
    """
    near = spot.polygon.buffer(ON_EDGE_M)
    inside = contains_xy(near, graph.node_x, graph.node_y)
    edge = distance(points(graph.node_x, graph.node_y), spot.polygon.exterior) <= ON_EDGE_M
    ends = np.stack([graph.link_from, graph.link_to]).astype(np.int64)
    rows: dict[tuple[int, int], tuple[int, int, int, int, float]] = {}
    for door, one in enumerate(spot.doors):
        middle = np.mean(one.door.ends_m, axis=0)
        for link in one.links:
            held = inside[ends[:, link]]
            if held.any() and edge[ends[int(np.argmax(held)), link]]:
                node = int(ends[int(np.argmax(held)), link])
                for heading in (0, 1):
                    for onward in np.flatnonzero(spot.links & (ends[heading] == node)).tolist():
                        rows[onward, heading] = (door, node, onward, heading, 0.0)
            else:
                node = int(ends[int(np.argmin(held)), link]) if held.any() else one.node
                heading = int(ends[0, link] != node)
                off = float(np.hypot(graph.node_x[node] - middle[0], graph.node_y[node] - middle[1]))
                rows[link, heading] = (door, node, link, heading, off)
    columns = np.array([rows[key] for key in sorted(rows)], dtype=float).reshape(-1, 5).T
    door, node, link, heading = columns[:4].astype(np.int64)
    return Entries(door, node, link, heading, columns[4])
