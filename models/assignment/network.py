"""Links, nodes and zones that trips are assigned to, as arrays; and who travels."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from networks.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class FlowNetwork:
    """A road network for static assignment.

    Time on a link is `free * (1 + alpha * (flow / capacity) ** power)` (BPR 1964, Traffic Assignment Manual).

    Attributes:
        nodes: How many there are, numbered from 0.
        tail, head: (links,) node where each link begins and ends. Links may be parallel.
        zone_node: (zones,) node of each zone.
        through: (zones,) whether trips of others may pass the zone's node (TNTP: from the first through node on).
        free: (links,) time on an empty link, in any unit; all costs are in that unit.
        capacity: (links,) passenger cars per hour; infinite where nothing gets slower.
        alpha, power: (links,) of the formula.
    """

    nodes: int
    tail: Ints
    head: Ints
    zone_node: Ints
    through: NDArray[np.bool_]
    free: Floats
    capacity: Floats
    alpha: Floats
    power: Floats

    def __post_init__(self) -> None:
        """Check what would end in wrong flows without a word."""
        links = len(self.tail)
        if any(len(a) != links for a in (self.head, self.free, self.capacity, self.alpha, self.power)):
            raise BadInput(f"the arrays of the {links} links are not all of that length")
        ends = np.concatenate([self.tail, self.head, self.zone_node])
        if len(ends) and (ends.min() < 0 or ends.max() >= self.nodes):
            raise BadInput(f"a link or zone is at a node beyond the {self.nodes} that there are")
        if not (np.isfinite(self.free) & (self.free >= 0)).all():
            raise BadInput("the time on an empty link is negative or no number")
        if not ((self.capacity > 0) | ((self.alpha == 0) & (self.capacity == 0))).all():
            raise BadInput("the capacity of a link is not above 0")
        if not ((self.alpha >= 0) & (self.power >= 0)).all():
            raise BadInput("alpha or power of a link is negative: time must not fall with flow")

    @property
    def links(self) -> int:
        """How many links there are."""
        return len(self.tail)

    @property
    def zones(self) -> int:
        """How many zones there are."""
        return len(self.zone_node)

    @cached_property
    def arcs(self) -> Arcs:
        """The network as the search wants it."""
        return Arcs.of(self)


@dataclass(frozen=True)
class Arcs:
    """A graph without parallel arcs in which no way passes a zone that may not be passed.

    A zone that may not be passed is two nodes: one where its trips begin, and one where trips to it end. Of parallel
    links, all but the first end in a node of their own, from where an arc without cost leads on.

    Attributes:
        nodes: How many nodes there are.
        indptr, head: Arcs by tail, as in `scipy.sparse.csr_matrix`.
        link: (arcs,) link that each arc is; -1 for those without cost.
        starts, ends: (zones,) nodes where trips of each zone begin and end.
    """

    nodes: int
    indptr: Ints
    head: Ints
    link: Ints
    starts: Ints
    ends: Ints

    @classmethod
    def of(cls, network: FlowNetwork) -> Arcs:
        """Split zones and parallel links."""
        starts, ends = network.zone_node.astype(np.int32), network.zone_node.astype(np.int32).copy()
        shut = np.flatnonzero(~network.through)
        ends[shut] = network.nodes + np.arange(len(shut), dtype=np.int32)
        arrives = np.arange(network.nodes, dtype=np.int32)
        arrives[starts[shut]] = ends[shut]
        tail, head = network.tail.astype(np.int32), arrives[network.head]
        link = np.arange(network.links, dtype=np.int32)
        nodes = network.nodes + len(shut)
        _, first, which = np.unique(tail.astype(np.int64) * nodes + head, return_index=True, return_inverse=True)
        again = np.flatnonzero(first[which] != link)
        between = nodes + np.arange(len(again), dtype=np.int32)
        tail, onward = np.concatenate([tail, between]), head[again]
        head = np.concatenate([head, onward])
        head[again] = between
        link = np.concatenate([link, np.full(len(again), -1, dtype=np.int32)])
        nodes += len(again)
        order = np.lexsort((head, tail))
        indptr = np.searchsorted(tail[order], np.arange(nodes + 1)).astype(np.int32)
        return cls(nodes, indptr, head[order].astype(np.int32), link[order], starts, ends)

    def costs(self, cost: Floats) -> Floats:
        """(arcs,) cost of each arc from that of each link."""
        found: Floats = np.where(self.link >= 0, cost[self.link], 0.0)
        return found


@dataclass(frozen=True)
class UserClass:
    """Those who travel alike.

    Attributes:
        name: `car`, `truck`, ...
        trips: (zones, zones) vehicles per hour from row to column; the diagonal stays within its zone.
        pcu: Passenger cars that one of these vehicles stands for.
        extra: (links,) cost besides time (tolls, distance) in the unit of time; infinite where they may not drive.
    """

    name: str
    trips: Floats
    pcu: float = 1.0
    extra: Floats | None = field(default=None)

    def checked(self, network: FlowNetwork) -> UserClass:
        """This class, when it can be assigned.

        Raises:
            BadInput: The trips are of another shape, negative or no number; an extra cost is negative.
        """
        if self.trips.shape != (network.zones, network.zones):
            raise BadInput(
                f"the trips of {self.name} are of shape {self.trips.shape}", expected=f"{network.zones} zones each way"
            )
        wrong = np.argwhere(~(np.isfinite(self.trips) & (self.trips >= 0)))
        if len(wrong):
            row, column = (int(i) for i in wrong[0])
            raise BadInput(
                f"{self.trips[row, column]:g} trips of {self.name}",
                place=f"row {row}, column {column}",
                expected="a finite number of 0 or more",
            )
        if not self.pcu > 0 or (self.extra is not None and not (self.extra >= 0).all()):
            raise BadInput(f"the class {self.name} has a pcu or an extra cost that is negative, 0 or no number")
        return self
