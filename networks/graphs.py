"""The walk graph and the road graph as arrays, for models and searches."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from networks.roads.net_file import NetLink, read_net


@dataclass(frozen=True)
class WalkGraph:
    """The walk graph; link i is row i of the layer `walk_links` and is walked both ways.

    Attributes:
        node_x, node_y: (nodes,) metres.
        link_from, link_to: (links,) int32 node indices.
        length_m, width_m: (links,) metres.
        kind: Kind of each link.
        crossing_edges: Ids of the road edges that each link crosses.
    """

    node_x: np.ndarray
    node_y: np.ndarray
    link_from: np.ndarray
    link_to: np.ndarray
    length_m: np.ndarray
    width_m: np.ndarray
    kind: tuple[str, ...]
    crossing_edges: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class RoadGraph:
    """The road network as an edge graph; edge i is row i of the layer `edges`.

    Attributes:
        edge_ids: Ids in `roads.net.xml`.
        length_m, speed_mps: (edges,) lengths and limits.
        from_xy, to_xy: (edges, 2) ends, metres.
        conn_from, conn_to: (connections,) int32: from edge, to edge.
        allowed: (edges,) bool: the vehicle class may use the edge.
    """

    edge_ids: tuple[str, ...]
    length_m: np.ndarray
    speed_mps: np.ndarray
    from_xy: np.ndarray
    to_xy: np.ndarray
    conn_from: np.ndarray
    conn_to: np.ndarray
    allowed: np.ndarray


def read_road_graph(net_file: Path, vclass: str) -> RoadGraph:
    """The edge graph of a network for a vehicle class (`passenger`, `bus`, `emergency` or `bicycle`)."""
    net = read_net(net_file)
    index = {e.edge_id: i for i, e in enumerate(net.edges)}
    pairs = np.array([(index[a], index[b]) for a, b in net.pairs(vclass)], dtype=np.int32).reshape(-1, 2)
    return RoadGraph(
        edge_ids=tuple(index),
        length_m=np.array([e.length_m for e in net.edges]),
        speed_mps=np.array([e.speed_mps for e in net.edges]),
        from_xy=np.array([e.shape[0] for e in net.edges]).reshape(-1, 2),
        to_xy=np.array([e.shape[-1] for e in net.edges]).reshape(-1, 2),
        conn_from=pairs[:, 0].copy(),
        conn_to=pairs[:, 1].copy(),
        allowed=np.array([vclass in e.allows for e in net.edges], dtype=bool),
    )


@dataclass(frozen=True)
class Turns:
    """What each connection of a `RoadGraph` is; row i tells of its connection i.

    Attributes:
        direction: SUMO's `dir` of each: s (straight on), l, r, L, R (partly), t (a U-turn).
        signal: Signal that it passes, or "".
        links: Places in that signal's states of all its lanes' moves.
    """

    direction: tuple[str, ...]
    signal: tuple[str, ...]
    links: tuple[tuple[int, ...], ...]


def read_turns(net_file: Path, vclass: str) -> Turns:
    """What the connections of `read_road_graph(net_file, vclass)` are."""
    net = read_net(net_file)
    moves: dict[tuple[str, str], list[NetLink]] = {pair: [] for pair in net.pairs(vclass)}
    for link in net.links:
        if vclass in link.allows:
            moves[link.from_edge, link.to_edge].append(link)
    return Turns(
        tuple(links[0].direction for links in moves.values()),
        tuple(links[0].tls_id or "" for links in moves.values()),
        tuple(tuple(i.tls_index for i in links if i.tls_index is not None) for links in moves.values()),
    )
