"""Hot spots from a city's map: ground without buildings, doors where ways cross its edge, and clear words otherwise."""

from __future__ import annotations

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, Point, box

from models.crowd.hotspot import HotSpot, MapSpot, Walking, hot_spot_of
from models.crowd.hotspot.map_doors import doors_of
from networks import City, NotThere, WalkGraph
from networks.errors import BadInput
from networks.osm.objects import read_objects
from networks.places.map_places import ground_kind, read_map_places

sys.path.append(str(Path(__file__).parent))
from crowd_world import graph_of

SQUARE = "Narinkkatori"


def _drawn(city: City, folder: Path, polygon) -> str:  # type: ignore[no-untyped-def]
    file = folder / "drawn.geojson"
    gpd.GeoSeries([polygon], crs=city.crs).to_crs(4326).to_file(file)
    return str(file)


def _holds(city: City, spot: MapSpot) -> None:
    """What is true of every hot spot of a map."""
    graph = city.walk_graph()
    for one in spot.doors:
        assert all(Point(end).distance(spot.area.boundary) < 0.5 for end in one.door.ends_m)
        assert 0.24 < one.door.width_m <= one.width_m + 1e-6
        assert not spot.links[list(one.links)].any(), "the streets behind a door are outside"
        assert one.node in {*graph.link_from[list(one.links)], *graph.link_to[list(one.links)]}


def test_a_square_of_the_map_can_be_crossed_by_its_doors(helsinki: City) -> None:
    spot = hot_spot_of(helsinki, SQUARE)
    _holds(helsinki, spot)
    assert len(spot.doors) >= 3
    assert spot.links.any()
    assert spot.area.area <= spot.polygon.area
    with HotSpot(spot.area, (), spot.gates) as crowd:
        for one in spot.gates[1:]:
            crowd.enter(spot.gates[0].name, one.name, [1.3, 1.4])
        crowd.advance(240.0)
        assert (crowd.still_there(), crowd.waiting(spot.gates[0].name)) == (0, 0)
        assert len(crowd.people) == 2 * (len(spot.doors) - 1)


def test_squares_and_platforms_that_the_map_draws_as_relations_are_hot_spots(helsinki: City) -> None:
    places = read_map_places(helsinki.folder)
    square = hot_spot_of(helsinki, "Rautatientori")
    assert places["r2919118"].ground == "square" and places["r2919118"].name == "Rautatientori"
    assert square.polygon.area == pytest.approx(places["r2919118"].shape.area, rel=0.01)
    assert len(square.doors) >= 5
    _holds(helsinki, square)
    platform = hot_spot_of(helsinki, "r8064316")
    assert places["r8064316"].ground == "platform" and len(platform.doors) >= 2
    _holds(helsinki, platform)
    assert sum(one.ground == "platform" for one in places.values()) > 20


def test_what_is_near_is_told_where_a_name_or_number_is_no_ground(helsinki: City) -> None:
    with pytest.raises(NotThere, match="Rautatientori"):
        hot_spot_of(helsinki, "Rautatientorii")
    middle = hot_spot_of(helsinki, "Rautatientori").polygon.centroid
    lonlat = gpd.GeoSeries([middle], crs=helsinki.crs).to_crs(4326).iloc[0]
    near = min(
        (one for one in read_objects(helsinki.folder).values() if one.kind in ("stop", "signal", "crossing")),
        key=lambda one: one.shape.distance(lonlat),
    )
    with pytest.raises(BadInput, match=r"near it: Rautatientori .r2919118, square"):
        hot_spot_of(helsinki, near.osm)


def test_an_older_city_has_no_outlines_and_a_walk_link_still_serves(tmp_path: Path) -> None:
    assert read_map_places(tmp_path) == {}


def test_grounds_are_told_by_their_tags() -> None:
    assert ground_kind({"public_transport": "platform", "highway": "bus_stop"}) == "platform"
    assert ground_kind({"place": "square", "highway": "pedestrian"}) == "square"
    assert ground_kind({"area:highway": "footway"}) == "walkway"
    assert ground_kind({"area:highway": "traffic_island"}) == ground_kind({"highway": "service"}) == ""


def test_squares_and_bridges_are_hot_spots_or_say_why_not(helsinki: City) -> None:
    ways = [one for one in read_objects(helsinki.folder).values() if one.kind == "path"]
    squares = [one.osm for one in ways if one.tags.get("area") == "yes"]
    bridges = [one.osm for one in ways if "bridge" in one.tags]
    found = 0
    for osm in (*squares[:12:2], *bridges[:2], "w579278047"):
        try:
            spot = hot_spot_of(helsinki, osm)
        except BadInput as told:
            assert told.remedy
        else:
            _holds(helsinki, spot)
            found += 1
    assert found >= 5


def test_a_drawn_polygon_has_doors_where_ways_cross_it_and_loses_its_buildings(helsinki: City, tmp_path: Path) -> None:
    middle = hot_spot_of(helsinki, SQUARE).polygon.centroid
    spot = hot_spot_of(
        helsinki, _drawn(helsinki, tmp_path, box(middle.x - 15, middle.y - 12, middle.x + 15, middle.y + 12))
    )
    _holds(helsinki, spot)
    assert spot.name == "drawn"
    assert spot.polygon.area == pytest.approx(720, rel=0.01)
    shapes = helsinki.layer("walk_links").geometry
    crossing = shapes.crosses(spot.polygon.exterior)
    assert set(np.flatnonzero(crossing)) >= {link for one in spot.doors for link in one.links} - set(
        np.flatnonzero(shapes.touches(spot.polygon))
    )


def test_what_is_no_hot_spot_is_told(helsinki: City, tmp_path: Path) -> None:
    with pytest.raises(NotThere, match="no square, platform or way for walkers called Nowhere"):
        hot_spot_of(helsinki, "Nowhere")
    with pytest.raises(NotThere, match="no such file"):
        hot_spot_of(helsinki, str(tmp_path / "none.geojson"))
    point = next(one.osm for one in read_objects(helsinki.folder).values() if one.kind == "stop")
    with pytest.raises(BadInput, match="no ground that people walk on, but a stop"):
        hot_spot_of(helsinki, point)
    left, low, right, high = helsinki.bounds
    with pytest.raises(BadInput, match="outside the map"):
        hot_spot_of(helsinki, _drawn(helsinki, tmp_path, box(right + 900, low, right + 950, low + 50)))
    with pytest.raises(BadInput, match="covers"):
        hot_spot_of(helsinki, _drawn(helsinki, tmp_path, box(left, low, right, high)))
    house = max(helsinki.layer("buildings").geometry, key=lambda shape: shape.area)
    with pytest.raises(BadInput, match="leave no single ground"):
        hot_spot_of(helsinki, _drawn(helsinki, tmp_path, house.buffer(-5).representative_point().buffer(6)))
    (tmp_path / "torn.geojson").write_text("{")
    with pytest.raises(BadInput, match="cannot be read"):
        hot_spot_of(helsinki, str(tmp_path / "torn.geojson"))


class _Crossroads:
    """A bridge from (0, 0) to (30, 0) that goes on to both sides, and a way beneath it."""

    def __init__(self) -> None:
        xy = [(0, 0), (30, 0), (-20, 0), (50, 0), (15, -20), (15, 20)]
        links = [(0, 1), (2, 0), (1, 3), (4, 5)]
        self._graph = graph_of(xy, links, width_m=3.0)
        lines = [LineString([xy[a], xy[b]]) for a, b in links]
        self._links = gpd.GeoDataFrame({"width_m": [3.0] * 4}, geometry=lines)

    def walk_graph(self) -> WalkGraph:
        return self._graph

    def layer(self, name: str) -> gpd.GeoDataFrame:
        assert name == "walk_links"
        return self._links


def test_a_way_beneath_a_bridge_leads_to_a_square_there_but_not_to_the_bridge() -> None:
    city, deck = _Crossroads(), box(0, -1.5, 30, 1.5)
    doors, notes = doors_of(city, deck, deck, Walking(), lone=True)  # type: ignore[arg-type]
    assert [(one.node, one.links) for one in sorted(doors, key=lambda one: one.node)] == [(0, (1,)), (1, (2,))]
    assert not notes
    doors, _ = doors_of(city, deck, deck, Walking())  # type: ignore[arg-type]
    assert sorted(link for one in doors for link in one.links) == [1, 2, 3, 3]
