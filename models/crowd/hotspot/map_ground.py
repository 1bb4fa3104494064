"""The ground of a place on a city's map: a square, a bridge or a way for walkers, or a polygon that somebody drew."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from networks.errors import BadInput, NotThere
from networks.places.map_places import MapPlace, grounds_called_like, grounds_near, read_map_places

if TYPE_CHECKING:
    from networks import City
    from networks.osm.objects import MapObject

NEAR_M = 3.0
"""How far a way on the map may lie from the walk link whose width it gets (m)."""
LARGEST_M2 = 20_000.0
"""More ground than this is no hot spot: a model of every person is too dear for it (20,000 m2 hold 40,000 people)."""
DRAWN = (".geojson", ".json", ".gpkg")


class MapGround(NamedTuple):
    """A place's ground.

    Attributes:
        name: Its name on the map, or its file's.
        polygon: Its outline in the city's plane (m).
        lone: It is a single way with a width, perhaps on a bridge.
    """

    name: str
    polygon: Polygon
    lone: bool


def ground_of(city: City, place: str) -> MapGround:
    """The ground of a place.

    A platform, a square or a walkway with an outline on the map (a closed way or a multipolygon) is its polygon; any
    other way for walkers (a bridge, a stair, a pedestrian street) is as wide as its walk link.

    Args:
        city: A city that was built from a map.
        place: An object of the map (`w4227155`, `r2919185`), its name, or a file with one polygon in degrees (WGS 84).

    Raises:
        NotThere: No such place, or several of one name.
        BadInput: The place has no outline, is in pieces, too large, off the map; or the file holds no single polygon.
        BadCity: The city was not built from a map.
    """
    if place.lower().endswith(DRAWN):
        made = MapGround(Path(place).stem, _drawn(Path(place), city), False)
    elif (outlined := _outlined(read_map_places(city.folder), place)) is not None:
        made = MapGround(outlined.name or outlined.osm, _single(outlined.shape, outlined.osm), False)
    else:
        found = _find(city, place)
        lone = found.tags.get("area") != "yes"
        made = MapGround(found.tags.get("name", found.osm), _shape(city, found), lone)
    if made.polygon.area > LARGEST_M2:
        raise BadInput(
            f"{made.name} covers {made.polygon.area:.0f} m2",
            place=place,
            expected=f"{LARGEST_M2:.0f} m2 at most",
            remedy="draw the part of it that gets dense, and give that file (.geojson)",
        )
    return made


def _outlined(places: Mapping[str, MapPlace], place: str) -> MapPlace | None:
    """The ground of that number or name that has an outline on the map; None without one."""
    one = places.get(place)
    named = [one] if one else [other for other in places.values() if other.name == place]
    grounds = [other for other in named if other.ground]
    if len(grounds) > 1:
        told = ", ".join(f"{other.osm} ({other.ground}, {other.shape.area:.0f} m2)" for other in grounds[:8])
        raise NotThere(f"{len(grounds)} grounds are called {place}", place=told, remedy="name one of them")
    return grounds[0] if grounds else None


def _find(city: City, place: str) -> MapObject:
    from networks.osm.objects import read_objects

    objects = read_objects(city.folder)
    if place in objects:
        return objects[place]
    named = [one for one in objects.values() if one.kind == "path" and one.tags.get("name") == place]
    areas = [one for one in named if one.tags.get("area") == "yes"]
    known = areas or named
    if len(known) == 1:
        return known[0]
    if known:
        told = ", ".join(one.osm for one in known[:8])
        raise NotThere(f"{len(known)} ways for walkers are called {place}", place=told, remedy="name one of them")
    squares = grounds_called_like(read_map_places(city.folder), place)
    raise NotThere(
        f"{city.name} has no square, platform or way for walkers called {place}",
        place=place,
        expected=", ".join(squares) or "an object of the map, such as w123",
        remedy="name one of these or its number on the map, or give a file with its polygon (.geojson)",
    )


def _shape(city: City, found: MapObject) -> Polygon:
    import geopandas as gpd

    if found.kind != "path" or not isinstance(found.shape, LineString):
        at = gpd.GeoSeries([found.shape], crs=4326).to_crs(city.crs).iloc[0]
        near = grounds_near(read_map_places(city.folder), at)
        raise BadInput(
            f"{found.osm} is no ground that people walk on, but a {found.kind}",
            place=found.osm,
            expected=f"a square, a platform, a bridge or another way for walkers{'; near it: ' + near if near else ''}",
            remedy="name one of these, or give a file with its polygon (.geojson)",
        )
    line = gpd.GeoSeries([found.shape], crs=4326).to_crs(city.crs).iloc[0]
    if found.tags.get("area") == "yes" and line.is_closed:
        return _single(Polygon(line.coords).buffer(0), found.osm)
    return _single(line.buffer(_width_m(city, line, found.osm) / 2, cap_style="flat"), found.osm)


def _width_m(city: City, line: LineString, osm: str) -> float:
    """Width of the walk link that a way of the map became (m)."""
    links = city.layer("walk_links")
    middle = line.interpolate(0.5, normalized=True)
    apart = links.geometry.distance(middle)
    if not len(apart) or float(apart.min()) > NEAR_M:
        raise BadInput(
            f"{osm} is no way in the walk graph", place=osm, remedy="give a file with its polygon (.geojson)"
        )
    return float(links["width_m"].to_numpy()[int(apart.to_numpy().argmin())])


def _drawn(file: Path, city: City) -> Polygon:
    import geopandas as gpd

    if not file.is_file():
        raise NotThere("there is no such file", file=file, expected="a polygon in degrees (WGS 84)")
    try:
        table = gpd.read_file(file)
    except Exception as error:  # GDAL's drivers raise what they like
        raise BadInput(f"it cannot be read: {error}", file=file, expected="GeoJSON or GeoPackage") from error
    shapes = table.set_crs(4326, allow_override=table.crs is None).to_crs(city.crs).geometry
    if not len(shapes):
        raise BadInput("it holds nothing", file=file, expected="one polygon")
    left, low, right, high = city.bounds
    shape = shapes.union_all()
    x, y = shape.centroid.x, shape.centroid.y
    if shape.is_empty or not (left <= x <= right and low <= y <= high):
        raise BadInput(
            "the polygon lies outside the map",
            file=file,
            expected=f"longitude and latitude {city.lonlat_range}",
            remedy="check that it is (longitude, latitude) in WGS 84, not GCJ-02",
        )
    return _single(shape, str(file))


def _single(shape: BaseGeometry, place: str) -> Polygon:
    """The polygon, where it is one: rounded edges are drawn straight to 0.2 m."""
    plain = shape.simplify(0.2)
    if isinstance(plain, MultiPolygon) and len(plain.geoms) == 1:
        plain = plain.geoms[0]
    if not isinstance(plain, Polygon) or not plain.area > 0:
        raise BadInput(
            f"it is a {shape.geom_type} of {shape.area:.0f} m2",
            place=place,
            expected="one polygon that has an area",
            remedy="draw the piece that you mean, and give that file (.geojson)",
        )
    return plain
