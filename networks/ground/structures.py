"""Structures that part a city into levels: bridges, tunnels, underpasses, passages through buildings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from shapely import STRtree, prepare
from shapely.geometry import LineString, MultiLineString, Polygon

from networks.coordinates.projection import Plane
from networks.osm.extract import Extract, Tags, Way
from networks.osm.values import read_layer, read_length, read_number
from networks.roads.net_file import NetEdge
from networks.roads.source import RoadSource, drivable

KINDS = ("bridge", "tunnel", "underpass", "passage")
CLEARANCE_M = 4.5
"""Headroom over a road where nobody says (m): a guess, the usual legal height of vehicles and half a metre more."""
LANE_M, FOOT_M, RAIL_M, WATER_M = 3.5, 3.0, 4.5, 3.0
"""Widths (m) of a lane with its share of the edge, a path, a track, and a channel in an aqueduct: guesses."""
_UNBUILT = ("construction", "proposed", "abandoned", "razed", "disused", "dismantled", "platform")
_RAILS = ("rail", "light_rail", "tram", "subway", "narrow_gauge", "monorail", "funicular", "preserved", "miniature")
_ROOFED = ("building_passage", "passage", "covered", "arcade", "colonnade")
_LEVEL = {"bridge": 1, "tunnel": -1, "passage": 0}


@dataclass(frozen=True)
class Structure:
    """A bridge, tunnel, underpass or passage: ways of one kind, use and level that hang together.

    Attributes:
        osm: Its ways, by number.
        kind: One of KINDS.
        use: What runs on or in it: road, foot, rail or water.
        level: Layer in OpenStreetMap; where the map says none 1 on a bridge, -1 in a tunnel, 0 in a passage.
        name: On the map, or "".
        ways: Nodes of each of its ways, as drawn.
        line: Its axis, m.
        half_width_m: From the axis to the edge, m.
        clearance_m: Headroom over the road in it, or beneath it for a bridge; 0 where no road needs any.
        clearance_source: osm, guessed, or none.
        edges: Road edges on or in it.
        crossed_by: Road edges that pass beneath a bridge, or above a tunnel.
    """

    osm: tuple[int, ...]
    kind: str
    use: str
    level: int
    name: str
    ways: tuple[tuple[int, ...], ...]
    line: LineString | MultiLineString
    half_width_m: float
    clearance_m: float = 0.0
    clearance_source: str = "none"
    edges: tuple[str, ...] = ()
    crossed_by: tuple[str, ...] = ()

    @property
    def structure_id(self) -> str:
        """Its kind and its lowest way, e.g. `bridge_w12`."""
        return f"{self.kind}_w{self.osm[0]}"

    @property
    def osm_text(self) -> str:
        """Its ways as a Repair or a Doubt names them."""
        return " ".join(f"w{way}" for way in self.osm)


def kind_of(tags: Tags) -> str | None:
    """`bridge`, `tunnel` or `passage` for a way on or in one, None for one on the ground or not built."""
    if tags.get("bridge", "no") not in ("no", "", "low_water_crossing", "abandoned"):
        return "bridge"
    tunnel = tags.get("tunnel", "no")
    if tunnel in _ROOFED or (tunnel == "no" and tags.get("covered", "no") not in ("no", "")):
        return "passage"
    return "tunnel" if tunnel not in ("no", "") else None


def use_of(tags: Tags) -> str | None:
    """What a way is for: road, foot, rail or water; None for everything else and what is not in use."""
    if tags.get("highway", "") in _UNBUILT or tags.get("railway", "") in _UNBUILT:
        return None
    if "highway" in tags:
        return "road" if drivable(tags) else "foot"
    if tags.get("railway") in _RAILS:
        return "rail"
    return "water" if "waterway" in tags else None


def level_of(tags: Tags, kind: str | None = None) -> int:
    """The layer of a way, 0 where the map says nothing of it and of its kind."""
    stated = read_layer(tags.get("layer")).whole
    return _LEVEL.get(kind or "", 0) if stated is None else stated


def half_width_of(tags: Tags, use: str) -> float:
    """Half the width of a way, m: as the map says, else from its lanes or its use."""
    stated = read_length(tags.get("width"), least=0.5, most=80.0).value
    if stated:
        return stated / 2
    if use == "road":
        lanes = read_number(tags.get("lanes"), least=1, most=12).value
        oneway = tags.get("oneway") in ("yes", "1", "-1") or tags.get("highway", "").endswith("_link")
        return (lanes or (1 if oneway else 2)) * LANE_M / 2
    return {"foot": FOOT_M, "rail": RAIL_M}.get(use, WATER_M) / 2


def find_structures(extract: Extract, plane: Plane, frame: Polygon) -> list[Structure]:
    """All structures in the frame, by kind and number; ways that share a node, kind, use and level are one."""
    groups = _Groups()
    parts: dict[int, tuple[Way, list[tuple[int, ...]]]] = {}
    prepare(frame)
    for way in extract.ways:
        kind, use = kind_of(way.tags), use_of(way.tags)
        if kind is None or use is None or way.tags.get("area") == "yes":
            continue
        runs = [run for run in extract.runs(way) if frame.intersects(LineString([plane.xy[n] for n in run]))]
        if runs:
            parts[way.osm_id] = (way, runs)
            level = level_of(way.tags, kind)
            for ref in {node for run in runs for node in run}:
                groups.join((kind, use, level, ref), way.osm_id)
    found = [_structure([parts[w] for w in members], plane) for members in groups.all(parts)]
    return sorted(found, key=lambda s: (KINDS.index(s.kind), s.osm))


class _Groups:
    """Ways that are joined by a common key, by union and find."""

    def __init__(self) -> None:
        self._root: dict[int, int] = {}
        self._first: dict[tuple[str, str, int, int], int] = {}

    def _find(self, way: int) -> int:
        while self._root.setdefault(way, way) != way:
            way = self._root[way]
        return way

    def join(self, key: tuple[str, str, int, int], way: int) -> None:
        one, other = self._find(self._first.setdefault(key, way)), self._find(way)
        self._root[max(one, other)] = min(one, other)

    def all(self, ways: Iterable[int]) -> list[list[int]]:
        groups: dict[int, list[int]] = {}
        for way in ways:
            groups.setdefault(self._find(way), []).append(way)
        return [sorted(members) for members in groups.values()]


def _structure(parts: Sequence[tuple[Way, list[tuple[int, ...]]]], plane: Plane) -> Structure:
    tags = parts[0][0].tags
    kind, use = str(kind_of(tags)), str(use_of(tags))
    runs = tuple(run for _, pieces in parts for run in pieces)
    lines = [LineString([plane.xy[node] for node in run]) for run in runs]
    clearance, source = 0.0, "none"
    if use == "road" and kind != "bridge":
        clearance, source = clearance_of([way.tags for way, _ in parts])
    return Structure(
        osm=tuple(sorted(way.osm_id for way, _ in parts)),
        kind=kind,
        use=use,
        level=level_of(tags, kind),
        name=next((way.tags["name"] for way, _ in parts if way.tags.get("name")), ""),
        ways=runs,
        line=lines[0] if len(lines) == 1 else MultiLineString(lines),
        half_width_m=max(half_width_of(way.tags, use) for way, _ in parts),
        clearance_m=clearance,
        clearance_source=source,
    )


def clearance_of(tags: Iterable[Tags]) -> tuple[float, str]:
    """The least headroom (m) that roads state (`maxheight`), and `osm`; else the usual one, and `guessed`."""
    texts = [t.get("maxheight:physical") or t.get("maxheight") for t in tags]
    stated = [value for text in texts if (value := read_length(text, least=1.0, most=20.0).value)]
    return (min(stated), "osm") if stated else (CLEARANCE_M, "guessed")


def with_edges(structures: Sequence[Structure], source: RoadSource, edges: Sequence[NetEdge]) -> list[Structure]:
    """The structures with the road edges on, in, beneath and above them.

    An edge runs on a structure when it was made from one of its ways and lies along it, or, where the network does not
    say what it was made from, when it lies along a road's structure within its width. It crosses one when its axis
    meets the structure's and it lies on another level, at the ground or in another structure.
    """
    of_pair: dict[tuple[int, int], list[int]] = {}
    for index, one in enumerate(structures):
        for run in one.ways:
            for a, b in pairwise(run):
                of_pair.setdefault((min(a, b), max(a, b)), []).append(index)
    of_way = {
        way: {i for a, b in pairwise(nodes) for i in of_pair.get((min(a, b), max(a, b)), ())}
        for way, nodes in source.way_nodes.items()
    }
    lines = [LineString(edge.shape) for edge in edges]
    needed = {i for found in of_way.values() for i in found}
    areas = {i: structures[i].line.buffer(2 * LANE_M + structures[i].half_width_m) for i in sorted(needed)}
    nameless = {} if any(edge.osm_ways for edge in edges) else _lying_along(structures, edges, lines)
    on: list[list[str]] = [[] for _ in structures]
    carried: list[set[int]] = []
    for edge, line in zip(edges, lines, strict=True):
        mine = {i for way in edge.osm_ways for i in of_way.get(way, ()) if _along(line, structures[i], areas[i])}
        mine |= nameless.get(edge.edge_id, set())
        carried.append(mine)
        for i in sorted(mine):
            on[i].append(edge.edge_id)
    crossed = _crossings(structures, edges, lines, carried)
    headroom = {edge.edge_id: [source.ways.get(way, {}) for way in edge.osm_ways] for edge in edges}
    return [
        _with_headroom(replace(one, edges=tuple(on[i]), crossed_by=crossed[i]), headroom)
        for i, one in enumerate(structures)
    ]


def _lying_along(
    structures: Sequence[Structure], edges: Sequence[NetEdge], lines: Sequence[LineString]
) -> dict[str, set[int]]:
    """Edge -> structures of roads along which it lies for 80 % of the shorter of both."""
    found: dict[str, set[int]] = {}
    tree = STRtree(lines)
    for i, one in enumerate(structures):
        if one.use == "road":
            area = one.line.buffer(one.half_width_m + 1.0)
            for at in tree.query(area, predicate="intersects").tolist():
                if lines[at].intersection(area).length >= 0.8 * min(lines[at].length, one.line.length):
                    found.setdefault(edges[at].edge_id, set()).add(i)
    return found


def _along(line: LineString, one: Structure, area: Polygon) -> bool:
    return bool(line.intersection(area).length >= 0.5 * min(line.length, one.line.length))


def _crossings(
    structures: Sequence[Structure], edges: Sequence[NetEdge], lines: Sequence[LineString], carried: Sequence[set[int]]
) -> list[tuple[str, ...]]:
    """Edges that cross each structure on another level; `carried` says which structures an edge runs on itself."""
    found: list[list[str]] = [[] for _ in structures]
    if not structures or not edges:
        return [()] * len(structures)
    pairs = STRtree([one.line for one in structures]).query(list(lines), predicate="crosses")
    for edge, i in sorted(zip(*pairs.tolist(), strict=True)):
        one, own = structures[i], [structures[j] for j in carried[edge]]
        level = max((s.level for s in own), key=abs, default=0)
        other = level < one.level if one.kind == "bridge" else level > one.level
        if i not in carried[edge] and other and one.kind != "passage":
            found[i].append(edges[edge].edge_id)
    return [tuple(dict.fromkeys(names)) for names in found]


def _with_headroom(one: Structure, ways: dict[str, list[Tags]]) -> Structure:
    if one.kind != "bridge" or not one.crossed_by:
        return one
    clearance, source = clearance_of([tags for edge in one.crossed_by for tags in ways[edge]])
    return replace(one, clearance_m=clearance, clearance_source=source)


def structure_rows(structures: Sequence[Structure]) -> list[dict[str, Any]]:
    """Rows of the layer `structures`."""
    return [
        {
            "structure_id": one.structure_id,
            "osm": one.osm_text,
            "name": one.name,
            "kind": one.kind,
            "use": one.use,
            "level": one.level,
            "length_m": round(one.line.length, 2),
            "width_m": round(2 * one.half_width_m, 2),
            "clearance_m": round(one.clearance_m, 2),
            "clearance_source": one.clearance_source,
            "edges": " ".join(one.edges),
            "crossed_by": " ".join(one.crossed_by),
            "geometry": one.line,
        }
        for one in structures
    ]


def points_along(line: LineString, step_m: float) -> tuple[np.ndarray, np.ndarray]:
    """(n,) distances (m) from a line's begin, both ends included, and (n, 2) points there (m)."""
    count = max(2, int(np.ceil(line.length / step_m)) + 1)
    along = np.linspace(0.0, line.length, count)
    places = [line.interpolate(distance) for distance in along]
    return along, np.array([(place.x, place.y) for place in places])
