"""What can be said of the ways of an equilibrium: select link, and the ways themselves with their flows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.assignment.equilibrium import Equilibrium
from models.assignment.loading import Tree, trees
from models.assignment.network import Arcs, Floats, FlowNetwork, UserClass

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Selected:
    """The trips that pass a link.

    Attributes:
        trips: (zones, zones) vehicles per hour of them.
        flow: (links,) where else these vehicles are, vehicles per hour.
    """

    trips: Floats
    flow: Floats


@dataclass(frozen=True)
class Way:
    """A way with traffic.

    Attributes:
        origin, destination: Zones.
        links: Numbers of its links, in order.
        veh_h: Vehicles per hour on it.
    """

    origin: int
    destination: int
    links: tuple[int, ...]
    veh_h: float


def select_links(
    network: FlowNetwork, one: UserClass, found: Equilibrium, groups: Sequence[Sequence[int]]
) -> tuple[Selected, ...]:
    """For each group of links: the trips of a class that pass any of them, and where they are.

    Args:
        network: The network.
        one: The class.
        found: An equilibrium of this network in which the class took part.
        groups: Numbers of links.
    """
    from models.assignment._kernels import load_tree

    arcs, many = network.arcs, len(groups)
    marked = np.zeros((network.links, many))
    for column, links in enumerate(groups):
        marked[list(links), column] = 1.0
    on_arcs = np.where((arcs.link >= 0)[:, None], marked[arcs.link], 0.0)
    start = np.flatnonzero(one.trips.any(axis=1))
    trips, loads = np.zeros((many, *one.trips.shape)), np.zeros((len(arcs.head), many))
    for share, time in zip(found.weights, found.times, strict=True):
        for tree in trees(network, time if one.extra is None else time + one.extra, start):
            part = _passing(arcs, tree, on_arcs, share * one.trips[tree.zone])
            trips[:, tree.zone] += part.T
            at_nodes = np.zeros((arcs.nodes, many))
            np.add.at(at_nodes, arcs.ends, part)
            load_tree(tree.before, arcs.indptr, arcs.head, at_nodes, loads)
    flow = np.zeros((many, network.links))
    kept = arcs.link >= 0
    flow[:, arcs.link[kept]] = loads[kept].T
    return tuple(Selected(trips[k], flow[k]) for k in range(many))


def _passing(arcs: Arcs, tree: Tree, on_arcs: Floats, wanted: Floats) -> Floats:
    """(zones, groups) the trips of a zone whose way on a tree has an arc of each group."""
    from models.assignment._kernels import sum_along

    passed = np.zeros((len(arcs.ends), on_arcs.shape[1]))
    sum_along(tree.before, arcs.indptr, arcs.head, on_arcs, arcs.ends, passed)
    away = wanted.copy()
    away[tree.zone] = 0.0
    part: Floats = np.where(np.nan_to_num(passed) > 0, away[:, None], 0.0)
    return part


def ways(network: FlowNetwork, one: UserClass, found: Equilibrium, *, least: float = 1e-6) -> tuple[Way, ...]:
    """All ways of a class with their flows, by origin, destination and links.

    Args:
        network: The network.
        one: The class.
        found: An equilibrium of this network in which the class took part.
        least: Ways with a smaller share of their pair's trips are left out.
    """
    shares: dict[tuple[int, int, tuple[int, ...]], float] = {}
    start = np.flatnonzero(one.trips.any(axis=1))
    for share, time in zip(found.weights, found.times, strict=True):
        cost = time if one.extra is None else time + one.extra
        for origin, destination, links in _cheapest(network, one, cost, start):
            key = (origin, destination, links)
            shares[key] = shares.get(key, 0.0) + float(share)
    return tuple(
        Way(*key, share * float(one.trips[key[0], key[1]])) for key, share in sorted(shares.items()) if share >= least
    )


def _cheapest(
    network: FlowNetwork, one: UserClass, cost: Floats, start: NDArray[np.int64]
) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    from models.assignment._kernels import arc_between

    arcs = network.arcs
    for tree in trees(network, cost, start):
        for destination in np.flatnonzero(one.trips[tree.zone] > 0):
            node = int(arcs.ends[destination])
            if destination == tree.zone or not np.isfinite(tree.cost[node]):
                continue
            back = []
            while tree.before[node] >= 0:
                before = int(tree.before[node])
                back.append(int(arcs.link[arc_between(arcs.indptr, arcs.head, before, node)]))
                node = before
            yield tree.zone, int(destination), tuple(link for link in reversed(back) if link >= 0)
