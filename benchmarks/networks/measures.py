"""Figures of a `.net.xml` against OSM; the same code for every tool, from the two files alone."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from shapely import STRtree, points
from shapely.geometry import LineString, Point, Polygon

from benchmarks.networks.cities import Streets

_MOTOR = frozenset(["passenger", "bus", "taxi", "delivery", "truck", "private", "emergency", "motorcycle"])
_SIGNAL_REACH_M = 40.0
_KEPT_REACH_M = 15.0
_CROSSING_REACH_M = 5.0


@dataclass
class Road:
    """One edge: permissions of its lanes, length, line and OSM ways."""

    edge_id: str
    start: str
    end: str
    kind: str
    length_m: float
    line: LineString
    lanes: list[frozenset[str]]
    ways: frozenset[int]

    @property
    def cars(self) -> bool:
        """Whether cars may use a lane of it."""
        return any("passenger" in lane for lane in self.lanes)

    @property
    def motor_lanes(self) -> int:
        """Lanes for any motor vehicle."""
        return sum(bool(lane & _MOTOR) for lane in self.lanes)


@dataclass
class NetFile:
    """What the figures need of a network."""

    roads: dict[str, Road]
    car_moves: list[tuple[str, str]]
    controlled: dict[str, set[str]] = field(default_factory=dict)
    """Signal -> edges whose motor vehicles it holds."""
    junctions: dict[str, tuple[float, float]] = field(default_factory=dict)
    areas: list[Polygon] = field(default_factory=list)


def read(net: Path) -> NetFile:
    """Read a network; railways, paths and internal edges stay out."""
    roads: dict[str, Road] = {}
    allowed: dict[tuple[str, int], frozenset[str]] = {}
    found = NetFile(roads, [])
    moves: dict[tuple[str, str], None] = {}
    pending = []
    for _, item in ET.iterparse(net):
        if item.tag == "edge":
            if item.get("function") in (None, "normal"):
                road = _road(item)
                allowed.update({(road.edge_id, i): lane for i, lane in enumerate(road.lanes)})
                if road.motor_lanes:
                    roads[road.edge_id] = road
            item.clear()
        elif item.tag == "connection" and not item.get("from", ":").startswith(":"):
            pending.append(dict(item.attrib))
        elif item.tag == "junction" and item.get("type") not in ("internal", None):
            found.junctions[item.attrib["id"]] = (float(item.attrib["x"]), float(item.attrib["y"]))
            ring = _xy(item.get("shape", ""))
            if len(ring) > 2:
                found.areas.append(Polygon(ring).buffer(0))
            item.clear()
    for one in pending:
        lanes = allowed[one["from"], int(one["fromLane"])] & allowed[one["to"], int(one["toLane"])]
        if "allow" in one or "disallow" in one:
            lanes &= _permission(one.get("allow"), one.get("disallow"))
        if "passenger" in lanes:
            moves[one["from"], one["to"]] = None
        if "tl" in one and lanes & _MOTOR:
            found.controlled.setdefault(one["tl"], set()).add(one["from"])
    found.car_moves = list(moves)
    return found


def _road(item: ET.Element) -> Road:
    lanes = item.findall("lane")
    ways = {
        int(word.lstrip("-"))
        for param in item.iter("param")
        if param.get("key") == "origId"
        for word in param.get("value", "").split()
        if word.lstrip("-").isdigit()
    }
    shape = _xy(item.get("shape", "")) or _xy(lanes[0].attrib["shape"])
    return Road(
        item.attrib["id"],
        item.attrib["from"],
        item.attrib["to"],
        item.get("type", ""),
        float(lanes[0].attrib["length"]),
        LineString(shape),
        [_permission(lane.get("allow"), lane.get("disallow")) for lane in lanes],
        frozenset(ways),
    )


def _permission(allow: str | None, disallow: str | None) -> frozenset[str]:
    if allow is not None:
        words = frozenset(allow.split())
        return _MOTOR if "all" in words else words & _MOTOR
    words = frozenset((disallow or "").split())
    return frozenset() if "all" in words else _MOTOR - words


def _xy(text: str) -> list[tuple[float, float]]:
    return [(float(p.split(",")[0]), float(p.split(",")[1])) for p in text.split()]


def figures(net: NetFile, streets: Streets) -> dict[str, float]:
    """The figures of one network, by name."""
    built, nonsense, near = _signals(net, streets)
    part = strong_part(net)
    cars = [r for r in net.roads.values() if r.cars]
    total = sum(r.length_m for r in cars)
    fiction = sum(r.length_m for r in cars if not r.ways)
    return {
        "signals built": built,
        "nonsense signals": nonsense,
        "nonsense share": nonsense / built if built else 0.0,
        "OSM signal nodes with one within 40 m": near,
        "strongly connected share": sum(net.roads[e].length_m for e in part) / total if total else 0.0,
        "lane count = tag": _lane_share(net, streets),
        "drivable length kept": float(streets.weight[streets.first & covered(net, streets)].sum() / streets.length_m),
        "edge km for cars": total / 1000,
        "edge km without a way": fiction / 1000,
    }


def strong_part(net: NetFile) -> set[str]:
    """The strongly connected set of edges for cars that is longest."""
    names = [r.edge_id for r in net.roads.values() if r.cars]
    index = {name: i for i, name in enumerate(names)}
    pairs = np.array([(index[a], index[b]) for a, b in net.car_moves if a in index and b in index])
    graph = csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(names), len(names)))
    _, label = connected_components(graph, directed=True, connection="strong")
    length = np.array([net.roads[name].length_m for name in names])
    best = int(np.argmax(np.bincount(label, weights=length)))
    return {name for name, part in zip(names, label, strict=True) if part == best}


def _signals(net: NetFile, streets: Streets) -> tuple[int, int, float]:
    """Signals built, those of nonsense, and the share of OSM signal nodes with a controlled junction within reach."""
    ends = {tls: {net.roads[e].end for e in edges if e in net.roads} for tls, edges in net.controlled.items()}
    two_way = {(r.end, r.start) for r in net.roads.values()}
    crossings = STRtree(points(streets.crossings))
    nonsense = 0
    for edges in net.controlled.values():
        road = net.roads[min(edges)]
        at = Point(net.junctions[road.end])
        crossing = (road.start, road.end) not in two_way and len(crossings.query(at, "dwithin", _CROSSING_REACH_M)) > 0
        nonsense += len(edges) == 1 and not crossing
    places = [net.junctions[j] for nodes in ends.values() for j in sorted(nodes)]
    if not places or not len(streets.signals):
        return len(ends), nonsense, 0.0 if len(streets.signals) else 1.0
    apart = np.hypot(*(streets.signals[:, None, :] - np.array(places)[None, :, :]).transpose(2, 0, 1)).min(axis=1)
    return len(ends), nonsense, float((apart <= _SIGNAL_REACH_M).mean())


def _lane_share(net: NetFile, streets: Streets) -> float:
    """Share of edge length whose motor lanes, both directions together, are what its ways' `lanes` says.

    A street of one lane for both directions is two opposite edges of one lane: SUMO knows no other form.
    """
    by_ends: dict[tuple[str, str], list[Road]] = {}
    for road in net.roads.values():
        by_ends.setdefault((road.start, road.end), []).append(road)
    right = total = 0.0
    for road in net.roads.values():
        tags = {streets.lanes[w] for w in road.ways if w in streets.lanes}
        if not tags:
            continue
        back = [r for r in by_ends.get((road.end, road.start), []) if r.ways & road.ways]
        lanes = road.motor_lanes + sum(r.motor_lanes for r in back[:1])
        total += road.length_m
        right += road.length_m * (lanes in tags or (bool(back) and lanes == 2 and tags == {1}))
    return right / total if total else 1.0


def covered(net: NetFile, streets: Streets, edges: set[str] | None = None) -> np.ndarray:
    """(n,) True where a sampled point has an edge of its own way within 15 m, or lies in a junction that is kept."""
    roads = [r for r in net.roads.values() if r.cars and (edges is None or r.edge_id in edges)]
    tree = STRtree([r.line for r in roads])
    at = points(streets.xy)
    point, road = tree.query(at, "dwithin", _KEPT_REACH_M)
    same = np.array([streets.way[p] in roads[r].ways for p, r in zip(point, road, strict=True)], dtype=bool)
    ok = np.zeros(len(at), dtype=bool)
    ok[point[same]] = True
    inside, _ = STRtree(net.areas).query(at, "within")
    ok[inside] = True
    return ok
