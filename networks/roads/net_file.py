"""Reads a SUMO network file: edges, lanes, connections, junctions."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from pathlib import Path

from networks.errors import BadCity
from networks.safe_xml import read_xml

MOTOR_CLASSES = frozenset({"passenger", "bus", "emergency"})
OUTSIDE = "outside"
"""Type of the fictional roads beyond the map's border, and how their ids begin."""
_ROAD_CLASSES = ("passenger", "bus", "emergency", "bicycle")


@dataclass(frozen=True)
class NetEdge:
    """A road edge: one direction between two junctions; geometry in metres.

    Attributes:
        lanes: Lanes that motor vehicles may use.
        allows: Classes that may use one of its lanes: passenger, bus, emergency, bicycle (e-bikes too).
        lane_allows: The same for each lane, lane 0 first (next to the kerb).
        osm_ways: OSM ways that it was made from.
    """

    edge_id: str
    from_node: str
    to_node: str
    kind: str
    name: str
    lanes: int
    speed_mps: float
    length_m: float
    shape: tuple[tuple[float, float], ...]
    allows: frozenset[str]
    osm_ways: tuple[int, ...]
    lane_allows: tuple[frozenset[str], ...] = ()

    @property
    def cycle_lanes(self) -> int:
        """Lanes for bicycles and e-bikes alone."""
        return sum(classes == {"bicycle"} for classes in self.lane_allows)


@dataclass(frozen=True)
class NetLink:
    """An allowed move from one edge's lane to another's; `direction` is SUMO's `dir`: s, l, r, L, R, t."""

    from_edge: str
    to_edge: str
    allows: frozenset[str]
    turnaround: bool
    tls_id: str | None
    tls_index: int | None
    via: str | None
    from_lane: int = 0
    to_lane: int = 0
    direction: str = "s"


@dataclass(frozen=True)
class Net:
    """A road network; edges keep the file's order.

    Attributes:
        nodes: Junction -> (x, y, SUMO's type).
        node_parts: Junction -> OSM nodes that it stands for.
    """

    edges: tuple[NetEdge, ...]
    links: tuple[NetLink, ...]
    nodes: dict[str, tuple[float, float, str]]
    node_parts: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def pairs(self, vclass: str, *, turnarounds: bool = True) -> list[tuple[str, str]]:
        """(from, to) edge pairs that a vehicle class may drive, without repetition, in file order."""
        found = {
            (link.from_edge, link.to_edge): None
            for link in self.links
            if vclass in link.allows and (turnarounds or not link.turnaround)
        }
        return list(found)


def read_net(file: Path) -> Net:
    """Read a `.net.xml`.

    Raises:
        BadCity: It is not a SUMO network, breaks off, or declares entities.
    """
    root = read_xml(file, roots=("net",), wrong=BadCity)
    nodes = {
        j.attrib["id"]: (float(j.attrib["x"]), float(j.attrib["y"]), j.get("type", ""))
        for j in root.iter("junction")
        if j.get("type") != "internal"
    }
    edges = tuple(_edge(e, nodes) for e in root.iter("edge") if e.get("function", "normal") == "normal")
    lanes = {lane.attrib["id"]: allowed_classes(lane) for e in root.iter("edge") for lane in e.iter("lane")}
    links = tuple(_links(root, {e.edge_id for e in edges}, lanes))
    parts = {j.attrib["id"]: _parts(j) for j in root.iter("junction") if j.get("type") != "internal"}
    return Net(edges, links, nodes, parts)


def _parts(junction: ET.Element) -> tuple[int, ...]:
    words = junction.attrib["id"].removeprefix("cluster_").split("_")
    for param in junction.iter("param"):
        if param.get("key") == "origId":
            words = param.get("value", "").split()
    return tuple(int(word) for word in words if word.isdigit())


def _edge(element: ET.Element, nodes: dict[str, tuple[float, float, str]]) -> NetEdge:
    lanes = element.findall("lane")
    road = [lane for lane in lanes if allowed_classes(lane) & MOTOR_CLASSES] or lanes
    fast = [lane for lane in road if "passenger" in allowed_classes(lane)] or road
    ways: dict[int, None] = {}
    for lane in lanes:
        for param in lane.iter("param"):
            if param.get("key") == "origId":
                ways.update(dict.fromkeys(int(w) for w in param.get("value", "").split() if w.lstrip("-").isdigit()))
    start, end = element.attrib["from"], element.attrib["to"]
    shape = _points(element.get("shape", "")) or (nodes[start][:2], nodes[end][:2])
    return NetEdge(
        edge_id=element.attrib["id"],
        from_node=start,
        to_node=end,
        kind=_kind(element.get("type", "")),
        name=unescape(element.get("name", "")),  # netconvert escapes twice
        lanes=len(road),
        speed_mps=max(float(lane.attrib["speed"]) for lane in fast),
        length_m=float(lanes[0].attrib["length"]),
        shape=shape,
        allows=frozenset().union(*(allowed_classes(lane) for lane in lanes)),
        osm_ways=tuple(ways),
        lane_allows=tuple(allowed_classes(lane) for lane in lanes),
    )


def _kind(text: str) -> str:
    """The road class in an edge's type: `cycleway.lane|highway.primary` -> `primary`."""
    parts = text.split("|")
    return next((part for part in parts if part.startswith("highway.")), parts[0]).removeprefix("highway.")


def allowed_classes(lane: ET.Element) -> frozenset[str]:
    """The road classes that a lane or a connection is open to, by its `allow` or `disallow`."""
    return _classes(lane.get("allow"), lane.get("disallow"))


@cache
def _classes(allow: str | None, disallow: str | None) -> frozenset[str]:
    if allow is not None:
        words = set(allow.split())
        return frozenset(c for c in _ROAD_CLASSES if c in words or "all" in words)
    words = set((disallow or "").split())
    return frozenset(c for c in _ROAD_CLASSES if c not in words and "all" not in words)


def _points(text: str) -> tuple[tuple[float, float], ...]:
    return tuple((float(p.split(",")[0]), float(p.split(",")[1])) for p in text.split())


def _links(root: ET.Element, known: set[str], lanes: dict[str, frozenset[str]]) -> list[NetLink]:
    found = []
    for item in root.iter("connection"):
        start, end = item.attrib["from"], item.attrib["to"]
        if start not in known or end not in known:
            continue
        via = item.get("via")
        allows = (
            allowed_classes(item)  # a connection may be kept for some classes, e.g. a bus-only turn
            & lanes.get(f"{start}_{item.attrib['fromLane']}", frozenset())
            & lanes.get(f"{end}_{item.attrib['toLane']}", frozenset())
        )
        index = item.get("linkIndex")
        found.append(
            NetLink(
                start,
                end,
                allows,
                item.get("dir") == "t",
                item.get("tl"),
                int(index) if index is not None else None,
                via,
                int(item.attrib["fromLane"]),
                int(item.attrib["toLane"]),
                item.get("dir", "s"),
            )
        )
    return found
