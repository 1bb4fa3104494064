"""All or nothing: every trip on the cheapest way at the costs of the moment; and what is summed along those ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from models.assignment.network import Arcs, Floats, FlowNetwork, Ints, UserClass

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CELLS_AT_ONCE = 4_000_000
"""Labels of one search (origins times nodes) that are held at once: about 50 MB."""


@dataclass(frozen=True)
class Tree:
    """Cheapest ways from a zone.

    Attributes:
        zone: Where from.
        cost: (nodes,) of the cheapest way to each node, infinite where there is none.
        before: (nodes,) node before each on it, negative at the root and where there is no way.
    """

    zone: int
    cost: Floats
    before: Ints


def trees(network: FlowNetwork, cost: Floats, zones: NDArray[np.int64]) -> Iterator[Tree]:
    """Cheapest ways from each of `zones` at a cost of each link (links,); infinite is closed. SciPy searches."""
    arcs = network.arcs
    graph = csr_matrix((arcs.costs(cost), arcs.head, arcs.indptr), shape=(arcs.nodes, arcs.nodes))
    many = max(1, _CELLS_AT_ONCE // max(arcs.nodes, 1))
    for first in range(0, len(zones), many):
        some = zones[first : first + many]
        costs, before = dijkstra(graph, indices=arcs.starts[some], return_predecessors=True)
        for row, zone in enumerate(some):
            yield Tree(int(zone), costs[row], before[row])


@dataclass(frozen=True)
class Loaded:
    """What one loading gives.

    Attributes:
        flow: (classes, links) vehicles per hour.
        cost: Sum over trips of the cheapest cost, times pcu.
        lost: (classes,) vehicles per hour that no way leads for.
    """

    flow: Floats
    cost: float
    lost: Floats


def all_or_nothing(network: FlowNetwork, classes: Sequence[UserClass], time: Floats) -> Loaded:
    """Load all classes at a time of each link (links,); those that pay the same extra cost share a search."""
    flow = np.zeros((len(classes), network.links))
    lost = np.zeros(len(classes))
    total = 0.0
    for members, cost in _alike(classes, time):
        spent, gone = _load(network, [classes[i] for i in members], cost, flow, members)
        total += spent
        lost[members] = gone
    return Loaded(flow, total, lost)


def _alike(classes: Sequence[UserClass], time: Floats) -> Iterator[tuple[list[int], Floats]]:
    """Numbers of classes whose link costs are the same, and these costs."""
    left = list(range(len(classes)))
    while left:
        first = classes[left[0]].extra
        same = [i for i in left if classes[i].extra is first]
        left = [i for i in left if i not in same]
        yield same, time if first is None else time + first


def _load(
    network: FlowNetwork, classes: Sequence[UserClass], cost: Floats, flow: Floats, members: list[int]
) -> tuple[float, Floats]:
    from models.assignment._kernels import load_tree

    arcs: Arcs = network.arcs
    loads = np.zeros((len(arcs.head), len(classes)))
    lost, total = np.zeros(len(classes)), 0.0
    everyone = sum((one.trips for one in classes), np.zeros((network.zones, network.zones)))
    for tree in trees(network, cost, np.flatnonzero(everyone.any(axis=1))):
        wanted = np.stack([one.trips[tree.zone] for one in classes], axis=1)
        wanted[tree.zone] = 0.0
        label = tree.cost[arcs.ends]
        gone = ~np.isfinite(label)
        lost += wanted[gone].sum(axis=0)
        wanted[gone] = 0.0
        total += float(np.where(gone, 0.0, label) @ (wanted @ np.array([one.pcu for one in classes])))
        at_nodes = np.zeros((arcs.nodes, len(classes)))
        np.add.at(at_nodes, arcs.ends, wanted)
        load_tree(tree.before, arcs.indptr, arcs.head, at_nodes, loads)
    kept = arcs.link >= 0
    for column, member in enumerate(members):
        flow[member, arcs.link[kept]] = loads[kept, column]
    return total, lost


def sums_along(network: FlowNetwork, cost: Floats, values: Floats, zones: NDArray[np.int64] | None = None) -> Floats:
    """Sums of link values (links, columns) along the cheapest ways: (zones from, zones to, columns).

    Args:
        network: The network.
        cost: (links,) by which the cheapest way is chosen.
        values: (links, columns) what is added up on it.
        zones: Zones from which; all by default.

    Returns:
        NaN where no way leads; 0 from a zone to itself.
    """
    from models.assignment._kernels import sum_along

    arcs = network.arcs
    start = np.arange(network.zones) if zones is None else zones
    on_arcs = np.where((arcs.link >= 0)[:, None], values[arcs.link], 0.0)
    found = np.full((len(start), network.zones, values.shape[1]), np.nan)
    for row, tree in enumerate(trees(network, cost, start)):
        before = np.where(np.isfinite(tree.cost), tree.before, -9999).astype(np.int32)
        sum_along(before, arcs.indptr, arcs.head, on_arcs, arcs.ends, found[row])
        found[row, tree.zone] = 0.0
    return found
