"""A walk graph from a road network alone: people walk along its roads, and cross them where roads meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from shapely.geometry import LineString, Point

from networks.roads.net_file import NetEdge
from networks.walking.graph import NO_SIDEWALK, WIDTH_M, Walk


def walk_of_roads(edges: Sequence[NetEdge]) -> Walk:
    """One link for each road, both directions together, as wide as a road's sidewalks usually are; all guessed.

    Motorways and busways are not walked along. Only the largest connected piece is kept. Where people cross is not
    known: they do at junctions, and wait for nothing there.
    """
    roads: dict[tuple[str, str], LineString] = {}
    for edge in edges:
        key = (min(edge.from_node, edge.to_node), max(edge.from_node, edge.to_node))
        if edge.kind.removeprefix("highway.") not in NO_SIDEWALK and edge.from_node != edge.to_node:
            line = LineString(edge.shape)
            if key not in roads or line.length < roads[key].length:
                roads[key] = line if edge.from_node == key[0] else LineString(edge.shape[::-1])
    names = sorted({name for key in roads for name in key})
    index = {name: at for at, name in enumerate(names)}
    ends = np.array([[index[a], index[b]] for a, b in roads], dtype=np.int64).reshape(-1, 2)
    lengths = np.array([line.length for line in roads.values()])
    kept = _largest(ends, lengths, len(names))
    return _walk(
        ends[kept], [line for line, keep in zip(roads.values(), kept, strict=True) if keep], lengths[~kept].sum()
    )


def _largest(ends: np.ndarray, lengths: np.ndarray, nodes: int) -> np.ndarray:
    """(links,) bool: in the longest connected part."""
    if not len(ends):
        return np.zeros(0, dtype=bool)
    ones = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(nodes, nodes))
    part = connected_components(ones, directed=False)[1][ends[:, 0]]
    return np.asarray(part == np.bincount(part, weights=lengths).argmax())


def _walk(ends: np.ndarray, lines: list[LineString], dropped_m: float) -> Walk:
    places: dict[int, list[tuple[float, float]]] = {}
    for (a, b), line in zip(ends.tolist(), lines, strict=True):
        places.setdefault(a, []).append(line.coords[0])
        places.setdefault(b, []).append(line.coords[-1])
    order = {node: at for at, node in enumerate(sorted(places))}
    nodes: list[dict[str, Any]] = [
        {"node_id": at, "geometry": Point(np.round(np.mean(places[node], axis=0), 3))} for node, at in order.items()
    ]
    links = [
        {
            "link_id": at, "from_node": order[a], "to_node": order[b], "length_m": round(max(line.length, 0.5), 3),
            "width_m": WIDTH_M["sidewalk"], "kind": "sidewalk", "width_source": "guessed", "crossing_edges": "",
            "geometry": line,
        }
        for at, ((a, b), line) in enumerate(zip(ends.tolist(), lines, strict=True))
    ]  # fmt: skip
    return Walk(nodes, links, float(dropped_m), [])
