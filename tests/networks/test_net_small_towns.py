"""Towns small enough to know the answer: formats, clipping, gateways, driving side, empty layers."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable
from pathlib import Path

import osmium
import pytest
from small_towns import ROAD, block, town_xml

from networks import LAYERS, NotThere, build_city

Write = Callable[..., Path]


def test_every_format_gives_the_same_city(write: Write, tmp_path: Path) -> None:
    plain = write(town_xml(*block()))
    text = plain.read_bytes()
    (tmp_path / "town.osm.gz").write_bytes(gzip.compress(text))
    (tmp_path / "town.osm.bz2").write_bytes(bz2.compress(text))
    with osmium.SimpleWriter(str(tmp_path / "town.osm.pbf")) as writer:
        for item in osmium.FileProcessor(str(plain)):
            writer.add(item)
    digests = {
        build_city(tmp_path / f"town.osm{suffix}", tmp_path / f"city{i}").digest
        for i, suffix in enumerate(("", ".gz", ".bz2", ".pbf"))
    }
    assert len(digests) == 1


def test_a_town_of_streets_alone_has_empty_layers_and_no_terrain(write: Write, tmp_path: Path) -> None:
    city = build_city(write(town_xml(*block())), tmp_path / "city")
    assert city.name == "town"
    assert len(city.layer("edges")) == 2 * 2 * 4 * 3 - 8  # the four corners are bends, not junctions
    for name in ("buildings", "signals", "water", "facilities", "stops", "car_parks", "attractions"):
        assert len(city.layer(name)) == 0
        assert list(city.layer(name).columns) == [*LAYERS[name], "geometry"]
    assert set(city.layer("edges").speed_mps.round(2)) == {11.11}
    assert set(city.layer("edges").speed_source) == {"osm"}
    assert set(city.layer("walk_links").kind) == {"sidewalk"}
    with pytest.raises(NotThere, match="no terrain"):
        city.terrain()


def test_clipped_ways_become_gateways_also_one_way_ones(write: Write, tmp_path: Path) -> None:
    nodes, ways = block()
    nodes |= {9001: (-0.5, 1.0), 9002: (3.5, 2.0), 9003: (1.0, 3.5)}
    ways[3001] = ([9999, 9001, 101], ROAD)  # two-way, cut in the west
    ways[3002] = ([204, 9002, 9998], {**ROAD, "oneway": "yes"})  # leaves in the east
    ways[3003] = ([9997, 9003, 302], {**ROAD, "oneway": "yes"})  # enters in the north
    ways[3004] = ([9996, 9995], ROAD)  # nothing of it is here
    city = build_city(write(town_xml(nodes, ways, bounds=(-0.6, -0.2, 3.6, 3.6))), tmp_path / "city")
    found = {(g.edge_id.lstrip("-").split("#")[0], g.direction) for g in city.layer("gateways").itertuples()}
    assert found == {("3001", "in"), ("3001", "out"), ("3002", "out"), ("3003", "in")}


def test_whole_ways_are_cut_where_they_leave_the_stated_box(write: Write, tmp_path: Path) -> None:
    nodes, ways = block()
    nodes |= {9000 + i: (3.0 + i, 2.0) for i in range(1, 20)}
    ways[3001] = ([204, *range(9001, 9020)], ROAD)
    city = build_city(write(town_xml(nodes, ways, bounds=(-0.5, -0.5, 5.5, 3.5))), tmp_path / "city")
    assert city.layer("edges").total_bounds[2] < city.bounds[2] + 120
    assert sorted(city.layer("gateways").direction) == ["in", "out"]


def test_a_one_way_trap_inside_a_known_border_is_left_out(write: Write, tmp_path: Path) -> None:
    nodes, ways = block()
    nodes[9001] = (1.5, 1.5)
    ways[3001] = ([102, 9001], {**ROAD, "oneway": "yes"})
    city = build_city(write(town_xml(nodes, ways, bounds=(-0.5, -0.5, 3.5, 3.5))), tmp_path / "city")
    assert not any("3001" in e for e in city.layer("edges").edge_id)
    assert len(city.layer("gateways")) == 0


def test_hospital_building_and_crossing(write: Write, tmp_path: Path) -> None:
    nodes, ways = block()
    corners = {9001: (1.3, 1.3), 9002: (1.6, 1.3), 9003: (1.6, 1.6), 9004: (1.3, 1.6)}
    walk = {9010: (0.5, 0.8), 9011: (0.5, 1.0), 9012: (0.5, 1.2), 9013: (0.4, 1.0)}
    nodes |= corners | walk
    ways[1001] = ([101, 9011, 102, 103, 104], ROAD)
    tags = {"building": "hospital", "amenity": "hospital", "name": "Test", "building:levels": "5"}
    ways[3001] = ([*corners, 9001], tags)
    ways[3002] = ([9010, 9011, 9012], {"highway": "footway", "footway": "crossing", "width": "3.5"})
    city = build_city(write(town_xml(nodes, ways)), tmp_path / "city")
    house = city.layer("buildings").iloc[0]
    assert (house.use, house.height_m, house.height_source, house.population) == ("health", 16.0, "osm levels", 0.0)
    assert city.layer("facilities").kind.tolist() == ["hospital"]
    links = city.layer("walk_links")
    crossing = links[links.kind == "crossing"]
    assert set(crossing.width_m) == {3.5} and set(crossing.width_source) == {"osm"}
    crossed = {edge.lstrip("-").split("#")[0] for text in crossing.crossing_edges for edge in text.split()}
    assert crossed == {"1001"}


def test_a_bus_only_street_is_kept_for_ambulances_not_for_cars(write: Write, tmp_path: Path) -> None:
    nodes, ways = block()
    ways[3001] = ([102, 203], {**ROAD, "access": "no", "bus": "yes", "psv": "yes"})
    city = build_city(write(town_xml(nodes, ways)), tmp_path / "city")
    edges = city.layer("edges")
    street = edges[edges.edge_id.str.contains("3001")]
    assert len(street) == 2
    assert street.bus.all() and not street.passenger.any()
