"""An estimate of how many trips meet each road, before anything was simulated: it ranks doubts, and nothing else.

Trips begin and end at roads where people live and work, and where roads leave the map, half of them each. Each takes
the quickest way of an empty network. The share of trips through an edge is its betweenness with those weights
(Freeman 1977, doi:10.2307/3033543), computed for a fixed number of origins spread evenly over all (Brandes and Pich
2007, doi:10.1142/S0218127407018403) and every destination.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from shapely import STRtree, linestrings, points
from shapely.geometry import Point

from networks.quality.evidence import Rows
from networks.quality.roads import drawn, middle
from networks.roads.net_file import Net, NetEdge

ORIGINS = 128
REACH_M = 40.0


@dataclass(frozen=True)
class Load:
    """Shares of all sampled trips.

    Attributes:
        net: The network that they drive on.
        share: Edge id -> share of trips that pass it, 0 to 1.
        through: Share of trip ends where roads leave the map, 0 to 1.
    """

    net: Net
    share: Mapping[str, float]
    through: float

    @cached_property
    def at_node(self) -> Mapping[str, float]:
        """Junction or signal -> share of trips that enter it, at most 1."""
        entering: dict[str, dict[str, float]] = {}
        for edge in self.net.edges:
            entering.setdefault(edge.to_node, {})[edge.edge_id] = self.share.get(edge.edge_id, 0.0)
        for link in self.net.links:
            if link.tls_id:
                entering.setdefault(link.tls_id, {})[link.from_edge] = self.share.get(link.from_edge, 0.0)
        return {name: min(1.0, sum(shares[e] for e in sorted(shares))) for name, shares in entering.items()}

    def of(self, ids: str) -> float | None:
        """Share of trips that meet any of these edges, junctions or signals (space between), at least; None of none."""
        known = [
            self.at_node[one] if one in self.at_node else self.share[one]
            for one in ids.split()
            if one in self.at_node or one in self.share
        ]
        return max(known) if known else None

    def near(self, x: float, y: float) -> float:
        """The highest share of trips on any road within 40 m."""
        tree, shares = self._places
        at = tree.query(Point(x, y), predicate="dwithin", distance=REACH_M)
        return float(shares[at].max()) if len(at) else 0.0

    @cached_property
    def _places(self) -> tuple[STRtree, np.ndarray]:
        edges = [e for e in self.net.edges if drawn(e)]
        lines = [linestrings(np.array(e.shape)) for e in edges]
        return STRtree(lines), np.array([self.share.get(e.edge_id, 0.0) for e in edges])


def estimate_load(net: Net, zones: Rows, gateways_into: frozenset[str], gateways_out: frozenset[str]) -> Load:
    """The share of trips through each edge; the same network and zones give the same shares."""
    edges = [e for e in net.edges if "passenger" in e.allows and drawn(e)]
    if not edges:
        return Load(net, {}, 0.0)
    inside = _at_home(edges, zones)
    origin, destination = _with_border(inside, edges, gateways_into), _with_border(inside, edges, gateways_out)
    graph = _edge_graph(net, edges)
    starts = _spread(origin)
    costs, before = dijkstra(graph, indices=starts, return_predecessors=True)
    wanted = np.where(np.isfinite(costs), destination, 0.0)
    wanted[np.arange(len(starts)), starts] = 0.0
    leading = wanted.sum(axis=1, keepdims=True)
    passing = _gathered(wanted / np.maximum(leading, 1e-12), before).sum(axis=0) / max(1, np.count_nonzero(leading))
    border = sum(destination[i] for i, e in enumerate(edges) if e.edge_id in gateways_out)
    shares = {e.edge_id: round(float(s), 6) for e, s in zip(edges, passing, strict=True)}
    return Load(net, shares, round(float(border), 6))


def _at_home(edges: Sequence[NetEdge], zones: Rows) -> np.ndarray:
    """Trip ends along each edge, summing to 1: people and jobs of its zone, spread over the zone's roads by length."""
    length = np.array([e.length_m for e in edges])
    people = np.array([float(z["population"]) + float(z["jobs"]) for z in zones])
    if people.sum() <= 0:
        return length / length.sum()
    at, zone = STRtree([z["geometry"] for z in zones]).query(points([middle(e) for e in edges]), predicate="intersects")
    _, first = np.unique(at, return_index=True)
    at, zone = at[first], zone[first]
    roads = np.bincount(zone, weights=length[at], minlength=len(zones))
    ends = np.zeros(len(edges))
    ends[at] = people[zone] * length[at] / roads[zone]
    return ends / ends.sum() if ends.sum() > 0 else length / length.sum()


def _with_border(inside: np.ndarray, edges: Sequence[NetEdge], gateways: frozenset[str]) -> np.ndarray:
    """Half of the trip ends moved to the map's border, by how many vehicles its roads could carry."""
    border = np.array([e.lanes * e.speed_mps if e.edge_id in gateways else 0.0 for e in edges])
    return 0.5 * inside + 0.5 * border / border.sum() if border.sum() > 0 else inside


def _edge_graph(net: Net, edges: Sequence[NetEdge]) -> csr_matrix:
    index = {e.edge_id: i for i, e in enumerate(edges)}
    pairs = [(index[a], index[b]) for a, b in net.pairs("passenger") if a in index and b in index]
    rows, columns = np.array(pairs, dtype=int).reshape(-1, 2).T
    seconds = np.array([max(e.length_m, 0.1) / max(e.speed_mps, 0.1) for e in edges])
    return csr_matrix((seconds[columns], (rows, columns)), shape=(len(edges), len(edges)))


def _spread(weights: np.ndarray) -> np.ndarray:
    """Rows of `ORIGINS` evenly spaced quantiles of the weights: a systematic sample, the same every time."""
    wanted = (np.arange(ORIGINS) + 0.5) / ORIGINS
    return np.minimum(np.searchsorted(np.cumsum(weights) / weights.sum(), wanted), len(weights) - 1)


def _gathered(ends: np.ndarray, before: np.ndarray) -> np.ndarray:
    """What passes each vertex of shortest-path trees: (trees, vertices) ends, gathered towards the root.

    By doubling: after k rounds each vertex holds what ends less than 2^k steps beyond it.
    """
    trees, size = ends.shape
    spare = size  # where the root's and the unreached ones' paths go on to
    step = np.where(before < 0, spare, before)
    step = np.column_stack([step, np.full(trees, spare)]) + np.arange(trees)[:, None] * (size + 1)
    total, step = np.column_stack([ends, np.zeros(trees)]).ravel(), step.ravel()
    spares = np.arange(trees) * (size + 1) + spare
    while not np.isin(step, spares).all():
        total = total + np.bincount(step, weights=total, minlength=len(total))
        total[spares] = 0.0
        step = step[step]
    return total.reshape(trees, size + 1)[:, :size]
