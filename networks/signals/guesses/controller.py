"""A signal controller in the road network: which junctions it controls, and which signals of the map it stands for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from networks.osm.signal_search import SignalSite


@dataclass(frozen=True)
class Controller:
    """A signal controller in the net.

    Attributes:
        sites: What the map says of it; several where netconvert made one junction of theirs.
        junctions: The junctions that it controls, sorted.
        kind: `junction`, `crossing` or `ramp`.
        x, y: The middle of the intersection, metres.
    """

    sites: tuple[SignalSite, ...]
    junctions: tuple[str, ...]
    kind: str
    x: float
    y: float

    @property
    def tls_id(self) -> str:
        """Its id in the net."""
        return self.sites[0].tls_id

    @property
    def osm_nodes(self) -> tuple[int, ...]:
        """The OSM signal nodes that it stands for."""
        return tuple(sorted({n for site in self.sites for n in site.nodes}))

    @property
    def anchors(self) -> tuple[int, ...]:
        """The OSM nodes that it controls."""
        return tuple(sorted({a for site in self.sites for a in site.anchors}))


def site_kind(sites: Sequence[SignalSite], into: Collection[str]) -> str:
    """The kind of a controller: that of its sites; a junction with a single way in at a crossing is a crossing."""
    kinds = [site.kind for site in sites]
    if "junction" in kinds:
        walked = any("walked" in site.notes for site in sites)
        return "crossing" if len(into) < 2 and walked else "junction"
    return "ramp" if "ramp" in kinds else "crossing"


def node_refs(nodes: Sequence[int]) -> str:
    """OSM nodes as a Repair or a Doubt names them."""
    return " ".join(f"n{n}" for n in nodes)
