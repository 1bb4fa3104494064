"""Which roads belong to the city: the largest part where every road leads to every other, through the outside too."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from networks.roads.net_file import Net, NetEdge

# Roads of these classes do not end in the middle of nowhere: at their dead ends the map ends, not the road.
_THROUGH = ("motorway", "trunk", "primary", "secondary", "tertiary")


@dataclass(frozen=True)
class Gateways:
    """Edges by which vehicles leave (`out`) and enter (`into`) the map."""

    out: frozenset[str]
    into: frozenset[str]


def find_gateways(net: Net, cut_nodes: Collection[int], *, border_known: bool) -> Gateways:
    """Edges without a way on (out) or without a way in (into), but a turnaround, because the map ends there.

    Where the extract says where its border is (`border_known`), the map ends at junctions that contain a node at which
    the border cuts a road, and nowhere else. Otherwise also at dead ends of main roads, and at ends of one-way roads,
    which could never be left or reached.
    """
    cut = {str(node) for node in cut_nodes}
    goes_on = {a for a, _ in net.pairs("emergency", turnarounds=False)}
    comes_in = {b for _, b in net.pairs("emergency", turnarounds=False)}
    two_way = {(e.to_node, e.from_node) for e in net.edges}

    def border(edge: NetEdge, node: str) -> bool:
        if any(part in cut for part in node.removeprefix("cluster_").split("_")):
            return True
        one_way = (edge.from_node, edge.to_node) not in two_way
        return not border_known and (one_way or edge.kind.removesuffix("_link") in _THROUGH)

    drivable = [e for e in net.edges if "emergency" in e.allows or "passenger" in e.allows]
    out = frozenset(e.edge_id for e in drivable if e.edge_id not in goes_on and border(e, e.to_node))
    into = frozenset(e.edge_id for e in drivable if e.edge_id not in comes_in and border(e, e.from_node))
    return Gateways(out, into)


def strong_part(net: Net, edge_ids: Collection[str], gateways: Gateways, vclass: str) -> frozenset[str]:
    """The largest strongly connected set of edges for a vehicle class, by driven length.

    A virtual node "outside" joins all out-gateways to all in-gateways: who leaves the map may come back anywhere.
    """
    chosen = set(edge_ids)
    edges = [e for e in net.edges if e.edge_id in chosen and vclass in e.allows]
    index = {e.edge_id: i for i, e in enumerate(edges)}
    outside = len(edges)
    pairs = [(index[a], index[b]) for a, b in net.pairs(vclass) if a in index and b in index]
    pairs += [(index[e], outside) for e in sorted(gateways.out) if e in index]
    pairs += [(outside, index[e]) for e in sorted(gateways.into) if e in index]
    if not pairs:
        return frozenset()
    rows, columns = np.array(pairs).T
    graph = csr_matrix((np.ones(len(pairs)), (rows, columns)), shape=(outside + 1, outside + 1))
    _, labels = connected_components(graph, directed=True, connection="strong")
    length = np.array([e.length_m for e in edges] + [0.0])
    best = int(np.argmax(np.bincount(labels, weights=length)))
    return frozenset(e.edge_id for e, label in zip(edges, labels, strict=False) if label == best)


def city_edges(net: Net, gateways: Gateways) -> list[str]:
    """Edges to keep, in file order: the strong part for cars, and what ambulances reach from it though cars may not."""
    everything = [e.edge_id for e in net.edges]
    cars = strong_part(net, everything, gateways, "passenger")
    closed_to_cars = {e.edge_id for e in net.edges if "passenger" not in e.allows}
    both = strong_part(net, cars | closed_to_cars, gateways, "emergency")
    return [e for e in everything if e in cars or (e in both and e in closed_to_cars)]
