"""Roads that dive beneath something: which ones must, and the heights of their roadway.

The rule. A covered road needs its headroom and a deck above it. Where the straight line between its portals has both
anyway, it runs level: hillside tunnels do. Where it has not, the road must go down, by ramps of a usual grade that end
at the next junction; if such ramps cannot bring it down, or would not go down, what covers it stands above the ground,
and it does not dive. Nor does one that lies under buildings where no street, railway or water runs above: it is built
over at the level of the ground. A tunnel that leads into a dead end (a garage) is left out: nobody drives through it.
If its lowest point then lies at least a metre below the ground at the top of each ramp, water has no way out: that is
an underpass (covered for at most 500 m and under land), or a sag tunnel. Otherwise it drains through its lower end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from shapely import STRtree
from shapely.geometry import LineString, MultiLineString

from networks.ground.structures import clearance_of, half_width_of, points_along
from networks.ground.terrain import BUILDING, WATER, Terrain
from networks.ground.underpasses import Ramp
from networks.ground.way_graph import WayGraph
from networks.osm.values import read_altitude

DECK_M = 1.0
"""Thickness of what lies above a low road, m: a guess."""
GRADE, STEEPEST = 0.06, 0.12
"""Usual and steepest grade of an urban ramp: guesses."""
SAG_M = 1.0
"""A road that lies less deep (m) below both ramp tops is no low place."""
LONGEST_M = 500.0
"""Covered for longer (m), a low road is a tunnel: only its ramps and mouths are burned into the terrain."""
MOUTH_M = 20.0
PORTAL_M = 60.0
_ASIDE_M = 10.0
_STEP_M = 2.5
FALL = 0.003
MOST_FALL_M = 0.3
"""Least fall (rise over run) along the covered part towards its lowest point, so that water gathers there, and the most
(m) that it may lift the ends: guesses."""


@dataclass(frozen=True)
class Dive:
    """A covered road whose roadway lies in a sag.

    Attributes:
        ways: Its covered ways, by number.
        ramp_nodes: Nodes of each ramp, the portal first.
        name: Of the road.
        points: (n, 2) along the roadway from ramp top to ramp top, m.
        road_m: (n,) heights of the roadway, m.
        ground_m: (n,) heights of the ground beside it, m.
        covered: (n,) True beneath the roof.
        half_width_m: From the axis to the edge, m.
        ramps: Lengths and grades.
        clearance_m: Headroom, m.
        clearance_source: osm or guessed.
        profile_source: measured or guessed.
        covered_m: Length beneath the roof, m.
        under_water: Something of the roof lies under water.
    """

    ways: tuple[int, ...]
    ramp_nodes: tuple[tuple[int, ...], ...]
    name: str
    points: np.ndarray
    road_m: np.ndarray
    ground_m: np.ndarray
    covered: np.ndarray
    half_width_m: float
    ramps: tuple[Ramp, ...]
    clearance_m: float
    clearance_source: str
    profile_source: str
    covered_m: float
    under_water: bool

    @property
    def kind(self) -> str:
        """`underpass` or `sag_tunnel`."""
        return "sag_tunnel" if self.covered_m > LONGEST_M or self.under_water else "underpass"

    @property
    def lowest(self) -> tuple[float, float, float]:
        """x, y, z (m) of the roadway's lowest point."""
        at = int(self.road_m.argmin())
        return float(self.points[at, 0]), float(self.points[at, 1]), float(self.road_m[at])

    @property
    def line(self) -> LineString:
        """Its axis from ramp top to ramp top, m."""
        return LineString(self.points)


def find_dives(graph: WayGraph, terrain: Terrain, above: Sequence[LineString] = ()) -> list[Dive]:
    """Every tunnel for cars that dives, in the map's order; `above` are the axes of what runs on the ground, m."""
    found, tree = [], STRtree(above)
    for part in graph.covered_parts():
        portals = graph.portals(part)
        paths = [
            path
            for i, begin in enumerate(portals[:8])
            for end in portals[i + 1 : 8]
            if (path := graph.through(part, begin, end)) is not None
        ]
        if paths:
            path = max(paths, key=lambda nodes: (round(graph.length(nodes), 3), nodes))
            dive = _dive(graph, terrain, part, path, tree)
            if dive is not None:
                found.append(dive)
    return found


def _dive(graph: WayGraph, terrain: Terrain, part: set[int], path: tuple[int, ...], above: STRtree) -> Dive | None:
    ways = tuple(sorted(part))
    tags = [graph.ways[way] for way in ways]
    clearance, clearance_source = clearance_of(tags)
    half_width = max(half_width_of(t, "road") for t in tags)
    line = LineString([graph.xy[node] for node in path])
    if line.length < _STEP_M:
        return None
    along, points = points_along(line, _STEP_M)
    ground = ground_beside(terrain, points, half_width)
    need = clearance + DECK_M
    straight = np.interp(along, [0, line.length], ground[[0, -1]])
    inner = _inner(along)
    roofed = float((terrain.grid.at(terrain.surface, points[inner]) == BUILDING).mean()) >= 0.5
    if roofed and not len(above.query(line, predicate="crosses")):
        return None
    lacking = np.maximum(0.0, straight - (ground - need))[inner]
    stated = [v for t in tags if (v := read_altitude(t.get("citytwin:lowest_m")).value) is not None]
    deepest = float(straight.min()) - min(stated) if stated else float(lacking.max())
    if deepest < SAG_M:
        return None
    walks = [graph.walk_out(nodes, 2 * need / GRADE) for nodes in (path[::-1], path)]
    if any(walk.dead_end for walk in walks):
        return None
    ramps = [_ramp(min(deepest, need), walk.length_m) for walk in walks]
    reach = np.minimum(ramps[0].grade * (ramps[0].length_m + along), ramps[1].grade * _from_end(ramps[1], along))
    if not stated and bool((reach[inner] < 0.75 * lacking).any()):
        return None
    road = straight - np.minimum(deepest, reach)
    if stated:
        road += min(stated) - road.min()
    road = _falling(along, road)
    sides = [_side(graph, terrain, walk.nodes, ramp, half_width) for walk, ramp in zip(walks, ramps, strict=True)]
    tops = [float(side[1][-1]) for side in sides]
    if min(tops) - float(road.min()) < SAG_M:
        return None
    profile = _joined(sides, points, road, ground)
    slopes = tuple(
        Ramp(ramp.length_m, (top - float(foot)) / ramp.length_m if ramp.length_m > 0 else 0.0)
        for ramp, top, foot in zip(ramps, tops, road[[0, -1]], strict=True)
    )
    if not stated and not all(0.0 < ramp.grade <= 1.25 * STEEPEST for ramp in slopes if ramp.length_m > 0):
        return None
    return Dive(
        ways=ways,
        ramp_nodes=tuple(walk.nodes for walk in walks),
        name=next((t["name"] for t in tags if t.get("name")), ""),
        half_width_m=half_width,
        ramps=slopes,
        clearance_m=clearance,
        clearance_source=clearance_source,
        profile_source="measured" if stated else "guessed",
        covered_m=line.length,
        under_water=bool((terrain.grid.at(terrain.surface, points[inner]) == WATER).any()),
        **profile,
    )


def ground_beside(terrain: Terrain, points: np.ndarray, half_width_m: float) -> np.ndarray:
    """Heights of the ground (m) along a road: at each point the median of its own and those 10 m off both edges.

    So a cut that the terrain shows, or a bank on one side, does not count as the ground.
    """
    heights = terrain.grid.across(terrain.elevation_m, points, half_width_m + _ASIDE_M)
    return np.asarray(np.median(heights.astype(np.float64), axis=0))


def _inner(along: np.ndarray) -> np.ndarray:
    """Where the ground above counts: not near the portals, where a roof may stand on a slope or be built above it."""
    margin = min(PORTAL_M, along[-1] / 4)
    return np.asarray((along >= margin) & (along <= along[-1] - margin))


def _ramp(depth_m: float, room_m: float) -> Ramp:
    """The ramp down to a depth, of a usual grade, steeper where a junction leaves less room."""
    if room_m <= 0:
        return Ramp(0.0, STEEPEST)
    grade = float(np.clip(depth_m / room_m, GRADE, STEEPEST))
    return Ramp(min(room_m, depth_m / grade), grade)


def _from_end(ramp: Ramp, along: np.ndarray) -> np.ndarray:
    return np.asarray(ramp.length_m + along[-1] - along)


def _falling(along: np.ndarray, road: np.ndarray) -> np.ndarray:
    """The roadway, falling at least a little towards its lowest point from both sides."""
    low = np.flatnonzero(road <= road.min() + 1e-6)
    at = int(low[len(low) // 2])
    fall = min(FALL, MOST_FALL_M / float(along[-1]))
    return np.asarray(np.maximum(road, road[at] + fall * np.abs(along - along[at])))


def _side(
    graph: WayGraph, terrain: Terrain, nodes: tuple[int, ...], ramp: Ramp, half_width: float
) -> tuple[np.ndarray, np.ndarray]:
    """Points and ground heights (m) of a ramp from the portal to its top."""
    if ramp.length_m < 0.1 or len(nodes) < 2:
        point = np.array([graph.xy[nodes[0]]])
        return point, np.asarray(terrain.grid.at(terrain.elevation_m, point), dtype=np.float64)
    whole = LineString([graph.xy[node] for node in nodes])
    stations = np.linspace(0.0, ramp.length_m, max(3, int(ramp.length_m / _STEP_M) + 1))
    points = np.array([(p.x, p.y) for p in (whole.interpolate(d) for d in stations)])
    return points, ground_beside(terrain, points, half_width)


def _joined(
    sides: Sequence[tuple[np.ndarray, np.ndarray]], points: np.ndarray, road: np.ndarray, ground: np.ndarray
) -> dict[str, np.ndarray]:
    """The whole profile from ramp top to ramp top."""
    (first, first_ground), (last, last_ground) = sides
    down = np.linspace(first_ground[-1], road[0], len(first))
    up = np.linspace(road[-1], last_ground[-1], len(last))
    return {
        "points": np.vstack([first[::-1], points[1:-1], last]),
        "road_m": np.concatenate([down, road[1:-1], up]),
        "ground_m": np.concatenate([first_ground[::-1], ground[1:-1], last_ground]),
        "covered": np.concatenate(
            [np.zeros(len(first), bool), np.ones(len(points) - 2, bool), np.zeros(len(last), bool)]
        ),
    }


def merged(dives: Sequence[Dive], apart_m: float = 25.0) -> list[list[Dive]]:
    """Carriageways side by side, covered for about the same length: each list is one underpass."""
    groups: list[list[Dive]] = []
    for dive in dives:
        near = [group for group in groups if any(_beside(one, dive, apart_m) for one in group)]
        joined = [dive]
        for group in near:
            joined = group + joined
            groups.remove(group)
        groups.append(joined)
    return groups


def kind_of_group(group: Sequence[Dive]) -> str:
    """`sag_tunnel` when one of its carriageways is one."""
    return max((dive.kind for dive in group), key=("underpass", "sag_tunnel").index)


def _beside(one: Dive, other: Dive, apart_m: float) -> bool:
    if not 0.75 <= one.covered_m / other.covered_m <= 1.34:
        return False
    lines = [
        MultiLineString([dive.points[dive.covered]]) if dive.covered.sum() > 1 else dive.line for dive in (one, other)
    ]
    return bool(lines[0].distance(lines[1]) <= apart_m)
