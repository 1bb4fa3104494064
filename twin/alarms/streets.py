"""`Streets`: what finding and grouping have to know of a network: what a street holds, and which ones touch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from networks.roads.net_file import Net


@dataclass(frozen=True, slots=True)
class Street:
    """One edge: its junctions, length (m), lanes for motor vehicles, and free speed (m/s)."""

    begins_at: str
    ends_at: str
    length_m: float
    lanes: int
    free_mps: float
    name: str = ""


@dataclass(frozen=True)
class Streets:
    """All edges of a network.

    Attributes:
        by_edge: Edge -> street.
        places: Edge -> longitude and latitude of its middle (degrees), where the network knows them.
    """

    by_edge: Mapping[str, Street]
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @cached_property
    def _at_junction(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for edge, street in self.by_edge.items():
            found[street.begins_at].append(edge)
            found[street.ends_at].append(edge)
        return {junction: tuple(edges) for junction, edges in found.items()}

    def around(self, edges: Iterable[str], hops: int) -> frozenset[str]:
        """These edges and all that are at most so many junctions away, whichever way one drives."""
        known = {edge for edge in edges if edge in self.by_edge}
        rim = set(known)
        for _ in range(hops):
            ends = {end for edge in rim for end in (self.by_edge[edge].begins_at, self.by_edge[edge].ends_at)}
            rim = {edge for end in ends for edge in self._at_junction[end]} - known
            known |= rim
        return frozenset(known)

    def connected(self, edges: Iterable[str]) -> list[frozenset[str]]:
        """These edges in groups that touch one another, each edge in one group; unknown ones are left out."""
        left = dict.fromkeys(edge for edge in edges if edge in self.by_edge)
        groups = []
        while left:
            group: set[str] = set()
            rim = {next(iter(left))}
            while rim:
                group |= rim
                rim = {edge for edge in self.around(rim, 1) if edge in left} - group
            groups.append(frozenset(group))
            left = {edge: None for edge in left if edge not in group}
        return groups


def streets_of(net: Net) -> Streets:
    """The streets of a network that motor vehicles may use."""
    return Streets(
        {
            edge.edge_id: Street(
                edge.from_node, edge.to_node, edge.length_m, max(edge.lanes, 1), edge.speed_mps, edge.name
            )
            for edge in net.edges
        }
    )
