"""Finding in the city what a scenario names: places, walk nodes, edges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from networks.errors import BadScenario

if TYPE_CHECKING:
    import geopandas as gpd

    from networks import City
    from scenarios.interventions import Place

NAMED_LAYERS = ("attractions", "facilities", "stops", "car_parks")


def locate(city: City, place: Place, *, what: str) -> tuple[float, float]:
    """Coordinates (m, city CRS) of a place; `what` names it in errors.

    Raises:
        BadScenario: No such name or edge, or outside the city.
    """
    if place.edge is not None:
        edges = city.layer("edges")
        found = edges[edges["edge_id"] == place.edge]
        if not len(found):
            raise BadScenario(f"{what}: the edge {place.edge!r} is not in the city {city.name}")
        middle = found.geometry.iloc[0].interpolate(0.5, normalized=True)
        return float(middle.x), float(middle.y)
    if place.attraction is not None:
        return _named(city, place.attraction, what)
    assert place.lon is not None and place.lat is not None
    return project(city, place.lon, place.lat, what=what)


def project(city: City, lon: float, lat: float, *, what: str) -> tuple[float, float]:
    """City coordinates (m) of a longitude and latitude.

    Raises:
        BadScenario: It is outside the city's map, or the city has no geo reference.
    """
    from pyproj import Transformer

    if not city.georeferenced:
        raise BadScenario(
            f"{what}: the road network of {city.name} has no geo reference, so degrees mean nothing in it",
            expected="an edge or a name",
            remedy="give edge: ID instead of lon and lat",
        )
    x, y = Transformer.from_crs("EPSG:4326", city.crs, always_xy=True).transform(lon, lat)
    min_x, min_y, max_x, max_y = city.bounds
    if not (min_x <= x <= max_x and min_y <= y <= max_y):
        raise BadScenario(
            f"{what}: {lon}, {lat} is outside the map of {city.name}",
            expected="a longitude and a latitude within the city",
            remedy="lon comes before lat only in maths: check that they are not swapped",
        )
    return float(x), float(y)


def _named(city: City, name: str, what: str) -> tuple[float, float]:
    for layer in NAMED_LAYERS:
        table = city.layer(layer)
        found = table[table["name"] == name]
        if len(found):
            centre = found.sort_values("osm_id").geometry.iloc[0].representative_point()
            return float(centre.x), float(centre.y)
    raise BadScenario(
        f"{what}: {city.name} has no attraction, facility, stop or car park called {name!r}",
        expected="a name that is on the map",
        remedy="give lon and lat instead",
    )


def nearest_edge(city: City, x: float, y: float, *, vclass: Literal["passenger", "emergency"] = "passenger") -> str:
    """Id of the edge nearest to a point, see `networks.NearestRoad`."""
    from networks import NearestRoad

    return NearestRoad(city, vclass).to(x, y)[0]


def nearest_node(node_x: np.ndarray, node_y: np.ndarray, x: float, y: float) -> int:
    """Index of the walk node nearest to a point."""
    return int(np.argmin(np.hypot(node_x - x, node_y - y)))


def matching_stops(stops: gpd.GeoDataFrame, name: str) -> np.ndarray:
    """Rows (positions) of the stops with that name or OSM id."""
    return np.flatnonzero((stops["name"] == name) | (stops["osm_id"] == name))
