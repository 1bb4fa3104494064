"""What can be said of the ways of an equilibrium: select link, and the ways themselves with their flows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.assignment.equilibrium import Equilibrium
from models.assignment.loading import all_or_nothing, sums_along, trees
from models.assignment.network import Floats, FlowNetwork, UserClass

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


def select_link(network: FlowNetwork, one: UserClass, found: Equilibrium, links: Sequence[int]) -> Selected:
    """Trips of a class that pass any of `links`, and where they are.

    Args:
        network: The network.
        one: The class.
        found: An equilibrium of this network in which the class took part.
        links: Numbers of links.
    """
    marked = np.zeros((network.links, 1))
    marked[list(links)] = 1.0
    trips, flow = np.zeros_like(one.trips), np.zeros(network.links)
    for share, time in zip(found.weights, found.times, strict=True):
        cost = time if one.extra is None else time + one.extra
        passes = np.nan_to_num(sums_along(network, cost, marked)[:, :, 0]) > 0
        part = UserClass(one.name, np.where(passes, one.trips, 0.0), one.pcu, one.extra)
        trips += share * part.trips
        if passes.any():
            flow += share * all_or_nothing(network, [part], time).flow[0]
    return Selected(trips, flow)


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
