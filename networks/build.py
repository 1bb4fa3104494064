"""Builds a city from an OSM file, or from a SUMO net: every layer, the road network, the terrain, the manifest."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shapely import union_all
from shapely.geometry import Polygon

from networks.city import FORMAT, MANIFEST, NET_FILE, TERRAIN_FILE, City
from networks.coordinates.driving_side import drives_left
from networks.coordinates.projection import Plane, utm_epsg
from networks.corrections.applying import correct, correction_doubts, correction_repairs
from networks.corrections.reading import read_corrections
from networks.corrections.sources import keep_corrections, mark_sources, remembered
from networks.datasets import COPERNICUS, OSM, source_dataset
from networks.digest import digest_file
from networks.doubts import Doubt, doubt_rows
from networks.errors import BadCity, BadMap, EngineFailed, StorageFailed
from networks.ground.model import Ground, model_ground
from networks.ground.options import GroundOptions
from networks.ground.swmm import PIPES_FILE
from networks.ground.terrain import terrain_facts, write_terrain
from networks.imports.net_map import around, bare_extract, framed, net_manifest, own_roads, own_rows
from networks.imports.own_net import OwnNet, is_net, read_own_net, unpack_net
from networks.landing import landing_folder
from networks.layers import LAYERS, make_layer, write_layer
from networks.manifest import write_manifest
from networks.osm.areas import Areas
from networks.osm.extract import Extract, read_osm
from networks.osm.flaws import flaw_repairs
from networks.osm.objects import OBJECTS_FILE, objects_of, write_objects
from networks.osm.odd_values import odd_values
from networks.osm.whereabouts import Whereabouts
from networks.places.buildings import building_rows
from networks.places.cameras import camera_rows
from networks.places.destinations import (
    NearestEdge,
    NearestNode,
    all_places,
    attraction_rows,
    car_park_rows,
    facility_rows,
    stop_rows,
)
from networks.places.land import coastlines, landuse_rows, water_rows, waterway_rows
from networks.places.zones import sensor_rows, zone_rows
from networks.provenance import ATTRIBUTION, LICENCES, guesses, provenance
from networks.quality.evidence import evidence_of
from networks.quality.inspection import inspect
from networks.quality.report import quality_report, write_quality
from networks.repairs import Repair, repair_rows
from networks.roads.net_file import OUTSIDE
from networks.roads.network import Roads, build_roads, edge_rows, gateway_rows, signal_rows
from networks.signals.guesses.planning import plan_signals
from networks.walking.graph import build_walk, walk_doubts

if TYPE_CHECKING:
    import geopandas as gpd

Rows = list[dict[str, Any]]
_LEAST_ROOM_BYTES = 2_000_000


@dataclass
class _Ground:
    """What every step of a build shares."""

    extract: Extract
    plane: Plane
    frame: Polygon
    left_hand: bool
    notes: dict[str, Any]
    repairs: list[Repair] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    own: OwnNet | None = None
    border_links: bool = True


def build_city(
    source: Path,
    out: Path,
    *,
    name: str | None = None,
    dem: Path | str | None = None,
    osm: Path | None = None,
    ground_options: GroundOptions | None = None,
    corrections: Path | None = None,
    progress: Callable[[str], None] | None = None,
    border_links: bool = True,
) -> City:
    """Build the city of an OSM file or of a SUMO net in the folder `out`, whole or not at all.

    Args:
        source: `.osm`, `.osm.gz`, `.osm.bz2` or `.osm.pbf`, clipped or not; or `.net.xml`, `.net.xml.gz`.
        out: The city's folder; an older city there is replaced.
        name: The city's name; the file's by default.
        dem: A GeoTIFF of heights, m, or the word `copernicus` to download GLO-30; without it, spot heights of the map
            are interpolated where there are enough.
        osm: With a net: the map that all else comes from.
        ground_options: What else is said about terrain and drains.
        corrections: Hand corrections of the map (`corrections.yaml`); the city keeps a copy, which a later build in
            its place takes where none are given.
        progress: Told the name of each step as it begins.
        border_links: Join ways out of the map to ways in by fictional roads beyond the border (edges of the class
            `outside`), so that every road can be reached from every other.

    Raises:
        BadMap: The file is not OSM, truncated, or has no connected roads; the terrain cannot be read.
        BadCorrections: A correction is impossible, or names an object that is not on the map.
        EngineFailed: netconvert stopped.
        StorageFailed: The disk is full or may not be written.
    """
    tell = progress or (lambda _: None)
    source, out = Path(source), Path(out).absolute()
    options = ground_options or GroundOptions(downloads=out.parent / "downloads")
    options = replace(options, dem=dem) if dem is not None else options
    options.check()
    _refuse_foreign(out)
    tell("reading the map")
    corrections = corrections or remembered(out)
    by_hand = read_corrections(corrections) if corrections else None
    own = read_own_net(source) if is_net(source) else None
    extract = _extract(source, own, osm)
    objects = objects_of(extract)
    corrected = correct(extract, objects, by_hand) if by_hand else None
    extract = corrected.extract if corrected else extract
    ground = replace(_ground(extract, own), border_links=border_links)
    plane, epsg = ground.plane, ground.plane.epsg
    where = Whereabouts(extract)
    ground.repairs += flaw_repairs(extract.flaws, lambda osm: plane.point(*(where.of(osm) or extract.center_lonlat)))
    if corrected:
        ground.repairs += correction_repairs(corrected, plane)
        ground.doubts += correction_doubts(corrected, plane)
    with landing_folder(out) as folder, _blaming_the_disk(out):
        work = folder / "work"
        work.mkdir()
        tell("converting roads")
        roads = _roads(ground, work, folder / NET_FILE)
        shutil.rmtree(work)
        ground.doubts += plan_signals(folder / NET_FILE) if own is None else []
        rows = _rows(ground, roads, tell)
        if corrected:
            mark_sources(rows, roads.net.edges, {} if own else roads.source.ways, corrected.changes)
            ground.notes["corrections"] = keep_corrections(corrected, folder)
        tell("modelling the terrain")
        earth = model_ground(extract, plane, ground.frame, rows, coastlines(extract, plane), options, roads)
        if earth.terrain:
            write_terrain(earth.terrain, epsg, folder / TERRAIN_FILE)
        if earth.pipes:
            shutil.copyfile(earth.pipes, folder / PIPES_FILE)
        rows |= earth.rows
        ground.notes["ground"] = earth.checks
        ground.repairs += earth.repairs
        ground.doubts += earth.doubts
        tell("checking the quality")
        repairs = [*roads.repairs, *ground.repairs, *odd_values(extract, plane)]
        doubts = [*roads.doubts, *ground.doubts]
        evidence = evidence_of(extract, plane, roads, rows, earth.terrain, ground.notes, repairs, doubts)
        inspection = inspect(replace(evidence, source=None) if own else evidence)
        rows["repairs"], rows["doubts"] = repair_rows(repairs), doubt_rows(inspection.doubts)
        tell("writing the city")
        rows |= {"transit_stops": [], "transit_routes": []}  # twin import gtfs
        write_objects(objects, folder / OBJECTS_FILE)
        tables = {layer: make_layer(layer, rows[layer], epsg) for layer in LAYERS}
        _write_layers(tables, folder / "layers")
        title = name or source.name.split(".")[0]
        facts = {"epsg": epsg, "data_date": extract.data_date, "attribution": ATTRIBUTION}
        write_quality(quality_report(inspection, repairs, **facts), folder)
        _write_manifest(folder, ground, tables, earth, title, source)
    return City.open(out)


def _extract(source: Path, own: OwnNet | None, osm: Path | None) -> Extract:
    if own is not None:
        return framed(read_osm(osm), own) if osm is not None else bare_extract(own)
    if osm is not None:
        raise BadMap(
            "--osm goes with a road network, and this is none by its name", file=source, expected="a .net.xml file"
        )
    return read_osm(source)


def _ground(extract: Extract, own: OwnNet | None) -> _Ground:
    if own is not None:
        return _Ground(extract, Plane(extract.lonlat, own.plane.crs), own.frame, own.left_hand, {}, own=own)
    plane = Plane(extract.lonlat, utm_epsg(*extract.center_lonlat))
    left_hand = drives_left(*extract.center_lonlat)
    return _Ground(extract, plane, plane.frame(extract.box), left_hand, {})


def _roads(ground: _Ground, work: Path, out: Path) -> Roads:
    if ground.own is None:
        sides = {"left_hand": ground.left_hand, "border_links": ground.border_links}
        return build_roads(ground.extract, ground.plane, ground.frame, **sides, work=work, out=out)
    unpack_net(ground.own.file, out)
    return own_roads(ground.own, ground.extract, ground.plane)


@contextmanager
def _blaming_the_disk(out: Path) -> Iterator[None]:
    """A step that fails while the disk has no room left failed for that reason, whatever its library said."""
    try:
        yield
    except (EngineFailed, BadCity, RuntimeError, OSError) as error:
        if shutil.disk_usage(out.parent).free < _LEAST_ROOM_BYTES:
            raise StorageFailed(
                "the disk is full; nothing half-written was left", file=out, remedy="free some space and run again"
            ) from error
        raise


def _refuse_foreign(out: Path) -> None:
    """A folder that holds something else than a city is not replaced."""
    if out.exists() and not (out / MANIFEST).exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadMap(
            "the place for the city holds something else, which would be lost",
            file=out,
            expected="a new folder, an empty one, or an older city",
            remedy="choose another --out folder",
        )


def _rows(ground: _Ground, roads: Roads, tell: Callable[[str], None]) -> dict[str, Rows]:
    extract, plane, frame = ground.extract, ground.plane, ground.frame
    tell("assembling buildings, water and land use")
    areas = Areas(extract, plane)
    rows: dict[str, Rows] = {
        "edges": edge_rows(roads),
        "gateways": gateway_rows(roads),
        "signals": signal_rows(roads),
        "buildings": building_rows(areas),
        "water": water_rows(extract, areas, plane, frame),
        "waterways": waterway_rows(extract, plane, frame),
        "landuse": landuse_rows(areas, frame),
    }
    if ground.own is not None:
        rows |= own_rows(rows, roads, plane, frame)
    tell("weaving the walk graph")
    paths = around(extract, plane, frame) if ground.own else extract
    walk = build_walk(paths, plane, roads.streets, roads.source.ways)
    rows |= {"walk_nodes": walk.nodes, "walk_links": walk.links}
    ground.doubts += walk_doubts(walk)
    tell("placing destinations, zones and sensors")
    tunnels = {e["edge_id"] for e in rows["edges"] if e["tunnel"]}
    near_edge, near_node = NearestEdge(roads.streets, tunnels), NearestNode(walk.nodes)
    places = all_places(extract, areas, plane, frame)
    rows |= {
        "attractions": attraction_rows(places),
        "facilities": facility_rows(places, near_edge),
        "stops": stop_rows(places, near_node),
        "car_parks": car_park_rows(places, near_edge),
    }
    land = frame.difference(union_all([w["geometry"] for w in rows["water"] if w["kind"] == "sea"]))
    rows["zones"] = zone_rows(frame, rows["buildings"], rows["attractions"], land, near_edge, near_node)
    rows["cameras"] = camera_rows(places)
    streets = [e for e in rows["edges"] if e["highway"] != OUTSIDE]
    rows["sensors"] = sensor_rows(streets, rows["signals"], rows["attractions"], frame)
    ground.notes = {
        "ways": len(extract.ways),
        "clipped_ways": sum(not extract.whole(way) for way in extract.ways),
        "incomplete_multipolygons": areas.incomplete,
        "road_length_kept_share": round(roads.kept_share, 4),
        "walk_length_left_out_m": round(walk.dropped_m, 1),
        "osm_signal_nodes_on_roads": len(roads.source.signal_nodes),
    }
    return rows


def _write_layers(tables: dict[str, gpd.GeoDataFrame], folder: Path) -> None:
    folder.mkdir()
    for name, table in tables.items():
        write_layer(table, folder / f"{name}.parquet")


def _write_manifest(
    folder: Path,
    ground: _Ground,
    tables: dict[str, gpd.GeoDataFrame],
    earth: Ground,
    name: str,
    source: Path,
) -> None:
    about: dict[str, Any] = {
        "format": FORMAT,
        "name": name,
        "crs": ground.plane.epsg,
        "left_hand": ground.left_hand,
        "bounds_m": [round(v, 3) for v in ground.frame.bounds],
        "frame_lonlat": list(ground.extract.box),
        "frame_source": ground.extract.box_source,
        "center_lonlat": [round(v, 6) for v in ground.extract.center_lonlat],
        "attribution": ATTRIBUTION,
        "licences": LICENCES,
        "georeferenced": True,
        "source": {"file": source.name, "sha256": digest_file(source), "data_date": ground.extract.data_date},
        "dem": [{"file": file.name, "sha256": digest_file(file)} for file in earth.files],
        "datasets": _datasets(source, ground.extract, earth),
        "counts": {layer: len(table) for layer, table in tables.items()},
        "notes": ground.notes,
        "terrain": terrain_facts(earth.terrain) if earth.terrain else None,
        "provenance": provenance(tables),
        "guesses": guesses(tables, earth.terrain),
    }
    write_manifest(folder, net_manifest(about, ground.own, ground.extract) if ground.own else about)


def _datasets(source: Path, extract: Extract, earth: Ground) -> list[dict[str, Any]]:
    found = [source_dataset("map", source, **OSM, date=extract.data_date)]
    for number, file in enumerate(earth.files, 1):
        about = COPERNICUS if file.name.startswith("Copernicus_DSM") else {}
        found.append(source_dataset("terrain" if number == 1 else f"terrain {number}", file, **about))
    if earth.pipes:
        found.append(source_dataset("pipes", earth.pipes))
    return found
