"""What can be told of a path without counting: what lies at its ends, and what it asks of a driver."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from calibration.flows.paths import PathSet
from calibration.flows.roads import Bools, Floats, Ints, Roads

TRAITS = (
    *(
        "left turns",
        "right turns",
        "U-turns",
        "way round",
        "on small streets",
        "lanes",
        "on single lanes",
        "lanes that turn along",
    ),
    *("begin: lanes", "begin: speed", "begin: class", "begin: inside", "begin: length"),
    *("end: lanes", "end: speed", "end: class", "end: inside", "end: length"),
    "time",
)
"""Columns of `traits`."""
EXPECTED = np.array([-0.2, -0.2, -1, -0.5, -0.3, 0.3, -0.1, 0.15, 1, 1, 0.5, -2.5, 0.7, 1, 1, 0.5, -2.5, 0.7, -0.3])
"""Change of a path's flow (log) for one unit of each trait, before anything is counted (guess)."""
UNSURE = np.array([0.3, 0.3, 1, 0.5, 0.3, 0.5, 0.3, 0.15, 0.5, 0.5, 0.5, 1, 0.3, 0.5, 0.5, 0.5, 1, 0.3, 0.3])
"""Standard deviation of that guess."""
_RANKS = {"motorway": 6.0, "trunk": 5.5, "primary": 5.0, "secondary": 4.0, "tertiary": 3.0, "unclassified": 2.0}
_SMALL = {"residential": 1.0, "living_street": 0.0, "service": 0.0}
_SAME_M = 25.0


def traits(paths: PathSet, roads: Roads) -> Floats:
    """What a path's flow may depend on (P, traits), in numbers of order 1; see `TRAITS`."""
    rank = _rank(roads)
    quick_s = quickest_s(paths)
    return np.column_stack(
        [
            _along(paths, roads, rank),
            _at_end(roads, rank, roads.entries)[paths.origin],
            _at_end(roads, rank, roads.exits)[paths.destination],
            quick_s / 300.0,
        ]
    )


def quickest_s(paths: PathSet) -> Floats:
    """Free time of the quickest path between the ends of each path (P)."""
    group = pairs(paths)
    quickest = np.full(group.max() + 1, np.inf)
    np.minimum.at(quickest, group, paths.length_s)
    return quickest[group]


def pairs(paths: PathSet) -> Ints:
    """Number of the pair of ends that each path connects (P), 0 to pairs - 1."""
    _, group = np.unique(paths.origin * len(paths.edges) + paths.destination, return_inverse=True)
    return group.astype(np.int64)


def places(roads: Roads) -> tuple[Ints, Ints]:
    """Number of the place where each edge begins, and where it ends (E): points within 25 m are one place."""
    points = np.concatenate([roads.start_xy, roads.end_xy])
    near = cKDTree(points).query_pairs(_SAME_M, output_type="ndarray")
    links = coo_matrix((np.ones(len(near)), (near[:, 0], near[:, 1])), shape=(len(points), len(points)))
    _, label = connected_components(links, directed=False)
    return label[: len(roads.edges)].astype(np.int64), label[len(roads.edges) :].astype(np.int64)


def _rank(roads: Roads) -> Floats:
    """Importance of each edge's road class, 0 in the middle (E); 0 everywhere where the net names none."""
    table = _RANKS | _SMALL
    known = [table.get(kind.replace("_link", "").split(".")[0]) for kind in roads.kinds]
    if all(rank is None for rank in known):
        return np.zeros(len(known))
    return (np.array([0.5 if rank is None else rank for rank in known]) - 2.5) / 1.5


def _at_end(roads: Roads, rank: Floats, rim: Bools) -> Floats:
    inside = (~rim).astype(float)
    length = np.log(np.maximum(roads.length_m, 10.0) / 100.0)
    return np.column_stack([np.log(roads.lanes), np.log(roads.speed_mps / 13.9), rank, inside, inside * length])


def _along(paths: PathSet, roads: Roads, rank: Floats) -> Floats:
    at, size = paths.indices, len(paths)
    row = np.repeat(np.arange(size), np.diff(paths.indptr))
    here = np.ones(len(at), dtype=bool)
    here[paths.indptr[1:] - 1] = False
    step = np.flatnonzero(here)
    turn = roads.heading[at[step + 1], 0] - roads.heading[at[step], 1]
    turn = np.angle(np.exp(1j * turn))
    sharp = [(turn > 0.7) & (turn < 2.6), (turn < -0.7) & (turn > -2.6), np.abs(turn) >= 2.6]
    turns = [np.bincount(row[step], kind, size) for kind in sharp]
    length = np.bincount(row, roads.length_m[at], size)
    crow = np.hypot(*(roads.end_xy[paths.destination] - roads.start_xy[paths.origin]).T)
    return np.column_stack(
        [
            *turns,
            np.clip(np.log(length / np.maximum(crow, 20.0)), 0.0, 3.0),
            np.bincount(row, (rank < 0)[at] * roads.length_m[at], size) / 300.0,
            np.bincount(row, np.log(roads.lanes)[at] * roads.length_m[at], size) / length,
            np.bincount(row, (roads.lanes[at] == 1) * roads.length_m[at], size) / 300.0,
            np.bincount(row[step], _lane_share(roads, at[step], at[step + 1]), size),
        ]
    )


def _lane_share(roads: Roads, before: Ints, after: Ints) -> Floats:
    """Logarithm of the share of an edge's connections that lead into the next one; U-turns have a twentieth of one."""
    turn = np.angle(np.exp(1j * (roads.heading[roads.head, 0] - roads.heading[roads.tail, 1])))
    lanes = np.where(np.abs(turn) >= 2.6, 0.05, roads.turn_lanes)
    share = lanes / np.bincount(roads.tail, lanes, len(roads.edges))[roads.tail]
    key = roads.tail * len(roads.edges) + roads.head
    asked = before * len(roads.edges) + after
    place = np.minimum(np.searchsorted(key, asked), len(key) - 1)
    return np.where(key[place] == asked, np.log(np.maximum(share[place], 0.01)), 0.0)
