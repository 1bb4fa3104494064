"""A network in netconvert's plain form, in memory: nodes, edges and connections, to be repaired and built again."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from networks.errors import BadCity

_ROOTS = {"nod": "nodes", "edg": "edges", "con": "connections", "typ": "types"}


@dataclass
class PlainNet:
    """What netconvert builds a network from; every element may be changed in place, all values are text.

    Attributes are those of SUMO's plain XML (sumo.dlr.de/docs/Networks/PlainXML.html). Every edge names all its lanes,
    each with its own `allow` or `disallow`, `speed` and the parameter `origId` (the OSM ways it came from). Signals are
    attributes of nodes: `type="traffic_light"` and `tl`, the controller's id, the same at every node that it controls.
    Coordinates are metres of the city's plane.

    Attributes:
        nodes: Junction id -> `<node>`.
        edges: Edge id -> `<edge>` with its `<lane>` children, index 0 rightmost (leftmost where traffic keeps left).
        connections: `<connection from fromLane to toLane .../>`, in file order. Every edge has at least one; one
            without `to` says that the edge leads nowhere (netconvert would guess moves for an edge without any).
        roundabouts: `<roundabout nodes edges>`.
        types: `<type>` table of the edges' road classes.
        location: Offset and projection.
    """

    nodes: dict[str, ET.Element]
    edges: dict[str, ET.Element]
    connections: list[ET.Element]
    roundabouts: list[ET.Element] = field(default_factory=list)
    types: list[ET.Element] = field(default_factory=list)
    location: ET.Element | None = None

    def lanes(self, edge_id: str) -> list[ET.Element]:
        """The lanes of an edge, by index."""
        return self.edges[edge_id].findall("lane")

    def osm_ways(self, edge_id: str) -> tuple[int, ...]:
        """The ways that an edge came from, in the order of driving as far as netconvert tells."""
        ways: dict[int, None] = {}
        for param in self.edges[edge_id].iter("param"):
            if param.get("key") == "origId":
                words = param.get("value", "").split()
                ways.update(dict.fromkeys(int(w.lstrip("-")) for w in words if w.lstrip("-").isdigit()))
        return tuple(ways)

    def osm_nodes(self, node_id: str) -> tuple[int, ...]:
        """The OSM nodes that a junction stands for."""
        words = node_id.removeprefix("cluster_").split("_")
        for param in self.nodes[node_id].iter("param"):
            if param.get("key") == "origId":
                words = param.get("value", "").split()
        return tuple(int(w) for w in words if w.isdigit())

    def shape(self, edge_id: str) -> list[tuple[float, float]]:
        """The line of an edge from its first junction to its last, metres."""
        edge = self.edges[edge_id]
        text = edge.get("shape", "")
        if text:
            return [(float(x), float(y)) for x, y, *_ in (point.split(",") for point in text.split())]
        return [self.place(edge.attrib["from"]), self.place(edge.attrib["to"])]

    def place(self, node_id: str) -> tuple[float, float]:
        """Where a junction is, metres."""
        node = self.nodes[node_id]
        return float(node.attrib["x"]), float(node.attrib["y"])

    def incoming(self) -> dict[str, list[str]]:
        """Junction id -> edges that end there."""
        return self._by_end("to")

    def outgoing(self) -> dict[str, list[str]]:
        """Junction id -> edges that begin there."""
        return self._by_end("from")

    def _by_end(self, end: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {node: [] for node in self.nodes}
        for edge_id, edge in self.edges.items():
            found[edge.attrib[end]].append(edge_id)
        return found

    def connections_from(self, edge_id: str) -> Iterator[ET.Element]:
        """The connections of one edge."""
        return (one for one in self.connections if one.get("from") == edge_id and "to" in one.attrib)

    def connect(self, from_edge: str, from_lane: int, to_edge: str, to_lane: int) -> ET.Element:
        """Add a connection and give it back."""
        words = {"from": from_edge, "to": to_edge, "fromLane": str(from_lane), "toLane": str(to_lane)}
        self.connections = [c for c in self.connections if c.get("from") != from_edge or "to" in c.attrib]
        self.connections.append(ET.Element("connection", words))
        return self.connections[-1]

    def drop_connections(self, pairs: Collection[tuple[str, str]]) -> None:
        """Forbid the moves (from edge, to edge)."""
        self.connections = [c for c in self.connections if (c.get("from"), c.get("to")) not in pairs]
        self.mark_dead_ends()

    def drop_edges(self, edge_ids: Collection[str]) -> None:
        """Take edges out, with their connections and the junctions that are left without an edge."""
        gone = set(edge_ids)
        self.edges = {name: edge for name, edge in self.edges.items() if name not in gone}
        self.connections = [c for c in self.connections if c.get("from") not in gone and c.get("to") not in gone]
        used = {edge.attrib[end] for edge in self.edges.values() for end in ("from", "to")}
        self.nodes = {name: node for name, node in self.nodes.items() if name in used}
        self.roundabouts = [r for r in self.roundabouts if gone.isdisjoint(r.get("edges", "").split())]
        self.mark_dead_ends()

    def mark_dead_ends(self) -> None:
        """Say of every edge without a connection that it leads nowhere."""
        told = {one.get("from") for one in self.connections}
        self.connections += [ET.Element("connection", {"from": edge}) for edge in self.edges if edge not in told]


def read_plain(prefix: Path) -> PlainNet:
    """Read `prefix.nod.xml`, `.edg.xml`, `.con.xml` and `.typ.xml`.

    Raises:
        BadCity: One of them is not readable.
    """
    roots = {kind: _root(prefix.with_name(f"{prefix.name}.{kind}.xml")) for kind in _ROOTS}
    edges = roots["edg"]
    net = PlainNet(
        nodes={node.attrib["id"]: node for node in roots["nod"].iter("node")},
        edges={edge.attrib["id"]: edge for edge in edges.iter("edge")},
        connections=list(roots["con"].iter("connection")),
        roundabouts=list(edges.iter("roundabout")),
        types=list(roots["typ"].iter("type")),
        location=roots["nod"].find("location"),
    )
    net.mark_dead_ends()
    return net


def write_plain(net: PlainNet, prefix: Path) -> None:
    """Write the four files; the same net gives the same bytes."""
    where = [] if net.location is None else [net.location]
    parts = {
        "nod": [*where, *net.nodes.values()],
        "edg": [*where, *net.edges.values(), *net.roundabouts],
        "con": net.connections,
        "typ": net.types,
    }
    for kind, children in parts.items():
        root = ET.Element(_ROOTS[kind], {"version": "1.20"})
        root.extend(children)
        file = prefix.with_name(f"{prefix.name}.{kind}.xml")
        file.write_bytes(ET.tostring(root, encoding="utf-8"))


def _root(file: Path) -> ET.Element:
    try:
        return ET.parse(file).getroot()
    except (ET.ParseError, OSError) as error:
        raise BadCity(
            f"it is not a readable part of a road network: {error}", file=file, remedy="build the city again"
        ) from error
