"""Zones of a city's owner in place of, or beside, the grid of our making."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shapely import STRtree, points, voronoi_polygons
from shapely.geometry import MultiPoint, Point, box
from shapely.geometry.base import BaseGeometry

from networks.city import City
from networks.errors import BadInput
from networks.imports.change import Change, changing_city
from networks.imports.connecting import Connecting
from networks.imports.zones_file import OwnZone, read_zones
from networks.osm.areas import inner_point
from networks.places.destinations import NearestNode
from networks.places.zones import jobs_in
from networks.sentence import Sentence, say

if TYPE_CHECKING:
    import geopandas as gpd

_OVERLAP = 0.02


@dataclass(frozen=True)
class ZonesImported:
    """What an import of zones did.

    Attributes:
        city: The city as it is now.
        inside: Zones on the map.
        outside: Zones beyond it, connected by gateways.
        told: What is guessed in them, or looks odd.
    """

    city: City
    inside: int
    outside: int
    told: tuple[Sentence, ...]


def import_zones(
    folder: Path,
    file: Path,
    *,
    id_column: str | None = None,
    population_column: str | None = None,
    jobs_column: str | None = None,
    layer: str | None = None,
    beside: bool = False,
    drop_od: bool = False,
) -> ZonesImported:
    """Give a city the zones of `file`, whole or not at all.

    Args:
        folder: The city.
        file: See `read_zones`, also for the columns.
        id_column: Column of the ids.
        population_column: Column with people; otherwise they are summed over the buildings of the city.
        jobs_column: Column with jobs; likewise.
        layer: Layer of the file.
        beside: Keep the grid; then the imported zones hold no people of their own, which would be counted twice.
        drop_od: Drop a trip table whose zones are not among the new ones.

    Raises:
        BadInput: The file cannot be used; no zone lies on the map; a trip table does not fit the new zones.
        BadCity: `folder` is no city.
        StorageFailed: The disk is full or may not be written; the city is as it was.
    """
    with changing_city(folder) as change:
        city = change.city
        zones = read_zones(
            file, city.crs, id_column=id_column, population_column=population_column, jobs_column=jobs_column,
            layer=layer,
        )  # fmt: skip
        rows, told = _rows(city, zones, file, alone=not beside)
        kept = _grid_rows(city, file) if beside else []
        clash = sorted({str(row["zone_id"]) for row in kept} & {zone.zone_id for zone in zones})
        if clash:
            raise BadInput(f"the id {clash[0]} is also one of the grid", file=file, remedy="import without --beside")
        told += _check_od(change, {str(r["zone_id"]) for r in [*kept, *rows]}, drop_od)
        origin = "imported: the dataset zones"
        summed = "guessed: sum over buildings" if not beside else "0: the grid holds the people"
        change.put_layer(
            "zones",
            [*kept, *rows],
            origin,
            {
                "population": origin if population_column else summed,
                "jobs": origin if jobs_column else summed,
                "attraction": "guessed: sum over attractions",
                "connectors": "derived: streets in the zone; gateways that face a zone beyond the map",
                "edge_id": "derived",
                "walk_node": "derived",
                "source": "derived: imported lies on the map, outside beyond it",
            },
        )
        if population_column:
            people = [g for g in change.about["guesses"] if not g["en"].startswith("population: ")]
            change.about["guesses"] = people
        change.tell("zones", told)
        change.put_dataset("zones", Path(file))
    outside = sum(row["source"] == "outside" for row in rows)
    return ZonesImported(City.open(folder), len(rows) - outside, outside, tuple(told))


def _rows(
    city: City, zones: Sequence[OwnZone], file: Path, *, alone: bool
) -> tuple[list[dict[str, Any]], list[Sentence]]:
    frame = box(*city.bounds)
    connecting = Connecting(city)
    nodes = NearestNode(city.layer("walk_nodes").to_dict("records"))
    shapes = _cells(zones, frame)
    here = [_lies_here(zone.shape, frame) for zone in zones]
    if not any(here):
        raise BadInput(
            "none of its zones lies on the map of the city",
            file=file,
            expected=f"lon and lat in {city.lonlat_range}",
            remedy="check the coordinate system of the file, the order of lon and lat, and that it is of this city",
        )
    sums = _Sums(city, frame)
    rows = []
    for zone, shape, inside in zip(zones, shapes, here, strict=True):
        middle = zone.shape if isinstance(zone.shape, Point) else inner_point(shape)
        connectors = connecting.inside(shape) if inside else connecting.outside(middle)
        people, jobs, draw = sums.of(shape) if inside and alone else (0.0, 0.0, 0.0)
        rows.append(
            {
                "zone_id": zone.zone_id,
                "population": people if math.isnan(zone.population) else zone.population * alone,
                "jobs": jobs if math.isnan(zone.jobs) else zone.jobs * alone,
                "attraction": draw,
                "walk_node": nodes.to(middle) if inside else -1,
                "edge_id": connectors[0] if connectors else "",
                "source": "imported" if inside else "outside",
                "connectors": " ".join(connectors),
                "geometry": shape,
            }
        )
    return rows, _told(zones, shapes, rows, sums.left_out() if alone else 0.0)


def _lies_here(shape: BaseGeometry, frame: BaseGeometry) -> bool:
    """A zone counts as on the map when its point, or a hundredth of its area, or of the map, is there."""
    if shape.geom_type == "Point":
        return bool(frame.covers(shape))
    common = shape.intersection(frame).area
    return common > 0.01 * min(shape.area, frame.area)


def _cells(zones: Sequence[OwnZone], frame: BaseGeometry) -> list[BaseGeometry]:
    """The zones' areas; around centroids, what is nearer to each than to all others (Voronoi), within 500 m of all."""
    if zones[0].shape.geom_type != "Point":
        return [zone.shape for zone in zones]
    every = MultiPoint([zone.shape for zone in zones])
    around = box(*frame.union(every).bounds).buffer(500.0, join_style="mitre")
    if len(set(every.geoms)) < len(zones):
        raise BadInput("two zones have the same centroid", expected="a place of its own for each zone")
    if len(zones) == 1:
        return [around]
    cells = list(voronoi_polygons(every, extend_to=around).geoms)
    tree = STRtree(cells)
    at = tree.query(points([(z.shape.x, z.shape.y) for z in zones]), predicate="intersects")
    return [cells[int(i)].intersection(around) for i in at[1][_first_of(at[0])]]


def _first_of(numbers: Any) -> Any:
    import numpy as np

    return np.unique(numbers, return_index=True)[1]


class _Sums:
    """People, jobs and attraction by area, each building and place counted where a point of it lies."""

    def __init__(self, city: City, frame: BaseGeometry) -> None:
        self._buildings: gpd.GeoDataFrame = city.layer("buildings")
        self._places: gpd.GeoDataFrame = city.layer("attractions")
        self._frame = frame
        self._homes = STRtree([inner_point(shape) for shape in self._buildings.geometry])
        self._draws = STRtree(list(self._places.geometry))
        self._jobs = [jobs_in(row) for row in self._buildings[["floor_area_m2", "use"]].to_dict("records")]
        self._counted: set[int] = set()

    def of(self, shape: BaseGeometry) -> tuple[float, float, float]:
        """(people, jobs, attraction) of an area."""
        found = sorted(int(i) for i in self._homes.query(shape, predicate="intersects"))
        self._counted.update(found)
        people = float(self._buildings["population"].iloc[found].sum())
        draws = sorted(int(i) for i in self._draws.query(shape, predicate="intersects"))
        weight = float(self._places["weight"].iloc[draws].sum())
        return round(people, 2), round(sum(self._jobs[i] for i in found), 2), round(weight, 3)

    def left_out(self) -> float:
        """Share of the city's people who live in no zone."""
        people = self._buildings["population"].to_numpy(dtype=float)
        counted = people[sorted(self._counted)].sum()
        return float(1.0 - counted / people.sum()) if people.sum() > 0 else 0.0


def _told(
    zones: Sequence[OwnZone], shapes: Sequence[BaseGeometry], rows: Sequence[dict[str, Any]], left_out: float
) -> list[Sentence]:
    told = []
    outside = sum(row["source"] == "outside" for row in rows)
    if outside:
        told.append(
            say(
                f"zones: {outside} of {len(rows)} lie beyond the map and are connected by the gateways that face them",
                f"小区：{len(rows)}个中有{outside}个位于地图之外，经朝向其方位的出入口道路接入，属推测",
            )
        )
    if zones[0].shape.geom_type == "Point":
        told.append(
            say(
                "zones: given as centroids; their areas are what is nearer to each than to the others",
                "小区：仅给出形心；其范围按最近形心划分，属推测",
            )
        )
    elif _overlap(shapes) > _OVERLAP:
        told.append(
            say(
                f"zones: {_overlap(shapes):.0%} of their area lies in two zones and is counted twice",
                f"小区：{_overlap(shapes):.0%}的面积同属两个小区，被重复计算",
            )
        )
    lonely = sum(not row["connectors"] for row in rows)
    if lonely:
        told.append(
            say(
                f"zones: {lonely} are connected to no road: the map has no gateway for them",
                f"小区：有{lonely}个未接入道路：地图上没有可用的出入口",
            )
        )
    if left_out > 0.01:
        told.append(
            say(
                f"zones: {left_out:.0%} of the city's people live in no zone and make no trips",
                f"小区：{left_out:.0%}的居民不在任何小区内，不产生出行",
            )
        )
    return told


def _overlap(shapes: Sequence[BaseGeometry]) -> float:
    """Area that lies in two zones, over the area of all."""
    tree = STRtree(list(shapes))
    one, other = tree.query(list(shapes), predicate="intersects")
    twice = sum(shapes[a].intersection(shapes[b]).area for a, b in zip(one, other, strict=True) if a < b)
    return float(twice / sum(shape.area for shape in shapes))


def _grid_rows(city: City, file: Path) -> list[dict[str, Any]]:
    zones = city.layer("zones")
    grid = zones[zones["source"] == "grid"].to_dict("records")
    if not grid:
        raise BadInput(
            "the grid of zones has been replaced before, so nothing can stand beside it",
            file=file,
            remedy="import without --beside, or build the city again",
        )
    return grid


def _check_od(change: Change, zones: set[str], drop: bool) -> list[Sentence]:
    if "od" not in change.about.get("tables", {}):
        return []
    od = change.city.table("od")
    unknown = sorted((set(od["origin"]) | set(od["destination"])) - zones)
    if not unknown:
        return []
    if not drop:
        raise BadInput(
            f"the city's trip table names zones that these lack: {', '.join(unknown[:5])}",
            expected="all zones of the trip table",
            remedy="drop the table with --drop-od, and import it again afterwards",
        )
    change.drop_table("od")
    return [say("the trip table was dropped: its zones are gone", "出行表已移除：其小区不复存在")]
