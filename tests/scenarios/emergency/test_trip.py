"""`twin trip`: the least time from door to door, against every car park by hand; full ones, odd files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from models.routing import vehicle
from networks import NearestRoad, say
from networks.errors import BadInput
from scenarios.emergency.ends import End, find_end
from scenarios.emergency.footways import Footways
from scenarios.emergency.journey import Roads
from scenarios.emergency.moment import Moment
from scenarios.emergency.traffic import Traffic
from scenarios.travel.parking import PACE_MPS, PARK_S, CarPark, car_parks, park_and_walk, read_taken
from twin.cli import run

if TYPE_CHECKING:
    from networks import City

FROM, TO = "24.9384,60.1699", "24.9487,60.1677"
NOW = Moment(0.0, None)


def ends(city: City) -> tuple[End, End]:
    return find_end(city, FROM, vclass="passenger"), find_end(city, TO, vclass="passenger")


def feet(city: City) -> Footways:
    return Footways(city, flood=None, alarm=0.5, until_s=0.0)


def walked_s(city: City, one: tuple[float, float], other: tuple[float, float]) -> float:
    """On foot by SciPy's Dijkstra over metres, with the beelines to the nearest nodes."""
    graph = city.walk_graph()
    n = len(graph.node_x)
    ends = np.sort([graph.link_from, graph.link_to], axis=0)
    order = np.argsort(graph.length_m, kind="stable")
    pairs, first_of = np.unique(ends[:, order], axis=1, return_index=True)  # of links side by side the shortest
    far = coo_matrix((graph.length_m[order][first_of], tuple(pairs)), shape=(n, n)).tocsr()
    away = [np.hypot(graph.node_x - x, graph.node_y - y) for x, y in (one, other)]
    first, last = (int(one.argmin()) for one in away)
    along = dijkstra(far, directed=False, indices=first)[last]
    return float(along + away[0][first] + away[1][last]) / PACE_MPS


def test_the_first_is_the_least_from_door_to_door_of_all_car_parks(helsinki: City) -> None:
    roads, (start, end) = Roads(helsinki, vehicle("car")), ends(helsinki)
    parks = car_parks(helsinki)
    assert len(parks) >= 5
    found = park_and_walk(roads, feet(helsinki), parks, start, end, NOW, most=9)
    by_hand, nearest = {}, NearestRoad(helsinki)
    for one in parks:
        edge = nearest.to(one.x, one.y)[0]
        driven = roads.plan(start, End(edge, one.x, one.y, (edge,), 0.0), NOW, most=1).journeys[0].time_s
        by_hand[one.osm_id] = driven + PARK_S + walked_s(helsinki, (one.x, one.y), (end.x, end.y))
    on_foot = walked_s(helsinki, (start.x, start.y), (end.x, end.y))
    least = sorted([*by_hand.values(), on_foot])[: len(found.trips)]
    assert [one.time_s for one in found.trips] == pytest.approx(least, abs=0.5)
    for one in found.trips:
        assert one.time_s == pytest.approx(by_hand[one.park.osm_id] if one.park else on_foot, abs=0.5)
        assert one.park is None or one.edges[0] in start.edges
    assert found.driven_s == pytest.approx(roads.plan(start, end, NOW, most=1).journeys[0].time_s)


def test_a_full_car_park_is_told_and_the_next_is_taken(helsinki: City) -> None:
    roads, (start, end) = Roads(helsinki, vehicle("car")), ends(helsinki)
    parks = car_parks(helsinki)
    free = park_and_walk(roads, feet(helsinki), parks, start, end, NOW, most=9)
    best = next(one.park for one in free.trips if one.park)
    full = [replace(one, taken=one.capacity) if one.osm_id == best.osm_id else one for one in parks]
    found = park_and_walk(roads, feet(helsinki), full, start, end, NOW, most=9)
    assert [one.osm_id for one in found.full] == [best.osm_id]
    assert [one.time_s for one in found.trips[:3]] == [one.time_s for one in free.trips if one.park is not best][:3]
    last = [replace(one, taken=one.capacity - 1) if one.osm_id == best.osm_id else one for one in parks]
    one_left = park_and_walk(roads, feet(helsinki), last, start, end, NOW, least=10**6)
    assert one_left.trips[0].park is not None and one_left.trips[0].park.free == 1, "known: its size does not matter"
    unknown = park_and_walk(roads, feet(helsinki), parks, start, end, NOW, least=10**6)
    assert [one.park for one in unknown.trips] == [None] and not unknown.full


def test_in_a_jam_one_walks_and_where_nothing_leads_there_is_no_way(helsinki: City) -> None:
    start, end = ends(helsinki)
    edge_s = 60.0 * vehicle("car").edge_s(helsinki.road_graph("passenger"))[None, :]
    jam = Traffic(np.zeros(1), edge_s, np.zeros(edge_s.shape, dtype=bool), True, say("jam", "jam"))
    found = park_and_walk(
        Roads(helsinki, vehicle("car"), traffic=jam), feet(helsinki), car_parks(helsinki), start, end, NOW
    )
    assert found.trips[0].park is None and found.trips[0].time_s < found.driven_s
    shut = replace(jam, shut=np.ones(edge_s.shape, dtype=bool))
    none = park_and_walk(Roads(helsinki, vehicle("car"), traffic=shut), feet(helsinki), [], start, end, NOW)
    assert [one.park for one in none.trips] == [None] and none.driven_s == np.inf


def test_what_is_taken_is_read_by_id_and_by_name(helsinki: City, tmp_path: Path) -> None:
    layer, file = helsinki.layer("car_parks"), tmp_path / "taken.csv"
    named = layer[layer["name"] != ""].iloc[0]
    other = layer[layer["name"] == ""].iloc[0]
    file.write_text(f"car_park,taken\n{named['name']},7\n{other['osm_id']},100000\n", encoding="utf-8")
    parks = {one.osm_id: one for one in car_parks(helsinki, read_taken(file, helsinki))}
    assert parks[named["osm_id"]].free == named["capacity"] - 7
    assert parks[other["osm_id"]].free == 0 and sum(one.taken is not None for one in parks.values()) >= 2
    for text, told in (
        ("name,taken\n", "columns"),
        ("car_park,taken\nNowhere,3\n", "no car park 'Nowhere'"),
        (f"car_park,taken\n{other['osm_id']},-1\n", "taken is '-1'"),
        (f"car_park,taken\n{other['osm_id']}\n", "taken is ''"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(BadInput, match=told):
            read_taken(file, helsinki)
    assert CarPark("n1", "", 0.0, 0.0, 5, True, 9).free == 0


def test_the_command_says_where_to_park_and_what_is_not_known(
    helsinki: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["trip", str(helsinki.folder), FROM, TO, "--at", "17:30"]
    assert run(words) == 0
    told = capsys.readouterr().out
    assert "1. " in told and "there at 17:3" in told and "give --taken" in told and "left out" in told
    first = next(line for line in told.splitlines() if line.startswith("1. "))
    name = first.split(" to ")[1].split(" (")[0].removeprefix("car park ")
    file = tmp_path / "taken.csv"
    file.write_text(f"car_park,taken\n{name},99999\n", encoding="utf-8")
    assert run([*words, "--taken", str(file)]) == 0
    again = capsys.readouterr().out
    assert f"full: {name}" in again and f"to {name} (" not in again
    assert run([*words[:3], "0,0"]) == 2
    assert "outside the map" in capsys.readouterr().err
