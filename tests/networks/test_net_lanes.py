"""Lanes, speeds, bus and cycle lanes of small towns and real cities as built, against their tags."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from small_towns import ROAD, Tags, block, town_xml

from networks.coordinates.projection import Plane, utm_epsg
from networks.osm.demo import demo_extract
from networks.osm.extract import read_osm
from networks.roads.checks import CHECKS, lanes_against_tags, speeds_against_tags, turns_against_tags, ways_on
from networks.roads.lanes import repair_lanes
from networks.roads.net_file import NetEdge
from networks.roads.network import Roads, build_roads
from networks.roads.plain import read_plain

Write = Callable[..., Path]
MONACO = Path(os.environ.get("CITYTWIN_DATA", "")) / "osm" / "monaco.osm.pbf"


def roads_of(file: Path, *, left_hand: bool = False) -> Roads:
    """The roads of a map file, without its other layers."""
    extract = read_osm(file)
    plane = Plane(extract.lonlat, utm_epsg(*extract.center_lonlat))
    work = file.parent / f"work_{file.stem}"
    work.mkdir()
    frame = plane.frame(extract.box)
    return build_roads(extract, plane, frame, left_hand=left_hand, work=work, out=work / "roads.net.xml")


def street(tags: Mapping[str, str]) -> str:
    """A block of streets, with one more street of these tags (way 3001) through its middle, west to east."""
    nodes, ways = block()
    nodes |= {900 + i: (float(i), 1.5) for i in range(4)}
    for i in range(4):
        up = ways[2000 + i][0]
        ways[2000 + i] = ([*up[:2], 900 + i, *up[2:]], ROAD)
    ways[3001] = ([900, 901, 902, 903], tags)
    return town_xml(nodes, ways)


def edges_of(roads: Roads, way: int = 3001) -> tuple[list[NetEdge], list[NetEdge]]:
    """Edges (along, against) a way."""
    found = [e for e in roads.net.edges if way in e.osm_ways]
    return [e for e in found if not e.edge_id.startswith("-")], [e for e in found if e.edge_id.startswith("-")]


@pytest.mark.parametrize(
    ("tags", "ahead", "back"),
    [
        ({"lanes": "3"}, 2, 1),
        ({"lanes": "3", "lanes:backward": "2"}, 1, 2),
        ({"lanes": "4", "cycleway": "lane"}, 2, 2),
        ({"lanes": "2;3", "oneway": "yes"}, 2, 0),
        ({"lanes": "3", "oneway": "-1"}, 0, 3),
        ({"lanes": "3", "oneway": "yes", "oneway:bus": "no"}, 2, 1),
        ({"lanes": "5", "lanes:forward": "2", "lanes:backward": "2", "lanes:both_ways": "1"}, 2, 2),
        ({"lanes": "1", "railway": "tram"}, 1, 1),
    ],
)
def test_lanes_are_built_as_tagged(write: Write, tags: Tags, ahead: int, back: int) -> None:
    roads = roads_of(write(street({"highway": "secondary", "maxspeed": "40"} | tags)))
    along, against = edges_of(roads)
    assert {e.lanes for e in along} == ({ahead} if ahead else set())
    assert {e.lanes for e in against} == ({back} if back else set())
    for check in CHECKS:
        assert check(roads.net, roads.source).offenders == (), check.__name__


def test_a_cycle_lane_lies_at_the_kerb_and_takes_no_motor_lane(write: Write) -> None:
    roads = roads_of(write(street({"highway": "secondary", "lanes": "4", "cycleway:right": "track"})))
    along, against = edges_of(roads)
    assert all((e.lanes, e.cycle_lanes, e.lane_allows[0]) == (2, 1, {"bicycle"}) for e in along)
    assert all((e.lanes, e.cycle_lanes) == (2, 0) for e in against)
    cars, bicycles = set(roads.net.pairs("passenger")), set(roads.net.pairs("bicycle"))
    assert {pair for pair in cars if pair[0] == along[0].edge_id} <= bicycles  # they turn left too
    assert {r.rule for r in roads.repairs} >= {"bicycle_turns"}


def test_bicycles_stay_off_where_the_map_says_so(write: Write) -> None:
    roads = roads_of(write(street({"highway": "secondary", "lanes": "2", "bicycle": "no"})))
    along, against = edges_of(roads)
    assert not any("bicycle" in e.allows for e in along + against)
    assert any("bicycle" in e.allows for e in roads.net.edges)


def test_bus_lanes_let_in_ambulances_and_keep_out_cars(write: Write) -> None:
    roads = roads_of(write(street({"highway": "secondary", "lanes": "3", "oneway": "yes", "lanes:psv": "1"})))
    along, _ = edges_of(roads)
    assert all(e.lane_allows[0] >= {"bus", "emergency"} and "passenger" not in e.lane_allows[0] for e in along)
    assert all("passenger" in lane for e in along for lane in e.lane_allows[1:])
    assert "bus_lane_users" in {r.rule for r in roads.repairs}


def test_where_traffic_keeps_left_kerb_and_arrows_are_on_the_left(write: Write) -> None:
    nodes, ways = block()
    tags = {"highway": "secondary", "lanes": "3", "oneway": "yes", "turn:lanes": "left|through|through"}
    ways[1001] = ([101, 102], tags | {"cycleway:left": "lane"})
    ways[3001] = ([102, 103, 104], {**ROAD, "lanes": "4"})
    roads = roads_of(write(town_xml(nodes, ways)), left_hand=True)
    edge = next(e for e in roads.net.edges if 1001 in e.osm_ways)
    assert edge.lane_allows[0] == {"bicycle"}
    moves = [link for link in roads.net.links if link.from_edge == edge.edge_id and "passenger" in link.allows]
    assert {(link.from_lane, link.direction) for link in moves} == {(1, "l"), (2, "s"), (3, "s")}
    check = turns_against_tags(roads.net, roads.source)
    assert (check.compared, check.offenders) == (1, ())


def test_limits_of_each_direction(write: Write) -> None:
    tags = {"highway": "secondary", "lanes": "2", "maxspeed:forward": "30 mph", "maxspeed:backward": "RO:urban"}
    roads = roads_of(write(street(tags)))
    along, against = edges_of(roads)
    assert {round(e.speed_mps, 2) for e in along} == {13.41}
    assert {round(e.speed_mps, 2) for e in against} == {13.89}
    assert {(r.rule, r.osm) for r in roads.repairs} >= {("maxspeed_value", "w3001")}


def test_a_ramp_adds_no_lane_to_a_motorway_whose_lanes_are_stated(write: Write) -> None:
    nodes = {i: (3.0 * i, 0.0) for i in range(1, 8)} | {20: (4.0, -1.0), 21: (3.0, -1.5)}
    motorway = {"highway": "motorway", "lanes": "2", "maxspeed": "100"}
    ways = {
        100: ([1, 2, 3], motorway),
        101: ([3, 4, 5, 6, 7], motorway),
        103: ([21, 20, 3], {"highway": "motorway_link", "lanes": "1"}),
        104: ([7, 1], motorway),
        105: ([2, 21], {"highway": "tertiary", "oneway": "yes"}),
    }
    roads = roads_of(write(town_xml(nodes, ways)))
    assert {e.lanes for e in edges_of(roads, 101)[0]} == {2}
    del motorway["lanes"]
    guessed = roads_of(write(town_xml(nodes, ways), "guessed.osm"))
    assert 3 in {e.lanes for e in edges_of(guessed, 101)[0]}


def test_no_lane_ends_without_a_way_on(write: Write) -> None:
    nodes, ways = block()
    ways[1001] = ([101, 102], {**ROAD, "lanes": "3", "oneway": "yes"})
    ways[3001] = ([102, 103, 104], {**ROAD, "lanes": "1", "oneway": "yes"})
    roads = roads_of(write(town_xml(nodes, ways)))
    assert ways_on(roads.net, roads.source).offenders == ()


@pytest.mark.parametrize("name", ["helsinki", "monaco"])
def test_real_cities_agree_with_their_tags(name: str, tmp_path: Path) -> None:
    source = demo_extract() if name == "helsinki" else MONACO
    if not source.is_file():
        pytest.skip("the data of Monaco is not here: set CITYTWIN_DATA")
    file = tmp_path / source.name
    file.symlink_to(source)
    roads = roads_of(file)
    for check in CHECKS:
        assert check(roads.net, roads.source).share >= 0.99, check.__name__
    assert lanes_against_tags(roads.net, roads.source).compared > 300
    assert speeds_against_tags(roads.net, roads.source).compared > 300


@pytest.mark.parametrize("more", [1, -1])
def test_lanes_and_limits_that_the_converter_changed_are_given_back(write: Write, more: int) -> None:
    file = write(street({"highway": "secondary", "lanes": "3", "oneway": "yes", "maxspeed": "40"}))
    roads = roads_of(file)
    plain = read_plain(file.parent / "work_town" / "raw")
    name = next(e for e in plain.edges if 3001 in plain.osm_ways(e))
    lanes = plain.lanes(name)
    if more > 0:
        plain.edges[name].append(ET.fromstring(ET.tostring(lanes[-1])))
        plain.lanes(name)[-1].set("index", str(len(lanes)))
    else:
        plain.edges[name].remove(lanes[-1])
        plain.connections = [c for c in plain.connections if c.get("from") != name or c.get("fromLane") != "2"]
        plain.connections = [c for c in plain.connections if c.get("to") != name or c.get("toLane") != "2"]
    for lane in plain.lanes(name):
        lane.set("speed", "25.00")
    repairs, _ = repair_lanes(plain, roads.source)
    assert [lane.get("index") for lane in plain.lanes(name)] == ["0", "1", "2"]
    assert {lane.get("speed") for lane in plain.lanes(name)} == {"11.11"}
    told = {r.rule: (r.osm, r.before, r.after) for r in repairs if r.net == name}
    assert told["lanes_from_tag"] == ("w3001", f"lanes={3 + more}", "lanes=3")
    assert told["speed_from_tag"] == ("w3001", "speed 25.00 m/s", "speed 11.11 m/s")
    assert {c.get("fromLane") for c in plain.connections if c.get("from") == name} == {"0", "1", "2"}
