"""The walk graph: footways, crossings, steps, squares, and sidewalks along roads, in one connected piece."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from shapely import STRtree, get_coordinates, points, segmentize
from shapely.geometry import LineString, Point

from networks.coordinates.projection import Plane
from networks.doubts import Doubt
from networks.osm.extract import Extract, Tags
from networks.osm.level import level_of
from networks.osm.values import read_length
from networks.roads.net_file import NetEdge
from networks.roads.source import DRIVABLE
from networks.sentence import say
from networks.walking.squares import cross_squares

WIDTH_M = {"footway": 2.5, "crossing": 4.0, "steps": 2.5, "square": 8.0, "path": 2.0, "sidewalk": 4.0}
"""Usable widths where the map gives none; `sidewalk` stands for both sides of a road together. Guesses."""

_WALKED = {"footway": "footway", "pedestrian": "square", "steps": "steps", "path": "path", "cycleway": "path"}
_ALLOWED = ("yes", "designated", "permissive")
_SIDEWALKS = ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right")
_YARDS = ("driveway", "parking_aisle", "drive-through", "emergency_access")
NO_SIDEWALK = {"motorway", "motorway_link", "trunk_link", "busway", "bus_guideway"}
_MAPPED_APART_M = 16.0
_MAPPED_APART = 0.8
_STEP_M = 4.0
_APART = 0.01
_CROSSING_AT_MOST_M = 45.0


@dataclass(frozen=True)
class _Piece:
    """A walked way between two nodes of the graph."""

    nodes: tuple[int, ...]
    kind: str
    tags: Tags


@dataclass(frozen=True)
class Walk:
    """The walk graph.

    Attributes:
        nodes: Rows of the layer `walk_nodes`.
        links: Rows of the layer `walk_links`.
        dropped_m: Length of the ways that are not connected with it, m.
        apart: (Length m, x, y) of the large connected parts among those, each a hundredth of all or more.
    """

    nodes: list[dict[str, Any]]
    links: list[dict[str, Any]]
    dropped_m: float
    apart: list[tuple[float, float, float]]


def build_walk(extract: Extract, plane: Plane, edges: tuple[NetEdge, ...], way_tags: dict[int, Tags]) -> Walk:
    """Make the walk graph; only its largest connected piece is kept, `dropped_m` metres are not."""
    ways = _walked_ways(extract, plane)
    outlines = {p.nodes for p in ways if p.tags.get("area") == "yes"}
    squares = cross_squares(extract, plane, Counter(n for p in ways if p.nodes not in outlines for n in p.nodes))
    xy = plane.xy | squares.middles
    guessed = {"width:source": "guessed"}
    across = [_Piece((s.middle, s.gate), "square", {"width": str(s.width_m)} | guessed) for s in squares.spokes]
    kept, dropped, apart = _largest(_split([*ways, *across]), xy)
    ids: dict[int, int] = {}
    for piece in kept:
        for ref in (piece.nodes[0], piece.nodes[-1]):
            ids.setdefault(ref, len(ids))
    nodes = [{"node_id": i, "geometry": Point(xy[ref])} for ref, i in ids.items()]
    crossed = _Crossed(edges, way_tags)
    links: list[dict[str, Any]] = []
    for piece in kept:
        line = LineString([xy[n] for n in piece.nodes])
        over = crossed.by(line, piece)
        kind = "crossing" if over and piece.kind in ("footway", "path") else piece.kind
        width, source = _width(piece.tags, kind)
        links.append(
            {
                "link_id": len(links),
                "from_node": ids[piece.nodes[0]],
                "to_node": ids[piece.nodes[-1]],
                "length_m": round(max(line.length, 0.5), 3),
                "width_m": width,
                "kind": kind,
                "width_source": source,
                "crossing_edges": " ".join(over),
                "geometry": line,
            }
        )
    return Walk(nodes, links, dropped, apart)


def walk_kind(tags: Tags) -> str | None:
    """The kind of a way for walkers, None where they do not walk."""
    kind = _WALKED.get(tags.get("highway", "")) or ("path" if _platform(tags) else None)
    if kind is None or tags.get("foot") in ("no", "private") or tags.get("indoor") == "yes":
        return None
    if tags.get("access") in ("no", "private") and tags.get("foot") not in _ALLOWED:
        return None
    if tags.get("highway") == "cycleway" and tags.get("foot") not in _ALLOWED:
        return None
    if "crossing" in (tags.get("footway"), tags.get("path"), tags.get("cycleway")):
        return "crossing"
    return kind


def _platform(tags: Tags) -> bool:
    """Platforms drawn as lines tie the footways that end at them."""
    return "platform" in (tags.get("railway"), tags.get("highway"), tags.get("public_transport"))


def _walked_ways(extract: Extract, plane: Plane) -> list[_Piece]:
    """Walked ways as stretches of nodes: mapped ones, and roads whose sidewalks are not mapped apart."""
    mapped = [
        _Piece(run, kind, way.tags)
        for way in extract.ways
        if (kind := walk_kind(way.tags)) and not (_platform(way.tags) and way.nodes[0] == way.nodes[-1])
        for run in extract.runs(way)
    ]
    apart = [LineString([plane.xy[n] for n in p.nodes]) for p in mapped if p.kind == "footway"]
    along = [
        _Piece(run, kind, way.tags)
        for way in extract.ways
        if (kind := road_kind(way.tags))
        for run in extract.runs(way)
    ]
    covered = _share_near([LineString([plane.xy[n] for n in p.nodes]) for p in along], apart)
    return mapped + [piece for piece, share in zip(along, covered, strict=True) if share < _MAPPED_APART]


def _share_near(lines: list[LineString], others: list[LineString]) -> np.ndarray:
    """(n,) share of each line's length that lies within 16 m of one of the others, in steps of 4 m."""
    if not lines or not others:
        return np.zeros(len(lines))
    ends = [get_coordinates(line) for line in segmentize(lines, _STEP_M)]
    middles = np.vstack([(xy[1:] + xy[:-1]) / 2 for xy in ends])
    steps = np.concatenate([np.hypot(*(xy[1:] - xy[:-1]).T) for xy in ends])
    owner = np.repeat(np.arange(len(lines)), [len(xy) - 1 for xy in ends])
    near = np.zeros(len(middles), dtype=bool)
    near[STRtree(others).query(points(middles), predicate="dwithin", distance=_MAPPED_APART_M)[0]] = True
    total = np.bincount(owner, weights=steps, minlength=len(lines))
    return np.asarray(np.bincount(owner, weights=steps * near, minlength=len(lines)) / np.maximum(total, 1e-9))


def road_kind(tags: Tags) -> str | None:
    """How people walk along a road: `sidewalk`, `path` on a yard's or field's way, None where they do not.

    Streets closed to cars count, private ones do not, unless the map says that they are open to people on foot.
    """
    kind, foot = tags.get("highway", ""), tags.get("foot", "")
    if kind not in (*DRIVABLE, "track") or kind in NO_SIDEWALK or tags.get("area") == "yes":
        return None
    if foot in ("no", "private", "use_sidepath") or (tags.get("access") in ("no", "private") and foot not in _ALLOWED):
        return None
    sides = {tags.get(key) for key in _SIDEWALKS} - {None}
    if sides and sides <= {"no", "none", "separate"}:
        return None
    if tags.get("tunnel", "no") not in ("no", "building_passage") and not sides:
        return None
    return "path" if kind == "track" or tags.get("service") in _YARDS else "sidewalk"


def _split(ways: list[_Piece]) -> list[_Piece]:
    """Cut ways where they share a node with another or with themselves."""
    uses: Counter[int] = Counter()
    for way in ways:
        uses.update(way.nodes)
        uses.update((way.nodes[0], way.nodes[-1]))
    pieces = []
    for way in ways:
        start = 0
        for i in range(1, len(way.nodes)):
            if uses[way.nodes[i]] > 1 or i == len(way.nodes) - 1:
                pieces.append(_Piece(way.nodes[start : i + 1], way.kind, way.tags))
                start = i
    return [p for p in pieces if p.nodes[0] != p.nodes[-1] or len(p.nodes) > 2]


def _largest(
    pieces: list[_Piece], xy: Mapping[int, tuple[float, float]]
) -> tuple[list[_Piece], float, list[tuple[float, float, float]]]:
    """The pieces of the longest connected part, the length of the others (m), and the large ones among them."""
    refs = {ref: i for i, ref in enumerate(dict.fromkeys(n for p in pieces for n in (p.nodes[0], p.nodes[-1])))}
    if not pieces:
        return [], 0.0, []
    a = np.array([refs[p.nodes[0]] for p in pieces])
    b = np.array([refs[p.nodes[-1]] for p in pieces])
    lengths = np.array([LineString([xy[n] for n in p.nodes]).length for p in pieces])
    graph = csr_matrix((np.ones(len(a)), (a, b)), shape=(len(refs), len(refs)))
    _, labels = connected_components(graph, directed=False)
    part = labels[a]
    totals = np.bincount(part, weights=lengths)
    best = int(np.argmax(totals))
    large = [int(i) for i in np.flatnonzero(totals >= _APART * totals.sum()) if i != best]
    middles = np.array([xy[p.nodes[len(p.nodes) // 2]] for p in pieces])
    centres = {i: np.median(middles[part == i], axis=0).round(3) for i in large}
    apart = [(float(totals[i]), float(centres[i][0]), float(centres[i][1])) for i in large]
    kept = [p for p, i in zip(pieces, part, strict=True) if i == best]
    return kept, float(totals.sum() - totals[best]), sorted(apart, reverse=True)


def walk_doubts(walk: Walk) -> list[Doubt]:
    """Parts of the city that nobody reaches on foot, each a hundredth of all ways or more."""
    total = walk.dropped_m + sum(float(link["length_m"]) for link in walk.links)
    doubts = []
    for length, x, y in walk.apart:
        km, share = length / 1000.0, length / total
        what = say(
            f"{km:.1f} km of ways on foot ({share:.0%}) are cut off from the others and left out: nobody walks there",
            f"有{km:.1f}千米步行道（占{share:.0%}）与其余部分不连通，已略去，该处没有行人",
        )
        remedy = say(
            "draw the bridge, stairs or crossing that joins them on the map, or cut the map at the water between them",
            "在地图上补画连接两处的桥、台阶或过街设施，或以其间水域为界裁切地图",
        )
        doubts.append(Doubt("walk_apart", "", "", what, remedy, round(share, 4), x, y))
    return doubts


def _width(tags: Tags, kind: str) -> tuple[float, str]:
    """(Usable width m, source); of a road the sum of its sidewalks, where the map gives both or one of them."""
    if kind == "sidewalk" or ("highway" in tags and tags["highway"] in DRIVABLE):
        both = _metres(tags.get("sidewalk:both:width") or tags.get("sidewalk:width"))
        sides = [_metres(tags.get(f"sidewalk:{side}:width")) or 0.0 for side in ("left", "right")]
        known = 2 * both if both else sum(sides)
        return (round(known, 3), "osm") if known else (WIDTH_M[kind], "guessed")
    width = _metres(tags.get("width"))
    if width is not None:
        return width, "guessed" if tags.get("width:source") == "guessed" else "osm"
    return WIDTH_M[kind], "guessed"


def _metres(text: str | None) -> float | None:
    return read_length(text, least=0.499, most=50.0).value


class _Crossed:
    """Finds the road edges that a walk link crosses on the same level."""

    def __init__(self, edges: tuple[NetEdge, ...], way_tags: dict[int, Tags]) -> None:
        self._edges = edges
        self._lines = [LineString(e.shape) for e in edges]
        self._levels = [{level_of(way_tags.get(w, {})) for w in e.osm_ways} or {0} for e in edges]
        self._tree = STRtree(self._lines)

    def by(self, line: LineString, piece: _Piece) -> list[str]:
        if piece.kind not in ("crossing", "footway", "path") or line.length > _CROSSING_AT_MOST_M:
            return []
        if piece.kind != "crossing" and line.length > 25.0:
            return []
        level = level_of(piece.tags)
        found = []
        for i in sorted(self._tree.query(line, predicate="intersects")):
            if level in self._levels[i]:
                found.append(self._edges[i].edge_id)
        return found
