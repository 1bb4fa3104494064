"""Which roads lead to which: gateways, reach, and the largest part where every road leads to every other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
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


NO_GATEWAYS = Gateways(frozenset(), frozenset())


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


@dataclass(frozen=True)
class Reach:
    """The edges that a vehicle class may use as a directed graph, one vertex an edge.

    Attributes:
        names: Edge ids, vertex by vertex.
        length_m: (n,) their lengths.
        arcs: (m, 2) vertices (from, to); a last vertex n stands for the world outside, where there are gateways.
    """

    names: tuple[str, ...]
    length_m: np.ndarray
    arcs: np.ndarray

    @staticmethod
    def of(
        net: Net,
        vclass: str,
        edge_ids: Collection[str] | None = None,
        *,
        gateways: Gateways = NO_GATEWAYS,
        more: Iterable[tuple[str, str]] = (),
    ) -> Reach:
        """The graph of a class on the given edges (all by default), with `more` moves and those through the outside."""
        chosen = None if edge_ids is None else set(edge_ids)
        edges = [e for e in net.edges if vclass in e.allows and (chosen is None or e.edge_id in chosen)]
        index = {e.edge_id: i for i, e in enumerate(edges)}
        outside = len(edges)
        pairs = [(index[a], index[b]) for a, b in [*net.pairs(vclass), *more] if a in index and b in index]
        pairs += [(index[e], outside) for e in sorted(gateways.out) if e in index]
        pairs += [(outside, index[e]) for e in sorted(gateways.into) if e in index]
        arcs = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return Reach(tuple(index), np.array([e.length_m for e in edges]), arcs)

    def matrix(self) -> csr_matrix:
        """Adjacency, the outside as the last vertex."""
        n = len(self.names) + 1
        return csr_matrix((np.ones(len(self.arcs)), (self.arcs[:, 0], self.arcs[:, 1])), shape=(n, n))

    def parts(self) -> np.ndarray:
        """(n,) number of the strongly connected part of each edge."""
        _, labels = connected_components(self.matrix(), directed=True, connection="strong")
        return labels[: len(self.names)]

    def strong(self) -> frozenset[str]:
        """The strongly connected part with the greatest length; empty where no edge leads to another."""
        if not len(self.arcs):
            return frozenset()
        labels = self.parts()
        best = int(np.argmax(np.bincount(labels, weights=self.length_m)))
        return frozenset(name for name, label in zip(self.names, labels, strict=True) if label == best)

    def reached(self, start: Collection[str], *, backwards: bool = False) -> frozenset[str]:
        """Edges that can be reached from any of `start` (or that reach one of them, backwards), these included."""
        index = {name: i for i, name in enumerate(self.names)}
        follow: list[list[int]] = [[] for _ in range(len(self.names) + 1)]
        for a, b in self.arcs.tolist():
            follow[b if backwards else a].append(a if backwards else b)
        todo = [index[name] for name in start if name in index]
        seen = set(todo)
        while todo:
            for vertex in follow[todo.pop()]:
                if vertex not in seen:
                    seen.add(vertex)
                    todo.append(vertex)
        return frozenset(self.names[i] for i in seen if i < len(self.names))


def strong_part(net: Net, edge_ids: Collection[str], gateways: Gateways, vclass: str) -> frozenset[str]:
    """The largest strongly connected set of edges for a vehicle class, by driven length.

    A virtual node "outside" joins all out-gateways to all in-gateways: who leaves the map may come back anywhere.
    """
    return Reach.of(net, vclass, edge_ids, gateways=gateways).strong()


def pieces(edges: Sequence[NetEdge]) -> list[list[NetEdge]]:
    """Edges in groups that touch each other at junctions, the longest group first; edges keep their order."""
    root: dict[str, str] = {}

    def find(node: str) -> str:
        while root.setdefault(node, node) != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for edge in edges:
        root[find(edge.from_node)] = find(edge.to_node)
    groups: dict[str, list[NetEdge]] = {}
    for edge in edges:
        groups.setdefault(find(edge.from_node), []).append(edge)
    return sorted(groups.values(), key=lambda group: (-sum(e.length_m for e in group), group[0].edge_id))
