"""The demo city: central Helsinki as a real, clipped extract."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from pyproj import Transformer
from shapely.geometry import Point

from networks import (
    LAYERS,
    BadCity,
    City,
    NotThere,
    build_city,
    demo_extract,
    read_sensors,
    read_sentence,
    read_signal_links,
    read_signal_plans,
)


@pytest.mark.parametrize("name", LAYERS)
def test_every_layer_has_exactly_its_columns(helsinki: City, name: str) -> None:
    table = helsinki.layer(name)
    assert list(table.columns) == [*LAYERS[name], "geometry"]
    assert table.crs == helsinki.crs == "EPSG:32635"
    assert len(table) > 0 or name in (
        "transit_stops",
        "transit_routes",
        "drain_nodes",
        "drain_links",
    )  # these are imported
    assert not table.isna().any().any()


def test_the_same_map_gives_the_same_bytes(helsinki: City, tmp_path: Path) -> None:
    again = build_city(demo_extract(), tmp_path / "again", name="another name")
    assert again.digest == helsinki.digest
    assert again.manifest["files"] == helsinki.manifest["files"]


def test_every_road_leads_to_every_other_through_the_outside(helsinki: City) -> None:
    graph = helsinki.road_graph("passenger")
    gateways = helsinki.layer("gateways")
    links = nx.DiGraph()
    links.add_nodes_from(graph.edge_ids)
    links.add_edges_from(
        (graph.edge_ids[a], graph.edge_ids[b]) for a, b in zip(graph.conn_from, graph.conn_to, strict=True)
    )
    links.add_edges_from((e, "outside") for e in gateways[gateways.direction == "out"].edge_id)
    links.add_edges_from(("outside", e) for e in gateways[gateways.direction == "in"].edge_id)
    links.remove_nodes_from([e for e, ok in zip(graph.edge_ids, graph.allowed, strict=True) if not ok])
    assert nx.is_strongly_connected(links)
    assert len(links) > 500


def test_edges_are_rows_of_the_network(helsinki: City) -> None:
    edges, graph = helsinki.layer("edges"), helsinki.road_graph()
    assert tuple(edges.edge_id) == graph.edge_ids
    np.testing.assert_allclose(edges.length_m, graph.length_m)
    ends = np.array([line.coords[-1] for line in edges.geometry])
    np.testing.assert_allclose(ends, graph.to_xy)
    assert 0.9 < helsinki.manifest["notes"]["road_length_kept_share"] < 1.0
    assert edges.speed_mps.between(5 / 3.6, 60 / 3.6).all()


def test_roads_leave_the_map_at_its_border(helsinki: City) -> None:
    gateways = helsinki.layer("gateways")
    west, south, east, north = helsinki.manifest["frame_lonlat"]
    places = gateways.to_crs(4326).geometry
    off = np.minimum.reduce([places.x - west, east - places.x, 2 * (places.y - south), 2 * (north - places.y)])
    assert (off * 55_600 < 150).all()  # metres: the last node inside may be a long segment away
    assert (gateways.direction == "in").sum() >= 20
    assert (gateways.direction == "out").sum() >= 20


def test_signals_are_as_many_as_there_are(helsinki: City) -> None:
    plans, signals = read_signal_plans(helsinki.net_file), helsinki.layer("signals")
    at_junctions = (signals.kind == "junction").sum()
    assert 33 <= at_junctions <= 41  # about 35 intersections, and crossings between them
    assert len(signals) - at_junctions <= 12
    assert set(plans) == set(signals.tls_id) == set(read_signal_links(helsinki.net_file))
    assert (signals.osm_nodes != "").mean() > 0.9
    for plan in plans.values():
        assert plan.check(plan) == []
        assert plan.cycle_s > 20
        assert plan.source == "guessed"


def test_the_walk_graph_is_one_piece_and_knows_what_it_crosses(helsinki: City) -> None:
    graph = helsinki.walk_graph()
    links = nx.Graph(zip(graph.link_from.tolist(), graph.link_to.tolist(), strict=True))
    assert nx.is_connected(links)
    assert len(links) == len(graph.node_x)
    assert {"footway", "crossing", "steps", "square", "sidewalk"} <= set(graph.kind)
    edges = set(helsinki.layer("edges").edge_id)
    crossings = [over for over, kind in zip(graph.crossing_edges, graph.kind, strict=True) if over]
    assert len(crossings) > 250
    assert all(set(over) <= edges for over in crossings)
    assert {kind for over, kind in zip(graph.crossing_edges, graph.kind, strict=True) if over} == {"crossing"}


def test_the_sea_is_sea_and_the_railway_station_is_not(helsinki: City) -> None:
    to_city = Transformer.from_crs("EPSG:4326", helsinki.crs, always_xy=True).transform
    water = helsinki.layer("water")
    sea = water[water.kind == "sea"].geometry.union_all()
    assert sea.contains(Point(to_city(24.9430, 60.1780)))  # Eläintarhanlahti
    assert not sea.contains(Point(to_city(24.9414, 60.1719)))  # the railway station
    assert 60_000 < sea.area < 200_000
    terrain = helsinki.terrain()
    column, row = (int(v) for v in ~terrain.transform @ to_city(24.9430, 60.1780))
    assert terrain.surface[row, column] == 1
    assert terrain.elevation_m[row, column] == 0.0
    stations = helsinki.layer("stops")
    assert not stations[stations.kind == "subway"].intersects(sea).any()


def test_terrain_is_labelled_screening_with_its_error(helsinki: City) -> None:
    terrain = helsinki.terrain()
    assert terrain.screening
    assert "86 spot heights" in terrain.source["en"]
    assert 0.5 < terrain.vertical_error_m < 4.0
    assert terrain.elevation_m.dtype == np.float32
    assert terrain.elevation_m[~terrain.low_road].min() >= 0.0 and 15 < terrain.elevation_m.max() < 30
    low_x, low_y, high_x, high_y = helsinki.bounds
    rows, columns = terrain.elevation_m.shape
    assert terrain.transform.c <= low_x and terrain.transform.c + columns * terrain.cell_m >= high_x
    assert terrain.transform.f >= high_y and terrain.transform.f - rows * terrain.cell_m <= low_y
    assert set(np.unique(terrain.surface)) == {0, 1, 2}


def test_people_and_services_are_there_and_guesses_are_said(helsinki: City) -> None:
    people = helsinki.layer("zones").population.sum()
    assert people == pytest.approx(helsinki.layer("buildings").population.sum(), rel=0.05)
    assert any(f"{people:.0f} people, guessed" in said["en"] for said in helsinki.guesses)
    facilities = helsinki.layer("facilities").set_index("name")
    assert facilities.loc["Erottajan paloasema", "kind"] == "fire_station"
    assert set(facilities.edge_id) <= set(helsinki.layer("edges").edge_id)
    assert {sensor.kind for sensor in read_sensors(helsinki)} == {"detector", "rain_gauge", "gate_counter"}
    assert {sensor.source for sensor in read_sensors(helsinki)} == {"guessed"}
    assert not helsinki.left_hand
    assert "OpenStreetMap" in helsinki.attribution


def test_a_changed_city_is_noticed(helsinki: City, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(helsinki.folder, copy)
    assert City.open(copy, verify=True).digest == helsinki.digest
    net = copy / "roads.net.xml"
    net.write_bytes(net.read_bytes().replace(b'speed="8.33"', b'speed="9.33"', 1))
    City.open(copy)
    with pytest.raises(BadCity, match="changed since"):
        City.open(copy, verify=True)
    (copy / "layers" / "zones.parquet").unlink()
    with pytest.raises(BadCity, match=r"zones\.parquet"):
        City.open(copy)


def test_what_is_no_city_says_so(helsinki: City, tmp_path: Path) -> None:
    with pytest.raises(BadCity, match="no city"):
        City.open(tmp_path)
    (tmp_path / "city.json").write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(BadCity, match="another format"):
        City.open(tmp_path)
    with pytest.raises(NotThere, match="tunnels"):
        helsinki.layer("tunnels")


def test_every_guess_is_said_in_both_languages(helsinki: City) -> None:
    for told in (*helsinki.guesses, helsinki.terrain().source):
        assert read_sentence(told) == told
        assert re.search("[\u4e00-\u9fff]", told["zh"]) and not re.search("[\u4e00-\u9fff]", told["en"]), told
