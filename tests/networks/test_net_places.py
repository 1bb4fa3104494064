"""Layers against the tags that they come from: parts of buildings, streams, stations, services, ways on foot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from shapely import affinity
from shapely.geometry import Point, box
from small_towns import ROAD, block, town_xml

from networks.coordinates.projection import Plane, utm_epsg
from networks.osm.areas import Area, Areas
from networks.osm.extract import Extract, Tags, read_osm
from networks.places.buildings import building_rows
from networks.places.destinations import (
    NearestEdge,
    NearestNode,
    all_places,
    attraction_rows,
    car_park_rows,
    facility_rows,
    stop_rows,
)
from networks.places.land import water_rows, waterway_rows
from networks.places.zones import zone_rows
from networks.walking.graph import build_walk, road_kind, walk_doubts, walk_kind

Write = Callable[..., Path]


class Ground:
    """Areas made by hand, in metres."""

    def __init__(self, *areas: Area) -> None:
        self.items = list(areas)
        self.incomplete = 0

    having = Areas.having


def square(name: str, tags: Tags, side: float = 20.0, at: tuple[float, float] = (0.0, 0.0)) -> Area:
    return Area(name, tags, affinity.translate(box(0, 0, side, side), *at))


def rows(*areas: Area) -> dict[str, dict[str, object]]:
    return {str(row["osm_id"]): row for row in building_rows(Ground(*areas))}  # type: ignore[arg-type]


def test_a_tower_raises_the_building_that_holds_it() -> None:
    outline = square("w1", {"building": "office"})
    tower = square("w2", {"building:part": "yes", "height": "64"}, side=10.0)
    base = square("w3", {"building:part": "yes", "building:levels": "2"}, side=10.0, at=(10.0, 0.0))
    found = rows(outline, tower, base)
    assert set(found) == {"w1"}
    assert found["w1"]["height_m"] == 64.0
    assert found["w1"]["height_source"] == "osm height"
    assert found["w1"]["floor_area_m2"] == pytest.approx(
        100 * 20 + 100 * 2 + 200 * 11, abs=1
    )  # the bare half: the mean
    assert found["w1"]["levels"] == pytest.approx(4400 / 400, abs=0.01)


def test_what_the_outline_says_of_its_height_counts_before_its_parts() -> None:
    part = square("w2", {"building:part": "yes", "height": "64"}, side=10.0)
    assert rows(square("w1", {"building": "yes", "height": "30"}), part)["w1"]["height_m"] == 30.0
    found = rows(square("w1", {"building": "yes", "building:levels": "5"}), part)["w1"]
    assert found["height_m"] == 64.0
    assert found["floor_area_m2"] == pytest.approx(100 * 20 + 300 * 5, abs=1)


def test_a_roof_on_stilts_has_an_underside() -> None:
    found = rows(square("w1", {"building": "roof", "height": "8", "min_height": "5"}))["w1"]
    assert (found["height_m"], found["min_height_m"]) == (8.0, 5.0)
    above = square("w2", {"building:part": "yes", "building:levels": "6", "building:min_level": "4"})
    found = rows(square("w1", {"building": "yes"}), above)["w1"]
    assert found["floor_area_m2"] == pytest.approx(400 * 2, abs=1)
    assert found["min_height_m"] == 0.0


def test_parts_that_stand_alone_are_buildings_and_parts_of_no_height_say_nothing() -> None:
    found = rows(square("w2", {"building:part": "apartments", "building:levels": "4"}, at=(100.0, 0.0)))
    assert found["w2"]["levels"] == 4
    assert found["w2"]["use"] == "home"
    mute = square("w3", {"building:part": "yes"}, side=10.0)
    assert rows(square("w1", {"building": "yes"}), mute)["w1"]["height_source"] == "guessed"
    assert rows(square("w1", {"building": "yes"}), square("w3", {"building:part": "no", "height": "99"}))["w1"][
        "height_m"
    ] == pytest.approx(9.6)


def town(
    write: Write,
    nodes: Mapping[int, tuple[float, float]],
    ways: Mapping[int, tuple[list[int], Tags]],
    tags: Mapping[int, Tags],
) -> tuple[Extract, Plane]:
    grid, streets = block()
    text = town_xml({**grid, **nodes}, {**streets, **ways}, node_tags=tags, bounds=(-0.5, -0.5, 3.5, 3.5))
    extract = read_osm(write(text))
    return extract, Plane(extract.lonlat, utm_epsg(*extract.center_lonlat))


RING = {900: (0.2, 0.2), 901: (0.8, 0.2), 902: (0.8, 0.8), 903: (0.2, 0.8)}
CLOSED = [900, 901, 902, 903, 900]


def test_streams_are_lines_with_a_width_and_a_direction(write: Write) -> None:
    nodes = {910: (-9.0, 1.5), 911: (1.5, 1.5), 912: (1.5, 2.5), 913: (2.5, 2.5)}
    ways: dict[int, tuple[list[int], Tags]] = {
        5000: ([910, 911, 912], {"waterway": "river", "width": "7.5 m", "name": "Aa"}),
        5001: ([912, 913], {"waterway": "stream", "tunnel": "culvert"}),
        5002: ([911, 913], {"waterway": "fuel"}),
        5003: ([913, 911], {"natural": "coastline"}),
    }
    extract, plane = town(write, nodes, ways, {})
    frame = plane.frame(extract.box)
    found = {row["osm_id"]: row for row in waterway_rows(extract, plane, frame)}
    assert set(found) == {"w5000", "w5001", "w5003"}
    river = found["w5000"]
    assert (river["name"], river["width_m"], river["width_source"]) == ("Aa", 7.5, "osm")
    assert frame.buffer(0.01).contains(river["geometry"])
    assert river["geometry"].coords[-1] == pytest.approx(plane.xy[912], abs=0.001)
    assert (found["w5001"]["tunnel"], found["w5001"]["width_source"]) == (True, "guessed")
    assert found["w5003"]["kind"] == "coastline"
    water = water_rows(extract, Areas(extract, plane), plane, frame)
    area = sum(row["geometry"].area for row in water if row["kind"] == "river")
    assert area == pytest.approx(river["geometry"].length * 7.5, rel=0.02)
    assert "stream" not in {row["kind"] for row in water}


def test_stations_are_stops_as_points_and_as_areas_once(write: Write) -> None:
    tags: dict[int, Tags] = {700: {"railway": "station", "name": "Central"}}
    ways: dict[int, tuple[list[int], Tags]] = {5000: (CLOSED, {"railway": "station", "name": "Central"})}
    extract, plane = town(write, {**RING, 700: (0.9, 0.9)}, ways, tags)
    areas, frame = Areas(extract, plane), plane.frame(extract.box)
    assert [a.osm_id for a in areas.items] == ["w5000"]
    found = stop_rows(all_places(extract, areas, plane, frame), NearestNode([]))
    assert [(row["osm_id"], row["kind"]) for row in found] == [("n700", "rail")]
    alone = read_osm(write(town_xml({**RING, 1: (0, 0)}, {5000: ways[5000], 1: ([1, 900], ROAD)})))
    plane = Plane(alone.lonlat, plane.epsg)
    places = all_places(alone, Areas(alone, plane), plane, plane.frame(alone.box))
    assert [row["osm_id"] for row in stop_rows(places, NearestNode([]))] == ["w5000"]


def test_a_hospital_within_its_grounds_is_one(write: Write) -> None:
    tags: dict[int, Tags] = {
        700: {"amenity": "hospital"},
        701: {"amenity": "hospital", "name": "Another"},
        702: {"healthcare": "clinic"},
        703: {"emergency": "ambulance_station"},
    }
    inside = {700: (0.5, 0.5), 701: (0.6, 0.5), 702: (0.4, 0.5), 703: (0.5, 0.4)}
    extract, plane = town(
        write, {**RING, **inside}, {5000: (CLOSED, {"amenity": "hospital", "name": "St. Mary"})}, tags
    )
    places = all_places(extract, Areas(extract, plane), plane, plane.frame(extract.box))
    found = {(row["osm_id"], row["kind"]) for row in facility_rows(places, NearestEdge(()))}
    assert found == {
        ("n701", "hospital"), ("n702", "clinic"), ("n703", "ambulance_station"), ("w5000", "hospital"),
    }  # fmt: skip


def test_garages_hold_more_on_more_levels_and_piers_draw_people(write: Write) -> None:
    garage = {"amenity": "parking", "parking": "multi-storey", "parking:levels": "5"}
    ways: dict[int, tuple[list[int], Tags]] = {
        5000: (CLOSED, garage),
        5001: ([1, 900], {"man_made": "pier", "name": "Long Pier"}),
        5002: ([901, 902], {"tourism": "attraction", "name": "Promenade"}),
    }
    extract, plane = town(write, RING, ways, {})
    places = all_places(extract, Areas(extract, plane), plane, plane.frame(extract.box))
    (park,) = car_park_rows(places, NearestEdge(()))
    assert park["capacity"] == pytest.approx(5 * 60 * 60 / 28, rel=0.02)
    assert park["capacity_source"] == "guessed"
    assert {row["name"] for row in attraction_rows(places)} == {"Long Pier", "Promenade"}


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"highway": "residential"}, "sidewalk"),
        ({"highway": "residential", "motor_vehicle": "no"}, "sidewalk"),
        ({"highway": "residential", "access": "private"}, None),
        ({"highway": "service", "access": "private", "foot": "yes"}, "sidewalk"),
        ({"highway": "service", "service": "parking_aisle"}, "path"),
        ({"highway": "track"}, "path"),
        ({"highway": "track", "foot": "no"}, None),
        ({"highway": "motorway"}, None),
        ({"highway": "primary", "sidewalk": "separate"}, None),
        ({"highway": "primary", "sidewalk": "both", "tunnel": "yes"}, "sidewalk"),
        ({"highway": "primary", "tunnel": "yes"}, None),
        ({"highway": "footway"}, None),
    ],
)
def test_where_people_walk_along_a_road(tags: Tags, kind: str | None) -> None:
    assert road_kind(tags) == kind


def test_platforms_are_walked_unless_closed() -> None:
    assert walk_kind({"railway": "platform"}) == "path"
    assert walk_kind({"public_transport": "platform", "access": "no"}) is None
    assert walk_kind({"railway": "rail"}) is None


def test_widths_of_stairs_and_sidewalks_are_read(write: Write) -> None:
    nodes, _ = block()
    ways: dict[int, tuple[list[int], Tags]] = {
        1: ([1, 2], {"highway": "steps", "width": "3.5 ft"}),
        2: (
            [2, 3],
            {**ROAD, "sidewalk": "both", "sidewalk:left:width": "2", "sidewalk:right:width": "1.5", "width": "9"},
        ),
        3: ([3, 4], {**ROAD, "sidewalk:both:width": "3", "sidewalk": "both"}),
        4: ([4, 104], {"highway": "steps"}),
        5: ([104, 103], {**ROAD, "width": "9"}),
    }
    extract = read_osm(write(town_xml(nodes, ways)))
    walk = build_walk(extract, Plane(extract.lonlat, utm_epsg(*extract.center_lonlat)), (), {})
    found = [(link["kind"], round(link["width_m"], 2), link["width_source"]) for link in walk.links]
    assert sorted(found) == [
        ("sidewalk", 3.5, "osm"), ("sidewalk", 4.0, "guessed"), ("sidewalk", 6.0, "osm"),
        ("steps", 1.07, "osm"), ("steps", 2.5, "guessed"),
    ]  # fmt: skip


def test_zones_are_the_grid_cut_at_the_frame_and_the_shore() -> None:
    frame, sea = box(0, 0, 900, 500), box(500, 150, 2000, 2000)
    homes = [
        {"geometry": Point(x, 100).buffer(5), "population": 10.0, "use": "work", "floor_area_m2": 300.0}
        for x in (50, 250, 300)
    ]
    zones = zone_rows(frame, homes, [], frame.difference(sea), NearestEdge(()), NearestNode([]))
    assert [z["zone_id"] for z in zones[:5]] == ["z00_00", "z01_00", "z02_00", "z03_00", "z04_00"]
    assert [z["population"] for z in zones[:3]] == [10.0, 20.0, 0.0]
    assert zones[0]["jobs"] == 8.0
    assert sum(z["geometry"].area for z in zones) == pytest.approx(frame.difference(sea).area)
    assert "z03_01" not in {z["zone_id"] for z in zones}


def test_a_quarter_that_nobody_reaches_on_foot_is_a_doubt(write: Write) -> None:
    nodes, ways = block()
    nodes |= {900: (5.0, 0.0), 901: (6.0, 0.0), 902: (6.0, 0.02)}
    beyond: dict[int, tuple[list[int], Tags]] = {5000: ([900, 901], ROAD), 5001: ([902, 2], {"highway": "motorway"})}
    extract = read_osm(write(town_xml(nodes, {**ways, **beyond})))
    walk = build_walk(extract, Plane(extract.lonlat, utm_epsg(*extract.center_lonlat)), (), {})
    (doubt,) = walk_doubts(walk)
    assert doubt.kind == "walk_apart"
    assert doubt.influence == pytest.approx(1 / 25, rel=0.1)
    assert "0.1 km" in doubt.what["en"]
