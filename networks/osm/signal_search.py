"""What a search for signal controllers knows so far, shared by its steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from networks.osm.signal_nodes import Evidence
from networks.osm.streets import Streets

WALKED_M = 12.0
"""A stop line is at most so far from the crossing that it guards."""
NEAR_M = 28.0
"""Signalised junctions so near to each other share a controller."""
ASKEW_M = 20.0
"""So far apart are the crossings of two carriageways that are crossed askew."""


@dataclass(frozen=True)
class SignalSite:
    """One controller as the map implies it.

    Attributes:
        kind: `junction`, `crossing` (people or rails cross between junctions) or `ramp` (a ramp meter).
        nodes: The OSM signal nodes that it stands for.
        anchors: The OSM nodes where the road is controlled: junctions, or one node per carriageway.
        core: Those of the anchors that mark where it is: the junction itself, without stop lines far ahead and lone
            signals nearby that it runs too; empty for all.
        notes: What was concluded rather than read, e.g. `lone_approach`; for repairs and doubts.
    """

    kind: str
    nodes: tuple[int, ...]
    anchors: tuple[int, ...]
    notes: tuple[str, ...] = ()
    core: tuple[int, ...] = ()

    @property
    def tls_id(self) -> str:
        """The controller's id in every net made from this map, whatever netconvert calls its junctions."""
        return f"signal_{min(self.anchors)}"


class Groups:
    """Sets that are joined pair by pair."""

    def __init__(self, members: Iterable[int]) -> None:
        self.of = {m: [m] for m in members}

    def join(self, a: int, b: int) -> None:
        first, second = self.of[a], self.of[b]
        if first is not second:
            first.extend(second)
            for m in second:
                self.of[m] = first

    def all(self) -> list[tuple[int, ...]]:
        return sorted({tuple(sorted(group)) for group in self.of.values()})


@dataclass
class Search:
    """What is known so far; each step of `find_sites` fills in its part."""

    streets: Streets
    seen: Evidence
    guards: dict[int, int] = field(default_factory=dict)  # signal node -> the junction that it guards
    loose: list[int] = field(default_factory=list)  # signal nodes that guard none

    def guarded(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for node, junction in self.guards.items():
            found.setdefault(junction, []).append(node)
        return found

    def walked_near(self, node: int) -> bool:
        """Whether people cross the road at the node or a few metres on."""
        if node in self.seen.walked:
            return True
        return any(n in self.seen.walked for n in self.streets.reach(node, WALKED_M, stop=self.meets))

    def meets(self, node: int) -> bool:
        return self.streets.rank(node) == 2

    def from_junction(self, junction: int, node: int, limit_m: float) -> tuple[float, int]:
        """Metres from a junction to a node on one of its arms, and the first node on the way; (0, node) if too far."""

        def stop(other: int) -> bool:
            return other != node and self.meets(other)

        return self.streets.reach(junction, limit_m + 1.0, stop=stop).get(node, (0.0, node))
