"""The ground of a city in one go: terrain from its source, structures, low roads, drains, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from networks.coordinates.projection import Plane
from networks.doubts import Doubt
from networks.ground.burning import burn_in
from networks.ground.checks import coast_heights_m, dammed, find_pits, pit_figures
from networks.ground.copernicus import NAME, Tiles, download_tiles
from networks.ground.dams import FINE_ENOUGH_M, Beneath
from networks.ground.decks import lift_decks, open_passages
from networks.ground.dives import find_dives, merged
from networks.ground.doubts import (
    bridge_doubts,
    drain_doubts,
    pipe_doubts,
    pit_doubts,
    terrain_doubts,
    underpass_doubts,
)
from networks.ground.drains import Drains, drain_rows, drains_of
from networks.ground.flow import Flow, flow_over
from networks.ground.gaps import open_gaps
from networks.ground.grid import Grid
from networks.ground.land import land_frame, sea_beyond
from networks.ground.low_roads import cells_of, find_dips, underpasses_of_dips, underpasses_of_dives
from networks.ground.options import COPERNICUS, GroundOptions
from networks.ground.raster import dem_terrain
from networks.ground.spot_heights import coast_heights, interpolated_terrain, spot_heights
from networks.ground.storms import GUESSED, read_storms
from networks.ground.structures import Structure, find_structures, kind_of, structure_rows, use_of, with_edges
from networks.ground.swmm import read_pipes, rim_offset_m
from networks.ground.terrain import BUILDING, WATER, Terrain
from networks.ground.underpasses import Underpass, underpass_rows
from networks.ground.way_graph import WayGraph
from networks.osm.extract import Extract
from networks.repairs import Repair
from networks.roads.network import Roads

Rows = list[dict[str, Any]]


@dataclass
class Ground:
    """What was made of a city's ground.

    Attributes:
        terrain: None without heights.
        rows: Layer -> rows.
        repairs: What was changed against the terrain's file.
        doubts: What was guessed or looks odd.
        files: Where the heights come from.
        address: Where they were downloaded, or "".
        pipes: The SWMM file, kept with the city; None without one.
        flow: The ways of water on the terrain.
        checks: Figures that the quality report judges.
    """

    terrain: Terrain | None
    rows: dict[str, Rows] = field(default_factory=dict)
    repairs: list[Repair] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    files: tuple[Path, ...] = ()
    address: str = ""
    pipes: Path | None = None
    flow: Flow | None = None
    checks: dict[str, Any] = field(default_factory=dict)


def model_ground(
    extract: Extract,
    plane: Plane,
    frame: Polygon,
    rows: Mapping[str, Rows],
    coast: list[LineString],
    options: GroundOptions,
    roads: Roads,
) -> Ground:
    """Model the ground.

    Args:
        extract: The map.
        plane: Its nodes in metres.
        frame: Its border, m.
        rows: Rows of the layers `water`, `buildings`, `edges` and `zones`.
        coast: Coastlines, m, the land on their left.
        options: What whoever builds the city says.
        roads: The road network.

    Raises:
        BadMap: A terrain cannot be used.
        BadInput: Another file cannot be used.
        EngineFailed: A download failed.
    """
    shapes = _shapes(rows, frame)
    grid = Grid.over(_land(rows, frame))
    ground = _heights(extract, plane, frame, grid, shapes, coast, options)
    roads = _with_nodes(roads, extract)
    structures = with_edges(find_structures(extract, plane, frame), roads.source, roads.net.edges)
    storms = read_storms(Path(options.storm)) if options.storm else GUESSED
    drains = drains_of(storms, options.drain_return_period_y)
    streets = _streets(rows)
    underpasses: list[Underpass] = []
    if ground.terrain is not None:
        on_ground = _beneath(extract, plane)
        underpasses = _levels(ground, structures, on_ground, WayGraph(extract, plane, frame), roads, drains)
        _check(ground, underpasses, structures, on_ground, grid.covered(shapes["sea"]), streets)
    ground.rows["structures"] = structure_rows([*structures, *_as_structures(underpasses, structures)])
    ground.rows["underpasses"] = underpass_rows(underpasses)
    ground.rows["drains"] = drain_rows(drains, rows["zones"], [line for _, line in streets], shapes["buildings"])
    ground.doubts += [*terrain_doubts(ground.terrain, frame), *drain_doubts(drains, frame)]
    ground.doubts += [*underpass_doubts(underpasses), *bridge_doubts(structures)]
    _pipes(ground, plane, frame, options)
    return ground


def _with_nodes(roads: Roads, extract: Extract) -> Roads:
    """The roads; a network of the city's owner names its ways without their nodes, which the map knows."""
    if roads.source.way_nodes:
        return roads
    named = {way for edge in roads.net.edges for way in edge.osm_ways}
    nodes = {way.osm_id: way.nodes for way in extract.ways if way.osm_id in named}
    return replace(roads, source=replace(roads.source, way_nodes=nodes))


def _streets(rows: Mapping[str, Rows]) -> list[tuple[str, LineString]]:
    """Ids and axes (m) of the road edges at ground level."""
    return [
        (edge["edge_id"], edge["geometry"])
        for edge in rows["edges"]
        if not (edge["bridge"] or edge["tunnel"] or edge["highway"] == "outside")
    ]


def _shapes(rows: Mapping[str, Rows], frame: Polygon) -> dict[str, list[BaseGeometry]]:
    sea = sea_beyond([w["geometry"] for w in rows["water"] if w["kind"] == "sea"], frame)
    return {
        "sea": sea,
        "water": sea + [w["geometry"] for w in rows["water"] if w["kind"] != "sea"],
        "buildings": [b["geometry"] for b in rows["buildings"]],
    }


def _land(rows: Mapping[str, Rows], frame: Polygon) -> Polygon:
    sea = [row["geometry"] for row in rows["water"] if row["kind"] == "sea"]
    return land_frame(frame, sea, [row["geometry"] for layer in ("edges", "buildings") for row in rows[layer]])


def _beneath(extract: Extract, plane: Plane) -> list[Beneath]:
    """Waterways, roads and railways that are not on a bridge themselves, nor in a tunnel."""
    kinds = {"water": "waterway", "road": "road", "rail": "railway"}
    return [
        Beneath(f"w{way.osm_id}", kinds[use], LineString([plane.xy[node] for node in run]))
        for way in extract.ways
        if (use := str(use_of(way.tags))) in kinds and kind_of(way.tags) in (None, "passage")
        for run in extract.runs(way)
    ]


def _levels(
    ground: Ground,
    structures: Sequence[Structure],
    on_ground: Sequence[Beneath],
    graph: WayGraph,
    roads: Roads,
    drains: Drains,
) -> list[Underpass]:
    """Take decks off the terrain, open passages and gaps, burn low roads in; the underpasses that there are."""
    assert ground.terrain is not None
    terrain, lifted = lift_decks(ground.terrain, structures, on_ground)
    terrain, opened = open_passages(terrain, structures)
    terrain, gaps = open_gaps(terrain)
    groups = merged(find_dives(graph, terrain, [way.line for way in on_ground]))
    terrain, owner, burned = burn_in(terrain, groups)
    ground.terrain = terrain
    ground.repairs += [*lifted, *opened, *gaps, *burned]
    flow = ground.flow = flow_over(
        terrain.elevation_m, terrain.cell_m, outlet=terrain.surface == WATER, blocked=terrain.surface == BUILDING
    )
    net = (roads.source, roads.net.edges)
    found = underpasses_of_dives(groups, owner, flow, terrain, graph, net, drains)
    if terrain.source_cell_m <= FINE_ENOUGH_M:
        dips = find_dips(graph, structures, terrain, flow)
        found += underpasses_of_dips(dips, owner, flow, terrain, graph, net, drains)
    return sorted(found, key=lambda one: one.osm)


def _as_structures(underpasses: Sequence[Underpass], structures: Sequence[Structure]) -> list[Structure]:
    """Underpasses as structures of their own, beside the tunnels that they are part of."""
    return [
        Structure(
            osm=one.osm,
            kind="underpass",
            use="road",
            level=min((s.level for s in structures if set(s.osm) & set(one.osm)), default=0),
            name=one.name,
            ways=(),
            line=one.line,
            half_width_m=one.half_width_m,
            clearance_m=one.clearance_m,
            clearance_source=one.clearance_source,
            edges=one.edges,
            crossed_by=tuple(dict.fromkeys(e for s in structures if set(s.osm) & set(one.osm) for e in s.crossed_by)),
        )
        for one in underpasses
    ]


def _check(
    ground: Ground,
    underpasses: Sequence[Underpass],
    structures: Sequence[Structure],
    beneath: Sequence[Beneath],
    sea: np.ndarray,
    streets: Sequence[tuple[str, LineString]],
) -> None:
    """Measure the finished terrain: pits, water beneath bridges, the coast."""
    terrain, flow = ground.terrain, ground.flow
    assert terrain is not None and flow is not None
    low = terrain.low_road | cells_of(terrain.grid, underpasses)
    pits = find_pits(terrain, flow, low, streets)
    ground.checks |= pit_figures(pits, terrain)
    ground.checks["dammed_waterways"] = len(dammed(terrain, structures, beneath))
    ground.checks["coast_height_m"] = coast_heights_m(terrain, sea)
    ground.doubts += pit_doubts(pits)


def _pipes(ground: Ground, plane: Plane, frame: Polygon, options: GroundOptions) -> None:
    ground.rows |= {"drain_nodes": [], "drain_links": []}
    if options.swmm is None:
        return
    pipes = read_pipes(Path(options.swmm), plane, frame, crs=options.swmm_crs)
    ground.rows |= {"drain_nodes": pipes.nodes, "drain_links": pipes.links}
    ground.doubts += pipe_doubts(pipes, frame)
    ground.pipes = Path(options.swmm)
    ground.checks["pipes"] = {"crs": pipes.crs, "warnings": list(pipes.warnings), "unplaced": len(pipes.unplaced)}
    if ground.terrain is not None:
        ground.checks["pipes"]["rim_above_ground_m"] = rim_offset_m(pipes, ground.terrain)


def _heights(
    extract: Extract,
    plane: Plane,
    frame: Polygon,
    grid: Grid,
    shapes: dict[str, list[BaseGeometry]],
    coast: list[LineString],
    options: GroundOptions,
) -> Ground:
    spots = spot_heights(extract, plane, frame)
    if options.dem is None:
        return Ground(
            interpolated_terrain(spots, coast_heights(coast, frame), grid, **shapes), checks={"hole_share": 0.0}
        )
    tiles = Tiles((Path(options.dem),), (), "")
    if options.dem == COPERNICUS:
        tiles = download_tiles(_box_around(extract.box), options.downloads, address=options.dem_url)
    terrain, repairs, missing = dem_terrain(
        tiles.files,
        grid,
        plane.epsg,
        **shapes,
        spots=spots,
        name=NAME if tiles.address else None,
        stated_error_m=options.dem_error_m,
        stated_model=options.dem_model,
        outside_m=0.0 if tiles.at_sea else np.nan,
    )
    checks = {"hole_share": round(missing, 5)}
    return Ground(terrain, repairs=repairs, files=tiles.files, address=tiles.address, checks=checks)


def _box_around(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The map's box and some cells more: the upright raster of a UTM zone reaches beyond it."""
    west, south, east, north = box
    margin = 0.06 * max(east - west, north - south) + 0.001
    return west - margin, south - margin, east + margin, north + margin
