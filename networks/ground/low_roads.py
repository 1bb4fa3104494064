"""From dives to underpasses: their edges, what drains into them, their pumps; and the dips that a terrain shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from shapely import STRtree
from shapely.geometry import LineString, MultiLineString

from networks.ground.dives import Dive, kind_of_group
from networks.ground.drains import Drains
from networks.ground.flow import Flow, catchments
from networks.ground.grid import CELL_M, Grid
from networks.ground.structures import Structure, clearance_of, half_width_of, level_of, points_along
from networks.ground.terrain import LAND, Terrain
from networks.ground.underpasses import Ramp, Underpass
from networks.ground.way_graph import WayGraph
from networks.osm.values import read_number
from networks.roads.net_file import NetEdge
from networks.roads.source import RoadSource

POND_M = 0.5
"""A dip beneath a bridge is an underpass where the terrain lets water stand this deep (m) on the road."""
_REACH_M = 120.0


@dataclass(frozen=True)
class Dip:
    """A road beneath a bridge that the terrain shows to be lower than its neighbours.

    Attributes:
        way: The road's way.
        bridge: What passes above.
        points: (n, 2) along the road through the dip, m.
        heights_m: (n,) there.
        covered: (n,) True beneath the bridge.
    """

    way: int
    bridge: Structure
    points: np.ndarray
    heights_m: np.ndarray
    covered: np.ndarray


def find_dips(graph: WayGraph, structures: Sequence[Structure], terrain: Terrain, flow: Flow) -> list[Dip]:
    """Roads at ground level beneath road and railway bridges on which water would stand `POND_M` deep.

    Asked only of terrains fine enough to show a street (see `FINE_ENOUGH_M` in dams); bridges over water are left out.
    """
    decks = [s for s in structures if s.kind == "bridge" and s.use in ("road", "rail")]
    tree = STRtree([deck.line for deck in decks])
    pond = flow.filled_m - terrain.elevation_m
    found = []
    for way in graph.ways:
        if way in graph.tunnels or way in graph.bridges:
            continue
        for run in graph.runs[way]:
            line = LineString([graph.xy[node] for node in run])
            for index in sorted(tree.query(line, predicate="crosses").tolist()):
                if decks[index].level > level_of(graph.ways[way]):
                    dip = _dip(way, line, decks[index], terrain, pond)
                    found += [dip] if dip is not None else []
    return found


def _dip(way: int, line: LineString, deck: Structure, terrain: Terrain, pond: np.ndarray) -> Dip | None:
    shadow = line.intersection(deck.line.buffer(deck.half_width_m, cap_style="flat"))
    if shadow.is_empty:
        return None
    middle = line.project(shadow.centroid)
    first, last = max(0.0, middle - _REACH_M), min(line.length, middle + _REACH_M)
    along, points = points_along(LineString([line.interpolate(d) for d in np.linspace(first, last, 60)]), 5.0)
    heights = terrain.grid.at(terrain.elevation_m, points).astype(np.float64)
    covered = np.abs(along + first - middle) <= max(shadow.length / 2, 5.0)
    water, land = terrain.grid.at(pond, points), terrain.grid.at(terrain.surface, points) == LAND
    at = np.flatnonzero((np.abs(along + first - middle) <= shadow.length / 2 + 20.0) & land)
    if not len(at) or not float(np.nanmax(np.append(water[at], 0.0))) >= POND_M:
        return None
    return Dip(way, deck, points, heights, covered)


def underpasses_of_dives(
    groups: Sequence[Sequence[Dive]],
    owner: np.ndarray,
    flow: Flow,
    terrain: Terrain,
    graph: WayGraph,
    net: tuple[RoadSource, Sequence[NetEdge]],
    drains: Drains,
) -> list[Underpass]:
    """An Underpass for each group of dives; `owner` says which cells are whose (from 1)."""
    areas = catchments(flow, owner)
    edges_on = _edges_by_pair(*net)
    found = []
    for number, group in enumerate(groups, 1):
        deepest = min(group, key=lambda dive: dive.lowest[2])
        ways = tuple(sorted({way for dive in group for way in dive.ways}))
        pairs = {pair for way in ways for run in graph.runs[way] for pair in _pairs(run)}
        pairs |= {pair for dive in group for nodes in dive.ramp_nodes for pair in _pairs(nodes)}
        lines = [dive.line for dive in group]
        area = areas.get(number, 0.0)
        own = float((owner == number).sum()) * CELL_M**2
        pump, pump_source = _pump([graph.ways[way] for way in ways], own, drains)
        found.append(
            Underpass(
                underpass_id=f"underpass_w{ways[0]}",
                name=next((dive.name for dive in group if dive.name), ""),
                kind=kind_of_group(group),
                osm=ways,
                edges=_edges(edges_on, pairs, lines, deepest.half_width_m),
                lowest_m=deepest.lowest,
                depth_m=_spill(group),
                covered_m=max(dive.covered_m for dive in group),
                ramps=tuple(ramp for dive in group for ramp in dive.ramps),
                clearance_m=min(dive.clearance_m for dive in group),
                catchment_m2=area,
                pump_m3s=pump,
                profile_source=deepest.profile_source,
                clearance_source=deepest.clearance_source,
                catchment_source="screening" if terrain.screening else "terrain",
                pump_source=pump_source,
                line=lines[0] if len(lines) == 1 else MultiLineString(lines),
                half_width_m=deepest.half_width_m,
            )
        )
    return found


def underpasses_of_dips(
    dips: Sequence[Dip],
    taken: np.ndarray,
    flow: Flow,
    terrain: Terrain,
    graph: WayGraph,
    net: tuple[RoadSource, Sequence[NetEdge]],
    drains: Drains,
) -> list[Underpass]:
    """An Underpass for each way with a dip; dips in cells that are `taken` (rows, columns; > 0) are known already."""
    labels, grid, edges_on = np.zeros(taken.shape, dtype=np.int32), terrain.grid, _edges_by_pair(*net)
    kept: list[tuple[int, Dip]] = []
    for dip in dips:
        rows, columns, _ = grid.cells(dip.points)
        standing = (flow.filled_m - terrain.elevation_m)[rows, columns] > 0
        if taken[rows, columns].any() or labels[rows[standing], columns[standing]].any():
            continue
        kept.append((len(kept) + 1, dip))
        labels[rows[standing], columns[standing]] = len(kept)
    areas = catchments(flow, labels)
    return [
        _of_dip(dip, areas.get(number, 0.0), labels == number, flow, terrain, graph, edges_on, drains)
        for number, dip in kept
    ]


def _of_dip(
    dip: Dip,
    area: float,
    mine: np.ndarray,
    flow: Flow,
    terrain: Terrain,
    graph: WayGraph,
    edges_on: list[tuple[NetEdge, set[tuple[int, int]]]],
    drains: Drains,
) -> Underpass:
    tags = graph.ways[dip.way]
    inside = terrain.grid.at(mine, dip.points)
    at = int(np.where(inside, dip.heights_m, np.inf).argmin())
    low = float(dip.heights_m[at])
    clearance, clearance_source = clearance_of([tags])
    pump, pump_source = _pump([tags], float(mine.sum()) * CELL_M**2, drains)
    pairs = {pair for run in graph.runs[dip.way] for pair in _pairs(run)}
    line = LineString(dip.points)
    return Underpass(
        underpass_id=f"underpass_w{dip.way}",
        name=tags.get("name", ""),
        kind="dip",
        osm=(dip.way,),
        edges=_edges(edges_on, pairs, [line], half_width_of(tags, "road")),
        lowest_m=(float(dip.points[at, 0]), float(dip.points[at, 1]), low),
        depth_m=float(np.nanmax((flow.filled_m - terrain.elevation_m)[mine])),
        covered_m=float(dip.bridge.half_width_m * 2),
        ramps=_ramps_of(dip, at),
        clearance_m=clearance,
        catchment_m2=area,
        pump_m3s=pump,
        profile_source="terrain",
        clearance_source=clearance_source,
        catchment_source="screening" if terrain.screening else "terrain",
        pump_source=pump_source,
        line=line,
        half_width_m=half_width_of(tags, "road"),
    )


def _ramps_of(dip: Dip, low: int) -> tuple[Ramp, ...]:
    """From the lowest point to the highest on either side within reach."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(dip.points, axis=0).T))])
    ramps = []
    for side in (slice(0, low + 1), slice(low, len(along))):
        top = int(np.arange(len(along))[side][dip.heights_m[side].argmax()])
        length = float(abs(along[top] - along[low]))
        if length > 0:
            ramps.append(Ramp(length, float(dip.heights_m[top] - dip.heights_m[low]) / length))
    return tuple(ramps)


def _spill(group: Sequence[Dive]) -> float:
    """How much lower the deepest point is than the lowest ramp top."""
    tops = [float(height) for dive in group for height in (dive.road_m[0], dive.road_m[-1])]
    return min(tops) - min(dive.lowest[2] for dive in group)


def _pump(tags: Sequence[dict[str, str]], area_m2: float, drains: Drains) -> tuple[float, str]:
    stated = [read_number(t.get("citytwin:pump_m3s"), least=0.0, most=1000.0).value for t in tags]
    known = [value for value in stated if value is not None]
    return (max(known), "measured") if known else (drains.pump_m3s(area_m2), "guessed")


def _pairs(nodes: Sequence[int]) -> set[tuple[int, int]]:
    return {(min(a, b), max(a, b)) for a, b in pairwise(nodes)}


def _edges_by_pair(source: RoadSource, edges: Sequence[NetEdge]) -> list[tuple[NetEdge, set[tuple[int, int]]]]:
    """Each edge with the pairs of map nodes that its ways join."""
    pairs = {way: _pairs(nodes) for way, nodes in source.way_nodes.items()}
    return [(edge, set().union(*(pairs.get(way, set()) for way in edge.osm_ways))) for edge in edges]


def _edges(
    edges_on: list[tuple[NetEdge, set[tuple[int, int]]]],
    pairs: set[tuple[int, int]],
    lines: Sequence[LineString],
    half_width_m: float,
) -> tuple[str, ...]:
    """Edges made from these pairs of nodes that run at least 5 m, or half their length, along one of the lines."""
    near = [line.buffer(2 * half_width_m + 3.0) for line in lines]
    found = []
    for edge, own in edges_on:
        if own & pairs:
            shape = LineString(edge.shape)
            if any(shape.intersection(area).length >= min(5.0, 0.5 * shape.length) for area in near):
                found.append(edge.edge_id)
    return tuple(found)


def cells_of(grid: Grid, underpasses: Sequence[Underpass]) -> np.ndarray:
    """(rows, columns) bool: cells that hold the lowest point of an underpass."""
    cells = np.zeros(grid.shape, dtype=bool)
    if underpasses:
        rows, columns, inside = grid.cells(np.array([one.lowest_m[:2] for one in underpasses]))
        cells[rows[inside], columns[inside]] = True
    return cells
