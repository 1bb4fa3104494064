"""Builds a city from an OSM file, or from a SUMO net: every layer, the road network, the terrain, the manifest."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from networks.assembling.city_manifest import write_city_manifest
from networks.assembling.rows import Rows, assemble_rows
from networks.assembling.site import Site, site_of
from networks.city import MANIFEST, NET_FILE, TERRAIN_FILE, City
from networks.corrections.applying import Corrected, correct, correction_doubts, correction_repairs
from networks.corrections.reading import read_corrections
from networks.corrections.sources import keep_corrections, mark_sources, remembered
from networks.doubts import doubt_rows
from networks.errors import BadCity, BadMap, EngineFailed, StorageFailed
from networks.ground.model import Ground, model_ground
from networks.ground.options import GroundOptions
from networks.ground.swmm import PIPES_FILE
from networks.ground.terrain import write_terrain
from networks.imports.net_map import bare_extract, framed, own_roads
from networks.imports.own_net import OwnNet, is_net, read_own_net, unpack_net
from networks.landing import landing_folder
from networks.layers import LAYERS, make_layer, write_layer
from networks.osm.extract import Extract, read_osm
from networks.osm.flaws import flaw_repairs
from networks.osm.objects import OBJECTS_FILE, objects_of, write_objects
from networks.osm.odd_values import odd_values
from networks.osm.whereabouts import Whereabouts
from networks.places.land import coastlines
from networks.places.map_places import PLACES_FILE, write_map_places
from networks.provenance import ATTRIBUTION
from networks.quality.evidence import evidence_of
from networks.quality.inspection import Inspection, inspect
from networks.quality.report import quality_report, write_quality
from networks.repairs import Repair, repair_rows
from networks.roads.network import Roads, build_roads
from networks.signals.guesses.planning import plan_signals

if TYPE_CHECKING:
    import geopandas as gpd

_LEAST_ROOM_BYTES = 2_000_000


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
    site = replace(site_of(corrected.extract if corrected else extract, own), border_links=border_links)
    _note_the_map(site, corrected)
    with landing_folder(out) as folder, _blaming_the_disk(out):
        roads, rows = _roads_and_rows(site, corrected, folder, tell)
        tell("modelling the terrain")
        earth = _terrain(site, rows, roads, options, folder)
        tell("checking the quality")
        inspection, repairs = _inspected(site, roads, rows, earth)
        tell("writing the city")
        rows |= {"transit_stops": [], "transit_routes": []}  # twin import gtfs
        write_objects(objects, folder / OBJECTS_FILE)
        write_map_places(site.places, folder / PLACES_FILE)
        tables = {layer: make_layer(layer, rows[layer], site.plane.epsg) for layer in LAYERS}
        _write_layers(tables, folder / "layers")
        facts = {"epsg": site.plane.epsg, "data_date": site.extract.data_date, "attribution": ATTRIBUTION}
        write_quality(quality_report(inspection, repairs, **facts), folder)
        write_city_manifest(folder, site, tables, earth, name or source.name.split(".")[0], source)
    return City.open(out)


def _note_the_map(site: Site, corrected: Corrected | None) -> None:
    """What is wrong with the map, and what was corrected by hand."""
    where, plane = Whereabouts(site.extract), site.plane
    middle = site.extract.center_lonlat
    site.repairs += flaw_repairs(site.extract.flaws, lambda osm: plane.point(*(where.of(osm) or middle)))
    if corrected:
        site.repairs += correction_repairs(corrected, plane)
        site.doubts += correction_doubts(corrected, plane)


def _roads_and_rows(
    site: Site, corrected: Corrected | None, folder: Path, tell: Callable[[str], None]
) -> tuple[Roads, dict[str, Rows]]:
    """The road network in the city's folder, and the rows of what stands beside it."""
    work = folder / "work"
    work.mkdir()
    tell("converting roads")
    roads = _roads(site, work, folder / NET_FILE)
    shutil.rmtree(work)
    site.doubts += plan_signals(folder / NET_FILE) if site.own is None else []
    rows = assemble_rows(site, roads, tell)
    if corrected:
        mark_sources(rows, roads.net.edges, {} if site.own else roads.source.ways, corrected.changes)
        site.notes["corrections"] = keep_corrections(corrected, folder)
    return roads, rows


def _terrain(site: Site, rows: dict[str, Rows], roads: Roads, options: GroundOptions, folder: Path) -> Ground:
    """The terrain and the pipes in the city's folder, their rows among the others."""
    coast = coastlines(site.extract, site.plane)
    earth = model_ground(site.extract, site.plane, site.frame, rows, coast, options, roads)
    if earth.terrain:
        write_terrain(earth.terrain, site.plane.epsg, folder / TERRAIN_FILE)
    if earth.pipes:
        shutil.copyfile(earth.pipes, folder / PIPES_FILE)
    rows |= earth.rows
    site.notes["ground"] = earth.checks
    site.repairs += earth.repairs
    site.doubts += earth.doubts
    return earth


def _inspected(site: Site, roads: Roads, rows: dict[str, Rows], earth: Ground) -> tuple[Inspection, list[Repair]]:
    """What the quality checks found, and every repair; both are rows too."""
    repairs = [*roads.repairs, *site.repairs, *odd_values(site.extract, site.plane)]
    doubts = [*roads.doubts, *site.doubts]
    evidence = evidence_of(site.extract, site.plane, roads, rows, earth.terrain, site.notes, repairs, doubts)
    inspection = inspect(replace(evidence, source=None) if site.own else evidence)
    rows["repairs"], rows["doubts"] = repair_rows(repairs), doubt_rows(inspection.doubts)
    return inspection, repairs


def _extract(source: Path, own: OwnNet | None, osm: Path | None) -> Extract:
    if own is not None:
        return framed(read_osm(osm), own) if osm is not None else bare_extract(own)
    if osm is not None:
        raise BadMap(
            "--osm goes with a road network, and this is none by its name", file=source, expected="a .net.xml file"
        )
    return read_osm(source)


def _roads(site: Site, work: Path, out: Path) -> Roads:
    if site.own is None:
        sides = {"left_hand": site.left_hand, "border_links": site.border_links}
        return build_roads(site.extract, site.plane, site.frame, **sides, work=work, out=out)
    unpack_net(site.own.file, out)
    return own_roads(site.own, site.extract, site.plane)


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


def _write_layers(tables: dict[str, gpd.GeoDataFrame], folder: Path) -> None:
    folder.mkdir()
    for name, table in tables.items():
        write_layer(table, folder / f"{name}.parquet")
