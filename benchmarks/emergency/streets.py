"""A city's streets to route on: made up, or copies of real networks side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay, cKDTree

from models.routing.kernel import TICK_S
from networks.roads.net_file import read_net

U_TURN_S = 30.0
ARCS_PER_NODE = 2.42
"""Of the real city in which the published figures were measured: 124,309 arcs on 51,443 nodes."""
LINKS = 40
"""Streets between two copies that lie side by side."""


@dataclass(frozen=True)
class Streets:
    """Junctions, road edges between them, and turns between edges; times in whole ticks of the kernels.

    Attributes:
        xy: (junctions, 2) m.
        tail, head: (edges,) junctions.
        edge_s: (edges,) s.
        turn_from, turn_to: (turns,) edges.
        turn_s: (turns,) s on top of the edge that is left.
    """

    xy: np.ndarray
    tail: np.ndarray
    head: np.ndarray
    edge_s: np.ndarray
    turn_from: np.ndarray
    turn_to: np.ndarray
    turn_s: np.ndarray

    @property
    def middles(self) -> np.ndarray:
        """(edges, 2) middles of the edges, m."""
        return np.asarray((self.xy[self.tail] + self.xy[self.head]) / 2)

    @property
    def arc_s(self) -> np.ndarray:
        """(turns,) s from entering an edge to entering the next."""
        return np.asarray(self.edge_s[self.turn_from] + self.turn_s)


def made_up(nodes: int, seed: int = 1) -> Streets:
    """Random junctions 120 m apart, joined to near ones as densely as a real city, both ways, at three speeds."""
    draw = np.random.default_rng(seed)
    xy = draw.uniform(0.0, np.sqrt(nodes) * 120.0, (nodes, 2))
    corners = Delaunay(xy).simplices
    pairs = np.unique(np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])), axis=0)
    length = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
    tree = minimum_spanning_tree(coo_matrix((length, pairs.T), shape=(nodes, nodes))).tocoo()
    kept = np.isin(pairs @ [nodes, 1], np.sort(np.column_stack([tree.row, tree.col])) @ [nodes, 1])
    more = draw.choice(np.flatnonzero(~kept), int(nodes * ARCS_PER_NODE / 2) - int(kept.sum()), replace=False)
    kept[more] = True
    pairs, length = pairs[kept], length[kept]
    speed = draw.choice([8.3, 13.9, 22.2], len(pairs))
    ends = np.vstack([pairs, pairs[:, ::-1]])
    tail, head = ends.T
    return _finished(xy, tail, head, np.tile(length / speed, 2), _all_turns(nodes, tail, head), draw)


def read_streets(file: Path) -> Streets:
    """Any directed graph: an .npz of `xy` (nodes, 2), `tail`, `head` and `seconds` (arcs,); all turns but U-turns."""
    given = np.load(file)
    tail, head = given["tail"].astype(np.int64), given["head"].astype(np.int64)
    turns = _all_turns(len(given["xy"]), tail, head)
    return _finished(given["xy"], tail, head, given["seconds"], turns, np.random.default_rng(1))


def copies(nets: Sequence[Path], nodes: int, seed: int = 1) -> Streets:
    """Copies of SUMO networks side by side until there are `nodes` junctions, joined where they face each other.

    Turns are those that the networks allow; across the joints all but U-turns.
    """
    parts = [_read(net) for net in nets]
    width = 1.1 * max(float(np.ptp(part.xy, axis=0).max()) for part in parts)
    number = 0
    while sum(len(parts[n % len(parts)].xy) for n in range(number)) < nodes:
        number += 1
    columns = int(np.ceil(np.sqrt(number)))
    xy, tails, heads, times, first, second = [], [], [], [], [], []
    where: dict[tuple[int, int], np.ndarray] = {}
    junctions = edges = 0
    for n in range(number):
        part, place = parts[n % len(parts)], (n // columns, n % columns)
        xy.append(part.xy - part.xy.mean(axis=0) + np.array(place) * width)
        tails.append(part.tail + junctions)
        heads.append(part.head + junctions)
        times.append(part.edge_s)
        first.append(part.turn_from + edges)
        second.append(part.turn_to + edges)
        where[place] = np.arange(len(part.xy)) + junctions
        junctions, edges = junctions + len(part.xy), edges + len(part.tail)
    every = np.vstack(xy)
    links = np.vstack(
        [np.zeros((0, 2), dtype=np.int64)]
        + [_facing(every, where[a], where[b]) for a in where for b in _beside(a) if b in where]
    )
    links = np.vstack([links, links[:, ::-1]])
    tail, head = np.concatenate([*tails, links[:, 0]]), np.concatenate([*heads, links[:, 1]])
    link_s = np.hypot(*(every[links[:, 0]] - every[links[:, 1]]).T) / 13.9
    edge_s = np.concatenate([*times, link_s])
    more = _all_turns(len(every), tail, head)
    more = more[(more >= edges).any(axis=1)]
    turns = np.vstack([np.column_stack([np.concatenate(first), np.concatenate(second)]), more])
    return _finished(every, tail, head, edge_s, turns, np.random.default_rng(seed))


def _read(file: Path) -> Streets:
    net = read_net(file)
    names = list(net.nodes)
    place, row = {name: n for n, name in enumerate(names)}, {e.edge_id: n for n, e in enumerate(net.edges)}
    turns = np.array([(row[a], row[b]) for a, b in net.pairs("emergency")])
    xy = np.array([net.nodes[name][:2] for name in names])
    tail = np.array([place[e.from_node] for e in net.edges])
    head = np.array([place[e.to_node] for e in net.edges])
    return _finished(
        xy, tail, head, np.array([e.length_m / e.speed_mps for e in net.edges]), turns, np.random.default_rng(0)
    )


def _beside(place: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    return (place[0] + 1, place[1]), (place[0], place[1] + 1)


def _facing(xy: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Pairs of junctions, one of each part, that lie nearest to each other."""
    away, near = cKDTree(xy[other]).query(xy[one])
    chosen = np.argsort(away, kind="stable")[:LINKS]
    return np.column_stack([one[chosen], other[near[chosen]]])


def _all_turns(nodes: int, tail: np.ndarray, head: np.ndarray) -> np.ndarray:
    """(turns, 2) every edge into every edge that begins where it ends; back where it came from only in dead ends."""
    order = np.argsort(tail, kind="stable")
    begin = np.searchsorted(tail[order], np.arange(nodes + 1))
    many = np.diff(begin)[head]
    first = np.repeat(np.arange(len(tail)), many)
    place = np.arange(len(first)) - np.repeat(np.cumsum(many) - many, many)
    second = order[begin[head[first]] + place]
    back = (head[second] == tail[first]) & (many[first] > 1)
    return np.column_stack([first, second])[~back]


def _finished(
    xy: np.ndarray, tail: np.ndarray, head: np.ndarray, edge_s: np.ndarray, turns: np.ndarray, draw: np.random.Generator
) -> Streets:
    """Times in whole ticks; a turn costs up to 20 s, as at lights, and a U-turn more."""
    turn_s = draw.uniform(0.0, 20.0, len(turns))
    turn_s[head[turns[:, 1]] == tail[turns[:, 0]]] += U_TURN_S
    whole = np.maximum(np.rint(edge_s / TICK_S), 1) * TICK_S, np.rint(turn_s / TICK_S) * TICK_S
    return Streets(xy, tail, head, whole[0], turns[:, 0], turns[:, 1], whole[1])
